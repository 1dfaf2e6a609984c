"""The sources that come with the project are read alike on both engines.

Staging decides what their rows are worth, and the entities hold every row of it with what became of
it: these are compared, and what is made of them is compared where other files are.
"""

from __future__ import annotations

import pytest
from conftest import once
from e2e.test_sources import SOURCES, expected, refresh, switched_on
from engines.compare import differences, tables_of

from orchestration.project import Project

# What they deliver; an entity that none of them does is empty, and each table costs Spark seconds.
ENTITIES = {name.split("__")[0] for source in SOURCES for name in expected(source)["entities"]}
VALIDATED = sorted(f"int_{entity}_validated" for entity in ENTITIES)


def test_every_row_of_every_source_becomes_the_same(
    spark: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shop = once("sources", tmp_path_factory, refresh)
    selected = " ".join(f"+{name}" for name in VALIDATED)
    shop.build(spark, "--vars", switched_on(), "--select", selected)
    built, on_spark = (Project(shop.root, shop.data, engine) for engine in ("duckdb", spark))
    tables = [
        table for table in tables_of(on_spark.target / "manifest.json") if table.name in VALIDATED
    ]
    assert sorted(table.name for table in tables) == VALIDATED
    assert differences(built.warehouse, on_spark.warehouse, tables) == []
