"""The retailer: what there is once, for all people."""

from __future__ import annotations

from dataclasses import dataclass

from orchestration.world.calendar import Calendar
from orchestration.world.expected import Expected
from orchestration.world.habits import Habits
from orchestration.world.hours import Hours
from orchestration.world.market import Market
from orchestration.world.offers import Offers
from orchestration.world.scale import World
from orchestration.world.shelves import Shelves


@dataclass(frozen=True)
class Retailer:
    """When it sells what, at which price, and what is on its shelves; `expected` is the truth's."""

    world: World
    calendar: Calendar
    market: Market
    offers: Offers
    habits: Habits
    hours: Hours
    shelves: Shelves
    expected: Expected

    @classmethod
    def of(cls, world: World) -> Retailer:
        calendar, market = Calendar.of(world), Market.of(world)
        offers = Offers.of(market)
        return cls(
            world, calendar, market, offers, Habits.of(market), Hours.of(market, calendar),
            Shelves(market), Expected(calendar, market, offers),
        )  # fmt: skip
