"""Worlds of several seeds, each of the size that `make run` makes, for all tests of this folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from conftest import Shop, once

from orchestration.world import World, make_world

# One in each run of the suite, and all five in `make faults`: to make one takes half a minute.
SEEDS = (1, *(pytest.param(seed, marks=pytest.mark.long) for seed in (2, 3, 4, 5)))
VIEWS = (Path(__file__).parent / "views.sql").read_text(encoding="utf-8")


@pytest.fixture(scope="session", params=SEEDS)
def ask(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable:
    """Asks a question about a world: the first row of the answer."""
    seed = request.param

    def fill(shop: Shop) -> None:
        make_world(World(customers=2_500, days=730, seed=seed), shop.data, lambda text: None)

    made = once(f"world_{seed}", tmp_path_factory, fill).data
    connection = duckdb.connect()
    for table in (made / "truth").glob("*.parquet"):
        connection.execute(f"create view {table.stem} as from '{table}'")
    connection.execute(VIEWS.replace("$landing", str(made / "landing")))
    return lambda question: connection.execute(question).fetchone()
