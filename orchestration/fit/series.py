"""The series of demand: read by the handful, summed by level, and shared downwards.

A handful is some whole categories, since what adds up, adds up within a category: memory holds so
many, or a single large one. Of a shop with a larger one than that nothing is fitted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np
from scipy.sparse import coo_array, csr_array

from orchestration.fit.arrays import Array
from orchestration.fit.offers import NO_OFFERS, Offers, Slopes, number_offers, read_offers
from orchestration.fit.rates import KINDS, YEAR, Rules, festival_factors, top_down, weighed
from orchestration.fit.store import TooFew

HORIZONS = 8
LEVELS = ("category", "product", "product_store")
# So many numbers are read at once: eight bytes each, a few times over. A category is never cut,
# since its products share its sum; one of MOST_CELLS may take four gigabytes.
CELLS = 8_000_000
MOST_CELLS = 4 * CELLS
# The weights of the rates by level and kind of series.
Weights = Mapping[tuple[str, str], Mapping[str, float]]

# Products are few beside their weeks in stores: by numbers these sort in less than half the time.
PAIR_WEEKS = """
create or replace temp table pair_weeks as
with products as (
    select
        category,
        product_id,
        dense_rank() over (order by category) - 1 as category_number,
        row_number() over (order by category, product_id) - 1 as product
    from warehouse.intermediate.int_product_weeks
    group by category, product_id
)
select
    cast(category_number as integer) as category,
    cast(product as integer) as product,
    cast(dense_rank() over (order by product, store_id) - 1 as integer) as pair,
    cast(date_diff('day', cast(? as date), week_on) // 7 as integer) as week,
    sold_quantity::double as sold,
    (sold_quantity + lost_quantity)::double as demand,
    sales_amount::double as amount
from warehouse.intermediate.int_product_weeks
inner join products using (category, product_id)
order by pair
"""
SERIES = "select max(category) + 1, max(product) + 1, max(pair) + 1 from pair_weeks"
# A product has its weeks, and so has a pair that may be a series of its own; any other one those
# alone in which it sold.
CATEGORIES = """
select
    min(pair),
    max(pair),
    $weeks * count(distinct product)
    + sum(case when sold_weeks < $min_weeks then sold_weeks else $weeks end)
from (
    select category, product, pair, count(*) as sold_weeks
    from pair_weeks
    group by category, product, pair
)
group by category
order by category
"""
TRADE_DAYS = """
select
    calendar_day,
    is_ahead,
    iso_weekday - 1 as weekday,
    case when event is null then -1 else dense_rank() over (order by event nulls last) end as event,
    coalesce(sales_amount, 0)::double as amount
from warehouse.intermediate.int_trade_days
order by calendar_day
"""


@dataclass(frozen=True)
class Calendar:
    """Days from the first Monday on, the weeks ahead too; `weeks` of them are over."""

    first_on: date
    weeks: int
    weekday: Array
    event: Array
    amount: Array

    def factors(self, week: int, rules: Rules) -> Array:
        """The factor of each week as known before one, up to the last that is forecast then."""
        found = festival_factors(self.amount, self.event, self.weekday, week * 7, rules.prior_days)
        return found[: week + HORIZONS]


@dataclass(frozen=True)
class Chunk:
    """Products in stores, `pair` by `pair`, of some categories: demand is (pairs, weeks).

    Most pairs sell in few weeks, so that only those stand in the matrices. `product` and `category`
    say to which of them each pair belongs; `first` is the number of the first category among all.
    """

    category: Array
    product: Array
    sold: csr_array
    demand: csr_array
    amount: Array
    offers: Offers = NO_OFFERS
    first: int = 0

    def categories(self) -> Array:
        """The number among all categories of each product's."""
        found = np.zeros(self.product.max() + 1, dtype=int)
        found[self.product] = self.first + self.category
        return found


@dataclass(frozen=True)
class Level:
    """The series of one level: `demand` is (series, weeks), `price` a unit's on average.

    `usual` is what would have been asked for without offers, up to the week of the forecast, and
    `offer` what those announced for the weeks ahead multiply it by. `parent` is the place of each
    in the level above.
    """

    name: str
    demand: Array
    usual: Array
    offer: Array
    sold: Array
    price: Array
    parent: Array


def number_series(connection: duckdb.DuckDBPyConnection, first_on: date) -> tuple[int, int, int]:
    """Makes the tables that are read by the handful; how many series each of LEVELS has."""
    connection.execute(PAIR_WEEKS, [first_on])
    number_offers(connection, first_on, "warehouse.intermediate.int_product_weeks")
    [counts] = connection.execute(SERIES).fetchall()
    return counts


def read_calendar(connection: duckdb.DuckDBPyConnection) -> Calendar:
    found = connection.execute(TRADE_DAYS).fetchnumpy()
    is_over = ~found["is_ahead"].astype(bool)
    return Calendar(
        found["calendar_day"][0].astype("datetime64[D]").item(),
        int(is_over.sum()) // 7,
        *(found[name].astype(kind) for name, kind in (("weekday", int), ("event", int))),
        found["amount"].astype(float),
    )


def handfuls(connection: duckdb.DuckDBPyConnection, weeks: int, min_weeks: int) -> list[list[int]]:
    """The first and last pairs of whole categories, as many together as memory should hold.

    Pairs that sold in fewer than `min_weeks` are no series of their own. Raises `TooFew` where one
    category has more than that, as all products may have without any.
    """
    bounds: list[list[int]] = []
    held = 0
    asked = {"weeks": weeks, "min_weeks": min_weeks}
    for first, last, cells in connection.execute(CATEGORIES, asked).fetchall():
        if cells > MOST_CELLS:
            raise TooFew(
                f"Demand is fitted category by category, and one has {last - first + 1:,} products "
                f"in stores, more than memory should hold with {weeks} weeks of each: give the "
                "products more categories. Until then the parameters that ship with the project "
                "stay in use."
            )
        if bounds and held + cells <= CELLS:
            bounds[-1][1] = last
            held += cells
        else:
            bounds.append([first, last])
            held = cells
    return bounds


def read_chunks(
    connection: duckdb.DuckDBPyConnection, weeks: int, bounds: Sequence[Sequence[int]]
) -> Iterator[Chunk]:
    """The pairs of a product and a store, a handful after the other."""
    for ends in bounds:
        found = connection.execute(
            "select * from pair_weeks where pair between ? and ?", ends
        ).fetchnumpy()
        columns = {name: np.asarray(column) for name, column in found.items()}
        products = int(columns["product"].min()), int(columns["product"].max())
        yield _chunk(columns, weeks, read_offers(connection, *products))


def _chunk(found: Mapping[str, Array], weeks: int, offers: Offers) -> Chunk:
    pair, week = found["pair"] - found["pair"].min(), found["week"]
    count = int(pair.max()) + 1
    sold, demand = (
        csr_array((found[name], (pair, week)), shape=(count, weeks)) for name in ("sold", "demand")
    )
    category, product = np.zeros(count, dtype=int), np.zeros(count, dtype=int)
    for belongs, name in ((category, "category"), (product, "product")):
        belongs[pair] = found[name] - found[name].min()
    amount, first = np.bincount(pair, found["amount"], count), int(found["category"].min())
    return Chunk(category, product, sold, demand, amount, offers, first)


def tree(chunk: Chunk, week: int, rules: Rules, slopes: Slopes) -> list[Level]:
    """The series of a week, the top first: what sold too seldom by then is among the others.

    Offers of the others are not told apart, in the past as in the weeks ahead.
    """
    year = slice(max(0, week - YEAR), week)

    def sells(sold: Array | csr_array) -> Array:
        return (sold[:, year] > 0).sum(axis=1) >= rules.min_weeks

    everything = slice(None)
    is_own = sells(summed(chunk.sold, chunk.product))
    own_product = is_own[chunk.product]
    products = np.where(own_product, chunk.product, len(own_product) + chunk.category)
    category = chunk.categories()
    cut = chunk.offers.cuts(len(category), week, week + HORIZONS)
    factor = np.exp(slopes.of(category)[:, None] * cut)
    factor[~is_own] = 1
    nothing = np.zeros_like(chunk.category)
    top = _level("category", chunk, factor, everything, chunk.category, nothing)
    middle = _level("product", chunk, factor, everything, products, chunk.category)
    kept, pairs = np.flatnonzero(own_product), np.arange(len(own_product))
    stores = np.where(sells(chunk.sold), pairs, len(pairs) + chunk.product)
    places = np.unique(products, return_inverse=True)[1]
    return [top, middle, _level("product_store", chunk, factor, kept, stores, places)]


def _level(
    name: str, chunk: Chunk, factor: Array, pairs: Array | slice, group: Array, parent: Array
) -> Level:
    """The sums of some pairs by group, each of which has one parent; `factor` is of products."""
    _, first, place = np.unique(group[pairs], return_index=True, return_inverse=True)
    product, week = chunk.product[pairs], factor.shape[1] - HORIZONS
    sold, demand = summed(chunk.sold[pairs], place), chunk.demand[pairs]
    units = sold.sum(axis=1)
    amount = np.bincount(place, chunk.amount[pairs], minlength=len(first))
    price = np.divide(amount, units, out=np.zeros(len(first)), where=units > 0)
    usual = demand[:, :week].tocoo()
    usual.data /= factor[product[usual.row], usual.col]
    offer = factor[product[first], week:]
    return Level(
        *(name, summed(demand, place), summed(usual, place), offer),
        *(sold, price, parent[pairs][first]),
    )


def summed(values: csr_array | coo_array, group: Array) -> Array:
    """The sums of rows by group; groups are numbered from 0 without a gap."""
    shape = (group.max(initial=-1) + 1, values.shape[1])
    each = values.tocoo()
    place = group[each.row] * shape[1] + each.col
    return np.bincount(place, each.data, shape[0] * shape[1]).reshape(shape)


def shared(
    levels: Sequence[Level],
    kind: Mapping[str, Array],
    found: Mapping[str, Mapping[str, Array]],
    weights: Weights,
) -> dict[str, Array]:
    """The weekly rate of each series by level, shared downwards so that levels add up."""
    above, rate = None, {}
    for level in levels:
        own = np.zeros(len(level.demand))
        for each in KINDS:
            chosen = kind[level.name] == each
            own[chosen] = weighed(found[level.name], weights[level.name, each])[chosen]
        above = rate[level.name] = own if above is None else top_down(above, own, level.parent)
    return rate


def offered(levels: Sequence[Level], rate: Mapping[str, Array]) -> dict[str, Array]:
    """What offers multiply the weeks ahead by; a category is asked for as its products are."""
    top, middle, bottom = levels
    more = np.zeros_like(top.offer)
    np.add.at(more, middle.parent, rate[middle.name][:, None] * (middle.offer - 1))
    whole = np.bincount(middle.parent, rate[middle.name], len(more))[:, None]
    above = 1 + np.divide(more, whole, out=np.zeros_like(more), where=whole > 0)
    return {top.name: above, middle.name: middle.offer, bottom.name: bottom.offer}
