"""Fits how demand is forecast, and tries it on earlier weeks.

What is fitted is how fast each kind of series at each level forgets: the mixture of a fast, a
medium and a slow rate, or a single one where that does clearly better. How far off the forecasts
were gives their intervals. All of it is a few hundred numbers, with which SQL forecasts. Categories
are read by the handful, so that memory is bounded: what adds up, adds up within a category. How
demand answers to offers is learnt on the way, from the weeks before each trial.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import duckdb
import numpy as np

from orchestration.digests import table_digest
from orchestration.fit.arrays import Array
from orchestration.fit.days import latest_day
from orchestration.fit.offers import (
    NO_OFFERS,
    OFFER_SLOPE,
    Offers,
    Slopes,
    number_offers,
    offer_slope,
    read_offers,
    seen_on_offer,
)
from orchestration.fit.rates import (
    KINDS,
    MIXTURE,
    RATES,
    YEAR,
    Rules,
    festival_factors,
    first_week,
    kinds,
    rates,
    top_down,
    weighed,
)
from orchestration.fit.store import Fit, Fitted, Parameter, Table, TooFew, rounded

HORIZONS = 8
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
LEVELS = ("category", "product", "product_store")
# Of what mostly does not sell within a week the median is nothing, which absolute errors reward.
SQUARED_AT = "product_store"
# Squares are in parts of what a series moves by, which is told of these kinds alone.
SCALED = ("regular", "intermittent")
# So many numbers of pairs × weeks are read at once: eight bytes each, a few times over.
CELLS = 8_000_000
OURS, PRESENT = "forecast", "present"
OFFER = "offer"
BACKTEST = {
    "origin_on": "date",
    "demand_level": "varchar",
    "series_kind": "varchar",
    "method": "varchar",
    "horizon_weeks": "bigint",
    "series_count": "bigint",
    "actual_amount": "double",
    "absolute_error_amount": "double",
    "error_amount": "double",
    "scaled_squared_error": "double",
    "covered_count": "bigint",
    "whole_covered_count": "bigint",
}

PAIR_WEEKS = """
create or replace temp table pair_weeks as
select
    dense_rank() over (order by category) - 1 as category,
    dense_rank() over (order by category, product_id) - 1 as product,
    dense_rank() over (order by category, product_id, store_id) - 1 as pair,
    date_diff('day', cast(? as date), week_on) // 7 as week,
    sold_quantity::double as sold,
    (sold_quantity + lost_quantity)::double as demand,
    sales_amount::double as amount
from warehouse.intermediate.int_product_weeks
order by pair
"""
NAMES = "select distinct category from warehouse.intermediate.int_product_weeks order by category"
SERIES = "select max(category) + 1, max(product) + 1, max(pair) + 1 from pair_weeks"
CATEGORIES = "select min(pair), max(pair) from pair_weeks group by category order by category"
TRADE_DAYS = """
select
    calendar_day,
    is_ahead,
    day_of_week,
    case when event is null then -1 else dense_rank() over (order by event nulls last) end as event,
    coalesce(sales_amount, 0)::double as amount
from warehouse.intermediate.int_trade_days
order by calendar_day
"""


@dataclass(frozen=True)
class Calendar:
    """Days from the first Monday on, the weeks ahead too; `weeks` of them are over."""

    first_on: date
    weeks: int
    weekday: Array
    event: Array
    amount: Array

    def factors(self, week: int, rules: Rules) -> Array:
        """The factor of each week as known before one, up to the last that is forecast then."""
        found = festival_factors(self.amount, self.event, self.weekday, week * 7, rules.prior_days)
        return found[: week + HORIZONS]


@dataclass(frozen=True)
class Chunk:
    """Products in stores, `pair` by `pair`, of some categories: demand is (pairs, weeks).

    `product` and `category` say to which of them each pair belongs; `first` is the number of the
    first category among all.
    """

    category: Array
    product: Array
    sold: Array
    demand: Array
    amount: Array
    offers: Offers = NO_OFFERS
    first: int = 0

    def categories(self) -> Array:
        """The number among all categories of each product's."""
        found = np.zeros(self.product.max() + 1, dtype=int)
        found[self.product] = self.first + self.category
        return found


@dataclass(frozen=True)
class Level:
    """The series of one level: `demand` is (series, weeks), `price` a unit's on average.

    `usual` is what would have been asked for without offers, up to the week of the forecast, and
    `offer` what those announced for the weeks ahead multiply it by. `parent` is the place of each
    in the level above.
    """

    name: str
    demand: Array
    usual: Array
    offer: Array
    sold: Array
    price: Array
    parent: Array


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
                break
        return float(np.quantile(near, share)) if len(near) else 0.0

    def quantiles(self, share: float, span: int, week: int) -> Array:
        """Those of all sizes, the smallest first."""
        return np.array([self.quantile(share, span, n, week) for n in range(len(SIZES) + 1)])


