"""Writes the sheets: where everything stands, how it looks, and what is said beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from orchestration.excel.grid import Cell, Line, Row, grid
from orchestration.excel.sheets import FORMS, Sheet, Table, labels
from orchestration.labels import Text
from orchestration.metrics import metrics

# Nothing that a text looks like is taken for what it looks like.
INERT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
INK, RULE = "#1f3b4d", "#c9d3da"
BACKGROUNDS = {"head": "#dbe5ec", "part": "#eef3f6", "total": "#dbe5ec"}
# Below zero is another colour, and neither is red, which means more to some and less to others.
BAR, BELOW, LIGHT, DARK = "#8fb8d0", "#d8b08c", "#ffffff", "#5b9bbf"
NARROWEST, WIDEST = 9, 44
# The first row below the head of a sheet, and the rows between two tables.
FIRST_ROW, GAP = 3, 2


@dataclass(frozen=True)
class Answer:
    """A table with what the marts answered."""

    table: Table
    rows: Sequence[Row]


@dataclass(frozen=True)
class Facts:
    """What the head of each sheet tells of the publication."""

    as_of_date: date
    generation: str
    currency: str | None


def write(
    path: Path, answered: Sequence[tuple[Sheet, Sequence[Answer]]], facts: Facts, language: str
) -> None:
    """Writes the workbook in one language; the same answers give the same bytes."""
    book = _Book(path, facts, language)
    for sheet, answers in answered:
        book.add(sheet, answers)
    book.add_definitions([sheet for sheet, _ in answered])
    book.close()


class _Book:
    def __init__(self, path: Path, facts: Facts, language: str):
        self._book = xlsxwriter.Workbook(str(path), {**INERT, "default_date_format": FORMS["day"]})
        self._language = language
        self._words: Mapping[str, str] = {
            name: getattr(text, language) for name, text in labels()["workbook"].items()
        }
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._facts = facts
        created = datetime.combine(facts.as_of_date, datetime.min.time())
        self._book.set_properties({"title": facts.generation, "created": created})

    def close(self) -> None:
        """Writes the file; raises `OSError` where the system does not let it."""
        try:
            self._book.close()
        except FileCreateError as error:
            raise error.args[0] from None

    def add(self, sheet: Sheet, answers: Sequence[Answer]) -> None:
        width = max(len(answer.table.columns) for answer in answers)
        worksheet = self._sheet(sheet.title, width)
        at = FIRST_ROW
        widths: dict[int, float] = {}
        for answer in answers:
            at = self._write_table(worksheet, at, answer, widths) + GAP
        for column, wide in widths.items():
            worksheet.set_column(column, column, min(max(wide, NARROWEST), WIDEST))
        first = answers[0].table
        head_rows = 4 if first.groups else 3
        # With one table its head stays in sight; of several, the title does.
        worksheet.freeze_panes(FIRST_ROW + head_rows if len(answers) == 1 else 2, 1)
        if len(answers) == 1:
            worksheet.repeat_rows(FIRST_ROW, FIRST_ROW + head_rows - 1)

    def _sheet(self, title: Text, width: int) -> Worksheet:
        """A sheet with its head, as it is to be printed."""
        name = self._said(title)
        worksheet = self._book.add_worksheet(name)
        worksheet.hide_gridlines(2)
        worksheet.set_landscape()
        worksheet.set_paper(9)  # A4
        worksheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        worksheet.fit_to_pages(1, 0)
        worksheet.set_footer(f"&L{self._facts.generation}&R{self._words['page']}")
        currency = self._facts.currency or self._words["currency"]
        lead = self._words["lead"].format(
            day=self._facts.as_of_date, currency=currency, generation=self._facts.generation
        )
        heading = self._format(bold=True, font_size=16, font_color=INK)
        self._merged(worksheet, 0, 0, width - 1, self._words["title"].format(sheet=name), heading)
        self._merged(worksheet, 1, 0, width - 1, lead, self._format(font_color="#5a6b76"))
        worksheet.set_row(0, 26)
        return worksheet

    def _write_table(
        self, worksheet: Worksheet, at: int, answer: Answer, widths: dict[int, float]
    ) -> int:
        """Writes a table from a row on, and returns the row below it."""
        table = answer.table
        last = len(table.columns) - 1
        title = self._format(bold=True, font_size=12, font_color=INK)
        note = self._format(italic=True, font_color="#5a6b76", text_wrap=True, valign="top")
        self._merged(worksheet, at, 0, last, self._said(table.title), title)
        self._merged(worksheet, at + 1, 0, last, self._said(table.note), note)
        worksheet.set_row(at + 1, 30)
        at = self._write_head(worksheet, at + 2, table, widths)
        if not answer.rows:
            worksheet.write_string(at, 0, self._words["empty"], self._format(italic=True))
            return at + 1
        lines = grid(table, answer.rows, self._language, at + 1, 0, self._words)
        for line in lines:
            self._write_line(worksheet, at, line, widths, bool(table.parts))
            at += 1
        _colour(worksheet, table, at - len(lines), lines)
        return at

    def _write_head(
        self, worksheet: Worksheet, at: int, table: Table, widths: dict[int, float]
    ) -> int:
        """The names of columns below those of their groups, with what they mean as notes."""
        style = self._format(
            **{"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter"},
            **{"bg_color": BACKGROUNDS["head"], "border": 1, "border_color": RULE},
        )
        places = {column: place for place, column in enumerate(table.columns)}
        grouped: set[str] = set()
        for group in table.groups:
            first, last = places[group.columns[0]], places[group.columns[-1]]
            self._merged(worksheet, at, first, last, self._said(group.label), style)
            grouped.update(group.columns)
        below = at + (1 if table.groups else 0)
        for column, place in places.items():
            label = self._said(table.label(column))
            if column in grouped or not table.groups:
                worksheet.write_string(below, place, label, style)
            else:
                worksheet.merge_range(at, place, below, place, label, style)
            if (meaning := table.meaning(column)) is not None:
                top = below if column in grouped or not table.groups else at
                worksheet.write_comment(
                    top, place, self._said(meaning), {"x_scale": 2, "y_scale": 1.2}
                )
            # Heads are wrapped: half of a name is wide enough.
            widths[place] = max(widths.get(place, 0), _width(label) * 0.6 + 2)
        worksheet.set_row(below, 32)
        return below + 1

    def _write_line(
        self, worksheet: Worksheet, at: int, line: Line, widths: dict[int, float], folds: bool
    ) -> None:
        """Writes a line; where a table `folds`, its rows can be folded away below their sum."""
        look: dict[str, Any] = {"bottom": 1, "bottom_color": RULE, "valign": "top"}
        if line.kind != "row":
            look |= {"bold": True, "bg_color": BACKGROUNDS[line.kind]}
        if line.kind == "total":
            look |= {"top": 1}
        if folds and line.kind == "row":
            worksheet.set_row(at, None, None, {"level": 1})
        for place, cell in enumerate(line.cells):
            is_text = isinstance(cell.value, str)
            style = self._format(
                num_format=FORMS[cell.form], **look, **({"text_wrap": True} if is_text else {})
            )
            _write_cell(worksheet, at, place, cell, style)
            widths[place] = max(widths.get(place, 0), _width(_shown(cell)) + 2)

    def add_definitions(self, shown: Sequence[Sheet]) -> None:
        """The key figures as they are counted everywhere, and the columns of the sheets."""
        worksheet = self._sheet(labels()["workbook"]["definitions"], 4)
        wrapped = self._format(text_wrap=True, valign="top", bottom=1, bottom_color=RULE)
        head = self._format(bold=True, bg_color=BACKGROUNDS["head"], border=1, border_color=RULE)
        at = FIRST_ROW
        note = self._format(italic=True, font_color="#5a6b76")
        self._merged(worksheet, at - 1, 0, 3, self._words["definitions_note"], note)
        for place, word in enumerate(("where", "name", "meaning", "formula")):
            worksheet.write_string(at, place, self._words[word], head)
        for where, name, meaning, formula in self._definitions(shown):
            at += 1
            for place, text in enumerate((where, name, meaning, formula)):
                worksheet.write_string(at, place, text, wrapped)
        worksheet.autofilter(FIRST_ROW, 0, at, 3)
        worksheet.freeze_panes(FIRST_ROW + 1, 0)
        worksheet.repeat_rows(FIRST_ROW)
        for place, wide in enumerate((22, 24, 90, 46)):
            worksheet.set_column(place, place, wide)

    def _definitions(self, shown: Sequence[Sheet]) -> Iterator[tuple[str, str, str, str]]:
        for metric in metrics().values():
            if metric.cells:
                name, meaning = self._said(metric.label), self._said(metric.meaning)
                yield self._words["key_figures"], name, meaning, metric.formula
        for sheet in shown:
            for table in sheet.tables:
                for column in table.columns:
                    computed = table.formula(column, None)
                    meaning = table.meaning(column)
                    if meaning or computed:
                        formula = self._in_words(table, computed[0]) if computed else ""
                        name = self._said(table.label(column))
                        where = f"{self._said(sheet.title)} · {self._said(table.title)}"
                        yield where, name, self._said(meaning) if meaning else "", formula

    def _in_words(self, table: Table, formula: str) -> str:
        """A formula with the names that the columns have for readers."""
        words = []
        for word in formula.replace("(", "( ").replace(")", " )").split():
            name = word.removeprefix("total.")
            if name in table.columns:
                said = self._said(table.label(name))
                words.append(said if name == word else f"{self._words['total']} {said}")
            else:
                words.append({"*": "×", "/": "÷", "-": "−"}.get(word, word))
        return " ".join(words).replace("( ", "(").replace(" )", ")")

    def _merged(
        self, worksheet: Worksheet, at: int, first: int, last: int, text: str, style: Format
    ) -> None:
        if first < last:
            worksheet.merge_range(at, first, at, last, "", style)
        worksheet.write_string(at, first, text, style)

    def _said(self, text: Text) -> str:
        return getattr(text, self._language)

    def _format(self, **look: Any) -> Format:
        key = tuple(sorted(look.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format({"font_name": self._words["font"], **look})
        return self._formats[key]


def _colour(worksheet: Worksheet, table: Table, first: int, lines: Sequence[Line]) -> None:
    """Bars in a column, and shades over several, in rows alone: a sum outweighs them all.

    A bar compares what is written alike: a change in points is not held against one in per cent.
    """
    for place, (column, form) in enumerate(table.columns.items()):
        if column in table.bars:
            rows = [
                first + at
                for at, line in enumerate(lines)
                if line.kind == "row" and line.cells[place].form == form
            ]
            look = {
                **{"type": "data_bar", "data_bar_2010": True, "bar_solid": True},
                **{"bar_color": BAR, "bar_negative_color": BELOW},
            }
            _shade(worksheet, rows, place, place, look)
    if table.heat:
        places = [list(table.columns).index(column) for column in table.heat]
        rows = [first + at for at, line in enumerate(lines) if line.kind == "row"]
        look = {"type": "2_color_scale", "min_color": LIGHT, "max_color": DARK}
        _shade(worksheet, rows, min(places), max(places), look)


def _shade(
    worksheet: Worksheet, rows: Sequence[int], left: int, right: int, look: Mapping[str, Any]
) -> None:
    """Formats the rows by one rule, so that all of them are compared."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and runs[-1][1] == row - 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    if runs:
        ranges = " ".join(xl_range(top, left, bottom, right) for top, bottom in runs)
        told = {**look, "multi_range": ranges}
        worksheet.conditional_format(rows[0], left, rows[-1], right, told)


def _write_cell(worksheet: Worksheet, at: int, place: int, cell: Cell, style: Format) -> None:
    """A text is a text, whatever it begins with; a formula has its value beside it."""
    if cell.formula is not None:
        worksheet.write_formula(at, place, cell.formula, style, cell.value)
    elif isinstance(cell.value, str):
        worksheet.write_string(at, place, cell.value, style)
    elif isinstance(cell.value, bool):
        worksheet.write_boolean(at, place, cell.value, style)
    elif isinstance(cell.value, date):
        worksheet.write_datetime(at, place, cell.value, style)
    elif cell.value is None:
        worksheet.write_blank(at, place, None, style)
    else:
        worksheet.write_number(at, place, cell.value, style)


def _shown(cell: Cell) -> str:
    """About as long as what is shown: of a number its whole digits with their separators."""
    if isinstance(cell.value, float):
        decimals = {
            "money": 3,
            "number": 2,
            "mean": 4,
            "effect": 5,
            "share": 4,
            "change": 5,
            "points": 8,
        }
        return f"{cell.value:,.0f}" + " " * decimals.get(cell.form, 0)
    return str(cell.value or "")


def _width(text: str) -> float:
    """In digits, of which a Chinese letter takes two."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)
