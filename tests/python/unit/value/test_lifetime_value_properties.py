"""What holds of lifetime value whatever customers buy and bring back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import duckdb
import pytest
from conftest import ROOT, Compile
from hypothesis import given, settings
from hypothesis import strategies as st

MODELS = [
    *("int_ltv_cutoffs", "int_ltv_statistics", "int_latest_ltv_statistics"),
    *("int_ltv_parameter_sets", "int_ltv_horizons", "int_ltv_probabilities_alive"),
    *("int_ltv_series", "int_ltv_transactions_if_alive"),
    *("int_ltv_discounted_transactions", "int_ltv_expected_transactions", "int_ltv_ranges"),
    "customer_ltv",
]
FIRST_DAY, AS_OF_DATE = date(2026, 1, 1), date(2026, 6, 1)

# Few customers and days, so that several transactions of a day are frequent. The amounts are cents,
# those below zero returns.
Transaction = tuple[str, int, int]
TRANSACTIONS = st.lists(
    st.tuples(
        st.sampled_from("abcdef"),
        st.integers(0, 150),
        st.sampled_from([1, 333, 1000, 1001, 99999, -1, -333, -50000]),
    ),
    max_size=25,
)
examples = settings(max_examples=15, deadline=None)

Build = Callable[[list[Transaction]], duckdb.DuckDBPyConnection]


@pytest.fixture(scope="module")
def build(compiled: Compile) -> Build:
    """Builds the models over transactions, with the parameters that ship."""
    queries = compiled(MODELS, {"ltv_horizon_days": 90})
    connection = duckdb.connect()
    connection.execute("set threads = 1; attach ':memory:' as warehouse; use warehouse")
    for schema in ("intermediate", "marts"):
        connection.execute(f"create schema {schema}")
    connection.execute(f"""
        create table intermediate.int_current_parameters as
        select *, 0::bigint as version
        from read_csv('{ROOT}/seeds/default_parameters.csv',
            types = {{'knot': 'double', 'value': 'double', 'standard_error': 'double'}})
    """)

    def built(transactions: list[Transaction]) -> duckdb.DuckDBPyConnection:
        deliver(connection, transactions)
        for model in MODELS:
            schema = "intermediate" if model.startswith("int_") else "marts"
            connection.execute(f"create or replace table {schema}.{model} as {queries[model]}")
        return connection

    return built


def deliver(connection: duckdb.DuckDBPyConnection, transactions: list[Transaction]) -> None:
    """Puts the transactions where the models look for them."""
    connection.execute("""
        create or replace table delivered (customer_id text, age int, cents bigint)
    """)
    for transaction in transactions:
        connection.execute("insert into delivered values (?, ?, ?)", transaction)
    connection.execute(f"""
        create or replace table intermediate.int_transactions as
        select
            customer_id, date '{FIRST_DAY}' + age as transacted_on, transacted_on as effective_from,
            null::date as effective_to, (cents / 100)::decimal(18, 2) as net_amount,
            cents > 0 as is_purchase
        from delivered;
        create or replace table intermediate.int_latest_transactions as
        select * from intermediate.int_transactions;
        create or replace table intermediate.int_as_of_dates as
        select date '{AS_OF_DATE}' as as_of_date, true as is_latest
    """)


@examples
@given(transactions=TRANSACTIONS)
def test_ten_times_the_money_is_worth_ten_times_as_much(build, transactions):
    question = """
        select customer_id, expected_transactions, ltv_amount::double, ltv_p10_amount::double,
            ltv_p90_amount::double, expected_transaction_amount::double
        from marts.customer_ltv order by customer_id
    """
    one = build(transactions).execute(question).fetchall()
    ten = build([(who, age, 10 * cents) for who, age, cents in transactions])
    for row, tenfold in zip(one, ten.execute(question).fetchall(), strict=True):
        assert tenfold[:2] == row[:2]
        # Each amount is rounded to the cent, half a cent here and ten times that there.
        assert tenfold[2:] == pytest.approx([10 * amount for amount in row[2:]], abs=0.06)


@examples
@given(transactions=TRANSACTIONS)
def test_whoever_has_bought_has_a_value_and_a_range_of_nothing_or_more(build, transactions):
    rows = build(transactions).execute("""
        select customer_id, ltv_amount, ltv_p10_amount, ltv_p90_amount, is_provisional
        from marts.customer_ltv
    """)
    found = {row[0]: row[1:] for row in rows.fetchall()}
    assert found.keys() == {who for who, _, cents in transactions if cents > 0}
    for value, low, high, is_provisional in found.values():
        assert value >= 0 and 0 <= low <= high
        assert is_provisional


@examples
@given(transactions=TRANSACTIONS)
def test_all_money_of_who_has_bought_is_counted_on_every_day(build, transactions):
    """In sum over customers: what lies before the day, and what lies from it to the next."""
    rows = build(transactions).execute("""
        select as_of_date, held_out_until, sum(total_amount), sum(later_amount),
            sum(repeat_days + 1), list(customer_id)
        from intermediate.int_ltv_statistics join intermediate.int_ltv_cutoffs using (as_of_date)
        group by all
    """)
    for day, until, total, later, purchase_days, customers in rows.fetchall():
        cut = (day - FIRST_DAY).days
        until = (until - FIRST_DAY).days if until else cut
        known = [one for one in transactions if one[0] in customers]
        assert 100 * total == sum(cents for _, age, cents in known if age < cut)
        assert 100 * later == sum(cents for _, age, cents in known if cut <= age < until)
        bought = {(who, age) for who, age, cents in known if cents > 0 and age < cut}
        assert purchase_days == len(bought)