Weights = Mapping[tuple[str, str], Mapping[str, float]]
Key = tuple[int, str, str, str, int]


@dataclass(frozen=True)
class Learnt:
    """The weights of a week, by level both ends of the range by size, and answers to offers."""

    weights: Weights
    ends: Mapping[str, Sequence[Array]]
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
        ends = {
            name: [trials.quantiles(share, 1, week) for share in RANGE]
            for name, trials in self.trials.items()
        }
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
        demand = _summed(chunk.demand[:, :week], chunk.product)[chosen]
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
            trials, of_kind = self.trials[level.name], kind[level.name]
            ahead = factor[week:] * offer[level.name]
            came = level.demand[:, week : week + HORIZONS]
            single = found[level.name] | {"mixture": weighed(found[level.name], MIXTURE)}
            for each in KINDS:
                chosen_kind = of_kind == each
                for name, rate in single.items():
                    error = rate[chosen_kind, None] * ahead[chosen_kind] - came[chosen_kind]
                    both = np.stack([abs(error).sum(axis=0), (error**2).sum(axis=0)], axis=1)
                    trials.add_error((week, each, name), both)
            rate = chosen[level.name]
            size = np.searchsorted(SIZES, rate, side="right")
            ends = [end[size] for end in learnt.ends[level.name]]
            forecasts = {
                OURS: rate[:, None] * ahead,
                PRESENT: present[level.name][:, None] * ahead,
                **baselines(level.demand, week),
            }
            self._score(week, level, of_kind, forecasts, ends)
            expected = np.maximum(rate[:, None] * ahead, LEAST)
            step = self.steps.get(level.name, 1)
            some = size[::step].astype(np.int8)
            for horizon in range(HORIZONS):
                one = expected[:, horizon]
                deviation = (came[:, horizon] - one) / np.sqrt(one)
                trials.deviations.append((week + horizon, 1, deviation[::step], some))
            for span in SPANS[1:]:
                total = expected[:, :span].sum(axis=1)
                deviation = (came[:, :span].sum(axis=1) - total) / np.sqrt(total)
                trials.deviations.append((week, span, deviation[::step], some))

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
        scale = scales(past)
        root = np.sqrt(np.maximum(forecasts[OURS], LEAST))
        low, high = (np.maximum(forecasts[OURS] + end[:, None] * root, 0) for end in ends)
        covered = (came >= low) & (came <= high)
        whole = (came >= np.floor(low)) & (came <= np.ceil(high))
        for method, forecast in forecasts.items():
            error = forecast - came
            for horizon in range(HORIZONS + 1):
                weeks = slice(horizon - 1, horizon) if horizon else slice(None)
                wrong, sold = error[:, weeks].sum(axis=1), came[:, weeks].sum(axis=1)
                sums = np.stack(
                    [
                        np.ones(len(wrong)),
                        level.price * sold,
                        level.price * abs(wrong),
                        level.price * wrong,
                        (wrong / scale) ** 2 / max(error[:, weeks].shape[1], 1),
                        covered[:, weeks].all(axis=1),
                        whole[:, weeks].all(axis=1),
                    ]
                )
                for each in KINDS:
                    key = (week, level.name, each, method, horizon)
                    chosen_kind = of_kind == each
                    self.scores[key] = self.scores.get(key, 0) + sums[:, chosen_kind].sum(axis=1)

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
        asked = [(level, 1, share) for level in LEVELS for share in RANGE]
        asked += [
            (SQUARED_AT, n, share) for n in SPANS for share in SERVICE if (n, share) != (1, 0.9)
        ]
        for level, span, share in asked:
            feature = f"{level}/{span}/{share}"
            ends = self.trials[level].quantiles(share, span, weeks)
            found += [
                Parameter(f"{feature}/{knot:g}", rounded(end), feature=feature, knot=float(knot))
                for knot, end in zip((0, *SIZES), ends, strict=True)
            ]
        return found


