"""What holds of messages and channels whatever happens: the models over random rows, and what they
find told a second time in Python, by comparing everything with everything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

START = datetime(2026, 1, 1)
AS_OF = START + timedelta(days=80)
RESPONSE_DAYS, FATIGUE_DAYS = 7, 30
VARIABLES = {
    "contact_response_days": RESPONSE_DAYS,
    "fatigue_days": FATIGUE_DAYS,
    "store_channels": ["store"],
    "offline_channels": ["store", "phone"],
}
MODELS = ["int_message_responses", "int_channel_responses", "int_channel_traces"]
CUSTOMER_OF = {"a": "x", "b": "x", "c": "y"}
TABLES = """
    create table intermediate.int_as_of_dates (as_of_date date, is_latest boolean);
    create table intermediate.int_messages (
        touch_id text, campaign_id text, account_id text, customer_id text, channel text,
        touch_type text, occurred_at timestamp, occurred_on date
    );
    create table intermediate.int_latest_transactions (
        order_id text, customer_id text, is_purchase boolean
    );
    create table entities.int_orders (
        order_id text, channel text, ordered_at timestamp, ordered_on date
    );
    create table entities.int_order_lines (
        order_line_id text, order_id text, product_id text, quantity integer
    );
    create table intermediate.int_session_events (
        event_id text, customer_id text, product_id text, occurred_at timestamp, occurred_on date
    );
