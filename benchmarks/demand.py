"""How demand is forecast, and what the reorder points would have saved over the true demand.

`make proof` measures anew, beside what anybody can do and what nobody can do better, and writes the
tables of `docs/merchandise.md`. With the extra `forecast`, methods of StatsForecast stand beside
ours, on the largest series of the upper levels.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from scipy.sparse import csr_array

from benchmarks.page import between_marks, silent
from orchestration import dbt
from orchestration.duck import connect, literal_path, rows
from orchestration.fit import demand, series, stocking, trials
from orchestration.fit.arrays import Array
from orchestration.fit.offers import Slopes, number_offers, read_offers
from orchestration.fit.rates import Rules, kinds, rates
from orchestration.project import ROOT, Project
from orchestration.refresh import Refresh
from orchestration.warehouse import attach
from orchestration.world import World, make_world

PAGE = ROOT / "docs" / "merchandise.md"
BUILT = ("run", "--select", "+demand_forecast", "+inventory_health")
WORLDS = {
    "demo world": World(2_500, 730, 7),
    "20,000 customers": World(20_000, 730, 11),
}
FLOOR = "floor"
METHODS = ("forecast", "mean_4", "seasonal_naive", "naive", FLOOR)
LARGEST = 300
FORECASTS = (
    *("data", "level", "ours", "mean of 4 weeks", "a year before", "the week before", "floor"),
    *("RMSSE", "bias", "held by 80 %"),
)
EMPTY_SHELVES = ("data", "from estimates", "from the truth", "from sales alone")
STOCK = ("data", "less stock", "served, as done", "served, by the rule", "orders, to one", "saving")
LIBRARY = ("level", "ours", "DynamicOptimizedTheta", "AutoETS", "SESopt", "IMAPA", "CrostonSBA")

TRUE_DAYS = """
create or replace temp table true_days as
select
    dense_rank() over (order by category) - 1 as category,
    dense_rank() over (order by category, product_id) - 1 as product,
    dense_rank() over (order by category, product_id, store_id) - 1 as pair,
    product_id,
    store_id,
    date_diff('day', cast($first_on as date), demanded_on) as day,
    demand_quantity::double as wanted,
    sold_quantity::double as sold,
    expected_quantity::double as expected
from {truth}
inner join (
    select product_id, coalesce(category, 'none') as category
    from warehouse.entities.int_products_validated
    where row_status = 'accepted'
) using (product_id)
where demanded_on >= $first_on and demanded_on < $until_on
"""
ESTIMATED = """
select pair, date_diff('day', cast($first_on as date), week_on) // 7 as week,
    lost_quantity::double as lost
from warehouse.intermediate.int_product_weeks
inner join (select distinct pair, product_id, store_id from true_days) using (product_id, store_id)
where lost_quantity > 0
"""
ACCURACY = """
select demand_level, method, sum(absolute_error_amount) / sum(actual_amount) as wape,
    sum(error_amount) / sum(actual_amount) as bias,
    sqrt(sum(scaled_squared_error) filter (where series_kind <> 'new')
        / sum(series_count) filter (where series_kind <> 'new')) as rmsse,
    sum(covered_count) / sum(series_count) as covered
