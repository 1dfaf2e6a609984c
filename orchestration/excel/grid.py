"""An answer as cells: rows, the sums of parts and of all, and formulas with what they come to.

Nothing here knows of files: cells are by their row and column below the head of the table.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from orchestration.excel.arithmetic import as_excel, value_of
from orchestration.excel.sheets import TOLD, Table

Row = Mapping[str, Any]
# Adds up what is no such sum itself, so that a sum of all may go over the sums of parts.
SUM = "=SUBTOTAL(9,{column}{first}:{column}{last})"


@dataclass(frozen=True)
class Cell:
    """What stands in a cell; a `formula` comes to the value."""

    value: str | float | date | bool | None
    form: str
    formula: str | None = None


@dataclass(frozen=True)
class Line:
    """One row of the grid: of the answer, or the sum of a part, or of all."""

    cells: Sequence[Cell]
    kind: str = "row"


@dataclass(frozen=True)
class _Placed:
    """A row of the answer, or a sum of those from `first` on, in the row `at` of the sheet."""

    at: int
    row: Row
    kind: str
    first: int
    last: int


def grid(
    table: Table,
    rows: Sequence[Row],
    language: str,
    first_row: int,
    first_column: int,
    words: Mapping[str, str],
) -> list[Line]:
    """The lines of a table whose first line is the row `first_row` of the sheet, counted from 1.

    `words` are those for the sum of all and of a part.
    """
    placed = list(_placed(table, rows, language, first_row, words))
    sums = [each for each in placed if each.kind == "total"]
    total = _numbers(table, sums[0].row) if sums else {}
    letters = {column: _letters(first_column + place) for place, column in enumerate(table.columns)}
    total_row = sums[0].at if sums else 0

    def cell(each: _Placed, column: str, form: str) -> Cell:
        if each.kind != "row" and column in table.totals:
            written = SUM.format(column=letters[column], first=each.first, last=each.last)
            return Cell(_number(each.row[column]), form, written)
        if each.kind != "row" and column in table.never_summed:
            return Cell(None, form)
        told = each.row.get("form")
        if (computed := table.formula(column, told)) is not None:
            formula, form = computed
            value = value_of(formula, _numbers(table, each.row), total)
            if value is None:
                return Cell(None, form)
            written = as_excel(
                formula,
                lambda name: f"{letters[name]}{each.at}",
                lambda name: f"{letters[name]}${total_row}",
            )
            return Cell(value, form, written)
        form = told or "number" if form == TOLD else form
        return Cell(_shown(table, each.row, column, language), form)

    return [
        Line([cell(each, column, form) for column, form in table.columns.items()], each.kind)
        for each in placed
    ]


def _placed(
    table: Table, rows: Sequence[Row], language: str, at: int, words: Mapping[str, str]
) -> Iterator[_Placed]:
    start, [head, *_] = at, list(table.columns)

    def part_of(row: Row) -> str | float | date | bool | None:
        return _shown(table, row, table.parts, language) if table.parts else None

    for part, group in groupby(rows, part_of):
        members, first = list(group), at
        for row in members:
            yield _Placed(at, row, "row", at, at)
            at += 1
        if table.parts:
            name = words["part"].format(part=part)
            yield _Placed(at, _sum(table, members, head, name), "part", first, at - 1)
            at += 1
    if table.has_total and rows:
        yield _Placed(at, _sum(table, rows, head, words["total"]), "total", start, at - 1)


def _sum(table: Table, rows: Sequence[Row], head: str, name: str) -> Row:
    """A row that adds rows up; what is not there counts nothing."""
    numbers = [_numbers(table, row) for row in rows]
    sums = {
        column: math.fsum(row[column] for row in numbers if row[column] is not None)
        for column in table.totals
    }
    heads = {head: name, f"{head}_en": name, f"{head}_zh": name}
    return {**dict.fromkeys(table.columns), **sums, **heads}


def _numbers(table: Table, row: Row) -> dict[str, float | None]:
    """The numbers of a row, with what its formulas come to but those over the sum of all.

    A sum has its own of what is added up, which no formula over sums need come to.
    """
    plain = {column: _number(row.get(column)) for column in table.columns}
    for column, formula in table.formulas.items():
        if "total." not in formula and plain[column] is None:
            plain[column] = value_of(formula, plain, {})
    return plain


def _number(value: Any) -> float | None:
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return float(value) if is_number and math.isfinite(value) else None


def _shown(table: Table, row: Row, column: str, language: str) -> str | float | date | bool | None:
    value = row[column] if column in row else row[f"{column}_{language}"]
    if (name := table.named(column, value)) is not None:
        return getattr(name, language)
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, date | bool) or value is None:
        return value
    return _number(value) if isinstance(value, int | float | Decimal) else str(value)


def _letters(place: int) -> str:
    """The name of a column, counted from 0."""
    letters = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters
