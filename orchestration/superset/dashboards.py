"""Dashboards as `bi/dashboards/` lays them out, in Superset's format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orchestration.superset.charts import Chart
from orchestration.superset.datasets import Dataset
from orchestration.superset.format import VERSION, id_of

COLUMNS = 12  # of the grid that every row of a dashboard fills
HEIGHT = 48  # of a chart, in eighths of 8 pixels, unless it says so


@dataclass(frozen=True)
class Dashboard:
    """A dashboard in one language, with its charts in the order of its rows."""

    name: str
    said: Mapping[str, Any]
    charts: Sequence[Chart]
    datasets: Mapping[str, Dataset]
    language: str

    @classmethod
    def of(
        cls,
        name: str,
        said: Mapping[str, Any],
        datasets: Mapping[str, Dataset],
        language: str,
        first_number: int,
    ) -> Dashboard:
        """The dashboard that a file of `bi/dashboards/` describes; its charts are numbered on."""
        described = [each for row in said["rows"] for each in row["charts"]]
        charts = [
            Chart(f"{name} {each['name']}", number, each, datasets[each["data"]], language)
            for number, each in enumerate(described, first_number)
        ]
        return cls(name, said, charts, datasets, language)

    @property
    def slug(self) -> str:
        return f"regulars-{self.name.replace('_', '-')}-{self.language}"

    def content(self) -> Mapping[str, Any]:
        """The dashboard in Superset's format."""
        return {
            "dashboard_title": self._text(self.said["title"]),
            "description": self._text(self.said["description"]),
            "slug": self.slug,
            "uuid": id_of("dashboard", f"{self.name} {self.language}"),
            "position": self._position(),
            "metadata": {
                "color_scheme": "supersetColors",
                "cross_filters_enabled": True,
                "native_filter_configuration": list(self._filters()),
            },
            "published": True,
            "version": VERSION,
        }

    def _text(self, said: Mapping[str, str]) -> str:
        return getattr(said, self.language)

    def _position(self) -> Mapping[str, Any]:
        """The tree of what stands where: headings and rows in a grid, and charts in the rows."""
        grid: list[str] = []
        tree: dict[str, Any] = {
            "DASHBOARD_VERSION_KEY": "v2",
            "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
            "GRID_ID": {
                "type": "GRID",
                "id": "GRID_ID",
                "children": grid,
                "parents": ["ROOT_ID"],
            },
            "HEADER_ID": {
                "type": "HEADER",
                "id": "HEADER_ID",
                "meta": {"text": self._text(self.said["title"])},
            },
        }
        above = ["ROOT_ID", "GRID_ID"]
        charts = iter(self.charts)
        for number, row in enumerate(self.said["rows"]):
            heading, line = f"HEADER-{number}", f"ROW-{number}"
            own = [next(charts) for _ in row["charts"]]
            tree[heading] = {
                "type": "HEADER",
                "id": heading,
                "children": [],
                "parents": above,
                "meta": {
                    "text": self._text(row["heading"]),
                    "headerSize": "MEDIUM_HEADER",
                    "background": "BACKGROUND_TRANSPARENT",
                },
            }
            tree[line] = {
                "type": "ROW",
                "id": line,
                "children": [_place(chart) for chart in own],
                "parents": above,
                "meta": {"background": "BACKGROUND_TRANSPARENT"},
            }
            for chart in own:
                tree[_place(chart)] = {
                    "type": "CHART",
                    "id": _place(chart),
                    "children": [],
                    "parents": [*above, line],
                    "meta": {
                        "chartId": chart.number,
                        "uuid": chart.id,
                        "sliceName": chart.title,
                        "width": chart.said.get("width", COLUMNS // len(own)),
                        "height": row.get("height", HEIGHT),
                    },
                }
            grid += [heading, line]
        return tree

    def _filters(self) -> Iterator[Mapping[str, Any]]:
        for number, said in enumerate(self.said.get("filters", [])):
            acts_on = set(said["data"])
            yield {
                "id": f"NATIVE_FILTER-{self.name}-{number}",
                "name": self._text(said["title"]),
                "filterType": "filter_select" if "column" in said else "filter_time",
                "targets": [self._target(said)] if "column" in said else [{}],
                "defaultDataMask": {"extraFormData": {}, "filterState": {}},
                "controlValues": {"multiSelect": True, "enableEmptyFilter": False},
                "cascadeParentIds": [],
                "scope": {
                    "rootPath": ["ROOT_ID"],
                    "excluded": [
                        chart.number for chart in self.charts if chart.dataset.name not in acts_on
                    ],
                },
                "type": "NATIVE_FILTER",
                "description": "",
            }

    def _target(self, said: Mapping[str, Any]) -> Mapping[str, Any]:
        return {
            "column": {"name": said["column"].format(language=self.language)},
            "datasetUuid": self.datasets[said["data"][0]].id,
        }


def _place(chart: Chart) -> str:
    return f"CHART-{chart.number}"
