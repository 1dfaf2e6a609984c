"""Fits how demand is forecast, and tries it on earlier weeks.

A series sells at a rate, which festivals that are known ahead multiply. The rate is a weighted mean
of the past, and what is fitted is how fast each kind of series at each level forgets: the mixture
of a fast, a medium and a slow rate, or a single one where that does clearly better. How far off the
forecasts were gives their intervals. All of it is a few hundred numbers, with which SQL forecasts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from orchestration.fit.logistic import Array

HORIZONS = 8
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
# A single rate takes its place where it has saved this share of the error; less is chance.
CLEARLY_BETTER = 0.02
# Of two trials, one that is so many weeks older counts less by this share a week.
TRIAL_DECAY = 0.07
# With fewer trials whose outcome is known as a whole, none is told from chance.
MIN_TRIALS = 4
# What is forecast of less than this is as good as nothing, and its square root would tell too much.
LEAST = 0.02
# Series that sell in fewer than three weeks of four are intermittent: Syntetos and Boylan (2005).
INTERMITTENT, NEW_WEEKS = 1.32, 13
KINDS = ("regular", "intermittent", "new")
# Where sizes begin, in units a week, within which series scatter alike.
SIZES = np.array([0.25, 0.5, 1, 2, 4, 8, 16, 32, 128])
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98, 0.99)
# Over so many weeks a shelf may have to last.
SPANS = (1, 2, 4, 8)
# Fewer deviations tell no hundredth: those of the sizes beside are taken too.
MIN_DEVIATIONS = 300
SQUARED_AT = "product_store"


@dataclass(frozen=True)
class Level:
    """The series of one level: `quantity` is (series, weeks), `price` a unit's on average."""

    name: str
    quantity: Array
    price: Array

    def until(self, week: int) -> Array:
        return self.quantity[:, :week]


@dataclass
class Trials:
    """What was seen of the forecasts of one level.

    `errors` are (horizons, 2) by origin, kind and rate: absolute and squared. `deviations` are
    those of sums over a span: origin, span, deviations in square roots of the forecast, sizes.
    """

    errors: dict[tuple[int, str, str], Array] = field(default_factory=dict)
    deviations: list[tuple[int, int, Array, Array]] = field(default_factory=list)

    def error(self, kind: str, rate: str, week: int, measure: int) -> float | None:
        """The error of a rate as far as it was known in a week, older trials counting less."""
        total, seen = 0.0, False
        for (origin, of_kind, of_rate), error in self.errors.items():
            if origin < week and (of_kind, of_rate) == (kind, rate):
                known = error[: week - origin, measure].sum()
                total, seen = total + known * (1 - TRIAL_DECAY) ** (week - origin), True
        return total if seen else None

    def chosen(self, kind: str, week: int, measure: int) -> Mapping[str, float]:
        """The weights of the rates for a kind of series, from the trials known in a week."""
        errors = {rate: self.error(kind, rate, week, measure) for rate in (*RATES, "mixture")}
        known = {origin for origin, *_ in self.errors if origin + HORIZONS <= week}
        if errors["mixture"] is None or len(known) < MIN_TRIALS:
            return MIXTURE
        best = min(RATES, key=lambda rate: errors[rate])
        if errors[best] < (1 - CLEARLY_BETTER) * errors["mixture"]:
            return {best: 1.0}
        return MIXTURE

    def quantile(self, share: float, span: int, size: int, week: int) -> float:
        """By how many square roots of the forecast this share of what came exceeded it at most."""
        known = [
            (deviation, sizes)
            for origin, of_span, deviation, sizes in self.deviations
            if of_span == span and origin + span <= week
        ]
        for reach in range(len(SIZES) + 1):
            near = np.concatenate(
                [deviation[abs(sizes - size) <= reach] for deviation, sizes in known] or [[]]
            )
            if len(near) >= MIN_DEVIATIONS:
                return float(np.quantile(near, share))
        return float(np.quantile(near, share)) if len(near) else 0.0


def rates(quantity: Array, factor: Array) -> dict[str, Array]:
    """Units a week without a festival, by each rate.

    Sales are set against the factors of the weeks in which they were possible: from a series' first
    week on. `quantity` is (series, weeks), `factor` (weeks).
    """
    weeks = quantity.shape[1]
    first = first_week(quantity)
    age = np.arange(weeks - 1, -1, -1)
    weights = {name: (age < window).astype(float) for name, window in WINDOWS.items()}
    weights |= {name: (1 - decay) ** age for name, decay in DECAYS.items()}
    found = {}
    for name, weight in weights.items():
        possible = np.cumsum((weight * factor)[::-1])[::-1]
        found[name] = quantity @ weight / np.maximum(possible[first], possible[-1])
    found["mixture"] = sum(share * found[name] for name, share in MIXTURE.items())
    return found


