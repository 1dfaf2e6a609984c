"""Making a demo world: four times the customers take no more than four times as long."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.timing import Ratio, best_of
from orchestration.world import World, make_world

CUSTOMERS, DAYS, SEED = 10_000, 365, 1


def ratios(folder: Path) -> Iterator[Ratio]:
    """A year of 40,000 customers beside a year of 10,000."""

    def making(customers: int) -> float:
        world = World(customers, DAYS, SEED)
        return best_of(1, lambda run: make_world(world, folder / str(customers), str))

    few, many = making(CUSTOMERS), making(4 * CUSTOMERS)
    yield Ratio("make a world, 40,000 customers", "make a world, 10,000 customers", many, few)
