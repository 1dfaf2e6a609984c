"""Fits the probability that a customer buys nothing within the horizon, and tries it.

Every set of parameters is judged on a cut-off that begins where the outcomes that it was fitted on
end, beside single features and gradient boosting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date, timedelta
from typing import Any

import duckdb
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score
from threadpoolctl import threadpool_limits

from orchestration.digests import table_digest
from orchestration.fit.lifetime import Histories, expected_transactions, fit_purchases
from orchestration.fit.logistic import Array, Curves, fit_curves
from orchestration.fit.store import Fit, Fitted, Parameter, Table, TooFew, rounded

FEATURES = ("recency", "frequency", "rate", "inactivity", "recent_frequency", "last_gap")
# The model is tried on the last three cut-offs whose outcome is known, each time fitted on up to
# six earlier ones; the older a month, the less it says of the next.
TRIALS, TRAINING_CUTOFFS, MONTHLY_DECAY = 3, 6, 0.6
# Fewer customers, or fewer of either outcome, tell chance from habit badly.
MIN_CUSTOMERS, MIN_OUTCOMES = 200, 30
DECILES = 10
# Fewer purchases than this to be expected are as good as none.
NOTHING = 1e-9

FEATURES_AND_OUTCOMES = """
create or replace temp view churn_history as
select features.*, outcomes.has_churned
from warehouse.intermediate.int_churn_features as features
inner join warehouse.intermediate.int_churn_outcomes as outcomes using (customer_id, cutoff_on)
"""


@dataclass(frozen=True)
class Cohort:
    """Customers at one cut-off: arrays of one length. `churned` is 0 or 1."""

    cutoff_on: date
    features: Mapping[str, Array]
    histories: Histories
    churned: Array

    @property
    def is_telling(self) -> bool:
        gone = int(self.churned.sum())
        few = min(gone, len(self.churned) - gone)
        return len(self.churned) >= MIN_CUSTOMERS and few >= MIN_OUTCOMES


@dataclass(frozen=True)
class Score:
    """How well one model predicted one cut-off's outcomes.

    `lift_top_decile`: churned customers among the tenth with the highest risk, against chance.
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
class Decile:
    """A tenth of the customers by risk: what was predicted, and what came."""

    model: str
    cutoff_on: date
    decile: int
    customer_count: int
    predicted_share: float
    churned_share: float


TYPES = {"str": "varchar", "date": "date", "int": "bigint", "float": "double"}


def fit_churn(connection: duckdb.DuckDBPyConnection, variables: Mapping[str, Any]) -> Fitted:
    """New curves, in use when they predict better than the present ones and recency.

    Raises `TooFew` where no cut-off has enough customers of either outcome.
    """
    connection.execute(FEATURES_AND_OUTCOMES)
    cohorts = [cohort for cohort in read_cohorts(connection) if cohort.is_telling]
    horizon = timedelta(days=variables["churn_horizon_days"])
    if not cohorts or not earlier_than(cohorts[0], cohorts, horizon):
        raise TooFew(
            f"Churn needs two cut-offs {horizon.days} days apart with {MIN_CUSTOMERS} buyers each, "
            f"{MIN_OUTCOMES} of whom came back and {MIN_OUTCOMES} did not: the parameters that "
            "ship with the project stay in use."
        )
    scores, deciles = backtest(cohorts, horizon)
    present = present_curves(connection)
    is_promoted, reason, metrics = judged(cohorts, horizon, present, scores)
    [(as_of_date,)] = connection.execute(
        "select cutoff_on from warehouse.intermediate.int_churn_cutoffs where is_latest"
    ).fetchall()
    fit = Fit(
        model="churn",
        parameters=fitted(cohorts[:TRAINING_CUTOFFS]).parameters(),
        metrics=metrics,
        as_of_date=as_of_date,
        customer_count=len(cohorts[0].churned),
        data_digest=table_digest(connection, "churn_history"),
        is_promoted=is_promoted,
        reason=reason,
    )
    tables = {"churn_backtest": table(Score, scores), "churn_calibration": table(Decile, deciles)}
    return Fitted([fit], tables)


