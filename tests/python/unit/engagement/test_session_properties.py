"""What holds of sessions whatever visitors do: the models over random events.

Sessions are cut a second time in Python, event by event.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import duckdb
import pytest
from conftest import Compile
from hypothesis import given, settings
from hypothesis import strategies as st

MODELS = [
    *("int_visitors", "int_visitor_events", "int_session_pieces", "int_cut_sessions"),
    *("int_sessions", "int_session_events"),
]
GAP = timedelta(minutes=30)
BEGIN = datetime(2026, 6, 1, 23, 0)
# a2 is another account of a1's customer; a4 was never delivered.
CUSTOMERS = {"a1": "x", "a2": "x", "a3": "y"}

# Few minutes apart, and often at one instant or half an hour away to the second.
Event = tuple[str, str | None, int]
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["d1", "d2"]),
        st.sampled_from([None, None, "a1", "a2", "a3", "a4"]),
        st.sampled_from([0, 0, 60, 600, 1799, 1800, 1801, 3601]),
    ),
    max_size=14,
)

Delivered = tuple[str, str, str | None, datetime]
Cut = Callable[[list[Delivered]], set[frozenset[str]]]


@pytest.fixture(scope="module")
def cut(compiled: Compile) -> Cut:
    """The sessions that the models make of events, each as the names of its events."""
    queries = compiled(MODELS)
    connection = duckdb.connect()
    connection.execute("""
        set threads = 1; attach ':memory:' as warehouse; use warehouse;
        create schema entities; create schema intermediate;
        create table entities.int_events_validated (
            event_id text, device_id text, account_id text, occurred_at timestamp,
            occurred_on date, source_system text, event_type text, page_kind text, channel text,
            product_id text, dwell_seconds decimal(18, 2), row_status text default 'accepted'
        );
        create table intermediate.int_account_customers (account_id text, customer_id text);
        create table intermediate.int_identifier_verdicts (
            identifier_type text, identifier_value text, refusal_reason text
        );
        create view intermediate.int_account_identifiers as
        select distinct account_id, 'device' as identifier_type, device_id as identifier_value
        from entities.int_events_validated
        where account_id is not null;
    """)
    connection.executemany(
        "insert into intermediate.int_account_customers values (?, ?)", [*CUSTOMERS.items()]
    )
    for model in MODELS:
        connection.execute(f"create view intermediate.{model} as {queries[model]}")

    def sessions(events: list[Delivered]) -> set[frozenset[str]]:
        connection.execute("delete from entities.int_events_validated")
        for event in events:
            connection.execute(
                "insert into entities.int_events_validated"
                " (event_id, device_id, account_id, occurred_at) values (?, ?, ?, ?)",
                event,
            )
        found = connection.execute("""
            select list(event_id)
            from intermediate.int_session_events
            group by session_id
        """).fetchall()
        return {frozenset(names) for (names,) in found}

    return sessions


def told_in_python(events: list[Delivered]) -> Iterator[frozenset[str]]:
    by_device = defaultdict(list)
    for name, device, account, instant in events:
        by_device[device].append((instant, name, CUSTOMERS.get(account)))
    for visited in by_device.values():
        session: list[str] = []
        before = known_at = known = None
        for instant, name, customer in sorted(visited):
            is_another = customer and known and customer != known and instant - known_at <= GAP
            if session and (instant - before > GAP or is_another):
                yield frozenset(session)
                session = []
            session.append(name)
            before = instant
            if customer:
                known, known_at = customer, instant
        yield frozenset(session)


@settings(max_examples=60, deadline=None)
@given(EVENTS)
def test_sessions_by_pieces_are_those_by_events(cut: Cut, drawn: list[Event]):
    instant, events = BEGIN, []
    for number, (device, account, seconds) in enumerate(drawn):
        instant += timedelta(seconds=seconds)
        events.append((f"e{number:02}", device, account, instant))
    assert cut(events) == set(told_in_python(events))
