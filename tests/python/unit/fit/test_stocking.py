"""The simulated shelf: an hour's work by hand for a few days, and the rule as SQL has it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import duckdb
import numpy as np
import pytest
from conftest import Compile
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.fit import stocking
from orchestration.fit.rates import KINDS, Rules
from orchestration.fit.series import HORIZONS, Calendar
from orchestration.fit.stocking import (
    WARM_UP,
    Policy,
    Shelves,
    done,
    first_simulated,
    followed,
    lasting,
    monthly,
    read_policy,
)
from orchestration.fit.trials import SIZES, SPANS

WEEKS = 20
RULES = Rules(min_weeks=2, new_weeks=3, interval=1.32, prior_days=4)
POLICY = Policy(
    {kind: {"decay_0": 1.0} for kind in KINDS},
    {span: np.zeros(len(SIZES) + 1) for span in SPANS},
    RULES,
    review_days=7,
    order_weeks=2,
)
CALENDAR = Calendar(
    date(2026, 1, 5),
    WEEKS,
    np.arange((WEEKS + 8) * 7) % 7,
    np.full((WEEKS + 8) * 7, -1),
    np.ones((WEEKS + 8) * 7),
)


def shelves(
    demand: list[float],
    counted: list[float],
    start_week: int,
    lead_days: int = 3,
    missed: list[float] | None = None,
    is_counted: list[bool] | None = None,
    delivered: list[float] | None = None,
) -> Shelves:
    """One shelf that sells the same each day, a unit of which costs 3 and sells for 5."""
    wanted = np.full((1, WEEKS), 7 * demand[0])
    return Shelves(
        np.array(["x"]),
        np.array([lead_days]),
        np.array([5.0]),
        np.array([3.0]),
        wanted,
        wanted,
        start_week * 7,
        np.array([demand], dtype=float),
        np.array([missed or [0] * len(demand)], dtype=float),
        np.array([counted], dtype=float),
        np.array([is_counted or [True] * len(counted)]),
        np.array([delivered or [np.nan] * len(counted)]),
    )


def test_what_was_done_is_what_was_counted() -> None:
    """Two a day are sold; of the last one is left for two, and on the next day twelve come."""
    course = done(shelves([2, 2, 2, 2, 2], [5, 3, 1, 0, 10], 10, missed=[0, 0, 0, 1, 0]))
    assert course.stock.tolist() == [[5, 3, 1, 0, 10]]
    assert course.lost.tolist() == [[0, 0, 0, 1, 0]]
    assert course.ordered.tolist() == [[0, 0, 0, 0, 1]]


def test_between_two_counts_there_is_a_delivery_where_more_is_left_than_sales_leave() -> None:
    """Counted on Sundays, with six left: of the fourteen sold in a week all came again, once."""
    sundays = [day % 7 == 6 for day in range(28)]
    course = done(shelves([2] * 28, [6] * 28, start_week=10, is_counted=sundays))
    assert course.ordered[0].nonzero()[0].tolist() == [13, 20, 27]


def test_what_was_mislaid_and_found_again_was_not_ordered() -> None:
    """Nobody found six of them for two days. One came on the last day but one, by two lines. On the
    last day nobody tells any more, and what is more than was left was ordered."""
    told = [0, 0, 0, 0, 2, np.nan]
    course = done(shelves([0] * 6, [6, 0, 0, 6, 7, 9], start_week=10, delivered=told))
    assert course.ordered[0].tolist() == [0, 0, 0, 0, 2, 1]


def test_deliveries_are_told_from_the_first_to_the_last_of_the_store() -> None:
    """Of a in s two lines came on one day, and of d the last in s two days later; in between none
    did. In no store b came alone, and before it nobody tells of any there. Refused rows, what has
    not come, and shelves of which nothing is told don't count."""
    connection = duckdb.connect()
    connection.execute("""
        attach ':memory:' as warehouse;
        create schema warehouse.entities;
        create table warehouse.entities.int_supplier_orders_validated as
        from (values
            ('a', 's', date '2026-03-03', 5, 'accepted'),
            ('a', 's', date '2026-03-03', 1, 'accepted'),
            ('a', 's', null, 9, 'accepted'),
            ('a', 's', date '2026-03-07', 9, 'quarantined'),
            ('a', 's', date '2026-03-09', 9, 'accepted'),
            ('b', null, date '2026-03-05', 2, 'accepted'),
            ('d', 's', date '2026-03-05', 1, 'accepted')
        ) as orders (product_id, store_id, delivered_on, quantity, row_status);
        create temp table shelves as
        from (values (0, 'a', 's'), (1, 'b', 'none'), (2, 'c', 's'))
        as shelves (shelf, product_id, store_id)
    """)
    window = {"from_on": date(2026, 3, 2), "until_on": date(2026, 3, 9)}
    ends = {"first": 0, "last": 2, "first_on": date(2026, 3, 2)}
    found = connection.execute(stocking.DELIVERIES, window | ends).fetchall()
    assert sorted(found) == [(0, 1, 2), (0, 2, 0), (0, 3, 0), (1, 3, 1)]


