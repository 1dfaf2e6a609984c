"""Demand is forecast alike by SQL and by Python, and tried without knowing what came."""

from __future__ import annotations

from datetime import date, timedelta

import duckdb
import numpy as np
import pytest
from conftest import Compile
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from orchestration.fit.offers import (
    CUT_STEP,
    CUTS,
    OFFER_SLOPE,
    Offers,
    Slopes,
    offer_slope,
    seen_on_offer,
)
from orchestration.fit.rates import (
    KINDS,
    MIXTURE,
    RATES,
    Rules,
    kinds,
    rates,
    top_down,
)
from orchestration.fit.series import (
    HORIZONS,
    LEVELS,
    Chunk,
    offered,
    read_calendar,
    shared,
    tree,
)
from orchestration.fit.trials import (
    LEAST,
    MIN_TRIALS,
    Backtest,
    Trials,
    origins,
    scales,
    told,
    trial_weeks,
    whole,
)

RULES = Rules(min_weeks=2, new_weeks=3, interval=1.32, prior_days=4)
MONDAY, WEEKS = date(2026, 1, 5), 6
ALWAYS_MIXED = {(level, kind): MIXTURE for level in LEVELS for kind in KINDS}

# Sales of a day or a week are whole numbers of which many are nothing; festivals are two.
SALES = st.lists(st.integers(0, 9), min_size=WEEKS * 7, max_size=WEEKS * 7)
EVENTS = st.lists(
    st.sampled_from([-1, -1, -1, 0, 1]), min_size=WEEKS * 7 + 56, max_size=WEEKS * 7 + 56
)
DEMAND = st.lists(
    st.lists(st.integers(0, 5), min_size=WEEKS, max_size=WEEKS).filter(any), min_size=1, max_size=5
)
examples = settings(max_examples=25, deadline=None)


@pytest.fixture(scope="module")
def warehouse(compiled: Compile) -> tuple[duckdb.DuckDBPyConnection, dict[str, str]]:
    """What SQL says of rows that a test puts there."""
    variables = {
        "demand_min_weeks": RULES.min_weeks,
        "demand_new_weeks": RULES.new_weeks,
        "festival_prior_days": RULES.prior_days,
    }
    queries = compiled(["int_week_factors", "int_demand_weeks", "int_demand_rates"], variables)
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as warehouse; use warehouse; set threads = 1")
    connection.execute("create schema intermediate")
    return connection, queries


@examples
@given(sales=SALES, events=EVENTS)
@example(sales=[0] * 40 + [1, 0], events=([-1] * 6 + [0]) * 6 + [-1] * 56)
def test_the_factors_of_weeks_are_the_same_in_sql(
    warehouse, sales: list[int], events: list[int]
) -> None:
    """Also of a shop that is closed on a day of the week, or whose every day, or every Sunday, is a
    festival."""
    connection, queries = warehouse
    connection.execute(
        "create or replace table intermediate.int_trade_days as select"
        " cast($1 as date) + day::int as calendar_day,"
        " cast($1 as date) + (day // 7 * 7)::int as week_on,"
        " day % 7 + 1 as iso_weekday, case when event >= 0 then event::text end as event,"
        " amount is null as is_ahead, amount::decimal(18, 2) as sales_amount"
        " from (select unnest(range(len($2))) as day, unnest($2) as event, unnest($3) as amount)",
        [MONDAY, events, [*sales, *[None] * 56]],
    )
    found = connection.execute(
        f"select week_factor from ({queries['int_week_factors']}) order by week_on"
    ).fetchnumpy()["week_factor"]
    calendar = read_calendar(connection)
    assert (calendar.first_on, calendar.weeks) == (MONDAY, WEEKS)
    assert calendar.weekday.tolist() == [day % 7 for day in range(len(events))]
    np.testing.assert_allclose(found, calendar.factors(WEEKS, RULES), rtol=1e-6)


