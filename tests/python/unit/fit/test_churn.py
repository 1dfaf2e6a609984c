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
LEVELS = [
    churn.Level("red", 0.5, 1.0),
    churn.Level("yellow", 0.5, 0.01),
    churn.Level("gone", 0.5, 0.0),
    churn.Level("none", 0.0, 0.0),
]
BASE_RATE = Curves(0.0, {"recency": np.zeros(1)}, {"recency": np.zeros(1)}, {"recency": 0.0})


def cohort(age: int, size: int = 1500) -> churn.Cohort:
    """Customers some months before the latest cut-off, who leave by recency and inactivity."""
    draws = np.random.default_rng(age)
    features = {name: draws.uniform(0, 4, size) for name in churn.FEATURES}
    features["recency"] = features["repeat_recency"]
    chance = expit(1.5 * features["recency"] + features["inactivity"] - 5)
    days = draws.integers(1, 9, size).astype(float)
    last = draws.uniform(1, 40, size)
    return churn.Cohort(
        LATEST - timedelta(days=30 * age),
        features,
        Histories(days - 1, np.where(days > 1, last, 0), last + 4, np.ones(size)),
        draws.uniform(0, 100, size),
        draws.uniform(0, 2, size),
        (draws.uniform(size=size) < chance).astype(int),
    )


@pytest.fixture(scope="module")
def cohorts() -> list[churn.Cohort]:
    return [cohort(age) for age in range(9)]


@pytest.fixture(scope="module")
def backtested(cohorts: list[churn.Cohort]) -> tuple[list[churn.Score], list[churn.Group]]:
    return churn.backtest(cohorts, HORIZON, LEVELS)


def test_only_what_was_known_by_the_day_is_learnt_from(cohorts: list[churn.Cohort]) -> None:
    known = churn.known_by(cohorts[1].cutoff_on, cohorts, HORIZON)
    assert known == cohorts[4:9]
    assert known[0].cutoff_on + HORIZON <= cohorts[1].cutoff_on


def test_the_level_is_that_of_the_last_known_outcomes(cohorts: list[churn.Cohort]) -> None:
    """Four of five left at the last cut-off, more than ever before: as many are expected."""
    last = replace(cohorts[0], churned=np.repeat([1, 0], [1200, 300]))
    risk = churn.fitted([last, *cohorts[1:7]], LATEST + HORIZON).probability(last.features)
    assert risk.sum() == pytest.approx(1200, abs=0.01)


def test_the_level_is_also_that_of_the_season_a_year_before(cohorts: list[churn.Cohort]) -> None:
    """Half of the customers left a year before the day to be scored, lately all but 30."""
    day = LATEST + HORIZON
    last = replace(cohorts[0], churned=np.repeat([1, 0], [1470, 30]))
    a_year_before = replace(
        cohorts[8], cutoff_on=day - timedelta(days=360), churned=np.repeat([1, 0], [750, 750])
    )
    curves = churn.fitted([last, *cohorts[1:5], a_year_before], day)
    expected = [curves.probability(each.features).sum() for each in (last, a_year_before)]
    assert sum(expected) == pytest.approx(1470 + 750, abs=0.01)


@pytest.mark.parametrize(
    ("days", "weeks_of_history", "is_of_the_season"),
    [(365, 52, True), (320, 52, True), (319, 52, False), (411, 52, False), (365, 25, False)],
)
def test_a_year_before_tells_the_season_after_half_a_year(days, weeks_of_history, is_of_the_season):
    oldest = np.array([1.0, weeks_of_history])
    histories = Histories(np.zeros(2), np.zeros(2), oldest, np.ones(2))
    past = replace(cohort(0, 2), cutoff_on=LATEST - timedelta(days=days), histories=histories)
    assert past.is_of_the_season(LATEST) == is_of_the_season


def test_three_cut_offs_and_five_models_are_compared(backtested) -> None:
    scores, groups = backtested
    tenths = [each for each in groups if each.grouping == "decile"]
    assert len(scores) == 3 * len(churn.MODELS) == len(tenths) / 10
    assert {score.cutoff_on for score in scores} == {
        LATEST - timedelta(days=days) for days in (0, 30, 60)
    }


