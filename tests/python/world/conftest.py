"""Worlds of five seeds, each of the size that `make run` makes, for all tests of this folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from orchestration.world import World, make_world

SEEDS = (1, 2, 3, 4, 5)
VIEWS = (Path(__file__).parent / "views.sql").read_text(encoding="utf-8")


@pytest.fixture(scope="session", params=SEEDS)
def ask(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable:
    """Asks a question about a world: the first row of the answer."""
    out = tmp_path_factory.mktemp(f"world_{request.param}")
    make_world(World(customers=2_500, days=730, seed=request.param), out, lambda text: None)
    connection = duckdb.connect()
    for table in (out / "truth").glob("*.parquet"):
        connection.execute(f"create view {table.stem} as from '{table}'")
    connection.execute(VIEWS.replace("$landing", str(out / "landing")))
    return lambda question: connection.execute(question).fetchone()
