"""What a system delivers of one kind: the query that words its rows, and how they become files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from orchestration.duck import literal
from orchestration.world.faults import Ghost, Resent, Wrong


@dataclass(frozen=True)
class Feed:
    """One table of one source, which meets the contract of an `entity`.

    `query` gives the delivered columns and what the delivery needs to know of a row: `_day`, by
    which files are cut; `_key`, its order within a day; `_luck`, from 0 to 1; where it matters
    `_region`, and `_kind` of a row that is remarkable but delivered as it should be. Money is fen
    in the tables that it reads, and yuan in what it gives.

    `cut` says whether there is a file a `month`, a `day`, or `once`; `by_region` makes one for each
    region. The faults: rows that stand twice (`is_repeated`), ghosts, a file sent again, a month of
    wrong values, late rows, a silent day (its place among all days, 0 to 1), and columns that had
    another name before `renamed_at`, a place among all months.
    """

    source: str
    table: str
    entity: str
    query: str
    format: str = "csv"
    delimiter: str = ","
    cut: str = "month"
    by_region: bool = False
    is_repeated: bool = True
    ghosts: tuple[Ghost, ...] = ()
    resent: Resent | None = None
    wrong: Wrong | None = None
    is_late: bool = False
    silent_day: float | None = None
    renamed: Mapping[str, str] = field(default_factory=dict)
    renamed_at: float = 0.5


def listed(values: Iterable[str]) -> str:
    """A list of texts in SQL."""
    return f"[{', '.join(literal(value) for value in values)}]"
