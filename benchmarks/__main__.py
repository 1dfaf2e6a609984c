"""`make bench`: how many times the floor each step takes. Prints a table; asserts nothing."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks import components, landing, publication, sessions, world
from benchmarks.timing import Ratio


def main() -> None:
    print(f"{'step':<44}{'floor':<44}{'step s':>8}{'floor s':>9}{'ratio':>7}")
    for benchmark in (landing, publication, components, sessions, world):
        with tempfile.TemporaryDirectory(prefix="regulars-bench-") as folder:
            for ratio in benchmark.ratios(Path(folder)):
                print(_line(ratio), flush=True)


def _line(ratio: Ratio) -> str:
    return (
        f"{ratio.step:<44}{ratio.floor:<44}"
        f"{ratio.step_seconds:>8.2f}{ratio.floor_seconds:>9.2f}{ratio.value:>7.1f}"
    )


main()
