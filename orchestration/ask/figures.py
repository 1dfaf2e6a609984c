"""Key figures by day or month, out of the marts that are counted by the semantic layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from orchestration.ask.answers import Row, answer, in_language, plain, plain_rows, visible
from orchestration.ask.published import Generation, Published
from orchestration.ask.refusals import Refused, labels, refused
from orchestration.ask.words import MartWords, metric_definition
from orchestration.duck import literal, rows
from orchestration.labels import Text
from orchestration.metrics import Metric, metrics


class Mart(NamedTuple):
    """A mart of key figures, the column of its time, and what it alone tells."""

    name: str
    day: str
    alone: str


MARTS = {
    "day": Mart("kpi_daily", "calendar_day", ""),
    "month": Mart("kpi_monthly", "calendar_month", "is_complete,"),
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


@dataclass(frozen=True)
class Asked:
    """A metric of days or months, of one `cell` and split by dimensions.

    `first` and `last` are days, both included; None for what is usual.
    """

    metric: str
    period: str
    first: date | None = None
    last: date | None = None
    cell: Mapping[str, str] = field(default_factory=dict)
    split_by: Sequence[str] = ()

    @property
    def mart(self) -> str:
        return MARTS[self.period].name

    @property
    def day(self) -> str:
        return MARTS[self.period].day

    @property
    def dimensions(self) -> str:
        return "".join(f"{each}, " for each in self.split_by)

    def condition(self, dimension: str) -> str:
        if dimension in self.split_by:
            return f"{dimension} <> '{ALL}'"
        return f"{dimension} = ${dimension}" if dimension in self.cell else f"{dimension} = '{ALL}'"

    def within(self, as_of: date) -> Asked:
        """The same with its days, before the day of analysis; months are whole ones."""
        last = min(self.last or as_of, as_of - timedelta(days=1))
        # No day is before the first of the calendar.
        usual = date.fromordinal(max(last.toordinal() - USUAL_DAYS[self.period], 1))
        first = self.first or usual
        if self.period == "month":
            first = first.replace(day=1)
            month_end = (last.replace(day=28) + timedelta(days=4)).replace(day=1)
            last = min(month_end, as_of) - timedelta(days=1)
        if first > last:
            raise refused("wrong_order", first=str(first), last=str(last))
        return replace(self, first=first, last=last)


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
    published: Published, mart_words: Mapping[str, MartWords], asked: Asked, language: str
) -> dict[str, Any]:
    """A metric by day or month; what adds up comes with its total. `Refused` says why not."""
    metric = metrics().get(asked.metric)
    if metric is None:
        raise refused("no_metric", name=visible(asked.metric))
    whole, column = _whole(metric)
    if whole is None:
        raise refused("metric_elsewhere", name=metric.name)
    with published.opened() as generation:
        if asked.mart not in generation.marts:
            raise refused("no_figures", name=metric.name)
        asked = asked.within(generation.publication.as_of_date)
        found = _cells(generation, asked, whole, column)
        if not found:
            raise _nothing(generation, asked, whole)
        totals = rows(generation.connection, _total(asked, column)) if metric.adds_up else None
    shown = [{key: value for key, value in row.items() if key not in PARTS} for row in found]
    definitions = [metric_definition(metric)]
    if column == "value":
        definitions.append(mart_words[asked.mart].definition)
    data = {
        "metric": metric.name,
        "first_day": plain(asked.first),
        "last_day": plain(asked.last),
        "rows": plain_rows(shown),
        "total": plain_rows(totals) if totals else None,
        "total_means": in_language(
            labels()["total_over_periods" if totals else "does_not_add_up"], language
        ),
    }
    return answer(generation.publication, language, definitions, data)


def _cells(generation: Generation, asked: Asked, whole: Metric, column: str) -> list[Row]:
    """The rows of the cells, which are left as the table `cells`."""
    query = CELLS.format(
        mart=asked.mart,
        day=asked.day,
        dimensions=asked.dimensions,
        value=column,
        compared=COMPARED if column == "value" else "",
        alone=MARTS[asked.period].alone,
        cells=" and ".join(map(asked.condition, DIMENSIONS)),
        limit=MOST_ROWS + 1,
    )
    parameters = {"kpi": whole.name, "first": asked.first, "last": asked.last, **asked.cell}
    generation.connection.execute(f"create temp table cells as {query}", parameters)
    found = rows(generation.connection, "from cells order by all")
    if len(found) > MOST_ROWS:
        raise refused("many_periods", limit=str(MOST_ROWS))
    return found


def _total(asked: Asked, column: str) -> str:
    total = TOTAL_OF_VALUES if column == "value" else "cast(sum(value) as double)"
    return TOTALS.format(dimensions=asked.dimensions, total=total)


def _nothing(generation: Generation, asked: Asked, whole: Metric) -> Refused:
    """Why there are no rows: a value that no cell has, or days that the cells have not."""
    told = f"from marts.{asked.mart} where kpi = {literal(whole.name)}"
    for dimension, value in asked.cell.items():
        found = rows(
            generation.connection, f"select distinct {dimension} as value {told} order by 1"
        )
        known = [row["value"] for row in found]
        if value not in known:
            listed = ", ".join(map(visible, known)) or "–"
            return refused("no_cell", name=asked.metric, dimension=dimension, known=listed)
    [known] = rows(
        generation.connection,
        f"select min({asked.day}) as earliest, max({asked.day}) as latest {told}",
    )
    if known["earliest"] is None:
        return refused("no_figures", name=asked.metric)
    days = {"first": asked.first, "last": asked.last, **known}
    return refused("no_rows", name=asked.metric, **{name: str(day) for name, day in days.items()})
