"""What following the reorder points would have saved on the past, by simulation.

Day by day, from the same demand, the same first stock and the same lead times. Done is what was
counted, with the deliveries that suppliers' orders tell; followed is the rule of
`inventory_health`, which at every look at the shelf knows the weeks before it alone. It forecasts
each shelf by itself, not shared down from its category, and by the deviations of today. Shelves
are read by the handful, so that memory is bounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import duckdb
import numpy as np

from orchestration.fit.arrays import Array
from orchestration.fit.demand import BUILT_WITH, present_weights
from orchestration.fit.rates import KINDS, YEAR, Rules, first_week, kinds, rates, weighed
from orchestration.fit.series import CELLS, Calendar, read_calendar
from orchestration.fit.store import Fitted, Table, TooFew, rounded
from orchestration.fit.trials import SIZES, SPANS, SQUARED_AT

# Before it counts, the simulated shop orders for so many weeks: it begins with nothing on its way.
WARM_UP = 8
BACKTEST = {
    "month_on": "date",
    "category": "varchar",
    "day_count": "bigint",
    "shelf_count": "bigint",
    "demand_amount": "double",
    **{
        f"{what}_{whose}": "double"
        for whose in ("done", "followed")
        for what in ("stock_amount", "lost_amount", "lost_margin_amount", "order_count")
    },
}

SHELVES = """
create or replace temp table shelves as
select
    row_number() over (order by category, product_id, store_id) - 1 as shelf,
    product_id,
    store_id,
    category,
    lead_time_days,
    unit_amount,
    unit_cost_amount
from warehouse.intermediate.int_stock_positions
where (product_id, store_id) in (
    select (product_id, coalesce(store_id, 'none'))
    from warehouse.entities.int_stock_levels_validated
    where row_status = 'accepted' and counted_on >= $from_on
    group by all
    having count(distinct counted_on) >= $weeks
)
"""
FACTS = """
select category, lead_time_days, unit_amount, unit_cost_amount
from shelves
where shelf between $first and $last
order by shelf
"""
WEEKS = """
select
    shelf - $first as shelf,
    date_diff('day', cast($first_on as date), week_on) // 7 as week,
    sold_quantity::double as sold,
    lost_quantity::double as lost
from warehouse.intermediate.int_product_weeks
inner join shelves using (product_id, store_id)
where shelf between $first and $last
"""
SALES = """
select
    shelf - $first as shelf,
    date_diff('day', cast($first_on as date), ordered_on) as day,
    sum(quantity)::double as quantity
from warehouse.intermediate.int_demand_days
inner join shelves using (product_id, store_id)
where shelf between $first and $last and ordered_on >= $from_on and ordered_on < $until_on
group by all
"""
COUNTS = """
select
    shelf - $first as shelf,
    date_diff('day', cast($first_on as date), levels.counted_on) as day,
    max(greatest(levels.on_hand_quantity, 0))::double as quantity
from warehouse.entities.int_stock_levels_validated as levels
inner join shelves
    on shelves.product_id = levels.product_id
    and shelves.store_id = coalesce(levels.store_id, 'none')
where shelf between $first and $last
    and levels.counted_on >= $from_on
    and levels.counted_on < $until_on
    and levels.row_status = 'accepted'
group by all
"""
# Goods that were mislaid are counted as nothing and come back, and nobody ordered them. Deliveries
# are those that are told, from the first day on which the store had any to the last, of shelves
# that have any.
DELIVERIES = """
with told as (
    select product_id, coalesce(store_id, 'none') as store_id, delivered_on, count(*) as lines
    from warehouse.entities.int_supplier_orders_validated
    where row_status = 'accepted' and quantity > 0 and delivered_on < $until_on
    group by all
), days as (
    select store_id, unnest(generate_series(
        greatest(min(delivered_on), cast($from_on as date)), max(delivered_on), interval 1 day
    ))::date as delivered_on
    from told
    group by store_id
)
select
    shelf - $first as shelf,
    date_diff('day', cast($first_on as date), days.delivered_on) as day,
    coalesce(told.lines, 0)::double as quantity
from shelves
semi join told using (product_id, store_id)
inner join days on shelves.store_id = days.store_id
left join told
    on shelves.product_id = told.product_id
    and shelves.store_id = told.store_id
    and days.delivered_on = told.delivered_on