@examples
@given(demand=DEMAND, factor=st.lists(st.sampled_from([0.5, 1, 2]), min_size=WEEKS, max_size=WEEKS))
def test_rates_and_kinds_are_the_same_in_sql(
    warehouse, demand: list[list[int]], factor: list[float]
) -> None:
    connection, queries = warehouse
    weeks = [MONDAY + timedelta(weeks=n) for n in range(WEEKS)]
    connection.execute(
        "create or replace table intermediate.int_week_factors as select unnest($1) as week_on,"
        " unnest($2) as week_factor, unnest($3) as weeks_away, false as is_ahead",
        [weeks, [float(each) for each in factor], list(range(WEEKS))[::-1]],
    )
    rows = [
        (str(series), weeks[week], quantity)
        for series, row in enumerate(demand)
        for week, quantity in enumerate(row)
        if quantity
    ]
    connection.execute(
        "create or replace table intermediate.int_demand_weeks as select 'product' as demand_level,"
        " 'c' as category, unnest($1) as product_id, '' as store_id, unnest($2) as week_on,"
        " unnest($3)::decimal(18, 3) as sold_quantity, sold_quantity as usual_quantity,"
        " 1::decimal(18, 2) as sales_amount",
        list(map(list, zip(*rows, strict=True))),
    )
    found = connection.execute(
        f"select * from ({queries['int_demand_rates']}) order by product_id"
    ).fetchnumpy()
    quantity = np.array(demand, dtype=float)
    for name, expected in rates(quantity, np.array(factor, dtype=float)).items():
        np.testing.assert_allclose(found[name], expected, rtol=1e-6, atol=1e-9)
    assert list(found["series_kind"]) == list(kinds(quantity, RULES))


@examples
@given(demand=DEMAND, offers=st.sets(st.tuples(st.integers(0, 4), st.integers(0, WEEKS - 1))))
def test_what_is_usual_is_the_same_in_sql(
    warehouse, demand: list[list[int]], offers: set[tuple[int, int]]
) -> None:
    """Each two series are the stores of one product, all of one category."""
    connection, queries = warehouse
    sold = np.array(demand, dtype=float)
    product = np.arange(len(sold)) // 2
    known = sorted(each for each in offers if each[0] <= product.max())
    weeks = [MONDAY + timedelta(weeks=n) for n in range(WEEKS)]
    connection.execute(
        "create or replace table intermediate.int_week_factors as"
        " select unnest($1) as week_on, false as is_ahead",
        [weeks],
    )
    connection.execute(
        "create or replace table intermediate.int_offer_weeks as select place::text as product_id,"
        " cast($1 as date) + 7 * week as week_on, exp(2 * 0.5) as offer_factor"
        " from (select unnest($2::int[]) as place, unnest($3::int[]) as week)",
        [MONDAY, *([each[n] for each in known] for n in (0, 1))],
    )
    connection.execute(
        "create or replace table intermediate.int_product_weeks as"
        " select (place // 2)::text as product_id, place::text as store_id, 'c' as category,"
        " cast($1 as date) + 7 * week as week_on, sold::decimal(18, 3) as sold_quantity,"
        " 0::decimal(18, 3) as lost_quantity, 1::decimal(18, 2) as sales_amount"
        " from (select unnest($2) as place, unnest($3) as week, unnest($4) as sold) where sold > 0",
        [MONDAY, *(each.ravel().tolist() for each in (*np.indices(sold.shape), sold))],
    )
    found = connection.execute(
        "select demand_level, sum(usual_quantity)::double as usual, max(usual_quantity)::double"
        f" from ({queries['int_demand_weeks']}) group by demand_level order by demand_level"
    ).fetchall()
    place, week = np.array(known, dtype=int).reshape(-1, 2).T
    on_offer = Offers(place, week, np.full(len(known), 0.5), week)
    chunk = Chunk(
        np.zeros(len(sold), int),
        product,
        csr_array(sold),
        csr_array(sold),
        sold.sum(axis=1),
        on_offer,
    )
    levels = tree(chunk, WEEKS, RULES, Slopes(2.0))
    expected = [
        (each.name, each.usual.sum(), each.usual.max()) for each in levels if each.usual.size
    ]
    for (name, *sums), (expected_name, *expected_sums) in zip(found, expected, strict=True):
        assert name == expected_name
        np.testing.assert_allclose(sums, expected_sums, rtol=1e-9)


