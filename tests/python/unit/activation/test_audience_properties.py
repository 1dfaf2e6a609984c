"""Whom audiences address, over 10,000 random people, told a second time in Python; and arms that
stay over a hundred refreshes without being remembered."""

from __future__ import annotations

import csv
import random
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest
from conftest import Compile

AS_OF = date(2026, 7, 1)
CAP, MINOR_YEARS = 3, 18
VARIABLES = {
    "contact_cap": CAP,
    "contact_cap_days": 30,
    "minor_age_years": MINOR_YEARS,
    "quiet_events": ["qingming"],
    "quiet_weekdays": [],
    "holdout_salt": "salt",
}
AUDIENCES = {
    "a": ("sms", 0.2, None, True),
    "b": ("email", 0.1, 3_000, False),
    "c": ("sms", 0, None, False),
}
TIERS, STATES = ("none", "basic", "gold"), ("active", "dormant", "lost")
MODELS = ("int_contact_limits", "audiences")

TABLES = """
create schema intermediate; create schema reference; create schema entities;
create table intermediate.int_as_of_dates as
select date '2026-07-01' as as_of_date, true as is_latest;
create table reference.calendar_events as
select 'cn' as calendar, 'qingming' as event,
    date '2026-04-04' as first_on, date '2026-04-06' as last_on;
create table reference.contact_refusals (
    refusal text, refusal_name_en text, refusal_name_zh text
);
create table intermediate.int_permissions (
    customer_id text, purpose text, channel text, is_permitted boolean, reason text
);
create table intermediate.int_customers (customer_id text, birth_date date);
create table intermediate.int_account_customers (account_id text, customer_id text);
create table reference.suppressions (account_id text, suppressed_until date);
create table entities.int_touches_validated (
    account_id text, campaign_id text, touch_type text, arm text, source_system text,
    occurred_on date, row_status text
);
create table intermediate.int_personalised_customers (customer_id text);
create table intermediate.int_recorded_arms (
    audience text, customer_id text, arm text, is_counted boolean
);
create table intermediate.audience_members (
    audience text, purpose text, channel text, holdout_share decimal(5, 4), max_members bigint,
    is_personal boolean, customer_id text, play text, expected_value_amount decimal(18, 2),
    membership_tier text, state text
)
"""


class Shop:
    """The tables that the models read, filled by the test."""

    def __init__(self, queries: dict[str, str], folder: Path):
        self.queries, self.folder = queries, folder
        self.connection = duckdb.connect()
        self.connection.execute("set threads = 1; attach ':memory:' as warehouse; use warehouse")
        self.connection.execute(TABLES)

    def fill(self, table: str, rows: list[tuple]) -> None:
        self.connection.execute(f"truncate {table}")
        if rows:
            path = self.folder / "rows.csv"
            with path.open("w", newline="") as file:
                csv.writer(file).writerows(rows)
            self.connection.execute(f"copy {table} from '{path}' (format csv, header false)")

    def build(self, *models: str) -> None:
        for model in models:
            schema = "intermediate" if model.startswith("int_") else "main"
            self.connection.execute(
                f"create or replace table {schema}.{model} as {self.queries[model]}"
            )

    def rows(self, query: str) -> list[tuple]:
        return self.connection.execute(query).fetchall()


@pytest.fixture
def shop(compiled: Compile, tmp_path: Path) -> Shop:
    return Shop(dict(compiled(MODELS, VARIABLES)), tmp_path)


@dataclass
class Person:
    customer_id: str
    answers: dict[str, str | None]  # by channel: a reason, or None for a yes
    birth_date: date | None
    suppressed_until: date | str | None  # a day, 'always' or None
    sent: list[date]
    exported: dict[str, tuple[str, date]]  # by audience, the arm and when
    is_personalised: bool
    values: dict[str, float]  # by audience that names them

    def first_refusal(self, audience: str) -> str | None:
        channel, _, _, is_personal = AUDIENCES[audience]
        if channel not in self.answers:
            return "never_asked"
        if self.answers[channel]:
            return self.answers[channel]
        if self.suppressed_until == "always" or (
            isinstance(self.suppressed_until, date) and self.suppressed_until >= AS_OF
        ):
            return "suppressed"
        if self.birth_date and self.birth_date > AS_OF.replace(year=AS_OF.year - MINOR_YEARS):
            return "minor"
        return "no_personalisation" if is_personal and not self.is_personalised else None

    @property
    def contacts(self) -> int:
        """Of others: what an audience handed over is told of in `expected`."""
        return len([day for day in self.sent if 0 < (AS_OF - day).days <= 30])

    def is_counted(self, audience: str) -> bool:
        return audience in self.exported and (AS_OF - self.exported[audience][1]).days <= 30


def people(count: int, dice: random.Random) -> list[Person]:
    def maybe(value, chance=0.3):
        return value if dice.random() < chance else None

    found = []
    for number in range(count):
        answers = {
            channel: dice.choice([None, None, None, "withdrawn", "expired"])
            for channel in ("sms", "email")
            if dice.random() < 0.8
        }
        values = {each: dice.randint(-5, 20) for each in AUDIENCES if dice.random() < 0.6}
        found.append(
            Person(
                f"p{number:05}",
                answers,
                maybe(date(2008, dice.choice([6, 7]), dice.choice([1, 2, 30]))),
                maybe(dice.choice(["always", date(2026, 6, 30), AS_OF]), 0.1),
                [
                    date(2026, dice.choice([5, 6, 7]), dice.choice([1, 2, 30]))
                    for _ in range(dice.randint(0, 4))
                ],
                {
                    each: (
                        dice.choice(["treatment", "control"]),
                        dice.choice([date(2026, 5, 1), date(2026, 6, 15), AS_OF]),
                    )
                    for each in values
                    if dice.random() < 0.2
                },
                dice.random() < 0.8,
                values,
            )
        )
    return found


