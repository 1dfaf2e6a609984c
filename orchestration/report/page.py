"""The page: tiles and panels from the published marts, in one file that needs no network."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import jinja2
import plotly.graph_objects as go
from markupsafe import Markup
from plotly.offline import get_plotlyjs
from plotly.utils import PlotlyJSONEncoder

from orchestration.duck import rows
from orchestration.labels import LANGUAGES, Text
from orchestration.privacy.files import folder_for_readers
from orchestration.report.charts import draw
from orchestration.report.labels import labels, number_format
from orchestration.report.panels import Panel, Row, Section, sections, tiles
from orchestration.report.truth import tell

PUBLICATION = "select * from marts.publication"


def write_page(published_database: Path, page: Path, truth: Path | None) -> Path:
    """See `orchestration.report.write_report`."""
    with duckdb.connect(published_database, read_only=True) as database:
        html = _render(database, truth)
    folder_for_readers(page.parent)
    with _replacing(page) as draft:
        draft.write_bytes(html.encode("utf-8"))
        draft.chmod(0o644)
    return page


@contextmanager
def _replacing(page: Path) -> Iterator[Path]:
    draft = page.with_name(f".{page.name}.{os.getpid()}.tmp")
    try:
        yield draft
        os.replace(draft, page)
    finally:
        draft.unlink(missing_ok=True)


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
    def figures(self) -> dict[str, go.Figure]:
        """The figure in each language."""
        return {language: draw(self.panel, self.rows, language) for language in LANGUAGES}

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
        """The columns that hold a number in some row."""
        return {
            column
            for row in self.rows
            for column, value in row.items()
            if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)
        }


def _render(database: duckdb.DuckDBPyConnection, truth: Path | None) -> str:
    tables = rows(database, "select table_name from duckdb_tables() where schema_name = 'marts'")
    published = {table["table_name"] for table in tables}
    told = tell(database, truth)
    answered = [
        (section, list(_answers(database, section, published, told))) for section in sections()
    ]
    figures = {
        answer.panel.name: answer.figures
        for _, answers in answered
        for answer in answers
        if answer.is_drawn
    }
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["shown"] = _shown
    scripts = {"plotly": get_plotlyjs(), "behaviour": _source("page.js")}
    return environment.get_template("page.html.j2").render(
        labels=labels(),
        publication=rows(database, PUBLICATION)[0],
        tiles=tiles().tiles,
        key_figures=_key_figures(database, published),
        sections=answered,
        figures=_json_in_html(figures),
        style=Markup(_source("page.css")),
        scripts={name: Markup(source) for name, source in scripts.items()},
        script_hashes=Markup(" ".join(_csp_hash(source) for source in scripts.values())),
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


def _json_in_html(figures: dict[str, Any]) -> Markup:
    """JSON that can't end the script element it stands in, whatever its strings hold."""
    text = json.dumps(figures, cls=PlotlyJSONEncoder)
    return Markup(text.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e"))


def _csp_hash(script: str) -> str:
    """The source expression by which the content security policy admits this script alone."""
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _source(name: str) -> str:
    return Path(__file__).with_name(name).read_text("utf-8")