def read_cohorts(connection: duckdb.DuckDBPyConnection) -> list[Cohort]:
    """The earlier cut-offs of the view `churn_history`, the latest first."""
    found = connection.execute(
        "select * from churn_history order by cutoff_on desc, customer_id"
    ).fetchnumpy()
    cutoffs = found["cutoff_on"].astype("datetime64[D]")
    return [_cohort(found, cutoffs == day, day.item()) for day in np.unique(cutoffs)[::-1]]


def _cohort(found: Mapping[str, Array], chosen: Array, cutoff_on: date) -> Cohort:
    recency, tenure, days = (
        found[name][chosen].astype(float)
        for name in ("recency_days", "tenure_days", "purchase_day_count")
    )
    return Cohort(
        cutoff_on,
        {name: found[name][chosen].astype(float) for name in FEATURES},
        Histories(days - 1, (tenure - recency) / 7, (tenure - 1) / 7, np.ones(len(days))),
        found["has_churned"][chosen].astype(int),
    )


def earlier_than(cohort: Cohort, cohorts: Sequence[Cohort], horizon: timedelta) -> list[Cohort]:
    """The cut-offs whose outcomes were known by the day of this one."""
    known = [each for each in cohorts if each.cutoff_on + horizon <= cohort.cutoff_on]
    return known[:TRAINING_CUTOFFS]


def fitted(training: Sequence[Cohort], features: Sequence[str] = FEATURES) -> Curves:
    return fit_curves(*_stacked(training, features), _weights(training))


def _stacked(training: Sequence[Cohort], features: Sequence[str]) -> tuple[dict[str, Array], Array]:
    stacked = {name: np.hstack([each.features[name] for each in training]) for name in features}
    return stacked, np.hstack([each.churned for each in training])


def _weights(training: Sequence[Cohort]) -> Array:
    return np.hstack(
        [np.full(len(each.churned), MONTHLY_DECAY**age) for age, each in enumerate(training)]
    )


def backtest(cohorts: Sequence[Cohort], horizon: timedelta) -> tuple[list[Score], list[Decile]]:
    """What each model would have predicted of the last cut-offs from what was known then."""
    scores, deciles = [], []
    for cohort in cohorts[:TRIALS]:
        training = earlier_than(cohort, cohorts, horizon)
        if training:
            for model, predict in MODELS.items():
                risk = predict(training, cohort, horizon)
                if risk is None:
                    continue
                tenths = list(_deciles(model, cohort, risk))
                deciles += tenths
                scores.append(_score(model, cohort, risk, tenths))
    return scores, deciles


def _by_curves(*features: str) -> Callable[[Sequence[Cohort], Cohort, timedelta], Array]:
    def predict(training: Sequence[Cohort], cohort: Cohort, horizon: timedelta) -> Array:
        return fitted(training, features).probability(cohort.features)

    return predict


def _by_expected_purchases(
    training: Sequence[Cohort], cohort: Cohort, horizon: timedelta
) -> Array | None:
    """E[Y] of BG/NBD, fitted on the purchases before the cut-off, by a curve a probability.

    None where purchases don't tell its parameters apart, whose E[Y] may then be no number.
    """

    def expected(each: Cohort) -> dict[str, Array]:
        known = each.histories
        purchases = expected_transactions(
            *(values, "bg_nbd", known.x, known.t_x, known.T, horizon.days / 7)
        )
        return {"expected_transactions": np.log(np.maximum(purchases, NOTHING))}

    values = fit_purchases(cohort.histories, "bg_nbd").values
    stacked = np.hstack([expected(each)["expected_transactions"] for each in training])
    if not np.isfinite(stacked).all():
        return None
    outcome = np.hstack([each.churned for each in training])
    curves = fit_curves({"expected_transactions": stacked}, outcome, _weights(training))
    risk = curves.probability(expected(cohort))
    return risk if np.isfinite(risk).all() else None


@threadpool_limits.wrap(1)
def _by_boosting(training: Sequence[Cohort], cohort: Cohort, horizon: timedelta) -> Array:
    """Gradient boosted trees: what could be had if the score need not be short."""
    stacked, outcome = _stacked(training, FEATURES)
    trees = HistGradientBoostingClassifier(
        max_iter=100, learning_rate=0.05, max_leaf_nodes=15, min_samples_leaf=40, random_state=0
    )
    trees.fit(np.column_stack(list(stacked.values())), outcome, sample_weight=_weights(training))
    return trees.predict_proba(np.column_stack([cohort.features[name] for name in FEATURES]))[:, 1]


