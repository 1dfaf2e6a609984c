"""Fits how demand is forecast, and tries it on earlier weeks.

What is fitted is how fast each kind of series at each level forgets: the mixture of a fast, a
medium and a slow rate, or a single one where that does clearly better. How far off the forecasts
were gives their intervals. All of it is a few hundred numbers, with which SQL forecasts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import duckdb

from orchestration.digests import table_digest
from orchestration.fit.days import latest_day
from orchestration.fit.rates import Rules
from orchestration.fit.series import (
    LEVELS,
    Calendar,
    Weights,
    handfuls,
    number_series,
    read_calendar,
    read_chunks,
)
from orchestration.fit.store import Fit, Fitted, Table, TooFew, rounded
from orchestration.fit.trials import (
    MAX_DEVIATIONS,
    MIN_TRIALS,
    OURS,
    PRESENT,
    Backtest,
    told,
    trial_weeks,
)

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

BUILT_WITH = "warehouse.intermediate.int_current_parameters"
NAMES = "select distinct category from warehouse.intermediate.int_product_weeks order by category"


def fit_demand(connection: duckdb.DuckDBPyConnection, variables: Mapping[str, Any]) -> Fitted:
    """New weights and deviations, in use when they forecast no worse than those before and mean_4.

    Raises `TooFew` where too few weeks are over to try them, or too few categories to read one.
    """
    rules, calendar = Rules.of(variables), read_calendar(connection)
    starts = trial_weeks(calendar.weeks, variables)
    tried = told(starts)
    if not tried:
        raise TooFew(
            f"Demand needs {MIN_TRIALS + 1} trials that are over, and {calendar.weeks} weeks "
            "are too few for it: the parameters that ship with the project stay in use."
        )
    counts = number_series(connection, calendar.first_on)
    steps = {name: -(-n // MAX_DEVIATIONS) for name, n in zip(LEVELS, counts, strict=True)}
    backtest = Backtest(rules, present_weights(connection), steps)
    bounds = handfuls(connection, calendar.weeks, rules.min_weeks)
    for week in starts:
        learnt = backtest.learnt(week)
        factor = calendar.factors(week, rules)
        for chunk in read_chunks(connection, calendar.weeks, bounds):
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


def present_weights(connection: duckdb.DuckDBPyConnection, parameters: str = BUILT_WITH) -> Weights:
    """Those in a table of parameters: in the warehouse's, those that the last build used."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    for parameter, value in connection.execute(
        f"select parameter, value from {parameters}"
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
