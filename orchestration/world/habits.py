"""What is bought together beyond any mission, and what is bought some weeks after something else.

What follows is never a stocked product, so that the demand of these depends on prices alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.world.campaigns import Orders
from orchestration.world.market import STOCKED, Market

LEADERS, FOLLOWERS = 80, (STOCKED, 160)  # by place among the best sellers
TOGETHER = (0.2, 0.35)  # chance that one brings the other into the basket
PAIRS = 10
LAGS = (10, 14, 21, 28, 42)  # median days until the other is wanted
LAG_SPREAD = 0.25  # of the logarithm
FOLLOWS = 0.4  # chance that it will be wanted at all
WAITS = 28  # days for which people remember it


@dataclass(frozen=True)
class Habits:
    """Pairs of products: in a basket `first` brings `second` with a `chance`, at once, or some
    `lag` of days later (median; 0 in pairs that are bought together)."""

    first: np.ndarray
    second: np.ndarray
    chance: np.ndarray
    lag: np.ndarray

    @classmethod
    def of(cls, market: Market) -> Habits:
        random = market.world.random("habits")
        count = PAIRS + len(LAGS)
        old = np.flatnonzero(market.launched_on == 0)
        first = random.permutation(old[old < LEADERS])[:count]
        rest = list(random.permutation(old[(old >= FOLLOWERS[0]) & (old < FOLLOWERS[1])]))
        second = []
        for product in first:
            other = next(
                each
                for each in rest
                if market.mission[each] != market.mission[product] and each not in first
            )
            rest.remove(other)
            second.append(other)
        return cls(
            first,
            np.array(second),
            np.concatenate([random.uniform(*TOGETHER, PAIRS), np.full(len(LAGS), FOLLOWS)]),
            np.concatenate([np.zeros(PAIRS, dtype=int), LAGS]),
        )

    def add(
        self,
        random: np.random.Generator,
        orders: Orders,
        order: np.ndarray,
        product: np.ndarray,
    ) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
        """The orders to which habits add a unit, of which product, and how many days each pair of
        a real order took; from the lines of all orders."""
        person, day = orders.purchases.person, orders.purchases.day
        # The days of one person end before the next one's begin.
        apart = int(day.max(initial=0)) + 1_000
        when = person * apart + day
        found, gaps = [], []
        for number, (first, lag) in enumerate(zip(self.first, self.lag, strict=True)):
            source = np.unique(order[product == first])
            source = source[random.random(len(source)) < self.chance[number]]
            target = source
            if lag:
                later = lag * np.exp(random.normal(0, LAG_SPREAD, len(source)))
                due = when[source] + np.maximum(np.round(later), 1).astype(int)
                target = np.searchsorted(when, due)
                inside = target < len(when)
                inside[inside] = when[target[inside]] <= due[inside] + WAITS
                source, target = source[inside], target[inside]
                real = orders.is_real[source] & orders.is_real[target]
                gap = (day[target] - day[source])[real]
                gaps.append((np.full(len(gap), number), gap))
            found.append((target, np.full(len(target), self.second[number])))
        number, days = (np.concatenate(column) for column in zip(*gaps, strict=True))
        added, brought = (np.concatenate(column) for column in zip(*found, strict=True))
        return added, brought, {"habit": number, "days": days}
