"""Key figures by day or month, out of the marts that are counted by the semantic layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from orchestration.ask.answers import answer, in_language, plain_rows, visible
from orchestration.ask.published import Generation, Published
from orchestration.ask.refusals import labels, refused
from orchestration.ask.words import MartWords, metric_definition
from orchestration.duck import rows
from orchestration.labels import Text
from orchestration.metrics import Metric, metrics

# By period: the mart, its time, and what only it tells.
MARTS = {
    "day": ("kpi_daily", "calendar_day", ""),
    "month": ("kpi_monthly", "calendar_month", "is_complete,"),
}
DIMENSIONS = ("channel", "region", "customer_type")
ALL = "all"
MOST_ROWS = 400
# What is told before the last day where no first is named: four weeks, or the months of a year.
USUAL_DAYS = {"day": 27, "month": 365}

CELLS = """
select
    {day} as period_on, {dimensions} {value} as value, {compared} {alone}
    numerator, denominator
from marts.{mart}
where kpi = $kpi and {day} between $first and $last and {cells}
order by all
limit {limit}
"""
COMPARED = "last_period_value, last_year_value, expected_value,"
TOTALS = "select {dimensions} {total} as value from cells group by all order by all"
# Of a ratio what its parts come to; what is no ratio has no divisor.
TOTAL_OF_VALUES = """
    cast(sum(numerator) as double)
        / case when count(denominator) = 0 then 1 else nullif(sum(denominator), 0) end
"""
PARTS = ("numerator", "denominator")


def list_metrics(published: Published, language: str) -> dict[str, Any]:
    """All metrics with what they mean, how they are counted, and where they are."""
    with published.opened() as generation:
        told = [
            {
                **metric_definition(metric).told(language),
                "counted_as": metric.formula,
                "adds_up_over_periods": metric.adds_up,
                "asked_of": in_language(_where(metric), language),
            }
            for metric in metrics().values()
        ]
        return answer(generation.publication, language, [], {"metrics": told})


def _where(metric: Metric) -> Text:
    words = labels()["where_asked"]
    if metric.cells:
        return words["mart"]
    whole, _ = _whole(metric)
    return words["part"].format(whole=whole.name) if whole else words["nowhere"]


def _whole(metric: Metric) -> tuple[Metric | None, str]:
    """The published metric of which this one is known, and the column of its value there."""
    if metric.cells:
        return metric, "value"
    for each in metrics().values():
        if each.cells and metric.name in each.parts:
            return each, PARTS[each.parts.index(metric.name)]
    return None, ""


def ask_metric(
    published: Published,
    mart_words: Mapping[str, MartWords],
    name: str,
    period: str,
    first: date | None,
    last: date | None,
    cell: Mapping[str, str],
    split_by: Sequence[str],
    language: str,
) -> dict[str, Any]:
    """A metric by day or month, of the `cell` and split by dimensions; `Refused` says why not.

    `first` and `last` are days, both included. What adds up comes with its total.
    """
    metric = metrics().get(name)
    if metric is None:
        raise refused("no_metric", name=name)
    whole, column = _whole(metric)
    if whole is None:
        raise refused("metric_elsewhere", name=name)
    mart, day, alone = MARTS[period]
    with published.opened() as generation:
        if mart not in generation.marts:
            raise refused("no_figures", name=name)
        as_of = generation.publication.as_of_date
        last = last or as_of - timedelta(days=1)
        first = first or last - timedelta(days=USUAL_DAYS[period])
        if first > last:
            raise refused("wrong_order", first=str(first), last=str(last))
        if period == "month":
            first = first.replace(day=1)
        query = CELLS.format(
            mart=mart,
            day=day,
            dimensions="".join(f"{each}, " for each in split_by),
            value=column,
            compared=COMPARED if column == "value" else "",
            alone=alone,
            cells=" and ".join(_condition(each, cell, split_by) for each in DIMENSIONS),
            limit=MOST_ROWS + 1,
        )
        asked = {"kpi": whole.name, "first": first, "last": last, **cell}
        asked = {key: value for key, value in asked.items() if f"${key}" in query}
        connection = generation.connection
        connection.execute(f"create temp table cells as {query}", asked)
        found = rows(connection, "from cells order by all")
        if not found:
            raise _nothing(generation, metric, whole, mart, day, cell, (first, last))
        if len(found) > MOST_ROWS:
            raise refused("many_periods", limit=str(MOST_ROWS))
        totals = rows(connection, _totals(split_by, column)) if metric.adds_up else None
    shown = [{key: value for key, value in row.items() if key not in PARTS} for row in found]
    definitions = [metric_definition(metric)]
    if column == "value":
        definitions.append(mart_words[mart].definition)
    data = {
        "metric": name,
        "first_day": first.isoformat(),
        "last_day": last.isoformat(),
        "rows": plain_rows(shown),
        "total": plain_rows(totals) if totals else None,
        "total_means": in_language(
            labels()["total_over_periods" if totals else "does_not_add_up"], language
        ),
    }
    return answer(generation.publication, language, definitions, data)


def _condition(dimension: str, cell: Mapping[str, str], split_by: Sequence[str]) -> str:
    if dimension in split_by:
        return f"{dimension} <> '{ALL}'"
    return f"{dimension} = ${dimension}" if dimension in cell else f"{dimension} = '{ALL}'"


def _totals(split_by: Sequence[str], column: str) -> str:
    total = TOTAL_OF_VALUES if column == "value" else "cast(sum(value) as double)"
    return TOTALS.format(dimensions="".join(f"{each}, " for each in split_by), total=total)


def _nothing(
    generation: Generation,
    metric: Metric,
    whole: Metric,
    mart: str,
    day: str,
    cell: Mapping[str, str],
    asked: tuple[date, date],
) -> Exception:
    """Why there are no rows: a value that no cell has, or days that the cell has not."""
    for dimension, value in cell.items():
        known = [
            visible(row["known"])
            for row in rows(
                generation.connection,
                f"select distinct {dimension} as known from marts.{mart}"
                f" where kpi = '{whole.name}' order by 1",
            )
        ]
        if value not in known:
            return refused(
                "no_cell", name=metric.name, dimension=dimension, known=", ".join(known) or "–"
            )
    [known] = rows(
        generation.connection,
        f"select min({day}) as earliest, max({day}) as latest from marts.{mart}"
        f" where kpi = '{whole.name}'",
    )
    if known["earliest"] is None:
        return refused("no_figures", name=metric.name)
    first, last = map(str, asked)
    return refused(
        "no_rows",
        name=metric.name,
        first=first,
        last=last,
        earliest=str(known["earliest"]),
        latest=str(known["latest"]),
    )
