"""A million lines landed, beside DuckDB turning the clean file into Parquet without a check."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.landing import steps
from benchmarks.peers.sides import RUNS, Comparison, Side
from benchmarks.refresh import Cost

IMPORTS = ("duckdb", "numpy", "pyarrow")


def comparisons(folder: Path) -> Iterator[Comparison]:
    """Each run writes somewhere new."""
    floors: dict[str, list[Cost]] = {}
    for step in steps(folder):
        if step.against not in floors:
            floors[step.against] = _costs(step.floor)
        what = f"landing 1 M lines, {step.name}"
        yield Comparison(what, step.against, _costs(step.work), floors[step.against], bar=3)


def _costs(work) -> list[Cost]:
    return [Side("one", partial(work, run), IMPORTS).cost() for run in range(RUNS)]
