"""What holds of guests, checkouts and accounts whatever contacts their orders tell: the models of
the way from an order's contact to its customer, over random orders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from datetime import date, timedelta
from itertools import pairwise

import duckdb
import pytest
from conftest import ROOT, Compile
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.union_find import union_find

BEFORE_LINKS = [
    *("int_order_contacts", "int_account_contacts", "int_account_card_tokens"),
    *("int_account_identifiers", "int_account_lifespans", "int_identifier_carriers"),
    *("int_identifier_verdicts", "int_account_nodes", "int_linking_identifiers"),
]
AFTER_LINKS = [
    *("int_account_clusters", "int_identifier_owners", "int_guest_claims", "int_buyer_contacts"),
    *("int_contact_persons", "int_account_customers", "int_order_customers"),
]
# Members have a record; numbers are known from orders alone.
MEMBERS = {
    "crm:1": ("13722220001", None),
    "crm:2": (None, "m1@example.com"),
    "shop:3": ("13722220002", "m2@example.com"),
    "shop:4": ("13722220001", None),
}
NUMBERS = ["shop:n1", "shop:n2", "shop:n3"]
FIRST_DAY = date(2020, 1, 1)
SCHEMA = """
    set threads = 1; attach ':memory:' as warehouse; use warehouse;
    create schema entities; create schema intermediate; create schema reference;
    create table entities.int_events_validated
        (account_id text, device_id text, occurred_on date, row_status text);
    create table entities.int_payments_validated (order_id text, card_token text, row_status text);
    create table entities.int_accounts (
        account_id text, source_system text, phone text, email text, full_name text,
        plain_name text, member_number text, national_id text, union_id text, birth_date date,
        registered_on date, has_record boolean
    );
    create table entities.int_orders (
        order_id text, source_system text, account_id text, contact_phone text, contact_email text,
        ordered_on date
    );
    create table intermediate.int_identity_components (node text, component text);
    create table intermediate.int_identity_clusters (account_id text, cluster text);
