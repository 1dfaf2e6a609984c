"""A whole refresh with Spark as its engine, on the pocket project, as a user's machine runs it.

Here Spark starts anew for each command and keeps what it knows of its tables on disk.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import BIN, POCKET, ROOT, Shop

from orchestration import build
from orchestration.dbt import located
from orchestration.duck import connect, literal
from orchestration.project import Project
from orchestration.request import Request
from orchestration.warehouse import attach


@pytest.fixture(scope="module")
def shop(spark: str, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Refreshed by DuckDB, then by Spark as a schedule runs it; the folder is one to be quoted."""
    shop = Shop(tmp_path_factory.mktemp("spark") / "it's our data 张", POCKET)
    shutil.copytree(POCKET / "landing", shop.data / "landing")
    shop.run()
    return shop


def test_dagster_publishes_from_spark_what_the_command_line_does_from_duckdb(shop: Shop) -> None:
    digest, home = shop.digest(), shop.data / "dagster"
    home.mkdir()
    shutil.copy2(ROOT / "dagster.yaml", home)
    done = shop.command(
        *("dagster", "job", "execute", "-m", "orchestration.definitions", "-j", "refresh"),
        DAGSTER_HOME=str(home),
        REGULARS_TARGET="spark",
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert shop.query("select engine, digest from marts.publication") == [("spark", digest)]


@pytest.mark.long
def test_the_whole_project_is_refreshed_by_spark_as_it_ships(
    spark: str, tiny: Shop, tmp_path: Path
) -> None:
    """With the Java that it writes, and every check; the tables are compared in test_equality.py,
    where the rows are many and Spark writes none."""
    shop = Shop(tmp_path / "data")
    shop.run("--example", "tiny", "--target", spark)
    assert shop.digest() == tiny.digest()


def test_files_of_a_build_that_was_killed_do_not_stop_the_next(shop: Shop) -> None:
    """Spark refuses to make a table whose folder has files, as a kill leaves them."""
    project = Project(POCKET, shop.data, "spark")
    left = project.warehouse / "marts.db" / "killed" / "_temporary" / "0"
    left.mkdir(parents=True)
    with connect() as connection:
        connection.execute(f"copy (select 1 as a) to {literal(left / 'part.parquet')}")
        attach(connection, project.warehouse)
        names = connection.execute("select name from (show all tables)").fetchall()
    assert ("sales",) in names
    assert ("killed",) not in names

    copy = Project(POCKET, shop.data / "copy", "spark")
    shutil.copytree(project.warehouse, copy.warehouse)
    build.prepare(Request(copy))
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


@pytest.mark.long
def test_a_warehouse_that_another_command_has_written_is_not_published(shop: Shop) -> None:
    before, target = shop.digest(), shop.data / "by_hand"
    done = shop.command(
        *("dbt", "run", "--select", "stg_till__sales"),
        *located(Project(POCKET, shop.data, "spark"), target),
    )
    assert done.returncode == 0, done.stdout
    refused = shop.command("regulars", "publish", "--target", "spark")
    assert refused.returncode == 1
    assert "Another dbt command has written the warehouse since its checks" in refused.stderr
    assert shop.digest() == before


def test_without_java_nothing_is_published_and_it_says_why(shop: Shop) -> None:
    before = shop.digest()
    refused = shop.command(
        *("regulars", "run", "--force", "--target", "spark"), PATH=str(BIN), JAVA_HOME=""
    )
    assert refused.returncode == 1
    assert "Spark needs Java 17 or later: install one, or set JAVA_HOME." in refused.stderr
    assert shop.digest() == before
