"""When stores are open, and at which hours people come to them.

A store lies among offices, among homes or at a station, which gives it rushes of its own beside
those of its format. Young people who work near their store among offices come at lunch on working
days. Only the time of day is drawn anew here: who buys on which day, and what, stays what it was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from orchestration.world.calendar import FORMATS, Calendar
from orchestration.world.campaigns import LUNCH_HOURS, Orders
from orchestration.world.identity import Selves
from orchestration.world.market import Market
from orchestration.world.people import NO_KIND, People

# Opening hours of each format, on all days.
OPEN = {"supermarket": (8, 22), "convenience": (6, 24), "fresh_food": (7, 20), "cafe": (7, 22)}
QUARTERS = ("offices", "homes", "station")
# The rushes of a quarter: whether at weekends, the hour, and how many times as many come in it.
RUSHES = {
    "offices": ((False, 12, 4.0),),
    "homes": ((True, 10, 3.0), (False, 18, 1.5)),
    "station": ((False, 8, 4.0), (False, 18, 2.0)),
}
WORKING_DAY, WEEKEND = 0, 1
YOUNG = 7_700  # born after this day since 1970: under 35 on the last day
WORKS_NEARBY, LUNCHES = 0.6, 0.9  # share of the young near offices, and of their working days
LUNCH = (12, 14)
EVENING = 18  # who comes late comes from this hour on, as far as the store is open


@dataclass
class Hours:
    """`opens`, `closes` (stores,) in hours; `chances` (stores, 2, 24) of a purchase to be in an
    hour of a working day or a weekend; `expected`, likewise, is how many were to be expected."""

    quarter: np.ndarray
    opens: np.ndarray
    closes: np.ndarray
    chances: np.ndarray
    expected: np.ndarray

    @classmethod
    def of(cls, market: Market, calendar: Calendar) -> Hours:
        stores = len(market.store_format)
        quarter = market.world.random("hours").integers(0, len(QUARTERS), stores)
        opens, closes = np.array([OPEN[FORMATS[each]] for each in market.store_format]).T
        hour = np.arange(24)
        is_open = (hour >= opens[:, None]) & (hour < closes[:, None])
        usual = calendar.hours[market.store_format] * is_open
        chances = np.stack([usual, usual], axis=1)
        for number, name in enumerate(QUARTERS):
            for at_weekend, rush, factor in RUSHES[name]:
                chances[quarter == number, int(at_weekend), rush] *= factor
        chances /= chances.sum(axis=2, keepdims=True)
        return cls(quarter, opens, closes, chances, np.zeros_like(chances))

    def lunchers(self, random: np.random.Generator, people: People, selves: Selves) -> np.ndarray:
        """Who works near their own store, and comes for lunch."""
        return people.lunches | (
            (selves.birthday > YOUNG)
            & (self.quarter[people.store] == QUARTERS.index("offices"))
            & (random.random(len(people)) < WORKS_NEARBY)
            & (people.kind == NO_KIND)
        )

    def keep(
        self, random: np.random.Generator, orders: Orders, store: np.ndarray, chances: np.ndarray
    ) -> Orders:
        """The orders, of which those in stores come at hours of these chances; who redeems a
        coupon for lunch keeps the time."""
        n = len(orders)
        hour = (random.random((n, 1)) > chances.cumsum(axis=1)).sum(axis=1).clip(max=23)
        second = hour * 3_600 + random.integers(0, 3_600, n)
        is_free = (store >= 0) & ~orders.may_redeem
        return replace(orders, second=np.where(is_free, second, orders.second))

    def chances_of(
        self,
        calendar: Calendar,
        people: People,
        lunchers: np.ndarray,
        orders: Orders,
        store: np.ndarray,
    ) -> np.ndarray:
        """The chance of each order to be in each hour, (orders, 24); of those online nothing."""
        person, kind = orders.purchases.person, self._kind(calendar, orders)
        usual = self.chances[store, kind]
        late = usual * (np.arange(24) >= EVENING)
        late /= late.sum(axis=1, keepdims=True)
        usual = np.where(people.comes_late[person, None], late, usual)
        is_lunch = lunchers[person] & (store == people.store[person]) & (kind == WORKING_DAY)
        share = np.where(is_lunch, LUNCHES, 0)[:, None]
        usual = share * _evenly(LUNCH) + (1 - share) * usual
        return np.where(orders.may_redeem[:, None], _evenly(LUNCH_HOURS), usual)

    def expect(
        self, calendar: Calendar, orders: Orders, store: np.ndarray, chances: np.ndarray
    ) -> None:
        """Adds up the chances of the orders in stores that come about."""
        counts = (store >= 0) & orders.is_real
        kind = self._kind(calendar, orders)
        np.add.at(self.expected, (store[counts], kind[counts]), chances[counts])

    @staticmethod
    def _kind(calendar: Calendar, orders: Orders) -> np.ndarray:
        is_weekend = calendar.weekdays[orders.purchases.day] >= 5
        return np.where(is_weekend, WEEKEND, WORKING_DAY)


def _evenly(hours: tuple[int, int]) -> np.ndarray:
    """The chances of a time that is as likely everywhere from one hour to another."""
    hour = np.arange(24)
    return ((hour >= hours[0]) & (hour < hours[1])) / (hours[1] - hours[0])
