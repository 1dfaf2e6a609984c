"""Rows that nobody delivered, in the shape of those that were: what unit tests are tried on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from orchestration.new_source.clocks import clock_written
from orchestration.new_source.numbers import Amounts
from orchestration.new_source.tables import CLOCK, Column, Table, holds_numbers
from orchestration.new_source.times import TimeFormat, written

if TYPE_CHECKING:
    from collections.abc import Mapping

# Beyond the twelfth, so that day and month can't be taken for each other, in two seasons.
MOMENTS = (datetime(2026, 3, 17, 14, 7), datetime(2026, 11, 24, 9, 30))
NUMBERS = {
    "quantity": ("2", "3"),
    "unit_price": ("12.50", "0.99"),
    "line_total": ("25.00", "2.97"),
    "line_discount": ("1.50", "0.00"),
}
TEXTS = {
    "contact_email": ("ada@example.com", "ben@example.com"),
    "email": ("ada@example.com", "ben@example.com"),
    "phone": ("13700000001", "13700000002"),
    "contact_phone": ("13700000001", "13700000002"),
    "currency": ("EUR", "EUR"),
}
KEYS = {"order_number": "100", "line_number": "", "customer_number": "70", "product_number": "P"}


@dataclass(frozen=True)
class Invented:
    """The `number`-th of the rows that are invented for a table (0 or 1)."""

    table: Table
    times: Mapping[str, TimeFormat]
    time_zone: str
    words: Mapping[str, str]
    number_of_row: int

    @cached_property
    def amounts(self) -> Amounts:
        return self.table.amounts

    def text(self, column: Column) -> str:
        """The value of a column, as a file has it."""
        if column.parts:
            return ":".join(map(self.text, column.parts))
        meaning, at = column.meaning, self.number_of_row
        if meaning in self.times:
            return self._written(meaning)
        if meaning == CLOCK and (formats := self.times["ordered_at"].beside):
            return clock_written(self._moment("ordered_at"), formats[-1])
        if meaning in self.words:
            return self.words[meaning]
        if meaning in TEXTS:
            return TEXTS[meaning][at]
        if meaning in KEYS:
            return f"{KEYS[meaning]}{at + 1}"
        if holds_numbers(self.table.nature, meaning):
            plain = NUMBERS.get(meaning, ("10.00", "20.00"))[at]
            return plain.replace(".", self.amounts.decimal_sign)
        return f"{column.name} {'ab'[at]}"

    def number(self, column: Column) -> Decimal:
        return self.amounts.read(self.text(column)) or Decimal(0)

    def instant(self, column: Column) -> str | None:
        """The instant (UTC) of a column of times; None where its zone is a name."""
        if self.times[column.meaning].zone_names:
            return None
        return self._moment(column.meaning).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")

    def day(self, column: Column) -> str | None:
        if self.times[column.meaning].zone_names:
            return None
        return self._moment(column.meaning).date().isoformat()

    def hour(self, column: Column) -> str | None:
        if self.times[column.meaning].zone_names:
            return None
        return str(self._moment(column.meaning).hour)

    def _moment(self, meaning: str) -> datetime:
        moment = MOMENTS[self.number_of_row]
        if not (self.times[meaning].has_clock or self.times[meaning].beside):
            moment = moment.replace(hour=0, minute=0)
        return moment.replace(tzinfo=ZoneInfo(self.time_zone))

    def _written(self, meaning: str) -> str:
        formats, moment = self.times[meaning].formats, self._moment(meaning)
        if self.times[meaning].beside:
            moment = moment.replace(hour=0, minute=0)
        if formats:
            return written(moment, formats[-1])
        if not self.times[meaning].has_clock:
            return moment.date().isoformat()
        if self.times[meaning].has_offset:
            return moment.isoformat()
        return moment.replace(tzinfo=None).isoformat(sep=" ")
