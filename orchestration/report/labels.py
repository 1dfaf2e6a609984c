"""The words of the page: every text exists in English and in Chinese."""

from __future__ import annotations

import html
import textwrap
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

LANGUAGES = ("en", "zh")


class Text(NamedTuple):
    """One text in both languages."""

    en: str
    zh: str

    def format(self, **figures: str) -> Text:
        return Text(*(text.format(**figures) for text in self))


@cache
def labels() -> Mapping[str, Any]:
    """The words of the page."""
    return read_labels(Path(__file__).with_name("labels.yml"))


def read_labels(path: Path) -> Mapping[str, Any]:
    """A file of labels as nested mappings whose leaves are `Text`."""
    return _texts(yaml.safe_load(path.read_text("utf-8")))


def value_name(column: str, value: str) -> Text:
    """The name of a code that stands in a column; the code where it has none."""
    return labels()["values"][column].get(value, Text(value, value))


def _texts(node: dict[str, Any]) -> Any:
    if node.keys() == set(LANGUAGES):
        return Text(**node)
    return {key: _texts(child) for key, child in node.items()}


@dataclass(frozen=True)
class Words:
    """What a figure says in one language, safe for plotly, which reads tags in its labels."""

    language: str

    def __call__(self, column: str) -> str:
        return getattr(labels()["columns"][column], self.language)

    def value(self, column: str, value: str) -> str:
        return getattr(value_name(column, value), self.language)

    def name(self, row: Mapping[str, Any], column: str) -> str:
        """The name that the marts give, as `lines`."""
        return self.lines(row[f"{column}_{self.language}"])

    def lines(self, name: str) -> str:
        """The name escaped, and broken into lines that fit beside an axis."""
        is_wide = any(unicodedata.east_asian_width(letter) in "WF" for letter in name)
        width = 11 if is_wide else 18
        lines = textwrap.wrap(name, width, max_lines=4, placeholder="…")
        return "<br>".join(html.escape(line, quote=False) for line in lines)

    def compact(self, amount: float) -> str:
        """An amount short enough to stand beside a bar: millions as 1.2M or 123万."""
        if amount < 1_000_000:
            return f"{amount:,.0f}"
        return f"{amount / 1e6:,.1f}M" if self.language == "en" else f"{amount / 1e4:,.0f}万"
