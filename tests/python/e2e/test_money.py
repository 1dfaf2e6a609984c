"""What holds of the money of customers, whatever is bought and given back: models over random rows.

They are taken as the refresh of the tiny example compiled them, so that nothing is built for this.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import duckdb
import pytest
from conftest import Shop
from hypothesis import given, settings
from hypothesis import strategies as st

MODELS = [
    *("int_credit_candidates", "int_credit_orders", "int_booked_refunds", "int_order_states"),
    "int_transactions",
]
# What stood on a day of analysis.
STANDING = """
    from intermediate.int_transactions
    where effective_from < $1 and (effective_to >= $1 or effective_to is null)
"""
FIRST_DAY = date(2026, 1, 1)
LAST = 40
AS_OF = (8, 20, LAST + 1)  # days after the first

# Few customers, days and amounts, so that credits find orders, and several of them the same.
DAYS = st.integers(0, LAST)
CUSTOMERS = st.sampled_from(["x", "y"])
CENTS = st.sampled_from([1000, 2000, 3000])


@dataclass(frozen=True)
class Order:
    """`customer` is None for a guest, `cancelled` the day of it, `refunds` the days and cents."""

    number: int
    customer: str | None
    day: int
    cents: int
    is_paid: bool
    cancelled: int | None
    refunds: tuple[tuple[int, int], ...]

    def given_back(self, day: int) -> int:
        """By refunds that name it, at the end of the day."""
        return sum(cents for on, cents in self.refunds if max(on, self.day) <= day)

    def is_void(self, day: int) -> bool:
        return not self.is_paid or (
            self.cancelled is not None and max(self.cancelled, self.day) <= day
        )

    def left(self, day: int) -> int:
        return 0 if self.is_void(day) or day < self.day else self.cents - self.given_back(day)

    def net(self, day: int, credited: int) -> int:
        """What it is worth at the end of the day, `credited` less: a void one what nobody paid."""
        worth = self.cents - self.given_back(day) - credited
        if not self.is_void(day):
            return worth
        return min(worth, 0) if self.cents > 0 else worth - self.cents


@dataclass(frozen=True)
class Credit:
    number: int
    customer: str
    day: int
    cents: int
    names_an_order: bool


ORDERS = st.lists(
    st.builds(
        Order,
        number=st.just(0),
        customer=st.sampled_from(["x", "x", "y", None]),
        day=DAYS,
        cents=st.sampled_from([1000, 2000, 3000, -1000]),
        is_paid=st.sampled_from([True] * 9 + [False]),
        cancelled=st.one_of(*[st.none()] * 4, DAYS),
        refunds=st.one_of(
            *[st.just(())] * 3, st.lists(st.tuples(DAYS, CENTS), max_size=2).map(tuple)
        ),
    ),
    max_size=12,
).map(lambda orders: [replace(each, number=n) for n, each in enumerate(orders)])
CREDITS = st.lists(
    st.builds(
        Credit,
        number=st.just(0),
        customer=CUSTOMERS,
        day=DAYS,
        cents=CENTS,
        names_an_order=st.sampled_from([False] * 5 + [True]),
    ),
    max_size=8,
).map(lambda credits: [replace(each, number=n) for n, each in enumerate(credits)])
examples = settings(max_examples=60, deadline=None)

Build = Callable[[list[Order], list[Credit]], duckdb.DuckDBPyConnection]


@pytest.fixture(scope="module")
def build(tiny: Shop) -> Build:
    """Builds the models over orders and credits."""
    folder = tiny.data / "target" / "compiled"
    [*sql] = [next(folder.glob(f"**/behaviour/{model}.sql")).read_text() for model in MODELS]
    connection = duckdb.connect()
    connection.execute("set threads = 1; attach ':memory:' as warehouse; use warehouse")
    connection.execute("create schema intermediate; create schema entities")

    def built(orders: list[Order], credits: list[Credit]) -> duckdb.DuckDBPyConnection:
        deliver(connection, orders, credits)
        for model, select in zip(MODELS, sql, strict=True):
            connection.execute(f"create or replace table intermediate.{model} as {select}")
        return connection

    return built


def deliver(
    connection: duckdb.DuckDBPyConnection, orders: list[Order], credits: list[Credit]
) -> None:
    """Puts the facts where the models look for them."""
    connection.execute(f"""
        create or replace table entities.int_orders (
            order_id text, customer_id text, currency text, order_status text, ordered_at timestamp,
            ordered_on date, cancelled_on date);
        create or replace table entities.int_order_amounts (
            order_id text, sales_amount decimal(18, 2), delivered_amount decimal(18, 2));
        create or replace table entities.int_order_adjustments (
            order_id text, adjusted_on date, adjustment_amount decimal(18, 2),
            delivered_amount decimal(18, 2), asked_amount decimal(18, 2));
        create or replace table entities.int_refunds (
            refund_id text, order_id text, names_an_order boolean, account_id text,
            source_system text, currency text, refunded_on date, refund_amount decimal(18, 2),
            refunded_revenue decimal(18, 2), amount_off_order decimal(18, 2),
            delivered_amount decimal(18, 2));
        create or replace table intermediate.int_account_customers as
        select 'account of ' || name as account_id, name as customer_id
        from (values ('x'), ('y')) as customers (name);
        create or replace table intermediate.int_as_of_dates as
        select
            date '{FIRST_DAY}' + unnest({list(AS_OF)}) as as_of_date,
            as_of_date = date '{at(AS_OF[1])}' as is_latest;
    """)
    for each in orders:
        number, day = f"o{each.number:02}", at(each.day)
        status = "paid" if each.is_paid else "unpaid"
        cancelled = None if each.cancelled is None else at(each.cancelled)
        connection.execute(
            "insert into entities.int_orders values (?, ?, 'CNY', ?, ?, ?, ?)",
            [number, each.customer, "cancelled" if cancelled and each.is_paid else status]
            + [None, day, cancelled],
        )
        connection.execute(
            "insert into entities.int_order_amounts values (?, ?, ?)",
            [number, each.cents / 100, each.cents / 100],
        )
        for n, (on, cents) in enumerate(each.refunds):
            refund(connection, f"{number}r{n}", number, True, None, on, cents)
    for each in credits:
        account = f"account of {each.customer}"
        refund(
            connection,
            f"c{each.number:02}",
            None,
            each.names_an_order,
            account,
            each.day,
            each.cents,
        )
    connection.execute(
        "create or replace table intermediate.int_order_customers as"
        " select order_id, customer_id from entities.int_orders"
    )


def refund(
    connection: duckdb.DuckDBPyConnection,
    number: str,
    order: str | None,
    names_an_order: bool,
    account: str | None,
    day: int,
    cents: int,
) -> None:
    amounts = [cents / 100] * 4
    connection.execute(
        "insert into entities.int_refunds values (?, ?, ?, ?, 'shop', 'CNY', ?, ?, ?, ?, ?)",
        [number, order, names_an_order, account, at(day), *amounts],
    )


def at(day: int) -> date:
    return FIRST_DAY + timedelta(day)


def paired(orders: list[Order], credits: list[Credit]) -> dict[int, int]:
    """Which credit is of which order: one after the other, as a clerk would find them.

    A pile has the orders of a customer that had so much left since some day. A credit takes the one
    on top, and finds none where that has changed meanwhile, unless it changed before any credit.
    """
    piles: dict[tuple[str, int], list[tuple[int, int, int, int]]] = defaultdict(list)
    open_credits = [each for each in credits if not each.names_an_order]
    for order in orders:
        changes = [order.day, *(max(on, order.day) for on, _ in order.refunds)]
        if order.cancelled is not None and order.is_paid:
            changes.append(max(order.cancelled, order.day))
        days = sorted(set(changes))
        for since, until in zip(days, [*days[1:], LAST + 1], strict=True):
            if order.customer and order.left(since) > 0:
                piles[order.customer, order.left(since)].append((since, 0, order.number, until))
    for each in open_credits:
        piles[each.customer, each.cents].append((each.day, 1, each.number, 0))
    found: list[tuple[int, int, int]] = []
    for pile in piles.values():
        asked = [day for day, is_credit, *_ in pile if is_credit]
        stack: list[tuple[int, int]] = []
        for day, is_credit, number, until in sorted(pile):
            if not is_credit:
                if until > LAST or any(day <= on < until for on in asked):
                    stack.append((number, until))
            elif stack:
                order, until = stack.pop()
                if day < until:
                    found.append((day, number, order))
    taken: dict[int, int] = {}
    for _, credit, order in sorted(found):
        if order not in taken.values():
            taken[credit] = order
    return taken


@examples
@given(orders=ORDERS, credits=CREDITS)
def test_credits_find_the_orders_that_a_clerk_would(
    build: Build, orders: list[Order], credits: list[Credit]
) -> None:
    found = build(orders, credits).execute(
        "select substring(refund_id, 2)::int, substring(order_id, 2)::int"
        " from intermediate.int_credit_orders"
    )
    assert dict(found.fetchall()) == paired(orders, credits)


@examples
@given(orders=ORDERS, credits=CREDITS)
def test_the_latest_order_with_as_much_left_is_found_where_nothing_else_changed(
    build: Build, orders: list[Order], credits: list[Credit]
) -> None:
    """Without refunds by name and cancellations the words of the definition are all there is."""
    still = [replace(each, refunds=(), cancelled=None) for each in orders]
    found = build(still, credits).execute(
        "select substring(refund_id, 2)::int, substring(order_id, 2)::int"
        " from intermediate.int_credit_orders"
    )
    expected: dict[int, int] = {}
    for credit in sorted(credits, key=lambda each: (each.day, each.number)):
        if credit.names_an_order:
            continue
        fitting = [
            (order.day, order.number)
            for order in still
            if order.customer == credit.customer
            and order.left(credit.day) == credit.cents
            and order.number not in expected.values()
        ]
        if fitting:
            expected[credit.number] = max(fitting)[1]
    assert dict(found.fetchall()) == expected


@examples
@given(orders=ORDERS, credits=CREDITS)
def test_money_adds_up_by_customer_on_every_day(
    build: Build, orders: list[Order], credits: list[Credit]
) -> None:
    """Net of their orders less their credits, and only what is worth something is a purchase."""
    connection = build(orders, credits)
    of_order = paired(orders, credits)
    for day in AS_OF:
        money: dict[str, int] = defaultdict(int)
        purchases: dict[str, int] = defaultdict(int)
        for order in orders:
            if order.day < day and order.customer:
                taken = sum(
                    c.cents
                    for c in credits
                    if of_order.get(c.number) == order.number and c.day < day
                )
                net = order.net(day - 1, taken)
                money[order.customer] += net
                purchases[order.customer] += net > 0
        for credit in credits:
            if credit.day < day and credit.number not in of_order:
                money[credit.customer] -= credit.cents
        rows = connection.execute(
            "select customer_id, sum(net_amount) * 100, count(*) filter (where is_purchase)"
            f" {STANDING} group by 1",
            [at(day)],
        ).fetchall()
        assert {who: cents for who, cents, _ in rows if cents} == {
            w: c for w, c in money.items() if c
        }
        assert {who: n for who, _, n in rows if n} == {w: n for w, n in purchases.items() if n}


@examples
@given(orders=ORDERS, credits=CREDITS)
def test_what_stands_on_the_latest_day_is_current(
    build: Build, orders: list[Order], credits: list[Credit]
) -> None:
    connection = build(orders, credits)
    rows = "select transaction_id, order_id, effective_from"
    current = f"{rows} from intermediate.int_transactions where is_current order by all"
    assert (
        connection.execute(current).fetchall()
        == connection.execute(f"{rows} {STANDING} order by all", [at(AS_OF[1])]).fetchall()
    )


@examples
@given(orders=ORDERS, credits=CREDITS)
def test_a_past_day_looks_the_same_from_later_on(
    build: Build, orders: list[Order], credits: list[Credit]
) -> None:
    day = AS_OF[1]
    rows = (
        "select transaction_id, order_id, customer_id, transacted_on, net_amount, is_purchase"
        f" {STANDING} order by transaction_id, order_id"
    )
    later = build(orders, credits).execute(rows, [at(day)]).fetchall()
    known = [
        replace(
            each,
            cancelled=each.cancelled if each.cancelled is None or each.cancelled < day else None,
            refunds=tuple(refund for refund in each.refunds if refund[0] < day),
        )
        for each in orders
        if each.day < day
    ]
    then = build(known, [each for each in credits if each.day < day])
    assert then.execute(rows, [at(day)]).fetchall() == later