def test_what_came_and_was_sold_on_one_day_was_ordered_and_not_missed() -> None:
    """Of two pieces and ten that come twelve are sold; the day after nothing is asked for."""
    course = done(shelves([0, 12, 0], [2, 0, 0], start_week=10))
    assert course.lost.tolist() == [[0, 0, 0]]
    assert course.ordered.tolist() == [[0, 1, 0]]


def test_the_rule_orders_at_its_look_what_comes_after_the_lead_time() -> None:
    """Seven a week: in ten days ten are sold, and two weeks on top make 24. On Sunday six are left:
    eighteen are ordered, and come on Thursday morning; a week later ten are left, and none is
    needed until then."""
    course = followed(shelves([1] * 28, [12] * 28, start_week=10), CALENDAR, POLICY)
    assert course.ordered[0].nonzero()[0].tolist() == [6, 20]
    assert course.stock[0, :12].tolist() == [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 20, 19]
    assert course.lost.sum() == 0


def test_the_rule_begins_with_what_was_there() -> None:
    """Of three that are asked for on the first day one was there, and was sold."""
    course = followed(shelves([3, 0], [0, 0], start_week=10, missed=[2, 0]), CALENDAR, POLICY)
    assert course.lost.tolist() == [[2, 0]]
    assert course.stock.tolist() == [[0, 0]]


def test_what_nobody_wants_is_not_ordered() -> None:
    course = followed(shelves([0] * 14, [0] * 14, start_week=10), CALENDAR, POLICY)
    assert course.ordered.sum() == 0
    assert course.stock.sum() == 0


def test_months_count_after_the_warm_up() -> None:
    days = (WEEKS - 10) * 7
    each = shelves([1] * days, [12] * days, start_week=10)
    sums = dict(monthly(each, CALENDAR, (done(each), followed(each, CALENDAR, POLICY))))
    assert list(sums) == [(date(2026, 5, 1), "x", 14)]
    [(shelf_count, demand, stock, lost, margin, orders, *_)] = sums.values()
    assert days == WARM_UP * 7 + 14
    assert (shelf_count, demand, stock) == (1, 70, 36)
    assert (lost, margin) == (0, 0)
    assert orders == pytest.approx(14), "counts that stay while a unit is sold are deliveries"


def test_the_simulation_begins_with_its_warm_up_and_never_before_it_can_forecast() -> None:
    variables = {"stocking_weeks": 7}
    assert first_simulated(CALENDAR, RULES, variables) == WEEKS - 7 - WARM_UP
    assert first_simulated(CALENDAR, RULES, {"stocking_weeks": 52}) == RULES.new_weeks


# Shelves: quarters of a unit a week, whether they have a forecast of their own, days until an order
# comes, what is there, and what is on its way.
SHELVES = st.lists(
    st.tuples(
        *(st.integers(0, 600), st.booleans(), st.integers(0, 63)),
        *(st.integers(0, 200), st.integers(0, 9)),
    ),
    min_size=1,
    max_size=8,
)
FACTORS = st.lists(st.sampled_from([0.5, 1.0, 2.5]), min_size=HORIZONS, max_size=HORIZONS)
KNOTS = len(SIZES) + 1
DEVIATIONS = st.lists(
    st.sampled_from([-2.0, 0.0, 1.5, 12.0]),
    min_size=KNOTS * len(SPANS),
    max_size=KNOTS * len(SPANS),
)
MONDAY = date(2026, 6, 1)
VARIABLES = {
    "service_level": 0.95,
    "review_days": 7,
    "order_weeks": 2,
    "demand_min_weeks": RULES.min_weeks,
    "demand_new_weeks": RULES.new_weeks,
    "demand_intermittent_interval": RULES.interval,
    "festival_prior_days": RULES.prior_days,
}


