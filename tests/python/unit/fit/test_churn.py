"""Churn: fitted on what was known, tried on what came later, promoted when it is better."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from scipy.special import expit

from orchestration.fit import churn
from orchestration.fit.lifetime import Histories
from orchestration.fit.logistic import Curves

HORIZON = timedelta(days=90)
LATEST = date(2026, 4, 2)
# Says of everybody that half of them leave.
BASE_RATE = Curves(0.0, {"recency": np.zeros(1)}, {"recency": np.zeros(1)}, {"recency": 0.0})


def cohort(age: int, size: int = 1500) -> churn.Cohort:
    """Customers some months before the latest cut-off, who leave by recency and inactivity."""
    draws = np.random.default_rng(age)
    features = {name: draws.uniform(0, 4, size) for name in churn.FEATURES}
    chance = expit(1.5 * features["recency"] + features["inactivity"] - 5)
    days = draws.integers(1, 9, size).astype(float)
    last = draws.uniform(1, 40, size)
    return churn.Cohort(
        LATEST - timedelta(days=30 * age),
        features,
        Histories(days - 1, np.where(days > 1, last, 0), last + 4, np.ones(size)),
        (draws.uniform(size=size) < chance).astype(int),
    )


@pytest.fixture(scope="module")
def cohorts() -> list[churn.Cohort]:
    return [cohort(age) for age in range(9)]


@pytest.fixture(scope="module")
def backtested(cohorts: list[churn.Cohort]) -> tuple[list[churn.Score], list[churn.Decile]]:
    return churn.backtest(cohorts, HORIZON)


def test_only_what_was_known_by_the_day_is_learnt_from(cohorts: list[churn.Cohort]) -> None:
    training = churn.earlier_than(cohorts[1], cohorts, HORIZON)
    assert training == cohorts[4:9]
    assert training[0].cutoff_on + HORIZON <= cohorts[1].cutoff_on
    assert len(churn.earlier_than(cohorts[0], cohorts, HORIZON)) == churn.TRAINING_CUTOFFS


def test_three_cut_offs_and_five_models_are_compared(backtested) -> None:
    scores, deciles = backtested
    assert len(scores) == 3 * len(churn.MODELS) == len(deciles) / 10
    assert {score.cutoff_on for score in scores} == {
        LATEST - timedelta(days=days) for days in (0, 30, 60)
    }


def test_a_model_that_gives_no_numbers_is_left_out_of_the_comparison(
    cohorts: list[churn.Cohort], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(churn, "expected_transactions", lambda *known: np.full(1500, np.nan))
    scores, _ = churn.backtest(cohorts[:5], HORIZON)
    assert {score.model for score in scores} == {*churn.MODELS} - {"expected_transactions"}


def test_the_model_finds_what_a_single_feature_cannot(backtested) -> None:
    for cutoff in {score.cutoff_on for score in backtested[0]}:
        auc = {score.model: score.auc for score in backtested[0] if score.cutoff_on == cutoff}
        assert auc["logistic"] > auc["recency"] + 0.03
        assert auc["logistic"] > auc["gradient_boosting"] - 0.005
        assert auc["frequency"] == pytest.approx(0.5, abs=0.05)


def test_figures_of_a_forecast_computed_by_hand() -> None:
    """Ten customers in order of risk; the two last leave, and one in the middle.

    Of 3 × 7 pairs the one in the middle (fifth) beats four, the others all seven: 18 of 21. The
    base rate 0.3 has the Brier score 0.21.
    """
    risk = np.arange(1, 11) / 10
    churned = np.array([0, 0, 0, 0, 1, 0, 0, 0, 1, 1])
    ten = replace(cohort(0, 10), churned=churned)
    deciles = list(churn._deciles("x", ten, risk))
    score = churn._score("x", ten, risk, deciles)
    assert score.auc == pytest.approx(18 / 21)
    assert score.lift_top_decile == pytest.approx(1 / 0.3)
    assert score.brier == pytest.approx(np.mean((risk - churned) ** 2))
    assert score.brier_skill == pytest.approx(1 - score.brier / 0.21)
    assert score.calibration_error == pytest.approx(np.mean(np.abs(risk - churned)))
    assert [each.customer_count for each in deciles] == [1] * 10


def test_what_beats_recency_and_the_present_is_promoted(cohorts, backtested) -> None:
    is_promoted, reason, metrics = churn.judged(cohorts, HORIZON, BASE_RATE, backtested[0])
    assert is_promoted
    assert reason.startswith("Tried on 2026-04-02, it predicts better than the ones before")
    assert metrics["log_loss"] < metrics["log_loss_of_the_parameters_before"]


def test_what_is_no_better_than_the_present_is_rejected(cohorts, backtested) -> None:
    present = churn.fitted([cohorts[0]])  # has seen the very outcomes on which both are tried
    is_promoted, reason, _ = churn.judged(cohorts, HORIZON, present, backtested[0])
    assert not is_promoted
    assert "the parameters in use predict as well" in reason


def test_what_is_no_better_than_recency_is_rejected(cohorts, backtested) -> None:
    scores = [
        replace(score, auc=0.99) if score.model == "recency" else score for score in backtested[0]
    ]
    is_promoted, reason, _ = churn.judged(cohorts, HORIZON, BASE_RATE, scores)
    assert not is_promoted
    assert "it predicts no better than recency" in reason


def test_the_same_customers_give_the_same_parameters(cohorts) -> None:
    assert churn.fitted(cohorts[:2]).parameters() == churn.fitted(cohorts[:2]).parameters()


def test_too_few_customers_or_outcomes_tell_nothing() -> None:
    assert not cohort(0, 199).is_telling
    assert cohort(0, 400).is_telling
    everybody_left = replace(cohort(0, 400), churned=np.ones(400, dtype=int))
    assert not everybody_left.is_telling
