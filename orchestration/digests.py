"""Digests of tables: equal for equal rows, whatever their order and the number of threads.

Each row becomes one text: every value in its text form behind its length in bytes, a null as `~`,
so that no value can pass for another or slip into the next column. The digest is the md5 of the
columns (names and types, in order), of the number of rows, and of the sums of both halves of each
row's md5. Sums of whole numbers do not depend on order, and need no memory that grows with rows.
Those of a table are those of its months together: a month that is known is not hashed again.

Whether two tables are equal is known for a fraction of that, by DuckDB's own hash of each row. It
may be another in the next version of DuckDB, so that it is no digest.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import duckdb

from orchestration.duck import identifier

# Rows, and the sums of the upper and of the lower half of their md5.
Sums = tuple[int, int, int]

LOWER_HALF = 2**64 - 1

# Types of which equal hashes mean equal values. Others are hashed as text: an interval of a month
# has the hash of one of thirty days.
HASHED_AS_THEY_ARE = re.compile(
    r"(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|BOOLEAN|VARCHAR|DATE|DECIMAL\(.*\)|TIME(STAMP.*)?|UUID)"
)


@dataclass(frozen=True)
class RowHashes:
    """Columns with types, and by month how many rows there are, and 128 bits over them.

    Two relations that are alike in all of it have the same rows, in whatever order.
    """

    columns: list[tuple[str, str]]
    by_month: Mapping[str, tuple[int, int, int]]

    @property
    def count(self) -> int:
        return sum(rows for rows, *_ in self.by_month.values())

    def to_json(self) -> str:
        return json.dumps([self.columns, self.by_month], sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> RowHashes:
        columns, by_month = json.loads(text)
        return cls(
            [(name, kind) for name, kind in columns],
            {month: tuple(told) for month, told in by_month.items()},
        )


def table_digest(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """32 hex digits for the columns and rows of a table, named as SQL names it.

    The connection's time zone must be UTC, since instants are written in it.
    """
    return digest(_columns(connection, table), sums_by_month(connection, table).values())


def digest(columns: list[tuple[str, str]], sums: Iterable[Sums]) -> str:
    """The digest of a table of these columns, from the sums of its parts."""
    return _md5([columns, [sum(parts) for parts in zip((0, 0, 0), *sums, strict=True)]])


def sums_by_month(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    month: str | None = None,
    among: Collection[str] | None = None,
) -> dict[str, Sums]:
    """The sums of a relation by the month (`2026-02`) of a column of dates, or `among` some months.

    The month of rows without a date, and of all rows where no column is named, is an empty text.
    """
    values = ", ".join(
        f"strlen({column}::varchar), if({column} is null, '~', ':'), {column}::varchar"
        for column in (identifier(name) for name, _ in _columns(connection, relation))
    )
    listed = ", ".join(name.replace("-", "") or "0" for name in among or ())
    where = "" if among is None else f"where {_month(month)} in ({listed})"
    rows = connection.execute(f"""
        with hashes as (
            select {_month(month)} as month, md5_number(concat({values})) as row_hash
            from {relation}
            {where}
        )

        select
            month,
            count(*),
            sum((row_hash >> 64)::ubigint),
            sum((row_hash & {LOWER_HALF}::uhugeint)::ubigint),
        from hashes
        group by month
        order by month
    """).fetchall()
    return _by_name(rows)


def row_hashes(
    connection: duckdb.DuckDBPyConnection, relation: str, month: str | None = None
) -> RowHashes:
    """The sums by month of each row's hash, and of the hash of that."""
    columns = _columns(connection, relation)
    values = ", ".join(_hashed(identifier(name), kind) for name, kind in columns)
    rows = connection.execute(f"""
        with hashes as (select {_month(month)} as month, hash({values}) as row_hash from {relation})

        select month, count(*), sum(row_hash), sum(hash(row_hash))
        from hashes
        group by month
    """).fetchall()
    return RowHashes(columns, _by_name(rows))


def overall_digest(digests: Mapping[str, str]) -> str:
    """32 hex digits for all marts, from the digest of each."""
    return _md5(sorted(digests.items()))


def _columns(connection: duckdb.DuckDBPyConnection, relation: str) -> list[tuple[str, str]]:
    return connection.execute(
        f"select column_name, column_type from (describe from {relation})"
    ).fetchall()


def _month(column: str | None) -> str:
    """The month as a number (202602), by which rows are grouped for less than by its name."""
    if column is None:
        return "0"
    return f"coalesce(year({identifier(column)}) * 100 + month({identifier(column)}), 0)"


def _by_name(rows: Iterable[tuple]) -> dict[str, tuple[int, int, int]]:
    """What is told by the number of a month, by its name."""
    return {f"{at // 100:04}-{at % 100:02}" if at else "": tuple(told) for at, *told in rows}


def _hashed(column: str, kind: str) -> str:
    """What of a column is hashed. A double and its negative zero have one hash, but two texts."""
    if kind in {"DOUBLE", "FLOAT"}:
        return f"{column}, signbit({column})"
    return column if HASHED_AS_THEY_ARE.fullmatch(kind) else f"{column}::varchar"


def _md5(value: object) -> str:
    return hashlib.md5(json.dumps(value).encode(), usedforsecurity=False).hexdigest()