def test_a_model_that_gives_no_numbers_is_left_out_of_the_comparison(
    cohorts: list[churn.Cohort], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(churn, "expected_transactions", lambda *known: np.full(1500, np.nan))
    scores, _ = churn.backtest(cohorts[:5], HORIZON, LEVELS)
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
    deciles = [each for each in churn._groups("x", ten, risk, LEVELS) if each.grouping == "decile"]
    score = churn._score("x", ten, risk)
    assert score.auc == pytest.approx(18 / 21)
    assert score.lift_top_decile == pytest.approx(1 / 0.3)
    assert score.brier == pytest.approx(np.mean((risk - churned) ** 2))
    assert score.brier_skill == pytest.approx(1 - score.brier / 0.21)
    assert score.calibration_error == pytest.approx(np.mean(np.abs(risk - churned)))
    assert [each.customer_count for each in deciles] == [1] * 10


def test_recency_and_frequency_order_customers_by_themselves() -> None:
    """Ten customers, the longest silent last: of 3 × 7 pairs the one in the middle beats four, the
    others all seven. A curve that was learnt with a bend puts everybody in one place."""
    silent = np.arange(1, 11.0)
    ten = replace(
        cohort(0, 10),
        features={"recency": silent, "frequency": silent},
        churned=np.array([0, 0, 0, 0, 1, 0, 0, 0, 1, 1]),
    )
    bent = np.full(10, 0.5)
    by = {name: churn._score(name, ten, bent) for name in ("recency", "frequency", "logistic")}
    assert by["recency"].auc == pytest.approx(18 / 21)
    assert by["frequency"].auc == pytest.approx(3 / 21)
    assert by["logistic"].auc == 0.5
    assert by["recency"].average_precision == pytest.approx((1 + 1 + 3 / 6) / 3)
    assert by["recency"].lift_top_decile == pytest.approx(1 / 0.3)
    assert by["frequency"].lift_top_decile == 0
    assert {each.brier for each in by.values()} == {0.25}


def test_groups_computed_by_hand() -> None:
    """Of four with a risk of one half and spend to lose three leave: 1 more than 2, or 1 deviation.

    Fifths of spend are two customers each; who has spent nothing is gone, and who is likelier to
    stay at no risk, whatever was spent. Where nothing was uncertain there is no distance.
    """
    ten = replace(
        cohort(0, 10),
        spend=np.arange(10.0),
        spend_ratio=np.array([2, 2, 2, 2, 0.5, 0.0, -1, 2, 2, 0]),
        churned=np.array([1, 1, 1, 0, 1, 1, 1, 0, 0, 0]),
    )
    risk = np.array([0.5, 0.5, 0.5, 0.5, 0.9, 0.9, 0.9, 0.0, 0.0, 0.0])
    groups = {
        (each.grouping, each.customer_group): each for each in churn._groups("x", ten, risk, LEVELS)
    }
    red = groups["level", "red"]
    assert (red.customer_count, red.predicted_share, red.churned_share) == (4, 0.5, 0.75)
    assert red.z_score == pytest.approx(1)
    counts = {name: each.customer_count for (kind, name), each in groups.items() if kind == "level"}
    assert counts == {"red": 4, "yellow": 1, "gone": 2, "none": 3}
    assert groups["level", "none"].z_score is None
    assert groups["spend_fifth", "1"].customer_count == 2
    assert groups["spend_fifth", "4"].z_score == pytest.approx(0.1 / 0.3)


def test_a_level_without_customers_has_no_row() -> None:
    nobody_likely = churn._groups("x", cohort(0, 300), np.full(300, 0.25), LEVELS)
    names = [each.customer_group for each in nobody_likely if each.grouping == "level"]
    assert names == ["none"]


def test_what_beats_recency_and_the_present_is_promoted(cohorts, backtested) -> None:
    is_promoted, reason, metrics = churn.judged(cohorts, BASE_RATE, backtested[0])
    assert is_promoted
    assert reason.startswith("Tried on 2026-04-02, it predicts better than the ones before")
    assert metrics["log_loss"] < metrics["log_loss_of_the_parameters_before"]


def test_what_is_no_better_than_the_present_is_rejected(cohorts, backtested) -> None:
    present = churn.fitted(
        [cohorts[0]], LATEST
    )  # has seen the very outcomes on which both are tried
    is_promoted, reason, _ = churn.judged(cohorts, present, backtested[0])
    assert not is_promoted
    assert "the parameters in use predict as well" in reason


def test_what_is_no_better_than_recency_is_rejected(cohorts, backtested) -> None:
    scores = [
        replace(score, auc=0.99) if score.model == "recency" else score for score in backtested[0]
    ]
    is_promoted, reason, _ = churn.judged(cohorts, BASE_RATE, scores)
    assert not is_promoted
    assert "it predicts no better than recency" in reason


def test_the_same_customers_give_the_same_parameters(cohorts) -> None:
    first, again = (churn.fitted(cohorts[:2], LATEST).parameters() for _ in range(2))
    assert first == again


def test_too_few_customers_or_outcomes_tell_nothing() -> None:
    assert not cohort(0, 199).is_telling
    assert cohort(0, 400).is_telling
    everybody_left = replace(cohort(0, 400), churned=np.ones(400, dtype=int))
    assert not everybody_left.is_telling
