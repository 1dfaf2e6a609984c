"""What holds of RFM and the lifecycle whatever customers buy: the models over random purchases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from itertools import groupby, pairwise

import duckdb
import pytest
from conftest import ROOT, Shop
from hypothesis import given, settings
from hypothesis import strategies as st

MODELS = [
    *("int_lifecycle_rules", "int_customer_activity", "int_customer_rhythm", "int_customer_trends"),
    *("customer_lifecycle", "lifecycle_transitions", "int_rfm_scores", "int_rfm_cuts"),
    *("customer_rfm", "rfm_segment_transitions"),
]
VARIANTS = [
    "{rfm_cut: mean}",
    "{rfm_cut: median, rfm_scores: 4, rfm_frequency: days, rfm_monetary: average}",
]
FIRST_DAY = date(2026, 1, 1)
AS_OF_DATES = [date(2026, month, 1) for month in range(2, 7)]

# Few customers, days and amounts, so that equal values are frequent. The amounts are cents.
Purchase = tuple[str, int, int]
PURCHASES = st.lists(
    st.tuples(
        st.sampled_from("abcdefg"),
        st.integers(0, 150),
        st.sampled_from([1, 10, 333, 1000, 1001, 99999]),
    ),
    max_size=25,
)
# A compile takes seconds and serves all examples of a variant.
examples = settings(max_examples=15, deadline=None)

Build = Callable[[list[Purchase]], duckdb.DuckDBPyConnection]


@pytest.fixture(scope="module", params=VARIANTS)
def build(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Build:
    """Builds the models, compiled with a choice of variables, over purchases."""
    folder = tmp_path_factory.mktemp("compiled")
    done = Shop(folder).command(
        *("dbt", "compile", "--quiet", "--select", *MODELS, "--vars", request.param),
        *("--target-path", str(folder), "--log-path", str(folder)),
    )
    assert done.returncode == 0, done.stdout
    compiled = {path.stem: path.read_text() for path in folder.glob("compiled/**/*.sql")}

    connection = duckdb.connect()
    connection.execute("set threads = 1; attach ':memory:' as warehouse; use warehouse")
    for schema in ("intermediate", "marts", "reference"):
        connection.execute(f"create schema {schema}")
    for seed in ("lifecycle_rules", "lifecycle_labels", "rfm_segments"):
        path = ROOT / "seeds" / f"{seed}.csv"
        connection.execute(
            f"create table reference.{seed} as from read_csv('{path}', all_varchar = true)"
        )
    connection.execute("alter table reference.lifecycle_rules alter value type double")

    def built(purchases: list[Purchase]) -> duckdb.DuckDBPyConnection:
        deliver(connection, purchases)
        for model in MODELS:
            schema = "intermediate" if model.startswith("int_") else "marts"
            connection.execute(f"create or replace table {schema}.{model} as {compiled[model]}")
        return connection

    return built


def deliver(connection: duckdb.DuckDBPyConnection, purchases: list[Purchase]) -> None:
    """Puts the purchases where the models look for them; `known` never bought."""
    connection.execute("""
        create or replace table purchases (order_id bigint, customer_id text, age int, cents int);
        create or replace table intermediate.int_as_of_dates (as_of_date date, is_latest boolean);
    """)
    for number, purchase in enumerate(purchases):
        connection.execute("insert into purchases values (?, ?, ?, ?)", [number, *purchase])
    for day in AS_OF_DATES:
        latest = day == AS_OF_DATES[-1]
        connection.execute("insert into intermediate.int_as_of_dates values (?, ?)", [day, latest])
    connection.execute(f"""
        create or replace table intermediate.int_transactions_as_of as
        select
            as_of_date, order_id, customer_id, date '{FIRST_DAY}' + age as transacted_on,
            cast(cents / 100 as decimal(18, 2)) as net_amount, true as is_purchase
        from purchases, intermediate.int_as_of_dates
        where date '{FIRST_DAY}' + age < as_of_date;

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
    assert {row[3] for row in rows} <= {"new", "active", "dormant", "lost", "reactivated"}


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
