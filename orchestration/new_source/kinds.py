"""Which rows of one table are sales, which give money back, and which are neither."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from orchestration.new_source import vocabulary
from orchestration.new_source.questions import Answers, Question
from orchestration.new_source.sales import LineMoney, signed_column
from orchestration.new_source.tables import Column, Table

MOST_KINDS = 20  # more values than this are no statuses and no types of rows
KINDS = ("orders", "refunds", "ignored")
MINUS = {"parentheses": "(%", "trailing_minus": "%-"}  # as texts begin or end that are below zero


@dataclass(frozen=True)
class Kinds:
    """Conditions in SQL on the landed columns.

    A row is a sale where one of `sales` is true (where there are none, any row), but for those
    `below` nothing, where these are no sales: they are of the kind `below_are`. What was never seen
    in a sample is of no kind, so that it is quarantined and told, not counted. Amounts of refunds
    are below zero unless `refunds_are_positive`.
    """

    sales: tuple[str, ...] = ()
    refunds: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    below: str = ""
    below_are: str = "orders"
    refunds_are_positive: bool = False

    @property
    def is_sale(self) -> str:
        but = f"not ({self.below})" if self.below_are != "orders" else ""
        return " and ".join(filter(None, [_any(self.sales), but])) or "true"

    @property
    def is_refund(self) -> str:
        return " or ".join([*self.refunds, *self._below("refunds")])

    @property
    def is_ignored(self) -> str:
        return " or ".join([*self.ignored, *self._below("ignored")])

    def _below(self, kind: str) -> list[str]:
        if self.below_are != kind:
            return []
        return [f"{_any(self.sales)} and ({self.below})" if self.sales else self.below]


def _any(conditions: Sequence[str]) -> str:
    return (
        conditions[0] if len(conditions) == 1 else f"({' or '.join(conditions)})" * bool(conditions)
    )


def kinds_of(table: Table, id_of: Callable[[str], str], answers: Answers) -> Kinds:
    """The kinds of the rows of a table, as far as they differ; asks what they are.

    `id_of` makes the id of a question of its topic.
    """
    found = _by_type(table, id_of, answers)
    return found or _by_number_and_sign(table, id_of, answers)


def _by_type(table: Table, id_of: Callable[[str], str], answers: Answers) -> Kinds | None:
    """By a column of types, where at least one of its words is known."""
    column = table.of("row_type")
    values = Counter(column.present) if column else Counter()
    if not 1 < len(values) <= MOST_KINDS or not any(map(vocabulary.row_type_of, values)):
        return None
    words: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for value, count in values.items():
        kind = vocabulary.row_type_of(value) or answers.to(
            Question(
                id_of(f"rows.{value}"),
                f"{count:,} rows are of the {column.headers[0]} '{value}'."
                " Are they orders, refunds, or to be ignored?",
                "ignored",
                KINDS,
            )
        )
        words[kind].append(value)

    def among(kind: str) -> tuple[str, ...]:
        quoted = ", ".join("'" + word.replace("'", "''") + "'" for word in words[kind])
        return (f"{column.name} in ({quoted})",) if quoted else ()

    back = [at for at, v in enumerate(column.values) if (v or "").strip() in words["refunds"]]
    kinds = Kinds(among("orders"), among("refunds"), among("ignored"))
    return replace(kinds, refunds_are_positive=_are_positive(table, back))


def _by_number_and_sign(table: Table, id_of: Callable[[str], str], answers: Answers) -> Kinds:
    """By the letters before the order's number, and by what is less than nothing."""
    column = table.of("order_number")
    keys = [(value or "").strip() for value in column.values]
    letters = [_letters(key) for key in keys]
    below = _are_below_nothing(table)
    kinds = Kinds()
    if not any(key.startswith(("=", "'", '"')) for key in keys):  # guards hide the letters
        kinds = _by_letters(table, column, keys, letters, below, id_of, answers)
        apart = {*kinds.refunds, *kinds.ignored}
        below = [
            is_below and _form(column, each) not in apart
            for is_below, each in zip(below, letters, strict=True)
        ]
    if any(below):
        sign = signed_column(table)
        answer = answers.to(_of_below(table, id_of, sign, keys, below))
        kinds = replace(kinds, below=_below(table, sign), below_are=answer)
    return kinds


