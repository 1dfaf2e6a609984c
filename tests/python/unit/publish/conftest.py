"""A dbt project small enough to read at a glance, built for real once a session."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

import pytest
from dbt_here import invoke

from orchestration.dbt import BUILD
from orchestration.project import ROOT, Project

FILES = {
    "dbt_project.yml": """
        name: tiny
        profile: regulars
        flags: {send_anonymous_usage_stats: false, use_colors: false}
        models: {tiny: {marts: {+schema: marts, +materialized: table}}}
        vars: {is_broken: false}
    """,
    "macros/generate_schema_name.sql": """
        {% macro generate_schema_name(schema, node) %}{{ schema or 'main' }}{% endmacro %}
    """,
    "macros/audit.sql": """
        {% test audit(model, key) %}
        select 1 from {{ model }} group by {{ key | join(', ') }} having count(*) > 1
        {% endtest %}
    """,
    "seeds/people.csv": "customer_id,email,visit_count\n2,b@mail.example,7\n1,a@mail.example,3\n",
    "models/ephemeral_people.sql": """
        {{ config(materialized='ephemeral') }} select * from {{ ref('people') }}
    """,
    "models/marts/customers.sql": """
        select customer_id::bigint as customer_id, visit_count::integer as visit_count
        from {{ ref('ephemeral_people') }}
        {% if var('is_broken') %} union all select 3, null {% endif %}
    """,
    "models/marts/visits.sql": """
        select customer_id, visit_count as visit_number from {{ ref('customers') }}
    """,
    "models/marts/mails.sql": """
        select {% if var('is_broken') %} email::integer {% else %} 1 {% endif %} as mail_id
        from {{ ref('people') }} limit 1
    """,
    "models/marts/marts.yml": """
        models:
          - name: customers
            description: Who buys. One row per customer.
            config: {contract: {enforced: true}}
            data_tests: [{audit: {arguments: {key: [customer_id]}}}]
            columns:
              - name: customer_id
                data_type: bigint
                description: The person's number.
              - name: visit_count
                data_type: integer
                data_tests:
                  - not_null: {name: visits_are_known, description: Nobody never came.}
                  - accepted_values:
                      name: visits_are_few
                      arguments: {values: [3], quote: false}
                      config: {severity: warn}
          - name: visits
            config: {contract: {enforced: true}}
            data_tests: [{audit: {arguments: {key: [visit_number, customer_id]}}}]
            columns:
              - {name: customer_id, data_type: bigint}
              - {name: visit_number, data_type: integer, data_tests: [not_null]}
          - name: mails
            config: {contract: {enforced: true}}
            data_tests: [{audit: {arguments: {key: [mail_id]}}}]
            columns:
              - {name: mail_id, data_type: integer}
        unit_tests:
          - name: people_become_customers
            model: customers
            given: [{input: ref('ephemeral_people'), rows: [{customer_id: 5, visit_count: 1}]}]
            expect: {rows: [{customer_id: 5, visit_count: 1}]}
    """,
}


def _project(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def tiny_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _project(tmp_path_factory.mktemp("tiny"), FILES)


AUDITED_FILES = {
    **{name: FILES[name] for name in ("dbt_project.yml", "macros/generate_schema_name.sql")},
    "models/marts/visits.sql": """
        select 1 as visit_id, 5 as people union all select 1, 3 union all select null, 0
    """,
    "models/marts/visits.yml": """
        models:
          - name: visits
            data_tests:
              - audit:
                  arguments:
                    key: [visit_id]
                    not_null: [people]
                    rules: {somebody_came: people > 0}
    """,
}


@pytest.fixture(scope="session")
def audited_target(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Artifacts and warehouse of a build whose one table breaks rules of this project's audit."""
    project = _project(tmp_path_factory.mktemp("audited"), AUDITED_FILES)
    for name in ("tests/generic/audit.sql", "macros/portable/hash_64.sql"):
        shutil.copy(ROOT / name, project / "macros")
    built, _ = _build(project, "audited")
    return built.target, built.warehouse


@pytest.fixture(scope="session")
def good(tiny_project: Path) -> Project:
    """A build whose checks pass, but for one that only warns."""
    built, is_good = _build(tiny_project, "good")
    assert is_good
    return built


@pytest.fixture(scope="session")
def good_target(good: Project) -> Path:
    """Its artifacts."""
    return good.target


@pytest.fixture(scope="session")
def broken_target(tiny_project: Path) -> Path:
    """A customer without visits, so that `visits` is skipped; a model that fails on an e-mail."""
    built, _ = _build(tiny_project, "broken", "--vars", "is_broken: true")
    return built.target


def _build(root: Path, name: str, *options: str) -> tuple[Project, bool]:
    """The project, built in a data folder of this name, and whether nothing failed."""
    project = Project(root, root / name)
    done = invoke(project, (*BUILD, *options))
    return project, done.returncode == 0