def expected(everybody: list[Person]) -> dict[tuple[str, str], str | None]:
    """Who is refused for what, living through it: people by people, then audience by audience."""
    said = {(a, p.customer_id): p.first_refusal(a) for p in everybody for a in p.values}
    for person in everybody:
        allowed = [each for each in person.values if said[each, person.customer_id] is None]
        # Handed over by an audience that must not address them now, it was a message all the same.
        others = [a for a in person.exported if a not in allowed and person.is_counted(a)]
        room = CAP - person.contacts - len(others)
        allowed.sort(key=lambda a: (a not in person.exported, -person.values[a], a))
        for audience in allowed[max(room, 0) :]:
            said[audience, person.customer_id] = "too_many_contacts"
    for audience, (_, _, size, _) in AUDIENCES.items():
        stay = [p for p in everybody if audience in p.values and not said[audience, p.customer_id]]
        stay.sort(key=lambda p: (audience not in p.exported, -p.values[audience], p.customer_id))
        for person in stay[size:] if size else []:
            said[audience, person.customer_id] = "beyond_size"
    return said


def test_nobody_is_addressed_who_must_not_be(shop: Shop) -> None:
    everybody = people(10_000, random.Random(20))
    for table, rows in {
        "intermediate.int_permissions": [
            (p.customer_id, "marketing", channel, reason is None, reason)
            for p in everybody
            for channel, reason in p.answers.items()
        ],
        "intermediate.int_customers": [(p.customer_id, p.birth_date) for p in everybody],
        "intermediate.int_account_customers": [
            (f"a-{p.customer_id}", p.customer_id) for p in everybody
        ],
        "reference.suppressions": [
            (f"a-{p.customer_id}", None if p.suppressed_until == "always" else p.suppressed_until)
            for p in everybody
            if p.suppressed_until
        ],
        "entities.int_touches_validated": [
            *(
                (f"a-{p.customer_id}", "m:x", "sent", None, "marketing", day, "accepted")
                for p in everybody
                for day in p.sent
            ),
            *(
                (f"a-{p.customer_id}", f"r:{a}", "assigned", arm, "regulars", day, "accepted")
                for p in everybody
                for a, (arm, day) in p.exported.items()
            ),
        ],
        "intermediate.int_personalised_customers": [
            (p.customer_id,) for p in everybody if p.is_personalised
        ],
        "intermediate.int_recorded_arms": [
            (audience, p.customer_id, arm, p.is_counted(audience))
            for p in everybody
            for audience, (arm, _) in p.exported.items()
        ],
        "intermediate.audience_members": [
            (
                a,
                "marketing",
                channel,
                share,
                size,
                is_personal,
                p.customer_id,
                "winback",
                p.values[a],
                "none",
                "lost",
            )
            for p in everybody
            for a, (channel, share, size, is_personal) in AUDIENCES.items()
            if a in p.values
        ],
    }.items():
        shop.fill(table, rows)
    shop.build(*MODELS)
    found = {
        (a, p): refusal
        for a, p, refusal in shop.rows("select audience, customer_id, refusal from audiences")
    }
    assert found == expected(everybody)
    assert len(set(found.values())) == 8  # every reason but the quiet day, and none


def test_who_is_left_alone_stays_so_over_a_hundred_refreshes(shop: Shop) -> None:
    """People come and go, rise and fall, wake and sleep; nobody remembers how they were drawn."""
    shop.connection.execute("""
        create view intermediate.int_contact_limits as
        select customer_id, purpose, channel, 0 as contact_count, null::text as refusal
        from intermediate.audience_members
    """)
    dice = random.Random(7)
    share = 0.2
    alive: dict[str, tuple[str, str]] = {}
    arms: dict[str, str] = {}
    alone: list[str] = []  # whoever came to platinum alone on their day, one leaving for one
    born = 0
    for _ in range(100):
        for name in [each for each in alive if dice.random() < 0.05]:
            alive[name] = (dice.choice(TIERS), dice.choice(STATES))
        for name in [each for each in alive if dice.random() < 0.03]:
            del alive[name]
        if alone:
            alive.pop(alone[-1], None)
        alone.append(f"q{len(alone):05}")
        alive[alone[-1]] = ("platinum", "lost")
        for _ in range(dice.choice([1, 2, 60])):
            born += 1
            alive[f"p{born:05}"] = (dice.choice(TIERS), dice.choice(STATES))
        shop.fill(
            "intermediate.audience_members",
            [
                ("a", "marketing", "sms", share, None, False, p, "winback", 1, *cell)
                for p, cell in alive.items()
            ],
        )
        shop.build("audiences")
        drawn = dict(shop.rows("select customer_id, arm from audiences"))
        assert drawn.keys() == alive.keys()
        assert all(arms.setdefault(name, arm) == arm for name, arm in drawn.items())
    everybody = Counter(arms.values())
    assert everybody["control"] / len(arms) == pytest.approx(share, abs=4 * deviation(len(arms)))
    # Each has the same chance in every tier and state, also where one comes for one who goes.
    by_cell: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for name, cell in alive.items():
        by_cell[cell].append(arms[name] == "control")
    by_cell["platinum", "lost"] = [arms[name] == "control" for name in alone]
    for held in by_cell.values():
        assert sum(held) / len(held) == pytest.approx(share, abs=4 * deviation(len(held)))


def deviation(count: int, share: float = 0.2) -> float:
    """Of a share among so many, by chance."""
    return (share * (1 - share) / count) ** 0.5
