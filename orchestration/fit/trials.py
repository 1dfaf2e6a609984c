"""Trials of forecasts on earlier weeks: what each knew, how it fared, and what is learnt of it.

How far off the forecasts were gives the weights of the rates and the range. How demand answers to
offers is learnt on the way, from the weeks before each trial.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from orchestration.fit.arrays import Array
from orchestration.fit.offers import OFFER_SLOPE, Slopes, offer_slope, seen_on_offer
from orchestration.fit.rates import (
    KINDS,
    MIXTURE,
    RATES,
    YEAR,
    Rules,
    first_week,
    kinds,
    rates,
    weighed,
)
from orchestration.fit.series import (
    HORIZONS,
    LEVELS,
    Chunk,
    Level,
    Weights,
    offered,
    shared,
    summed,
    tree,
)
from orchestration.fit.store import Parameter, rounded

# A single rate takes the place of the mixture where it has saved this share of the error; less is
# chance. Of two trials, one that is so many weeks older counts less by the second share a week.
CLEARLY_BETTER, TRIAL_DECAY = 0.02, 0.07
# With fewer trials whose outcome is known as a whole, no rate is told from another but by chance.
MIN_TRIALS = 4
# What is forecast of less than this is as good as nothing, and its square root would tell too much.
LEAST = 0.02
# Where sizes begin, in units a week, within which series scatter alike.
SIZES = np.array([0.25, 0.5, 1, 2, 4, 8, 16, 32, 128])
# The range of a week holds four of five; a shelf has to last so many weeks at these shares.
RANGE, SPANS, SERVICE = (0.1, 0.9), (1, 2, 4, 8), (0.9, 0.95, 0.98, 0.99)
# Fewer deviations tell no hundredth: those of the sizes beside are taken too. More tell no more.
MIN_DEVIATIONS, MAX_DEVIATIONS = 300, 50_000
# Of what mostly does not sell within a week the median is nothing, which absolute errors reward.
SQUARED_AT = "product_store"
# Squares are in parts of what a series moves by, which is told of these kinds alone.
SCALED = ("regular", "intermittent")
OURS, PRESENT = "forecast", "present"
OFFER = "offer"
Key = tuple[int, str, str, str, int]


@dataclass
class Trials:
    """What was seen of the forecasts of one level.

    `errors` are (horizons, 2) by origin, kind and rate: absolute and squared. `deviations` are
    those of sums over a span, and of every single week: the first week, how many, deviations in
    square roots of the forecast, sizes.
    """

    errors: dict[tuple[int, str, str], Array] = field(default_factory=dict)
    deviations: list[tuple[int, int, Array, Array]] = field(default_factory=list)

    def add_error(self, key: tuple[int, str, str], error: Array) -> None:
        self.errors[key] = self.errors.get(key, 0) + error

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

    def quantile(self, shares: Sequence[float], span: int, size: int, week: int) -> Array:
        """By how many roots of the forecast these shares of what came exceeded it at most."""
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
                break
        return np.quantile(near, shares) if len(near) else np.zeros(len(shares))

    def quantiles(self, shares: Sequence[float], span: int, week: int) -> Array:
        """Those of all sizes, the smallest first: shape (shares, sizes)."""
        sizes = range(len(SIZES) + 1)
        return np.column_stack([self.quantile(shares, span, size, week) for size in sizes])

    def see_errors(
        self, week: int, of_kind: Array, found: Mapping[str, Array], ahead: Array, came: Array
    ) -> None:
        """Keeps how wrong each single rate and the mixture were of the series of each kind.

        `ahead` multiplies the rates in the weeks from one on, `came` is what was asked for then.
        """
        single = {**found, "mixture": weighed(found, MIXTURE)}
        for kind in KINDS:
            chosen = of_kind == kind
            of_these, came_then = ahead[chosen], came[chosen]
            for name, rate in single.items():
                error = rate[chosen, None] * of_these - came_then
                both = np.stack([abs(error).sum(axis=0), (error**2).sum(axis=0)], axis=1)
                self.add_error((week, kind, name), both)

    def see_deviations(self, week: int, forecast: Array, came: Array, sizes: Array) -> None:
        """Keeps by how many square roots of the forecast each week and each span was off."""
        expected = np.maximum(forecast, LEAST)
        sizes = sizes.astype(np.int8)
        for horizon in range(HORIZONS):
            one = expected[:, horizon]
            deviation = (came[:, horizon] - one) / np.sqrt(one)
            self.deviations.append((week + horizon, 1, deviation, sizes))
        for span in SPANS[1:]:
            total = expected[:, :span].sum(axis=1)
            deviation = (came[:, :span].sum(axis=1) - total) / np.sqrt(total)
            self.deviations.append((week, span, deviation, sizes))


@dataclass(frozen=True)
class Learnt:
    """The weights of a week, by level both ends of the range by size, and answers to offers."""

    weights: Weights
    ends: Mapping[str, Array]
    slopes: Slopes


@dataclass
class Backtest:
    """Trials of all levels, and what came of them: sums by `Key`, as the columns of BACKTEST.

    Of each so many series of a level, as `steps` says, one tells by how much forecasts were off.
    `on_offer` is, by week and number of the category, what was sold and usual before it.
    """

    rules: Rules
    present: Weights
    steps: Mapping[str, int] = field(default_factory=dict)
    trials: dict[str, Trials] = field(default_factory=lambda: {each: Trials() for each in LEVELS})
    scores: dict[Key, Array] = field(default_factory=dict)
    on_offer: dict[int, dict[int, Array]] = field(default_factory=dict)

    def chosen(self, week: int) -> Weights:
        """The weights by level and kind that were known in a week."""
        return {
            (level, kind): trials.chosen(kind, week, int(level == SQUARED_AT))
            for level, trials in self.trials.items()
            for kind in KINDS
        }

    def learnt(self, week: int) -> Learnt:
        """What was known of the forecasts' errors in a week."""
        ends = {name: trials.quantiles(RANGE, 1, week) for name, trials in self.trials.items()}
        return Learnt(self.chosen(week), ends, self.slopes(week))

    def slopes(self, week: int) -> Slopes:
        """How demand answered to offers as the last trial before a week saw it."""
        seen = [each for each in self.on_offer if each < week]
        found = self.on_offer[max(seen)] if seen else {}
        if not found:
            return Slopes()
        shop = offer_slope(*sum(found.values()), OFFER_SLOPE)
        return Slopes(shop, {each: offer_slope(*sums, shop) for each, sums in found.items()})

    def see_offers(self, week: int, chunk: Chunk, known: Array) -> None:
        """Adds up what was sold on offer before a week, and what would have been without."""
        found = self.on_offer.setdefault(week, {})
        category = chunk.categories()
        cut = chunk.offers.cuts(len(category), week, week)
        chosen = cut.any(axis=1)
        demand = summed(chunk.demand[:, :week], chunk.product)[chosen]
        names, group = np.unique(category[chosen], return_inverse=True)
        sums = seen_on_offer(demand, cut[chosen], known, group)
        found.update(zip(names.tolist(), sums, strict=True))

    def forecast_from(self, week: int, chunk: Chunk, factor: Array, learnt: Learnt) -> None:
        """Forecasts the weeks from one on by what was known before it, and keeps how it fared."""
        known = factor[:week]
        self.see_offers(week, chunk, known)
        levels = tree(chunk, week, self.rules, learnt.slopes)
        kind = {each.name: kinds(each.sold[:, :week], self.rules) for each in levels}
        found = {each.name: rates(each.usual, known) for each in levels}
        chosen = shared(levels, kind, found, learnt.weights)
        present = shared(levels, kind, found, self.present)
        offer = offered(levels, chosen)
        for level in levels:
            name, trials = level.name, self.trials[level.name]
            rate, ahead = chosen[name], factor[week:] * offer[name]
            forecasts = {
                OURS: rate[:, None] * ahead,
                PRESENT: present[name][:, None] * ahead,
                **baselines(level.demand, week),
            }
            came = level.demand[:, week : week + HORIZONS]
            size = np.searchsorted(SIZES, rate, side="right")
            ends = [end[size] for end in learnt.ends[name]]
            trials.see_errors(week, kind[name], found[name], ahead, came)
            self._score(week, level, kind[name], forecasts, ends)
            some = slice(None, None, self.steps.get(name, 1))
            trials.see_deviations(week, forecasts[OURS][some], came[some], size[some])

    def _score(
        self,
        week: int,
        level: Level,
        of_kind: Array,
        forecasts: Mapping[str, Array],
        ends: Sequence[Array],
    ) -> None:
        """Adds up, by horizon and over all of them (0), what makes the shares of the mart."""
        past, came = level.demand[:, :week], level.demand[:, week : week + HORIZONS]
        scale = scales(past)[:, None]
        root = np.sqrt(np.maximum(forecasts[OURS], LEAST))
        low, high = (np.maximum(forecasts[OURS] + end[:, None] * root, 0) for end in ends)
        covered = (came >= low) & (came <= high)
        whole = (came >= np.floor(low)) & (came <= np.ceil(high))
        price, sold = level.price[:, None], _and_together(came, np.sum)
        ranges = [_and_together(each, np.all) for each in (covered, whole)]
        weeks = np.array([came.shape[1]] + [1] * came.shape[1])
        members = np.stack([of_kind == kind for kind in KINDS]).astype(float)
        alike = [members @ each for each in (np.ones_like(sold), price * sold)]
        within = [members @ each for each in ranges]
        for method, forecast in forecasts.items():
            wrong = _and_together(forecast - came, np.sum)
            squared = (wrong / scale) ** 2 / weeks
            errors = [members @ each for each in (price * abs(wrong), price * wrong, squared)]
            sums = np.stack([*alike, *errors, *within], axis=-1)
            for kind, of_these in zip(KINDS, sums, strict=True):
                for horizon, found in enumerate(of_these):
                    key = (week, level.name, kind, method, horizon)
                    self.scores[key] = self.scores.get(key, 0) + found

    def error_of(self, method: str, week: int, level: str) -> float:
        """A method's error at a level in one trial: money, or squares where WAPE misleads.

        Squares are those of SCALED: what is new has too few weeks of its own to be told in parts
        of what it moves by, and a few such series would outweigh all others.
        """
        column, those = (4, SCALED) if level == SQUARED_AT else (2, KINDS)
        return sum(
            self.scores[week, level, kind, method, horizon][column]
            for kind in those
            for horizon in range(1, HORIZONS + 1)
        )

    def ratio(self, method: str, other: str, week: int) -> float:
        """A method's error by that of another one in one trial, the mean over the levels.

        A level at which there is nothing to be wrong about speaks for neither.
        """
        errors = [[self.error_of(each, week, n) for each in (method, other)] for n in LEVELS]
        return float(np.mean([own / others if others else 1.0 for own, others in errors]))

    def parameters(
        self, weights: Weights, weeks: int, categories: Sequence[str]
    ) -> list[Parameter]:
        """The weights of the rates, the deviations by level, span, share and size, and offers."""
        slopes = self.slopes(weeks)
        answers = {OFFER: slopes.shop} | {
            f"{OFFER}/{categories[each]}": slope for each, slope in slopes.by_category.items()
        }
        found = [Parameter(name, rounded(slope), feature=OFFER) for name, slope in answers.items()]
        found += [
            Parameter(f"{level}/{kind}/{rate}", rounded(weight), feature=f"{level}/{kind}")
            for (level, kind), single in weights.items()
            for rate, weight in single.items()
        ]
        asked = {(level, 1): {*RANGE} for level in LEVELS}
        for span in SPANS:
            asked.setdefault((SQUARED_AT, span), set()).update(SERVICE)
        for (level, span), shares in asked.items():
            ends = self.trials[level].quantiles([*shares], span, weeks)
            for share, of_sizes in zip(shares, ends, strict=True):
                feature = f"{level}/{span}/{share}"
                found += [
                    Parameter(f"{feature}/{knot:g}", rounded(end), feature=feature, knot=knot)
                    for knot, end in zip((0.0, *SIZES.tolist()), of_sizes, strict=True)
                ]
        return found


