"""Which field of a file is which declared column: by name, never by position."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.landing.feeds import Column, Feed
from orchestration.landing.reasons import Held


class Ambiguous(Exception):
    """Two headers of one file name the same declared column."""


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

    Raises `Ambiguous` with the column's name.
    """
    exact = [header.strip("\ufeff \t\r\n\u00a0\u3000") for header in headers]
    folded = [header.casefold() for header in exact]
    positions = tuple(_position(column, exact, folded) for column in columns)
    added = [name for position, name in enumerate(exact) if position not in positions]
    return Match(positions, tuple(added))


def _position(column: Column, exact: list[str], folded: list[str]) -> int | None:
    found = [at for at, header in enumerate(exact) if header in column.headers]
    if not found:
        accepted = {header.casefold() for header in column.headers}
        found = [at for at, header in enumerate(folded) if header in accepted]
    if len(found) > 1:
        raise Ambiguous(column.name)
    return found[0] if found else None


def match_or_hold(feed: Feed, headers: Sequence[str]) -> Match:
    """The match for a file whose header is known; raises `Held` when it can't be loaded."""
    try:
        matched = match(feed.columns, headers)
    except Ambiguous as error:
        raise Held(
            f"more than one of its headers means the column `{error}`: ask the sender for unique "
            f"headers, or correct `header:` in {feed.yaml}"
        ) from None
    found = [position is not None for position in matched.positions]
    hold_if_missing(feed, found, matched.added)
    return matched


def hold_if_missing(feed: Feed, found: Sequence[bool], added: Sequence[str]) -> None:
    """Raises `Held` when a required column isn't among the found ones."""
    for column, is_found in zip(feed.columns, found, strict=True):
        if column.required and not is_found:
            # Counted, not named: a file without a header has a person's data in its first line.
            others = f" (of its headers, {len(added)} are unknown)" if added else ""
            raise Held(
                f"the required column '{column.headers[0]}' is missing{others}: if it was renamed, "
                f"add the new name to `header:` of `{column.name}` in {feed.yaml}, "
                "else ask the sender for a complete file"
            )
