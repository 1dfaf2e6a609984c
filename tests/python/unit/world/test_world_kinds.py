"""Kinds of people: in a world that is asked for them, and in no other."""

from __future__ import annotations

import numpy as np
import pytest

from orchestration.world import World
from orchestration.world.kinds import KINDS
from orchestration.world.lives import Life
from orchestration.world.people import NO_KIND, People
from orchestration.world.retailer import Retailer

PLAIN = World(customers=1_000, days=365, seed=5)
OF_KINDS = World(customers=1_000, days=365, seed=5, has_kinds=True)
OFFICE, FAMILIES, BARGAIN, LATE = range(len(KINDS))


@pytest.fixture(scope="module")
def retailer() -> Retailer:
    return Retailer.of(OF_KINDS)


@pytest.fixture(scope="module")
def life(retailer: Retailer) -> Life:
    return Life.of(retailer, 0)


def share(life: Life, kind: int, which: np.ndarray) -> float:
    """Of the purchases of a kind the share of these."""
    return which[life.people.kind[life.orders.purchases.person] == kind].mean()


def test_a_world_without_kinds_has_none() -> None:
    people = Life.of(Retailer.of(PLAIN), 0).people
    assert (people.kind == NO_KIND).all()
    assert not (people.lunches.any() or people.comes_late.any() or people.at_weekends.any())


def test_who_is_of_no_kind_is_who_they_were(retailer: Retailer, life: Life) -> None:
    before = vars(People.of(PLAIN, retailer.market, 0))
    same = life.people.kind == NO_KIND
    assert 0.08 < same.mean() < 0.16
    for name in set(before) - {"kind"}:
        assert (getattr(life.people, name)[same] == before[name][same]).all(), name
    for name in ("rate", "drift", "acquired", "store", "amount", "missions"):
        assert (getattr(life.people, name) == before[name]).all(), name


def test_families_shop_at_weekends_and_others_are_rarely_moved(
    retailer: Retailer, life: Life
) -> None:
    at_weekends = retailer.calendar.weekdays[life.orders.purchases.day] >= 5
    assert share(life, FAMILIES, at_weekends) > 0.85
    assert share(life, OFFICE, at_weekends) < 0.45


def test_kinds_come_at_their_hours_and_to_their_places(life: Life) -> None:
    orders, in_store = life.orders, life.store >= 0
    hour = orders.second // 3_600
    assert share(life, OFFICE, in_store & (hour >= 12) & (hour < 14)) > 0.5
    assert share(life, LATE, in_store & (hour >= 18)) > 0.8
    assert share(life, BARGAIN, ~in_store) > 0.9


def test_purchases_are_in_the_order_of_their_days(life: Life) -> None:
    purchases = life.orders.purchases
    assert (np.diff(purchases.day)[np.diff(purchases.person) == 0] >= 0).all()
    assert (purchases.day < OF_KINDS.days).all()


def test_a_working_day_is_put_off_to_the_saturday_of_its_week(retailer: Retailer) -> None:
    calendar, day = retailer.calendar, np.arange(60)
    later = calendar.weekend_of(day)
    assert (calendar.weekdays[later] == np.maximum(calendar.weekdays[day], 5)).all()
    assert (calendar.week_of(later) == calendar.week_of(day)).all()
