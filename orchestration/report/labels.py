"""The words of the page."""

from __future__ import annotations

import html
import textwrap
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from orchestration.labels import Text, read_labels


@cache
def labels() -> Mapping[str, Any]:
    """The words of the page."""
    return read_labels(Path(__file__).with_name("labels.yml"))


def value_name(column: str, value: str) -> Text:
    """The name of a code that stands in a column; the code where it has none."""
    return labels()["values"][column].get(value, Text(value, value))


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
