"""What prices do, what habits bring, what is on the shelf: each piece against what is planted."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from orchestration.world import World
from orchestration.world.campaigns import Orders
from orchestration.world.habits import PAIRS, WAITS, Habits
from orchestration.world.lives import Life, learn
from orchestration.world.market import MISSIONS, PRICE_RISE, STOCKED, Market
from orchestration.world.offers import (
    COUNTED,
    FORTNIGHT,
    KNOWN_AHEAD,
    PULLED_FORWARD,
    RESTS,
    TAKEN,
    Offers,
)
from orchestration.world.retailer import Retailer
from orchestration.world.shelves import Shelves

WORLD = World(customers=1_000, days=730, seed=7)


@pytest.fixture(scope="module")
def market() -> Market:
    return Market.of(WORLD)


@pytest.fixture(scope="module")
def offers(market: Market) -> Offers:
    return Offers.of(market)


# Offers


def test_a_leaflet_comes_every_second_monday_and_is_known_beyond_the_end(offers):
    assert (np.diff(offers.begins) == FORTNIGHT).all()
    assert -FORTNIGHT < offers.begins[0] <= 0
    assert (WORLD.dates[0] + offers.begins[0]).astype(object).weekday() == 0
    assert offers.begins[-1] - KNOWN_AHEAD < WORLD.days <= offers.begins[-1] + FORTNIGHT


def test_no_product_is_on_offer_again_at_once(offers):
    is_on = offers.depth > 0
    for rest in range(1, RESTS + 1):
        assert not (is_on[:, rest:] & is_on[:, :-rest]).any()
    assert 0.05 < is_on.mean() < 0.08


def test_of_what_an_offer_adds_one_share_is_bought_ahead_and_another_taken(offers):
    """Both in the mean: what is missing afterwards, and what the neighbours lack."""
    lift = offers.lift
    assert np.allclose(offers.pulled[:, 1:], PULLED_FORWARD * lift[:, :-1])
    share = offers.market.share_of_lines
    for mission in range(len(MISSIONS)):
        of = offers.market.mission == mission
        gained = share[of] @ lift[of]
        lost = share[of] @ (offers.depth[of] == 0) * offers.taken[mission]
        assert np.allclose(lost, TAKEN * gained)
    assert offers.taken.max() < 0.5
    assert offers.pulled.max() < 0.5


def test_demand_follows_the_price_by_the_elasticity(offers, market):
    """On offer, and after a rise of the full price; the mean of many draws is the factor."""
    random = WORLD.random("test")
    product = np.arange(len(market.price))
    for day in (100, 400, 700):
        days = np.full(len(product), day)
        factor = offers.factor(product, days)
        depth = offers.depth_on(product, days)
        risen = np.where(day >= market.rises_on, 1 + PRICE_RISE, 1)
        elasticity = offers.elasticity[market.mission]
        on = depth > 0
        assert np.allclose(factor[on], ((1 - depth) * risen)[on] ** elasticity[on])
        units = np.full(len(product), 100_000)
        drawn, effects = offers.respond(random, product, days, units, units > 0)
        assert np.allclose(drawn / units, factor, rtol=0.02)
        base, lifted, pulled, taken = effects.sum(axis=(1, 2))
        assert base + lifted == drawn[on].sum()
        assert pulled > 0 < taken


def test_what_nobody_counts_has_no_effect_in_the_truth(offers, market):
    product = np.arange(len(market.price))
    units = np.full(len(product), 10)
    _, effects = offers.respond(
        WORLD.random("test"), product, np.full(len(product), 100), units, units < 0
    )
    assert effects.shape == (len(COUNTED), len(MISSIONS), len(offers.begins))
    assert not effects.any()


# New products


def test_a_new_product_replaces_the_one_before_it_from_its_launch_on(market):
    new = np.flatnonzero(market.launched_on)
    assert 15 <= len(new) <= 60
    assert new.min() >= STOCKED
    launch = market.launched_on[new]
    assert 0.4 * WORLD.days <= launch.min() <= launch.max() < 0.95 * WORLD.days
    before = market.on_sale(new, launch - 1)
    assert (market.mission[before] == market.mission[new]).all()
    assert (market.launched_on[before] == 0).all()
    assert before.min() >= STOCKED, "stocked products gain no demand by it"
    assert (market.on_sale(new, launch) == new).all()
    assert market.on_sale(np.array([-1]), np.array([0])) == -1


def test_the_shares_of_products_are_those_that_are_drawn(market):
    mission = np.full(400_000, 3)
    chosen = market.choose_products(WORLD.random("test"), mission)
    drawn = np.bincount(chosen, minlength=len(market.price)) / len(mission)
    assert np.allclose(market.shares_of_mission.sum(axis=1), 1)
    assert np.abs(drawn - market.shares_of_mission[3]).max() < 0.003


# Habits


def a_person_who_orders_on(days: list[int]) -> Orders:
    return SimpleNamespace(
        purchases=SimpleNamespace(person=np.zeros(len(days), dtype=int), day=np.array(days)),
        is_real=np.ones(len(days), dtype=bool),
    )  # type: ignore[return-value]


def test_habits_join_products_of_different_missions_that_no_shelf_lacks(market):
    habits = Habits.of(market)
    assert (market.mission[habits.first] != market.mission[habits.second]).all()
    assert (habits.second >= STOCKED).all()
    assert (market.launched_on[[*habits.first, *habits.second]] == 0).all()
    assert len(np.unique([*habits.first, *habits.second])) == 2 * len(habits.first)
    assert (habits.lag > 0).sum() == len(habits.lag) - PAIRS


@pytest.mark.parametrize(
    "later, brought", [(5, 0), (10, 1), (30, 1), (10 + WAITS, 1), (11 + WAITS, 0)]
)
def test_what_follows_is_bought_once_it_is_wanted_and_forgotten_later(later, brought, monkeypatch):
    """One product brings another ten days later: too soon, at once, and never."""
    monkeypatch.setattr("orchestration.world.habits.LAG_SPREAD", 0)
    habit = Habits(np.array([1]), np.array([50]), np.array([1.0]), np.array([10]))
    order, product, followed = habit.add(
        WORLD.random("test"), a_person_who_orders_on([3, 3 + later]), np.array([0]), np.array([1])
    )
    assert order.tolist() == [1] * brought
    assert product.tolist() == [50] * brought
    assert followed["days"].tolist() == [later] * brought


def test_nothing_follows_in_the_orders_of_somebody_else(monkeypatch):
    monkeypatch.setattr("orchestration.world.habits.LAG_SPREAD", 0)
    habit = Habits(np.array([1]), np.array([50]), np.array([1.0]), np.array([10]))
    orders = a_person_who_orders_on([3, 13])
    orders.purchases.person[:] = [0, 1]
    order, *_ = habit.add(WORLD.random("test"), orders, np.array([0]), np.array([1]))
    assert len(order) == 0


# Shelves


@pytest.fixture
def shelves(market: Market) -> Shelves:
    """Two units of each product a day are wanted, of one product nothing; no accidents."""
    calm = Shelves(replace(market, is_empty=np.zeros_like(market.is_empty)))
    calm.wanted[:] = 2
    calm.wanted[:, 5] = 0
    calm.replenish()
    return calm


def test_goods_neither_vanish_nor_appear(shelves):
    """What is there in the morning is what was there, and what came."""
    came = np.zeros_like(shelves.wanted)
    orders = shelves.supplier_orders
    kept = orders["delivered"] < WORLD.days
    at = tuple(orders[name][kept] for name in ("store", "product", "delivered"))
    np.add.at(came, at, orders["quantity"][kept])
    sold = np.minimum(shelves.wanted, shelves.morning)
    assert (shelves.evening == shelves.morning - sold).all()
    assert (shelves.morning[:, :, 1:] == shelves.evening[:, :, :-1] + came[:, :, 1:]).all()
    assert shelves.evening.min() >= 0


def test_stores_order_once_a_week_and_suppliers_keep_or_miss_the_day(shelves, market):
    orders = shelves.supplier_orders
    assert ((orders["store"] + orders["day"]) % 7 == 0).all()
    assert (orders["due"] - orders["day"] == market.lead_time[orders["product"]]).all()
    late = orders["delivered"] - orders["due"]
    assert late.min() == 0 < late.max() <= 5
    assert (orders["quantity"] > 0).all()
    assert 5 not in orders["product"], "what nobody wants is not ordered again"


def test_who_comes_first_takes_what_is_there(shelves):
    cell = tuple(np.array(each) for each in ([0, 0, 0, 1], [1, 1, 1, 1], [9, 9, 9, 9]))
    shelves.morning[0, 1, 9] = 4
    shelves.morning[1, 1, 9] = 0
    assert shelves.serve(cell, np.array([3, 3, 2, 1])).tolist() == [3, 1, 0, 0]
    assert shelves.sold[0, 1, 9] == 4
    assert shelves.serve(cell, np.array([1, 1, 1, 1])).tolist() == [0, 0, 0, 0]


# Demand


def test_the_mean_of_demand_is_what_is_wanted_on_average():
    """Over products, months, and days of the week; a basket holds many units of a few products, so
    that chance alone moves the whole by about a per cent."""
    retailer = Retailer.of(World(customers=9_000, days=365, seed=5))
    learn(retailer, Life.of(retailer, 0))
    wanted = retailer.shelves.wanted.sum(axis=0)
    mean = sum(retailer.expected.of_store(store) for store in range(len(retailer.shelves.wanted)))
    assert abs(wanted.sum() / mean.sum() - 1) < 0.03
    by_product = wanted.sum(axis=1) / mean.sum(axis=1)
    assert 0.9 < by_product.min() < by_product.max() < 1.1
    by_month = np.add.reduceat(wanted.sum(axis=0), range(0, 360, 30))
    by_month = by_month / np.add.reduceat(mean.sum(axis=0), range(0, 360, 30))
    assert 0.85 < by_month.min() < by_month.max() < 1.15
    offered = retailer.offers.depth_on(*np.indices(wanted.shape)) > 0
    assert abs(wanted[offered].sum() / mean[offered].sum() - 1) < 0.06