MODELS: Mapping[str, Callable[[Sequence[Cohort], Cohort, timedelta], Array | None]] = {
    "logistic": _by_curves(*FEATURES),
    "recency": _by_curves("recency"),
    "frequency": _by_curves("frequency"),
    "expected_transactions": _by_expected_purchases,
    "gradient_boosting": _by_boosting,
}


def _score(model: str, cohort: Cohort, risk: Array, tenths: Sequence[Decile]) -> Score:
    churned = cohort.churned
    share = float(churned.mean())
    brier = brier_score_loss(churned, risk)
    distances = [abs(each.predicted_share - each.churned_share) for each in tenths]
    return Score(
        model=model,
        cutoff_on=cohort.cutoff_on,
        customer_count=len(churned),
        churned_share=rounded(share),
        auc=rounded(roc_auc_score(churned, risk)),
        average_precision=rounded(average_precision_score(churned, risk)),
        lift_top_decile=rounded(tenths[-1].churned_share / share),
        log_loss=rounded(log_loss(churned, risk)),
        brier=rounded(brier),
        brier_skill=rounded(1 - brier / (share * (1 - share))),
        calibration_error=rounded(
            np.average(distances, weights=[each.customer_count for each in tenths])
        ),
    )


def _deciles(model: str, cohort: Cohort, risk: Array) -> Iterator[Decile]:
    groups = np.array_split(np.argsort(risk, kind="stable"), DECILES)
    for decile, group in enumerate(groups, start=1):
        shares = rounded(risk[group].mean()), rounded(cohort.churned[group].mean())
        yield Decile(model, cohort.cutoff_on, decile, len(group), *shares)


def present_curves(connection: duckdb.DuckDBPyConnection) -> Curves:
    """The parameters that the last build scored with."""
    names = ("parameter", "value", "standard_error", "feature", "knot")
    found = connection.execute(
        f"select {', '.join(names)} from warehouse.intermediate.int_current_parameters"
        " where model = 'churn' order by parameter"
    ).fetchall()
    return Curves.of([Parameter(**dict(zip(names, row, strict=True))) for row in found])


def judged(
    cohorts: Sequence[Cohort], horizon: timedelta, present: Curves, scores: Sequence[Score]
) -> tuple[bool, str, dict[str, float]]:
    """Whether the new parameters are better than the present ones and recency, and by how much.

    They are compared on the last cut-off whose outcome is known, which the new ones have not seen:
    with recency by AUC, since that has no probability of its own, with the present ones by log
    loss, which asks for the right order and the right level at once.
    """
    cohort = cohorts[0]
    latest = {score.model: score for score in scores if score.cutoff_on == cohort.cutoff_on}
    new, recency = latest["logistic"], latest["recency"]
    old_loss = log_loss(cohort.churned, present.probability(cohort.features))
    metrics = {
        **{name: getattr(new, name) for name in ("auc", "log_loss", "brier", "brier_skill")},
        "calibration_error": new.calibration_error,
        "recency_auc": recency.auc,
        "log_loss_of_the_parameters_before": rounded(old_loss),
    }
    order = f"AUC {new.auc:.3f} against {recency.auc:.3f}"
    level = f"log loss {new.log_loss:.4f} against {old_loss:.4f}"
    beats_recency, beats_present = new.auc > recency.auc, new.log_loss < old_loss
    if not beats_recency:
        verdict = f"it predicts no better than recency ({order})"
    elif not beats_present:
        verdict = f"the parameters in use predict as well ({level})"
    else:
        verdict = f"it predicts better than the ones before ({level}) and than recency ({order})"
    return beats_recency and beats_present, f"Tried on {cohort.cutoff_on}, {verdict}.", metrics


def table(kind: type, rows: Sequence[Any]) -> Table:
    """The rows of a dataclass, with the SQL types of its fields."""
    columns = {each.name: TYPES[str(each.type)] for each in fields(kind)}
    return Table(columns, [astuple(row) for row in rows])
