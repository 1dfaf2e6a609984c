"""Which rules of a table its rows break, asked again of the warehouse after the build.

dbt counts the rows that the test `audit` returns, and keeps none of them; each names a rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.duck import connect
from orchestration.progress import counted
from orchestration.warehouse import attach


@dataclass(frozen=True)
class BrokenRule:
    """A rule by its name in the YAML, and how many rows break it."""

    rule: str
    rows: int

    def __str__(self) -> str:
        return f"{self.rule} is broken by {counted(self.rows, 'row')}"


def broken_rules(warehouse: Path, compiled_sql: str) -> list[BrokenRule]:
    """What the compiled SQL of a test `audit` answers, by rule.

    None where it can't be asked here: a table was not built, or only Spark knows a function.
    """
    with connect() as connection:
        try:
            attach(connection, warehouse)
            connection.execute("use warehouse")
            rows = connection.execute(f"select rule, broken_rows from ({compiled_sql}) order by 1")
        except duckdb.Error:
            return []
        return [BrokenRule(*row) for row in rows.fetchall()]
