"""One data folder for both engines: files land once, each builds its warehouse.

On Spark a build without the data tests is enough: what they would find in its tables they find in
DuckDB's, which are the same. One test has Dagster run, test and publish a whole refresh of Spark.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from conftest import POCKET, ROOT, Shop
from engines.compare import differences, tables_of

from orchestration.digests import table_digest
from orchestration.duck import connect
from orchestration.project import Project
from orchestration.warehouse import attach

NULL = "(null)"  # stands for no text at all


def assert_engines_agree(shop: Shop) -> None:
    """No table of the two warehouses differs, and the marts not by a bit."""
    duckdb, spark = (Project(ROOT, shop.data, engine) for engine in ("duckdb", "spark"))
    tables = tables_of(duckdb.target / "manifest.json")
    assert len(tables) > 40
    found = differences(duckdb.warehouse, spark.warehouse, tables)
    assert not found, "\n".join(found)
    marts = [str(table) for table in tables if table.schema == "marts"]
    assert digests(duckdb, marts) == digests(spark, marts)


def digests(project: Project, tables: list[str]) -> dict[str, str]:
    with connect() as connection:
        attach(connection, project.warehouse)
        return {table: table_digest(connection, f"warehouse.{table}") for table in tables}


def literal(text: str) -> str:
    """A text as both engines read it: Spark 3.5 drops a quote that is doubled."""
    quoted = text.replace("'", "' || chr(39) || '")
    return "cast(null as string)" if text == NULL else f"'{quoted}'"


def answers_of(engine: str, query: str, folder: Path) -> list[dict[str, Any]]:
    """The rows of a query with macros; it asks the pocket project, which is parsed in a second."""
    variables = Project(ROOT, folder).variables({})
    phones = {name: value for name, value in variables.items() if name.startswith("phone_")}
    done = Shop(folder, POCKET).dbt(
        engine,
        *("show", "--quiet", "--output", "json", "--limit", "-1"),
        *("--vars", json.dumps(phones), "--inline", query),
    )
    assert done.returncode == 0, done.stdout
    return json.loads(done.stdout[done.stdout.index("{") :])["show"]
