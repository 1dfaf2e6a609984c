"""Metrics over cells add up what adds up, and say nothing where that would be wrong."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from orchestration.labels import Text
from orchestration.superset.figures import Comparison, SemanticLayer


def metric(name: str, cells: str | None = "every", type_: str = "simple", **params: Any) -> dict:
    parts = {"measure": None, "numerator": None, "denominator": None}
    meta = {"label_zh": name, "description_zh": name, **({"cells": cells} if cells else {})}
    return {
        "name": name,
        "label": name,
        "description": name,
        "type": type_,
        "type_params": parts | {part: {"name": of} for part, of in params.items()},
        "config": {"meta": meta},
    }


def measure(name: str, agg: str, **more: Any) -> dict:
    return {"name": name, "agg": agg, "expr": None, "non_additive_dimension": None, **more}


MANIFEST = {
    "metrics": {
        each["name"]: each
        for each in (
            metric("orders", measure="order_count"),
            metric("buyers", measure="buyer_count"),
            metric("revenue", cells=None, measure="amount"),
            metric("average", type_="ratio", numerator="revenue", denominator="orders"),
            metric("per_buyer", type_="ratio", numerator="orders", denominator="buyers"),
            metric("active", "all_customers", "cumulative", measure="buyer_count"),
            metric("people", cells=None, measure="customer_count"),
        )
    },
    "semantic_models": {
        "orders": {
            "model": "ref('orders_of_nobody')",
            "measures": [
                measure("order_count", "sum"),
                measure("amount", "sum"),
                measure("buyer_count", "count_distinct"),
            ],
        },
        "segments": {
            "model": "ref('segments')",
            "measures": [
                measure("customer_count", "sum", expr="1", non_additive_dimension={"name": "day"})
            ],
        },
    },
}
# Two months, of two channels and of all; ben buys in both channels in the second.
CELLS = """
    create table cells as select *, 'all' as region, 'all' as customer_type from (values
        (1, 'all', 'orders', 3, null, 3),
        (1, 'app', 'orders', 1, null, 1),
        (1, 'web', 'orders', 2, null, 2),
        (2, 'all', 'orders', 5, null, 5),
        (2, 'app', 'orders', 2, null, 2),
        (2, 'web', 'orders', 3, null, 3),
        (1, 'all', 'buyers', 2, null, 2),
        (1, 'app', 'buyers', 1, null, 1),
        (1, 'web', 'buyers', 1, null, 1),
        (2, 'all', 'buyers', 2, null, 2),
        (2, 'app', 'buyers', 1, null, 1),
        (2, 'web', 'buyers', 2, null, 2),
        (1, 'all', 'average', 30, 3, 10),
        (1, 'app', 'average', 20, 1, 20),
        (1, 'web', 'average', 10, 2, 5),
        (2, 'all', 'average', 90, 5, 18),
        (2, 'app', 'average', 30, 2, 15),
        (2, 'web', 'average', 60, 3, 20),
        (1, 'all', 'per_buyer', 3, 2, 1.5),
        (2, 'all', 'per_buyer', 5, 2, 2.5),
        (1, 'all', 'active', 2, null, 2),
        (2, 'all', 'active', 3, null, 3)
    ) as cells (month, channel, kpi, numerator, denominator, value)
"""


@pytest.fixture(scope="module")
def marts():
    with duckdb.connect() as connection:
        connection.execute(CELLS)
        yield connection


@pytest.fixture(scope="module")
def figures() -> dict[str, str]:
    beside = Comparison("expected", "value * 2", Text(", expected", "（预期）"), ["orders"])
    return {each.name: each.sql for each in SemanticLayer(MANIFEST).of_cells([beside])}


def answers(marts, sql: str, rows: str = "true", by: str = "") -> list[Any]:
    groups = f"group by {by} order by {by}" if by else ""
    query = f"select {sql} from cells where {rows} {groups}"
    return [value for (value,) in marts.execute(query).fetchall()]


@pytest.mark.parametrize(
    ("figure", "rows", "by", "expected"),
    [
        ("orders", "true", "", [8]),
        ("orders", "true", "month", [3, 5]),
        ("orders", "true", "channel", [8, 3, 5]),
        ("orders", "channel <> 'all'", "month", [3, 5]),
        ("orders", "channel in ('web', 'all')", "", [8]),
        ("average", "true", "", [120 / 8]),
        ("average", "channel <> 'all'", "channel", [50 / 3, 70 / 5]),
        ("orders_expected", "true", "", [16]),
    ],
)
def test_what_happens_once_is_added_up_over_the_coarsest_cells(
    marts, figures, figure, rows, by, expected
):
    assert answers(marts, figures[figure], rows, by) == pytest.approx(expected)


@pytest.mark.parametrize("figure", ["buyers", "per_buyer", "active"])
def test_people_are_told_of_one_cell_and_one_time_alone(marts, figures, figure):
    assert answers(marts, figures[figure]) == [None]
    assert None not in answers(marts, figures[figure], by="month")


def test_people_of_two_channels_are_not_added_up(marts, figures):
    assert answers(marts, figures["buyers"], "channel <> 'all' and month = 2") == [None]
    assert answers(marts, figures["buyers"], "month = 2") == [2]


def test_a_metric_whose_cells_nobody_publishes_is_left_out(figures):
    assert "revenue" not in figures and "people" not in figures


def test_what_is_measured_on_a_mart_is_that_of_the_last_day_where_none_is_asked_for():
    [people] = SemanticLayer(MANIFEST).of_mart("segments")
    with duckdb.connect() as connection:
        connection.execute("""
            create table segments as
            select * from (values (1, false), (1, false), (2, true)) as days (day, is_latest)
        """)
        assert connection.execute(f"select {people.sql} from segments").fetchall() == [(1,)]
        first = f"select {people.sql} from segments where day = 1"
        assert connection.execute(first).fetchall() == [(2,)]