@examples
@given(DEMAND)
def test_what_is_shared_downwards_adds_up(demand: list[list[int]]) -> None:
    quantity = np.array(demand, dtype=float)
    children = quantity.sum(axis=1)
    parent_of = np.arange(len(children)) % 2
    parents = np.array([7.0, 3.0])[: parent_of.max() + 1]
    found = top_down(parents, children, parent_of)
    np.testing.assert_allclose(np.bincount(parent_of, found), parents)


def test_what_sells_too_seldom_is_among_the_others() -> None:
    """Of two products the first sells in two stores, twice and once; the second sold once."""
    sold = np.array([[2, 0, 3, 9], [0, 1, 0, 9], [0, 0, 4, 9]], dtype=float)
    chunk = Chunk(
        np.zeros(3, int), np.array([0, 0, 1]), csr_array(sold), csr_array(sold), sold.sum(axis=1)
    )
    category, product, store = tree(chunk, 3, RULES, Slopes())
    assert category.demand.tolist() == [[2, 1, 7, 27]]
    assert product.demand.tolist() == [[2, 1, 3, 18], [0, 0, 4, 9]]
    assert store.demand.tolist() == [[2, 0, 3, 9], [0, 1, 0, 9]]
    assert (product.parent.tolist(), store.parent.tolist()) == ([0, 0], [0, 0])


def test_levels_add_up_whatever_each_expects_by_itself() -> None:
    sold = np.random.default_rng(3).poisson(1.0, (40, 20)).astype(float)
    chunk = Chunk(
        np.arange(40) // 20, np.arange(40) // 4, csr_array(sold), csr_array(sold), sold.sum(axis=1)
    )
    levels = tree(chunk, 20, RULES, Slopes())
    kind = {each.name: kinds(each.sold, RULES) for each in levels}
    found = {each.name: rates(each.usual, np.ones(20)) for each in levels}
    rate = shared(levels, kind, found, ALWAYS_MIXED)
    for above, below in zip(levels, levels[1:], strict=False):
        together = np.bincount(below.parent, rate[below.name], len(above.demand))
        np.testing.assert_allclose(together, rate[above.name])


def test_an_offer_multiplies_its_product_once_it_is_announced() -> None:
    """Of two products the first is on offer in weeks 2, 11 and 13; the last was told of in week 11.

    Half the price is answered with twice the demand. The third sold once: it is among the others.
    """
    sold = np.tile([[4.0], [12.0], [0.0]], 20)
    sold[0, 2], sold[2, 5] = 8.0, 6.0
    half = np.full(4, np.log(2))
    offers = Offers(np.array([0, 0, 0, 2]), np.array([2, 11, 13, 5]), half, np.array([0, 9, 11, 0]))
    chunk = Chunk(
        np.zeros(3, int), np.arange(3), csr_array(sold), csr_array(sold), np.ones(3), offers
    )
    levels = category, product, store = tree(chunk, 10, RULES, Slopes(1.0))
    assert category.usual[0, [1, 2, 5]] == pytest.approx([16, 16, 22])
    assert product.usual[0] == pytest.approx(np.full(10, 4.0))
    assert product.offer[0] == pytest.approx([1, 2, 1, 1, 1, 1, 1, 1])
    assert (product.offer[1:] == 1).all()
    assert (store.offer[0] == product.offer[0]).all()
    rate = {"category": np.array([16.0]), "product": np.array([4.0, 12.0, 0.0])}
    assert offered(levels, rate)["category"][0] == pytest.approx([1, 1.25, 1, 1, 1, 1, 1, 1])
    assert tree(chunk, 12, RULES, Slopes(1.0))[1].offer[0, 1] == pytest.approx(2)


