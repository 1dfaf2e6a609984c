"""The visits of some hundred people, where a mistake would be silent."""

from __future__ import annotations

import numpy as np
import pytest

from orchestration.world import World
from orchestration.world.browsing import CHECKOUT, CONFIRMATION, LONGEST_PAUSE
from orchestration.world.campaigns import Arms
from orchestration.world.lives import Life, act, learn
from orchestration.world.newsletters import _contacts_before
from orchestration.world.record import Chunk
from orchestration.world.retailer import Retailer
from orchestration.world.visits import BROKEN_ENTRY, DIRECT, ORDER, STUCK, breaks_on

WORLD = World(customers=1_000, days=365, seed=5)
CALM = World(customers=1_000, days=365, seed=5, is_calm=True)


def lived(world: World) -> Chunk:
    retailer = Retailer.of(world)
    life = Life.of(retailer, 0)
    learn(retailer, life)
    retailer.shelves.replenish()
    return act(retailer, 0, life, 0)


@pytest.fixture(scope="module")
def chunk() -> Chunk:
    return lived(WORLD)


@pytest.fixture(scope="module")
def calm() -> Chunk:
    return lived(CALM)


def seconds(chunk: Chunk) -> np.ndarray:
    """When each event happens, since the first day began."""
    return chunk.events.day * 86_400 + chunk.events.second


def test_events_of_a_visit_follow_each_other_and_pauses_are_short_but_for_few(chunk):
    same = chunk.events.visit[1:] == chunk.events.visit[:-1]
    pauses = np.diff(seconds(chunk))[same]
    assert pauses.min() >= 0
    assert 0 < (pauses > 1_800).mean() < 0.003
    assert not ((pauses > LONGEST_PAUSE) & (pauses < 1_800)).any()


def test_an_order_lies_between_its_checkout_and_the_confirmation(chunk):
    events, visits, sales = chunk.events, chunk.visits, chunk.sales
    bought = visits.purpose[events.visit] == ORDER
    sale = visits.sale[events.visit]
    until_order = sales.day[sale] * 86_400 + sales.second[sale] - seconds(chunk)
    checkout = bought & (events.kind == CHECKOUT)
    assert checkout.sum() > 100
    assert (until_order[checkout] > 0).all()
    assert (until_order[checkout] <= 150).all()
    assert (until_order[events.page == CONFIRMATION] < 0).all()


def test_who_buys_with_an_account_has_logged_in_by_the_checkout_and_a_guest_never(chunk):
    events, visits = chunk.events, chunk.visits
    bought = visits.purpose[events.visit] == ORDER
    account = chunk.sales.account[visits.sale[events.visit]]
    at_checkout = bought & (events.kind == CHECKOUT)
    assert (events.account[at_checkout] == account[at_checkout]).all()
    assert (events.account[bought & (account < 0)] == -1).all()


def test_nobody_is_logged_in_with_an_account_to_come(chunk):
    known = chunk.events.account >= 0
    registered = chunk.accounts.registered[chunk.events.account[known]]
    assert (registered <= chunk.events.day[known]).all()


def test_who_is_stuck_comes_back_directly_and_buys(chunk):
    visits = chunk.visits
    stuck = np.flatnonzero(visits.purpose == STUCK)
    assert len(stuck) > 0
    assert (visits.entry[stuck] == BROKEN_ENTRY).all()
    assert (visits.day[stuck] >= breaks_on(WORLD)).all()
    back = [
        np.flatnonzero((visits.purpose == ORDER) & (visits.sale == sale))
        for sale in visits.sale[stuck]
    ]
    assert [len(each) for each in back] == [1] * len(stuck)
    assert (visits.entry[np.concatenate(back)] == DIRECT).all()


def test_a_calm_world_has_the_same_purchases_and_nobody_stuck(chunk, calm):
    for name, column in vars(chunk.sales).items():
        assert (vars(calm.sales)[name] == column).all(), name
    assert (calm.origins.caused_by == chunk.origins.caused_by).all()
    assert not (calm.visits.purpose == STUCK).any()


def test_contacts_of_thirty_days_weary_and_those_of_others_do_not():
    """The first person gets newsletters on days 0, 10 and 40, and a campaign on day 39, which
    another one is only held back from; the second gets one on day 0."""
    arms = Arms(np.array([0, 0]), np.array([0, 1]), np.array([True, False]))
    person, day = np.array([0, 0, 0, 1]), np.array([0, 10, 40, 0])
    contacts = _contacts_before(person, day, arms, starts=np.array([39]), days=365)
    assert contacts.tolist() == [0, 1, 2, 0]
