"""Parquet: DuckDB casts every column to text, in its plain form."""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.duck import identifier, literal_path
from orchestration.landing.feeds import Feed
from orchestration.landing.headers import match_or_hold
from orchestration.landing.output import Output
from orchestration.landing.reasons import Rejected, damaged

ROWS_AT_A_TIME = 1_000


def read(path: Path, feed: Feed, output: Output) -> None:
    """Reads one file; raises `Held` when it is damaged or a required column is missing.

    Each row counts as a line; there is no header line.
    """
    relation = f"read_parquet({literal_path(path)}, file_row_number = true)"
    described = _ask(output, f"describe select * exclude (file_row_number) from {relation}")
    names = [name for name, *_ in described]
    matched = match_or_hold(feed, _headers(path, names, output), output.limits)
    picked = matched.pick([identifier(name) for name in names])
    values = [name and f"cast({name} as varchar)" for name in picked]
    [(count,)] = _ask(output, f"select count(*) from {relation}")
    try:
        if feed.filled_down or _copy(values, relation, output) != count:
            _read_row_by_row(values, relation, feed, output)
    except duckdb.Error:
        _ask(
            output, f"select count(cast(columns(*) as varchar)) from {relation}"
        )  # holds if reading was the fault
        raise
    output.columns_missing, output.columns_added = matched.missing(feed.columns), matched.added
    output.tally.physical = count


def _headers(path: Path, names: list[str], output: Output) -> list[str]:
    """The columns' names as they are written: DuckDB renames those that come twice."""
    query = f"select name, num_children from parquet_schema({literal_path(path)})"
    nodes = iter(_ask(output, query))
    next(nodes)  # the root

    def subtree(children: int | None) -> None:
        for _ in range(children or 0):
            subtree(next(nodes)[1])

    written = []
    for name, children in nodes:
        written.append(name)
        subtree(children)
    return [*written, *names[len(written) :]]  # what the names of folders add


def _copy(values: list[str | None], relation: str, output: Output) -> int:
    """Lets DuckDB write all rows, but for those with a value that may be too long."""
    most = output.limits.cell_characters
    short = [f"coalesce(strlen({value}), 0) <= {most}" for value in values if value]
    rows = output.copy(values, "file_row_number + 1", f"{relation} where {' and '.join(short)}")
    output.tally.accepted = output.tally.rows = rows
    return rows


def _read_row_by_row(values: list[str | None], relation: str, feed: Feed, output: Output) -> None:
    output.tally.accepted = output.tally.rows = 0
    selected = ", ".join(value or "null" for value in values)
    rows = output.connection.execute(f"select file_row_number + 1, {selected} from {relation}")
    while some := rows.fetchmany(ROWS_AT_A_TIME):
        for line, *row in some:
            try:
                output.accept(line, row)
            except Rejected as rejected:
                output.reject(line, feed.delimiter.join(map(str, row)), rejected.reason)
    output.finish()


def _ask(output: Output, question: str) -> list[tuple]:
    try:
        return output.connection.execute(question).fetchall()
    except duckdb.Error as error:
        raise damaged("read as Parquet", error) from None
