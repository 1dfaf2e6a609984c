"""The day of a fit."""

from __future__ import annotations

from datetime import date

import duckdb

LATEST = "select as_of_date from warehouse.intermediate.int_as_of_dates where is_latest"


def latest_day(connection: duckdb.DuckDBPyConnection) -> date:
    """The day that the data of the last build end before."""
    [(day,)] = connection.execute(LATEST).fetchall()
    return day
