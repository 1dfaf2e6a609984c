"""Propensity: learnt from what was known, tried beside recency, level by the last cut-off."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from scipy.special import expit

from orchestration.fit import propensity

HORIZON = timedelta(days=30)
LATEST = date(2026, 6, 1)


def cohort(age: int, size: int = 2500) -> propensity.Cohort:
    """Customers and categories some months before, who buy by recency and by how often they did."""
    draws = np.random.default_rng(age)
    features = {name: draws.uniform(0, 4, size) for name in propensity.FEATURES}
    chance = expit(features["frequency"] - 1.2 * features["recency"])
    return propensity.Cohort(
        LATEST - age * HORIZON, features, (draws.uniform(size=size) < chance).astype(int)
    )


@pytest.fixture(scope="module")
def cohorts() -> list[propensity.Cohort]:
    return [cohort(age) for age in range(6)]


def test_the_last_three_cut_offs_are_predicted_better_than_by_recency(cohorts) -> None:
    trials = propensity.backtest(cohorts, HORIZON)
    assert [each.cutoff_on for each in trials] == [LATEST - age * HORIZON for age in range(3)]
    for trial in trials:
        assert trial.accuracy["auc"] > trial.recency_auc + 0.02
        assert trial.accuracy["calibration_error"] < 0.03
    worst = propensity.worst_of(trials)
    assert worst["trial_count"] == 3
    assert worst["least_auc_gain"] == pytest.approx(
        min(each.accuracy["auc"] - each.recency_auc for each in trials)
    )


def test_the_level_is_that_of_the_last_cut_off(cohorts) -> None:
    """Half of all bought at the last one, far more than before: as many are expected."""
    last = replace(cohorts[0], outcome=np.arange(len(cohorts[0].outcome)) % 2)
    expected = propensity.fitted([last, *cohorts[1:]]).probability(last.features)
    assert expected.mean() == pytest.approx(0.5, abs=1e-6)


def test_only_so_many_rows_are_learnt_from(cohorts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(propensity, "MAX_TRAINING_ROWS", 1000)
    first_rows = [
        replace(
            each,
            features={name: values[:1000] for name, values in each.features.items()},
            outcome=each.outcome[:1000],
        )
        for each in cohorts
    ]
    few, all_rows = (propensity.fitted(each) for each in (first_rows, cohorts))
    assert all(few.slopes[name].tolist() == all_rows.slopes[name].tolist() for name in few.slopes)


def test_too_few_of_either_outcome_tell_nothing() -> None:
    assert cohort(0, 2000).is_telling
    assert not cohort(0, 100).is_telling
    assert not replace(cohort(0), outcome=np.ones(2500, dtype=int)).is_telling
