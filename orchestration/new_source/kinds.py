"""Which rows of one table are sales, which give money back, and which are neither."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from orchestration.new_source import vocabulary
from orchestration.new_source.questions import Answers, Question
from orchestration.new_source.sales import LineMoney, signed_column
from orchestration.new_source.tables import Column, Table

MOST_KINDS = 20  # more values than this are no statuses and no types of rows
KINDS = ("orders", "refunds", "ignored")
NUMBER = re.compile(r"([A-Za-z]{0,3})-?[0-9][0-9-]*(?:[.]0)?")
MOST_LETTERS = 5  # more letters before numbers are no kinds, but parts of them
MINUS = {"parentheses": "(%", "trailing_minus": "%-"}  # as texts begin or end that are below zero
BLANKS = " \u00a0"


@dataclass(frozen=True)
class Kinds:
    """Conditions in SQL on the landed columns.

    A row is a sale where one of `sales` is true (where there are none, any row), but for those
    `below` nothing, where these are no sales: they are of the kind `below_are`. What was never seen
    in a sample is of no kind, so that it is quarantined and told, not counted. Amounts of refunds
    are below zero unless `refunds_are_positive`. Where they `have_own_numbers`, as credit notes do,
    what stands where orders have their number names no order.
    """

    sales: tuple[str, ...] = ()
    refunds: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    below: str = ""
    below_are: str = "orders"
    refunds_are_positive: bool = False
    have_own_numbers: bool = False

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
    # A word for nothing is a type as well, and asked for.
    values = Counter(v.strip() for v in column.values if v and v.strip()) if column else Counter()
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
    return replace(
        kinds,
        refunds_are_positive=_are_positive(table, back),
        have_own_numbers=_have_own_numbers(_Numbers(table).keys, back),
    )


def _by_number_and_sign(table: Table, id_of: Callable[[str], str], answers: Answers) -> Kinds:
    """By the letters before the order's number, and by what is less than nothing."""
    numbers = _Numbers(table)
    kinds = _by_letters(numbers, id_of, answers) if numbers.tell_kinds else Kinds()
    apart = {*kinds.refunds, *kinds.ignored}
    below = [at for at in numbers.below_nothing if numbers.form(numbers.letters[at]) not in apart]
    if below:
        sign = signed_column(table)
        answer = answers.to(_of_below(numbers, id_of, sign, below))
        kinds = replace(kinds, below=_below(table, sign), below_are=answer)
    of_letters = {
        at for at, each in enumerate(numbers.letters) if numbers.form(each) in kinds.refunds
    }
    back = of_letters.union(below if kinds.below_are == "refunds" else ())
    return replace(kinds, have_own_numbers=_have_own_numbers(numbers.keys, back))


@dataclass(frozen=True)
class _Numbers:
    """The order numbers of a table, row by row, and which rows are below nothing."""

    table: Table

    @cached_property
    def keys(self) -> list[str]:
        return [(value or "").strip() for value in self.table.of("order_number").values]

    @cached_property
    def letters(self) -> list[str]:
        """What stands before the digits of each number."""
        found = map(NUMBER.fullmatch, self.keys)
        return [each[1] if each else "" for each in found]

    @cached_property
    def counts(self) -> Counter[str]:
        """How many rows have each of these letters."""
        return Counter(each for key, each in zip(self.keys, self.letters, strict=True) if key)

    @property
    def tell_kinds(self) -> bool:
        """Whether all are digits behind few letters, and not all behind the same, as far as it is
        known: guards of spreadsheets and signs hide what a number begins with."""
        are_plain = all(NUMBER.fullmatch(key) for key in self.keys if key)
        is_all_seen = all(sample.is_whole for sample in self.table.samples)
        is_one = len(self.counts) == 1 and is_all_seen
        return are_plain and len(self.counts) <= MOST_LETTERS and not is_one

    @cached_property
    def below_nothing(self) -> list[int]:
        """The rows that are less than nothing."""
        column = signed_column(self.table)
        values = column.values if column else ()
        return [at for at, v in enumerate(values) if (self.table.amounts.read(v) or 0) < 0]

    def form(self, letters: str) -> str:
        """Numbers that begin with these letters, or with a digit."""
        name = self.table.of("order_number").name
        digit = f"substring({name}, {len(letters) + 1}, 1) between '0' and '9'"
        if not letters:
            return digit
        is_part = any(each != letters and each.startswith(letters) for each in self.counts)
        return f"{name} like '{letters}%'" + (f" and {digit}" if is_part else "")


def _by_letters(numbers: _Numbers, id_of: Callable[[str], str], answers: Answers) -> Kinds:
    [(usual, _), *others] = numbers.counts.most_common()
    letters_of: dict[str, list[str]] = {kind: [] for kind in KINDS}
    letters_of["orders"].append(usual)
    for letters, count in others:
        rows = [at for at, each in enumerate(numbers.letters) if each == letters]
        share = len(set(rows) & set(numbers.below_nothing)) / count
        usually = "orders" if count > 0.02 * len(numbers.keys) else "ignored"
        question = Question(
            id_of(f"rows.{letters or 'digits'}"),
            f"{count:,} of {len(numbers.keys):,} rows have a number that begins with"
            f" {letters or 'a digit'}, {share:.0%} of them less than nothing."
            " Are they orders, refunds, or to be ignored?",
            "refunds" if share > 0.9 else usually,
            KINDS,
            " · ".join(list(dict.fromkeys(numbers.keys[at] for at in rows))[:3]),
        )
        letters_of[answers.to(question)].append(letters)
    back = [at for at, each in enumerate(numbers.letters) if each in letters_of["refunds"]]
    return Kinds(
        *(tuple(map(numbers.form, letters_of[kind])) for kind in KINDS),
        refunds_are_positive=_are_positive(numbers.table, back),
    )


def _are_positive(table: Table, rows: Sequence[int]) -> bool:
    """Whether most of these rows are worth more than nothing."""
    lines = LineMoney(table)
    amounts = lines.worth(lines.reading()[0])
    return sum((amounts[at] or 0) > 0 for at in rows) > len(rows) / 2


def _have_own_numbers(keys: Sequence[str], back: Collection[int]) -> bool:
    """Whether no row that gives money back has the number of a row that does not."""
    rows = set(back)
    others = {key for at, key in enumerate(keys) if at not in rows}
    return bool(rows) and others.isdisjoint(keys[at] for at in rows)


def _of_below(
    numbers: _Numbers, id_of: Callable[[str], str], column: Column, places: Sequence[int]
) -> Question:
    lines, keys = LineMoney(numbers.table), numbers.keys
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
    """What is less than nothing, in the text of a column; signs and blanks may stand before it."""
    values = [value for value in column.values if value]
    signs = [s for s in table.amounts.currency_signs if any(s in value for value in values)]
    text = f"coalesce({column.name}, '')"
    if signs or any(value != value.strip() for value in values):
        text = f"translate({text}, '{BLANKS}{''.join(signs)}', '')"
    patterns = ["-%", *(MINUS[each] for each in table.amounts.negative)]
    return " or ".join(f"{text} like '{each}'" for each in patterns)
