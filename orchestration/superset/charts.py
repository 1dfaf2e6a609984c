"""Charts as `bi/dashboards/` describes them, once for both languages, in Superset's format."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from orchestration.superset.datasets import Dataset, in_language
from orchestration.superset.format import VERSION, id_of
from orchestration.superset.queries import name_of, query_context

GRAINS = {"day": "P1D", "week": "P1W", "month": "P1M"}
# Superset stops at this many rows unless told; a chart of more is no chart.
MOST_ROWS = 1_000
NUMBER = ",.4~r"


@dataclass(frozen=True)
class Chart:
    """A chart of a dashboard in one language; `number` tells it from others of its bundle."""

    name: str
    number: int
    said: Mapping[str, Any]
    dataset: Dataset
    language: str

    @property
    def id(self) -> str:
        return id_of("chart", f"{self.name} {self.language}")

    @property
    def title(self) -> str:
        return self.text(self.said["title"])

    def text(self, said: Mapping[str, str]) -> str:
        return getattr(said, self.language)

    def content(self) -> Mapping[str, Any]:
        """The chart in Superset's format."""
        params = {**self._common(), **KINDS[self.said["kind"]](self)}
        note = self.said.get("note")
        return {
            "slice_name": self.title,
            "description": self.text(note) if note else None,
            "viz_type": params["viz_type"],
            "params": params,
            "query_context": query_context(params),
            "uuid": self.id,
            "version": VERSION,
            "dataset_uuid": self.dataset.id,
        }

    def _common(self) -> Mapping[str, Any]:
        return {
            "adhoc_filters": [*self._period(), *self._condition()],
            "row_limit": self.said.get("limit", MOST_ROWS),
            "order_desc": True,
        }

    def _period(self) -> Iterator[Mapping[str, Any]]:
        """Where a period that a reader chooses for the whole dashboard applies."""
        if self.dataset.time:
            yield {
                "expressionType": "SIMPLE",
                "clause": "WHERE",
                "subject": self.dataset.time,
                "operator": "TEMPORAL_RANGE",
                "comparator": "No filter",
            }

    def _condition(self) -> Iterator[Mapping[str, Any]]:
        """Which rows it shows: those of a condition on the mart, and `only` those that are true of
        a column which the dataset makes itself, of which conditions in SQL know nothing."""
        if condition := self.said.get("where"):
            yield {"expressionType": "SQL", "clause": "WHERE", "sqlExpression": condition}
        if column := self.said.get("only"):
            yield {
                "expressionType": "SIMPLE",
                "clause": "WHERE",
                "subject": column,
                "operator": "==",
                "comparator": True,
            }

    @property
    def metrics(self) -> list[str | Mapping[str, Any]]:
        return [self._metric(said) for said in self.said["show"]]

    def _metric(self, said: str | Mapping[str, Any]) -> str | Mapping[str, Any]:
        """A metric of the dataset by its name, or an aggregate of its columns."""
        if isinstance(said, str):
            return in_language(said, self.language)
        return self._expression(said)

    @property
    def by(self) -> list[str | Mapping[str, Any]]:
        return [self._dimension(said) for said in self.said.get("by", [])]

    @property
    def x(self) -> str | Mapping[str, Any]:
        return self._dimension(self.said["x"])

    def _dimension(self, said: str | Mapping[str, Any]) -> str | Mapping[str, Any]:
        if isinstance(said, str):
            return said.format(language=self.language)
        return self._expression(said)

    def _expression(self, said: Mapping[str, Any]) -> Mapping[str, Any]:
        return {
            "expressionType": "SQL",
            "sqlExpression": said["sql"].format(language=self.language),
            "label": self.text(said["label"]),
            "hasCustomLabel": True,
        }

    @property
    def format(self) -> str:
        return self.said.get("format", NUMBER)

    @property
    def grain(self) -> str | None:
        return GRAINS[self.said["grain"]] if "grain" in self.said else None

    @property
    def is_over_time(self) -> bool:
        times = [column.name for column in self.dataset.columns if column.is_time]
        return self.said["x"] in times


