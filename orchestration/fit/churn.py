"""Fits the probability that a customer buys nothing within the horizon, and tries it.

Every set of parameters is judged on a cut-off that begins where the outcomes that it was fitted on
end, beside single features and gradient boosting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from datetime import date, timedelta
from typing import Any

import duckdb
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import average_precision_score, roc_auc_score
from threadpoolctl import threadpool_limits

from orchestration.digests import table_digest
from orchestration.fit.arrays import Array
from orchestration.fit.cutoffs import (
    TENTHS,
    accuracy,
    equal_parts,
    known_by,
    present_curves,
    stacked,
    verdict,
)
from orchestration.fit.days import latest_day
from orchestration.fit.lifetime import Histories, expected_transactions, fit_purchases
from orchestration.fit.logistic import Curves, fit_curves
from orchestration.fit.store import Fit, Fitted, Table, TooFew, rounded

FEATURES = (
    *("repeat_recency", "one_visit", "frequency", "rate", "inactivity"),
    *("recent_frequency", "last_gap", "recent_spend"),
)
# The model is tried on the last three cut-offs whose outcome is known, each time fitted on up to
# six earlier ones; the older a month, the less it says of the next.
TRIALS, TRAINING_CUTOFFS, MONTHLY_DECAY = 3, 6, 0.6
# How many of all leave changes faster than who does, and with the seasons: it is taken from the
# last cut-off whose outcome is known, and from those that lie a year before, give or take so many
# days, after half a year of history.
YEAR_DAYS, SEASON_DAYS, HALF_YEAR_DAYS = 365, 45, 180
# Fewer customers, or fewer of either outcome, tell chance from habit badly.
MIN_CUSTOMERS, MIN_OUTCOMES = 200, 30
FIFTHS = 5
JUDGED_BY = ("auc", "log_loss", "brier", "brier_skill", "calibration_error")
# Fewer purchases than this to be expected are as good as none.
NOTHING = 1e-9
EXPECTED = "expected_transactions"

# A view computes its rows each time that they are asked for.
HISTORY = """
create or replace temp table churn_history as
from warehouse.intermediate.int_churn_outcomes
"""
LEVELS = """
select churn_level, min_probability, min_spend_ratio
from warehouse.reference.churn_levels
order by min_probability desc, min_spend_ratio desc
"""


@dataclass(frozen=True)
class Cohort:
    """Customers at one cut-off: arrays of one length. `churned` is 0 or 1.

    `spend` is what they spent before it; `spend_ratio`, within the RFM window, as a share of the
    mean of those who bought in it.
    """

    cutoff_on: date
    features: Mapping[str, Array]
    histories: Histories
    spend: Array
    spend_ratio: Array
    churned: Array

    @property
    def outcome(self) -> Array:
        return self.churned

    @property
    def is_telling(self) -> bool:
        gone = int(self.churned.sum())
        few = min(gone, len(self.churned) - gone)
        return len(self.churned) >= MIN_CUSTOMERS and few >= MIN_OUTCOMES

    def is_of_the_season(self, day: date) -> bool:
        """Whether it lies about a year before a day, and tells habits from beginnings."""
        distance = abs((day - self.cutoff_on).days - YEAR_DAYS)
        return distance <= SEASON_DAYS and self.histories.T.max() * 7 >= HALF_YEAR_DAYS


@dataclass(frozen=True)
class Score:
    """How well one model predicted one cut-off's outcomes.

    `auc`, `average_precision` and `lift_top_decile` (churned customers among the tenth with the
    highest risk, against chance) are of the order, which of recency and frequency is their own.
    `brier_skill`: share of the base rate's Brier score that is saved. `calibration_error`: mean
    distance of predicted and observed shares, over tenths of the customers by risk.
    """

    model: str
    cutoff_on: date
    customer_count: int
    churned_share: float
    auc: float
    average_precision: float
    lift_top_decile: float
    log_loss: float
    brier: float
    brier_skill: float
    calibration_error: float


@dataclass(frozen=True)
class Group:
    """Some of the customers: what was predicted of them, and what came.

    `grouping` is decile, spend_fifth or level; `z_score` the distance of the two in standard
    deviations, None where nothing was uncertain.
    """

    model: str
    cutoff_on: date
    grouping: str
    customer_group: str
    customer_count: int
    predicted_share: float
    churned_share: float
    z_score: float | None


@dataclass(frozen=True)
class Level:
    """A level of risk: from which probability and which spend on, 0 for any."""

    name: str
    min_probability: float
    min_spend_ratio: float


TYPES = {
    **{"str": "varchar", "date": "date", "int": "bigint", "float": "double"},
    "float | None": "double",
}


def fit_churn(connection: duckdb.DuckDBPyConnection, variables: Mapping[str, Any]) -> Fitted:
    """New curves, in use when they predict better than the present ones and recency.

    Raises `TooFew` where no cut-off has enough customers of either outcome.
    """
    connection.execute(HISTORY)
    cohorts = [cohort for cohort in read_cohorts(connection) if cohort.is_telling]
    horizon = timedelta(days=variables["churn_horizon_days"])
    if not cohorts or not known_by(cohorts[0].cutoff_on, cohorts, horizon):
        raise TooFew(
            f"Churn needs two cut-offs {horizon.days} days apart with {MIN_CUSTOMERS} buyers each, "
            f"{MIN_OUTCOMES} of whom came back and {MIN_OUTCOMES} did not: the parameters that "
            "ship with the project stay in use."
        )
    as_of_date = latest_day(connection)
    scores, groups = backtest(cohorts, horizon, read_levels(connection))
    present = present_curves(connection, "churn")
    is_promoted, reason, metrics = judged(cohorts, present, scores)
    fit = Fit(
        model="churn",
        parameters=fitted(known_by(as_of_date, cohorts, horizon), as_of_date).parameters(),
        metrics=metrics,
        as_of_date=as_of_date,
        customer_count=len(cohorts[0].churned),
        data_digest=table_digest(connection, "churn_history"),
        is_promoted=is_promoted,
        reason=reason,
    )
    tables = {"churn_backtest": table(Score, scores), "churn_calibration": table(Group, groups)}
    return Fitted([fit], tables)


def read_cohorts(connection: duckdb.DuckDBPyConnection) -> list[Cohort]:
    """The earlier cut-offs of the table `churn_history`, the latest first."""
    found = connection.execute(
        "select * from churn_history order by cutoff_on desc, customer_id"
    ).fetchnumpy()
    cutoffs = found["cutoff_on"].astype("datetime64[D]")
    return [_cohort(found, cutoffs == day, day.item()) for day in np.unique(cutoffs)[::-1]]


def read_levels(connection: duckdb.DuckDBPyConnection) -> list[Level]:
    """The levels of risk, the first that somebody reaches first."""
    return [Level(*row) for row in connection.execute(LEVELS).fetchall()]


def _cohort(found: Mapping[str, Array], chosen: Array, cutoff_on: date) -> Cohort:
    recency, tenure, days, spend, in_window, days_in_window = (
        found[name][chosen].astype(float)
        for name in (
            *("recency_days", "tenure_days", "purchase_day_count"),
            *("spend_amount", "window_amount", "window_purchase_day_count"),
        )
    )
    spenders = in_window[days_in_window > 0]
    mean = spenders.mean() if len(spenders) else 0.0
    return Cohort(
        cutoff_on,
        {name: found[name][chosen].astype(float) for name in ("recency", *FEATURES)},
        Histories(days - 1, (tenure - recency) / 7, (tenure - 1) / 7, np.ones(len(days))),
        spend,
        in_window / mean if mean > 0 else np.sign(in_window),
        found["has_churned"][chosen].astype(int),
    )


def fitted(known: Sequence[Cohort], day: date, features: Sequence[str] = FEATURES) -> Curves:
    """What is learnt for a day from cut-offs that are known by then, the latest first.

    The curves come from the latest cut-offs, the level from the last and from a year ago.
    """
    training = known[:TRAINING_CUTOFFS]
    curves = fit_curves(*stacked(training, features), _weights(training))
    same_season = [each for each in known[1:] if each.is_of_the_season(day)]
    return curves.at_level(*stacked([known[0], *same_season], features))


def _weights(training: Sequence[Cohort]) -> Array:
    return np.hstack(
        [np.full(len(each.churned), MONTHLY_DECAY**age) for age, each in enumerate(training)]
    )


def backtest(
    cohorts: Sequence[Cohort], horizon: timedelta, levels: Sequence[Level]
) -> tuple[list[Score], list[Group]]:
    """What each model would have predicted of the last cut-offs from what was known then."""
    scores, groups = [], []
    for cohort in cohorts[:TRIALS]:
        known = known_by(cohort.cutoff_on, cohorts, horizon)
        if known:
            for model, predict in MODELS.items():
                risk = predict(known, cohort, horizon)
                if risk is None:
                    continue
                groups += _groups(model, cohort, risk, levels)
                scores.append(_score(model, cohort, risk))
    return scores, groups


def _by_curves(*features: str) -> Callable[[Sequence[Cohort], Cohort, timedelta], Array]:
    def predict(known: Sequence[Cohort], cohort: Cohort, horizon: timedelta) -> Array:
        return fitted(known, cohort.cutoff_on, features).probability(cohort.features)

    return predict


def _by_expected_purchases(
    known: Sequence[Cohort], cohort: Cohort, horizon: timedelta
) -> Array | None:
    """E[Y] of BG/NBD, fitted on the purchases before the cut-off, by a curve a probability.

    None where purchases don't tell its parameters apart, whose E[Y] may then be no number.
    """
    values = fit_purchases(cohort.histories, "bg_nbd").values

    def expecting(each: Cohort) -> Cohort:
        past = each.histories
        expected = expected_transactions(
            *(values, "bg_nbd", past.x, past.t_x, past.T, horizon.days / 7)
        )
        return replace(each, features={EXPECTED: np.log(np.maximum(expected, NOTHING))})

    learnt, tried = [expecting(each) for each in known], expecting(cohort)
    if not all(np.isfinite(each.features[EXPECTED]).all() for each in [*learnt, tried]):
        return None
    return fitted(learnt, cohort.cutoff_on, [EXPECTED]).probability(tried.features)


@threadpool_limits.wrap(1)
def _by_boosting(known: Sequence[Cohort], cohort: Cohort, horizon: timedelta) -> Array:
    """Gradient boosted trees: what could be had if the score need not be short."""
    training = known[:TRAINING_CUTOFFS]
    features, outcome = stacked(training, FEATURES)
    trees = HistGradientBoostingClassifier(
        max_iter=100, learning_rate=0.05, max_leaf_nodes=15, min_samples_leaf=40, random_state=0
    )
    trees.fit(np.column_stack(list(features.values())), outcome, sample_weight=_weights(training))
    return trees.predict_proba(np.column_stack([cohort.features[name] for name in FEATURES]))[:, 1]


Predict = Callable[[Sequence[Cohort], Cohort, timedelta], Array | None]
MODELS: Mapping[str, Predict] = {
    "logistic": _by_curves(*FEATURES),
    "recency": _by_curves("recency"),
    "frequency": _by_curves("frequency"),
    EXPECTED: _by_expected_purchases,
    "gradient_boosting": _by_boosting,
}


# Recency and frequency rank customers as they are: a curve with a bend, learnt of earlier months,
# may rank them worse, and what is compared with it would look the better.
DIRECTIONS = {"recency": 1, "frequency": -1}


def _score(model: str, cohort: Cohort, risk: Array) -> Score:
    churned = cohort.churned
    share = float(churned.mean())
    rank = DIRECTIONS[model] * cohort.features[model] if model in DIRECTIONS else risk
    highest = list(equal_parts(rank, TENTHS).values())[-1]
    return Score(
        model=model,
        cutoff_on=cohort.cutoff_on,
        customer_count=len(churned),
        churned_share=rounded(share),
        average_precision=rounded(average_precision_score(churned, rank)),
        lift_top_decile=rounded(churned[highest].mean() / share),
        **(accuracy(churned, risk) | {"auc": rounded(roc_auc_score(churned, rank))}),
    )


def _groups(model: str, cohort: Cohort, risk: Array, levels: Sequence[Level]) -> Iterator[Group]:
    for grouping, parts in {
        "decile": equal_parts(risk, TENTHS),
        "spend_fifth": equal_parts(cohort.spend, FIFTHS),
        "level": _by_level(risk, cohort.spend_ratio, levels),
    }.items():
        for name, part in parts.items():
            if len(part):
                expected, came = risk[part], cohort.churned[part]
                deviation = np.sqrt((expected * (1 - expected)).sum())
                yield Group(
                    *(model, cohort.cutoff_on, grouping, name, len(part)),
                    *(rounded(expected.mean()), rounded(came.mean())),
                    rounded((came - expected).sum() / deviation) if deviation else None,
                )


def _by_level(risk: Array, spend_ratio: Array, levels: Sequence[Level]) -> dict[str, Array]:
    """The places of the customers at each level, as `customer_churn` has them."""
    parts, is_free = {}, np.ones(len(risk), dtype=bool)
    for level in levels:
        spends = level.min_spend_ratio == 0 or spend_ratio >= level.min_spend_ratio
        reached = is_free & spends & (risk >= level.min_probability)
        parts[level.name] = np.flatnonzero(reached)
        is_free &= ~reached
    return parts


def judged(
    cohorts: Sequence[Cohort], present: Curves, scores: Sequence[Score]
) -> tuple[bool, str, dict[str, float]]:
    """What `verdict` says of the last cut-off whose outcome is known."""
    latest = {score.model: score for score in scores if score.cutoff_on == cohorts[0].cutoff_on}
    found = {name: getattr(latest["logistic"], name) for name in JUDGED_BY}
    return verdict(cohorts[0], present, found, latest["recency"].auc)


def table(kind: type, rows: Sequence[Any]) -> Table:
    """The rows of a dataclass, with the SQL types of its fields."""
    columns = {each.name: TYPES[str(each.type)] for each in fields(kind)}
    return Table(columns, [astuple(row) for row in rows])
