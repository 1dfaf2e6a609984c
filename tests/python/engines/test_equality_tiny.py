"""The tiny example on both engines, delivery by delivery: the same rows everywhere."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from conftest import BIN, ROOT, Shop
from e2e.test_privacy import contact_data_in
from engines.both import assert_engines_agree

from orchestration.build import prepare
from orchestration.duck import connect, literal
from orchestration.project import Project
from orchestration.request import Request
from orchestration.warehouse import attach

# A correction, refunds of earlier orders, a month of which a part is quarantined, a day of events.
LATE = {
    "receipts_2026-04_corrected.csv",
    "refunds.jsonl",
    "receipts_2026-05.csv",
    "2026-06-21.parquet",
}


@pytest.fixture(scope="module")
def shop(spark: str, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """A data folder that gets one delivery after the other."""
    return Shop(tmp_path_factory.mktemp("tiny"))


def deliver_all_but(late: set[str], files: Path, shop: Shop) -> None:
    ignored = shutil.ignore_patterns(*late)
    shutil.copytree(files, shop.data / "landing", ignore=ignored, dirs_exist_ok=True)


def refresh_by_dagster(shop: Shop) -> None:
    """A refresh of Spark as a schedule runs it."""
    home = shop.data / "dagster"
    home.mkdir()
    shutil.copy2(ROOT / "dagster.yaml", home)
    done = shop.command(
        *("dagster", "job", "execute", "-m", "orchestration.definitions", "-j", "refresh"),
        DAGSTER_HOME=str(home),
        REGULARS_TARGET="spark",
    )
    assert done.returncode == 0, done.stderr[-3000:]


def test_engines_agree_on_the_first_delivery(shop: Shop, tiny_files: Path) -> None:
    deliver_all_but(LATE, tiny_files, shop)
    assert shop.command("regulars", "land").returncode == 0
    shop.build("duckdb")
    shop.build("spark")
    assert_engines_agree(shop)


def test_engines_agree_on_the_second_delivery_when_dagster_runs_spark(
    shop: Shop, tiny_files: Path
) -> None:
    """Readers see the same marts after either refresh."""
    deliver_all_but(set(), tiny_files, shop)
    shop.run()
    digest = shop.digest()
    refresh_by_dagster(shop)
    assert_engines_agree(shop)
    assert shop.query("select engine, digest from marts.publication") == [("spark", digest)]


def test_files_of_a_build_that_was_killed_do_not_stop_the_next(shop: Shop) -> None:
    """Spark refuses to make a table whose folder has files, as a kill leaves them."""
    project = Project(ROOT, shop.data, "spark")
    left = project.warehouse / "marts.db" / "killed" / "_temporary" / "0"
    left.mkdir(parents=True)
    with connect() as connection:
        connection.execute(f"copy (select 1 as a) to {literal(left / 'part.parquet')}")
        attach(connection, project.warehouse)
        names = connection.execute("select name from (show all tables)").fetchall()
    assert ("orders",) in names
    assert ("killed",) not in names

    copy = Project(ROOT, shop.data / "copy", "spark")
    shutil.copytree(project.warehouse, copy.warehouse)
    prepare(Request(copy))
    assert not copy.warehouse.exists(), "no results, so that its last build was killed"
    shutil.rmtree(left.parents[1])


def test_each_engine_removes_its_own_warehouse(tmp_path: Path) -> None:
    duckdb, spark = (Project(ROOT, tmp_path, engine) for engine in ("duckdb", "spark"))
    duckdb.warehouse.touch()
    spark.warehouse.mkdir(parents=True)
    spark.remove_warehouse()
    assert duckdb.warehouse.exists()
    assert not spark.warehouse.exists()
    spark.warehouse.mkdir(parents=True)
    duckdb.remove_warehouse()
    assert not duckdb.warehouse.exists()
    assert spark.warehouse.exists()


def test_rules_of_what_engines_do_differently_hold_on_spark(shop: Shop) -> None:
    """The hand-computed rows of dbt's unit tests, which DuckDB passes in tests/python/e2e.

    All of them would take Spark ten minutes. Here are those of models with a function that differs
    between engines; the others are plain SQL, and their tables are compared row by row above.
    """
    manifest = json.loads((shop.data / "spark" / "target" / "manifest.json").read_text())
    models = models_with_portable_macros(manifest)
    assert {"int_identity_comparisons", "int_account_identifiers"} < models < all_tested(manifest)
    done = shop.command(
        *("dbt", "test", "--select", *(f"{name},test_type:unit" for name in sorted(models))),
        *("--target", "spark", "--target-path", str(shop.data / "units")),
        *("--log-path", str(shop.data / "logs")),
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert "Completed successfully" in done.stdout


def all_tested(manifest: dict) -> set[str]:
    return {test["model"] for test in manifest["unit_tests"].values()}


def models_with_portable_macros(manifest: dict) -> set[str]:
    """Models with unit tests that call a macro of macros/portable/, also over other macros."""
    macros = manifest["macros"]

    def is_portable(macro: str, seen: frozenset[str] = frozenset()) -> bool:
        known = macros.get(macro)
        if known is None or macro in seen:
            return False
        if known["original_file_path"].startswith("macros/portable/"):
            return True
        return any(is_portable(each, seen | {macro}) for each in known["depends_on"]["macros"])

    tested = all_tested(manifest)
    return {
        node["name"]
        for node in manifest["nodes"].values()
        if node["name"] in tested and any(map(is_portable, node["depends_on"].get("macros", [])))
    }


def test_a_warehouse_that_another_command_has_written_is_not_published(shop: Shop) -> None:
    before = shop.digest()
    shop.command(
        *("dbt", "seed", "--select", "churn_levels", "--target", "spark"),
        *("--target-path", str(shop.data / "seeds"), "--log-path", str(shop.data / "logs")),
    )
    refused = shop.command("regulars", "publish", "--target", "spark")
    assert refused.returncode == 1
    assert "Another dbt command has written the warehouse since its checks" in refused.stderr
    assert shop.digest() == before


def test_logs_and_artifacts_of_spark_hold_no_contact_data(shop: Shop) -> None:
    folders = (shop.data / "logs", shop.data / "spark" / "target")
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 100
    assert not contact_data_in(files)


def test_without_java_nothing_is_published_and_it_says_why(shop: Shop) -> None:
    before = shop.digest()
    words = ("regulars", "run", "--force", "--target", "spark")
    refused = shop.command(*words, PATH=str(BIN), JAVA_HOME="")
    assert refused.returncode == 1
    assert "Spark needs Java 17 or later: install one, or set JAVA_HOME." in refused.stderr
    assert shop.digest() == before
