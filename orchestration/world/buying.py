"""Who buys on which days, and who leaves, when and why.

While alive a person buys as a Poisson process in the traffic of their format, at a rate of their
own (gamma). After each purchase they may drift away with a chance of their own (beta), or because
the delivery was late or something was wrong. A price rise or a competitor's opening ends others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.world.calendar import Calendar
from orchestration.world.market import COMPETITOR_REGION, Market
from orchestration.world.people import People

CAUSES = ("drift", "late_delivery", "complaint", "price_rise", "competitor")
DRIFT, LATE, COMPLAINT, PRICE, COMPETITOR = range(len(CAUSES))
LATE_SHARE, LATE_SHARE_WHEN_BUSY = 0.07, 0.16  # of deliveries; busy: twice the usual traffic
COMPLAINT_SHARE, COMPLAINT_SHARE_WHEN_LATE = 0.025, 0.18  # of purchases
LEAVE_WHEN_LATE, LEAVE_AFTER_COMPLAINT = 0.3, 0.45
LEAVE_AFTER_PRICE_RISE, LEAVE_FOR_COMPETITOR = 0.28, 0.25
NOTICED_AFTER_DAYS = 12  # mean days from a price rise or an opening to leaving
ALIVE = -1


@dataclass(frozen=True)
class Purchases:
    """Purchases in the order of people, then days: `person` is a position in the chunk."""

    person: np.ndarray
    day: np.ndarray
    is_online: np.ndarray
    is_late: np.ndarray
    is_complaint: np.ndarray

    def __len__(self) -> int:
        return len(self.person)

    def chosen(self, which: np.ndarray) -> Purchases:
        return Purchases(*(getattr(self, name)[which] for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class Lives:
    """`left` is the day of leaving, or the number of days for those who have not; `cause` indexes
    CAUSES, ALIVE for those who have not left."""

    left: np.ndarray
    cause: np.ndarray


def live(
    random: np.random.Generator, calendar: Calendar, market: Market, people: People
) -> tuple[Purchases, Lives]:
    """Lets the people of a chunk buy until they leave or the days end."""
    days = market.world.days
    shock_day, shock_cause = _shocks(random, market, people)
    left, cause = shock_day.copy(), shock_cause.copy()
    alive = np.flatnonzero(~people.never_buys)
    day = people.acquired[alive]
    # A newcomer is won by the first purchase; who was there before buys when it is time again.
    traffic = calendar.traffic_at(people.format[alive], np.maximum(day, 0))
    traffic += np.where(
        people.is_known_before[alive], random.exponential(1 / people.rate[alive]), 0
    )
    found: list[Purchases] = []
    while len(alive):
        day = calendar.day_of(people.format[alive], traffic)
        waits = people.at_weekends[alive, calendar.week_of(day)]
        day = np.where(waits, calendar.weekend_of(day), day)
        goes_on = (day < days) & (day <= left[alive])
        alive, traffic, day = alive[goes_on], traffic[goes_on], day[goes_on]
        purchases, reason = _purchase(random, calendar, people, alive, day)
        found.append(purchases)
        leaves = reason != ALIVE
        left[alive[leaves]], cause[alive[leaves]] = day[leaves], reason[leaves]
        alive, traffic = alive[~leaves], traffic[~leaves]
        traffic = traffic + random.exponential(1 / people.rate[alive])
    all_purchases = Purchases(
        *(
            np.concatenate([getattr(each, name) for each in found])
            for name in Purchases.__dataclass_fields__
        )
    )
    order = np.lexsort((all_purchases.day, all_purchases.person))
    cause[left >= days] = ALIVE
    return all_purchases.chosen(order), Lives(np.minimum(left, days), cause)


def _purchase(
    random: np.random.Generator,
    calendar: Calendar,
    people: People,
    person: np.ndarray,
    day: np.ndarray,
) -> tuple[Purchases, np.ndarray]:
    """One purchase of each of these people, and why they leave after it."""
    n = len(person)
    is_online = random.random(n) < people.online[person]
    is_busy = calendar.rates[people.format[person], day] > 2
    is_late = is_online & (random.random(n) < np.where(is_busy, LATE_SHARE_WHEN_BUSY, LATE_SHARE))
    is_complaint = random.random(n) < np.where(is_late, COMPLAINT_SHARE_WHEN_LATE, COMPLAINT_SHARE)
    reason = np.select(
        [
            is_complaint & (random.random(n) < LEAVE_AFTER_COMPLAINT),
            is_late & (random.random(n) < LEAVE_WHEN_LATE),
            random.random(n) < people.drift[person],
        ],
        [COMPLAINT, LATE, DRIFT],
        ALIVE,
    )
    return Purchases(person, day, is_online, is_late, is_complaint), reason


def _shocks(
    random: np.random.Generator, market: Market, people: People
) -> tuple[np.ndarray, np.ndarray]:
    """The day on which a price rise or the competitor would end each person, and which of them."""
    n, days = len(people), market.world.days
    first, cause = np.full(n, days), np.full(n, ALIVE)
    shocks = [
        (day, PRICE, people.is_price_sensitive, LEAVE_AFTER_PRICE_RISE)
        for day in market.price_rise_days
    ]
    nearby = (people.region == COMPETITOR_REGION) & (people.online < 0.5)
    shocks.append((market.competitor_opens, COMPETITOR, nearby, LEAVE_FOR_COMPETITOR))
    for day, reason, concerned, share in shocks:
        leaves_on = day + random.exponential(NOTICED_AFTER_DAYS, n).astype(int)
        hit = concerned & ~people.never_buys & (people.acquired < day)
        hit &= (random.random(n) < share) & (leaves_on < first)
        first[hit], cause[hit] = leaves_on[hit], reason
    return first, cause
