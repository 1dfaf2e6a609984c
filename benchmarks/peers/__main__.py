"""`make bench SIZE=peers`: measures, keeps what it finds, and writes table and chart of the page.

python -m benchmarks.peers                 all parts
python -m benchmarks.peers rfm linking     these, beside what was measured of the others
python -m benchmarks.peers --release       keeps the ratios as those of this release
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from benchmarks.peers import chart, components, landing, linking, memory, purchases, rfm, table
from benchmarks.peers.sides import Comparison

Part = Callable[[Path], Iterator[Comparison]]
PARTS: Mapping[str, Part] = {
    "rfm 1m": partial(rfm.comparisons, lines=1_000_000),
    "rfm 10m": partial(rfm.comparisons, lines=10_000_000),
    "purchases": purchases.comparisons,
    "components": components.comparisons,
    "linking 100k": partial(linking.comparisons, accounts=100_000),
    "linking 1m": partial(linking.comparisons, accounts=1_000_000, runs=1, as_we_compare=False),
    "landing": landing.comparisons,
    "memory": memory.comparisons,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; all if none is named")
    parser.add_argument("--release", action="store_true", help="keep the ratios of this release")
    parser.add_argument("--folder", type=Path, help="where there is room (4 GB)")
    asked = parser.parse_args()
    if asked.release:
        table.release()
        return
    for part in PARTS:
        if not asked.parts or any(part.startswith(name) for name in asked.parts):
            with tempfile.TemporaryDirectory(prefix="regulars-peers-", dir=asked.folder) as folder:
                found = []
                for each in PARTS[part](Path(folder)):
                    found.append(each)
                    print(f"{each.ratio:8.3f}  {each.what} ÷ {each.peer}", flush=True)
            table.keep(part, found, list(PARTS))
    table.write_page()
    chart.draw([each for _, _, each in table.kept()])
    print(table.written(table.kept()), end="")


if __name__ == "__main__":
    main()
