"""What runs dbt's unit tests finds every difference, and casts as dbt does."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
from rules.given import Rows, difference, keep, query_of

from orchestration.duck import connect

SALES = {"shop": "VARCHAR", "sold_on": "DATE", "amount": "DECIMAL(18,2)", "is_paid": "BOOLEAN"}
TOTALS = "select shop, sum(amount) as amount, count(*) as sales from sales group by shop"
GIVEN = [
    {"shop": "a", "amount": 1.5, "is_paid": True},
    {"amount": "2.25", "SHOP": "a", "sold_on": "2026-01-05"},
    {"shop": "it's", "amount": None},
]


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect() as connection:
        yield connection


def told(connection: duckdb.DuckDBPyConnection, expected: Rows, given: Rows = GIVEN) -> str:
    keep(connection, "sales", query_of(given, SALES))
    return difference(connection, TOTALS, expected)


def test_given_rows_have_every_column_of_their_table_in_its_type(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    keep(connection, "sales", query_of(GIVEN, SALES))
    described = connection.execute("select column_name, column_type from (describe sales)")
    assert dict(described.fetchall()) == SALES
    assert connection.execute("select count(*), count(sold_on) from sales").fetchone() == (3, 1)


def test_no_row_is_a_table_without_rows(connection: duckdb.DuckDBPyConnection) -> None:
    assert told(connection, [], given=[]) == ""
    assert "not expected: {'shop': 'a'" in told(connection, [])


def test_rows_may_come_in_any_order_and_with_fewer_columns(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    assert told(connection, [{"amount": None, "shop": "it's"}, {"amount": 3.75, "shop": "a"}]) == ""


@pytest.mark.parametrize(
    "expected, says",
    [
        ([{"shop": "a", "amount": "3.75"}], "not expected: {'shop': \"it's\""),
        ([{"shop": "a"}, {"shop": "it's"}, {"shop": "b"}], "not there: {'shop': 'b'}"),
        ([{"shop": "a"}, {"shop": "it's"}, {"shop": "a"}], "not there: {'shop': 'a'}"),
        ([{"sales": 2}, {"sales": 2}], "not there: {'sales': 2}\nnot expected: {'sales': 1}"),
        ("select 'a' as shop, 3.75 as amount, 2 as sales", "not expected: {'shop': \"it's\""),
    ],
)
def test_every_difference_is_told(
    connection: duckdb.DuckDBPyConnection, expected: Rows, says: str
) -> None:
    assert says in told(connection, expected)


def test_a_column_that_is_not_there_is_refused(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(ValueError, match="columns that are not there: shops"):
        query_of([{"shops": "a"}], SALES)
    with pytest.raises(KeyError, match="shops"):
        told(connection, [{"shops": "a"}])


def test_an_expected_row_that_names_more_than_the_first_is_refused(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    """Of its other columns nothing would be compared, and the test would pass."""
    with pytest.raises(ValueError, match="other columns than the first"):
        told(connection, [{"shop": "a"}, {"shop": "it's", "sales": 99}])