def test_an_offer_is_set_against_the_weeks_before_it_without_one() -> None:
    """A row sells 3 from its second week on, and 18 on offer, once in a festival of twice that."""
    quantity = np.array([[0, 3, 3, 3, 3, 18, 18, 3]], dtype=float)
    cut = np.array([[0, 0, 0, 0, 0, 0.5, 0.5, 0]])
    factor = np.array([1, 1, 1, 1, 1, 2, 1, 1], dtype=float)
    of_one, of_other = seen_on_offer(
        np.repeat(quantity, 3, axis=0), np.repeat(cut, 3, axis=0), factor, np.array([0, 1, 1])
    )
    assert of_one[:, 50].tolist() == [36, 9]
    assert of_other[:, 50].tolist() == [72, 18]
    assert (of_one.sum(), of_other.sum()) == (45, 90)
    found = seen_on_offer(quantity[:, 1:5], cut[:, 4:8], factor[:4], np.zeros(1, int))
    assert found.sum() == 0, "there are too few weeks before it"
    assert not seen_on_offer(quantity[:0], cut[:0], factor, np.zeros(0, int)).size


def test_the_answer_to_offers_is_what_many_told_and_else_that_of_the_shop() -> None:
    nothing = np.zeros(CUTS)
    assert offer_slope(nothing, nothing, 1.5) == pytest.approx(1.5)
    usual = nothing.copy()
    usual[[10, 30]] = 1e7
    sold = usual * np.exp(-0.5 * CUT_STEP * np.arange(CUTS))
    assert offer_slope(sold, usual, 1.5) == pytest.approx(-0.5, abs=1e-3)
    assert -0.4 < offer_slope(sold / 1e5, usual / 1e5, 1.5) < 1.4, "few are drawn to the shop"
    backtest = Backtest(RULES, ALWAYS_MIXED)
    assert backtest.slopes(20) == Slopes(OFFER_SLOPE)
    backtest.on_offer = {12: {3: np.stack([sold, usual])}, 20: {3: np.stack([usual, usual])}}
    assert backtest.slopes(20).of(np.array([3, 4])) == pytest.approx([-0.5, -0.5], abs=1e-3)
    assert backtest.slopes(21).by_category[3] == pytest.approx(0, abs=1e-3)


def test_trials_end_where_the_data_do_and_begin_when_a_series_is_no_longer_new() -> None:
    assert origins(weeks=52, trials=12, step=4, least=13) == [16, 20, 24, 28, 32, 36, 40, 44]
    assert whole([16, 20, 24, 28], 28) == [16, 20]
    assert origins(weeks=20, trials=12, step=4, least=13) == []


def test_trials_are_made_as_the_project_says_and_told_once_four_others_were_over() -> None:
    variables = {"demand_trials": 12, "demand_trial_step_weeks": 4, "demand_new_weeks": 13}
    starts = trial_weeks(52, variables)
    assert starts == [16, 20, 24, 28, 32, 36, 40, 44]
    assert told(starts) == [36, 40, 44]


def test_a_rate_takes_the_place_of_the_mixture_once_it_was_clearly_better() -> None:
    """Known are four whole trials, in which decay_0 saved a tenth; a tie is no reason."""
    trials = Trials()
    for origin in range(10, 10 + 4 * MIN_TRIALS, 4):
        for rate in (*RATES, "mixture"):
            error = 9.0 if rate == "decay_0" else 10.0
            trials.add_error((origin, "regular", rate), np.full((HORIZONS, 2), error))
            trials.add_error((origin, "new", rate), np.full((HORIZONS, 2), 10.0))
    assert trials.chosen("regular", 10 + 4 * MIN_TRIALS, 0) == MIXTURE
    assert trials.chosen("regular", 30, 0) == {"decay_0": 1.0}
    assert trials.chosen("new", 30, 0) == MIXTURE
    assert trials.chosen("intermittent", 30, 0) == MIXTURE


def test_the_range_is_learnt_from_weeks_that_are_over() -> None:
    trials = Trials()
    trials.deviations += [(10, 1, np.full(400, 1.0), np.zeros(400, int))]
    trials.deviations += [(11, 1, np.full(400, 5.0), np.zeros(400, int))]
    assert trials.quantile([0.9], 1, 0, 10) == 0
    assert trials.quantile([0.9], 1, 0, 11) == 1
    assert trials.quantile([0.9], 1, 0, 12) == 5
    assert trials.quantile([0.1], 1, 3, 11) == 1, "of another size, where there are none of its own"


