"""How a refresh grows with the shop: `make bench SIZE=1m` (10m, 100m), and the sizes below it.

For each size the tills of `benchmarks.tills` are landed and refreshed, then one day more, and
readers ask the twenty questions of `benchmarks.questions`. An exponent of 1 is linear growth.
CPU seconds are of whole processes; memory is the peak of the largest one.
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.questions import waits
from benchmarks.refresh import REGULARS, Cost, measured
from benchmarks.tills import SOURCES, deliver, deliver_day
from orchestration.duck import connect
from orchestration.project import ROOT

SIZES = {"100k": 100_000, "1m": 1_000_000, "10m": 10_000_000, "100m": 100_000_000}
READERS = (1, 8)


@dataclass(frozen=True)
class Grown:
    """What one size took: the floor is the CPU time of hashing every column of its typed lines."""

    lines: int
    first: Cost
    day: Cost
    floor_seconds: float
    late: dict[int, float]  # by the number of readers, the slowest question's 95th percentile, ms

    def told(self) -> str:
        return (
            f"{self.lines:>12,}{self.first.cpu_seconds:>10.1f}{self.first.wall_seconds:>10.1f}"
            f"{self.first.peak_gigabytes:>9.2f}{self.first.cpu_seconds / self.floor_seconds:>9.0f}"
            f"{self.day.cpu_seconds:>9.1f}{self.day.cpu_seconds / self.first.cpu_seconds:>8.1%}"
            + "".join(f"{self.late[readers]:>12.1f}" for readers in READERS)
        )


HEADING = (
    f"{'lines':>12}{'cpu s':>10}{'wall s':>10}{'peak GB':>9}{'÷ floor':>9}"
    f"{'day s':>9}{'÷ first':>8}" + "".join(f"{f'p95 ms of {readers}':>12}" for readers in READERS)
)


def grow(lines: int, data: Path) -> Grown:
    """Everything of one size, in a data folder of its own; `RuntimeError` where a refresh fails."""
    data.mkdir()
    for _ in deliver(data / "landing", lines):
        pass
    first = _refresh(data)
    deliver_day(data / "landing", lines)
    day = _refresh(data)
    late = {
        readers: max(p95 for _, _, p95 in waits(data / "published/current.duckdb", readers, 10))
        for readers in READERS
    }
    return Grown(lines, first, day, _floor(data / "warehouse.duckdb"), late)


def _refresh(data: Path) -> Cost:
    command = [
        *(*REGULARS, "run"),
        *("--vars", json.dumps({"sources": SOURCES})),
    ]
    cost, code = measured(command, ROOT, data)
    if code:
        raise RuntimeError(f"The refresh failed: see {data.with_suffix('.log')}.")
    return cost


def _floor(warehouse: Path) -> float:
    """CPU seconds of one thread for hashing every column of the order lines, once they are warm."""
    with connect(warehouse, access_mode="read_only", threads=1) as connection:
        query = "select sum(hash(lines)) from entities.int_order_lines as lines"
        connection.execute(query).fetchall()
        began = time.process_time()
        connection.execute(query).fetchall()
        return time.process_time() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("size", choices=SIZES, help="this one, and those below it")
    parser.add_argument("--only", action="store_true", help="this one alone")
    parser.add_argument("--folder", type=Path, help="where there is room (20 GB for 10m)")
    asked = parser.parse_args()
    sizes = list(SIZES.values())[: list(SIZES).index(asked.size) + 1]
    print(HEADING, flush=True)
    grown: list[Grown] = []
    with tempfile.TemporaryDirectory(prefix="regulars-growth-", dir=asked.folder) as folder:
        for lines in sizes[-1:] if asked.only else sizes:
            grown.append(grow(lines, Path(folder) / "shop"))
            print(grown[-1].told(), flush=True)
            shutil.rmtree(Path(folder) / "shop")
    for small, large in zip(grown, grown[1:], strict=False):
        exponent = math.log(large.first.cpu_seconds / small.first.cpu_seconds) / math.log(
            large.lines / small.lines
        )
        print(f"from {small.lines:,} to {large.lines:,}: exponent {exponent:.2f}")


if __name__ == "__main__":
    main()
