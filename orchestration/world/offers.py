"""What is on offer and when, and what a price does to what people want.

A leaflet comes out every fortnight, on a Monday. Demand of a product is its demand at the usual
price times (price / usual price) to the power of its category's elasticity. A stated share of what
an offer adds is bought ahead, and missing in the fortnight after; another is taken from the other
products of the category while the offer lasts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from orchestration.world.market import MISSIONS, PRICE_RISE, Market

FORTNIGHT = 14
ON_OFFER = 0.08  # chance of a product to be in a leaflet …
RESTS = 2  # … after so many leaflets without it
DEPTHS = (0.1, 0.2, 0.3)
KNOWN_AHEAD = 56  # days from a leaflet's announcement to its first day
ELASTICITIES = (-2.2, -0.9)
PULLED_FORWARD, TAKEN = 0.25, 0.3  # of what an offer adds
# What is counted of each leaflet and category, in units.
COUNTED = ("base", "lifted", "pulled", "taken")


@dataclass(frozen=True)
class Offers:
    """`begins` is the first day of each fortnight, the first of which may have begun before the
    world; `depth` (products, fortnights) the price cut, 0 for none; `elasticity` one a mission."""

    market: Market
    begins: np.ndarray
    depth: np.ndarray
    elasticity: np.ndarray

    @classmethod
    def of(cls, market: Market) -> Offers:
        world = market.world
        random = world.random("offers")
        monday = -int((world.dates[0].astype(int) + 3) % 7)
        begins = np.arange(monday, world.days + KNOWN_AHEAD, FORTNIGHT)
        shape = (len(market.price), len(begins))
        is_on = random.random(shape) < ON_OFFER
        for number in range(1, len(begins)):
            is_on[:, number] &= ~is_on[:, max(number - RESTS, 0) : number].any(axis=1)
        return cls(
            market,
            begins,
            np.where(is_on, random.choice(DEPTHS, shape), 0.0),
            random.uniform(*ELASTICITIES, len(MISSIONS)),
        )

    def fortnight_of(self, day: np.ndarray) -> np.ndarray:
        return (day - self.begins[0]) // FORTNIGHT

    def depth_on(self, product: np.ndarray, day: np.ndarray) -> np.ndarray:
        return self.depth[product, self.fortnight_of(day)]

    @cached_property
    def lift(self) -> np.ndarray:
        """What an offer adds, against the demand without it (products, fortnights)."""
        return (1 - self.depth) ** self.elasticity[self.market.mission][:, None] - 1

    @cached_property
    def pulled(self) -> np.ndarray:
        """The share of a product's demand that the offer before has met (products, fortnights)."""
        return PULLED_FORWARD * np.pad(self.lift, ((0, 0), (1, 0)))[:, :-1]

    @cached_property
    def taken(self) -> np.ndarray:
        """The share of the demand of what is not on offer that its category's offers take: shape
        (missions, fortnights)."""
        share = self.market.share_of_lines[:, None]
        rest = share * (self.depth == 0)
        return np.array(
            [
                TAKEN * (share * self.lift)[of].sum(axis=0) / rest[of].sum(axis=0)
                for of in (self.market.mission == mission for mission in range(len(MISSIONS)))
            ]
        ).clip(max=0.9)

    def after_rise(self, product: np.ndarray, day: np.ndarray) -> np.ndarray:
        """What is left of the demand once the full price has risen."""
        risen = (1 + PRICE_RISE) ** self.elasticity[self.market.mission[product]]
        return np.where(day >= self.market.rises_on[product], risen, 1)

    def factor(self, product: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Mean demand at the prices of the day, against that at the price of the first day."""
        at = product, self.fortnight_of(day)
        taken = self.taken[self.market.mission[product], at[1]]
        rests = (1 - taken) * (1 - self.pulled[at])
        return self.after_rise(product, day) * np.where(self.depth[at], 1 + self.lift[at], rests)

    def respond(
        self,
        random: np.random.Generator,
        product: np.ndarray,
        day: np.ndarray,
        quantity: np.ndarray,
        is_counted: np.ndarray,
    ) -> tuple[np.ndarray, np.ndarray]:
        """How many of the units wanted at the price of the first day are wanted at that of the day,
        and what the leaflets did of it: shape (COUNTED, missions, fortnights)."""
        mission, fortnight = self.market.mission[product], self.fortnight_of(day)
        is_on = self.depth[product, fortnight] > 0
        base = random.binomial(quantity, self.after_rise(product, day))
        lifted = random.poisson(base * self.lift[product, fortnight])
        taken = np.where(is_on, 0, random.binomial(base, self.taken[mission, fortnight]))
        pulled = random.binomial(base - taken, np.where(is_on, 0, self.pulled[product, fortnight]))
        effects = np.zeros((len(COUNTED), *self.taken.shape), dtype=np.int64)
        # What is missing now was bought in the fortnight before.
        of_leaflets = (base * is_on, 0), (lifted, 0), (pulled, 1), (taken, 0)
        for count, (units, before) in zip(effects, of_leaflets, strict=True):
            here = is_counted & (units > 0)
            np.add.at(count, (mission[here], fortnight[here] - before), units[here])
        return base + lifted - taken - pulled, effects
