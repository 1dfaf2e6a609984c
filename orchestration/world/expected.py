"""The mean of the demand of stocked products: what a forecast can know at best.

Given who is a customer on a day, at the prices of the day, before it is drawn who comes, what is
wanted, and before anybody looks at the shelf.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from math import erf

import numpy as np

from orchestration.world.baskets import (
    LINES_SPREAD,
    LUNCH_LINES,
    MEDIAN_LINES,
    MORE_UNITS,
    MOST_LINES,
    ON_MISSION,
    SECOND_MISSION,
)
from orchestration.world.buying import Lives
from orchestration.world.calendar import ONLINE, Calendar
from orchestration.world.campaigns import CAMPAIGNS, WINDOW_DAYS, Arms
from orchestration.world.market import STOCKED, Market
from orchestration.world.offers import Offers
from orchestration.world.people import People
from orchestration.world.trade import AWAY_FROM_HOME_STORE

SIZES = np.arange(-2, 2.05, 0.1)  # logarithms of people's size of basket
AT_HOME, ELSEWHERE, STEADY = range(3)  # the traffic that people follow: of the store, online, none
LUNCH = len(SIZES)


@dataclass
class Expected:
    """Adds up, people by people, what is wanted a day at the prices of the first day and in usual
    traffic: `change` (stores, traffic, days + 1, STOCKED) is the change from the day before."""

    calendar: Calendar
    market: Market
    offers: Offers
    change: np.ndarray = field(init=False)
    lines: np.ndarray = field(init=False)
    times: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        stores, products, days = self.market.is_empty.shape
        self.change = np.zeros((stores, 3, days + 1, products))
        share = self.market.shares_of_mission[:, :STOCKED]
        share = ON_MISSION * share + (1 - ON_MISSION) * share.mean(axis=0)
        counts = [_line_counts(size) for size in SIZES]
        lunch = np.zeros(MOST_LINES)
        lunch[LUNCH_LINES - 1] = 1
        chance = np.array([*counts, lunch])
        lines = np.arange(1, MOST_LINES + 1)
        # Lines of each product in a basket, and how often it has any: by size, mission, product.
        self.lines = (chance @ lines)[:, None, None] * share
        none = (1 - share[:, :, None]) ** lines
        self.times = 1 - np.einsum("sn,mpn->smp", chance, none)

    def add(self, people: People, lives: Lives, arms: Arms) -> None:
        """Adds the people of a chunk: while they stay, when they are won, and what campaigns do."""
        size = np.abs(np.log(people.lines)[:, None] - SIZES).argmin(axis=1)
        here = 1 - people.online
        basket = self._basket(people, size)
        start, until = np.maximum(people.acquired, 0), lives.left + 1
        traffic = np.where(people.format == ONLINE, ELSEWHERE, AT_HOME)
        comes = people.rate * here * ~people.never_buys
        self._from_to(people.store, traffic, start, until, basket * comes[:, None])
        days = self.market.world.days
        new = (~people.is_known_before & ~people.never_buys) * here / days
        steady = np.full_like(traffic, STEADY)
        first = np.zeros_like(start)
        self._from_to(people.store, steady, first, first + days, basket * new[:, None])
        lunch = self._basket(people, np.full_like(size, LUNCH))
        for number, campaign in enumerate(CAMPAIGNS):
            who = arms.person[(arms.campaign == number) & arms.is_treated]
            opens = np.full(len(who), campaign.starts(self.market.world))
            closes = np.maximum(np.minimum(opens + WINDOW_DAYS, until[who]), opens)
            at = people.store[who]
            lift = np.where(
                people.is_price_sensitive[who], campaign.lift_price_sensitive, campaign.lift
            )
            more = (lunch if campaign.is_lunch_coupon else basket * here[:, None])[who]
            more = more * lift[:, None] / WINDOW_DAYS
            self._from_to(at, steady[who], opens, closes, more)
            if campaign.loss:
                less = (basket * comes[:, None])[who] * -campaign.loss
                self._from_to(at, traffic[who], opens, closes, less)

    def of_store(self, store: int) -> np.ndarray:
        """The mean demand of each product and day: shape (STOCKED, days)."""
        away, elsewhere = AWAY_FROM_HOME_STORE, self._of_regions[self.market.store_region[store]]
        change = (1 - away) * self.change[store] + away * elsewhere
        stores, home = change.cumsum(axis=1)[:, :-1], self.market.store_format[store]
        rates = self.calendar.rates[[home, ONLINE]]
        wanted = np.einsum("td,tdp->pd", np.vstack([rates, np.ones_like(rates[:1])]), stores)
        product, day = np.indices(wanted.shape)
        return wanted * self.offers.factor(product, day)

    @cached_property
    def _of_regions(self) -> list[np.ndarray]:
        """The mean change of the stores of each region, once everybody is added."""
        regions = range(int(self.market.store_region.max()) + 1)
        return [self.change[self.market.stores_in(region)].mean(axis=0) for region in regions]

    def _basket(self, people: People, size: np.ndarray) -> np.ndarray:
        """Units of each product that each person wants in an order: shape (people, STOCKED)."""
        more = MORE_UNITS * people.amount[:, None] * self.market.is_taken_in_numbers[:STOCKED]
        units = np.zeros((len(people), STOCKED))
        shares = 1 - SECOND_MISSION, SECOND_MISSION
        for mission, share in zip(people.missions.T, shares, strict=True):
            units += share * (self.lines[size, mission] + more * self.times[size, mission])
        return units

    def _from_to(
        self,
        store: np.ndarray,
        traffic: np.ndarray,
        start: np.ndarray,
        until: np.ndarray,
        units: np.ndarray,
    ) -> None:
        last = self.change.shape[2] - 1
        np.add.at(self.change, (store, traffic, np.minimum(start, last)), units)
        np.add.at(self.change, (store, traffic, np.minimum(until, last)), -units)


def _line_counts(size: float) -> np.ndarray:
    """The chance of each number of lines, from 1 on, of a person's basket."""
    edges = np.log(np.arange(1, MOST_LINES) + 0.5) - np.log(MEDIAN_LINES) - size
    below = np.array([(1 + erf(edge / LINES_SPREAD / 2**0.5)) / 2 for edge in edges])
    return np.diff(below, prepend=0, append=1)
