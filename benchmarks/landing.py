"""Landing a million lines, beside DuckDB turning the same file into Parquet without any check."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
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
        config: {{meta: {{format: {format}}}}}
        columns: [{columns}]
"""


@dataclass(frozen=True)
class Step:
    """A file to land; `work` and `floor` take the number of a run, to write somewhere new."""

    name: str
    against: str
    work: Callable[[int], None]
    floor: Callable[[int], None]


def ratios(folder: Path) -> Iterator[Ratio]:
    """Each file beside the unchecked reader on the clean file from which it was made."""
    floors: dict[str, float] = {}
    for step in steps(folder):
        if step.against not in floors:
            floors[step.against] = best_of(3, step.floor)
        seconds = best_of(3, step.work)
        yield Ratio(
            f"land a million lines, {step.name}", step.against, seconds, floors[step.against]
        )


def steps(folder: Path) -> Iterator[Step]:
    """A clean CSV, one with a blank line, one with records that go on and lines that are none;
    JSON lines, with an object in each, and of which some are broken. The first beside each floor
    is clean, and each is there until the next is asked for."""
    invented = f"""
        select 'R' || range // 5 as receipt_no, range % 5 as line_no, 'S' || range % 997 as sku,
            1 + range % 3 as quantity, (range % 10000) / 100 as amount
        from range({ROWS})
    """
    texts = ", ".join(f"{name}: 'varchar'" for name in COLUMNS)
    for format, options in ("csv", "all_varchar = true"), ("json", f"columns = {{{texts}}}"):
        ending = "jsonl" if format == "json" else format
        file = folder / ending / "landing" / "pos" / "lines" / f"lines.{ending}"
        file.parent.mkdir(parents=True)
        _describe(folder / ending, ending)
        duckdb.sql(f"copy ({invented}) to '{file}' (format {format})")
        floor = partial(_floor, file, f"read_{format}('{file}', {options})")
        for name, (clean, spoil) in FILES.items():
            if name.startswith(format):
                spoil(file)
                work = partial(_land, folder / ending, name.replace(" ", "_"))
                yield Step(name, f"DuckDB: {clean} to Parquet, unchecked", work, floor)


def _describe(folder: Path, format: str) -> None:
    staging = folder / "staging" / "pos"
    staging.mkdir(parents=True)
    columns = ", ".join(f"{{name: {name}}}" for name in COLUMNS)
    described = YAML.format(format=format, columns=columns)
    (staging / "_pos__sources.yml").write_text(described)


def _floor(file: Path, relation: str, run: int) -> None:
    duckdb.sql(f"copy (from {relation}) to '{file.parents[3]}/floor{run}.parquet' (format parquet)")


def _land(folder: Path, name: str, run: int) -> None:
    feeds = read_feeds(folder / "staging", ["pos"])
    land(feeds, folder / "landing", folder / f"{name}{run}" / "raw", datetime.now(UTC), str)


def _leave(file: Path) -> None:
    """The clean file."""


def _add_blank_lines(file: Path) -> None:
    with file.open("a") as end:
        end.write("\n\n")


def _spoil_some_lines(file: Path) -> None:
    """One record in a thousand has two lines, and one line in five thousand a field more."""
    lines = file.read_text().splitlines()
    for place in range(1_000, ROWS, 1_000):
        receipt, number, _, *others = lines[place].split(",")
        lines[place] = ",".join([receipt, number, '"two\nlines"', *others])
    for place in range(2_500, ROWS, 5_000):
        lines[place] += ",x"
    file.write_text("\n".join(lines))


def _break_some_objects(file: Path) -> None:
    """One line in a thousand is blank, one in five thousand no object, and some have escapes."""
    lines = file.read_text().splitlines()
    lines[1_000::1_000] = [""] * len(lines[1_000::1_000])
    for place in range(2_500, ROWS, 5_000):
        lines[place] = lines[place].removesuffix("}")
    for place in range(5, ROWS, 10):
        lines[place] = lines[place].replace('"S', '"\\u5f20 S')
    file.write_text("\n".join(lines))


def _put_objects_in(file: Path) -> None:
    """Each product becomes an object, which lands as it is written."""
    opened, closed = '"sku":{"names":["a","b"],"id":', '},"quantity"'
    whole = file.read_text()
    file.write_text(whole.replace('"sku":', opened).replace(',"quantity"', closed))


# What each becomes, beside what it was when it was clean.
FILES = {
    "csv clean": ("CSV", _leave),
    "csv with a blank line": ("CSV", _add_blank_lines),
    "csv with spoiled lines": ("CSV", _spoil_some_lines),
    "json lines": ("JSON", _leave),
    "json lines with objects": ("JSON with objects", _put_objects_in),
    "json lines with objects and spoiled lines": ("JSON with objects", _break_some_objects),
}
