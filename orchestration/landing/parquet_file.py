"""Parquet: DuckDB casts every column to text, in its plain form."""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.duck import identifier, literal_path
from orchestration.landing.feeds import Feed
from orchestration.landing.headers import match_or_hold
from orchestration.landing.output import Output
from orchestration.landing.reasons import Held


def read(path: Path, feed: Feed, output: Output) -> None:
    """Reads one file; raises `Held` when it is damaged or a required column is missing.

    Each row counts as a line; there is no header line.
    """
    relation = f"read_parquet({literal_path(path)}, file_row_number = true)"
    headers = _ask(output, f"describe select * exclude (file_row_number) from {relation}")
    matched = match_or_hold(feed, [header for header, *_ in headers])
    names = [identifier(header) for header, *_ in headers]
    values = [name and f"cast({name} as varchar)" for name in matched.pick(names)]
    try:
        rows = output.copy(values, "file_row_number + 1", relation)
    except duckdb.Error:
        _ask(
            output, f"select count(cast(columns(*) as varchar)) from {relation}"
        )  # holds if reading was the fault
        raise
    output.columns_missing, output.columns_added = matched.missing(feed.columns), matched.added
    tally = output.tally
    tally.physical = tally.accepted = tally.rows = rows


def _ask(output: Output, question: str) -> list[tuple]:
    try:
        return output.connection.execute(question).fetchall()
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise Held(f"it can't be read as Parquet, ask the sender for it again: {reason}") from None
