"""What a chart of the bundle asks, as SQL that knows nothing of Superset: from the same files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Content = Mapping[str, Any]
GRAINS = {"P1D": "day", "P1W": "week", "P1M": "month"}


def question(chart: Content, dataset: Content) -> str:
    """The rows behind a chart, in any order, without the limit."""
    params = chart["params"]
    groups = [group for _, group in groups_of(params, dataset)]
    answers = [metric_sql(metric, dataset) for metric in metrics_of(params)]
    selected = ", ".join(f"({each})" for each in [*groups, *answers])
    rows = " and ".join(f"({each})" for each in conditions(params, dataset)) or "true"
    group_by = f" group by {', '.join(f'({group})' for group in groups)}" if groups else ""
    return f"select {selected} from {source(dataset)} where {rows}{group_by}"


def names(chart: Content, dataset: Content) -> list[str]:
    """How the answer calls the columns of a question."""
    params = chart["params"]
    return [name for name, _ in groups_of(params, dataset)] + [
        label(metric) for metric in metrics_of(params)
    ]


def source(dataset: Content) -> str:
    if dataset["sql"]:
        return f"({dataset['sql']}) as asked"
    return f"{dataset['schema']}.{dataset['table_name']}"


def groups_of(params: Content, dataset: Content) -> Iterator[tuple[str, str]]:
    grain = params.get("time_grain_sqla")
    if "x_axis" in params:
        x = column_sql(params["x_axis"], dataset)
        yield label(params["x_axis"]), f"date_trunc('{GRAINS[grain]}', {x})" if grain else x
    by = params.get("groupby", [])
    for column in by if isinstance(by, list) else [by]:
        yield label(column), column_sql(column, dataset)


def metrics_of(params: Content) -> list[str | Content]:
    return params.get("metrics") or [params["metric"]]


def label(said: str | Content) -> str:
    return said if isinstance(said, str) else said["label"]


def column_sql(said: str | Content, dataset: Content) -> str:
    """A column of the mart, one that the dataset makes, or an expression of the chart."""
    name = said if isinstance(said, str) else said["sqlExpression"]
    made = {column["column_name"]: column["expression"] for column in dataset["columns"]}
    assert name in made or not isinstance(said, str), f"{dataset['table_name']} has no {name}"
    return made.get(name) or name


def metric_sql(said: str | Content, dataset: Content) -> str:
    if isinstance(said, str):
        [sql] = [each["expression"] for each in dataset["metrics"] if each["metric_name"] == said]
        return sql
    return said["sqlExpression"]


def conditions(params: Content, dataset: Content) -> Iterator[str]:
    for condition in params["adhoc_filters"]:
        if condition["expressionType"] == "SQL":
            yield condition["sqlExpression"]
        elif condition["operator"] == "==":
            yield f"({column_sql(condition['subject'], dataset)}) = {condition['comparator']}"
