"""Only a ticket that waits and names an account may be acted on, and by its number alone."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from types import SimpleNamespace

import duckdb
import pytest

from orchestration.erasure import command
from orchestration.erasure.requests import requests
from orchestration.person import People, Person

TABLES = """
create schema entities; create schema intermediate;
create table entities.int_interactions_validated as from (values
    ('t1', 'ticket', 'crm:ANN', null, date '2026-01-01', null),
    ('t2', 'ticket', 'crm:BOB', null, date '2026-01-02', date '2026-01-03'),
    ('t3', 'ticket', null, 'o1', date '2026-01-03', null),
    ('r1', 'review', 'crm:ANN', null, date '2026-01-04', null),
    ('t4', 'ticket', 'crm:NEW', null, date '2026-01-05', null)
) as rows(interaction_id, interaction_type, account_id, order_id, occurred_on, resolved_on);
alter table entities.int_interactions_validated add column topic varchar default 'erasure_request';
alter table entities.int_interactions_validated add column row_status varchar default 'accepted';
create table intermediate.int_account_customers as
    from (values ('crm:ANN', 'ann'), ('crm:BOB', 'bob')) as rows(account_id, customer_id);
create table intermediate.int_order_customers as from (values ('o1', 'ann'))
    as rows(order_id, customer_id);
"""


def person(customer_id: str) -> Person:
    return Person(customer_id, (), (), frozenset(), frozenset())


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setattr(People, "with_customer", lambda self, id: [person(id)] if id else [])
    with duckdb.connect() as connection:
        connection.execute(TABLES)
        yield People(connection)


def test_a_ticket_that_waits_and_names_an_account_is_open(people):
    asked = requests(people, ["erasure_request"])
    assert {each.interaction_id: each.is_open for each in asked} == {
        "t1": True,
        "t2": False,
        "t3": False,
        "t4": True,
    }
    assert asked[0].asked_on == date(2026, 1, 1)
    assert asked[3].person is None
    assert requests(people, []) == []


@pytest.fixture
def asked_for(people, monkeypatch):
    """Who is erased when requests are named."""

    @contextmanager
    def opened(warehouse):
        yield people

    monkeypatch.setattr(command.People, "of", opened)
    monkeypatch.setattr(command, "_refuse", lambda refresh: None)
    monkeypatch.setattr(
        command, "_of", lambda persons, refresh, sure, progress: [p.customer_id for p in persons]
    )
    project = SimpleNamespace(
        warehouse=None, variables=lambda overrides: {"erasure_topics": ["erasure_request"]}
    )
    refresh = SimpleNamespace(project=project, overrides={})
    return lambda *named: command.requested(refresh, named, True, print)


def test_without_the_number_of_a_request_nobody_is_erased(asked_for):
    assert "Nothing was changed." in asked_for().lines[-1]


def test_the_persons_of_the_requests_that_are_named_are_erased(asked_for):
    assert asked_for("t1") == ["ann"]


@pytest.mark.parametrize("named", ["t2", "t3", "t4", "r1", "unknown"])
def test_a_request_that_is_answered_or_names_no_known_account_is_refused(asked_for, named):
    with pytest.raises(ValueError, match=f"No open request of a known account: {named}"):
        asked_for("t1", named)
