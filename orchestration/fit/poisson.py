"""Poisson pseudo-maximum likelihood with the effects of two groupings absorbed.

Santos Silva and Tenreyro (2006): where sales are few, the logarithm of none is not defined, and
that of few is biased; the mean is exp(effects + x β) all the same, and consistent whatever the
scatter. Effects are taken out of each weighted least squares step by alternating means, as Correia,
Guimarães and Zylkin (2020) do, so that thousands of products and weeks need no matrix of columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.fit.arrays import Array

# Of a relative change of the deviance below this nothing is gained; means alternate until they move
# by less than this share of what they began with.
PRECISION, MEANS_PRECISION = 1e-10, 1e-9
NOTHING_LEFT = 1e-7  # of a regressor that groups explain, as far as means are precise
MOST_STEPS, MOST_MEANS = 100, 500


@dataclass(frozen=True)
class Poisson:
    """`slopes` and their `covariance`, robust to all that rows of one cluster have in common, and
    `row_covariance`, robust to the scatter of each row by itself.

    `mean` is what is expected of each row, 0 where a whole group has nothing; `spread` is the
    deviation of each regressor that its effects leave, weighted by what is expected.
    """

    slopes: Array
    covariance: Array
    row_covariance: Array
    mean: Array
    spread: Array
    cluster_count: int


def fit_poisson(
    count: Array, exposure: Array, regressors: Array, first: Array, second: Array, cluster: Array
) -> Poisson:
    """The mean of `count` is exposure × exp(effect of first + effect of second + regressors β).

    `first`, `second` and `cluster` number the groups of each row; `regressors` has a column each.
    Raises `LinAlgError` where a regressor doesn't vary within groups, and where no end is reached.
    """
    kept = _tell_something(count, first, second)
    y, weight, x = count[kept], exposure[kept], regressors[kept]
    groups = [np.unique(each[kept], return_inverse=True)[1] for each in (first, second)]
    mean = (y + weight * y.sum() / weight.sum()) / 2
    deviance = np.inf
    for _ in range(MOST_STEPS):
        working = np.log(mean / weight) + (y - mean) / mean
        free = _without_effects(np.column_stack([working, x]), mean, groups)
        z, x_free = free[:, 0], free[:, 1:]
        information = x_free.T @ (mean[:, None] * x_free)
        left = np.sqrt(np.diag(information) / mean.sum())
        if (left <= NOTHING_LEFT * np.abs(x).max(axis=0)).any():
            raise np.linalg.LinAlgError("A regressor does not vary within groups.")
        slopes = np.linalg.solve(information, x_free.T @ (mean * z))
        mean = weight * np.exp(working - (z - x_free @ slopes))
        before, deviance = deviance, 2 * (mean - y - y * np.log(mean / np.maximum(y, 1e-300))).sum()
        if abs(before - deviance) <= PRECISION * (abs(deviance) + 1):
            break
    else:
        raise np.linalg.LinAlgError(f"The deviance still moves after {MOST_STEPS} steps.")
    members, number = np.unique(cluster[kept], return_inverse=True)
    by_row = x_free * (y - mean)[:, None]
    by_cluster = np.zeros((len(members), x.shape[1]))
    np.add.at(by_cluster, number, by_row)
    inverse = np.linalg.inv(information)
    small = len(members) / max(len(members) - 1, 1)
    expected = np.zeros(len(count))
    expected[kept] = mean
    return Poisson(
        slopes,
        small * inverse @ by_cluster.T @ by_cluster @ inverse,
        inverse @ by_row.T @ by_row @ inverse,
        expected,
        left,
        len(members),
    )


def _tell_something(count: Array, first: Array, second: Array) -> Array:
    """The rows whose groups have anything: of the others the effect is without bound."""
    kept = np.ones(len(count), dtype=bool)
    while True:
        some = kept.copy()
        for groups in (first, second):
            some &= np.bincount(groups, count * kept, minlength=groups.max() + 1)[groups] > 0
        if (some == kept).all():
            return np.flatnonzero(kept)
        kept = some


def _without_effects(columns: Array, weight: Array, groups: list[Array]) -> Array:
    """What the weighted means of the groups leave of each column."""
    left = columns.copy()
    totals = [np.bincount(group, weight) for group in groups]
    tolerance = MEANS_PRECISION * (np.abs(columns).max(axis=0) + 1e-300)
    for _ in range(MOST_MEANS):
        moved = np.zeros(columns.shape[1])
        for group, total in zip(groups, totals, strict=True):
            for number in range(left.shape[1]):
                means = np.bincount(group, weight * left[:, number]) / total
                left[:, number] -= means[group]
                moved[number] = max(moved[number], np.abs(means).max())
        if (moved <= tolerance).all():
            break
    return left
