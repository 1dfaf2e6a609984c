"""Who the people are: where they came from, how they buy, what they mind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.world.calendar import ONLINE
from orchestration.world.market import Market
from orchestration.world.scale import World

# Ways of winning customers: share, purchases per day while alive, mean chance to drift away after
# a purchase, cost of one customer in yuan. Promotions win the poorest cohorts, referrals the best.
CHANNELS = {
    "store": (0.34, 0.040, 0.26, 8),
    "wechat": (0.22, 0.042, 0.30, 25),
    "douyin": (0.16, 0.032, 0.40, 45),
    "search": (0.10, 0.038, 0.32, 60),
    "referral": (0.10, 0.055, 0.18, 20),
    "promotion": (0.08, 0.026, 0.50, 35),
}
RATE_SHAPE = 0.9  # of the gamma distribution of purchase rates: below 1 most people buy rarely
DRIFT_SPREAD = 1.5  # a + b of the beta distribution of drift: below 2 people differ a lot
KNOWN_BEFORE = 0.22  # share who were customers before the first day
NEVER_BUYS = 0.06  # share who registered and never bought
ONLY_MEMBER, ONLY_SHOP = 0.30, 0.20  # share with accounts in one system alone
PRICE_SENSITIVE = 0.3
CONSENTS, WITHDRAWS = 0.8, 0.06
NO_KIND = -1


@dataclass(frozen=True)
class People:
    """One value a person, people in the order of `number`; days as day numbers, -1 for never.

    `rate` is purchases per day of usual traffic; `drift` the chance to leave after a purchase;
    `lines` and `amount` scale the size of baskets; `online` is the share bought online. Only in a
    world of kinds `kind` is another than -1, and some come for lunch, late, or `at_weekends`: who
    puts off shopping to the end of which week, (people, weeks).
    """

    number: np.ndarray
    channel: np.ndarray
    acquired: np.ndarray
    is_known_before: np.ndarray
    never_buys: np.ndarray
    rate: np.ndarray
    drift: np.ndarray
    store: np.ndarray
    format: np.ndarray
    region: np.ndarray
    online: np.ndarray
    is_member: np.ndarray
    is_shopper: np.ndarray
    uses_app: np.ndarray
    is_price_sensitive: np.ndarray
    missions: np.ndarray
    lines: np.ndarray
    amount: np.ndarray
    consents: np.ndarray
    withdraws: np.ndarray
    kind: np.ndarray
    lunches: np.ndarray
    comes_late: np.ndarray
    at_weekends: np.ndarray

    def __len__(self) -> int:
        return len(self.number)

    @classmethod
    def of(cls, world: World, market: Market, chunk: int) -> People:
        random = world.random("people", chunk)
        number = world.people_of(chunk)
        n = len(number)
        share, rate, drift, _ = np.array(list(CHANNELS.values())).T
        channel = random.choice(len(CHANNELS), n, p=share)
        is_known_before = random.random(n) < KNOWN_BEFORE
        acquired = np.where(
            is_known_before, -random.integers(20, 720, n), random.integers(0, world.days, n)
        )
        luck = random.random(n)
        is_member, is_shopper = luck >= ONLY_SHOP, luck < 1 - ONLY_MEMBER
        online = np.select(
            [~is_member, ~is_shopper], [1.0, 0.0], np.clip(random.beta(1.6, 2.4, n), 0.05, 0.95)
        )
        store = random.integers(0, len(market.store_region), n)
        home = market.store_format[store]
        a = drift[channel] * DRIFT_SPREAD
        return cls(
            number=number,
            channel=channel,
            acquired=acquired,
            is_known_before=is_known_before,
            never_buys=random.random(n) < NEVER_BUYS,
            rate=random.gamma(RATE_SHAPE, rate[channel] / RATE_SHAPE),
            drift=random.beta(a, DRIFT_SPREAD - a),
            store=store,
            format=np.where(online > 0.5, ONLINE, home),
            region=market.store_region[store],
            online=online,
            is_member=is_member,
            is_shopper=is_shopper,
            uses_app=is_shopper & (random.random(n) < 0.65),
            is_price_sensitive=random.random(n) < PRICE_SENSITIVE,
            missions=random.integers(0, 10, (n, 2)),
            lines=np.exp(random.normal(0, 0.45, n)),
            amount=np.exp(random.normal(0, 0.5, n)),
            consents=random.random(n) < CONSENTS,
            withdraws=np.where(random.random(n) < WITHDRAWS, random.integers(0, world.days, n), -1),
            kind=np.full(n, NO_KIND),
            lunches=np.zeros(n, dtype=bool),
            comes_late=np.zeros(n, dtype=bool),
            at_weekends=np.zeros((n, world.days // 7 + 2), dtype=bool),
        )

    def may_be_contacted(self, day: int) -> np.ndarray:
        """Who had consented by a day, and had not withdrawn it."""
        return self.consents & ((self.withdraws < 0) | (self.withdraws > day))
