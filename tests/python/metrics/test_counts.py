"""What key figures count, by hand and of random orders: compiled models over rows made here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import duckdb
import pytest
from conftest import Shop
from hypothesis import given, settings
from hypothesis import strategies as st

FIRST_DAY = date(2026, 1, 1)
DAYS = 120
# As the variable churn_recent_days says.
ACTIVE_DAYS = 90

# A buyer or a guest, a day, a way of selling and a region; what is not bought was cancelled.
ORDERS = st.lists(
    st.tuples(
        st.sampled_from(["anna", "ben", None]),
        st.integers(0, DAYS - 1),
        st.sampled_from(["store", "app"]),
        st.sampled_from(["north", "south"]),
        st.booleans(),
    ),
    max_size=20,
)
examples = settings(max_examples=25, deadline=None)


class Models:
    """The models as dbt compiled them for the tiny example, over rows of one's own."""

    def __init__(self, shop: Shop):
        folder = (
            shop.data / "target" / "compiled" / "regulars" / "models" / "intermediate" / "metrics"
        )
        self._compiled = {path.stem: path.read_text() for path in folder.glob("*.sql")}
        self.database = duckdb.connect()
        self.database.execute("attach ':memory:' as warehouse; use warehouse")
        self.database.execute("create schema intermediate")

    def given(self, model: str, rows: str) -> None:
        self.database.execute(f"create or replace table intermediate.{model} as {rows}")

    def make(self, model: str) -> None:
        """The `model` of what is there."""
        self.given(model, self._compiled[model])

    def rows(self, model: str, query: str) -> list[tuple]:
        """The answer to a query of the `model`, after it was made of what is there."""
        self.make(model)
        return self.database.execute(query).fetchall()


@pytest.fixture(scope="module")
def models(tiny: Shop) -> Iterator[Models]:
    made = Models(tiny)
    made.given(
        "int_calendar_days",
        f"select date '{FIRST_DAY}' + range::integer as calendar_day from range({DAYS})",
    )
    yield made
    made.database.close()


def orders(rows: list[tuple]) -> str:
    """Rows of int_kpi_orders: a new customer buys for 10 in cash, less 1, and gives 2 back."""
    values = ", ".join(
        f"({number}, {_text(who)}, '{channel}', '{region}', "
        f"date '{FIRST_DAY + timedelta(days=day)}', {is_purchase})"
        for number, (who, day, channel, region, is_purchase) in enumerate(rows)
    )
    return f"""
        select
            *, if(customer_id is null, 'unknown', 'new') as customer_type,
            ascii(customer_id) as customer_number,
            1::decimal(18, 3) as unit_count, 10::decimal(18, 2) as gross_amount,
            1::decimal(18, 2) as discount_amount, 2::decimal(18, 2) as refunded_amount,
            7::decimal(18, 2) as net_amount, true as is_sold, false as had_bought_before_month
        from (values {values or "(0, '', '', '', date '2026-01-01', true)"})
            as orders (order_id, customer_id, channel, region, ordered_on, is_purchase)
        where {bool(values)}
    """


def _text(value: str | None) -> str:
    return "null::text" if value is None else f"'{value}'"


def events(values: str = "") -> str:
    """Rows of int_kpi_events: what, of whom, where, on which day, and its cost."""
    none = "('', null, null, '', date '2026-01-01', null::decimal(18, 2))"
    return f"""
        select *, null::text as customer_id
        from (values {values or none})
            as events (event, channel, region, customer_type, occurred_on, spend_amount)
        where {bool(values)}
    """


def test_figures_are_counted_by_day_month_and_cell(models: Models) -> None:
    """anna buys in two ways on two days, and cancels once; a guest is nobody to count."""
    models.given(
        "int_kpi_orders",
        orders(
            [
                ("anna", 0, "store", "north", True),
                ("anna", 1, "app", "north", True),
                ("anna", 1, "app", "north", False),
                (None, 1, "store", "south", True),
            ]
        ),
    )
    models.given("int_kpi_events", events())
    counted = models.rows(
        "int_kpi_counts",
        """
        select period, period_on, channel, customer_type, kpi, numerator, denominator
        from intermediate.int_kpi_counts
        where region = 'all' and kpi in ('buyers', 'average_order_value', 'net_revenue')
            and (period = 'month' or (channel = 'all' and customer_type = 'all'))
            and customer_type in ('all', 'new') and (channel <> 'app' or customer_type = 'all')
        """,
    )
    first, second = FIRST_DAY, FIRST_DAY + timedelta(days=1)
    assert set(counted) == {
        ("day", first, "all", "all", "buyers", 1, None),
        ("day", first, "all", "all", "average_order_value", 7, 1),
        ("day", first, "all", "all", "net_revenue", 7, None),
        ("day", second, "all", "all", "buyers", 1, None),
        ("day", second, "all", "all", "average_order_value", 14, 2),
        ("day", second, "all", "all", "net_revenue", 21, None),
        ("month", first, "all", "all", "buyers", 1, None),
        ("month", first, "all", "all", "average_order_value", 21, 3),
        ("month", first, "all", "all", "net_revenue", 28, None),
        ("month", first, "all", "new", "buyers", 1, None),
        ("month", first, "all", "new", "average_order_value", 14, 2),
        ("month", first, "all", "new", "net_revenue", 21, None),
        ("month", first, "store", "all", "buyers", 1, None),
        ("month", first, "store", "all", "average_order_value", 14, 2),
        ("month", first, "store", "all", "net_revenue", 14, None),
        ("month", first, "store", "new", "buyers", 1, None),
        ("month", first, "store", "new", "average_order_value", 7, 1),
        ("month", first, "store", "new", "net_revenue", 7, None),
        ("month", first, "app", "all", "buyers", 1, None),
        ("month", first, "app", "all", "average_order_value", 7, 1),
        ("month", first, "app", "all", "net_revenue", 14, None),
    }