"""

# Few accounts and half days, so that much falls on one instant.
HALF_DAYS = st.integers(0, 150)
TOUCHES = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.sampled_from("AB"),
        st.sampled_from(["sent", "sent", "opened", "clicked"]),
        HALF_DAYS,
    ),
    max_size=25,
)
PURCHASES = st.lists(
    st.tuples(
        st.sampled_from("xy"),
        st.sampled_from(["store", "app", "phone"]),
        st.sampled_from("pq"),
        HALF_DAYS,
    ),
    max_size=15,
)
VISITS = st.lists(
    st.tuples(st.sampled_from("xy"), st.sampled_from(["p", "q", None]), HALF_DAYS), max_size=15
)
examples = settings(max_examples=25, deadline=None)

Run = Callable[..., list[tuple]]


@pytest.fixture(scope="module")
def run(compiled) -> Run:
    """Runs the models over tables that it is given rows of, and answers a query."""
    queries = compiled(MODELS, VARIABLES)
    connection = duckdb.connect()
    connection.execute("set threads = 1; attach ':memory:' as warehouse; use warehouse")
    connection.execute(f"create schema entities; create schema intermediate; {TABLES}")
    connection.execute("set search_path = 'warehouse.intermediate,warehouse.entities'")
    connection.execute("insert into intermediate.int_as_of_dates values (?, true)", [AS_OF])

    def answer(query: str, models: list[str], **tables: list[tuple]) -> list[tuple]:
        for table, rows in tables.items():
            connection.execute(f"delete from {table}")
            if rows:
                places = ", ".join("?" * len(rows[0]))
                connection.executemany(f"insert into {table} values ({places})", rows)
        for model in models:
            connection.execute(f"create or replace table intermediate.{model} as {queries[model]}")
        return connection.execute(query).fetchall()

    return answer


def instant(half_days: int) -> datetime:
    return START + timedelta(hours=12 * half_days)


def messages_of(touches: list[tuple]) -> list[tuple]:
    return [
        (f"t{n:02}", campaign, account, CUSTOMER_OF[account], "email", kind, at, at.date())
        for n, (account, campaign, kind, half_days) in enumerate(touches)
        for at in [instant(half_days)]
    ]


def orders_of(purchases: list[tuple]) -> dict[str, list[tuple]]:
    named = [(f"o{n:02}", *purchase) for n, purchase in enumerate(purchases)]
    return {
        "int_latest_transactions": [(order, customer, True) for order, customer, *_ in named],
        "int_orders": [
            (order, channel, instant(half_days), instant(half_days).date())
            for order, _, channel, _, half_days in named
        ],
        "int_order_lines": [(f"l{order}", order, product, 1) for order, _, _, product, _ in named],
    }


@examples
@given(touches=TOUCHES, purchases=PURCHASES)
def test_messages_are_answered_by_what_comes_after_them(run, touches, purchases) -> None:
    rows = messages_of(touches)
    bought = [(customer, instant(half_days)) for customer, _, _, half_days in purchases]
    sent = sorted((row for row in rows if row[5] == "sent"), key=lambda row: (row[6], row[0]))
    answers: dict[str, list[str]] = {row[0]: [] for row in sent}
    for row in rows:
        before = [each[0] for each in sent if each[1:3] == row[1:3] and each[6] <= row[6]]
        if row[5] != "sent" and before:
            answers[before[-1]].append(row[5])

    def followed(row: tuple) -> bool | None:
        if (AS_OF.date() - row[7]).days <= RESPONSE_DAYS:
            return None
        days = [(at.date() - row[7]).days for who, at in bought if who == row[3] and at > row[6]]
        return min(days, default=RESPONSE_DAYS + 1) <= RESPONSE_DAYS

    expected = [
        (
            row[0],
            bool(answers[row[0]]),
            "clicked" in answers[row[0]],
            followed(row),
            sum(
                other[3] == row[3] and 0 < (row[7] - other[7]).days <= FATIGUE_DAYS
                for other in sent
            ),
        )
        for row in sorted(sent)
    ]
    query = """
        select message_id, is_opened, is_clicked, is_bought_after, earlier_contact_count
        from intermediate.int_message_responses order by all
    """
    orders = orders_of(purchases)
    assert run(query, MODELS[:1], int_messages=rows, **orders) == expected


@examples
@given(touches=TOUCHES)
def test_expected_shares_are_those_of_a_beta_prior(run, touches) -> None:
    """The prior's weight by Kleinman's moments, the posterior mean as the textbook has it."""
    query = """
        select message_count, response_count, expected_share
        from intermediate.int_channel_responses where response = 'opening'
    """
    found = run(query, MODELS[:2], int_messages=messages_of(touches), **orders_of([]))
    if not found:
        return
    k, total = len(found), sum(n for n, _, _ in found)
    p = sum(x for _, x, _ in found) / total
    scatter = sum(n * (x / n - p) ** 2 for n, x, _ in found)
    freedom = total - sum(n * n for n, _, _ in found) / total - (k - 1)
    by_chance = (k - 1) * p * (1 - p)
    likeness = 0.0
    if 0 < p < 1 and freedom > 1e-9:
        likeness = min(1.0, max(0.0, (scatter - by_chance) / (p * (1 - p) * freedom)))
    for n, x, share in found:
        if likeness == 0:
            expected = p
        else:
            weight = (1 - likeness) / likeness
            expected = (p * weight + x) / (weight + n)
        assert share == pytest.approx(expected, abs=1e-9)


@examples
@given(visits=VISITS, purchases=PURCHASES)
def test_traces_are_those_that_anybody_would_find(run, visits, purchases) -> None:
    events = [
        (f"e{n:02}", customer, product, instant(half_days), instant(half_days).date())
        for n, (customer, product, half_days) in enumerate(visits)
    ]
    orders = orders_of(purchases)
    named = [(f"o{n:02}", *purchase) for n, purchase in enumerate(purchases)]

    def days(order: tuple, earlier: list[datetime]) -> int | None:
        on = instant(order[4]).date()
        return min(((on - at.date()).days for at in earlier), default=None)

    def traces(order: tuple) -> tuple:
        number, customer, channel, product, half_days = order
        seen = [each for each in events if each[1] == customer and each[3] <= instant(half_days)]
        before = [
            each
            for each in named
            if each[1] == customer
            and each[3] == product
            and (each[4], each[0]) < (half_days, number)
        ]
        if channel == "store":
            viewed = [each[3] for each in seen if each[2] == product]
            return (
                number,
                True,
                days(order, [each[3] for each in seen]),
                days(order, viewed),
                None,
            )
        is_new = all(each[2] != "app" for each in before)
        tried = [instant(each[4]) for each in before if each[2] == "store"] if is_new else []
        return (number, False, None, None, days(order, tried))

    in_stores = {customer for _, customer, channel, *_ in named if channel == "store"}
    online = {customer for _, customer, channel, *_ in named if channel == "app"}
    in_both = in_stores & (online | {each[1] for each in events})
    asked = [order for order in named if order[2] != "phone"]
    expected = [traces(order) for order in asked if order[1] in in_both]
    assert all(
        traces(order)[2:] == (None, None, None) for order in asked if order[1] not in in_both
    )
    query = """
        select order_id, is_in_store, browsed_days, viewed_days, tried_days
        from intermediate.int_channel_traces order by all
    """
    assert run(query, MODELS[2:], int_session_events=events, **orders) == expected