from {backtest} where horizon_weeks > 0
group by all
"""


@dataclass(frozen=True)
class Truth:
    """What was wanted of stocked products, by pair and week: estimated, true, and in the mean."""

    chunk: series.Chunk
    wanted: Array
    expected: Array


class FloorToo(trials.Backtest):
    """A backtest with one more method, which knows the mean from which demand is drawn."""

    truth: Truth

    def _score(
        self, week: int, level: series.Level, kind: Array, forecasts: Any, ends: Any
    ) -> None:
        mean = replace(self.truth.chunk, demand=csr_array(self.truth.expected))
        levels = series.tree(mean, week, self.rules, Slopes())
        [known] = [each for each in levels if each.name == level.name]
        ahead = known.demand[:, week : week + series.HORIZONS]
        super()._score(week, level, kind, {**forecasts, FLOOR: ahead}, ends)


def build(project: Project, example: str | None = None) -> Refresh:
    """A warehouse up to the forecast and the shelves, of an example or of files that are there."""
    refresh = Refresh(project, example)
    if example:
        refresh.make_example_files(silent)
    refresh.land(silent)
    for words in (("seed",), BUILT):
        dbt.run(project, words, refresh.overrides, project.target, silent)
    return refresh


def read_truth(
    connection: duckdb.DuckDBPyConnection, calendar: series.Calendar, folder: Path
) -> Truth:
    days = {
        "first_on": calendar.first_on,
        "until_on": calendar.first_on + timedelta(weeks=calendar.weeks),
    }
    truth = f"read_parquet({literal_path(folder / 'demand.parquet')})"
    connection.execute(TRUE_DAYS.format(truth=truth), days)
    found = connection.execute(
        "select pair, any_value(category) as category, any_value(product) as product,"
        " day // 7 as week, sum(wanted) as wanted, sum(sold) as sold, sum(expected) as expected"
        " from true_days group by pair, week"
    ).fetchnumpy()
    count = int(found["pair"].max()) + 1
    weekly = {name: np.zeros((count, calendar.weeks)) for name in ("wanted", "sold", "expected")}
    belongs = {name: np.zeros(count, dtype=int) for name in ("category", "product")}
    for name, values in weekly.items():
        values[found["pair"], found["week"]] = found[name]
    for name, place in belongs.items():
        place[found["pair"]] = found[name]
    estimated = weekly["sold"].copy()
    lost = connection.execute(ESTIMATED, {"first_on": calendar.first_on}).fetchnumpy()
    estimated[lost["pair"], lost["week"]] += lost["lost"]
    units = weekly["sold"].sum(axis=1)
    number_offers(connection, calendar.first_on, "true_days")
    offers = read_offers(connection, 0, int(belongs["product"].max()))
    sold, demand = csr_array(weekly["sold"]), csr_array(estimated)
    chunk = series.Chunk(belongs["category"], belongs["product"], sold, demand, units, offers)
    return Truth(chunk, weekly["wanted"], weekly["expected"])


def tried(
    truth: Truth,
    known: Array,
    calendar: series.Calendar,
    variables: Mapping[str, Any],
    weights: series.Weights,
) -> list[Mapping[str, Any]]:
    """By level and method, how the true demand was forecast from what was `known` of it."""
    rules = Rules.of(variables)
    backtest = FloorToo(rules, weights)
    backtest.truth = truth
    starts = trials.trial_weeks(calendar.weeks, variables)
    for week in starts:
        seen = np.concatenate([known[:, :week], truth.wanted[:, week:]], axis=1)
        chunk = replace(truth.chunk, demand=csr_array(seen))
        learnt = backtest.learnt(week)
        backtest.forecast_from(week, chunk, calendar.factors(week, rules), learnt)
    judged = trials.told(starts)
    totals: dict[tuple[str, str], Array] = {}
    squares: dict[tuple[str, str], Array] = {}
    for (week, level, kind, method, horizon), sums in backtest.scores.items():
        if week in judged and horizon:
            totals[level, method] = totals.get((level, method), 0) + sums
            if kind in trials.SCALED:
                squares[level, method] = squares.get((level, method), 0) + sums[[4, 0]]
    return [
        {
            "demand_level": level,
            "method": method,
            "wape": absolute / actual,
            "bias": signed / actual,
            "rmsse": np.sqrt(np.divide(*squares[level, method])),
            "covered": covered / count if method == "forecast" else None,
        }
        for (level, method), (
            count,
            actual,
            absolute,
            signed,
            _,
            covered,
            _,
        ) in totals.items()
    ]


def accuracy_lines(name: str, found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    by_method = {(row["demand_level"], row["method"]): row for row in found}
    for level in series.LEVELS:
        ours = by_method[level, "forecast"]
        wapes = [by_method.get((level, method)) for method in METHODS]
        figures = ["–" if row is None else f"{row['wape']:.3f}" for row in wapes]
        rest = [f"{ours['rmsse']:.3f}", f"{ours['bias']:+.1%}", f"{ours['covered']:.1%}"]
        yield f"| {name} | {level} | {' | '.join([*figures, *rest])} |\n"


def stocking_line(
    name: str, connection: duckdb.DuckDBPyConnection, refresh: Refresh, calendar: series.Calendar
) -> str:
    """What was done and what the rule does, both over the demand that truly was."""
    variables = refresh.project.variables({})
    policy = stocking.read_policy(connection, variables)
    first = stocking.first_simulated(calendar, policy.rules, variables)
    stocking.choose_shelves(connection, calendar, first)
    totals = np.zeros((2, 4))
    wanted = 0.0
    for shelves in stocking.read_shelves(connection, calendar, first):
        true = {each: np.zeros(shelves.demand.shape) for each in ("wanted", "sold")}
        found = connection.execute(
            "select shelf, day - $start as day, wanted, sold from true_days"
            " inner join shelves using (product_id, store_id) where day >= $start",
            {"start": shelves.start},
        ).fetchnumpy()
        for what, values in true.items():
            values[found["shelf"], found["day"]] = found[what]
        missed = true["wanted"] - true["sold"]
        shelves = replace(shelves, demand=true["wanted"], missed=missed)
        courses = (stocking.done(shelves), stocking.followed(shelves, calendar, policy))
        for (_, _, days), sums in stocking.monthly(shelves, calendar, courses):
            wanted += sums[1]
            for whose, (stock, lost, margin, orders) in enumerate(sums[2:].reshape(2, 4)):
                cost = stock * variables["holding_cost_rate"] * days / 365 + margin
                cost += orders * variables["order_cost_amount"]
                totals[whose] += (stock * days, lost, orders, cost)
    stock, lost, orders, cost = totals.T
    figures = [
        f"{1 - stock[1] / stock[0]:.1%}",
        *(f"{1 - each / wanted:.2%}" for each in lost),
        f"{orders[1] / orders[0]:.2f}",
        f"{1 - cost[1] / cost[0]:.1%}",
    ]
    return f"| {name} | {' | '.join(figures)} |\n"


def world_lines(name: str, folder: Path) -> tuple[list[str], str, str]:
    """The lines of a world: its accuracy, the bias of empty shelves, and the stock."""
    project = Project(ROOT, folder)
    make_world(WORLDS[name], folder, silent)
    refresh = build(project)
    variables = project.variables({})
    with connect() as connection:
        attach(connection, project.warehouse)
        calendar = series.read_calendar(connection)
        weights = demand.present_weights(connection)
        truth = read_truth(connection, calendar, folder / "truth")
        found = {
            what: tried(truth, known, calendar, variables, weights)
            for what, known in (
                ("estimated", truth.chunk.demand.toarray()),
                ("true", truth.wanted),
                ("sold", truth.chunk.sold.toarray()),
            )
        }
        biases = [
            row["bias"]
            for rows_ in found.values()
            for row in rows_
            if (row["demand_level"], row["method"]) == ("category", "forecast")
        ]
        stock = stocking_line(name, connection, refresh, calendar)
    bias = f"| {name} | {' | '.join(f'{each:+.1%}' for each in biases)} |\n"
    return list(accuracy_lines(name, found["estimated"])), bias, stock


def example_lines(folder: Path) -> tuple[list[str], list[str]]:
    """The lines of The Complete Journey, and of the library's methods on its largest series."""
    refresh = build(Project(ROOT, folder), "complete_journey")
    variables = refresh.project.variables(refresh.overrides)
    with connect() as connection:
        attach(connection, refresh.project.warehouse)
        sums = demand.fit_demand(connection, variables).tables["demand_backtest"]
        columns = ", ".join(f"{name} {kind}" for name, kind in sums.columns.items())
        connection.execute(f"create temp table backtest ({columns})")
        marks = ", ".join("?" for _ in sums.columns)
        connection.executemany(f"insert into backtest values ({marks})", sums.rows)
        found = rows(connection, ACCURACY.format(backtest="backtest"))
        library = list(library_lines(connection, variables))
    return list(accuracy_lines("The Complete Journey", found)), library


