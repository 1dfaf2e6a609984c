"""What is on offer, and how demand answers to it: the power of the price cut by which more is sold.

One for the shop, and one for each category that had offers, which is drawn to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import duckdb
import numpy as np

from orchestration.fit.logistic import Array
from orchestration.fit.rates import first_week

# How demand answers to a price cut, in logarithms, where a shop has not told it yet; what it tells
# is drawn to this, as what a category tells is to its shop, as if so many usual units had been seen
# at a cut by about a fifth.
OFFER_SLOPE, OFFER_PRIOR, OFFER_CUT = 1.5, 200.0, 0.25
# Price cuts are counted by hundredths of a logarithm, the deepest is by nine tenths.
CUT_STEP, CUTS = 0.01, 231
# An offer is set against so many weeks before it, of which so many at least were without one.
OFFER_REACH, OFFER_LEAST = 13, 4

OFFERS = """
create or replace temp table offers as
with products as (
    select product_id, dense_rank() over (order by category, product_id) - 1 as product
    from {products}
    group by category, product_id
)
select
    product,
    date_diff('day', cast($first_on as date), week_on) // 7 as week,
    price_cut as cut,
    date_diff('day', cast($first_on as date), known_on) // 7 + 1 as known
from warehouse.intermediate.int_offer_weeks
inner join products using (product_id)
order by product
"""


@dataclass(frozen=True)
class Offers:
    """Weeks in which a product is on offer: by how much, and from which week on it was known."""

    product: Array
    week: Array
    cut: Array
    known: Array

    def cuts(self, products: int, week: int, until: int) -> Array:
        """Price cuts as known before a week, of the weeks until another one: (products, weeks)."""
        is_known = (self.week < week) | (self.known <= week)
        chosen = is_known & (self.week < until)
        found = np.zeros((products, until))
        found[self.product[chosen], self.week[chosen]] = self.cut[chosen]
        return found


NO_OFFERS = Offers(*(np.zeros(0, dtype=int) for _ in range(4)))


@dataclass(frozen=True)
class Slopes:
    """How demand answers to price cuts, in the shop, and in categories that told it, by number."""

    shop: float = OFFER_SLOPE
    by_category: Mapping[int, float] = field(default_factory=dict)

    def of(self, categories: Array) -> Array:
        return np.array([self.by_category.get(each, self.shop) for each in categories.tolist()])


def seen_on_offer(quantity: Array, cut: Array, factor: Array, group: Array) -> Array:
    """What each group sold on offer by the cut of the price, and would have without.

    Usual is the mean of the weeks without offers shortly before, since the first in which it sold.
    `quantity` and `cut` are (rows, weeks), `factor` (weeks) that of festivals, `group` (rows) the
    place of each row's: shape (groups, 2, CUTS).
    """
    weeks = quantity.shape[1]
    is_usual = (cut == 0) & (np.arange(weeks) >= first_week(quantity)[:, None])
    sold, possible = (
        np.cumsum(np.pad(each * is_usual, ((0, 0), (1, 0))), axis=1) for each in (quantity, factor)
    )
    since = np.maximum(np.arange(weeks) - OFFER_REACH, 0)
    before = possible[:, :-1] - possible[:, since]
    row, week = np.nonzero((cut > 0) & (before >= OFFER_LEAST))
    usual = factor[week] * (sold[row, week] - sold[row, since[week]]) / before[row, week]
    found = np.zeros((group.max(initial=-1) + 1, 2, CUTS))
    place = np.rint(cut[row, week] / CUT_STEP).astype(int)
    for number, units in enumerate((quantity[row, week], usual)):
        np.add.at(found, (group[row], number, place), units)
    return found


def offer_slope(sold: Array, usual: Array, towards: float) -> float:
    """The power of the price cut by which most was sold as it was: (CUTS) units on offer and usual.

    That of Poisson's likelihood, by halves.
    """
    cuts = np.append(np.arange(CUTS) * CUT_STEP, OFFER_CUT)
    sold = np.append(sold, OFFER_PRIOR * np.exp(towards * OFFER_CUT))
    usual = np.append(usual, OFFER_PRIOR)
    low, high = -10.0, 10.0
    for _ in range(50):
        slope = (low + high) / 2
        is_steeper = cuts @ (sold - usual * np.exp(slope * cuts)) > 0
        low, high = (slope, high) if is_steeper else (low, slope)
    return low


def number_offers(connection: duckdb.DuckDBPyConnection, first_on: date, products: str) -> None:
    """Makes the table `offers` of the products in a table, numbered by category and product."""
    connection.execute(OFFERS.format(products=products), {"first_on": first_on})


def read_offers(connection: duckdb.DuckDBPyConnection, first: int, last: int) -> Offers:
    """Those of some products, which are numbered from the first of them."""
    found = connection.execute(
        "select product - $first as product, week, cut, known from offers"
        " where product between $first and $last and week >= 0",
        {"first": first, "last": last},
    ).fetchnumpy()
    return Offers(*(np.asarray(found[name]) for name in ("product", "week", "cut", "known")))
