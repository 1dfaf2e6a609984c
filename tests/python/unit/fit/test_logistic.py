"""Curves: what is fitted, what is stored, and what the SQL makes of it, are the same."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from orchestration.fit.logistic import Curves, fit_curves

CUSTOMERS = 40_000


@pytest.fixture(scope="module")
def population() -> dict[str, np.ndarray]:
    draws = np.random.default_rng(5)
    return {
        "recency": draws.uniform(0, 6, CUSTOMERS),
        "frequency": draws.uniform(0, 4, CUSTOMERS),
    }


def true_log_odds(features: dict[str, np.ndarray]) -> np.ndarray:
    """Rises with recency up to 3 and is level then; falls with frequency."""
    return np.minimum(features["recency"], 3) - 0.5 * features["frequency"] - 0.5


@pytest.fixture(scope="module")
def curves(population: dict[str, np.ndarray]) -> Curves:
    chance = expit(true_log_odds(population))
    outcome = (np.random.default_rng(6).uniform(size=CUSTOMERS) < chance).astype(int)
    return fit_curves(population, outcome, np.ones(CUSTOMERS))


def test_a_known_curve_is_found(curves: Curves, population: dict[str, np.ndarray]) -> None:
    off = curves.probability(population) - expit(true_log_odds(population))
    assert np.sqrt(np.mean(off**2)) < 0.02
    assert abs(off.mean()) < 0.005


def test_a_level_moves_all_customers_alike(
    curves: Curves, population: dict[str, np.ndarray]
) -> None:
    """Where one in ten leaves, one in ten is expected to, and nobody changes places."""
    outcome = np.repeat([1, 0], [CUSTOMERS // 10, CUSTOMERS - CUSTOMERS // 10])
    moved = curves.at_level(population, outcome)
    assert moved.probability(population).mean() == pytest.approx(0.1, abs=1e-6)
    shift = moved.log_odds(population) - curves.log_odds(population)
    np.testing.assert_allclose(shift, moved.intercept - curves.intercept, rtol=0, atol=1e-12)


def test_beyond_what_was_seen_the_score_is_level(curves: Curves) -> None:
    def at(recency: float) -> float:
        [log_odds] = curves.log_odds({"recency": np.array([recency]), "frequency": np.array([1.0])})
        return log_odds

    assert at(60) == pytest.approx(at(6), abs=1e-3)
    assert at(-9) == pytest.approx(at(0), abs=1e-3)


def test_curves_are_zero_on_average(curves: Curves, population: dict[str, np.ndarray]) -> None:
    assert curves.log_odds(population).mean() == pytest.approx(curves.intercept, abs=1e-6)


def test_what_is_stored_is_what_was_fitted(
    curves: Curves, population: dict[str, np.ndarray]
) -> None:
    again = Curves.of(curves.parameters())
    np.testing.assert_allclose(
        again.log_odds(population), curves.log_odds(population), rtol=0, atol=1e-12
    )


def test_the_formula_of_the_sql_gives_the_same(
    curves: Curves, population: dict[str, np.ndarray]
) -> None:
    """Intercept + Σ coefficient × max(value − knot, 0) − average, term by term."""
    log_odds = np.zeros(CUSTOMERS)
    for parameter in curves.parameters():
        if parameter.feature is None:
            log_odds += parameter.value
        elif parameter.knot is None:
            log_odds -= parameter.value
        else:
            beyond = population[parameter.feature] - parameter.knot
            log_odds += parameter.value * np.maximum(beyond, 0)
    np.testing.assert_allclose(log_odds, curves.log_odds(population), rtol=0, atol=1e-9)


def test_a_feature_that_never_varies_adds_nothing() -> None:
    features = {"recency": np.tile([0.0, 1.0], 200), "constant": np.full(400, 2.0)}
    outcome = np.tile([0, 1, 0, 0], 100)
    curves = fit_curves(features, outcome, np.ones(400))
    assert np.all(curves.slopes["constant"] == 0)


def test_twice_the_weight_is_the_row_twice() -> None:
    draws = np.random.default_rng(7)
    recency = np.round(draws.uniform(0, 6, 300), 1)
    outcome = (draws.uniform(size=300) < expit(recency - 3)).astype(int)
    weighted = fit_curves({"recency": np.tile(recency, 2)}, np.tile(outcome, 2), np.ones(600))
    doubled = fit_curves({"recency": recency}, outcome, np.full(300, 2.0))
    assert weighted.intercept == pytest.approx(doubled.intercept, rel=1e-4)
    np.testing.assert_allclose(
        weighted.slopes["recency"], doubled.slopes["recency"], rtol=1e-3, atol=1e-5
    )