def library_lines(
    connection: duckdb.DuckDBPyConnection, variables: Mapping[str, Any]
) -> Iterator[str]:
    """WAPE of the library's methods beside ours, on the series of a level that sell for most."""
    try:
        from statsforecast import models
    except ImportError:
        return
    calendar, rules = series.read_calendar(connection), Rules.of(variables)
    weights = demand.present_weights(connection)
    methods = {
        "DynamicOptimizedTheta": models.DynamicOptimizedTheta(),
        "AutoETS": models.AutoETS(),
        "SESopt": models.SimpleExponentialSmoothingOptimized(),
        "IMAPA": models.IMAPA(),
        "CrostonSBA": models.CrostonSBA(),
    }
    starts = trials.origins(calendar.weeks, 3, 4, rules.new_weeks)
    bounds = series.handfuls(connection, calendar.weeks, rules.min_weeks)
    for place, name in enumerate(series.LEVELS[:2]):
        errors, came = dict.fromkeys(("ours", *methods), 0.0), 0.0
        for week in starts:
            factor = calendar.factors(week, rules)
            for chunk in series.read_chunks(connection, calendar.weeks, bounds):
                levels = series.tree(chunk, week, rules, Slopes())
                kind = {each.name: kinds(each.sold[:, :week], rules) for each in levels}
                rate = {each.name: rates(each.usual, factor[:week]) for each in levels}
                ours = series.shared(levels, kind, rate, weights)
                ahead = factor[week:] * series.offered(levels, ours)[name]
                past_and_future, price = levels[place].demand, levels[place].price
                sold = price * past_and_future[:, :week].sum(axis=1)
                for each in np.argsort(-sold, kind="stable")[:LARGEST]:
                    past, future = np.split(past_and_future[each, : week + series.HORIZONS], [week])
                    forecasts = {"ours": ours[name][each] * ahead[each]}
                    for method, model in methods.items():
                        forecasts[method] = model.forecast(past, h=len(future))["mean"]
                    came += price[each] * future.sum()
                    for method, mean in forecasts.items():
                        errors[method] += price[each] * abs(np.maximum(mean, 0) - future).sum()
        figures = " | ".join(f"{error / came:.3f}" for error in errors.values())
        yield f"| {name} | {figures} |\n"


