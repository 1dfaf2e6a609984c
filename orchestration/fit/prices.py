"""Fits how much less is bought at a higher price, and what becomes of what an offer adds.

The elasticity of a category is that of its products' sales to their own prices, by week; what a
product always sells, and how the category goes in a week, with its festivals, are taken out. Two
shares hold for the whole shop, since one category tells them badly: what is missing in the days
after an offer, and what the other products of the category sell less while it lasts, each of what
the offer adds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
from scipy.stats import t as student

from orchestration.digests import table_digest
from orchestration.fit.arrays import Array
from orchestration.fit.days import latest_day
from orchestration.fit.poisson import Poisson, fit_poisson
from orchestration.fit.store import Fit, Fitted, Parameter, TooFew, rounded

CELLS = "warehouse.intermediate.int_price_weeks"
CUSTOMERS = "warehouse.intermediate.int_customers"
# Fewer products whose price moved tell nothing of a category.
MIN_PRODUCTS = 5
# A price that moved by less than this is one of rounding.
MOVED = 0.02
# The elasticity from which it is looked for, and how often: it hardly moves after the second time.
FIRST_GUESS, ROUNDS = -1.0, 3
# Half of what a normal distribution holds, to nineteen in twenty.
NORMAL = 1.959964
CATEGORIES = f"select distinct category from {CELLS} order by category"
CATEGORY = f"""
select
    dense_rank() over (order by product_id) - 1 as product,
    dense_rank() over (order by week_on) - 1 as week,
    week_on, depth_share, depth_before_share, quantity::double as quantity, exposure, price