def _letters(key: str) -> str:
    """The letters before the digits of a number."""
    found = re.match("([A-Za-z]{1,3})[0-9]", key)
    return found[1] if found else ""


def _form(column: Column, letters: str) -> str:
    """Numbers that begin with these letters, or with a digit."""
    if letters:
        return f"{column.name} like '{letters}%'"
    return f"substring({column.name}, 1, 1) between '0' and '9'"


def _by_letters(
    table: Table,
    column: Column,
    keys: Sequence[str],
    letters: Sequence[str],
    below: Sequence[bool],
    id_of: Callable[[str], str],
    answers: Answers,
) -> Kinds:
    counts = Counter(each for key, each in zip(keys, letters, strict=True) if key)
    usual = counts.most_common(1)[0][0]
    is_known = all(
        each or key[:1].isdecimal() for key, each in zip(keys, letters, strict=True) if key
    )
    is_all_seen = all(sample.is_whole for sample in table.samples)
    if not is_known or (len(counts) == 1 and is_all_seen):
        return Kinds()
    forms: dict[str, list[str]] = {kind: [] for kind in KINDS}
    forms["orders"].append(_form(column, usual))
    for each, count in counts.most_common():
        if each != usual:
            rows = [at for at, letter in enumerate(letters) if letter == each]
            share = sum(below[at] for at in rows) / count
            usually = "orders" if count > 0.02 * len(keys) else "ignored"
            question = Question(
                id_of(f"rows.{each}" if each else "rows.digits"),
                f"{count:,} of {len(keys):,} rows have a number that begins with"
                f" {each or 'a digit'}, {share:.0%} of them less than nothing."
                " Are they orders, refunds, or to be ignored?",
                "refunds" if share > 0.9 else usually,
                KINDS,
                " · ".join(list(dict.fromkeys(keys[at] for at in rows))[:3]),
            )
            forms[answers.to(question)].append(_form(column, each))
    back = [at for at, each in enumerate(letters) if _form(column, each) in forms["refunds"]]
    kinds = Kinds(*(tuple(forms[kind]) for kind in KINDS))
    return replace(kinds, refunds_are_positive=_are_positive(table, back))


def _are_positive(table: Table, rows: Sequence[int]) -> bool:
    """Whether most of these rows are worth more than nothing."""
    lines = LineMoney(table)
    amounts = lines.worth(lines.reading()[0])
    return sum((amounts[at] or 0) > 0 for at in rows) > len(rows) / 2


def _are_below_nothing(table: Table) -> list[bool]:
    column = signed_column(table)
    if column is None:
        return [False] * len(table.file_of_row)
    return [(table.amounts.read(value) or 0) < 0 for value in column.values]


def _of_below(
    table: Table,
    id_of: Callable[[str], str],
    column: Column,
    keys: Sequence[str],
    below: Iterable[bool],
) -> Question:
    places = [at for at, is_below in enumerate(below) if is_below]
    lines = LineMoney(table)
    amounts = lines.worth(lines.reading()[0])
    is_worthless = sum(not amounts[at] for at in places) > 0.9 * len(places)
    money = "worth nothing" if is_worthless else "worth money"
    return Question(
        id_of("rows.negative"),
        f"{len(places):,} of {len(keys):,} rows have a {column.headers[0]} below 0, most {money}."
        " Are they refunds, to be ignored, or a part of their orders?",
        "ignored" if is_worthless else "refunds",
        KINDS,
        " · ".join(f"{keys[at]}: {column.values[at]}" for at in places[:3]),
    )


def _below(table: Table, column: Column) -> str:
    """What is less than nothing, in the text of a column."""
    patterns = ["-%", *(MINUS[each] for each in table.amounts.negative)]
    return " or ".join(f"coalesce({column.name}, '') like '{each}'" for each in patterns)
