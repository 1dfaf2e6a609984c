"""What people say: tickets, reviews, surveys, comments, consents. Some of it announces that they
leave, some of it means nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.world.buying import (
    COMPETITOR,
    COMPLAINT,
    LATE,
    PRICE,
    Lives,
)
from orchestration.world.campaigns import Orders
from orchestration.world.identity import CRM, Accounts
from orchestration.world.people import People
from orchestration.world.trade import Sales

COMPLAINTS = ("quality", "wrong_item", "staff", "freshness")
NOISE = ("opening_hours", "invoice", "parking", "membership")  # tickets that mean nothing
ERASURE = "erasure_request"
NOISE_PER_YEAR = 0.12
ERASURES = 0.003  # share of accounts
REVIEWED = 0.12  # share of web orders
SURVEYED = 0.05  # share of purchases
IGNORED = 110  # of a thousand purchases, those with a survey that nobody answers
REOPENED = 13  # one in so many tickets is opened again
RECOMMENDING = 0.1  # share of purchases after which it is asked whether one would recommend …
ANSWERING = 0.33  # … and of them, those that are answered
# From 0 to 10: promoters less detractors are +30 where all went well, and −70 where it did not.
GLAD = (0.01, 0.01, 0.01, 0.02, 0.02, 0.04, 0.07, 0.14, 0.2, 0.22, 0.26)
SORRY = (0.12, 0.1, 0.12, 0.12, 0.1, 0.12, 0.1, 0.08, 0.06, 0.04, 0.04)
LEAVERS_ASKED = 0.1  # share of those who left for a cause, asked afterwards
COMMENTED = 0.012  # share of purchases
REASONS = {PRICE: "price", COMPETITOR: "competition", LATE: "experience", COMPLAINT: "experience"}
PURPOSES = (("marketing", "sms"), ("marketing", "email"), ("personalisation", "push"))
PERSONALISATION = 2
OBJECTS = 0.06  # share of members who take back this consent alone …
AFTER_ALL, AFTER_ALL_DAYS = 0.2, 90  # … and of them, who grant it again, within so many days


@dataclass(frozen=True)
class Said:
    """Statements of accounts: `account` is a position or -1, `sale` too; `score` -1 for none,
    `closed` a day or -1."""

    account: np.ndarray
    sale: np.ndarray
    topic: np.ndarray
    score: np.ndarray
    day: np.ndarray
    second: np.ndarray
    closed: np.ndarray

    @classmethod
    def of(cls, random: np.random.Generator, **columns: np.ndarray | int) -> Said:
        """Fills in what is the same for all, and a time of day between 9 and 21."""
        n = len(columns["day"])
        given = {
            "sale": -1,
            "score": -1,
            "closed": -1,
            "second": random.integers(32_400, 75_600, n),
        }
        return cls(
            **{name: np.broadcast_to(each, n) for name, each in {**given, **columns}.items()}
        )

    @classmethod
    def joined(cls, *parts: Said) -> Said:
        """What is said in any of the parts."""
        columns = zip(*(vars(part).values() for part in parts), strict=True)
        return cls(*(np.concatenate(column) for column in columns))


def open_tickets(
    random: np.random.Generator, orders: Orders, accounts: Accounts, sales: Sales, days: int
) -> Said:
    """Every complaint opens a ticket, and so do questions, at a rate that nothing depends on."""
    late = orders.purchases.is_late[sales.basket]
    about = np.flatnonzero(orders.purchases.is_complaint[sales.basket] & sales.is_purchase)
    topic = np.where(late[about], "late_delivery", random.choice(np.array(COMPLAINTS), len(about)))
    asked = np.repeat(
        np.arange(len(accounts)),
        random.poisson(
            NOISE_PER_YEAR * np.maximum(days - np.maximum(accounts.registered, 0), 0) / 365
        ),
    )
    question_day = random.uniform(np.maximum(accounts.registered[asked], 0), days).astype(int)
    erased = np.flatnonzero(random.random(len(accounts)) < ERASURES)
    erased_day = random.uniform(np.maximum(accounts.registered[erased], days * 0.7), days).astype(
        int
    )
    first = np.where(sales.store[about] < 0, sales.delivered[about], sales.day[about])
    day = np.concatenate([first + random.integers(0, 2, len(about)), question_day, erased_day])
    closed = day + random.integers(0, 6, len(day))
    is_closed = (random.random(len(day)) < 0.85) & (closed < days)
    said = Said.of(
        random,
        account=np.concatenate([sales.account[about], asked, erased]),
        sale=np.concatenate([about, np.full(len(asked) + len(erased), -1)]),
        topic=np.concatenate(
            [topic, random.choice(np.array(NOISE), len(asked)), np.full(len(erased), ERASURE)]
        ).astype(object),
        day=day,
        closed=np.where(is_closed, closed, -1),
    )
    return _within(said, days)


def write_reviews(random: np.random.Generator, orders: Orders, sales: Sales, days: int) -> Said:
    """Stars for web orders: few after a late delivery or a complaint."""
    wrote = (sales.store < 0) & sales.is_purchase & (sales.account >= 0)
    about = np.flatnonzero(wrote & (random.random(len(sales)) < REVIEWED))
    return _within(
        Said.of(
            random,
            account=sales.account[about],
            sale=about,
            topic=np.full(len(about), None, dtype=object),
            score=_stars(random, orders, sales, about),
            day=sales.delivered[about] + random.integers(0, 4, len(about)),
        ),
        days,
    )


def answer_surveys(
    random: np.random.Generator,
    apart: np.random.Generator,
    people: People,
    lives: Lives,
    orders: Orders,
    accounts: Accounts,
    sales: Sales,
    days: int,
) -> Said:
    """Satisfaction after a purchase (1 to 5, topic csat; -1 without an answer), and the question
    whether they would recommend (0 to 10, topic nps): after a purchase, drawn `apart`, and to some
    who had left, who tell their reason (topic nps:<reason>)."""
    asked = sales.is_purchase & (sales.account >= 0) & (random.random(len(sales)) < SURVEYED)
    about = np.flatnonzero(asked)
    left = np.isin(lives.cause, list(REASONS)) & (random.random(len(people)) < LEAVERS_ASKED)
    gone, first = np.unique(accounts.person, return_index=True)
    chosen = left[gone]
    gone, account = gone[chosen], first[chosen]
    reason = np.array([f"nps:{REASONS[each]}" for each in lives.cause[gone]], dtype=object)
    answered = Said.of(
        random,
        account=np.concatenate([sales.account[about], account]),
        sale=np.concatenate([about, np.full(len(account), -1)]),
        topic=np.concatenate([np.full(len(about), "csat:", dtype=object), reason]),
        score=np.concatenate(
            [_stars(random, orders, sales, about), random.integers(0, 7, len(account))]
        ),
        day=np.concatenate(
            [sales.day[about] + 1, lives.left[gone] + random.integers(20, 60, len(gone))]
        ),
    )
    recommending = _ask_to_recommend(apart, orders, sales)
    return _within(Said.joined(answered, _ignored(sales, asked), recommending), days)


def _ask_to_recommend(random: np.random.Generator, orders: Orders, sales: Sales) -> Said:
    asked = sales.is_purchase & (sales.account >= 0) & (random.random(len(sales)) < RECOMMENDING)
    about = np.flatnonzero(asked)
    n, scale = len(about), np.arange(11)
    score = np.where(
        _went_wrong(orders, sales, about),
        random.choice(scale, n, p=SORRY),
        random.choice(scale, n, p=GLAD),
    )
    return Said.of(
        random,
        account=sales.account[about],
        sale=about,
        topic=np.full(n, "nps:", dtype=object),
        score=np.where(random.random(n) < ANSWERING, score, -1),
        day=sales.day[about] + 1,
    )


def _ignored(sales: Sales, asked: np.ndarray) -> Said:
    """Surveys that nobody answers, by the number of the sale, so that no other draw moves."""
    chosen = sales.is_purchase & (sales.account >= 0) & ~asked
    about = np.flatnonzero(chosen & (sales.serial * 7919 % 1000 < IGNORED))
    none = np.full(len(about), -1)
    return Said(
        account=sales.account[about],
        sale=about,
        topic=np.full(len(about), "csat:", dtype=object),
        score=none,
        day=sales.day[about] + 1,
        second=np.zeros(len(about), dtype=int),
        closed=none,
    )


def comment_in_public(random: np.random.Generator, orders: Orders, sales: Sales, days: int) -> Said:
    """Comments on social platforms, most of them by nobody known."""
    about = np.flatnonzero(sales.is_purchase & (random.random(len(sales)) < COMMENTED))
    bad = _stars(random, orders, sales, about) <= 2
    known = (random.random(len(about)) < 0.3) & (sales.store[about] < 0)
    return _within(
        Said.of(
            random,
            account=np.where(known, sales.account[about], -1),
            topic=np.where(bad, "complaint", "praise").astype(object),
            day=sales.day[about] + random.integers(0, 6, len(about)),
        ),
        days,
    )


@dataclass(frozen=True)
class Consents:
    """What a member allowed (`purpose` indexes PURPOSES) or took back, and when."""

    account: np.ndarray
    purpose: np.ndarray
    is_granted: np.ndarray
    day: np.ndarray


def ask_consent(
    random: np.random.Generator, people: People, accounts: Accounts, days: int
) -> Consents:
    """Members answer for each purpose when they join; some withdraw all of it later, and others
    want no offers made for them alone, or think better of it again."""
    members = np.flatnonzero(accounts.system == CRM)
    asked = np.repeat(members, len(PURPOSES))
    person = accounts.person[asked]
    withdraws = (
        people.consents[person]
        & (people.withdraws[person] > accounts.registered[asked])
        & (people.withdraws[person] < days)
    )
    purpose = np.tile(np.arange(len(PURPOSES)), len(members))
    objects = (purpose == PERSONALISATION) & people.consents[person] & ~withdraws
    objects &= (random.random(len(asked)) < OBJECTS) & (accounts.registered[asked] < days)
    alone = asked[objects]
    objects_on = random.integers(np.maximum(accounts.registered[alone], 0), days) + 1
    again_on = objects_on + random.integers(1, AFTER_ALL_DAYS, len(alone))
    again = random.random(len(alone)) < AFTER_ALL
    parts = (
        (asked, purpose, people.consents[person], accounts.registered[asked]),
        (asked[withdraws], purpose[withdraws], False, people.withdraws[person][withdraws]),
        (alone, PERSONALISATION, False, objects_on),
        (alone[again], PERSONALISATION, True, again_on[again]),
    )
    rows = [np.broadcast_arrays(*part) for part in parts]
    account, purpose, is_granted, day = (
        np.concatenate(column) for column in zip(*rows, strict=True)
    )
    said = day < days
    return Consents(account[said], purpose[said], is_granted[said], day[said])


def _stars(
    random: np.random.Generator, orders: Orders, sales: Sales, about: np.ndarray
) -> np.ndarray:
    return np.where(
        _went_wrong(orders, sales, about),
        random.choice([1, 2, 3], len(about), p=[0.5, 0.3, 0.2]),
        random.choice([2, 3, 4, 5], len(about), p=[0.03, 0.12, 0.35, 0.5]),
    )


def _went_wrong(orders: Orders, sales: Sales, about: np.ndarray) -> np.ndarray:
    bad = orders.purchases.is_complaint | orders.purchases.is_late
    return bad[sales.basket[about]]


def _within(said: Said, days: int) -> Said:
    """What is said before the world ends, in the order in which it is said."""
    kept = np.flatnonzero(said.day < days)
    kept = kept[np.argsort(said.day[kept], kind="stable")]
    return Said(*(column[kept] for column in vars(said).values()))
