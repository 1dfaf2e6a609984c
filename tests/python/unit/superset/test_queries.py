"""A chart that nobody has saved brings the question that its page would ask."""

from __future__ import annotations

import json
from typing import Any

from orchestration.superset.queries import query_context

SALES = {"expressionType": "SQL", "sqlExpression": "sum(net_amount)", "label": "Sales"}
VISITS = {"expressionType": "SQL", "sqlExpression": "count(*)", "label": "Visits"}
PERIOD = {
    "expressionType": "SIMPLE",
    "subject": "day",
    "operator": "TEMPORAL_RANGE",
    "comparator": "No filter",
}
WEST = {"expressionType": "SQL", "sqlExpression": "region = 'west' or is_open"}


def query(**params: Any) -> dict[str, Any]:
    said = {"adhoc_filters": [], "row_limit": 100, **params}
    context = json.loads(query_context(said))
    assert context["form_data"] == said
    [asked] = context["queries"]
    return asked


def steps(asked: dict[str, Any]) -> list[str]:
    return [step["operation"] for step in asked["post_processing"]]


def test_rows_are_chosen_by_plain_filters_and_by_conditions_in_sql():
    asked = query(metric="orders", adhoc_filters=[PERIOD, WEST])
    assert asked["filters"] == [{"col": "day", "op": "TEMPORAL_RANGE", "val": "No filter"}]
    assert asked["extras"] == {"where": "(region = 'west' or is_open)"}


def test_a_number_has_its_metric_alone():
    asked = query(metric="orders")
    assert (asked["columns"], asked["metrics"], steps(asked)) == ([], ["orders"], [])


def test_of_more_rows_than_the_limit_the_greatest_are_left():
    asked = query(groupby=["store"], metrics=[SALES, VISITS])
    assert (asked["row_limit"], asked["orderby"]) == (100, [[SALES, False]])
    assert (asked["columns"], steps(asked)) == (["store"], [])


def test_an_axis_of_time_goes_by_its_grain_with_a_column_for_each_series():
    asked = query(x_axis="day", time_grain_sqla="P1M", groupby=["region"], metrics=[SALES])
    [axis, series] = asked["columns"]
    assert (axis["label"], axis["columnType"], axis["timeGrain"]) == ("day", "BASE_AXIS", "P1M")
    assert series == "region"
    pivot, rename, flatten = asked["post_processing"]
    assert pivot["options"]["index"] == ["day"] and pivot["options"]["columns"] == ["region"]
    assert rename["options"]["columns"] == {"Sales": None}
    assert flatten["operation"] == "flatten"


def test_series_of_several_metrics_keep_the_names_of_these():
    asked = query(x_axis="day", time_grain_sqla=None, groupby=["region"], metrics=[SALES, VISITS])
    assert steps(asked) == ["pivot", "flatten"]


def test_bars_without_series_come_in_the_order_of_their_length():
    sort = {"x_axis_sort": "Sales", "x_axis_sort_asc": True}
    asked = query(x_axis="store", time_grain_sqla=None, groupby=[], metrics=[SALES], **sort)
    assert steps(asked) == ["pivot", "sort", "flatten"]
    assert asked["post_processing"][1]["options"] == {"by": "Sales", "ascending": True}


def test_cells_of_two_axes_stay_rows():
    asked = query(x_axis="month", time_grain_sqla=None, groupby=VISITS, metric=SALES)
    assert [each["label"] for each in asked["columns"]] == ["month", "Visits"]
    assert steps(asked) == []
