"""The form of an answer: of which day it is, what its figures mean and what not, and the data.

What stands in the data was typed by others, into names of products or campaigns. So it is marked
as data, and characters that nobody sees, by which a text can say one thing to a person and another
to a program, are written as their numbers.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from orchestration.ask.refusals import labels
from orchestration.labels import LANGUAGES, Text

# Controls, formats such as marks of direction, surrogates, private and no use, ends of lines.
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
LONGEST_TEXT = 500
# Of a list or a structure, how many elements are shown.
MOST_ELEMENTS = 100

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Definition:
    """What something is called, what it means, and what not."""

    name: str
    label: Text | None
    means: Text
    not_meant: Text | None

    def told(self, language: str) -> dict[str, Any]:
        said = {"name": self.name, "label": self.label, "means": self.means}
        said["not_meant"] = self.not_meant
        return {key: in_language(value, language) for key, value in said.items() if value}


@dataclass(frozen=True)
class Publication:
    """Which generation answers, and the day before which its facts lie."""

    generation: str
    as_of_date: date


def answer(
    publication: Publication,
    language: str,
    definitions: Iterable[Definition],
    data: Mapping[str, Any],
) -> dict[str, Any]:
    """The answer as JSON has it."""
    return {
        "as_of": publication.as_of_date.isoformat(),
        "as_of_means": in_language(labels()["as_of_means"], language),
        "generation": publication.generation,
        "definitions": [definition.told(language) for definition in definitions],
        "data_is_quoted": in_language(labels()["data_is_quoted"], language),
        "data": dict(data),
    }


def in_language(value: object, language: str) -> Any:
    return getattr(value, language) if isinstance(value, Text) else value


def one_language(row: Row, language: str) -> dict[str, Any]:
    """A row whose columns that are there in both languages are there in one, without its name."""
    suffixes = {each: f"_{each}" for each in LANGUAGES}
    return {
        name.removesuffix(suffixes[language]): value
        for name, value in row.items()
        if not any(name.endswith(suffixes[each]) for each in LANGUAGES if each != language)
    }


def plain_rows(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Rows as JSON has them."""
    return [{visible(name): plain(value) for name, value in row.items()} for row in rows]


def plain(value: Any) -> Any:
    """A value of the database as JSON has it: decimals as numbers where that is exact."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Decimal):
        return float(value) if Decimal(repr(float(value))) == value else str(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {visible(str(key)): plain(each) for key, each in _first(value.items())}
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return [plain(each) for each in _first(value)]
    return visible(str(value))


def _first(values: Iterable[Any]) -> list[Any]:
    return list(values)[:MOST_ELEMENTS]


def visible(text: str) -> str:
    """The text, cut where it is long, in which every character can be seen."""
    cut = text[:LONGEST_TEXT]
    shown = "".join(map(_seen, cut))
    return f"{shown}…" if len(text) > LONGEST_TEXT else shown


def _seen(character: str) -> str:
    is_unseen = unicodedata.category(character) in UNSEEN
    return f"\\u{{{ord(character):x}}}" if is_unseen else character
