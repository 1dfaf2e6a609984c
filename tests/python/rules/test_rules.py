"""The hand-computed rows beside every rule: dbt's unit tests of all models, on DuckDB."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Shop
from rules.given import columns_of, rows_as_tables

from orchestration.project import Project

MODELS = ROOT / "models"
IN_USE = Project(ROOT, ROOT).variables({})["sources"]
# The folders of models whose unit tests are on: those of sources that are in use, and all others.
FOLDERS = sorted(
    {
        str(path.parent.relative_to(MODELS))
        for path in MODELS.rglob("*.yml")
        if "\nunit_tests:" in path.read_text(encoding="utf-8")
        and (path.parent.parent.name != "staging" or path.parent.name in IN_USE)
    }
)


Results = Mapping[str, list[Any]]


def results_of(shop: Shop, manifest: Any) -> Results:
    """What became of each unit test, by the folder of its model."""
    done = shop.dbt("duckdb", "test", "--select", "test_type:unit", manifest=manifest)
    assert done.result, done.stdout[-3000:]
    found = defaultdict(list)
    for result in done.result.results:
        if result.node.resource_type == "unit_test":
            folder = Path(result.node.original_file_path).parent.relative_to("models")
            found[str(folder)].append(result)
    return found


@pytest.fixture(scope="module")
def results(tiny: Shop, parsed: Any, tmp_path_factory: pytest.TempPathFactory) -> Results:
    """With rows as tables, which have the columns of the tiny example."""
    with rows_as_tables(columns_of(tiny.warehouse)):
        return results_of(Shop(tmp_path_factory.mktemp("rules")), parsed)


@pytest.mark.parametrize("folder", FOLDERS)
def test_rules_make_of_given_rows_what_is_expected(results: Results, folder: str) -> None:
    assert results[folder]
    assert not failures(results[folder])


def failures(results: list[Any]) -> str:
    failed = [result for result in results if result.status != "pass"]
    return "\n".join(f"{each.node.unique_id}\n{each.message}" for each in failed)


def test_every_unit_test_is_among_them(results: Results, parsed: Any) -> None:
    ran = {each.node.unique_id for folder in results.values() for each in folder}
    assert ran == parsed.unit_tests.keys()


@pytest.mark.long
def test_dbt_itself_finds_the_same(own_tiny: Shop, parsed: Any) -> None:
    """Five minutes of the same tests as dbt runs them."""
    by_dbt = results_of(own_tiny, parsed)
    assert {each.node.unique_id for folder in by_dbt.values() for each in folder} == (
        parsed.unit_tests.keys()
    )
    assert not "".join(map(failures, by_dbt.values()))
