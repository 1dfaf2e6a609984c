"""Fits the probability that a customer buys from a category within the horizon, and tries it.

A customer and a category that they have bought from are looked at on several days a horizon apart;
the curves are those of churn, and so are the rules of what takes the place of what is in use.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import duckdb
import numpy as np
from sklearn.metrics import roc_auc_score

from orchestration.digests import table_digest
from orchestration.fit.arrays import Array
from orchestration.fit.cutoffs import accuracy, known_by, present_curves, stacked, verdict
from orchestration.fit.days import latest_day
from orchestration.fit.logistic import Curves, fit_curves
from orchestration.fit.store import Fit, Fitted, TooFew, rounded

FEATURES = (
    *("recency", "frequency", "rate", "inactivity", "recent_frequency"),
    *("customer_recency", "customer_activity", "category_share", "category_rate"),
)
# Tried on up to three cut-offs, each time after learning from up to three before.
TRIALS, TRAINING_CUTOFFS = 3, 3
# Customers are in the order of a hash, so that the first rows are a fair sample; of more than so
# many at a cut-off the AUC does not change by a thousandth.
MAX_TRAINING_ROWS = 30_000
# Of fewer that bought, or that did not, chance is hardly told from habit.
MIN_OUTCOMES = 100

# A view computes its rows each time that they are asked for.
HISTORY = """
create or replace temp table propensity_history as
from warehouse.intermediate.int_propensity_features
where not is_latest
"""


@dataclass(frozen=True)
class Cohort:
    """Customers and categories at one cut-off: arrays of one length. `outcome` is 1 if bought."""

    cutoff_on: date
    features: Mapping[str, Array]
    outcome: Array

    @property
    def is_telling(self) -> bool:
        bought = int(self.outcome.sum())
        return min(bought, len(self.outcome) - bought) >= MIN_OUTCOMES


def fit_propensity(connection: duckdb.DuckDBPyConnection, variables: Mapping[str, Any]) -> Fitted:
    """New curves, in use when they predict better than the present ones and than recency.

    Raises `TooFew` where no cut-off has enough of either outcome after another one.
    """
    cohorts = [cohort for cohort in read_cohorts(connection) if cohort.is_telling]
    horizon = timedelta(days=variables["propensity_horizon_days"])
    if not cohorts or not known_by(cohorts[0].cutoff_on, cohorts, horizon):
        raise TooFew(
            f"Propensity needs two cut-offs {horizon.days} days apart, with {MIN_OUTCOMES} who"
            " bought again from a category and as many who did not: the parameters that ship"
            " with the project stay in use."
        )
    as_of_date = latest_day(connection)
    trials = backtest(cohorts, horizon)
    is_promoted, reason, metrics = verdict(
        *(cohorts[0], present_curves(connection, "propensity")),
        *(trials[0].accuracy, trials[0].recency_auc),
    )
    fit = Fit(
        model="propensity",
        parameters=fitted(known_by(as_of_date, cohorts, horizon)).parameters(),
        metrics={**metrics, **worst_of(trials)},
        as_of_date=as_of_date,
        customer_count=len(cohorts[0].outcome),
        data_digest=table_digest(connection, "propensity_history"),
        is_promoted=is_promoted,
        reason=reason,
    )
    return Fitted([fit])


def read_cohorts(connection: duckdb.DuckDBPyConnection) -> list[Cohort]:
    """The cut-offs whose outcome is known, the latest first: then in `propensity_history`."""
    connection.execute(HISTORY)
    found = connection.execute(
        "select * from propensity_history order by cutoff_on desc, customer_id, category"
    ).fetchnumpy()
    cutoffs = found["cutoff_on"].astype("datetime64[D]")
    return [
        Cohort(
            day.item(),
            {name: found[name][cutoffs == day].astype(float) for name in FEATURES},
            found["has_bought"][cutoffs == day].astype(int),
        )
        for day in np.unique(cutoffs)[::-1]
    ]


def fitted(known: Sequence[Cohort]) -> Curves:
    """What is learnt from cut-offs, the latest first: curves from several, level from it."""
    training = [_first_rows(each) for each in known[:TRAINING_CUTOFFS]]
    features, outcome = stacked(training, FEATURES)
    curves = fit_curves(features, outcome, np.ones(len(outcome)))
    return curves.at_level(known[0].features, known[0].outcome)


def _first_rows(cohort: Cohort) -> Cohort:
    features = {name: values[:MAX_TRAINING_ROWS] for name, values in cohort.features.items()}
    return Cohort(cohort.cutoff_on, features, cohort.outcome[:MAX_TRAINING_ROWS])


@dataclass(frozen=True)
class Trial:
    """How well one cut-off was predicted, beside recency in the category."""

    cutoff_on: date
    pair_count: int
    bought_share: float
    accuracy: Mapping[str, float]
    recency_auc: float


def backtest(cohorts: Sequence[Cohort], horizon: timedelta) -> list[Trial]:
    """What would have been predicted of the last cut-offs from what was known then."""
    trials = []
    for cohort in cohorts[:TRIALS]:
        if known := known_by(cohort.cutoff_on, cohorts, horizon):
            probability = fitted(known).probability(cohort.features)
            trials.append(
                Trial(
                    cohort.cutoff_on,
                    len(cohort.outcome),
                    rounded(cohort.outcome.mean()),
                    accuracy(cohort.outcome, probability),
                    rounded(roc_auc_score(cohort.outcome, -cohort.features["recency"])),
                )
            )
    return trials


def worst_of(trials: Sequence[Trial]) -> dict[str, float]:
    """The least gain over recency, and the greatest error of calibration, over all cut-offs."""
    return {
        "trial_count": float(len(trials)),
        "least_auc_gain": rounded(min(each.accuracy["auc"] - each.recency_auc for each in trials)),
        "greatest_calibration_error": max(each.accuracy["calibration_error"] for each in trials),
    }
