"""A logistic regression on piecewise linear terms: flexible as a curve, and short in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from orchestration.fit.arrays import Array
from orchestration.fit.store import Parameter, rounded

# The lines of a feature meet at these quantiles; beyond the outermost, the score is level.
QUANTILES = (0, 0.1, 0.25, 0.5, 0.75, 0.9, 1)
KNOT_DIGITS = 4
# Inverse strength of the penalty, on standardised terms. A third of it and three times as much
# change the AUC on all three data sets of docs/churn.md by less than 0.003.
PENALTY = 0.01
# No level of log-odds is further from another.
WIDEST = 50


@dataclass(frozen=True)
class Curves:
    """The log-odds of an outcome: `intercept`, and a curve for each feature.

    A curve is Σ slope × max(value − knot, 0) − average, with as many slopes as knots. The averages
    are those of the customers it was fitted on: a curve says how a customer differs from them.
    """

    intercept: float
    knots: Mapping[str, Array]
    slopes: Mapping[str, Array]
    averages: Mapping[str, float]

    def log_odds(self, features: Mapping[str, Array]) -> Array:
        """Of each customer; `features` hold one array a feature, all of one length."""
        curves = [
            _terms(features[name], knots) @ self.slopes[name] - self.averages[name]
            for name, knots in self.knots.items()
        ]
        return self.intercept + np.sum(curves, axis=0)

    def probability(self, features: Mapping[str, Array]) -> Array:
        return expit(self.log_odds(features))

    def at_level(self, features: Mapping[str, Array], outcome: Array) -> Curves:
        """The same curves with the intercept that expects as many of these outcomes as came.

        There must be outcomes of either kind.
        """
        log_odds, came = self.log_odds(features), outcome.sum()
        shift = brentq(lambda step: expit(log_odds + step).sum() - came, -WIDEST, WIDEST)
        return replace(self, intercept=rounded(self.intercept + shift))

    def parameters(self) -> list[Parameter]:
        """As the store keeps them."""
        found = [Parameter("intercept", self.intercept)]
        for name, knots in self.knots.items():
            found.append(Parameter(f"{name} on average", self.averages[name], feature=name))
            found += [
                Parameter(f"{name} > {knot:g}", slope, feature=name, knot=knot)
                for knot, slope in zip(knots.tolist(), self.slopes[name].tolist(), strict=True)
            ]
        return found

    @classmethod
    def of(cls, parameters: Sequence[Parameter]) -> Curves:
        """The other way round; `KeyError` where the parameters are not those of curves."""
        values = {parameter.parameter: parameter.value for parameter in parameters}
        features = sorted({each.feature for each in parameters if each.feature})
        terms = {
            name: sorted(
                (each.knot, each.value)
                for each in parameters
                if each.feature == name and each.knot is not None
            )
            for name in features
        }
        return cls(
            intercept=values["intercept"],
            knots={name: np.array([knot for knot, _ in pairs]) for name, pairs in terms.items()},
            slopes={name: np.array([slope for _, slope in pairs]) for name, pairs in terms.items()},
            averages={name: values[f"{name} on average"] for name in features},
        )


# Terms are so few that threads would only wait for each other.
@threadpool_limits.wrap(1)
def fit_curves(features: Mapping[str, Array], outcome: Array, weights: Array) -> Curves:
    """The curves that fit best; `outcome` is 0 or 1, and `weights` say how much each row counts."""
    knots = {name: _knots(values) for name, values in features.items()}
    # The last knot carries no slope of its own: it is where the curve becomes level.
    terms = {
        name: _terms(np.minimum(values, knots[name][-1]), knots[name][:-1])
        for name, values in features.items()
    }
    matrix = np.hstack(list(terms.values()))
    shares = weights / weights.sum()
    matrix -= shares @ matrix
    spread = np.sqrt(shares @ matrix**2)
    spread[spread == 0] = 1
    matrix /= spread
    # Rows are many and terms few: a handful of Newton's steps, each exact, reach the end.
    model = LogisticRegression(C=PENALTY, solver="newton-cholesky", tol=1e-6)
    model.fit(matrix, outcome, sample_weight=weights)
    coefficients = model.coef_[0] / spread
    slopes, averages, place = {}, {}, 0
    for name, columns in terms.items():
        found = coefficients[place : place + columns.shape[1]]
        place += columns.shape[1]
        slopes[name] = np.array([rounded(slope) for slope in (*found, -found.sum())])
        averages[name] = rounded(shares @ (columns @ found))
    return Curves(rounded(model.intercept_[0]), knots, slopes, averages)


def _knots(values: Array) -> Array:
    """Where the lines meet, at least two places."""
    found = np.unique(np.round(np.quantile(values, QUANTILES), KNOT_DIGITS))
    return found if len(found) > 1 else np.append(found, found + 1)


def _terms(values: Array, knots: Array) -> Array:
    """max(value − knot, 0), a row for each value and a column for each knot."""
    return np.maximum(values[:, np.newaxis] - knots, 0)
