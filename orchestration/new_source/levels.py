"""Of rows that are lines: which columns tell of the line, and which of its order as a whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from orchestration.new_source.tables import Column, Table

MOSTLY = 0.8  # share of rows from which on a column is said to be empty, or the same, there
ORDERS_THAT_TELL = 5  # with several lines
# What is of the order if it is told once an order, and of the line if it differs from line to line.
OF_ORDER = {"line_discount": "order_discount", "line_total": None}
OF_LINE = {"order_total": "line_total", "order_discount": "line_discount"}
# What only the first row of an order may tell, the surest first.
FACTS = ("currency", "order_total", "order_status", "ordered_at", "shipping", "customer_number")


@dataclass(frozen=True)
class Levels:
    """The rows of a table of sales, by their order."""

    table: Table

    @cached_property
    def _keys(self) -> Sequence[str | None]:
        return self.table.of("order_number").values

    @cached_property
    def _continued(self) -> list[int]:
        """Rows that follow one of the same order, or of no number."""
        pairs = enumerate(pairwise(self._keys), start=1)
        return [at for at, (before, key) in pairs if not key or key == before]

    @cached_property
    def _first(self) -> list[int]:
        continued = set(self._continued)
        return [at for at in range(len(self._keys)) if at not in continued]

    @cached_property
    def _several(self) -> list[list[int]]:
        """The rows of each order that has more than one, file by file."""
        found: dict[tuple[int, str], list[int]] = defaultdict(list)
        above = None
        for at, (file, key) in enumerate(zip(self.table.file_of_row, self._keys, strict=True)):
            above = key or above
            if above:
                found[file, above].append(at)
        return [rows for rows in found.values() if len(rows) > 1]

    def is_told_once(self, column: Column) -> bool:
        """Whether only the first row of an order has a value."""
        continued = [at for at in self._continued if column.values[at]]
        first = [at for at in self._first if column.values[at]]
        return (
            len(self._continued) >= ORDERS_THAT_TELL
            and len(continued) < (1 - MOSTLY) * len(self._continued)
            and len(first) > MOSTLY * len(self._first)
        )

    def is_the_same(self, column: Column) -> bool:
        """Whether all rows of an order say the same, where not all orders do."""
        same = [len({column.values[at] for at in rows}) == 1 for rows in self._several]
        differs = len({column.values[rows[0]] for rows in self._several}) > 1
        return len(same) >= ORDERS_THAT_TELL and differs and sum(same) > 0.95 * len(same)

    def differs(self, column: Column) -> bool:
        """Whether rows of an order often say something else."""
        other = [len({column.values[at] for at in rows}) > 1 for rows in self._several]
        return len(other) >= ORDERS_THAT_TELL and sum(other) > 0.5 * len(other)

    def head(self) -> Column | None:
        """A column that only the first row of an order has; None where every row tells all."""
        columns = filter(None, map(self.table.of, FACTS))
        return next((each for each in columns if self.is_told_once(each)), None)


def settled(table: Table) -> Table:
    """The table with amounts of the order and of the line told apart."""
    if table.nature != "sales":
        return table
    levels = Levels(table)
    return replace(table, columns=tuple(_columns(levels)))


def _columns(levels: Levels) -> Iterator[Column]:
    table = levels.table
    has_price = table.has("unit_price", "quantity")
    for column in table.columns:
        meaning = column.meaning
        is_once = levels.is_told_once(column) or (has_price and levels.is_the_same(column))
        if meaning in OF_ORDER and is_once:
            other = OF_ORDER[meaning]
            column = replace(column, meaning=None if other and table.has(other) else other)
        elif meaning in OF_LINE and levels.differs(column) and not levels.is_told_once(column):
            other = OF_LINE[meaning]
            column = replace(column, meaning=None if table.has(other) else other)
        yield column
