"""Prices: planted elasticities and shares come out, within the errors that are stated."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from orchestration.fit import prices
from orchestration.fit.prices import Cells, Estimate

PRODUCTS, WEEKS = 25, 104
PULLED, TAKEN = 0.25, 0.3
PLANTED = np.linspace(-2.2, -0.8, 8).tolist()


def cells(number: int, elasticity: float, taken_share: float = 0.0) -> Cells:
    """A category whose offers last a week, are half made up for after it, and taken from others."""
    draws = np.random.default_rng(number)
    product, week = (each.ravel() for each in np.indices((PRODUCTS, WEEKS)))
    depth = np.where(draws.random((PRODUCTS, WEEKS)) < 0.08, 0.3, 0.0)
    depth[:, 1:] *= depth[:, :-1] == 0
    before = np.pad(depth, ((0, 0), (1, 0)))[:, :-1]
    pace = np.exp(draws.normal(2.5, 0.5, PRODUCTS))[:, None]
    lift = (1 - depth) ** elasticity - 1
    taken = taken_share * (pace * lift).sum(axis=0) / (pace * (depth == 0)).sum(axis=0)
    after = PULLED * ((1 - before) ** elasticity - 1)
    mean = pace * np.where(depth > 0, 1 + lift, (1 - taken) * (1 - after))
    days = np.datetime64("2024-07-01") + 7 * np.arange(WEEKS)
    return Cells(
        *(f"category {number}", product, week, days[week]),
        *(depth.ravel(), before.ravel(), draws.poisson(mean).ravel().astype(float)),
        *(np.ones(PRODUCTS * WEEKS), 10 * (1 - depth.ravel())),
    )


@pytest.fixture(scope="module")
def categories() -> dict[float, Cells]:
    return {elasticity: cells(number, elasticity) for number, elasticity in enumerate(PLANTED)}


def test_planted_elasticities_lie_within_their_errors(categories: dict[float, Cells]) -> None:
    for elasticity, category in categories.items():
        found = prices.fit_category(category)
        assert abs(found.own_price.value - elasticity) < 2.5 * found.own_price.error
        assert found.own_price.error < 0.15


def test_what_was_pulled_forward_is_found(categories: dict[float, Cells]) -> None:
    found = prices.pooled([prices.fit_category(each).pulled for each in categories.values()])
    assert found.value == pytest.approx(PULLED, abs=2.5 * found.error)
    assert found.error < 0.1


def test_where_all_are_on_offer_at_once_nothing_is_told_of_the_weeks_after() -> None:
    """Prices move besides, by which the elasticity is found."""
    category = cells(1, -1.5)
    at_once = replace(category, depth_before=0.2 * np.isin(category.week % 10, [3, 4]))
    found = prices.fit_category(at_once)
    assert abs(found.own_price.value + 1.5) < 0.3
    assert found.pulled is None
    assert prices.fit_category(category).pulled is not None


def test_what_was_taken_from_others_is_found_and_makes_offers_seem_a_little_stronger() -> None:
    taking = [cells(number, elasticity, TAKEN) for number, elasticity in enumerate(PLANTED)]
    beside = enumerate(zip(taking, PLANTED, strict=True))
    taken = prices.fit_taken([prices.weeks_beside(number, *each) for number, each in beside])
    assert taken.value == pytest.approx(TAKEN, abs=2.5 * taken.error)
    assert taken.error < 0.15
    seeming = [prices.fit_category(each).own_price.value for each in taking]
    assert -0.25 < np.mean(seeming) - np.mean(PLANTED) < 0


def test_prices_that_hardly_move_tell_nothing(categories: dict[float, Cells]) -> None:
    """Four products on offer are one too few; prices off by a hundredth are none."""
    category = next(iter(categories.values()))
    four = replace(category, price=np.where(category.product < 4, category.price, 10.0))
    steady = replace(category, price=10 + 0.05 * (category.week % 2))
    assert prices.fit_category(four) is None
    assert prices.fit_category(steady) is None


def test_without_offers_only_the_elasticity_is_told(categories: dict[float, Cells]) -> None:
    elasticity, category = next(iter(categories.items()))
    none = np.zeros_like(category.depth)
    unannounced = replace(category, depth=none, depth_before=none)
    found = prices.fit_category(unannounced)
    assert found.pulled is None
    assert found.own_price.value == pytest.approx(elasticity, abs=0.4)
    assert prices.fit_taken([]) is None


def test_estimates_are_pooled_by_how_well_they_are_known() -> None:
    """Errors of 1 and 2 weigh 1 and 1/4: (0 + 5/4) ÷ (5/4) = 1, with the error √(4/5)."""
    found = prices.pooled([Estimate(0.0, 1.0), Estimate(5.0, 2.0)])
    assert (found.value, found.error) == pytest.approx((1.0, 0.8**0.5))
    assert prices.pooled([]) is None
