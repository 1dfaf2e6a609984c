"""What a manager wants to know on a Monday, in sentences, out of the published marts.

A finding is two files of `findings/`: a query, and what is said of each of its rows. The numbers
before their names are their order. One whose marts are not published is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from orchestration.ask.answers import Row, answer, in_language, one_language, plain_rows, visible
from orchestration.ask.published import Generation, Published
from orchestration.ask.refusals import labels
from orchestration.ask.words import PUBLICATION, words_of
from orchestration.labels import Text, read_labels
from orchestration.metrics import metrics
from orchestration.report.labels import labels as page_labels
from orchestration.report.stretches import marts_read, prepare

FOLDER = Path(__file__).with_name("findings")


@dataclass(frozen=True)
class Finding:
    """A question, and the sentence that is said of each row of its answer."""

    name: str
    query: str
    title: Text
    sentence: Text
    values: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)
    """The names of the codes that stand in a column; those that the report has stand there."""

    def sentences(self, rows: list[Row], language: str) -> list[str]:
        return [self._sentence(row, language) for row in rows]

    def _sentence(self, row: Row, language: str) -> str:
        """A `figure` is written as its key figure is."""
        named = {**row, **({row["kpi"]: row["figure"]} if "kpi" in row else {})}
        words = {column: self._shown(column, value, language) for column, value in named.items()}
        if "kpi" in row:
            words["figure"] = words[row["kpi"]]
        return getattr(self.sentence, language).format(**words)

    def _shown(self, column: str, value: Any, language: str) -> str:
        names = self.values.get(column) or page_labels()["values"].get(column, {})
        return in_language(names[value], language) if value in names else _number(column, value)


@cache
def findings() -> tuple[Finding, ...]:
    """All findings in their order."""
    files = sorted(FOLDER.glob("*.sql"), key=lambda path: int(path.name.partition("_")[0]))
    return tuple(
        Finding(
            name=path.stem.partition("_")[2],
            query=path.read_text("utf-8"),
            **read_labels(path.with_suffix(".yml")),
        )
        for path in files
    )


def findings_of_the_week(published: Published, root: Path, language: str) -> dict[str, Any]:
    """The findings of the seven days before the day of analysis, with what their marts mean."""
    told: list[dict[str, Any]] = []
    read: set[str] = set()
    with published.opened() as generation:
        prepare(generation.connection, generation.marts)
        for finding in findings():
            marts = marts_read(finding.query)
            if not marts <= generation.marts:
                continue
            read |= marts - {PUBLICATION}
            rows = [one_language(row, language) for row in _rows(generation, finding)]
            sentences = finding.sentences(rows, language)
            told.append(
                {
                    "finding": finding.name,
                    "title": in_language(finding.title, language),
                    "sentences": sentences
                    or [in_language(labels()["no_rows_of_findings"], language)],
                    "rows": plain_rows(rows),
                }
            )
        definitions = [words_of(root, mart).definition for mart in sorted(read)]
        return answer(generation.publication, language, definitions, {"findings": told})


def _rows(generation: Generation, finding: Finding) -> list[Row]:
    asked = {"kpis": [each.name for each in metrics().values() if each.cells and each.adds_up]}
    asked = {name: value for name, value in asked.items() if f"${name}" in finding.query}
    cursor = generation.connection.execute(finding.query, asked)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _number(column: str, value: Any) -> str:
    """A figure as people write it, by what the name of its column says."""
    if value is None:
        return in_language(labels()["none"], "en")
    if column.startswith("to_"):
        return f"{value:+.1%}"
    if column.endswith(("_share", "_rate")):
        return f"{value:.1%}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, (float, Decimal)):
        return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"
    return visible(str(value))