from {CELLS}
where category = ?
order by product, week, depth_share, depth_before_share
"""


@dataclass(frozen=True)
class Cells:
    """What a category sold: arrays by product, week and price. `product` and `week` number them."""

    category: str
    product: Array
    week: Array
    week_on: Array
    depth: Array
    depth_before: Array
    quantity: Array
    exposure: Array
    price: Array

    @property
    def moved_products(self) -> int:
        """Products that were sold at prices further apart than rounding."""
        low, high = (np.full(self.product.max() + 1, end) for end in (np.inf, -np.inf))
        np.minimum.at(low, self.product, np.log(self.price))
        np.maximum.at(high, self.product, np.log(self.price))
        return int((high - low > MOVED).sum())


@dataclass(frozen=True)
class Beside:
    """By week of a category: what is not on offer sold, what it usually sells, and what the offers
    are expected to add."""

    quantity: Array
    usual: Array
    added: Array

    @classmethod
    def of(cls, cells: Cells, elasticity: float) -> Beside:
        is_plain = (cells.depth == 0) & (cells.depth_before == 0)
        sold, shown = (
            np.bincount(cells.product, values * is_plain)
            for values in (cells.quantity, cells.exposure)
        )
        rate = np.divide(sold, shown, out=np.zeros_like(sold), where=shown > 0)
        usual = rate[cells.product] * cells.exposure
        added = usual * ((1 - cells.depth) ** elasticity - 1)
        columns = (cells.quantity * is_plain, usual * is_plain, added)
        return cls(*(np.bincount(cells.week, values) for values in columns))


@dataclass(frozen=True)
class Estimate:
    """A number with its standard error, such that 1.96 of these hold it in 95 of 100 cases."""

    value: float
    error: float


@dataclass(frozen=True)
class Elasticity:
    """Of one category. `pulled` is the share of what offers added that is missing after them, None
    without offers; `spread` the deviation of the logarithms of prices that tell it."""

    category: str
    own_price: Estimate
    pulled: Estimate | None
    spread: float
    product_count: int


def fit_prices(connection: duckdb.DuckDBPyConnection, variables: Mapping[str, Any]) -> Fitted:
    """Elasticities of the categories whose prices moved, and the two shares.

    They are always promoted: a description of the prices that there were can be no worse than that
    of fewer weeks. Raises `TooFew`.
    """
    found, beside = [], []
    for number, cells in enumerate(read_cells(connection)):
        if each := fit_category(cells):
            found.append(each)
            if cells.depth.any():
                beside.append(weeks_beside(number, cells, each.own_price.value))
    if not found:
        raise TooFew(
            f"To fit prices, no category has {MIN_PRODUCTS} products whose price moved: "
            "no elasticity is told until there are."
        )
    pulled = pooled([each.pulled for each in found if each.pulled])
    taken = fit_taken(beside)
    [(customers,)] = connection.execute(f"select count(*) from {CUSTOMERS}").fetchall()
    fit = Fit(
        model="prices",
        parameters=[*_parameters(found), *_shares(pulled, taken)],
        metrics={
            "category_count": float(len(found)),
            "mean_elasticity": rounded(np.mean([each.own_price.value for each in found])),
            "mean_standard_error": rounded(np.mean([each.own_price.error for each in found])),
        },
        as_of_date=latest_day(connection),
        customer_count=customers,
        data_digest=table_digest(connection, CELLS),
        is_promoted=True,
        reason=f"Prices of {sum(each.product_count for each in found)} products moved, in "
        f"{len(found)} categories.",
    )
    return Fitted([fit])


def read_cells(connection: duckdb.DuckDBPyConnection) -> Iterator[Cells]:
    """One category after the other, so that memory holds one."""
    for (category,) in connection.execute(CATEGORIES).fetchall():
        found = connection.execute(CATEGORY, [category]).fetchnumpy()
        yield Cells(
            category,
            *(found["product"].astype(int), found["week"].astype(int), found["week_on"]),
            *(found[name].astype(float) for name in ("depth_share", "depth_before_share")),
            *(found[name].astype(float) for name in ("quantity", "exposure", "price")),
        )


def fit_category(cells: Cells) -> Elasticity | None:
    """The elasticity of one category, None where too few prices moved.

    Several times over: what is missing after an offer is a share of what it added, which the
    elasticity says. What offers take from the other products of the category is in it: against
    these they gain a little more than they add. Where all products are on offer for the same whole
    weeks, these explain what is missing after them, and only the elasticity can be told.
    """
    if cells.moved_products < MIN_PRODUCTS or not cells.quantity.any():
        return None
    for has_offers in (True, False) if cells.depth_before.any() else (False,):
        try:
            return _elasticity(cells, has_offers)
        except np.linalg.LinAlgError:
            continue
    return None


def _elasticity(cells: Cells, has_offers: bool) -> Elasticity:
    """That of a category, with what offers pull forward if it `has_offers`."""
    elasticity = FIRST_GUESS
    for _ in range(ROUNDS if has_offers else 1):
        regressors = [np.log(cells.price)]
        if has_offers:
            regressors.append(1 - (1 - cells.depth_before) ** elasticity)
        estimates, fit = _estimated(
            *(cells.quantity, cells.exposure, np.column_stack(regressors)),
            *(cells.product, cells.week),
        )
        elasticity = estimates[0].value
    pulled = estimates[1] if has_offers else None
    spread, moved = float(fit.spread[0]), cells.moved_products
    return Elasticity(cells.category, estimates[0], pulled, spread, moved)


def _estimated(
    count: Array, exposure: Array, regressors: Array, first: Array, second: Array
) -> tuple[list[Estimate], Poisson]:
    """The slopes, with the greater of two errors: that of few clusters `first` scatters itself.

    One allows for all that the rows of a cluster have in common, and takes them for few; the other
    for the scatter of each row by itself.
    """
    fit = fit_poisson(count, exposure, regressors, first, second, first)
    wider = student.ppf(0.975, max(fit.cluster_count - 1, 1)) / NORMAL
    errors = np.sqrt(np.maximum(wider**2 * np.diag(fit.covariance), np.diag(fit.row_covariance)))
    slopes = zip(fit.slopes.tolist(), errors.tolist(), strict=True)
    return [Estimate(*each) for each in slopes], fit


def pooled(estimates: Sequence[Estimate]) -> Estimate | None:
    """What they have in common, each weighed by how well it is known."""
    if not estimates:
        return None
    weights = np.array([each.error**-2 for each in estimates])
    value = np.average([each.value for each in estimates], weights=weights)
    return Estimate(float(value), float(weights.sum() ** -0.5))


def weeks_beside(number: int, cells: Cells, elasticity: float) -> Array:
    """By week of a category with anything usual: its number, the day, and the sums of `Beside`."""
    beside = Beside.of(cells, elasticity)
    days = np.unique(cells.week_on).astype("datetime64[D]").astype(int)
    numbers = np.full(len(days), number)
    weeks = np.column_stack([numbers, days, beside.quantity, beside.usual, beside.added])
    return weeks[beside.usual > 0]


def fit_taken(found: Sequence[Array]) -> Estimate | None:
    """How much less the products beside the offers sell, as a share of what those add.

    By category and week, as `weeks_beside` has them, against how the category usually goes and all
    categories go in the week: where more is on offer, what the offers add is a larger share of what
    the others sell. None without offers in two categories.
    """
    if len(found) < 2:
        return None
    number, day, quantity, usual, added = np.vstack(found).T
    week = np.unique(day, return_inverse=True)[1]
    number = number.astype(int)
    try:
        estimates, _ = _estimated(quantity, usual, -(added / usual)[:, None], number, week)
    except np.linalg.LinAlgError:
        return None
    return estimates[0]


def _parameters(found: Sequence[Elasticity]) -> Iterator[Parameter]:
    for each in found:
        of = each.category
        yield Parameter(
            f"elasticity of {of}", rounded(each.own_price.value), rounded(each.own_price.error), of
        )
        yield Parameter(f"price spread of {of}", rounded(each.spread), None, of)
        yield Parameter(f"products of {of}", float(each.product_count), None, of)


def _shares(pulled: Estimate | None, taken: Estimate | None) -> Iterator[Parameter]:
    for name, share in {"pulled forward": pulled, "taken": taken}.items():
        if share:
            yield Parameter(name, rounded(share.value), rounded(share.error))
