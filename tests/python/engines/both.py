"""One data folder for both engines: files land once, each builds its warehouse, both publish."""

from __future__ import annotations

from collections.abc import Callable

from conftest import ROOT, Shop
from engines.compare import differences, tables_of

from orchestration.project import Project

ENGINES = ("duckdb", "spark")


def assert_engines_agree(shop: Shop, refresh: Callable[[str], object]) -> None:
    """Refreshes with each engine; then no table differs, and readers see marts of one digest."""
    published = []
    for engine in ENGINES:
        refresh(engine)
        published += shop.query("select engine, digest from marts.publication")
    left, right = (Project(ROOT, shop.data, engine) for engine in ENGINES)
    tables = tables_of(left.target / "manifest.json")
    assert len(tables) > 40
    found = differences(left.warehouse, right.warehouse, tables)
    assert not found, "\n".join(found)
    assert published == [(engine, published[0][1]) for engine in ENGINES]