def test_what_was_cancelled_or_brought_back_was_neither_sold_nor_refunded(models: Models) -> None:
    """Of 9 that were sold, 2 came back; left out are a cancelled order, given back or not, and a
    return on a receipt of its own."""
    kept = orders([("anna", 0, "store", "north", True)])
    models.given(
        "int_kpi_orders",
        f"""
        select * from ({kept})
        union all by name
        select
            * replace (
                refunded as refunded_amount, net as net_amount,
                false as is_sold, false as is_purchase
            )
        from ({kept}), (values (0, 0), (9, 0), (0, -5)) as cancelled (refunded, net)
        """,
    )
    models.given("int_kpi_events", events())
    counted = models.rows(
        "int_kpi_counts",
        """
        select distinct kpi, numerator, denominator
        from intermediate.int_kpi_counts
        where kpi in ('orders', 'refund_rate')
        """,
    )
    assert set(counted) == {("orders", 1, None), ("refund_rate", 2, 9)}


def test_what_has_no_way_of_selling_is_in_no_cell(models: Models) -> None:
    models.given("int_kpi_orders", orders([]))
    models.given(
        "int_kpi_events",
        events(
            "('message', null, null, 'new', date '2026-01-05', null), "
            "('message', null, null, 'regular', date '2026-01-05', null), "
            "('buying_visit', null, null, 'regular', date '2026-01-05', null), "
            "('visit', null, null, 'regular', date '2026-01-05', null), "
            "('spend', null, null, 'unknown', date '2026-01-05', 12.5::decimal(18, 2)), "
            "('acquired', 'store', 'north', 'new', date '2026-01-06', null)"
        ),
    )
    counted = models.rows(
        "int_kpi_counts",
        """
        select kpi, channel, region, customer_type, numerator, denominator
        from intermediate.int_kpi_counts
        where period = 'month' and (numerator > 0 or denominator > 0)
        """,
    )
    won = {
        ("new_customers", channel, region, customer_type, 1, None)
        for channel in ("store", "all")
        for region in ("north", "all")
        for customer_type in ("new", "all")
    }
    assert set(counted) == won | {
        ("contacts", "all", "all", "all", 2, None),
        ("contacts", "all", "all", "new", 1, None),
        ("contacts", "all", "all", "regular", 1, None),
        ("visits", "all", "all", "all", 2, None),
        ("visits", "all", "all", "regular", 2, None),
        ("conversion_rate", "all", "all", "all", 1, 2),
        ("conversion_rate", "all", "all", "regular", 1, 2),
        ("marketing_spend", "all", "all", "all", 12.5, None),
        ("acquisition_cost", "all", "all", "all", 12.5, 1),
    }


@examples
@given(ORDERS)
def test_cells_of_what_adds_up_are_the_total(models: Models, bought: list[tuple]) -> None:
    models.given("int_kpi_orders", orders(bought))
    models.given("int_kpi_events", events())
    wrong = models.rows(
        "int_kpi_counts",
        """
        select period_on, kpi
        from intermediate.int_kpi_counts
        where is_additive
        group by period, period_on, kpi
        having sum(numerator) filter (where 'all' not in (channel, region, customer_type))
            is distinct from sum(numerator)
                filter (where channel = 'all' and region = 'all' and customer_type = 'all')
        """,
    )
    assert wrong == []


@examples
@given(ORDERS)
def test_active_is_who_bought_within_the_days(models: Models, bought: list[tuple]) -> None:
    """Told a second time: for each day, whoever bought on it or on the days before it."""
    models.given("int_kpi_orders", orders(bought))
    models.make("int_active_changes")
    counted = models.rows(
        "int_active_customers",
        """
        select calendar_day, channel, customer_count
        from intermediate.int_active_customers
        where region = 'all' and customer_count > 0
        """,
    )
    expected = {}
    for number in range(DAYS):
        for cell in ("store", "app", "all"):
            people = {
                who
                for who, day, channel, _, is_purchase in bought
                if who and is_purchase and cell in (channel, "all")
                if number - ACTIVE_DAYS < day <= number
            }
            if people:
                expected[FIRST_DAY + timedelta(days=number), cell] = len(people)
    assert {(day, cell): count for day, cell, count in counted} == expected
