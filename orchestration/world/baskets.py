"""What is in each basket and what it costs; money in fen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.world.calendar import Calendar
from orchestration.world.campaigns import LUNCH_DISCOUNT, Orders
from orchestration.world.habits import Habits
from orchestration.world.market import STOCKED, Market
from orchestration.world.offers import Offers
from orchestration.world.people import People
from orchestration.world.shelves import Shelves

# Lines put into a basket: log-normal. Equal ones become one, so that half of the baskets end with
# five at most, and the mean is nine.
MEDIAN_LINES, LINES_SPREAD, MOST_LINES = 6.0, 1.2, 120
LUNCH_LINES = 2
ON_MISSION, SECOND_MISSION = 0.8, 0.35  # share of lines; share of baskets
MORE_UNITS = 0.25  # mean of the units beside the first, for people of the usual size
# Share of lines with a discount of the person's own; on offers it does not hold.
COUPONS, COUPONS_OF_PRICE_SENSITIVE, COUPONS_ON_SALES_DAYS = 0.04, 0.36, 0.2
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
class Wanted:
    """What people want before they see the shelf, in lines: `order` is a position in the chunk's
    orders, `coupon` the share of the price that a discount of their own takes off. Of what
    `is_lost` the shelf is empty by accident, and the line that replaces it is there as well.
    `effects` is what the leaflets did; `before_prices` how many lines each order would
    have at the prices of the first day."""

    order: np.ndarray
    product: np.ndarray
    quantity: np.ndarray
    coupon: np.ndarray
    is_lost: np.ndarray
    effects: np.ndarray
    before_prices: np.ndarray

    def on_shelves(
        self, orders: Orders, store: np.ndarray
    ) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
        """The lines of stocked products of real orders in stores, and their store, product, day."""
        at = store[self.order]
        lines = np.flatnonzero(
            (at >= 0) & (self.product < STOCKED) & orders.is_real[self.order] & (self.quantity > 0)
        )
        return lines, (at[lines], self.product[lines], orders.purchases.day[self.order[lines]])


def want(
    random: np.random.Generator,
    moved: np.random.Generator,
    calendar: Calendar,
    market: Market,
    offers: Offers,
    people: People,
    orders: Orders,
    store: np.ndarray,
) -> Wanted:
    """What people want in all orders at the prices of the day; `store` is -1 outside stores. What
    prices do is drawn from `moved`, so that it changes nothing that is drawn from `random` later.
    """
    person, day = orders.purchases.person, orders.purchases.day
    order, product = _lines(random, market, people, orders)
    at = store[order]
    is_lost = (at >= 0) & (product < STOCKED)
    is_lost[is_lost] = market.is_empty[at[is_lost], product[is_lost], day[order[is_lost]]]
    kept, count = _merged(order, np.where(is_lost, _instead(market, product), product))
    lost, lost_count = _merged(order[is_lost], product[is_lost])
    amount = people.amount[person]
    more = random.poisson(MORE_UNITS * amount[kept[0]])
    buyer = person[kept[0]]
    is_sale = calendar.rates[people.format[buyer], day[kept[0]]] > 1.6
    has_coupon = np.where(people.is_price_sensitive[buyer], COUPONS_OF_PRICE_SENSITIVE, COUPONS)
    has_coupon = random.random(len(more)) < has_coupon + COUPONS_ON_SALES_DAYS * is_sale
    coupon = np.where(has_coupon, random.choice(DISCOUNTS, len(more)), 0)
    order, product = (np.concatenate(column) for column in zip(kept, lost, strict=True))
    product = market.on_sale(product, day[order])
    more = np.concatenate([more, moved.poisson(MORE_UNITS * amount[lost[0]])])
    quantity = np.concatenate([count, lost_count]) + more * market.is_taken_in_numbers[product]
    is_lost = np.arange(len(order)) >= len(count)
    quantity, effects = offers.respond(moved, product, day[order], quantity, orders.is_real[order])
    # Nobody goes home with nothing.
    some = np.bincount(order, quantity * ~is_lost, minlength=len(orders))
    first = np.searchsorted(kept[0], np.flatnonzero(some == 0))
    quantity[first] = 1
    coupon = np.concatenate([coupon, np.zeros(len(lost_count))])
    before = np.bincount(kept[0], minlength=len(orders))
    return Wanted(order, product, quantity, coupon, is_lost, effects, before)


def fill_baskets(
    random: np.random.Generator,
    market: Market,
    offers: Offers,
    habits: Habits,
    shelves: Shelves,
    orders: Orders,
    store: np.ndarray,
    wanted: Wanted,
) -> tuple[Baskets, dict[str, np.ndarray]]:
    """Fills the baskets of all orders from the shelves, and says which habits were followed. Who
    finds too little takes what is there, who finds nothing another product."""
    lines, cell = wanted.on_shelves(orders, store)
    quantity, product = wanted.quantity.copy(), wanted.product.copy()
    served = shelves.serve(cell, quantity[lines])
    quantity[lines] = np.where(served > 0, served, quantity[lines])
    none = lines[served == 0]
    day = orders.purchases.day
    product[none] = market.on_sale(_instead(market, product[none]), day[wanted.order[none]])
    kept = ~wanted.is_lost & (quantity > 0)
    order, product, quantity = wanted.order[kept], product[kept], quantity[kept]
    added, brought, followed = habits.add(random, orders, order, product)
    order = np.concatenate([order, added])
    product = np.concatenate([product, brought])
    quantity = np.concatenate([quantity, np.ones(len(added), dtype=quantity.dtype)])
    coupon = np.concatenate([wanted.coupon[kept], np.zeros(len(added))])
    key, first, place = np.unique(
        order * len(market.price) + product, return_index=True, return_inverse=True
    )
    order, product = order[first], product[first]
    quantity = np.bincount(place, quantity, minlength=len(key)).astype(np.int64)
    depth = offers.depth_on(product, day[order])
    price = market.price_on(product, day[order])
    amount = price * quantity
    discount = np.round(amount * np.where(depth > 0, depth, coupon[first])).astype(np.int64)
    less = np.where(
        orders.may_redeem[order], np.round((amount - discount) * LUNCH_DISCOUNT), 0
    ).astype(np.int64)
    line = np.arange(len(order)) - np.searchsorted(order, order) + 1
    return Baskets(order, line, product, quantity, price, discount, less), followed


def _lines(
    random: np.random.Generator, market: Market, people: People, orders: Orders
) -> tuple[np.ndarray, np.ndarray]:
    """The order and the product of each line, mostly of a mission of the person's."""
    person = orders.purchases.person
    wanted = (
        MEDIAN_LINES * people.lines[person] * np.exp(random.normal(0, LINES_SPREAD, len(orders)))
    )
    lines = np.clip(np.round(wanted), 1, MOST_LINES).astype(int)
    lines = np.where(orders.may_redeem & ~orders.if_untreated, LUNCH_LINES, lines)
    order = np.repeat(np.arange(len(orders)), lines)
    mission = np.where(
        random.random(len(order)) < ON_MISSION,
        people.missions[
            person[order], (random.random(len(orders)) < SECOND_MISSION).astype(int)[order]
        ],
        random.integers(0, people.missions.max() + 1, len(order)),
    )
    return order, market.choose_products(random, mission)


def _instead(market: Market, product: np.ndarray) -> np.ndarray:
    """What people take who find an empty shelf: something that no store runs out of."""
    return STOCKED + product % (len(market.popularity) - STOCKED)


def _merged(
    order: np.ndarray, product: np.ndarray
) -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray]:
    """Order and product of each line, once, and how often it was there."""
    products = int(product.max(initial=0)) + 1
    key, count = np.unique(order * products + product, return_counts=True)
    return (key // products, key % products), count
