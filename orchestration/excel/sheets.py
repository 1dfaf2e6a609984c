"""What the workbook shows, as the files of `sheets/` say.

A sheet is a folder, and a table two files in it: the question put to the marts, as SQL, and beside
it, as YAML, what is said of the answer. The numbers before their names are their order. A column
`x` that has `x_en` and `x_zh` in the answer is shown in the language of the reader.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from orchestration.excel.arithmetic import parsed
from orchestration.labels import Text, read_labels
from orchestration.metrics import metrics
from orchestration.report.stretches import marts_read

FOLDER = Path(__file__).with_name("sheets")
# How the numbers of a column are written. Of `told` each row says it, in its column `form`.
FORMS = {
    "text": "@",
    "count": "#,##0",
    "amount": "#,##0",
    "money": "#,##0.00",
    "number": "#,##0.0",
    "mean": "#,##0.000",
    "effect": "+#,##0.000;-#,##0.000;0.000",
    "share": "0.0%",
    "change": "▲0.0%;▼0.0%;0.0%",
    "points": '▲0.0" pp";▼0.0" pp";0.0" pp"',
    "day": "yyyy-mm-dd",
    "month": "yyyy-mm",
}
TOLD = "told"


@dataclass(frozen=True)
class Group:
    """Columns below one heading."""

    label: Text
    columns: Sequence[str]


@dataclass(frozen=True)
class Table:
    """One question, and how its answer is laid out."""

    name: str
    query: str
    title: Text
    note: Text
    columns: Mapping[str, str]
    """The columns in their order, each with its form."""
    labels: Mapping[str, Text] = field(default_factory=dict)
    """The names of columns; those that several tables have stand in labels.yml."""
    notes: Mapping[str, Text] = field(default_factory=dict)
    """What a column means, as a note at its head, likewise."""
    values: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)
    """The names of the codes that stand in a column, likewise."""
    groups: Sequence[Group] = ()
    formulas: Mapping[str, str] = field(default_factory=dict)
    """Columns that are computed of others, as `orchestration.excel.arithmetic` reads it."""
    changes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Columns that say by how much the second of two columns differs from the first."""
    totals: Sequence[str] = ()
    """Columns that are added up below, and below each part."""
    never_summed: Sequence[str] = ()
    """Computed columns that sums have not: some of their rows lack a part, such as a known cost."""
    parts: str | None = None
    """The column whose equal values, one after the other, are a part with a sum of its own."""
    bars: Sequence[str] = ()
    heat: Sequence[str] = ()
    """Columns that are coloured together, the more the darker."""

    def __post_init__(self) -> None:
        words = labels()
        named = {*self.labels, *words["columns"]}
        listed = [column for group in self.groups for column in group.columns]
        texts = [self.title, self.note, *self.labels.values(), *self.notes.values()]
        told = {*self.formulas, *self.changes, *self.totals, *self.bars, *self.heat, *listed}
        told |= {*self.never_summed}
        told |= {self.parts} if self.parts else set()
        wrong = [f"no label for {column}" for column in self.columns if column not in named]
        wrong += [f"no column {column}" for column in sorted(told - set(self.columns))]
        wrong += [f"no form {form}" for form in set(self.columns.values()) - {*FORMS, TOLD}]
        wrong += [f"no pair of en and zh: {text}" for text in texts if not isinstance(text, Text)]
        if wrong:
            raise ValueError("; ".join(wrong))
        for column in {*self.formulas, *self.changes}:
            parsed(self.formula(column, None)[0])

    @property
    def marts(self) -> frozenset[str]:
        """The marts that it reads; it is left out where one is not published."""
        return marts_read(self.query)

    @property
    def has_total(self) -> bool:
        return bool(self.totals)

    def formula(self, column: str, told: str | None) -> tuple[str, str] | None:
        """The formula of a column and the form of what it comes to, in a row of the form `told`.

        A rate changes by points: a share of a share is read as if it were those.
        """
        if column in self.changes:
            before, now = self.changes[column]
            if told == "share":
                return f"({now} - {before}) * 100", "points"
            return f"{now} / {before} - 1", "change"
        if column in self.formulas:
            form = self.columns[column]
            return self.formulas[column], (told or "number") if form == TOLD else form
        return None

    def label(self, column: str) -> Text:
        return self.labels.get(column) or labels()["columns"][column]

    def meaning(self, column: str) -> Text | None:
        """What the column means: as the table says it, as all tables do, or as the metric does."""
        said = self.notes.get(column) or labels()["notes"].get(column)
        return said or (metrics()[column].meaning if column in metrics() else None)

    def named(self, column: str, code: Any) -> Text | None:
        codes = self.values.get(column) or labels()["values"].get(column, {})
        return codes.get(code)


@dataclass(frozen=True)
class Sheet:
    """Tables one below the other."""

    name: str
    title: Text
    tables: tuple[Table, ...]


@cache
def labels() -> Mapping[str, Any]:
    """The words that several tables share, and those of the workbook itself.

    A column that is a metric is called as that is, and a metric that is named in a row too.
    """
    said = read_labels(Path(__file__).with_name("labels.yml"))
    called = {name: metric.label for name, metric in metrics().items()}
    return {
        **said,
        "columns": {**called, **said["columns"]},
        "values": {**said["values"], "kpi": called},
    }


@cache
def sheets(root: Path = FOLDER) -> tuple[Sheet, ...]:
    """All sheets in their order; `ValueError` names the file that does not say what is needed."""
    return tuple(
        Sheet(
            name=_name(folder),
            title=read_labels(folder / "sheet.yml")["title"],
            tables=tuple(_table(file) for file in sorted(folder.glob("*.sql"), key=_place)),
        )
        for folder in sorted(filter(Path.is_dir, root.iterdir()), key=_place)
    )


def _table(file: Path) -> Table:
    said = read_labels(file.with_suffix(".yml"))
    groups = [Group(**group) for group in said.pop("groups", [])]
    try:
        return Table(name=_name(file), query=file.read_text("utf-8"), groups=groups, **said)
    except (TypeError, ValueError, SyntaxError) as error:
        raise ValueError(f"{file.with_suffix('.yml')}: {error}") from error


def _place(path: Path) -> tuple[int, str]:
    return int(path.name.partition("_")[0]), path.name


def _name(path: Path) -> str:
    return path.stem.partition("_")[2]
