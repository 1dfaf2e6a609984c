"""Landing a million lines, beside DuckDB turning the same file into Parquet without any check."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from benchmarks.timing import Ratio, best_of
from orchestration.landing import land, read_feeds

ROWS = 1_000_000
COLUMNS = ("receipt_no", "line_no", "sku", "quantity", "amount")
YAML = """
sources:
  - name: pos
    tables:
      - name: lines
        columns: [{columns}]
"""


def ratios(folder: Path) -> Iterator[Ratio]:
    """A clean CSV, and the same with one blank line, which takes the careful path."""
    file = folder / "landing" / "pos" / "lines" / "lines.csv"
    file.parent.mkdir(parents=True)
    staging = folder / "staging" / "pos"
    staging.mkdir(parents=True)
    columns = ", ".join(f"{{name: {name}}}" for name in COLUMNS)
    (staging / "_pos__sources.yml").write_text(YAML.format(columns=columns))
    duckdb.sql(f"""
        copy (
            select 'R' || range // 5 as receipt_no, range % 5 as line_no, 'S' || range % 997 as sku,
                1 + range % 3 as quantity, (range % 10000) / 100 as amount
            from range({ROWS})
        ) to '{file}' (format csv)
    """)

    def floor(run: int) -> None:
        source = f"read_csv('{file}', all_varchar = true)"
        duckdb.sql(f"copy (from {source}) to '{folder}/floor{run}.parquet' (format parquet)")

    def landing(name: str) -> float:
        feeds = read_feeds(folder / "staging", ["pos"])

        def work(run: int) -> None:
            raw = folder / f"{name}{run}" / "raw"
            land(feeds, folder / "landing", raw, datetime.now(UTC), str)

        return best_of(3, work)

    floor_seconds = best_of(3, floor)
    against = "DuckDB: CSV to Parquet, unchecked"
    yield Ratio("land a clean CSV, 1 million lines", against, landing("clean"), floor_seconds)
    with file.open("a") as end:
        end.write("\n\n")
    yield Ratio("land it with a blank line", against, landing("careful"), floor_seconds)
