"""Which field of a file is which declared column: by name, never by position."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.landing.feeds import Column, Feed
from orchestration.landing.limits import Limits, cure
from orchestration.landing.reasons import Held
from orchestration.landing.text import listed

# The share of the declared columns from which on a line is a header beyond doubt. Below it the line
# may be a person's data, so that its fields are counted and not named.
SURELY_A_HEADER = 0.5


class Ambiguous(Exception):
    """Several headers of one file name the same declared columns."""

    def __init__(self, columns: Sequence[Column]):
        super().__init__()
        self.columns = columns


@dataclass(frozen=True)
class Match:
    """`positions[i]` is the field that holds declared column i, `None` when there is none.

    `added` are the headers that no declared column asked for.
    """

    positions: tuple[int | None, ...]
    added: tuple[str, ...]

    def pick(self, fields: Sequence[str | None]) -> list[str | None]:
        """The declared columns' values out of one record."""
        return [None if position is None else fields[position] for position in self.positions]

    def missing(self, columns: Sequence[Column]) -> tuple[str, ...]:
        """The names of the declared columns that aren't there."""
        found = zip(columns, self.positions, strict=True)
        return tuple(column.name for column, position in found if position is None)


def match(columns: Sequence[Column], headers: Sequence[str]) -> Match:
    """Finds each column by its exact header, trimmed, else without regard to case.

    Raises `Ambiguous` with the columns that more than one header names.
    """
    exact = [header.strip("\ufeff \t\r\n\u00a0\u3000") for header in headers]
    folded = [header.casefold() for header in exact]
    found = [_positions(column, exact, folded) for column in columns]
    if ambiguous := [c for c, each in zip(columns, found, strict=True) if len(each) > 1]:
        raise Ambiguous(ambiguous)
    positions = tuple(each[0] if each else None for each in found)
    taken = set(positions)
    added = [name for position, name in enumerate(exact) if position not in taken]
    return Match(positions, tuple(added))


def _positions(column: Column, exact: list[str], folded: list[str]) -> list[int]:
    found = [at for at, header in enumerate(exact) if header in column.headers]
    if not found:
        accepted = {header.casefold() for header in column.headers}
        found = [at for at, header in enumerate(folded) if header in accepted]
    return found


def match_or_hold(feed: Feed, headers: Sequence[str], limits: Limits) -> Match:
    """The match for a file whose header is known; raises `Held` when it can't be loaded."""
    if len(headers) > limits.record_keys:
        raise Held(
            f"its header has {len(headers):,} fields, more than {limits.record_keys:,}: "
            f"{cure('record_keys')}"
        )
    try:
        matched = match(feed.columns, headers)
    except Ambiguous as error:
        raise Held(
            f"more than one of its headers means the column {_names(error.columns)}: ask the "
            f"sender for unique headers, or correct `header:` in {feed.yaml}"
        ) from None
    hold_if_missing(feed, [position is not None for position in matched.positions], matched.added)
    return matched


def hold_if_missing(feed: Feed, found: Sequence[bool], added: Sequence[str]) -> None:
    """Raises `Held` when a required column isn't among the found ones, or none at all is found."""
    missing = [c for c, is_found in zip(feed.columns, found, strict=True) if not is_found]
    required = [column for column in missing if column.required]
    if len(missing) == len(feed.columns):
        required = required or missing
    if not required:
        return
    is_one = len(required) == 1
    headers = listed([column.headers[0] for column in required], most=len(required))
    raise Held(
        f"the required column{'' if is_one else 's'} {headers} {'is' if is_one else 'are'} missing"
        f"{_unknown(added, sum(found) / len(found))}: if {'it was' if is_one else 'they were'} "
        f"renamed, add the new name{'' if is_one else 's'} to `header:` of {_names(required)} in "
        f"{feed.yaml}, else ask the sender for a complete file"
    )


def _names(columns: Sequence[Column]) -> str:
    return " and ".join(f"`{column.name}`" for column in columns)


def _unknown(added: Sequence[str], share_found: float) -> str:
    """What the file has in place of the columns that it lacks, in brackets."""
    if not added:
        return ""
    if share_found < SURELY_A_HEADER:
        return f" (of its headers, {len(added):,} are unknown)"
    return f" (of its headers, unknown {'is' if len(added) == 1 else 'are'} {listed(added)})"