def origins(weeks: int, trials: int, step: int, least: int) -> list[int]:
    """The weeks before which it was forecast, the first first; the last ends where the data do."""
    last = weeks - HORIZONS
    return [week for week in range(last - step * (trials - 1), last + 1, step) if week >= least]


def trial_weeks(weeks: int, variables: Mapping[str, Any]) -> list[int]:
    """The weeks before which it is forecast on trial, as the variables demand_… have it."""
    step, least = variables["demand_trial_step_weeks"], int(variables["demand_new_weeks"])
    return origins(weeks, variables["demand_trials"], step, least)


def whole(starts: Sequence[int], week: int) -> list[int]:
    """The trials of which all weeks were over in a week."""
    return [each for each in starts if each + HORIZONS <= week]


def told(starts: Sequence[int]) -> list[int]:
    """The trials that chose by enough others whose weeks were over: theirs is what is told."""
    return [week for week in starts if len(whole(starts, week)) >= MIN_TRIALS]


def scales(past: Array) -> Array:
    """By how much each series moves from week to week since it first sold: root of mean squares.

    The weeks before are none of its own, as in M5: with them what began late would hardly move.
    """
    own = np.arange(past.shape[1] - 1) >= first_week(past)[:, None]
    squares = (np.diff(past, axis=1) ** 2 * own).sum(axis=1) / np.maximum(own.sum(axis=1), 1)
    return np.sqrt(np.maximum(squares, LEAST))


def _and_together(weekly: Array, together: Callable[..., Array]) -> Array:
    """What is of all weeks together, and then of each: (series, 1 + weeks)."""
    return np.column_stack([together(weekly, axis=1), weekly])


def baselines(demand: Array, week: int) -> dict[str, Array]:
    """What anybody can do: the last week, the same weeks a year before, the mean of four weeks."""

    def flat(rate: Array) -> Array:
        return np.repeat(rate[:, None], HORIZONS, axis=1)

    found = {
        "naive": flat(demand[:, week - 1]),
        "mean_4": flat(demand[:, week - 4 : week].mean(axis=1)),
    }
    if week >= YEAR:
        found["seasonal_naive"] = demand[:, week - YEAR : week - YEAR + HORIZONS]
    return found
