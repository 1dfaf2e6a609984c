"""Digests of tables: equal for equal rows, whatever their order and the number of threads.

Each row becomes one text: every value in its text form behind its length in bytes, a null as `~`,
so that no value can pass for another or slip into the next column. The digest is the md5 of the
columns (names and types, in order), of the number of rows, and of the sums of both halves of each
row's md5. Sums of whole numbers do not depend on order, and need no memory that grows with rows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

import duckdb

from orchestration.duck import identifier

LOWER_HALF = 2**64 - 1


def table_digest(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """32 hex digits for the columns and rows of a table, named as SQL names it.

    The connection's time zone must be UTC, since instants are written in it.
    """
    columns = connection.execute(
        f"select column_name, column_type from (describe {table})"
    ).fetchall()
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


def overall_digest(digests: Mapping[str, str]) -> str:
    """32 hex digits for all marts, from the digest of each."""
    return _md5(sorted(digests.items()))


def _md5(value: object) -> str:
    return hashlib.md5(json.dumps(value).encode(), usedforsecurity=False).hexdigest()
