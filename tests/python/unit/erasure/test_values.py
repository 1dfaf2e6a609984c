"""What is a person's alone: no row of anybody else has it, in whatever column."""

from __future__ import annotations

import duckdb
import pytest

from orchestration.person import People, Person

TABLES = """
create schema entities;
create table entities.int_accounts_delivered as from (values
    ('crm:ANN', '139', 'ann@example.com', 'Ann', 'Shanghai'),
    ('crm:BOB', '137', 'bob@example.com', 'Ann', 'Annapolis')
) as rows(account_id, phone, email, full_name, address);
alter table entities.int_accounts_delivered add column union_id varchar;
alter table entities.int_accounts_delivered add column national_id varchar;
alter table entities.int_accounts_delivered add column member_number varchar;
create table entities.int_orders_delivered as from (values
    ('o1', 'crm:ANN', '138', null), ('o2', 'crm:BOB', '139', 'gift@example.com'),
    ('o3', null, '136', null)
) as rows(order_id, account_id, contact_phone, contact_email);
create table entities.int_payments_delivered as from (values ('o1', 'card-1'))
    as rows(order_id, card_token);
create table entities.int_events_delivered as from (values
    ('crm:ANN', 'd-1'), ('crm:BOB', 'd-1'), (null, 'd-2')
) as rows(account_id, device_id);
create table entities.int_interactions_delivered as from (values
    ('crm:ANN', 'Shanghai'), ('crm:BOB', 'Shanghai')
) as rows(account_id, comment_text);
"""
ANN = Person(
    "c1",
    (),
    ("o1", "o3"),
    frozenset({("email", "ann@example.com"), ("phone", "+139"), ("device", "d-1")}),
    frozenset({("phone", "+139"), ("device", "d-1")}),
)


@pytest.fixture
def people(monkeypatch):
    monkeypatch.setattr(Person, "account_ids", property(lambda person: ["crm:ANN"]))
    with duckdb.connect() as connection:
        connection.execute(TABLES)
        yield People(connection)


def test_a_phone_in_an_order_of_another_is_not_theirs_alone(people):
    assert people.contacts(ANN) == {"ann@example.com", "138", "136"}


def test_a_word_that_others_say_in_another_column_is_not_theirs_alone(people):
    assert people.values(ANN) == {"ann@example.com", "138", "136", "card-1"}


def test_what_was_commented_is_not_compared(people):
    people.connection.execute(
        "update entities.int_interactions_delivered set comment_text = 'Annapolis is far'"
        " where account_id = 'crm:ANN'"
    )
    assert "Annapolis is far" in people.values(ANN)
    assert "Annapolis is far" not in people.compared(ANN)
