"""The page: tiles and panels from the published marts, in one file that needs no network."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
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
from orchestration.report.labels import Words, labels, value_name
from orchestration.report.panels import KPIS, PUBLICATION, SECTIONS, Panel, Row
from orchestration.report.truth import tell

# Sums so large that cents would only distract.
_ROUNDED = {"net_revenue", "at_risk_amount"}
# Shares that come so near to 1 that their hundredths count.
_FINE_SHARES = {"precision", "recall", "f1"}


def write_report(published_database: Path, page: Path, truth: Path | None = None) -> Path:
    """Write the report on `published_database` to `page`, and return `page`.

    The database is opened read-only. Readers of `page` see the old page or the new one, never a
    part. The same marts and the same truth give the same bytes. The folder `truth` of a demo world
    need not exist; see `orchestration.report.truth`.

    Raises `FileNotFoundError` when nothing is published yet.
    """
    if not published_database.exists():
        raise FileNotFoundError(f"No marts at {published_database}: run `regulars run` to publish.")
    with duckdb.connect(published_database, read_only=True) as database:
        html = _render(database, truth)
    page.parent.mkdir(parents=True, exist_ok=True)
    with _replacing(page) as draft:
        draft.write_bytes(html.encode("utf-8"))
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
        return bool(self.rows and self.panel.draw)

    @property
    def figures(self) -> dict[str, go.Figure]:
        """The figure in each language."""
        return {language: self.panel.draw(self.rows, Words(language)) for language in LANGUAGES}

    @property
    def columns(self) -> list[_Cell]:
        """The head of the table."""
        return [
            _Cell(labels()["columns"][column], "number" if column in self._numbers else "")
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
        if column in ("is_reconciled", "is_equal"):
            styles.append("good" if value else "bad")
        if column == "days_behind" and value:
            styles.append("bad")
        return _Cell(_shown(value, column), " ".join(styles))

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
    told = tell(database, truth)
    answers = {
        section: list(_answers(database, panels, told)) for section, panels in SECTIONS.items()
    }
    kpis = {name: _shown(value, name) for name, value in rows(database, KPIS)[0].items()}
    figures = {
        answer.panel.name: answer.figures
        for section in answers.values()
        for answer in section
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
        kpis=kpis,
        sections=answers,
        figures=_json_in_html(figures),
        style=Markup(_source("page.css")),
        scripts={name: Markup(source) for name, source in scripts.items()},
        script_hashes=Markup(" ".join(_csp_hash(source) for source in scripts.values())),
    )


def _answers(
    database: duckdb.DuckDBPyConnection, panels: Iterable[Panel], told: frozenset[str]
) -> Iterator[_Answer]:
    """The panels that this publication, and the truth that is told, can answer."""
    tables = rows(database, "select table_name from duckdb_tables() where schema_name = 'marts'")
    published = {table["table_name"] for table in tables}
    for panel in panels:
        if published.issuperset(panel.marts) and (panel.truth is None or panel.truth in told):
            answer = _Answer(panel, rows(database, panel.query))
            if answer.rows or not panel.marts:
                yield answer


def _shown(value: Any, column: str = "") -> str | Text:
    """A value of `column` as a reader wants to see it."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return labels()["page"]["yes" if value else "no"]
    if column in labels()["values"]:
        return value_name(column, value)
    if column.endswith("_share"):
        return f"{value:.1%}"
    if column in _FINE_SHARES:
        return f"{value:.2%}"
    if column in _ROUNDED:
        return f"{value:,.0f}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, (float, Decimal)):
        return f"{value:,.2f}"
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
