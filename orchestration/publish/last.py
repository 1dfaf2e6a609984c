"""What the last generation has of each mart: what may stay as it is, and what is known of the rest.

Each file tells the hashes of its rows by month, which are those of the table too. What has not the
checksum any more that it was written with tells nothing, so that what is damaged is made anew.
"""

from __future__ import annotations

import glob
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.digests import RowHashes, Sums, row_hashes
from orchestration.publish.checksums import sound_files
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
    sound = sound_files(last)
    can_stay = {DATABASE, "publication.parquet"} <= sound
    sums = _sums(connection, last) if can_stay else {}
    told = _told(connection, [last / name for name in sound - {DATABASE}]) if can_stay else {}
    return [
        _difference(connection, mart, told.get(mart.name, {}), sums.get(mart.name, {}))
        for mart in marts
    ]


def _sums(connection: duckdb.DuckDBPyConnection, last: Path) -> Mapping[str, Mapping[str, Sums]]:
    """The sums of digests by mart and month."""
    query = f"select months from {file_of('publication', last)}"
    return json.loads(connection.execute(query).fetchone()[0])


def _told(
    connection: duckdb.DuckDBPyConnection, files: Sequence[Path]
) -> Mapping[str, Mapping[str, str]]:
    """What the file of each mart tells of itself: its `layout` and its `hashes`."""
    query = (
        "select parse_filename(file_name, true),"
        " map_from_entries(list((decode(key), decode(value)))) from parquet_kv_metadata($1)"
        " group by all"
    )
    return dict(connection.execute(query, [list(map(glob.escape, map(str, files)))]).fetchall())


def _difference(
    connection: duckdb.DuckDBPyConnection,
    mart: Mart,
    told: Mapping[str, str],
    sums: Mapping[str, Sums],
) -> Difference:
    now = row_hashes(connection, f"warehouse.{table_of(mart)}", mart.month)
    is_laid_out_alike = told.get("layout") == layout(mart) and "hashes" in told
    then = RowHashes.from_json(told["hashes"]) if is_laid_out_alike else None
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
        is_same=not differing,
        since=last_month if is_at_the_end else None,
    )
