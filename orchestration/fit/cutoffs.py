"""What is learnt on earlier days and tried on later ones: what such fits have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Protocol, TypeVar

import duckdb
import numpy as np
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

from orchestration.fit.arrays import Array
from orchestration.fit.logistic import Curves
from orchestration.fit.store import Parameter, rounded

TENTHS = 10


class Cohort(Protocol):
    """Whoever is looked at on one day: arrays of one length. `outcome` is 0 or 1."""

    @property
    def cutoff_on(self) -> date: ...

    @property
    def features(self) -> Mapping[str, Array]: ...

    @property
    def outcome(self) -> Array: ...


AnyCohort = TypeVar("AnyCohort", bound=Cohort)


def known_by(day: date, cohorts: Sequence[AnyCohort], horizon: timedelta) -> list[AnyCohort]:
    """The cut-offs whose outcomes were known by a day."""
    return [each for each in cohorts if each.cutoff_on + horizon <= day]


def stacked(cohorts: Sequence[Cohort], features: Sequence[str]) -> tuple[dict[str, Array], Array]:
    """Features and outcomes of all cohorts, one after the other."""
    found = {name: np.hstack([each.features[name] for each in cohorts]) for name in features}
    return found, np.hstack([each.outcome for each in cohorts])


def equal_parts(values: Array, count: int) -> dict[str, Array]:
    """The places of the values, the lowest in the part 1."""
    parts = np.array_split(np.argsort(values, kind="stable"), count)
    return {str(number): part for number, part in enumerate(parts, start=1)}


def accuracy(outcome: Array, probability: Array) -> dict[str, float]:
    """How well probabilities foretold what came, by name.

    `brier_skill`: share of the base rate's Brier score that is saved. `calibration_error`: mean
    distance of predicted and observed shares, over tenths by probability.
    """
    share = float(outcome.mean())
    brier = brier_score_loss(outcome, probability)
    tenths = [part for part in equal_parts(probability, TENTHS).values() if len(part)]
    distances = [abs(probability[part].mean() - outcome[part].mean()) for part in tenths]
    found = {
        "auc": roc_auc_score(outcome, probability),
        "log_loss": log_loss(outcome, probability),
        "brier": brier,
        "brier_skill": 1 - brier / (share * (1 - share)),
        "calibration_error": np.average(distances, weights=[len(part) for part in tenths]),
    }
    return {name: rounded(figure) for name, figure in found.items()}


def present_curves(connection: duckdb.DuckDBPyConnection, model: str) -> Curves:
    """The parameters of a model that the last build scored with."""
    names = ("parameter", "value", "standard_error", "feature", "knot")
    found = connection.execute(
        f"select {', '.join(names)} from warehouse.intermediate.int_current_parameters"
        f" where model = '{model}' order by parameter"
    ).fetchall()
    return Curves.of([Parameter(**dict(zip(names, row, strict=True))) for row in found])


def verdict(
    cohort: Cohort, present: Curves, found: Mapping[str, float], recency_auc: float
) -> tuple[bool, str, dict[str, float]]:
    """Whether new parameters are better than the present ones and recency, and by how much.

    `found` is their accuracy on the last cut-off whose outcome is known, which they have not seen.
    They are compared with recency by AUC, since that has no probability of its own, with the
    present ones by log loss, which asks for the right order and the right level at once.
    """
    old_loss = log_loss(cohort.outcome, present.probability(cohort.features))
    metrics = {
        **found,
        "recency_auc": recency_auc,
        "log_loss_of_the_parameters_before": rounded(old_loss),
    }
    order = f"AUC {found['auc']:.3f} against {recency_auc:.3f}"
    level = f"log loss {found['log_loss']:.4f} against {old_loss:.4f}"
    beats_recency, beats_present = found["auc"] > recency_auc, found["log_loss"] < old_loss
    if not beats_recency:
        told = f"it predicts no better than recency ({order})"
    elif not beats_present:
        told = f"the parameters in use predict as well ({level})"
    else:
        told = f"it predicts better than the ones before ({level}) and than recency ({order})"
    return beats_recency and beats_present, f"Tried on {cohort.cutoff_on}, {told}.", metrics
