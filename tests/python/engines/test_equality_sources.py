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


def test_every_row_of_every_source_becomes_the_same(
    spark: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    shop = once("sources", tmp_path_factory, refresh)
    delivered = {name.split("__")[0] for each in SOURCES for name in expected(each)["entities"]}
    models = {f"int_{entity}_validated" for entity in delivered}
    shop.build(spark, "--vars", switched_on(), "--select", *(f"+{name}" for name in models))
    built, on_spark = (Project(shop.root, shop.data, engine) for engine in ("duckdb", spark))
    tables = [each for each in tables_of(on_spark.target / "manifest.json") if each.name in models]
    assert len(tables) == len(models)
    assert differences(built.warehouse, on_spark.warehouse, tables) == []
