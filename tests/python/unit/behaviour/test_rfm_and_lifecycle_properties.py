"""What holds of RFM and the lifecycle whatever customers buy: the models over random purchases.

States and stages are told a second time in Python, and falls by the tests of scipy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from itertools import groupby, pairwise
from statistics import median

import duckdb
import numpy as np
import pytest
from conftest import ROOT, Compile
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, ttest_ind

RULES = ["int_lifecycle_rules", "int_trend_limits"]
HISTORY = [
    *("int_transaction_days", "int_purchase_paces"),
    *("int_customer_rhythm", "int_customer_activity"),
]
TRENDS = [*HISTORY, "int_customer_trends"]
MODELS = [
    *TRENDS,
    *("int_lifecycle_states", "customer_lifecycle", "lifecycle_transitions", "customer_flows"),
    *("int_rfm_scores", "int_rfm_cuts", "customer_rfm", "rfm_segment_transitions"),
]
VARIANTS = [
    {"rfm_cut": "mean"},
    {"rfm_cut": "median", "rfm_scores": 4, "rfm_frequency": "days", "rfm_monetary": "average"},
]
FIRST_DAY = date(2026, 1, 1)
AS_OF_DATES = [date(2026, month, 1) for month in range(2, 7)]

# A calibrated threshold so short that many are lost and come back; the rest is what the seed says.
THRESHOLD = 35
DORMANT_FLOOR, DORMANT_RATIO, LOST_RATIO, RHYTHM, NEW, REACTIVATED, MATURE = 30, 2, 4, 3, 30, 30, 6
CHANCE = 0.05 / 2

# Few customers, days and amounts, so that equal values are frequent. The amounts are cents; what is
# below zero was given back, and is no purchase.
Purchase = tuple[str, int, int]
PURCHASES = st.lists(
    st.tuples(
        st.sampled_from("abcdefg"),
        st.integers(0, 150),
        st.sampled_from([1, 10, 333, 1000, 1001, 99999, -10]),
    ),
    max_size=25,
)
# A compile serves all examples of a variant.
examples = settings(max_examples=15, deadline=None)

Build = Callable[..., duckdb.DuckDBPyConnection]


@pytest.fixture(scope="module", params=VARIANTS, ids=str)
def build(request: pytest.FixtureRequest, compiled: Compile) -> Build:
    """Builds the models, compiled with a choice of variables, over purchases."""
    queries = compiled([*RULES, *MODELS], request.param)
    connection = duckdb.connect()
    connection.execute("set threads = 1; attach ':memory:' as warehouse; use warehouse")
    for schema in ("intermediate", "marts", "reference"):
        connection.execute(f"create schema {schema}")
    for seed in ("lifecycle_rules", "lifecycle_labels", "rfm_segments"):
        path = ROOT / "seeds" / f"{seed}.csv"
        connection.execute(
            f"create table reference.{seed} as from read_csv('{path}', all_varchar = true)"
        )
    connection.execute(f"""
        alter table reference.lifecycle_rules alter value type double;
        create table intermediate.int_loss_threshold as select {THRESHOLD} as threshold_days;
    """)

    def make(models: list[str]) -> None:
        for model in models:
            schema = "intermediate" if model.startswith("int_") else "marts"
            connection.execute(f"create or replace table {schema}.{model} as {queries[model]}")

    def built(purchases: list[Purchase], models: list[str] = MODELS) -> duckdb.DuckDBPyConnection:
        deliver(connection, purchases)
        make(models)
        return connection

    make(RULES)
    return built


def deliver(connection: duckdb.DuckDBPyConnection, purchases: list[Purchase]) -> None:
    """Puts the purchases where the models look for them; `known` never bought."""
    connection.execute("""
        create or replace table intermediate.int_as_of_dates (as_of_date date, is_latest boolean);
    """)
    who, ages, cents = zip(*purchases, strict=True) if purchases else ((), (), ())
    connection.execute(
        """
        create or replace table purchases as
        select
            unnest(range(len($who::text[]))) as order_id, unnest($who::text[]) as customer_id,
            unnest($ages::int[]) as age, unnest($cents::int[]) as cents
        """,
        {"who": list(who), "ages": list(ages), "cents": list(cents)},
    )
    for day in AS_OF_DATES:
        latest = day == AS_OF_DATES[-1]
        connection.execute("insert into intermediate.int_as_of_dates values (?, ?)", [day, latest])
    connection.execute(f"""
        create or replace table intermediate.int_transactions as
        select
            order_id, customer_id, date '{FIRST_DAY}' + age as transacted_on,
            date '{FIRST_DAY}' + age as effective_from, cast(null as date) as effective_to,
            cast(cents / 100 as decimal(18, 2)) as net_amount, cents > 0 as is_purchase
        from purchases;

        create or replace table intermediate.int_customer_known_since as
        select customer_id, date '{FIRST_DAY}' + min(age) as known_since from purchases group by 1
        union all
        select 'known', date '{FIRST_DAY}';
    """)


@examples
@given(purchases=PURCHASES)
def test_better_values_never_score_lower_and_equal_ones_alike(
    build: Build, purchases: list[Purchase]
) -> None:
    rows = (
        build(purchases)
        .execute("""
            select
                as_of_date,
                (-recency_days, r_score, segment_code[1]),
                (frequency, f_score, segment_code[2]),
                (monetary_amount, m_score, segment_code[3])
            from marts.customer_rfm order by as_of_date
        """)
        .fetchall()
    )
    for _, of_the_day in groupby(rows, lambda row: row[0]):
        for measure in list(zip(*of_the_day, strict=True))[1:]:
            for (value, score, bit), (better, its_score, its_bit) in pairwise(sorted(measure)):
                assert score <= its_score and bit <= its_bit
                assert better > value or (score, bit) == (its_score, its_bit)


@examples
@given(purchases=PURCHASES)
def test_stages_and_states_partition_the_customers(build: Build, purchases: list[Purchase]) -> None:
    connection = build(purchases)
    customers = {(who, FIRST_DAY + timedelta(age)) for who, age, _ in purchases}
    customers.add(("known", FIRST_DAY))
    expected = {(who, day) for who, since in customers for day in AS_OF_DATES if since < day}
    rows = connection.execute(
        "select customer_id, as_of_date, stage, state from marts.customer_lifecycle"
    ).fetchall()
    assert len(rows) == len(expected)
    assert {row[:2] for row in rows} == expected
    assert {row[2] for row in rows} <= {"acquisition", "growth", "maturity", "decline"}
    states = {"prospect", "new", "active", "dormant", "lost", "reactivated"}
    assert {row[3] for row in rows} <= states


def gaps_between(days: list[int]) -> list[int]:
    return [later - earlier for earlier, later in pairwise(days)]


def lost_after(gaps: list[int]) -> float:
    return max(THRESHOLD, LOST_RATIO * median(gaps)) if len(gaps) >= RHYTHM else THRESHOLD


def standing(days: list[int], today: int, usual: float, is_falling: bool) -> tuple[str, str]:
    """The stage and state of who bought on these days, where the median customer waits `usual`."""
    if not days:
        return "acquisition", "prospect"
    gaps, silent = gaps_between(days), today - days[-1]
    pace = median(gaps) if len(gaps) >= RHYTHM else usual
    returns = [
        number
        for number, gap in enumerate(gaps)
        if gap > THRESHOLD and today - days[number + 1] <= REACTIVATED
    ]
    if silent > lost_after(gaps):
        state = "lost"
    elif returns and gaps[returns[-1]] > lost_after(gaps[: returns[-1]]):
        state = "reactivated"
    elif silent > min(lost_after(gaps), max(DORMANT_FLOOR, DORMANT_RATIO * pace)):
        state = "dormant"
    else:
        state = "new" if len(days) == 1 and silent <= NEW else "active"
    if state in ("lost", "dormant") or is_falling:
        return "decline", state
    stage = "acquisition" if len(days) == 1 else "maturity" if len(days) >= MATURE else "growth"
    return stage, state


@examples
@given(purchases=PURCHASES)
def test_stages_and_states_are_those_of_their_rules(
    build: Build, purchases: list[Purchase]
) -> None:
    rows = (
        build(purchases)
        .execute("""
            select customer_id, as_of_date, stage, state, is_frequency_falling or is_amount_falling
            from marts.customer_lifecycle
        """)
        .fetchall()
    )
    for day in AS_OF_DATES:
        today = (day - FIRST_DAY).days
        bought: dict[str, list[int]] = {}
        for who, age in sorted({(who, age) for who, age, cents in purchases if cents > 0}):
            if age < today:
                bought.setdefault(who, []).append(age)
        medians = [median(gaps) for days in bought.values() if (gaps := gaps_between(days))]
        usual = median(medians) if medians else 30
        for who, on, *told, is_falling in rows:
            if on == day:
                expected = standing(bought.get(who, []), today, usual, is_falling)
                assert tuple(told) == expected, (who, day)


@examples
@given(purchases=PURCHASES)
def test_customers_acquired_reactivated_and_lost_close_against_the_stock(
    build: Build, purchases: list[Purchase]
) -> None:
    """And nobody comes back from a loss but by buying."""
    connection = build(purchases)
    flows = connection.execute("""
        select
            opening_count, acquired_count, reactivated_count, lost_count, undone_count,
            closing_count
        from marts.customer_flows order by as_of_date
    """).fetchall()
    stock = connection.execute("""
        select count(*) filter (where state not in ('prospect', 'lost'))
        from intermediate.int_as_of_dates left join marts.customer_lifecycle using (as_of_date)
        group by as_of_date order by as_of_date
    """).fetchall()
    assert [flow[-1] for flow in flows] == [count for (count,) in stock]
    assert [flow[0] for flow in flows] == [0, *(flow[-1] for flow in flows[:-1])]
    for opening, acquired, reactivated, lost, undone, closing in flows:
        assert closing == opening + acquired + reactivated - lost - undone
    unbought = connection.execute("""
        select count(*)
        from marts.customer_lifecycle as later
        asof join marts.customer_lifecycle as earlier
            on later.customer_id = earlier.customer_id and later.as_of_date > earlier.as_of_date
        where earlier.state = 'lost' and later.state <> 'lost'
            and later.last_purchase_on = earlier.last_purchase_on
    """).fetchone()
    assert unbought == (0,)


def visits(days: float, amounts: float, customers: int, seed: int) -> list[Purchase]:
    """Purchases of customers who come 4 to 30 times a quarter by chance, for lognormal amounts.

    In the last 90 days `days` of the visits and `amounts` of their worth are left.
    """
    random = np.random.default_rng(seed)
    found = []
    for customer in range(customers):
        pace = random.choice([4, 8, 16, 30])
        for share, worth, period in ((1, 1, range(-29, 61)), (days, amounts, range(61, 151))):
            count = min(random.poisson(pace * share), 90)
            for age in random.choice(period, count, replace=False):
                cents = max(int(worth * 100 * random.lognormal(4, 0.7)), 1)
                found.append((f"{customer}", int(age), cents))
    return found


def falls(build: Build, purchases: list[Purchase]) -> list[tuple]:
    return (
        build(purchases, TRENDS)
        .execute("""
            select
                recent_repeat_count, earlier_repeat_count, frequency_trend, amount_trend,
                is_frequency_falling, is_amount_falling, customer_id
            from intermediate.int_customer_trends
            inner join intermediate.int_customer_rhythm using (customer_id, as_of_date)
            where is_latest
        """)
        .fetchall()
    )


def test_steady_customers_seldom_fall_and_those_who_fall_are_found(build: Build) -> None:
    """Of steady buyers no more fall than decline_chance_max says."""

    def share(purchases: list[Purchase], *columns: int) -> float:
        rows = falls(build, purchases)
        return sum(any(row[column] for column in columns) for row in rows) / len(rows)

    customers = 1200
    # Three standard errors of a share of one in twenty.
    error = 3 * (0.05 * 0.95 / customers) ** 0.5
    assert share(visits(1, 1, customers, seed=1), 4, 5) < 0.05 + error
    assert share(visits(0.2, 1, customers, seed=2), 4) > 0.5
    assert share(visits(1, 0.2, customers, seed=3), 5) > 0.7


def test_falls_are_those_that_other_software_finds(build: Build) -> None:
    """By the exact binomial test, and by Student's of logarithms; but for those on the brink."""
    purchases = visits(0.5, 0.5, 400, seed=4)
    spent: dict[str, dict[int, int]] = {}
    for who, age, cents in purchases:
        spent.setdefault(who, {})[age] = cents
    compared: Counter[tuple[str, bool]] = Counter()
    for recent, earlier, frequency, amount, is_seldom, is_little, who in falls(build, purchases):
        if who not in spent:
            continue
        repeats = sorted(spent[who])[1:]
        logs = [
            [np.log(spent[who][day]) for day in repeats if (day > 60) == late] for late in (1, 0)
        ]
        assert [recent, earlier] == [len(part) for part in logs]
        chance = binomtest(recent, recent + earlier, alternative="less").pvalue if repeats else 1
        assert is_seldom == (frequency is not None and frequency < -0.5 and chance <= CHANCE)
        compared["seldom", is_seldom] += 1
        if min(recent, earlier) < 3:
            assert not is_little
            continue
        chance = ttest_ind(*logs, alternative="less").pvalue
        if abs(chance - CHANCE) > 0.002:
            assert is_little == (amount < -0.5 and chance < CHANCE)
            compared["little", is_little] += 1
    assert min(compared.values()) > 20, compared


@examples
@given(purchases=PURCHASES)
def test_transitions_close(build: Build, purchases: list[Purchase]) -> None:
    """Those in a class + those who came − those who left are those in it on the next day."""
    connection = build(purchases)
    for standing, moves in {
        "select as_of_date, segment_code from marts.customer_rfm": """
            select as_of_date, from_segment_code, to_segment_code, customer_count
            from marts.rfm_segment_transitions""",
        "select as_of_date, stage from marts.customer_lifecycle": """
            select as_of_date, from_code, to_code, customer_count
            from marts.lifecycle_transitions where kind = 'stage'""",
        "select as_of_date, state from marts.customer_lifecycle": """
            select as_of_date, from_code, to_code, customer_count
            from marts.lifecycle_transitions where kind = 'state'""",
    }.items():
        standings = Counter(connection.execute(standing).fetchall())
        balance: Counter[str] = Counter()
        made = connection.execute(moves).fetchall()
        for day in AS_OF_DATES:
            for moved_on, source, target, count in made:
                if moved_on == day:
                    balance[source] -= count
                    balance[target] += count
            classes = {name: count for name, count in balance.items() if name and count}
            assert classes == {name: n for (on, name), n in standings.items() if on == day}
