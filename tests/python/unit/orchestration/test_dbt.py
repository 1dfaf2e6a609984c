"""dbt in this process: nodes are told of as they end, and the warehouse is free afterwards."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import duckdb
import pytest

from orchestration.dbt import BUILD, DbtBroke, PlainTexts, Session, leave_plain_texts
from orchestration.project import Project

FILES = {
    "dbt_project.yml": "{name: pair, profile: pair, models: {+materialized: table}}",
    "profiles.yml": """
        pair:
          target: duckdb
          outputs:
            duckdb: {type: duckdb, path: "{{ env_var('REGULARS_DATA') }}/warehouse.duckdb"}
    """,
    "models/between.sql": "{{ config(materialized='ephemeral') }} select {{ var('x', 1) }} as x",
    "models/first.sql": "select x from {{ ref('between') }}",
    "models/second.sql": "select x + 1 as x from {{ ref('first') }}",
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    for name, text in FILES.items():
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))
    (tmp_path / "data").mkdir()
    return Project(tmp_path / "project", tmp_path / "data")


def rows(project: Project, table: str) -> list[tuple]:
    with duckdb.connect(project.warehouse, read_only=True) as connection:
        return connection.execute(f"from {table}").fetchall()


def invocations(project: Project) -> set[str]:
    return {
        json.loads((project.target / name).read_text())["metadata"]["invocation_id"]
        for name in ("manifest.json", "run_results.json")
    }


def test_two_builds_share_a_manifest_and_each_leaves_artifacts_of_its_own(project):
    session = Session(project, {"x": 5}, project.target, looks=True)
    told = list(session.run(BUILD))
    assert [(node.name, node.status, node.rows, node.columns) for node in told] == [
        ("first", "success", 1, (("x", "INTEGER"),)),
        ("second", "success", 1, (("x", "INTEGER"),)),
    ]
    assert [str(node) for node in told] == ["1 of 2 first", "2 of 2 second"]
    assert rows(project, "second") == [(6,)]
    manifest, first = session.manifest, invocations(project)
    (project.root / "models" / "second.sql").write_text("nonsense, which nobody parses again")
    again = list(session.run((*BUILD, "--select", "first")))
    assert [node.name for node in again] == ["first"]
    assert session.manifest is manifest
    assert len(first) == len(invocations(project)) == 1
    assert first != invocations(project)


def test_what_can_t_be_parsed_is_told_on_one_line(project):
    (project.root / "models" / "second.sql").write_text("select * from {{ ref('nowhere') }}")
    with pytest.raises(DbtBroke, match="nowhere") as error:
        list(Session(project, {}, project.target).run(BUILD))
    assert "\n" not in str(error.value)


def test_a_node_that_fails_is_told_of_and_stands_in_the_log(project):
    (project.root / "models" / "second.sql").write_text("select x / 0, nonsense from first")
    told = list(Session(project, {}, project.target).run(BUILD))
    assert ("second", "error") in [(node.name, node.status) for node in told]
    assert "nonsense" in (project.logs / "dbt.log").read_text()


@pytest.mark.parametrize(
    "text",
    [
        *("", "a", " a ", "1", "0.10", "true", "None", "'a'", '"a"', "[1, 2]", "{'a': 1}", "{a}"),
        *("a\n", "a\n\n", "\n", "\na", "a\r\nb", "a\rb", "a\n\r\n", "a\r", "# a", "a\u2028b\x0c"),
        *("50 %", "a { % b", "王伟\n李", "a\\nb", "{", "%"),
    ],
)
def test_a_text_without_jinja_becomes_what_its_template_says(monkeypatch, text):
    """And dbt asks for no template."""
    from dbt.clients import jinja

    monkeypatch.setattr(jinja, "_render_cache", {})
    said = jinja.get_rendered(text, {}, native=True)

    leave_plain_texts()
    monkeypatch.setattr(jinja, "get_template", None)

    assert jinja.get_rendered(text, {}, native=True) == said == PlainTexts()[text]
    assert type(said) is str


def test_a_text_with_jinja_is_rendered():
    from dbt.clients import jinja

    leave_plain_texts()

    assert jinja.get_rendered("{{ 1 + x }}", {"x": 2}, native=True) == 3
    assert jinja.get_rendered("{# a #}b", {}, native=True) == "b"
