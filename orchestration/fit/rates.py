"""What a series sells at, and what its weeks multiply that by: as the models do, over arrays.

A series sells at a rate, which festivals and offers that are known ahead multiply. The rate is a
weighted mean of the past. The models of demand do the same in SQL, and a test holds them together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from orchestration.fit.arrays import Array

YEAR = 52
# Rates: the mean of so many weeks, or of all weeks, each older one counting less by this share.
WINDOWS: Mapping[str, int] = {"mean_4": 4, "mean_13": 13}
DECAYS: Mapping[str, float] = {
    "decay_0": 0.0,
    "decay_02": 0.02,
    "decay_05": 0.05,
    "decay_10": 0.1,
    "decay_20": 0.2,
    "decay_30": 0.3,
}
RATES = (*WINDOWS, *DECAYS)
# Nowhere much worse than the best rate, where that is known only afterwards.
MIXTURE = {"mean_4": 1 / 3, "decay_05": 1 / 3, "decay_20": 1 / 3}
TRACE = 1e-6
KINDS = ("regular", "intermittent", "new")
# A festival that sold nothing sold a hundredth: its factor is drawn to 1 by a power.
NOTHING = 0.01


@dataclass(frozen=True)
class Rules:
    """When a series is one of its own, and of which kind: the variables demand_…"""

    min_weeks: int
    new_weeks: int
    interval: float
    prior_days: float

    @classmethod
    def of(cls, variables: Mapping[str, float]) -> Rules:
        return cls(
            int(variables["demand_min_weeks"]),
            int(variables["demand_new_weeks"]),
            variables["demand_intermittent_interval"],
            variables["festival_prior_days"],
        )


def rates(quantity: Array, factor: Array) -> dict[str, Array]:
    """Units a week without a festival, by each rate.

    Demand is set against the factors of the weeks in which it was possible: from a series' first
    week on. `quantity` is (series, weeks), `factor` (weeks).
    """
    weeks = quantity.shape[1]
    first = first_week(quantity)
    age = np.arange(weeks - 1, -1, -1)
    weights = [age < window for window in WINDOWS.values()]
    weights += [(1 - decay) ** age for decay in DECAYS.values()]
    by_week = np.column_stack(weights).astype(float)
    possible = np.cumsum((by_week * factor[:, None])[::-1], axis=0)[::-1]
    return dict(zip(RATES, ((quantity @ by_week) / possible[first]).T, strict=True))


def weighed(found: Mapping[str, Array], weights: Mapping[str, float]) -> Array:
    """The rate of each series by these weights of the single rates.

    A trace of the mean of all weeks is left to each, so that there is somebody to share with where
    none sold of late.
    """
    return sum(weight * found[name] for name, weight in weights.items()) + TRACE * found["decay_0"]


def first_week(quantity: Array) -> Array:
    """The week in which each series first sold; the last where it never did."""
    sold = quantity > 0
    return np.where(sold.any(axis=1), sold.argmax(axis=1), quantity.shape[1] - 1)


def kinds(sold: Array, rules: Rules) -> Array:
    """Regular, intermittent or new: by how often a series sold within the year."""
    weeks = sold.shape[1] - first_week(sold)
    times = (sold[:, -YEAR:] > 0).sum(axis=1)
    is_regular = np.minimum(weeks, YEAR) < rules.interval * np.maximum(times, 1)
    return np.where(weeks < rules.new_weeks, "new", np.where(is_regular, "regular", "intermittent"))


def festival_factors(
    amount: Array, event: Array, weekday: Array, until: int, prior_days: float, around: int = 28
) -> Array:
    """By how much each week sells more than others for its festivals, as known on day `until`.

    A festival's factor is what its days sold by what they would have, at the level of the ordinary
    days around them, drawn to 1 by so many days' weight. The level is that of these days together,
    so that a weekday on which the shop is closed does not move it. `amount` is a day's sales up to
    `until` at least, `event` -1 on ordinary days; it and `weekday` go on through the weeks to be
    forecast.
    """
    past = np.arange(len(event)) < until
    ordinary = past & (event < 0)
    sold = np.where(past, amount, 0.0)
    share = _weekday_shares(sold[ordinary], weekday[ordinary])[weekday]
    usual = share * _ratio_around(sold * ordinary, share * ordinary, around)
    factor = np.ones(len(event))
    for each in np.unique(event[event >= 0]):
        days = event == each
        seen = days & past & (usual > 0)
        if seen.any():
            ratio = max(sold[seen].sum(), NOTHING) / usual[seen].sum()
            factor[days] = ratio ** (seen.sum() / (seen.sum() + prior_days))
    return (factor * share).reshape(-1, 7).sum(axis=1) / share.reshape(-1, 7).sum(axis=1)


def _weekday_shares(sold: Array, weekday: Array) -> Array:
    """What each day of the week usually sells, against the mean one; 1 where it is not known."""
    days = np.bincount(weekday, minlength=7)
    mean = np.bincount(weekday, sold, 7) / np.maximum(days, 1)
    return np.where(days > 0, mean / mean[days > 0].mean(), 1.0) if mean.any() else np.ones(7)


def _ratio_around(values: Array, weights: Array, reach: int) -> Array:
    """The sum of the values by that of the weights within so many places to either side."""
    totals = [np.concatenate([[0.0], np.cumsum(each)]) for each in (values, weights)]
    places = np.arange(len(values))
    low, high = np.maximum(places - reach, 0), np.minimum(places + reach + 1, len(values))
    total, weight = (each[high] - each[low] for each in totals)
    # What is left of nothing when long sums are taken from each other is nothing.
    is_some = (total > TRACE) & (weight > TRACE)
    return np.divide(total, weight, out=np.zeros(len(values)), where=is_some)


def top_down(parent: Array, children: Array, parent_of: Array) -> Array:
    """Shares what is forecast of the parents among their children, in proportion to theirs."""
    together = np.bincount(parent_of, children, minlength=len(parent))
    ratio = np.divide(parent, together, out=np.zeros(len(parent)), where=together > 0)
    return children * ratio[parent_of]
