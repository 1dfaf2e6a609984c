"""The day of a fit is that of the last build, whatever days it tells of besides."""

from __future__ import annotations

from datetime import date

import duckdb

from orchestration.fit.days import latest_day


def test_the_day_of_a_fit_is_the_latest_that_was_built() -> None:
    connection = duckdb.connect()
    connection.execute("""
        attach ':memory:' as warehouse;
        create schema warehouse.intermediate;
        create table warehouse.intermediate.int_as_of_dates as
        select * from (values (date '2026-06-01', false), (date '2026-07-01', true))
            as days (as_of_date, is_latest);
    """)
    assert latest_day(connection) == date(2026, 7, 1)
