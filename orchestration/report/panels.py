"""What the page shows, as the files of `panels/` say.

A section is a folder and a panel two files in it: the question put to the marts, as SQL, and beside
it, as YAML, what the page says of the answer. The numbers before their names are their order, so
that a panel is added by adding its two files. `tiles` are the figures on top of the page.

All aggregation happens in SQL: no row of a single customer reaches the page. A column `x` that has
`x_en` and `x_zh` in the answer is shown in the language of the reader; `…_share` is a percentage.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from orchestration.labels import LANGUAGES, Text, read_labels
from orchestration.metrics import metrics
from orchestration.report.labels import labels, number_format

FOLDER = Path(__file__).with_name("panels")
# What stands between the codes of a way.
STEP = " > "

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Panel:
    """One question, answered by a table and, where there is a `chart`, a figure above it.

    Without an answer it says what is `empty`, or is left out where that has no words.
    """

    name: str
    query: str
    title: Text
    note: Text
    columns: Sequence[str]
    """The columns of the table, in their order."""
    empty: Text | None = None
    chart: Mapping[str, Any] | None = None
    """The `kind`, a function of `orchestration.report.charts`, and its arguments."""
    labels: Mapping[str, Text] = field(default_factory=dict)
    """The names of columns; those that several panels have stand in labels.yml."""
    values: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)
    """The names of the codes that stand in a column, likewise."""
    ways: Mapping[str, str] = field(default_factory=dict)
    """Columns of several codes in a row, and the column whose codes they are."""
    formats: Mapping[str, str] = field(default_factory=dict)
    """How the numbers of a column are written, likewise."""
    written: Sequence[str] = ()
    """Columns of numbers that the query has written, each in a form of its own."""
    verdicts: Sequence[str] = ()
    """Columns in which yes is good and no is bad."""
    alarms: Sequence[str] = ()
    """Columns in which any number but 0 is bad."""
    struck: Sequence[str] = ()
    """Columns struck through: what is often said, and not so."""
    is_wide: bool = False
    """Whether it takes the whole width of the page."""
    if_told: str | None = None
    """The file of a demo world's truth without which it is left out."""

    def __post_init__(self) -> None:
        named = {*self.labels, *labels()["columns"]}
        if nameless := [column for column in self.columns if column not in named]:
            raise ValueError(f"no label for {', '.join(nameless)}, here or in labels.yml")

    @property
    def marts(self) -> frozenset[str]:
        """The marts that it reads; it is left out where one is not published."""
        return marts_in(self.query)

    def label(self, column: str) -> Text:
        return self.labels.get(column) or labels()["columns"][column]

    def named(self, column: str, value: Any) -> Text | None:
        """The name of a code in the column, or of several codes; None of what is no code."""
        if column in self.ways:
            steps = value.split(STEP)
            names = [self.named(self.ways[column], step) or Text(step, step) for step in steps]
            return Text(*(STEP.join(getattr(name, each) for name in names) for each in LANGUAGES))
        codes = self.values.get(column) or labels()["values"].get(column, {})
        return codes.get(value)

    def name_of(self, row: Row, column: str) -> Text:
        """The name that the marts or the panel give to what stands in the column."""
        if column not in row:
            return Text(row[f"{column}_en"], row[f"{column}_zh"])
        return self.named(column, row[column]) or Text(row[column], row[column])

    def format(self, column: str) -> str | None:
        return number_format(column, self.formats)


@dataclass(frozen=True)
class Section:
    """Panels below one heading."""

    name: str
    title: Text
    panels: tuple[Panel, ...]
    page: str = "figures"
    """The page that it stands on."""


@dataclass(frozen=True)
class Tiles:
    """The figures on top of the page: columns of one row, each with its `label` and `hint`.

    Those of a `metric` stand in its definition. `{…}` in a hint is filled in with a figure of the
    row.
    """

    query: str
    tiles: Mapping[str, Mapping[str, Text]]
    formats: Mapping[str, str]

    @property
    def marts(self) -> frozenset[str]:
        return marts_in(self.query)


@cache
def sections(root: Path = FOLDER) -> tuple[Section, ...]:
    """All sections in their order, each with its panels in theirs.

    Raises `ValueError` with the file that does not say what a panel needs.
    """
    folders = sorted(filter(Path.is_dir, root.iterdir()), key=_place)
    return tuple(
        Section(
            name=_name(folder),
            **read_labels(folder / "section.yml"),
            panels=tuple(
                _read(Panel, file, name=_name(file))
                for file in sorted(folder.glob("*.sql"), key=_place)
            ),
        )
        for folder in folders
    )


def marts_in(query: str) -> frozenset[str]:
    """The marts that a query names."""
    return frozenset(re.findall(r"\bmarts\.(\w+)", query))


@cache
def tiles() -> Tiles:
    said = _read(Tiles, FOLDER / "tiles.sql")
    return replace(said, tiles={name: _defined(tile) for name, tile in said.tiles.items()})


def _defined(tile: Mapping[str, Any]) -> Mapping[str, Text]:
    if "metric" not in tile:
        return tile
    metric = metrics()[tile["metric"]]
    return {"label": metric.label, "hint": metric.meaning}


def panel(name: str) -> Panel:
    """The panel of this name."""
    return next(panel for section in sections() for panel in section.panels if panel.name == name)


def _read(kind: type, file: Path, **known: str) -> Any:
    said = read_labels(file.with_suffix(".yml"))
    try:
        return kind(query=file.read_text("utf-8"), **known, **said)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{file.with_suffix('.yml')}: {error}") from error


def _place(path: Path) -> tuple[int, str]:
    return int(path.name.partition("_")[0]), path.name


def _name(path: Path) -> str:
    return path.stem.partition("_")[2]