@pytest.fixture(scope="module")
def warehouse(compiled: Compile) -> tuple[duckdb.DuckDBPyConnection, Mapping[str, str]]:
    """What SQL says of rows that a test puts there; nothing is on offer."""
    queries = compiled(["int_demand_deviations", "int_reorder_points"], VARIABLES)
    connection = duckdb.connect()
    connection.execute("""
        attach ':memory:' as warehouse;
        use warehouse;
        set threads = 1;
        create schema intermediate;
        create table intermediate.int_offer_weeks (
            product_id text, week_on date, offer_factor double
        );
    """)
    return connection, queries


def put_parameters(connection: duckdb.DuckDBPyConnection, deviations: list[float]) -> None:
    """Deviations by span and size, among those of another level and of another share."""
    connection.execute("""
        create or replace table intermediate.int_current_parameters (
            model text, parameter text, feature text, knot double, value double
        )
    """)
    rows: list[tuple[Any, ...]] = [
        ("demand", f"product_store/{kind}/mean_4", f"product_store/{kind}", None, 1.0)
        for kind in KINDS
    ]
    left = iter(deviations)
    for span in SPANS:
        for knot in (0.0, *SIZES.tolist()):
            of_others = (f"product/{span}/0.95", 99.0), (f"product_store/{span}/0.98", 99.0)
            for feature, value in (*of_others, (f"product_store/{span}/0.95", next(left))):
                rows.append(("demand", f"{feature}/{knot:g}", feature, knot, value))
    connection.executemany(
        "insert into intermediate.int_current_parameters values (?, ?, ?, ?, ?)", rows
    )


@settings(max_examples=25, deadline=None)
@given(of_shelves=SHELVES, factors=FACTORS, deviations=DEVIATIONS, weekday=st.integers(0, 6))
def test_reorder_points_and_orders_are_the_same_in_sql(
    warehouse,
    of_shelves: list[tuple[int, bool, int, int, int]],
    factors: list[float],
    deviations: list[float],
    weekday: int,
) -> None:
    connection, queries = warehouse
    put_parameters(connection, deviations)
    connection.execute(
        "create or replace table intermediate.int_demand_deviations as "
        + queries["int_demand_deviations"]
    )
    as_of = MONDAY + timedelta(days=weekday)
    connection.execute(
        "create or replace table intermediate.int_as_of_dates as"
        " select cast(? as date) as as_of_date, true as is_latest",
        [as_of],
    )
    weeks = [MONDAY + timedelta(weeks=n) for n in range(HORIZONS)]
    connection.execute(
        "create or replace table intermediate.int_week_factors as select unnest($1) as week_on,"
        " unnest($2) as week_factor, true as is_ahead",
        [weeks, factors],
    )
    quarters, has_series, lead_days, on_hand, on_order = map(list, zip(*of_shelves, strict=True))
    weekly = [each / 4 for each in quarters]
    connection.execute(
        "create or replace temp table given as select unnest($1) as number, unnest($2) as weekly,"
        " unnest($3) as has_series, unnest($4) as lead_time_days, unnest($5) as on_hand,"
        " unnest($6) as on_order",
        [list(range(len(weekly))), weekly, has_series, lead_days, on_hand, on_order],
    )
    connection.execute(
        "create or replace table intermediate.int_stock_positions as"
        " select number::text as product_id, 's' as store_id, 'c' as category,"
        " cast(? as date) as as_of_date, on_hand::decimal(18, 3) as on_hand_quantity,"
        " on_order::decimal(18, 3) as on_order_quantity,"
        " case when has_series then 1000 else weekly end::double as yearly_quantity,"
        " lead_time_days::bigint as lead_time_days from given",
        [as_of],
    )
    connection.execute(
        "create or replace table intermediate.int_demand_series as"
        " select 'product_store' as demand_level, 'c' as category, number::text as product_id,"
        " 's' as store_id, weekly::double as weekly_quantity from given where has_series"
    )
    found = connection.execute(
        "select reorder_point, target_quantity, reorder_quantity"
        f" from ({queries['int_reorder_points']}) order by product_id::int"
    ).fetchnumpy()

    policy = read_policy(connection, VARIABLES)
    days = np.array(lead_days) + policy.review_days
    rate, there = np.array(weekly), np.array(on_hand, dtype=float) + on_order
    expected = rate * lasting(np.array(factors), weekday, days)
    point, target = policy.points(rate, expected, days)
    assert found["reorder_point"].tolist() == point.tolist()
    assert found["target_quantity"].tolist() == target.tolist()
    orders = policy.orders(there, rate, expected, days)
    assert found["reorder_quantity"].tolist() == orders.tolist()
