"""What each customer had done by each day of analysis, told again from every order's states.

The models add up what changes instead. So late, corrected and cancelled orders are frequent here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from math import log
from statistics import median

import duckdb
import pytest
from conftest import Compile
from hypothesis import given, settings
from hypothesis import strategies as st

MODELS = [
    *("int_transaction_days", "int_purchase_paces"),
    *("int_customer_rhythm", "int_customer_activity"),
]
START = date(2026, 1, 1)
LATEST = date(2026, 7, 10)
AS_OF_DATES = [START, *(date(2026, month, 1) for month in range(2, 8)), LATEST]
THRESHOLD, RATIO, GAPS, REACTIVATED, TREND = 20, 2, 2, 40, 45
WINDOWS = [60, 0]

# Who bought, on which day, and what the order was worth from so many days after it on, up to the
# next of these; nothing where it is 0, and no purchase below.
State = tuple[int, int]
Order = tuple[str, int, list[State]]
ORDERS = st.lists(
    st.tuples(
        st.sampled_from("ab"),
        st.integers(0, 195),
        st.lists(
            st.tuples(st.integers(0, 90), st.sampled_from([0, 0, -2, 5, 10, 333])),
            max_size=2,
            unique_by=lambda state: state[0],
        ),
    ),
    max_size=14,
)
Build = Callable[[list[Order]], duckdb.DuckDBPyConnection]


@pytest.fixture(scope="module", params=WINDOWS)
def build(request: pytest.FixtureRequest, compiled: Compile) -> tuple[int, Build]:
    """The RFM window, and what builds the models over orders."""
    queries = compiled(MODELS, {"rfm_window_days": request.param})
    connection = duckdb.connect()
    connection.execute("set threads = 1; attach ':memory:' as warehouse; use warehouse")
    connection.execute(f"""
        create schema intermediate;
        create table intermediate.int_loss_threshold as select {THRESHOLD} as threshold_days;
        create table intermediate.int_lifecycle_rules as
        select
            {RATIO}::double as lost_gap_ratio, {GAPS}::double as own_rhythm_min_gaps,
            {REACTIVATED}::double as reactivated_days, {TREND}::double as trend_days;
        create table intermediate.int_as_of_dates (as_of_date date, is_latest boolean);
        create table intermediate.int_customer_known_since as
        select unnest(['a', 'b']) as customer_id, date '2025-12-31' as known_since;
    """)
    connection.executemany(
        "insert into intermediate.int_as_of_dates values (?, ?)",
        [(day, day == LATEST) for day in AS_OF_DATES],
    )

    def built(orders: list[Order]) -> duckdb.DuckDBPyConnection:
        connection.execute("""
            create or replace table intermediate.int_transactions (
                customer_id text, transacted_on date, effective_from date, effective_to date,
                net_amount decimal(18, 2), is_purchase boolean)
        """)
        for row in states(orders):
            connection.execute(
                "insert into intermediate.int_transactions values (?, ?, ?, ?, ?, ?)", row
            )
        for model in MODELS:
            connection.execute(f"create or replace table intermediate.{model} as {queries[model]}")
        return connection

    return request.param, built


def states(orders: list[Order]) -> list[tuple]:
    """Of every order what it was worth from when until when, as int_transactions has it."""
    found = []
    for who, age, changes in orders:
        day = START + timedelta(age)
        worth = sorted(
            [*changes] if any(after == 0 for after, _ in changes) else [(0, 7), *changes]
        )
        for (after, amount), following in zip(worth, [*worth[1:], None], strict=True):
            until = day + timedelta(following[0]) if following else None
            if amount:
                found.append((who, day, day + timedelta(after), until, amount, amount > 0))
    return found


def told_again(who: str, today: date, known: list[tuple], window: int) -> tuple:
    """What the models say of a customer on a day, from the states that stood on it."""
    standing = [
        (day, amount)
        for of, day, begun, until, amount, _ in known
        if of == who and begun < today and (until is None or until >= today)
    ]
    bought = [(day, amount) for day, amount in standing if amount > 0]
    days = sorted({day for day, _ in bought})
    gaps = [(later - earlier).days for earlier, later in pairwise(days)]

    def age(day: date) -> int:
        return (today - day).days

    def within(day: date) -> bool:
        return window == 0 or age(day) <= window

    money = [
        sum(amount for day, amount in standing if within(day)),
        sum(amount for day, amount in standing if age(day) <= TREND),
        sum(amount for day, amount in standing if TREND < age(day) <= 2 * TREND),
    ]
    returned = None
    for number, gap in enumerate(gaps):
        if gap > THRESHOLD and age(days[number + 1]) <= REACTIVATED:
            former = gaps[:number]
            is_loss = len(former) < GAPS or gap > RATIO * median(former)
            returned = days[number + 1] if is_loss else None
    spent = {day: log(sum(a for on, a in bought if on == day)) for day in days}
    recent = [day for day in days if age(day) <= TREND]
    earlier = [day for day in days if TREND < age(day) <= 2 * TREND]
    logs = [[spent[day] for day in part if day != days[0]] for part in (recent, earlier)]
    fall = spread = None
    if all(logs):
        means = [sum(part) / len(part) for part in logs]
        fall = means[1] - means[0]
        squares = sum((x - mean) ** 2 for part, mean in zip(logs, means, strict=True) for x in part)
        spread = squares * (1 / len(logs[0]) + 1 / len(logs[1]))
    return (
        (days[-1] if days else None, len(bought), len(days)),
        (len([day for day, _ in bought if within(day)]), len([day for day in days if within(day)])),
        (*money,),
        (median(gaps) if gaps else None, returned),
        (len(recent), len(earlier), len(logs[0]), len(logs[1])),
        (pytest.approx(fall, abs=1e-9), pytest.approx(spread, abs=1e-9))
        if all(logs)
        else (None, None),
    )


@settings(max_examples=60, deadline=None)
@given(orders=ORDERS)
def test_history_is_what_stood_on_each_day(build: tuple[int, Build], orders: list[Order]) -> None:
    window, built = build
    rows = (
        built(orders)
        .execute("""
            select
                customer_id, as_of_date,
                activity.last_purchase_on, activity.purchase_count, purchase_day_count,
                window_purchase_count, window_purchase_day_count,
                window_amount, recent_amount, earlier_amount,
                median_gap_days, returned_on,
                coalesce(recent_day_count, 0), coalesce(earlier_day_count, 0),
                coalesce(recent_repeat_count, 0), coalesce(earlier_repeat_count, 0),
                log_amount_fall, log_amount_spread
            from intermediate.int_customer_activity as activity
            left join intermediate.int_customer_rhythm using (customer_id, as_of_date)
        """)
        .fetchall()
    )
    assert len(rows) == 2 * len(AS_OF_DATES)
    known = states(orders)
    for who, today, *told in rows:
        expected = told_again(who, today, known, window)
        parts = [told[0:3], told[3:5], told[5:8], told[8:10], told[10:14], told[14:16]]
        assert [tuple(part) for part in parts] == [*expected], (who, today)
