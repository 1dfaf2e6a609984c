"""What the last generation has of each mart: what may stay as it is, and what is known of the rest.

Its tables, and the files of those that can stay, are read whole and compared with the warehouse,
whatever was said of them, so that what is damaged is made anew.
"""

from __future__ import annotations

import glob
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.digests import RowHashes, Sums, row_hashes
from orchestration.duck import literal
from orchestration.publish.files import DATABASE, file_of, layout, open_month, table_of
from orchestration.publish.marts import Mart


@dataclass(frozen=True)
class Difference:
    """A mart of the warehouse beside that of the last generation.

    `known` are the sums of the months whose rows are the same, `changed` are the other months that
    it has now; `is_same` says that its file and its table can stay, `since` that the table can, but
    for this month at its end.
    """

    mart: Mart
    now: RowHashes
    known: Mapping[str, Sums]
    is_same: bool
    since: str | None = None

    @property
    def changed(self) -> list[str]:
        return [month for month in self.now.by_month if month not in self.known]


def differences(
    connection: duckdb.DuckDBPyConnection, marts: Sequence[Mart], last: Path
) -> list[Difference]:
    """Each mart of the catalog `warehouse` beside the folder of the last generation, if any."""
    sums, layouts = _sums(connection, last), _layouts(connection, last)
    with suppress(duckdb.Error):
        connection.execute(f"attach {literal(last / DATABASE)} as last (read_only)")
    found = [
        _difference(
            connection, mart, last, layouts.get(mart.name) == layout(mart), sums.get(mart.name, {})
        )
        for mart in marts
    ]
    connection.execute("detach database if exists last")
    return found


def _sums(connection: duckdb.DuckDBPyConnection, last: Path) -> Mapping[str, Mapping[str, Sums]]:
    """The sums by mart and month; none where there is no generation that tells them."""
    try:
        query = f"select months from {file_of('publication', last)}"
        return json.loads(connection.execute(query).fetchone()[0])
    except duckdb.Error:
        return {}


def _layouts(connection: duckdb.DuckDBPyConnection, last: Path) -> Mapping[str, str]:
    """How each mart was laid out; none where there is no generation, or a file is none any more."""
    files = literal(f"{glob.escape(str(last))}/*.parquet")
    query = (
        "select parse_filename(file_name, true), decode(value)"
        f" from parquet_kv_metadata({files}) where decode(key) = 'layout'"
    )
    try:
        return dict(connection.execute(query).fetchall())
    except duckdb.Error:
        return {}


def _difference(
    connection: duckdb.DuckDBPyConnection,
    mart: Mart,
    last: Path,
    is_laid_out_alike: bool,
    sums: Mapping[str, Sums],
) -> Difference:
    now = row_hashes(connection, f"warehouse.{table_of(mart)}", mart.month)
    then = _hashes_then(connection, mart) if is_laid_out_alike else None
    if then is None or then.columns != now.columns:
        return Difference(mart, now, {}, False)
    differing = {
        month
        for month in {*now.by_month, *then.by_month}
        if now.by_month.get(month) != then.by_month.get(month)
    }
    last_month = open_month(now)
    is_at_the_end = differing == {last_month} and last_month == open_month(then)
    return Difference(
        mart,
        now,
        known={month: each for month, each in sums.items() if month in {*now.by_month} - differing},
        is_same=not differing and _has_file(connection, mart, last, now),
        since=last_month if is_at_the_end else None,
    )


def _hashes_then(connection: duckdb.DuckDBPyConnection, mart: Mart) -> RowHashes | None:
    """What the table of the last generation holds, None where it cannot be read."""
    try:
        return row_hashes(connection, f"last.{table_of(mart)}", mart.month)
    except duckdb.Error:
        return None


def _has_file(
    connection: duckdb.DuckDBPyConnection, mart: Mart, last: Path, now: RowHashes
) -> bool:
    """Whether the file of the last generation holds what the warehouse does."""
    try:
        return row_hashes(connection, file_of(mart.name, last), mart.month) == now
    except duckdb.Error:
        return False
