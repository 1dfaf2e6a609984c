"""What may be shown of few people: nothing, neither straight nor as what is left of a sum.

A cell of fewer than `FEWEST` customers is hidden. Sums would still tell it: all regions less those
that are shown is the one that isn't. So where a cell and its parts leave less than `FEWEST`
customers to be told, or one cell alone, the smallest of those still shown is hidden too, until
nothing follows any more (complementary suppression).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

FEWEST = 5
ALL = "all"

Cell = tuple[str, ...]


def hidden(people: Mapping[Cell, int], within: Mapping[str, str] = {}) -> set[Cell]:
    """Those of the cells that may not be shown.

    A cell is named by a value of each dimension, or `ALL` of it; `within` says of what a value is a
    part, as a store of its region, where that is not all.
    """
    kept_back = {cell for cell, count in people.items() if 0 < count < FEWEST}
    sums = list(_sums(people, within))
    while more := {cell for cells in sums if (cell := _next(cells, people, kept_back))}:
        kept_back |= more
    return kept_back


def _sums(people: Mapping[Cell, int], within: Mapping[str, str]) -> Iterable[list[Cell]]:
    """Cells of which one is the sum of the others, that one first."""
    parts: dict[tuple[int, Cell], list[Cell]] = defaultdict(list)
    for cell, count in people.items():
        for place, value in enumerate(cell):
            if value != ALL and count:
                whole = (*cell[:place], within.get(value, ALL), *cell[place + 1 :])
                parts[place, whole].append(cell)
    return ([whole, *cells] for (_, whole), cells in parts.items() if whole in people)


def _next(cells: list[Cell], people: Mapping[Cell, int], kept_back: set[Cell]) -> Cell | None:
    """What else must be hidden of a whole and its parts; None where nothing follows from them."""
    unknown = [cell for cell in cells if cell in kept_back]
    shown = [cell for cell in cells[1:] if cell not in kept_back]
    if not unknown or not shown:
        return None
    follows = len(unknown) == 1 or (
        cells[0] not in kept_back and sum(people[cell] for cell in unknown) < FEWEST
    )
    return min(shown, key=lambda cell: (people[cell], cell)) if follows else None
