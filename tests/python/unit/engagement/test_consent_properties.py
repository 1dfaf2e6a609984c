"""Who permits what, over 10,000 random histories, told a second time in Python by living through
them: each answer in its turn changes what stands, and what stands at the end is the permission."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path

import duckdb
import pytest
from conftest import Compile

CUSTOMERS = 10_000
AS_OF = date(2026, 2, 1)
PURPOSES, CHANNELS = ("marketing", "personalisation"), ("sms", "email", "push")
MODELS = ("int_consent_answers", "int_permissions")


@dataclass(frozen=True)
class Answer:
    consent_id: str
    account_id: str
    purpose: str | None
    channel: str | None
    consent_status: str
    changed_at: datetime | None
    changed_on: date
    valid_from: date | None
    valid_to: date | None
    row_status: str

    @property
    def is_no(self) -> bool:
        return self.consent_status == "withdrawn"

    @property
    def is_known(self) -> bool:
        if self.row_status != "accepted":
            return False
        begins = max(self.changed_on + timedelta(days=1), self.valid_from or date.min)
        return self.is_no or (self.purpose is not None and begins <= AS_OF)

    @property
    def turn(self) -> tuple:
        """When it was said. Whatever is not known of that is read against the one who asks."""
        instant = self.changed_at or (datetime.max if self.is_no else datetime.min)
        return self.changed_on, instant, self.is_no, date.max - (self.valid_to or date.max)


@dataclass
class Standing:
    """What an account says at a time to one purpose through one channel."""

    last: Answer | None = None
    is_refused_by_name: bool = False

    def hear(self, answer: Answer) -> None:
        self.last = answer
        if answer.channel:
            self.is_refused_by_name = answer.is_no

    @property
    def word(self) -> str | None:
        if self.last is None:
            return None
        if self.last.is_no or self.is_refused_by_name:
            return "withdrawn"
        return "expired" if (self.last.valid_to or AS_OF) < AS_OF else "granted"


def permissions(speakers: Iterable[list[Answer]]) -> dict[tuple[str, str], str]:
    """What a customer says by all that speak for them: the strictest word that was said."""
    said: dict[tuple[str, str], set[str | None]] = {}
    for answers in speakers:
        for purpose in PURPOSES:
            for channel in CHANNELS:
                standing = Standing()
                for answer in sorted(answers, key=lambda each: each.turn):
                    is_about = answer.purpose in (None, purpose)
                    if answer.is_known and is_about and answer.channel in (None, channel):
                        standing.hear(answer)
                said.setdefault((purpose, channel), set()).add(standing.word)
    strictest = ("withdrawn", "granted", "expired")
    words = {cell: next((w for w in strictest if w in all_), None) for cell, all_ in said.items()}
    return {cell: word for cell, word in words.items() if word}


@cache
def histories(seed: int) -> dict[str, dict[str, list[Answer]]]:
    """Customers with up to three accounts; few days and half days, so that much falls together."""
    dice = random.Random(seed)
    number = 0

    def day() -> date:
        return AS_OF + timedelta(days=dice.randint(-6, 2))

    def answer(account: str) -> Answer:
        nonlocal number
        number += 1
        on = day()
        at = datetime.combine(on, datetime.min.time()) + timedelta(hours=12 * dice.randint(0, 1))
        return Answer(
            f"c{number:06}",
            account,
            dice.choice([*PURPOSES, None]),
            dice.choice([*CHANNELS, None]),
            dice.choice(["granted", "granted", "withdrawn"]),
            dice.choice([at, at, None]),
            on,
            dice.choice([None, None, day()]),
            dice.choice([None, None, day()]),
            dice.choice(["accepted"] * 9 + ["quarantined"]),
        )

    return {
        f"p{person}": {
            account: [answer(account) for _ in range(dice.randint(0, 5))]
            for account in (f"a{person}_{n}" for n in range(dice.randint(1, 3)))
        }
        for person in range(CUSTOMERS)
    }


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    """The random histories, as the models read them; `people` tells whose accounts they are."""
    folder: Path = tmp_path_factory.mktemp("consents")
    connection = duckdb.connect()
    connection.execute("set threads = 1; attach ':memory:' as warehouse; use warehouse")
    connection.execute(f"""
        create schema entities; create schema intermediate;
        set search_path = 'warehouse.intermediate,warehouse.entities';
        create table intermediate.int_as_of_dates as
        select date '{AS_OF}' as as_of_date, true as is_latest
    """)
    people = histories(20)
    answers = [a for accounts in people.values() for each in accounts.values() for a in each]
    owners = [(account, person) for person, accounts in people.items() for account in accounts]
    for name, rows in {"answers": map(astuple, answers), "owners": owners}.items():
        with (folder / f"{name}.csv").open("w", newline="") as file:
            csv.writer(file).writerows(rows)
    types = ("text",) * 5 + ("timestamp",) + ("date",) * 3 + ("text",)
    columns = dict(zip(Answer.__dataclass_fields__, types, strict=True))
    connection.execute(f"""
        create table entities.int_consents_validated as
        from read_csv('{folder}/answers.csv', header = false, columns = {columns});
        create table intermediate.int_account_customers as
        from read_csv('{folder}/owners.csv', header = false,
            columns = {{'account_id': 'text', 'customer_id': 'text'}})
    """)
    return connection


def found(connection: duckdb.DuckDBPyConnection, queries: Mapping[str, str]) -> dict:
    """By customer, purpose and channel, what the models say."""
    for model in MODELS:
        connection.execute(f"create or replace table intermediate.{model} as {queries[model]}")
    rows = connection.execute(
        "select customer_id, purpose, channel, reason, is_permitted from int_permissions"
    ).fetchall()
    assert all(is_permitted == (reason is None) for *_, reason, is_permitted in rows)
    return {tuple(cell): reason or "granted" for *cell, reason, _ in rows}


def compiled_as(compiled: Compile, consent_of_accounts: str) -> Mapping[str, str]:
    return compiled(
        MODELS,
        {
            "consent_of_accounts": consent_of_accounts,
            "consent_purposes": list(PURPOSES),
            "consent_channels": list(CHANNELS),
        },
    )


def test_the_strictest_of_the_accounts_stands(shop, compiled: Compile) -> None:
    """And a wrong link that is undone leaves nothing of itself: each account is a customer of its
    own then, with its own answers alone, and permits nothing that it did not say."""
    queries = compiled_as(compiled, "strictest")
    people = histories(20)
    expected = {
        (person, *cell): word
        for person, accounts in people.items()
        for cell, word in permissions(accounts.values()).items()
    }
    assert len(set(expected.values())) == 3
    assert found(shop, queries) == expected

    shop.execute("""
        create table merged as from intermediate.int_account_customers;
        update intermediate.int_account_customers set customer_id = account_id
    """)
    apart = {
        (account, *cell): word
        for accounts in people.values()
        for account, answers in accounts.items()
        for cell, word in permissions([answers]).items()
    }
    assert found(shop, queries) == apart
    shop.execute("create or replace table intermediate.int_account_customers as from merged")


def test_where_the_latest_counts_all_accounts_speak_as_one(shop, compiled: Compile) -> None:
    expected = {
        (person, *cell): word
        for person, accounts in histories(20).items()
        for cell, word in permissions([sum(accounts.values(), [])]).items()
    }
    assert found(shop, compiled_as(compiled, "latest")) == expected
