"""How much one file may ask for, so that none of them takes the memory or the disk of all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self


@dataclass(frozen=True)
class Limits:
    """The variable `landing_limits`, which dbt_project.yml explains; a file may have so much.

    The first three are of a line, a value, and the keys of a JSON object or a header; the others of
    what a file becomes when it is unpacked, in bytes, in multiples of its own size, and of the
    parts of a workbook that have to lie in memory.
    """

    line_characters: int = 16_000_000
    cell_characters: int = 4_000_000
    record_keys: int = 2_000
    expanded_bytes: int = 20_000_000_000
    expansion_ratio: int = 200
    workbook_text_bytes: int = 200_000_000

    @classmethod
    def of(cls, variable: Mapping[str, object] | None) -> Self:
        """The limits that a project states, the usual ones for the rest.

        Raises `ValueError`, which says what to correct, for a limit that does not exist or is not a
        whole number above 0.
        """
        stated = dict(variable or {})
        known = [each.name for each in fields(cls)]
        for name, value in stated.items():
            if name not in known:
                raise ValueError(
                    f"The variable `landing_limits` has no '{name}': choose of {', '.join(known)}."
                )
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise ValueError(
                    f"`{name}` of the variable `landing_limits` is {value!r}: write a whole number "
                    "above 0."
                )
        return cls(**stated)

    @property
    def of_reading(self) -> tuple[int, ...]:
        """Those that decide which lines of a file become rows; the others only hold files."""
        return self.line_characters, self.cell_characters, self.record_keys


USUAL = Limits()


def cure(limit: str) -> str:
    """What to do about a file that is held for a limit, for messages."""
    return f"raise `{limit}` of `landing_limits` in dbt_project.yml if it is right so"
