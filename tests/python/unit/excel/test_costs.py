"""What customers cost is of the months whose spend is known, as on the page of a Monday."""

from __future__ import annotations

import duckdb
import pytest

from orchestration.duck import rows
from orchestration.excel.grid import Cell, grid
from orchestration.excel.sheets import sheets

# Search told its spend in May alone, in which it won two; in June it won eight more. The store
# told none, and of June wechat tells that it spent 30 and won nobody.
MARTS = """
    create schema marts;
    create table marts.channel_performance as select *, 4 as first_purchase_amount, true as is_complete from (values
        (date '2026-05-01', 'search', 50, 2, 60, 40, 90, 30),
        (date '2026-06-01', 'search', null, 8, 300, 100, 400, 200),
        (date '2026-06-01', 'store', null, 5, 70, 20, null, null),
        (date '2026-06-01', 'wechat', 30, 0, null, null, 0, 0)
    ) as told (
        performance_month, channel, spend_amount, acquired_count, revenue_amount, predicted_amount,
        attributed_last_amount, attributed_markov_amount
    )
"""  # noqa: E501


# In April nobody has told of any spend yet.
MONTHS = """
    create table marts.kpi_monthly as
    select *, 'all' as channel, 'all' as region, 'all' as customer_type, true as is_complete,
        null::double as last_year_value
    from (values
        (date '2026-04-01', 'new_customers', 40, null),
        (date '2026-05-01', 'new_customers', 5, null),
        (date '2026-05-01', 'marketing_spend', 100, null),
        (date '2026-05-01', 'acquisition_cost', 100, 5)
    ) as told (calendar_month, kpi, numerator, denominator)
"""


def cells(sheet_name: str, table_name: str) -> list[dict[str, Cell]]:
    """The lines of a table of the workbook, each by its columns."""
    [table] = [
        table
        for sheet in sheets()
        for table in sheet.tables
        if (sheet.name, table.name) == (sheet_name, table_name)
    ]
    with duckdb.connect() as connection:
        connection.execute(MARTS)
        connection.execute(MONTHS)
        answer = rows(connection, table.query)
    words = {"total": "Total", "part": "{part}: sum"}
    lines = grid(table, answer, "en", 1, 0, words)
    return [dict(zip(table.columns, line.cells, strict=True)) for line in lines]


@pytest.fixture(scope="module")
def told() -> dict[str, dict[str, Cell]]:
    return {str(row["channel"].value): row for row in cells("channels", "costs")}


def test_months_whose_spend_nobody_told_are_in_no_rate(told: dict[str, dict[str, Cell]]) -> None:
    search = {column: cell.value for column, cell in told["Search"].items()}
    assert search["acquired"] == 10 and search["cost_each"] == 50 / 2
    assert search["value_each"] == 500 / 10 and search["value_to_cost"] == 100 / 50
    assert search["return_last"] == 90 / 50 and search["return_markov"] == 30 / 50


def test_a_rate_is_a_formula_over_what_stands_beside_it(told: dict[str, dict[str, Cell]]) -> None:
    columns = list(told["Search"])
    spend, won = (chr(ord("A") + columns.index(name)) for name in ("spend_amount", "paid_acquired"))
    assert told["Search"]["cost_each"].formula == f"={spend}1/{won}1"


def test_a_channel_without_a_known_spend_has_no_rate_of_it(
    told: dict[str, dict[str, Cell]],
) -> None:
    rates = ("cost_each", "value_to_cost", "return_last", "return_markov")
    assert [told["In store"][rate].value for rate in rates] == [None] * 4
    assert told["In store"]["value_each"].value == 90 / 5


def test_the_sum_is_of_what_was_paid_for_won_or_not(told: dict[str, dict[str, Cell]]) -> None:
    total = {column: cell.value for column, cell in told["Total"].items()}
    assert total["acquired"] == 15 and total["cost_each"] == 80 / 2
    assert total["value_to_cost"] == 100 / 80 and total["return_last"] == 90 / 80


def test_a_year_sets_its_spend_against_the_customers_since_then() -> None:
    april, may, year, total = (
        {column: cell.value for column, cell in row.items()} for row in cells("overview", "months")
    )
    assert april["acquisition_cost"] is None and may["acquisition_cost"] == 100 / 5
    assert year["new_customers"] == 45
    assert year["acquisition_cost"] == total["acquisition_cost"] == 100 / 5
