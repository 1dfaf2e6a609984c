"""Every source of the project on both engines: the same rows everywhere.

They are one shop: what a build costs Spark is its tables, not their rows.
"""

from __future__ import annotations

import json

import pytest
from conftest import ROOT, Shop
from e2e.test_privacy import contact_data_in
from engines.both import assert_engines_agree
from engines.every_source import SOURCES, asked
from engines.session import session

from orchestration.artifacts import Artifacts
from orchestration.project import Project
from orchestration.remarks import remarks
from orchestration.request import Request


@pytest.fixture(scope="module")
def shop(spark: str, every_source: Shop) -> Shop:
    """What the sources delivered, built on both engines: DuckDB makes what it changes upon tiny as
    it was published, Spark everything."""
    every_source.build(spark, *asked(every_source))
    return every_source


def test_engines_agree_on_what_came_late_and_was_corrected(shop: Shop) -> None:
    assert_engines_agree(shop)
    superseded = "select source_system, sum(rows_superseded) from marts.reconciliation group by 1"
    by_source = dict(shop.query(superseded, shop.warehouse))
    assert by_source["pos"] > 0
    assert by_source["complete_journey"] > 10_000
    assert by_source.keys() > set(SOURCES)
    changes = "select change_type from marts.customer_id_changes"
    assert shop.query(changes, shop.warehouse)


def test_what_is_told_of_a_build_is_the_same(shop: Shop) -> None:
    def told(engine: str) -> list[str]:
        project = Project(ROOT, shop.data, engine)
        return remarks(Request(project), Artifacts.read(project.target))

    assert told("spark") == told("duckdb")
    assert "pos receipts: 3 rows refused" in str(told("spark"))


@pytest.mark.long
def test_every_check_of_the_marts_finds_the_same(shop: Shop) -> None:
    """What the others would find in their tables, which are the same, they find in DuckDB's."""
    checks = ("path:models/marts,test_type:generic", "test_type:singular")

    def found(engine: str) -> dict[str, int]:
        shop.dbt(engine, "test", *asked(shop), "--select", *checks)
        results = Artifacts.read(Project(ROOT, shop.data, engine).target).results
        return {name: result["failures"] for name, result in results.items()}

    by_duckdb = found("duckdb")
    assert found("spark") == by_duckdb
    assert len(by_duckdb) > 50


@pytest.mark.long
def test_rules_of_what_engines_do_differently_hold_on_spark(shop: Shop) -> None:
    """The hand-computed rows of dbt's unit tests, which DuckDB passes in rules/test_rules.py.

    All of them would take Spark minutes. Here are those of models with texts, lists or clocks,
    which engines read in their own ways; the others' tables are compared row by row above, as is
    what becomes of the files of each source that comes with the project.
    """
    project = Project(ROOT, shop.data, "spark")
    manifest = json.loads((project.target / "manifest.json").read_text())
    models = models_with_portable_macros(manifest)
    assert {"int_identity_comparisons", "int_account_identifiers"} < models < all_tested(manifest)
    selected = (f"{name},test_type:unit" for name in sorted(models))
    done = shop.dbt("spark", "test", *asked(shop), "--select", *selected)
    assert done.returncode == 0, done.stdout[-3000:]
    assert "Completed successfully" in done.stdout


def all_tested(manifest: dict) -> set[str]:
    return {test["model"] for test in manifest["unit_tests"].values()}


# Functions of a value or two, which engines/test_macros.py tries as they are.
TRIED_ALONE = {"days_between", "round_half_up", "hash_64", "hash_key"}


def models_with_portable_macros(manifest: dict) -> set[str]:
    """Models with unit tests that call another of macros/portable/, also over other macros."""
    macros, others = manifest["macros"], {"complete_journey", *SOURCES}

    def is_portable(macro: str, seen: frozenset[str] = frozenset()) -> bool:
        known = macros.get(macro)
        if known is None or macro in seen:
            return False
        if known["name"].removeprefix("default__") in TRIED_ALONE:
            return False
        if known["original_file_path"].startswith("macros/portable/"):
            return True
        return any(is_portable(each, seen | {macro}) for each in known["depends_on"]["macros"])

    tested = all_tested(manifest)
    return {
        node["name"]
        for node in manifest["nodes"].values()
        if node["name"] in tested
        and not others.intersection(node["fqn"])
        and any(map(is_portable, node["depends_on"].get("macros", [])))
    }


def test_logs_and_artifacts_of_spark_hold_no_contact_data(shop: Shop) -> None:
    folders = (shop.data / "logs", shop.data / "spark" / "target")
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 100
    assert not contact_data_in([*files, session().log])
