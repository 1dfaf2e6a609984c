"""Kinds of people who shop alike, in a world that is asked for them.

They are drawn from random numbers of their own, so that in a world without kinds everybody is who
they were. Kinds differ in where, when and how much people buy; in how often, when they
leave and what of, people of a kind differ as all others do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from orchestration.world.calendar import ONLINE
from orchestration.world.market import Market
from orchestration.world.people import NO_KIND, People
from orchestration.world.scale import World


@dataclass(frozen=True)
class Kind:
    """Of its people: their share of all, how many times as many lines they buy, and the shares of
    purchases online, of those who mind prices, and of weeks in which they shop at the weekend.
    """

    share: float
    lines: float
    online: float
    price_sensitive: float
    weekends: float
    lunches: bool = False
    comes_late: bool = False


KINDS = {
    "office_lunch": Kind(0.22, 0.4, 0.05, 0.2, 0.05, lunches=True),
    "families": Kind(0.22, 2.5, 0.1, 0.2, 0.9),
    "online_bargain": Kind(0.22, 0.8, 0.95, 0.95, 0.3),
    "after_work": Kind(0.22, 1.0, 0.1, 0.2, 0.1, comes_late=True),
}
LINES_SPREAD = 0.3  # of the logarithm, within a kind


def with_kinds(world: World, market: Market, chunk: int, people: People) -> People:
    """The people of a chunk, of whom most are of a kind; of a world without kinds as they are."""
    if not world.has_kinds:
        return people
    random = world.random("kinds", chunk)
    n, kinds = len(people), tuple(KINDS.values())
    shares = np.array([kind.share for kind in kinds])
    number = random.choice(len(kinds) + 1, n, p=[*shares, 1 - shares.sum()])
    kind = np.where(number < len(kinds), number, NO_KIND)
    is_of_one = kind != NO_KIND

    def of_kind(name: str, otherwise: np.ndarray | float) -> np.ndarray:
        return np.where(
            is_of_one, np.array([getattr(each, name) for each in kinds])[kind], otherwise
        )

    online = of_kind("online", people.online)
    lines = of_kind("lines", people.lines) * np.exp(random.normal(0, LINES_SPREAD, n) * is_of_one)
    sensitive = random.random(n) < of_kind("price_sensitive", 0)
    weekends = random.random(people.at_weekends.shape) < of_kind("weekends", 0)[:, None]
    return replace(
        people,
        kind=kind,
        online=online,
        format=np.where(online > 0.5, ONLINE, market.store_format[people.store]),
        lines=lines,
        is_price_sensitive=np.where(is_of_one, sensitive, people.is_price_sensitive),
        at_weekends=weekends,
        lunches=of_kind("lunches", False).astype(bool),
        comes_late=of_kind("comes_late", False).astype(bool),
    )
