"""A column of an entity as SQL over landed columns, beside what it makes of an invented row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from orchestration.new_source.decisions import Decisions
from orchestration.new_source.invented import Invented
from orchestration.new_source.numbers import is_odd_number
from orchestration.new_source.tables import CLOCK, Column, Table

Expected = Callable[[Invented], str | None]


@dataclass(frozen=True)
class Fact:
    """A column of an entity: its SQL, the landed columns it reads, and what it makes of a row that
    is invented for its unit test, None where that isn't foretold."""

    name: str
    sql: str
    reads: tuple[str, ...] = ()
    expected: Expected | None = None


@dataclass(frozen=True)
class Model:
    """A staging model. `adjustments` are kinds of money with their SQL, of each a row is made;
    `rest` is the SQL of one that they may name, as it takes several lines of a file: of those of
    one `line_key` the last."""

    entity: str
    table: Table
    facts: tuple[Fact, ...]
    about: str
    adjustments: tuple[tuple[str, str], ...] = ()
    has_row_kind: bool = False
    rest: str = ""
    line_key: str = ""

    @property
    def reads(self) -> set[str]:
        return {name for fact in self.facts for name in fact.reads}


@dataclass(frozen=True)
class Source:
    """A table, and how its columns are read."""

    decisions: Decisions
    table: Table

    def key(self, name: str, issuer: str, meaning: str) -> Iterator[Fact]:
        if column := self.table.of(meaning):
            yield Fact(
                name,
                f"{{{{ source_key('{issuer}', {column.argument}) }}}}",
                column.reads,
                lambda row: f"{issuer}:{row.text(column)}",
            )

    def place_of(self, name: str, issuer: str, order: Column) -> Fact:
        """A key of a row without a number: its place among those of its order."""
        return Fact(
            name,
            f"{{{{ source_key('{issuer}', {order.argument}) }}}} || ':'"
            f"\n            || cast({{{{ place_within({order.argument}) }}}} as string)",
            order.reads,
            lambda row: f"{issuer}:{row.text(order)}:1",
        )

    def bare_key(self, name: str, meaning: str) -> Iterator[Fact]:
        if column := self.table.of(meaning):
            yield Fact(
                name, f"{{{{ clean_key({column.argument}) }}}}", column.reads, as_it_is(column)
            )

    def text(self, name: str, meaning: str) -> Iterator[Fact]:
        if column := self.table.of(meaning):
            yield Fact(
                name, f"{{{{ clean_text('{column.name}') }}}}", (column.name,), as_it_is(column)
            )

    def instant(self, name: str, meaning: str) -> Iterator[Fact]:
        """The instant of a time of day, where a column tells any: a day alone has none."""
        if column := self._clocked(meaning):
            macro, reads = self._clock_of(column, "utc_instant", "clocked_instant")
            yield Fact(
                name,
                macro,
                reads,
                lambda row: row.instant(column),
            )

    def day(self, name: str, meaning: str) -> Iterator[Fact]:
        if column := self._timed(meaning):
            yield Fact(
                name,
                f"{{{{ business_date('{column.name}', feed) }}}}",
                (column.name,),
                lambda row: row.day(column),
            )

    def hour(self, name: str, meaning: str) -> Iterator[Fact]:
        """The hour of a time of day, where a column tells any."""
        if column := self._clocked(meaning):
            macro, reads = self._clock_of(column, "business_hour", "clocked_hour")
            yield Fact(
                name,
                macro,
                reads,
                lambda row: row.hour(column),
            )

    def birthday(self, name: str, meaning: str) -> Iterator[Fact]:
        """A date; ISO 8601 with a time of day has it in its first ten characters."""
        if column := self._timed(meaning):
            format_ = self.decisions.times[self.table.name][meaning]
            is_long = format_.has_clock and not format_.formats
            text = f"substring({column.name}, 1, 10)" if is_long else column.name
            yield Fact(
                name,
                f"{{{{ parse_date('{text}', feed) }}}}",
                (column.name,),
                lambda row: row.day(column),
            )

    def _timed(self, meaning: str) -> Column | None:
        column = self.table.of(meaning)
        return column if column and meaning in self.decisions.times[self.table.name] else None

    def _clocked(self, meaning: str) -> Column | None:
        if (column := self._timed(meaning)) is None:
            return None
        return column if self.decisions.times[self.table.name][meaning].is_instant else None

    def _clock_of(self, day: Column, of_one: str, of_two: str) -> tuple[str, tuple[str, ...]]:
        """A macro's call, of one column or of a day with the time beside it, and what it reads."""
        if not self.decisions.times[self.table.name][day.meaning].beside:
            return f"{{{{ {of_one}('{day.name}', feed) }}}}", (day.name,)
        clock = self.table.of(CLOCK)
        call = f"{{{{ {of_two}('{day.name}', '{clock.name}', feed) }}}}"
        return call, (day.name, clock.name)

    def number(self, column: Column, scale: int = 2, is_blank_zero: bool = False) -> str:
        """A macro's call, without braces, that reads a number as the feed writes it."""
        text = f"'{column.name}'"
        if is_blank_zero:
            text = f"\"coalesce(\" ~ clean_text('{column.name}') ~ \", '0')\""
        has_odd_signs = any(map(is_odd_number, column.present))
        if self.table.amounts.is_plain and not has_odd_signs:
            return f"parse_decimal({text}, {scale})"
        return f"parse_amount({text}, feed, {scale})"

    def money(self, name: str, column: Column, form: str = "{{ %s }}", sign: int = 1) -> Fact:
        """An amount; `form` is SQL around it."""
        return Fact(
            name,
            form % self.number(column, is_blank_zero=name == "discount_amount"),
            (column.name,),
            lambda row: cents(sign * row.number(column)),
        )

    def currency(self) -> Iterator[Fact]:
        if self.table.has("currency"):
            yield from self.text("currency", "currency")
        else:
            yield always("currency", self.decisions.currency)


def always(name: str, value: str) -> Fact:
    """A column that says the same in every row."""
    return Fact(name, f"'{value}'", (), lambda row: value)


def as_it_is(column: Column) -> Expected:
    """The text of the invented row itself."""
    return lambda row: row.text(column)


def cents(amount: Decimal) -> str:
    """Money as the engines round it."""
    return str(amount.quantize(Decimal("0.01"), ROUND_HALF_UP))
