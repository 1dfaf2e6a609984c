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
PURPOSES, CHANNELS = ("marketing", "personalisation"), ("sms", "email", "ads")
# What nobody has declared, and the offsets of two systems in hours from UTC.
UNHEARD_OF, OFFSETS = "letters", {"tokyo": 9, "new_york": -5}
MODELS = ("int_consent_answers", "int_permissions")


@dataclass(frozen=True)
class Answer:
    consent_id: str
    account_id: str
    purpose: str | None
    channel: str | None
    consent_status: str
    changed_at: datetime | None
    changed_on: date | None
    valid_from: date | None
    valid_to: date | None
    row_status: str
    reason_code: str | None
    _staging_model: str
    _batch: str
    _line: int
    _landed_at: datetime

    @property
    def is_refused(self) -> bool:
        return self.row_status != "accepted"

    @property
    def is_no(self) -> bool:
        return self.consent_status == "withdrawn"

    @property
    def is_known(self) -> bool:
        """Whether it counts: a no does whatever is wrong with it, and a yes within its days."""
        if self.is_no:
            return True
        if self.is_refused or self.purpose is None:
            return False
        return max(self.changed_on + timedelta(days=1), self.valid_from or date.min) <= AS_OF

    @property
    def clock(self) -> str:
        return self._batch if self.is_refused else self._staging_model

    @property
    def instant(self) -> datetime:
        """When it was said. Whatever is not known of that is read against the one who asks."""
        if self.is_refused:
            return self._landed_at
        midnight = datetime.combine(self.changed_on, datetime.min.time())
        last, first = midnight + timedelta(hours=36), midnight - timedelta(hours=14)
        return self.changed_at or (last if self.is_no else first)

    def is_about(self, purpose: str, channel: str) -> bool:
        if not self.is_no:
            is_named = self.channel == channel or (self.channel is None and channel != "ads")
            return self.purpose == purpose and is_named
        return self.purpose in (None, purpose, UNHEARD_OF) and self.channel in (
            None,
            channel,
            UNHEARD_OF,
        )


def in_turn(answers: list[Answer]) -> list[Answer]:
    """Those that count in the order in which they were said: by days where one clock dated them."""
    known = [answer for answer in answers if answer.is_known]
    has_one_clock = len({answer.clock for answer in known}) == 1

    def turn(answer: Answer) -> tuple:
        day = (answer.changed_on or date.min) if has_one_clock else date.min
        return day, answer.instant, answer.is_no, date.max - (answer.valid_to or date.max)

    return sorted(known, key=turn)


@dataclass
class Standing:
    """What an account says at a time to one purpose through one channel."""

    last: Answer | None = None
    is_refused_by_name: bool = False

    def hear(self, answer: Answer) -> None:
        self.last = answer
        if answer.channel in CHANNELS:
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
                for answer in in_turn(answers):
                    if answer.is_about(purpose, channel):
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
        on, system = day(), dice.choice(["tokyo", "tokyo", "new_york"])
        hours = 12 * dice.randint(0, 1) - OFFSETS[system]
        at = datetime.combine(on, datetime.min.time()) + timedelta(hours=hours)
        is_refused = dice.random() < 0.1
        return Answer(
            f"c{number:06}",
            account,
            dice.choice([*PURPOSES, None, UNHEARD_OF]),
            dice.choice([*CHANNELS, None, UNHEARD_OF]),
            dice.choice(["granted", "granted", "withdrawn"]),
            None if is_refused else dice.choice([at, at, None]),
            None if is_refused else on,
            dice.choice([None, None, day()]),
            dice.choice([None, None, day()]),
            "quarantined" if is_refused else "accepted",
            "time_unreadable" if is_refused else None,
            system,
            f"b{number}",
            2,
            datetime.combine(day(), datetime.min.time()),
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
        create schema entities; create schema intermediate; create schema reference;
        create table reference.contact_channels as
        select unnest({list(CHANNELS)}) as channel;
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
    types = ("text",) * 5 + ("timestamp",) + ("date",) * 3 + ("text",) * 4
    types += ("bigint", "timestamp")
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
    return {
        tuple(cell): reason or "granted"
        for *cell, reason, _ in rows
        if UNHEARD_OF not in cell  # a yes to it is nobody else's
    }


def compiled_as(compiled: Compile, consent_of_accounts: str) -> Mapping[str, str]:
    return compiled(
        MODELS,
        {
            "consent_of_accounts": consent_of_accounts,
            "consent_purposes": list(PURPOSES),
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
