"""A whole refresh in less memory: a million lines of tills, with 4 GB for DuckDB and with less."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from benchmarks.growth import SIZES
from benchmarks.peers.sides import Comparison
from benchmarks.refresh import REGULARS, Cost, measured
from benchmarks.tills import SOURCES, deliver
from orchestration.project import ROOT

USUAL, LESS = "4GB", ("2GB",)


def comparisons(folder: Path, size: str = "1m") -> Iterator[Comparison]:
    """One refresh of each, since it takes minutes."""
    usual = _refresh(folder / "usual", size, USUAL)
    for memory in LESS:
        less = _refresh(folder / memory, size, memory)
        what = f"refresh of {SIZES[size] / 1e6:g} M lines in {memory}"
        yield Comparison(what, f"the same in {USUAL}", [less], [usual], bar=2)


def _refresh(data: Path, size: str, memory: str) -> Cost:
    """The first of tills of this size; `RuntimeError` where it fails."""
    data.mkdir()
    for _ in deliver(data / "landing", SIZES[size]):
        pass
    command = [*REGULARS, "run", "--vars", json.dumps({"sources": SOURCES})]
    cost, code = measured(command, ROOT, data, {"REGULARS_MEMORY": memory})
    if code:
        raise RuntimeError(f"The refresh failed: see {data.with_suffix('.log')}.")
    return cost
