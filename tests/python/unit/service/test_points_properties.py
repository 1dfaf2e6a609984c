"""Points by the window of `int_member_balances`, and told a second time in Python: lot by lot, the
oldest first."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import date

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

VALID, NOTICE, ACTIVE = 3, 1, 2
VARIABLES = {
    "points_valid_months": VALID,
    "points_notice_months": NOTICE,
    "loyalty_recent_months": ACTIVE,
}
# Of each month: what came in, what was burned or taken back, and what the system booked as expired.
MONTHS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 20), st.sampled_from([0, 0, 0, 5])),
    min_size=1,
    max_size=14,
)

Run = Callable[[list[tuple[int, int, int]], bool], list[tuple]]


@pytest.fixture(scope="module")
def run(compiled) -> Run:
    """The months of one member as the model has them: what lapsed in each, closing, expiring."""
    query = compiled(["int_member_balances"], VARIABLES)["int_member_balances"]
    connection = duckdb.connect()
    connection.execute("set threads = 1; attach ':memory:' as warehouse; use warehouse")
    connection.execute("""
        create schema intermediate;
        create table intermediate.int_member_months (
            customer_id text, calendar_month date, earned_points decimal(18, 2),
            burned_points decimal(18, 2), booked_expired_points decimal(18, 2),
            adjusted_points decimal(18, 2), points_in decimal(18, 2), is_active boolean,
            is_complete boolean
        )
    """)

    def answered(months: list[tuple[int, int, int]], is_running: bool) -> list[tuple]:
        connection.execute("truncate intermediate.int_member_months")
        connection.executemany(
            "insert into intermediate.int_member_months values ('x', ?, ?, ?, ?, 0, ?, true, ?)",
            [
                (
                    date(2025 + n // 12, n % 12 + 1, 1),
                    points_in,
                    burned,
                    booked,
                    points_in,
                    not is_running or n + 1 < len(months),
                )
                for n, (points_in, burned, booked) in enumerate(months)
            ],
        )
        return connection.execute(f"""
            select (balances.expired_points - months.booked_expired_points)::integer,
                balances.closing_points::integer, balances.expiring_points::integer
            from ({query}) as balances
            inner join intermediate.int_member_months as months using (calendar_month)
            order by calendar_month
        """).fetchall()

    return answered


def lot_by_lot(months: list[tuple[int, int, int]], is_running: bool) -> list[tuple]:
    """Each month's points are a lot; what goes out is taken from the oldest, or owed. Of a month
    that is running nothing has lapsed yet."""
    lots: deque[list[int]] = deque()
    owed, told = 0, []
    for now, (points_in, burned, booked) in enumerate(months):
        lots.append([now, points_in])
        owed = _take(lots, owed + burned + booked)
        last_due = now - VALID - (is_running and now + 1 == len(months))
        lapsed = sum(points for born, points in lots if born <= last_due)
        lots = deque(lot for lot in lots if lot[0] > last_due)
        soon = sum(points for born, points in lots if born <= last_due + NOTICE)
        told.append((lapsed, sum(points for _, points in lots) - owed, soon))
    return told


def _take(lots: deque[list[int]], points: int) -> int:
    """Takes points from the oldest lots; returns what is still owed."""
    while lots and points:
        taken = min(points, lots[0][1])
        lots[0][1] -= taken
        points -= taken
        if lots[0][1] == 0:
            lots.popleft()
    return points


@settings(max_examples=60, deadline=None)
@given(MONTHS, st.booleans())
def test_what_lapses_is_what_is_left_of_each_lot_when_its_time_is_up(run, months, is_running):
    assert run(months, is_running) == lot_by_lot(months, is_running)
