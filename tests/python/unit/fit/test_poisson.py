"""Poisson regression with two groupings absorbed: what dummies would have given, without them."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import PoissonRegressor

from orchestration.fit.poisson import fit_poisson

PRODUCTS, WEEKS, ELASTICITY = 30, 60, -1.5


@pytest.fixture(scope="module")
def sales() -> dict[str, np.ndarray]:
    """What products sell in weeks, in some of which they are on offer, or half of them missing."""
    draws = np.random.default_rng(3)
    product, week = (each.ravel() for each in np.indices((PRODUCTS, WEEKS)))
    price = np.where(draws.random(len(product)) < 0.1, np.log(0.7), 0.0)
    exposure = np.where(draws.random(len(product)) < 0.1, 0.5, 1.0)
    pace = draws.normal(1, 0.8, PRODUCTS)[product] + draws.normal(0, 0.3, WEEKS)[week]
    count = draws.poisson(exposure * np.exp(pace + ELASTICITY * price)).astype(float)
    return {
        "count": count,
        "exposure": exposure,
        "regressors": price[:, None],
        "first": product,
        "second": week,
        "cluster": product,
    }


def test_the_slope_is_that_of_a_regression_on_dummies(sales: dict[str, np.ndarray]) -> None:
    found = fit_poisson(**sales)
    dummies = [np.eye(PRODUCTS)[sales["first"]], np.eye(WEEKS)[sales["second"]][:, 1:]]
    reference = PoissonRegressor(
        alpha=0, fit_intercept=False, solver="newton-cholesky", tol=1e-10, max_iter=1000
    ).fit(
        np.hstack([sales["regressors"], *dummies]),
        sales["count"] / sales["exposure"],
        sample_weight=sales["exposure"],
    )
    assert found.slopes[0] == pytest.approx(reference.coef_[0], abs=1e-6)
    assert abs(found.slopes[0] - ELASTICITY) < 3 * found.covariance[0, 0] ** 0.5


def test_what_is_expected_adds_up_to_what_came_in_each_group(sales: dict[str, np.ndarray]) -> None:
    found = fit_poisson(**sales)
    for group in ("first", "second"):
        came, expected = (
            np.bincount(sales[group], values) for values in (sales["count"], found.mean)
        )
        assert expected == pytest.approx(came, rel=1e-5)


def test_a_group_that_sold_nothing_changes_nothing(sales: dict[str, np.ndarray]) -> None:
    """A product that nobody bought at any price tells nothing of prices."""
    nobody = {
        **{name: np.append(values, [0.0, 0.0]) for name, values in sales.items()},
        "exposure": np.append(sales["exposure"], [1.0, 1.0]),
        "regressors": np.append(sales["regressors"], [[0.0], [-0.3]], axis=0),
        "first": np.append(sales["first"], [PRODUCTS, PRODUCTS]),
        "second": np.append(sales["second"], [0, 1]),
        "cluster": np.append(sales["cluster"], [PRODUCTS, PRODUCTS]),
    }
    found = fit_poisson(**nobody)
    assert found.slopes == pytest.approx(fit_poisson(**sales).slopes)
    assert (found.mean[-2:] == 0).all()


def test_a_price_that_moves_everywhere_at_once_has_no_slope(sales: dict[str, np.ndarray]) -> None:
    """What weeks leave of it is a rounding, by which one can divide."""
    at_once = np.random.default_rng(5).normal(size=WEEKS)[sales["second"]][:, None]
    with pytest.raises(np.linalg.LinAlgError):
        fit_poisson(**{**sales, "regressors": at_once})


def test_a_price_that_never_moves_has_no_slope(sales: dict[str, np.ndarray]) -> None:
    with pytest.raises(np.linalg.LinAlgError):
        fit_poisson(**{**sales, "regressors": np.zeros_like(sales["regressors"])})
