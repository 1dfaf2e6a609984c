"""Digests of tables: equal for equal rows, whatever their order and the number of threads.

Each row becomes one text: every value in its text form behind its length in bytes, a null as `~`,
so that no value can pass for another or slip into the next column. The digest is the md5 of the
columns (names and types, in order), of the number of rows, and of the sums of both halves of each
row's md5. Sums of whole numbers do not depend on order, and need no memory that grows with rows.

Whether two tables are equal is known for a fraction of that, by DuckDB's own hash of each row. It
may be another in the next version of DuckDB, so it is never kept: both are hashed at one time.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping

import duckdb

from orchestration.duck import identifier

LOWER_HALF = 2**64 - 1

# Types of which equal hashes mean equal values. Others are hashed as text: an interval of a month
# has the hash of one of thirty days.
HASHED_AS_THEY_ARE = re.compile(
    r"(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|BOOLEAN|VARCHAR|DATE|DECIMAL\(.*\)|TIME(STAMP.*)?|UUID)"
)


def table_digest(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """32 hex digits for the columns and rows of a table, named as SQL names it.

    The connection's time zone must be UTC, since instants are written in it.
    """
    columns = _columns(connection, table)
    values = ", ".join(
        f"coalesce(strlen({column}::varchar) || ':' || {column}::varchar, '~')"
        for column in (identifier(name) for name, _ in columns)
    )
    totals = connection.execute(f"""
        with hashes as (select md5_number(concat({values})) as row_hash from {table})

        select
            count(*),
            coalesce(sum((row_hash >> 64)::ubigint), 0),
            coalesce(sum((row_hash & {LOWER_HALF}::uhugeint)::ubigint), 0),
        from hashes
    """).fetchone()
    return _md5([columns, totals])


def hold_the_same_rows(connection: duckdb.DuckDBPyConnection, one: str, other: str) -> bool:
    """Whether two relations have the same columns, and the same rows in whatever order."""
    return all(
        part(connection, one) == part(connection, other) for part in (_columns, _count, _row_hashes)
    )


def overall_digest(digests: Mapping[str, str]) -> str:
    """32 hex digits for all marts, from the digest of each."""
    return _md5(sorted(digests.items()))


def _columns(connection: duckdb.DuckDBPyConnection, relation: str) -> list[tuple[str, str]]:
    return connection.execute(
        f"select column_name, column_type from (describe from {relation})"
    ).fetchall()


def _count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    return connection.execute(f"select count(*) from {relation}").fetchone()[0]


def _row_hashes(connection: duckdb.DuckDBPyConnection, relation: str) -> tuple[int, int]:
    """128 bits over all rows: the sums of each row's hash, and of the hash of that."""
    values = ", ".join(
        _hashed(identifier(name), kind) for name, kind in _columns(connection, relation)
    )
    return connection.execute(f"""
        with hashes as (select hash({values}) as row_hash from {relation})

        select sum(row_hash), sum(hash(row_hash)) from hashes
    """).fetchone()


def _hashed(column: str, kind: str) -> str:
    """What of a column is hashed. A double and its negative zero have one hash, but two texts."""
    if kind in {"DOUBLE", "FLOAT"}:
        return f"{column}, signbit({column})"
    return column if HASHED_AS_THEY_ARE.fullmatch(kind) else f"{column}::varchar"


def _md5(value: object) -> str:
    return hashlib.md5(json.dumps(value).encode(), usedforsecurity=False).hexdigest()