def table(columns: Sequence[str], texts: int, lines: Sequence[str]) -> str:
    """Lines under the names of their columns, of which the first are texts."""
    rule = "---|" * texts + "--:|" * (len(columns) - texts)
    return f"| {' | '.join(columns)} |\n|{rule}\n" + "".join(lines)


def with_tables(page: str, tables: Mapping[str, str]) -> str:
    """The page with each of these tables between its two marks."""
    for name, lines in tables.items():
        page = between_marks(page, lines, name)
    return page


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="regulars-proof-") as folder:
        accuracy, library = example_lines(Path(folder, "complete_journey"))
        biases, stocks = [], []
        for name in WORLDS:
            lines, bias, stock = world_lines(name, Path(folder, name.replace(" ", "_")))
            accuracy, biases, stocks = accuracy + lines, [*biases, bias], [*stocks, stock]
    tables = {
        "forecasts": table(FORECASTS, 2, accuracy),
        "empty shelves": table(EMPTY_SHELVES, 1, biases),
        "stock": table(STOCK, 1, stocks),
    }
    if library:
        tables["library"] = table(LIBRARY, 1, library)
    PAGE.write_text(with_tables(PAGE.read_text("utf-8"), tables), "utf-8")
    print(f"Wrote {len(tables)} tables into {PAGE.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
