"""Orders of which no header says when they were made: a person does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from orchestration.new_source.questions import Answers, Question
from orchestration.new_source.sales import left_out
from orchestration.new_source.tables import Column, Table
from orchestration.new_source.times import COUNTED

NONE = "none"


def with_days(tables: Sequence[Table], answers: Answers) -> Iterator[Table]:
    """The tables; one that would be left out for lack of a day has the column that a person names.

    The likeliest is the only one that holds times; of several none is, since days of delivery look
    like any other.
    """
    without = [table.name for table in left_out(tables)]
    for table in tables:
        times = [each for each in table.unknown if _holds_times(each)]
        yield _with_day(table, times, answers) if times and table.name in without else table


def _holds_times(column: Column) -> bool:
    """Whether it has times that no other number is like."""
    return column.time_format is not None and not set(column.time_format.formats) & COUNTED


def _with_day(table: Table, times: Sequence[Column], answers: Answers) -> Table:
    headers = [column.headers[0] for column in times]
    question = Question(
        f"{table.name}.ordered_at",
        f"No header of {table.name} says when its orders were made. Which column does?",
        headers[0] if len(headers) == 1 else NONE,
        (*headers, NONE),
        times[0].examples,
    )
    answer = answers.to(question)
    columns = (
        replace(each, meaning="ordered_at") if each.headers[0] == answer else each
        for each in table.columns
    )
    return replace(table, columns=tuple(columns))