where shelf between $first and $last
"""


@dataclass(frozen=True)
class Shelves:
    """What a rule can know of some shelves, and what it has to serve.

    `sold` and `wanted` are (shelves, weeks) from the first week on; `demand`, what of it was
    `missed`, and `counted` are (shelves, days) from the day `start` on, which counts from the first
    Monday. On a day that was not counted itself (`is_counted`) the last count stands. `delivered`
    is how many deliveries are told, likewise, and not a number where nobody tells of any.
    """

    category: Array
    lead_days: Array
    price: Array
    cost: Array
    sold: Array
    wanted: Array
    start: int
    demand: Array
    missed: Array
    counted: Array
    is_counted: Array
    delivered: Array


@dataclass(frozen=True)
class Course:
    """How the days went, each (shelves, days): stock at their end, what was lost, and orders."""

    stock: Array
    lost: Array
    ordered: Array


@dataclass(frozen=True)
class Policy:
    """The rule of `inventory_health`: `deviations` are by span, and then by size.

    The model of reorder points follows the same rule, and a test holds them together.
    """

    weights: Mapping[str, Mapping[str, float]]
    deviations: Mapping[int, Array]
    rules: Rules
    review_days: int
    order_weeks: int

    def weekly(self, sold: Array, wanted: Array, factor: Array) -> Array:
        """Units a week of each shelf, from what was known of it by then."""
        kind, found = kinds(sold, self.rules), rates(wanted, factor)
        rate = np.zeros(len(sold))
        for each in KINDS:
            rate[kind == each] = weighed(found, self.weights[each])[kind == each]
        sells = (sold[:, -YEAR:] > 0).sum(axis=1) >= self.rules.min_weeks
        age = np.minimum(sold.shape[1] - first_week(wanted), YEAR)
        return np.where(sells, rate, wanted[:, -YEAR:].sum(axis=1) / age)

    def points(self, weekly: Array, expected: Array, days: Array) -> tuple[Array, Array]:
        """Reorder points and targets, of what is expected within so many days."""
        span = np.searchsorted(7 * np.array(SPANS[:-1]), days)
        size = np.searchsorted(SIZES, weekly, side="right")
        table = np.stack([self.deviations[each] for each in SPANS])
        root = np.sqrt(expected)
        point = _units(np.maximum(expected + table[span, size] * root, 0)) * (weekly > 0)
        return point, point + _units(self.order_weeks * weekly)

    def orders(self, there: Array, weekly: Array, expected: Array, days: Array) -> Array:
        """How much to order up to the target, of what is there and on its way."""
        point, target = self.points(weekly, expected, days)
        return np.where((there <= point) & (weekly > 0), np.maximum(np.ceil(target - there), 0), 0)


def _units(quantity: Array) -> Array:
    """Whole units, of which a ten-thousandth makes none."""
    return np.maximum(np.ceil(quantity - 1e-4), 0)


def fit_stocking(connection: duckdb.DuckDBPyConnection, variables: Mapping[str, Any]) -> Fitted:
    """The table `stocking_backtest`: sums by month and category of what was done, and of the rule.

    Raises `TooFew` where too few weeks are over, or nobody counts.
    """
    calendar = read_calendar(connection)
    policy = read_policy(connection, variables, "next_parameters")
    first = first_simulated(calendar, policy.rules, variables)
    if first + WARM_UP >= calendar.weeks or not choose_shelves(connection, calendar, first):
        raise TooFew(
            f"Stocking needs {policy.rules.new_weeks + WARM_UP + 1} weeks that are over, and "
            "shelves that are counted in each: what the rule would have saved can be told later."
        )
    totals: dict[tuple[date, str, int], Array] = {}
    for shelves in read_shelves(connection, calendar, first):
        courses = (done(shelves), followed(shelves, calendar, policy))
        for key, sums in monthly(shelves, calendar, courses):
            totals[key] = totals.get(key, 0) + sums
    rows = [
        (month, category, days, int(count), *(rounded(each) for each in sums))
        for (month, category, days), (count, *sums) in sorted(totals.items())
    ]
    return Fitted([], {"stocking_backtest": Table(BACKTEST, rows)})


def first_simulated(calendar: Calendar, rules: Rules, variables: Mapping[str, Any]) -> int:
    """The week with which the simulation begins, its warm-up counted in: none is too early to
    forecast from."""
    return max(calendar.weeks - variables["stocking_weeks"] - WARM_UP, rules.new_weeks)


def choose_shelves(
    connection: duckdb.DuckDBPyConnection, calendar: Calendar, beginning: int
) -> int:
    """Chooses the shelves that were counted as often as weeks have gone by; how many there are."""
    from_on = calendar.first_on + timedelta(weeks=beginning)
    connection.execute(SHELVES, {"from_on": from_on, "weeks": calendar.weeks - beginning})
    [(count,)] = connection.execute("select count(*) from shelves").fetchall()
    return count


def read_policy(
    connection: duckdb.DuckDBPyConnection,
    variables: Mapping[str, Any],
    parameters: str = BUILT_WITH,
) -> Policy:
    """The rule with the parameters of a table; in that of the warehouse, as the last build ordered.

    Demand is fitted before what it saves is told, which is to be of the rule that is followed next.
    """
    found: dict[int, list[float]] = {}
    for feature, value in connection.execute(
        f"select feature, value from {parameters}"
        " where model = 'demand' and knot is not null order by feature, knot"
    ).fetchall():
        level, span, share = feature.split("/")
        if level == SQUARED_AT and float(share) == variables["service_level"]:
            found.setdefault(int(span), []).append(value)
    weights = present_weights(connection, parameters)
    return Policy(
        {kind: weights[SQUARED_AT, kind] for kind in KINDS},
        {span: np.array(values) for span, values in found.items()},
        Rules.of(variables),
        variables["review_days"],
        variables["order_weeks"],
    )


def read_shelves(
    connection: duckdb.DuckDBPyConnection, calendar: Calendar, beginning: int
) -> Iterator[Shelves]:
    """The shelves that are counted, as many at once as memory should hold."""
    [(total,)] = connection.execute("select count(*) from shelves").fetchall()
    start, days = beginning * 7, (calendar.weeks - beginning) * 7
    step = max(CELLS // days, 1)
    for low in range(0, total, step):
        ends = {"first": low, "last": min(low + step, total) - 1}
        count = ends["last"] - low + 1
        since = ends | {"first_on": calendar.first_on}
        window = since | {
            "from_on": calendar.first_on + timedelta(days=start),
            "until_on": calendar.first_on + timedelta(weeks=calendar.weeks),
        }
        facts = connection.execute(FACTS, ends).fetchnumpy()
        weeks = connection.execute(WEEKS, since).fetchnumpy()
        sold, lost = np.zeros((count, calendar.weeks)), np.zeros((count, calendar.weeks))
        sold[weeks["shelf"], weeks["week"]] = weeks["sold"]
        lost[weeks["shelf"], weeks["week"]] = weeks["lost"]
        sales = np.zeros((count, days))
        counted, delivered = (np.full((count, days), np.nan) for _ in range(2))
        for into, query in ((sales, SALES), (counted, COUNTS), (delivered, DELIVERIES)):
            found = connection.execute(query, window).fetchnumpy()
            into[found["shelf"], found["day"] - start] = found["quantity"]
        is_counted = ~np.isnan(counted)
        counted = _carried(counted)
        missed = _by_day(lost[:, beginning:], (counted <= 0) & (sales <= 0))
        yield Shelves(
            np.asarray(facts["category"]),
            np.asarray(facts["lead_time_days"]).astype(int),
            *(
                np.asarray(facts[name]).astype(float)
                for name in ("unit_amount", "unit_cost_amount")
            ),
            sold,
            sold + lost,
            start,
            sales + missed,
            missed,
            counted,
            is_counted,
            delivered,
        )


def _carried(counted: Array) -> Array:
    """Counts by day: where there is none, the last one, and before the first that."""
    days = np.arange(counted.shape[1])
    known = ~np.isnan(counted)
    first = np.where(known.any(axis=1), known.argmax(axis=1), 0)[:, None]
    latest = np.maximum(np.maximum.accumulate(np.where(known, days, -1), axis=1), first)
    return np.nan_to_num(np.take_along_axis(counted, latest, axis=1))


def _by_day(weekly: Array, is_out: Array) -> Array:
    """What a week lost, in equal parts on the days on which the shelf was empty."""
    days = is_out.reshape(len(is_out), -1, 7)
    each = np.divide(weekly, days.sum(axis=2), out=np.zeros(weekly.shape), where=days.any(axis=2))
    return (days * each[:, :, None]).reshape(is_out.shape)


def done(shelves: Shelves) -> Course:
    """What was counted, and what came: by the deliveries that are told; where none are, stock that
    is more than the last count less the sales since was ordered, by one delivery."""
    sold = np.cumsum(shelves.demand - shelves.missed, axis=1)
    days = np.arange(sold.shape[1])
    latest = np.maximum.accumulate(np.where(shelves.is_counted, days, -1), axis=1)
    last = np.column_stack([np.full(len(latest), -1), latest[:, :-1]])
    left, then = (np.take_along_axis(of, np.maximum(last, 0), 1) for of in (shelves.counted, sold))
    more = np.round(shelves.counted + (sold - then) - left, 6)
    came = shelves.is_counted & (last >= 0) & (more > 0)
    told = np.isfinite(shelves.delivered)
    return Course(shelves.counted, shelves.missed, np.where(told, shelves.delivered, came))


def followed(shelves: Shelves, calendar: Calendar, policy: Policy) -> Course:
    """What the rule would have made of the same days."""
    count, days = shelves.demand.shape
    stock = shelves.counted[:, 0] + shelves.demand[:, 0] - shelves.missed[:, 0]
    due = np.zeros((count, days + int(shelves.lead_days.max(initial=0)) + 2))
    course = Course(*(np.zeros((count, days)) for _ in range(3)))
    protection = shelves.lead_days + policy.review_days
    places = np.arange(count)
    for day in range(days):
        stock = stock + due[:, day]
        sold = np.minimum(stock, shelves.demand[:, day])
        stock = stock - sold
        course.lost[:, day] = shelves.demand[:, day] - sold
        course.stock[:, day] = stock
        if day % policy.review_days == policy.review_days - 1:
            tomorrow = shelves.start + day + 1
            week = tomorrow // 7
            factor = calendar.factors(week, policy.rules)
            weekly = policy.weekly(shelves.sold[:, :week], shelves.wanted[:, :week], factor[:week])
            expected = weekly * lasting(factor, tomorrow, protection)
            there = stock + due[:, day + 1 :].sum(axis=1)
            order = policy.orders(there, weekly, expected, protection)
            course.ordered[:, day] = order > 0
            due[places, day + 1 + shelves.lead_days] += order
    return course


def lasting(factor: Array, tomorrow: int, days: Array) -> Array:
    """How many ordinary weeks' demand the days from tomorrow on are, so many of them.

    `factor` (weeks) multiplies that of each week; what comes after the last one is ordinary.
    """
    by_day = np.concatenate([np.repeat(factor, 7) / 7, np.full(int(days.max(initial=0)), 1 / 7)])
    until = np.concatenate([[0], np.cumsum(by_day)])
    return until[tomorrow + days] - until[tomorrow]


def monthly(
    shelves: Shelves, calendar: Calendar, courses: tuple[Course, Course]
) -> Iterator[tuple[tuple[date, str, int], Array]]:
    """Sums by month and category, after the warm-up, in the order of BACKTEST."""
    first = np.datetime64(calendar.first_on + timedelta(days=shelves.start), "D")
    months = (first + np.arange(shelves.demand.shape[1])).astype("datetime64[M]")
    months[: WARM_UP * 7] = np.datetime64("NaT")
    margin = shelves.price - shelves.cost
    for month in np.unique(months[WARM_UP * 7 :]):
        days = months == month
        for category in np.unique(shelves.category):
            chosen = shelves.category == category
            sums = [shelves.price[chosen] @ shelves.demand[chosen][:, days].sum(axis=1)]
            for course in courses:
                stock, lost, ordered = (
                    each[chosen][:, days].sum(axis=1)
                    for each in (course.stock, course.lost, course.ordered)
                )
                sums += [
                    shelves.cost[chosen] @ stock / days.sum(),
                    shelves.price[chosen] @ lost,
                    margin[chosen] @ lost,
                    ordered.sum(),
                ]
            key = (month.astype("datetime64[D]").item(), str(category), int(days.sum()))
            yield key, np.array([chosen.sum(), *sums])
