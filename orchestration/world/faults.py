"""What is wrong with the deliveries, on purpose: each fault is planted by a rule and written down.

Good rows are all delivered, so that nothing of the truth is lost to a fault: what is broken is an
additional row, a ghost, or a payment, which no figure of revenue rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

REPEATED_SHARE = 0.01  # of rows that come twice, word for word
WRONG_SHARE = 0.2  # of rows of a file that a corrected one replaces
LATE_SHARE = 0.05  # of rows that come in a file of two months later
LATE_MONTHS = 2
LATE_EVERY_MONTHS = 6
CUT_AT = 0.6  # share of a file's rows before it breaks off
EVERY_MONTHS = 3  # a ghost of each kind comes in each third month

ACCEPTED, DUPLICATE, SUPERSEDED = "accepted", "duplicate", "superseded"
QUARANTINED, REJECTED = "quarantined", "rejected"  # refused by a rule; refused as a line
WITHHELD = "withheld"  # never delivered

CORRECTED, CUT = "corrected", "resent"

Damage = Callable[[bytes], bytes]


def _open_quote(line: bytes) -> bytes:
    """The third field opens a quote that nothing closes."""
    before, after = line.split(b",SKU", 1)
    return before + b',"SKU' + after


def _in_gbk(line: bytes) -> bytes:
    return line.decode().encode("gb18030")


def _cut(line: bytes) -> bytes:
    return line[: len(line) // 2]


OPEN_QUOTE, GBK_LINE, CUT_LINE = _open_quote, _in_gbk, _cut


@dataclass(frozen=True)
class Ghost:
    """A row like another one, with other values in some columns, that is to be refused for a
    reason; `damage` breaks its line besides, so that the reason is one of the lander's."""

    kind: str
    reason: str
    values: Mapping[str, str]
    damage: Damage | None = None

    @property
    def status(self) -> str:
        return REJECTED if self.damage else QUARANTINED


@dataclass(frozen=True)
class Resent:
    """A month whose first file is replaced by another one: the first has wrong values (CORRECTED),
    or breaks off within a line (CUT). `at` is the month's place among all months, 0 to 1."""

    kind: str
    at: float
    wrong: Mapping[str, str] | None = None
    region: int | None = None


@dataclass(frozen=True)
class Wrong:
    """A month in which every row has wrong values, for which it is to be refused."""

    kind: str
    reason: str
    at: float
    values: Mapping[str, str]


def damage_lines(path: Path, damages: Mapping[int, Damage]) -> None:
    """Breaks lines of a file, counted from 1."""
    whole = path.with_suffix(".whole")
    path.rename(whole)
    with whole.open("rb") as source, path.open("wb") as target:
        for number, line in enumerate(source, start=1):
            target.write(damages[number](line) if number in damages else line)
    whole.unlink()