def _trend(chart: Chart) -> Mapping[str, Any]:
    """A number with where it came from, beside that of a while before."""
    compared = chart.said["compared"]
    return {
        "viz_type": "big_number",
        "x_axis": chart.x,
        "time_grain_sqla": chart.grain,
        "metric": chart.metrics[0],
        "compare_lag": compared["lag"],
        "compare_suffix": chart.text(compared["suffix"]),
        "show_trend_line": True,
        "start_y_axis_at_zero": True,
        "show_timestamp": True,
        "time_format": "%Y-%m-%d",
        "y_axis_format": chart.format,
        "rolling_type": "None",
    }


def _number(chart: Chart) -> Mapping[str, Any]:
    note = chart.said.get("note")
    return {
        "viz_type": "big_number_total",
        "metric": chart.metrics[0],
        "y_axis_format": chart.format,
        "subtitle": chart.text(note) if note else "",
        "header_font_size": 0.4,
        "subtitle_font_size": 0.15,
    }


def _series(viz_type: str) -> Callable[[Chart], Mapping[str, Any]]:
    def params(chart: Chart) -> Mapping[str, Any]:
        return {
            "viz_type": viz_type,
            "x_axis": chart.x,
            "time_grain_sqla": chart.grain,
            "metrics": chart.metrics,
            "groupby": chart.by,
            "stack": "Stack" if chart.said.get("is_stacked") else None,
            "show_legend": bool(chart.by) or len(chart.metrics) > 1,
            "legendOrientation": "bottom",
            "rich_tooltip": True,
            "y_axis_format": chart.format,
            "x_axis_time_format": "%Y-%m" if chart.grain == "P1M" else "%Y-%m-%d",
            "truncateXAxis": False,
            **({} if chart.is_over_time else _by_category(chart)),
        }

    return params


def _by_category(chart: Chart) -> Mapping[str, Any]:
    """Bars of what has no order of its own lie by their length, with room for their names."""
    return {
        "orientation": "horizontal",
        "xAxisForceCategorical": True,
        "x_axis_sort": name_of(chart.metrics[0]),
        "x_axis_sort_asc": True,
        "show_value": len(chart.metrics) == 1 and not chart.by,
    }


def _pie(chart: Chart) -> Mapping[str, Any]:
    return {
        "viz_type": "pie",
        "groupby": chart.by,
        "metric": chart.metrics[0],
        "sort_by_metric": True,
        "donut": True,
        "innerRadius": 40,
        "outerRadius": 75,
        "label_type": "percent",
        "show_labels": True,
        # Outside of the ring they are cut as soon as the chart is narrow.
        "labels_outside": False,
        "show_labels_threshold": 5,
        "show_legend": True,
        "legendType": "plain",
        "legendOrientation": "bottom",
        "number_format": chart.format,
    }


def _table(chart: Chart) -> Mapping[str, Any]:
    formats = {name_of(metric): {"d3NumberFormat": chart.format} for metric in chart.metrics}
    return {
        "viz_type": "table",
        "query_mode": "aggregate",
        "groupby": chart.by,
        "metrics": chart.metrics,
        "timeseries_limit_metric": chart.metrics[0],
        "table_timestamp_format": "%Y-%m-%d",
        "column_config": formats,
        "show_cell_bars": False,
        "server_page_length": 10,
        "page_length": 0,
    }


def _heatmap(chart: Chart) -> Mapping[str, Any]:
    return {
        "viz_type": "heatmap_v2",
        "x_axis": chart.x,
        "time_grain_sqla": chart.grain,
        "groupby": chart.by[0],
        "metric": chart.metrics[0],
        "normalize_across": "heatmap",
        "sort_x_axis": "alpha_asc",
        "sort_y_axis": "alpha_desc",
        "linear_color_scheme": "superset_seq_1",
        "legend_type": "continuous",
        "show_values": True,
        "value_bounds": [None, None],
        "left_margin": "auto",
        "bottom_margin": "auto",
        "xscale_interval": -1,
        "yscale_interval": -1,
        "x_axis_time_format": "%Y-%m",
        "y_axis_format": chart.format,
    }


KINDS: Mapping[str, Callable[[Chart], Mapping[str, Any]]] = {
    "trend": _trend,
    "number": _number,
    "line": _series("echarts_timeseries_line"),
    "area": _series("echarts_area"),
    "bar": _series("echarts_timeseries_bar"),
    "pie": _pie,
    "table": _table,
    "heatmap": _heatmap,
}