def first_week(quantity: Array) -> Array:
    """The week in which each series first sold; the last where it never did."""
    sold = quantity > 0
    return np.where(sold.any(axis=1), sold.argmax(axis=1), quantity.shape[1] - 1)


def kinds(quantity: Array) -> Array:
    """Regular, intermittent or new: by how often a series sold within the year."""
    weeks = quantity.shape[1]
    age = np.minimum(weeks - first_week(quantity), YEAR)
    sold = (quantity[:, -YEAR:] > 0).sum(axis=1)
    is_regular = age < INTERMITTENT * np.maximum(sold, 1)
    return np.where(age < NEW_WEEKS, "new", np.where(is_regular, "regular", "intermittent"))


def festival_factors(
    amount: Array, event: Array, weekday: Array, until: int, prior_days: float, around: int = 28
) -> Array:
    """By how much each week sells more than others for its festivals, as known on day `until`.

    A festival's factor is what its days sold by what they would have, at the level of the ordinary
    days around them, drawn to 1 by so many days' weight. `amount` is a day's sales up to `until` at
    least, `event` -1 on ordinary days; it and `weekday` go on through the weeks to be forecast.
    """
    past = np.arange(len(event)) < until
    ordinary = past & (event < 0)
    sold = np.where(past, amount[: len(event)], 0.0)
    mean = sold[ordinary].mean()
    share = np.array([sold[ordinary & (weekday == day)].mean() / mean for day in range(7)])[weekday]
    level = _mean_around(np.where(ordinary, sold / share, 0), ordinary, around)
    factor = np.ones(len(event))
    for each in np.unique(event[event >= 0]):
        days = event == each
        seen = days & past & (level > 0)
        if seen.any():
            ratio = max(sold[seen].sum(), LEAST) / (level * share)[seen].sum()
            factor[days] = ratio ** (seen.sum() / (seen.sum() + prior_days))
    weeks = len(event) // 7 * 7
    weighted = (factor * share)[:weeks].reshape(-1, 7).sum(axis=1)
    return weighted / share[:weeks].reshape(-1, 7).sum(axis=1)


def _mean_around(values: Array, counts: Array, reach: int) -> Array:
    """The mean of the values that count within so many places to either side."""
    totals = [np.concatenate([[0], np.cumsum(each)]) for each in (values, counts.astype(float))]
    places = np.arange(len(values))
    low, high = np.maximum(places - reach, 0), np.minimum(places + reach + 1, len(values))
    total, count = (each[high] - each[low] for each in totals)
    return np.divide(total, count, out=np.zeros(len(values)), where=count > 0)


def top_down(parent: Array, children: Array, parent_of: Array) -> Array:
    """Shares what is forecast of the parents among their children, in proportion to theirs."""
    together = np.bincount(parent_of, children, minlength=len(parent))
    ratio = np.divide(parent, together, out=np.zeros(len(parent)), where=together > 0)
    return children * ratio[parent_of]


def origins(weeks: int, trials: int, step: int) -> Sequence[int]:
    """The weeks before which it was forecast, the first first; the last ends where the data do."""
    last = weeks - HORIZONS
    return [week for week in range(last - step * (trials - 1), last + 1, step) if week >= NEW_WEEKS]


def score(
    level: Level, forecast: Array, low: Array, high: Array, origin: int
) -> Iterator[tuple[int, Mapping[str, float]]]:
    """By horizon, sums from which the accuracy mart makes its shares; those of chunks add up."""
    came = level.quantity[:, origin : origin + HORIZONS]
    scale = np.sqrt(np.maximum((np.diff(level.until(origin), axis=1) ** 2).mean(axis=1), LEAST))
    for horizon in range(came.shape[1]):
        actual, expected = came[:, horizon], forecast[:, horizon]
        error = expected - actual
        inside = (actual >= low[:, horizon]) & (actual <= high[:, horizon])
        yield (
            horizon + 1,
            {
                "series_count": len(actual),
                "actual_amount": float(level.price @ actual),
                "absolute_error_amount": float(level.price @ abs(error)),
                "error_amount": float(level.price @ error),
                "scaled_squared_error": float(((error / scale) ** 2).sum()),
                "covered_count": int(inside.sum()),
            },
        )
