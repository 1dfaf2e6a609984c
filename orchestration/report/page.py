"""The pages of panels: what the published marts answer, by subject, and how far to trust it."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from orchestration.duck import limit_memory, rows
from orchestration.labels import Text
from orchestration.report.charts import Option, draw
from orchestration.report.document import HERE, render, write
from orchestration.report.labels import labels, number_format
from orchestration.report.models import PAGE as MODELS_PAGE
from orchestration.report.panels import Panel, Row, Section, sections, tiles
from orchestration.report.truth import tell

PUBLICATION = "select * from marts.publication"


# What the pages are called, as files and in labels.yml; the first has the tiles too.
FIGURES, TRUST = "figures", "trust"


def write_pages(published_database: Path, folder: Path, truth: Path | None) -> None:
    """Writes the pages of panels into the folder; see `orchestration.report.write_report`."""
    with duckdb.connect(published_database, read_only=True) as database:
        limit_memory(database)
        pages = _render(database, truth, has_models=(folder / MODELS_PAGE).exists())
    for name, html in pages.items():
        write(html, folder / f"{name}.html")


class _Cell(NamedTuple):
    content: str | Text
    style: str


@dataclass(frozen=True)
class _Answer:
    """A panel with what the marts answered."""

    panel: Panel
    rows: list[Row]

    @property
    def is_drawn(self) -> bool:
        return bool(self.rows and self.panel.chart)

    @property
    def chart(self) -> Option:
        return draw(self.panel, self.rows)

    @property
    def columns(self) -> list[_Cell]:
        """The head of the table."""
        return [
            _Cell(self.panel.label(column), "number" if column in self._numbers else "")
            for column in self.panel.columns
        ]

    @property
    def table(self) -> list[list[_Cell]]:
        return [[self._cell(row, column) for column in self.panel.columns] for row in self.rows]

    def _cell(self, row: Row, column: str) -> _Cell:
        if column not in row:
            return _Cell(Text(row[f"{column}_en"], row[f"{column}_zh"]), "")
        value = row[column]
        styles = ["number"] if column in self._numbers else []
        if column in self.panel.verdicts:
            styles.append("good" if value else "bad")
        if column in self.panel.alarms and value:
            styles.append("bad")
        if column in self.panel.struck:
            styles.append("struck")
        name = self.panel.named(column, value)
        return _Cell(name or _shown(value, self.panel.format(column)), " ".join(styles))

    @cached_property
    def _numbers(self) -> set[str]:
        """The columns that hold a number in some row, or written ones."""
        return {*self.panel.written} | {
            column
            for row in self.rows
            for column, value in row.items()
            if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
        }


def _render(
    database: duckdb.DuckDBPyConnection, truth: Path | None, has_models: bool
) -> dict[str, str]:
    """The HTML of each page, by its name; that of trust links to the page of models, if any."""
    tables = rows(database, "select table_name from duckdb_tables() where schema_name = 'marts'")
    published = {table["table_name"] for table in tables}
    told = tell(database, truth)
    answered = [
        (section, list(_answers(database, section, published, told))) for section in sections()
    ]
    known = {
        "labels": labels(),
        "shown": _shown,
        "publication": rows(database, PUBLICATION)[0],
        "tiles": tiles().tiles,
    }
    return {
        page: _page(
            page,
            [(section, answers) for section, answers in answered if section.page == page],
            key_figures=_key_figures(database, published) if page == FIGURES else None,
            models_page=MODELS_PAGE if has_models and page == TRUST else None,
            **known,
        )
        for page in (FIGURES, TRUST)
    }


def _page(name: str, answered: list[tuple[Section, list[_Answer]]], **known: Any) -> str:
    drawn = (answer for _, answers in answered for answer in answers if answer.is_drawn)
    return render(
        HERE / "page.html.j2",
        styles=[HERE / "page.css"],
        charts={answer.panel.name: answer.chart for answer in drawn},
        page=name,
        sections=answered,
        **known,
    )


def _key_figures(
    database: duckdb.DuckDBPyConnection, published: Set[str]
) -> dict[str, str | Text] | None:
    """What the tiles show; None where no such mart is published."""
    if not published.issuperset(tiles().marts):
        return None
    [figures] = rows(database, tiles().query)
    return {
        name: _shown(value, number_format(name, tiles().formats)) for name, value in figures.items()
    }


def _answers(
    database: duckdb.DuckDBPyConnection, section: Section, published: Set[str], told: Set[str]
) -> Iterator[_Answer]:
    """The panels that this publication, and the truth that is told, can answer."""
    for panel in section.panels:
        is_told = panel.if_told is None or panel.if_told in told
        if is_told and published.issuperset(panel.marts):
            answer = _Answer(panel, rows(database, panel.query))
            if answer.rows or panel.empty:
                yield answer


def _shown(value: Any, form: str | None = None) -> str | Text:
    """A value as a reader wants to see it."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return labels()["page"]["yes" if value else "no"]
    if isinstance(value, (int, float, Decimal)):
        return format(value, form or ("," if isinstance(value, int) else ",.2f"))
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return str(value)
