"""Erased persons who are delivered again are known by their marks, also under another key, and in
another spelling."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from orchestration.duck import connect
from orchestration.erasure.keys import FORMER, VARIABLE, own_key
from orchestration.erasure.marks import Marks
from orchestration.erasure.screen import Screen
from orchestration.landing import HashKey, land
from orchestration.staged import Rules, Staging

MORNING = datetime(2026, 1, 5, 6, tzinfo=UTC)
SECRET, OTHER = "a-secret-that-nobody-would-guess-1", "a-secret-that-nobody-would-guess-2"
EVENTS = """
select _batch, _line, event_id, 'app:' || nullif(account, '') as account_id, device_id
from warehouse.raw.app__events
"""
ORDERS = """
select
    _batch, _line, order_no as order_id, 'app:' || nullif(account, '') as account_id,
    contact_phone, amount
from warehouse.raw.app__orders
"""
CONTACTS = """
select order_id, 'phone' as identifier_type, '+' || regexp_replace(contact_phone, '[^0-9]', '', 'g')
    as identifier_value
from warehouse.entities.int_orders
"""
RULES = Rules(
    (
        Staging("stg_app__events", "app__events", "events", EVENTS),
        Staging("stg_app__orders", "app__orders", "orders", ORDERS),
    ),
    CONTACTS,
    (),
)


@pytest.fixture
def screened(shop, tmp_path, monkeypatch):
    """A shop without the person who had account A1, the device device-of-ann, and a phone."""
    monkeypatch.setenv(VARIABLE, SECRET)
    monkeypatch.delenv(FORMER, raising=False)
    with connect(tmp_path / "warehouse.duckdb") as connection:
        connection.execute(
            "create schema reference;create table reference.email_domain_rules (domain varchar)"
        )
    marks = Marks(tmp_path / "marks.jsonl")
    device = HashKey(SECRET.encode()).hashed("device-of-ann")
    told = {"account": ["app:A1"], "device": [device], "contact": ["+8613900004711"]}
    marks.add(own_key(), "E1", told)

    def deliver_and_land(name: str, text: str) -> str:
        path = shop.deliver(name, text)
        screen = Screen(
            Marks(marks.path), RULES, ["app"], shop.limits, tmp_path / "warehouse.duckdb"
        )
        shop.days += 1
        report = land(
            *(
                shop.feeds,
                shop.landing,
                shop.raw,
                MORNING + timedelta(days=shop.days),
                shop.said.append,
                shop.limits,
            ),
            screen,
            HashKey.from_environment(),
        )
        assert not report.held, report.messages
        return path.read_text()

    shop.describe(
        "events", ["event_id", "account", {"name": "device_id", "keyed": True}], source="app"
    )
    return deliver_and_land


LINES = "event_id,account,device_id\nE1,,device-of-ann\nE2,A1,device-new\nE3,,device-of-bob\n"


def test_who_is_delivered_again_is_taken_out(screened):
    left = screened("app/events/a.csv", LINES)
    assert left == "event_id,account,device_id\n\n\nE3,,device-of-bob\n"


def test_under_another_key_devices_are_known_still(screened, monkeypatch):
    monkeypatch.setenv(VARIABLE, OTHER)
    monkeypatch.setenv(FORMER, SECRET)
    left = screened("app/events/a.csv", LINES)
    assert left == "event_id,account,device_id\n\n\nE3,,device-of-bob\n"


def test_a_line_that_is_no_record_is_known_by_the_device_itself(screened):
    left = screened("app/events/a.csv", "event_id,account,device_id\nE1;device-of-ann\nE3,,d\n")
    assert left == "event_id,account,device_id\n\nE3,,d\n"


def test_a_guest_is_known_in_another_spelling(screened, shop):
    columns = ["order_no", "account", "contact_phone", "amount"]
    shop.describe("orders", columns, source="app")
    left = screened(
        "app/orders/a.csv",
        "order_no,account,contact_phone,amount\nO1,,86 139-0000-4711,1\nO2,A1,,2\nO3,,137,3\n",
    )
    assert left == "order_no,account,contact_phone,amount\nO1,,,1\nO2,,,2\nO3,,137,3\n"