def test_what_was_off_is_told_of_each_week_and_of_sums_over_weeks() -> None:
    """Four a week are forecast; six come in the first week, and four in each of the others."""
    trials = Trials()
    forecast, came = np.full((1, HORIZONS), 4.0), np.full((1, HORIZONS), 4.0)
    came[0, 0] = 6
    trials.see_deviations(10, forecast, came, np.array([5]))
    found = {(week, span): deviation.item() for week, span, deviation, _ in trials.deviations}
    assert found[10, 1] == pytest.approx(1)
    assert {found[week, 1] for week in range(11, 10 + HORIZONS)} == {0}
    assert [found[10, span] for span in (2, 4, 8)] == pytest.approx(
        [2 / np.sqrt(8), 2 / np.sqrt(16), 2 / np.sqrt(32)]
    )


def test_what_came_later_changes_no_forecast() -> None:
    """The error of a trial may differ; what it forecast, and chose by, may not."""
    random = np.random.default_rng(5)
    past, later = random.poisson(2.0, (30, 30)), random.poisson(9.0, (30, 20))
    seen = []
    for end in (np.zeros_like(later), later):
        sold = np.concatenate([past, end], axis=1).astype(float)
        chunk = Chunk(
            np.arange(30) // 10, np.arange(30) // 2, csr_array(sold), csr_array(sold), np.ones(30)
        )
        backtest = Backtest(RULES, ALWAYS_MIXED)
        for week in (10, 14, 18, 22, 26, 30):
            learnt = backtest.learnt(week)
            backtest.forecast_from(week, chunk, np.ones(week + HORIZONS), learnt)
        seen.append(learnt)
    assert seen[0].weights == seen[1].weights
    for level in LEVELS:
        np.testing.assert_array_equal(seen[0].ends[level], seen[1].ends[level])


def test_what_a_series_moves_by_is_told_since_it_first_sold() -> None:
    """The second began three weeks ago and moves by 2 and 4, the third did last week."""
    past = np.array([[3, 5, 3, 5, 3], [0, 0, 4, 6, 2], [0, 0, 0, 0, 9]], dtype=float)
    assert scales(past) ** 2 == pytest.approx([4, 10, LEAST])


def test_a_few_new_series_decide_no_trial() -> None:
    """At product × store the new ones are three times as wrong, and the others half as wrong."""
    backtest = Backtest(RULES, ALWAYS_MIXED)
    for kind in KINDS:
        for method, old, new in (("forecast", 1.0, 3e6), ("present", 2.0, 1e6)):
            error = new if kind == "new" else old
            for level in LEVELS:
                money = 1.0 if level != "product_store" else 0.0
                for horizon in range(1, HORIZONS + 1):
                    sums = np.array([1, 9, money, 0, error, 0, 0])
                    backtest.scores[20, level, kind, method, horizon] = sums
    assert backtest.error_of("forecast", 20, "product_store") == 2 * HORIZONS
    assert backtest.ratio("forecast", "present", 20) == pytest.approx((1 + 1 + 0.5) / 3)


def test_a_forecast_that_is_right_has_no_error_and_lies_within_its_range() -> None:
    sold = np.full((4, 40), 3.0)
    chunk = Chunk(
        np.zeros(4, int), np.arange(4), csr_array(sold), csr_array(sold), sold.sum(axis=1)
    )
    backtest = Backtest(RULES, ALWAYS_MIXED)
    backtest.forecast_from(20, chunk, np.ones(28), backtest.learnt(20))
    count, actual, absolute, signed, squared, _, whole_covered = backtest.scores[
        20, "product", "regular", "forecast", 1
    ]
    assert (count, actual, whole_covered) == (4, 12, 4)
    assert (absolute, signed, squared) == pytest.approx((0, 0, 0), abs=1e-3)
