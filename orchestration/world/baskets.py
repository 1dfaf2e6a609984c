"""What is in each basket and what it costs; money in fen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.world.calendar import Calendar
from orchestration.world.campaigns import LUNCH_DISCOUNT, Orders
from orchestration.world.market import STOCKED, Market
from orchestration.world.people import People

# Lines put into a basket: log-normal. Equal ones become one, so that half of the baskets end with
# five at most, and the mean is nine.
MEDIAN_LINES, LINES_SPREAD, MOST_LINES = 6.0, 1.2, 120
LUNCH_LINES = 2
PROMOTED, PROMOTED_TO_PRICE_SENSITIVE = 0.12, 0.42  # share of lines bought at a discount
DISCOUNTS = (0.05, 0.1, 0.2, 0.3)


@dataclass(frozen=True)
class Baskets:
    """Lines in the order of orders: `order` is a position in the chunk's orders, `line` counts from
    1 within one. `coupon` is what a lunch coupon would take off besides the `discount`."""

    order: np.ndarray
    line: np.ndarray
    product: np.ndarray
    quantity: np.ndarray
    price: np.ndarray
    discount: np.ndarray
    coupon: np.ndarray

    @property
    def amount(self) -> np.ndarray:
        return self.price * self.quantity

    def total(self, values: np.ndarray, orders: int) -> np.ndarray:
        """Adds up values of lines for each order, in whole fen."""
        return np.bincount(self.order, values, minlength=orders).astype(np.int64)


@dataclass(frozen=True)
class Missed:
    """Demand of one unit each that met an empty shelf."""

    store: np.ndarray
    product: np.ndarray
    day: np.ndarray


def fill_baskets(
    random: np.random.Generator,
    calendar: Calendar,
    market: Market,
    people: People,
    orders: Orders,
    store: np.ndarray,
) -> tuple[Baskets, Missed]:
    """Fills the baskets of all orders; `store` is -1 for an order outside stores."""
    person, day = orders.purchases.person, orders.purchases.day
    wanted = (
        MEDIAN_LINES * people.lines[person] * np.exp(random.normal(0, LINES_SPREAD, len(orders)))
    )
    lines = np.clip(np.round(wanted), 1, MOST_LINES).astype(int)
    lines = np.where(orders.may_redeem & ~orders.if_untreated, LUNCH_LINES, lines)
    order = np.repeat(np.arange(len(orders)), lines)
    mission = np.where(
        random.random(len(order)) < 0.8,
        people.missions[person[order], (random.random(len(orders)) < 0.35).astype(int)[order]],
        random.integers(0, people.missions.max() + 1, len(order)),
    )
    product = market.choose_products(random, mission)
    product, missed = _substitute(market, orders, store, order, product)
    products = len(market.popularity)
    key, count = np.unique(order * products + product, return_counts=True)
    order, product = key // products, key % products
    first = np.searchsorted(order, np.arange(len(orders)))
    price = market.price_on(product, day[order])
    more = random.poisson(0.25 * people.amount[person[order]])
    quantity = count + np.where(price > 5000, 0, more)
    is_sale = calendar.rates[people.format[person[order]], day[order]] > 1.6
    promoted = np.where(
        people.is_price_sensitive[person[order]], PROMOTED_TO_PRICE_SENSITIVE, PROMOTED
    )
    promoted = random.random(len(order)) < promoted + 0.2 * is_sale
    share = np.where(promoted, random.choice(DISCOUNTS, len(order)), 0)
    amount = price * quantity
    discount = np.round(amount * share).astype(np.int64)
    coupon = np.where(
        orders.may_redeem[order], np.round((amount - discount) * LUNCH_DISCOUNT), 0
    ).astype(np.int64)
    line = np.arange(len(order)) - first[order] + 1
    return Baskets(order, line, product, quantity, price, discount, coupon), missed


def _substitute(
    market: Market, orders: Orders, store: np.ndarray, order: np.ndarray, product: np.ndarray
) -> tuple[np.ndarray, Missed]:
    """Where the shelf is empty people take another product, and what they wanted is missed."""
    at, day = store[order], orders.purchases.day[order]
    is_empty = (at >= 0) & (product < STOCKED)
    is_empty[is_empty] = market.is_empty[at[is_empty], product[is_empty], day[is_empty]]
    missed = is_empty & orders.is_real[order]
    rest = len(market.popularity) - STOCKED
    taken = np.where(is_empty, STOCKED + product % rest, product)
    return taken, Missed(at[missed], product[missed], day[missed])