def fit_demand(connection: duckdb.DuckDBPyConnection, variables: Mapping[str, Any]) -> Fitted:
    """New weights and deviations, in use when they forecast no worse than those before and mean_4.

    Raises `TooFew` where too few weeks are over to try them.
    """
    rules, calendar = Rules.of(variables), read_calendar(connection)
    starts = trial_weeks(calendar.weeks, variables)
    tried = told(starts)
    if not tried:
        raise TooFew(
            f"Demand needs {MIN_TRIALS + 1} trials that are over, and {calendar.weeks} weeks "
            "are too few for it: the parameters that ship with the project stay in use."
        )
    connection.execute(PAIR_WEEKS, [calendar.first_on])
    number_offers(connection, calendar.first_on, "warehouse.intermediate.int_product_weeks")
    [counts] = connection.execute(SERIES).fetchall()
    steps = {name: -(-n // MAX_DEVIATIONS) for name, n in zip(LEVELS, counts, strict=True)}
    backtest = Backtest(rules, present_weights(connection), steps)
    for week in starts:
        learnt = backtest.learnt(week)
        factor = calendar.factors(week, rules)
        for chunk in read_chunks(connection, calendar.weeks):
            backtest.forecast_from(week, chunk, factor, learnt)
    weights, is_promoted, reason, metrics = judged(backtest, calendar, starts[-1])
    as_of_date = latest_day(connection)
    fit = Fit(
        model="demand",
        parameters=backtest.parameters(
            weights, calendar.weeks, [name for (name,) in connection.execute(NAMES).fetchall()]
        ),
        metrics=metrics,
        as_of_date=as_of_date,
        customer_count=counts[-1],
        data_digest=table_digest(connection, "warehouse.intermediate.int_product_weeks"),
        is_promoted=is_promoted,
        reason=reason,
    )
    return Fitted([fit], {"demand_backtest": backtest_table(backtest, calendar, tried)})


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


def read_calendar(connection: duckdb.DuckDBPyConnection) -> Calendar:
    found = connection.execute(TRADE_DAYS).fetchnumpy()
    is_over = ~found["is_ahead"].astype(bool)
    return Calendar(
        found["calendar_day"][0].astype("datetime64[D]").item(),
        int(is_over.sum()) // 7,
        *(found[name].astype(kind) for name, kind in (("day_of_week", int), ("event", int))),
        found["amount"].astype(float),
    )


def read_chunks(connection: duckdb.DuckDBPyConnection, weeks: int) -> Iterator[Chunk]:
    """The pairs of a product and a store by whole categories, as many as memory should hold."""
    bounds: list[list[int]] = []
    for first, last in connection.execute(CATEGORIES).fetchall():
        if bounds and (last - bounds[-1][0]) * weeks < CELLS:
            bounds[-1][1] = last
        else:
            bounds.append([first, last])
    for ends in bounds:
        found = connection.execute(
            "select * from pair_weeks where pair between ? and ?", ends
        ).fetchnumpy()
        columns = {name: np.asarray(column) for name, column in found.items()}
        products = int(columns["product"].min()), int(columns["product"].max())
        yield _chunk(columns, weeks, read_offers(connection, *products))


def _chunk(found: Mapping[str, Array], weeks: int, offers: Offers) -> Chunk:
    pair, week = found["pair"] - found["pair"].min(), found["week"]
    count = int(pair.max()) + 1
    sold, demand = np.zeros((count, weeks)), np.zeros((count, weeks))
    sold[pair, week], demand[pair, week] = found["sold"], found["demand"]
    category, product = np.zeros(count, dtype=int), np.zeros(count, dtype=int)
    for belongs, name in ((category, "category"), (product, "product")):
        belongs[pair] = found[name] - found[name].min()
    amount, first = np.bincount(pair, found["amount"], count), int(found["category"].min())
    return Chunk(category, product, sold, demand, amount, offers, first)


def tree(chunk: Chunk, week: int, rules: Rules, slopes: Slopes) -> list[Level]:
    """The series of a week, the top first: what sold too seldom by then is among the others.

    Offers of the others are not told apart, in the past as in the weeks ahead.
    """
    year = slice(max(0, week - YEAR), week)

    def sells(sold: Array) -> Array:
        return (sold[:, year] > 0).sum(axis=1) >= rules.min_weeks

    pairs = np.arange(len(chunk.product))
    own_product = sells(_summed(chunk.sold, chunk.product))[chunk.product]
    products = np.where(own_product, chunk.product, len(pairs) + chunk.category)
    category = chunk.categories()
    cut = chunk.offers.cuts(len(category), week, week + HORIZONS)
    factor = np.exp(slopes.of(category)[:, None] * cut)[chunk.product]
    factor[~own_product] = 1
    top = _level("category", chunk, factor, pairs, chunk.category, np.zeros_like(pairs))
    middle = _level("product", chunk, factor, pairs, products, chunk.category)
    kept = pairs[own_product]
    stores = np.where(sells(chunk.sold), pairs, len(pairs) + chunk.product)
    places = np.unique(products, return_inverse=True)[1]
    return [top, middle, _level("product_store", chunk, factor, kept, stores, places)]


def _level(
    name: str, chunk: Chunk, factor: Array, pairs: Array, group: Array, parent: Array
) -> Level:
    """The sums of some pairs by group, each of which has one parent."""
    _, first, place = np.unique(group[pairs], return_index=True, return_inverse=True)
    sold = _summed(chunk.sold[pairs], place)
    units = sold.sum(axis=1)
    amount = np.bincount(place, chunk.amount[pairs], minlength=len(first))
    price = np.divide(amount, units, out=np.zeros(len(first)), where=units > 0)
    demand, week = chunk.demand[pairs], factor.shape[1] - HORIZONS
    usual = _summed(demand[:, :week] / factor[pairs, :week], place)
    offer = factor[pairs[first], week:]
    return Level(name, _summed(demand, place), usual, offer, sold, price, parent[pairs][first])


def _summed(values: Array, group: Array) -> Array:
    """The sums of rows by group; groups are numbered from 0 without a gap."""
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    return np.add.reduceat(values[order], starts) if len(order) else values[:0]


def shared(
    levels: Sequence[Level],
    kind: Mapping[str, Array],
    found: Mapping[str, Mapping[str, Array]],
    weights: Weights,
) -> dict[str, Array]:
    """The weekly rate of each series by level, shared downwards so that levels add up."""
    above, rate = None, {}
    for level in levels:
        own = np.zeros(len(level.demand))
        for each in KINDS:
            chosen = kind[level.name] == each
            own[chosen] = weighed(found[level.name], weights[level.name, each])[chosen]
        above = rate[level.name] = own if above is None else top_down(above, own, level.parent)
    return rate


def offered(levels: Sequence[Level], rate: Mapping[str, Array]) -> dict[str, Array]:
    """What offers multiply the weeks ahead by; a category is asked for as its products are."""
    top, middle, bottom = levels
    more = np.zeros_like(top.offer)
    np.add.at(more, middle.parent, rate[middle.name][:, None] * (middle.offer - 1))
    whole = np.bincount(middle.parent, rate[middle.name], len(more))[:, None]
    above = 1 + np.divide(more, whole, out=np.zeros_like(more), where=whole > 0)
    return {top.name: above, middle.name: middle.offer, bottom.name: bottom.offer}


def scales(past: Array) -> Array:
    """By how much each series moves from week to week since it first sold: root of mean squares.

    The weeks before are none of its own, as in M5: with them what began late would hardly move.
    """
    own = np.arange(past.shape[1] - 1) >= first_week(past)[:, None]
    squares = (np.diff(past, axis=1) ** 2 * own).sum(axis=1) / np.maximum(own.sum(axis=1), 1)
    return np.sqrt(np.maximum(squares, LEAST))


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


def present_weights(connection: duckdb.DuckDBPyConnection) -> Weights:
    """Those that the last build forecast with."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    for parameter, value in connection.execute(
        "select parameter, value from warehouse.intermediate.int_current_parameters"
        " where model = 'demand' and knot is null and feature <> 'offer' order by parameter"
    ).fetchall():
        level, kind, rate = parameter.split("/")
        found.setdefault((level, kind), {})[rate] = value
    return found


def judged(
    backtest: Backtest, calendar: Calendar, week: int
) -> tuple[Weights, bool, str, dict[str, float]]:
    """The weights to forecast with, and whether they are no worse than the mean of four weeks.

    The new ones and those in use are compared on the last trial, which the new ones have not seen,
    by the mean over the levels of one's error in parts of the other's. The deviations of the new
    trials are the better ones in any case, since they are of this shop and later.
    """
    to_present = backtest.ratio(OURS, PRESENT, week)
    is_better = to_present <= 1
    to_mean = backtest.ratio(OURS if is_better else PRESENT, "mean_4", week)
    metrics = {
        "error_to_the_parameters_before": rounded(to_present),
        "error_to_mean_4": rounded(to_mean),
    }
    first_on = calendar.first_on + timedelta(weeks=week)
    verdict = "new weights" if is_better else "the weights in use"
    reason = (
        f"Tried on the weeks from {first_on}, new weights make {to_present:.3f} of the error of "
        f"those in use; {verdict} make {to_mean:.3f} of that of the mean of four weeks."
    )
    weights = backtest.chosen(calendar.weeks) if is_better else backtest.present
    return weights, to_mean <= 1, reason, metrics


def backtest_table(backtest: Backtest, calendar: Calendar, tried: Sequence[int]) -> Table:
    """The sums of the trials that chose by at least MIN_TRIALS earlier ones; ours has a range."""
    rows = []
    for (week, level, kind, method, horizon), sums in sorted(backtest.scores.items()):
        if week in tried and method != PRESENT and sums[0]:
            count, *amounts, covered, whole_covered = (rounded(each) for each in sums)
            has_range = method == OURS and horizon > 0
            rows.append(
                (
                    *(calendar.first_on + timedelta(weeks=week), level, kind, method, horizon),
                    *(int(count), *amounts),
                    *((int(covered), int(whole_covered)) if has_range else (None, None)),
                )
            )
    return Table(BACKTEST, rows)
