"""What a chart asks of its dataset, as Superset's pages ask it, for whoever asks without a page.

Superset keeps with a chart the last question that a page asked for it, and answers its API,
alerts and reports by that. A chart that nobody has saved yet has none, so the bundle brings it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

Said = str | Mapping[str, Any]


def query_context(params: Mapping[str, Any]) -> str:
    """The question behind the params of a chart, as the JSON that Superset keeps; an import puts
    the dataset's number into it."""
    metrics = params.get("metrics") or [params["metric"]]
    query = {
        **_rows(params),
        "columns": [*_x(params), *_by(params)],
        "metrics": metrics,
        # Of more rows than the limit, the greatest are left.
        "orderby": [[metrics[0], False]],
        "row_limit": params["row_limit"],
        "post_processing": list(_shape(params, [name_of(metric) for metric in metrics])),
    }
    return json.dumps({"queries": [query], "form_data": params}, ensure_ascii=False)


def name_of(said: Said) -> str:
    """What the answer calls a column or metric."""
    return said if isinstance(said, str) else said["label"]


def _rows(params: Mapping[str, Any]) -> Mapping[str, Any]:
    """Which rows count: those of a condition in SQL, and those of plain filters on columns."""
    conditions = params["adhoc_filters"]
    return {
        "filters": [
            {"col": each["subject"], "op": each["operator"], "val": each["comparator"]}
            for each in conditions
            if each["expressionType"] == "SIMPLE"
        ],
        "extras": {
            "where": " AND ".join(
                f"({each['sqlExpression']})"
                for each in conditions
                if each["expressionType"] == "SQL"
            ),
        },
    }


def _x(params: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The axis, by periods where it has a grain."""
    if x := params.get("x_axis"):
        said = {"sqlExpression": x, "label": x} if isinstance(x, str) else x
        grain = params["time_grain_sqla"]
        yield {"expressionType": "SQL", **said, "columnType": "BASE_AXIS", "timeGrain": grain}


def _by(params: Mapping[str, Any]) -> list[Said]:
    by = params.get("groupby", [])
    return by if isinstance(by, list) else [by]


def _shape(params: Mapping[str, Any], metrics: list[str]) -> Iterator[Mapping[str, Any]]:
    """A row for each place on the axis, with a column for each series; cells of two axes and rows
    of a table stay as they are."""
    by = params.get("groupby", [])
    if "x_axis" not in params or not isinstance(by, list):
        return
    yield _step(
        "pivot",
        index=[name_of(params["x_axis"])],
        columns=[name_of(each) for each in by],
        aggregates={metric: {"operator": "mean"} for metric in metrics},
        drop_missing_columns=True,
    )
    if by and len(metrics) == 1:
        # A series is called by what it is of, without the metric that all of them show.
        yield _step("rename", columns={metrics[0]: None}, level=0, inplace=True)
    if not by and "x_axis_sort" in params:
        yield _step("sort", by=params["x_axis_sort"], ascending=params["x_axis_sort_asc"])
    yield _step("flatten")


def _step(operation: str, **options: Any) -> Mapping[str, Any]:
    return {"operation": operation, "options": options}