"""

# Few contacts and accounts, so that they meet often; days of several years, so that phones expire.
Order = tuple[str | None, str | None, str | None, int]
ORDERS = st.lists(
    st.tuples(
        st.sampled_from([None, None, None, *MEMBERS, *NUMBERS]),
        st.sampled_from([None, *(f"1372222000{n}" for n in range(1, 5))]),
        st.sampled_from([None, *(f"m{n}@example.com" for n in range(1, 6))]),
        st.integers(0, 1500),
    ),
    max_size=20,
)
# A compile takes seconds and serves all examples.
examples = settings(max_examples=10, deadline=None)

Build = Callable[[list[Order]], tuple[dict[str, str], dict[int, str | None]]]


@pytest.fixture(scope="module")
def build(compiled: Compile) -> Build:
    """Builds the models over orders: the customer of each account, and of each order by place."""
    queries = compiled([*BEFORE_LINKS, *AFTER_LINKS])
    connection = duckdb.connect()
    connection.execute(SCHEMA)
    for seed in ("identifier_rules", "identifier_blocklist", "email_domain_rules"):
        path = ROOT / "seeds" / f"{seed}.csv"
        connection.execute(f"create table reference.{seed} as from read_csv('{path}')")

    def make(models: Iterable[str]) -> None:
        for model in models:
            connection.execute(f"create or replace table intermediate.{model} as {queries[model]}")

    def built(orders: list[Order]) -> tuple[dict[str, str], dict[int, str | None]]:
        deliver(connection, orders)
        make(BEFORE_LINKS)
        link(connection)
        make(AFTER_LINKS)
        customers = dict(
            connection.execute(
                "select account_id, customer_id from intermediate.int_account_customers"
            ).fetchall()
        )
        bought = connection.execute(
            "select order_id::int, customer_id from intermediate.int_order_customers"
        ).fetchall()
        assert len(bought) == len(orders)
        return customers, dict(bought)

    return built


def deliver(connection: duckdb.DuckDBPyConnection, orders: list[Order]) -> None:
    """Puts the orders, and the accounts that there are, where the models look for them."""
    connection.execute("delete from entities.int_orders; delete from entities.int_accounts")
    for number, (account, phone, email, age) in enumerate(orders):
        connection.execute(
            "insert into entities.int_orders values (?, 'shop', ?, ?, ?, ?)",
            [str(number), account, phone, email, FIRST_DAY + timedelta(days=age)],
        )
    named = {account for account, *_ in orders if account} - {*MEMBERS}
    for account in [*MEMBERS, *sorted(named)]:
        phone, email = MEMBERS.get(account, (None, None))
        connection.execute(
            "insert into entities.int_accounts by name"
            " select ? as account_id, ? as source_system, ? as phone, ? as email, ? as has_record",
            [account, account.split(":")[0], phone, email, account in MEMBERS],
        )


def link(connection: duckdb.DuckDBPyConnection) -> None:
    """Links all accounts that share an identifier which may link them."""
    carriers = defaultdict(list)
    for account, *identifier in connection.execute(
        "select account_id, identifier_type, identifier_value"
        " from intermediate.int_linking_identifiers order by all"
    ).fetchall():
        carriers[tuple(identifier)].append(account)
    pairs = {pair for accounts in carriers.values() for pair in pairwise(accounts)}
    connection.execute("delete from intermediate.int_identity_components")
    for node, component in union_find(pairs).items():
        connection.execute(
            "insert into intermediate.int_identity_components values (?, ?)", [node, component]
        )


def groups(customers: dict[Hashable, str]) -> set[frozenset]:
    """Who has the same customer."""
    found = defaultdict(set)
    for member, customer in customers.items():
        found[customer].add(member)
    return {frozenset(members) for members in found.values()}


@examples
@given(orders=ORDERS)
def test_every_order_of_an_account_is_its_customer_s_and_a_guest_s_is_a_customer_s_or_nobody_s(
    build: Build, orders: list[Order]
) -> None:
    customers, bought = build(orders)
    for number, (account, phone, email, _) in enumerate(orders):
        if account:
            assert bought[number] == customers[account]
        elif not phone and not email:
            assert bought[number] is None
        else:
            assert bought[number] is None or bought[number] in customers.values()
    guests = {*customers} - {*MEMBERS, *NUMBERS}
    bare = [order for order in orders if not order[0] and (order[1] or order[2])]
    assert len(guests) <= len({(phone, email) for _, phone, email, _ in bare}) * 3
    assert {customers[guest] for guest in guests} <= {*bought.values()}, "no guest without orders"


@examples
@given(orders=ORDERS)
def test_guests_and_numbers_never_join_two_members(build: Build, orders: list[Order]) -> None:
    """Members are one customer by their own records and orders, whatever others leave."""
    with_all, _ = build(orders)
    alone, _ = build([order for order in orders if order[0] in MEMBERS])
    for one in groups({member: with_all[member] for member in MEMBERS}):
        assert len({alone[member] for member in one}) == 1


@examples
@given(orders=ORDERS, contact=st.sampled_from(["m4@example.com", "m5@example.com"]))
def test_guests_of_one_mailbox_that_no_member_has_are_one(
    build: Build, orders: list[Order], contact: str
) -> None:
    orders = [order for order in orders if not (order[0] and order[2] == contact)]
    _, bought = build(orders)
    of_mailbox = {bought[number] for number, order in enumerate(orders) if order[2] == contact}
    assert len(of_mailbox) <= 1


@examples
@given(orders=ORDERS, place=st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(build: Build, orders: list[Order], place) -> None:
    numbered = list(enumerate(orders))
    place.shuffle(numbered)
    customers, bought = build(orders)
    shuffled_customers, shuffled = build([order for _, order in numbered])
    assert customers == shuffled_customers
    assert bought == {number: shuffled[at] for at, (number, _) in enumerate(numbered)}, (
        "an order has another customer"
    )
