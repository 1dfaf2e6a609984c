"""What the last generation has of each mart: what may stay as it is, and what is known of the rest.

Its files and tables are read whole and compared with the warehouse, whatever was said of them, so
that what is damaged is made anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.digests import RowHashes, Sums, row_hashes
from orchestration.duck import literal
from orchestration.publish.files import DATABASE, file_of, layout, table_of
from orchestration.publish.marts import Mart


@dataclass(frozen=True)
class Difference:
    """A mart of the warehouse beside that of the last generation.

    `known` are the sums of the months whose rows are the same, `changed` are the other months that
    it has now; `is_same` says that its file and its table can stay.
    """

    mart: Mart
    now: RowHashes
    known: Mapping[str, Sums]
    is_same: bool

    @property
    def changed(self) -> list[str]:
        return [month for month in self.now.by_month if month not in self.known]


def differences(
    connection: duckdb.DuckDBPyConnection, marts: Sequence[Mart], last: Path
) -> list[Difference]:
    """Each mart of the catalog `warehouse` beside the folder of the last generation, if any."""
    sums = _sums(connection, last)
    with suppress(duckdb.Error):
        connection.execute(f"attach {literal(last / DATABASE)} as last (read_only)")
    found = [_difference(connection, mart, last, sums.get(mart.name, {})) for mart in marts]
    connection.execute("detach database if exists last")
    return found


def _sums(connection: duckdb.DuckDBPyConnection, last: Path) -> Mapping[str, Mapping[str, Sums]]:
    """The sums by mart and month; none where there is no generation that tells them."""
    try:
        query = f"select months from {file_of('publication', last)}"
        return json.loads(connection.execute(query).fetchone()[0])
    except duckdb.Error:
        return {}


def _difference(
    connection: duckdb.DuckDBPyConnection, mart: Mart, last: Path, sums: Mapping[str, Sums]
) -> Difference:
    now = row_hashes(connection, f"warehouse.{table_of(mart)}", mart.month)
    try:
        then = _hashes_of_file(connection, mart, last)
        is_same = now == then == row_hashes(connection, f"last.{table_of(mart)}", mart.month)
    except duckdb.Error:
        then, is_same = None, False
    is_alike = then is not None and then.columns == now.columns
    known = {
        month: each
        for month, each in sums.items()
        if is_alike and month in now.by_month and now.by_month[month] == then.by_month.get(month)
    }
    return Difference(mart, now, known, is_same)


def _hashes_of_file(
    connection: duckdb.DuckDBPyConnection, mart: Mart, last: Path
) -> RowHashes | None:
    """What the file of the last generation holds, None where it would be made otherwise now."""
    file = file_of(mart.name, last)
    layouts = connection.execute(
        f"select decode(value) from parquet_kv_metadata({file}) where decode(key) = 'layout'"
    ).fetchall()
    return row_hashes(connection, file, mart.month) if layouts == [(layout(mart),)] else None
