"""Key figures of a week, a month, a year, beside those before and what was expected: reckoned once,
in stretches.sql, for the page of a Monday, the workbook, and the findings that programs ask for.
"""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path

import duckdb

from orchestration.report.panels import marts_in

VIEWS = Path(__file__).with_suffix(".sql").read_text("utf-8")


def prepare(connection: duckdb.DuckDBPyConnection, published: Set[str]) -> None:
    """Makes `stretches` and `stretch_figures`, as far as the marts are published that they read."""
    for view in VIEWS.split(";\n\n"):
        if published.issuperset(marts_in(view)):
            connection.execute(view)


def marts_read(query: str) -> frozenset[str]:
    """The marts that a query reads, by itself or through the figures of stretches."""
    return marts_in(query + VIEWS if "stretch_figures" in query else query)
