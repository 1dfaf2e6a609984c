"""The glossary: what marts, key figures and the codes in them are called, and what they mean.

`python -m orchestration.glossary` writes docs/glossary.md and docs/glossary.zh-CN.md anew, from the
YAML of the marts, from models/semantic/ and from the seeds. Only what leads from one to the other
is said in glossary.yml.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from orchestration.ask.words import MartWords, mart_words
from orchestration.labels import LANGUAGES, Text, read_labels
from orchestration.metrics import metrics
from orchestration.project import ROOT

PAGES = {"en": ROOT / "docs" / "glossary.md", "zh": ROOT / "docs" / "glossary.zh-CN.md"}
SEEDS = ROOT / "seeds"
# What a sentence of a seed says of one customer; a glossary speaks of nobody.
PLACE_OF_A_NUMBER = re.compile(r"{\w+}")


@dataclass(frozen=True)
class Vocabulary:
    """The codes of a seed with their words. `name` and `means` are what its columns are called
    before `_en` and `_zh`; `only` keeps the rows that have these values."""

    title: Text
    seed: str
    codes: tuple[str, ...]
    name: str
    means: str | None = None
    means_is: str = "meaning"
    """The label of the column of meanings."""
    value: str | None = None
    """The column of the number that holds for the code."""
    only: Mapping[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> list[Mapping[str, str]]:
        with (SEEDS / f"{self.seed}.csv").open(encoding="utf-8", newline="") as file:
            return [
                row
                for row in csv.DictReader(file)
                if all(row[column] == value for column, value in self.only.items())
            ]

    def lines(self, language: str, other: str) -> Iterator[tuple[str, ...]]:
        """The cells of each row: the words in both languages, the code, the number, the meaning."""
        for row in self.rows:
            yield (
                row[f"{self.name}_{language}"],
                row[f"{self.name}_{other}"],
                " ".join(f"`{row[column]}`" for column in self.codes),
                *([row[self.value]] if self.value else []),
                *([row[f"{self.means}_{language}"]] if self.means else []),
            )


@cache
def words() -> Mapping[str, Any]:
    return read_labels(Path(__file__).with_suffix(".yml"))


@cache
def vocabularies() -> tuple[Vocabulary, ...]:
    """All vocabularies in the order in which a reader meets them."""
    return tuple(
        Vocabulary(**{**said, "codes": tuple(said["codes"])}) for said in words()["vocabularies"]
    )


def page(language: str) -> str:
    """The glossary in one language, as Markdown."""
    return "\n".join(_lines(language)) + "\n"


def _lines(language: str) -> Iterator[str]:
    yield f"# {_said('title', language)}"
    yield from ("", _said("other", language), "", _said("lead", language))
    yield from ("", f"## {_said('marts', language)}")
    for subject, title in words()["subjects"].items():
        marts = [mart for mart in mart_words(ROOT).values() if mart.subject == subject]
        yield from ("", f"### {getattr(title, language)}", "")
        yield from _table(
            [_said(column, language) for column in ("mart", "holds", "grain", "not_meant")],
            [_mart(mart, language) for mart in marts],
        )
    yield from ("", f"## {_said('figures', language)}", "")
    yield from _table(
        _columns(language, "metric", "meaning", "not_meant"),
        [
            (
                getattr(metric.label, language),
                getattr(metric.label, _other(language)),
                f"`{metric.name}`",
                getattr(metric.meaning, language),
                getattr(metric.not_meant, language) if metric.not_meant else "",
            )
            for metric in metrics().values()
        ],
    )
    yield from ("", f"## {_said('codes', language)}")
    for vocabulary in vocabularies():
        yield from ("", f"### {getattr(vocabulary.title, language)}", "")
        further = [
            *(["value"] if vocabulary.value else []),
            *([vocabulary.means_is] if vocabulary.means else []),
        ]
        # Several codes may share a row's words, as all hours of an afternoon do.
        yield from _table(
            _columns(language, "code", *further),
            dict.fromkeys(vocabulary.lines(language, _other(language))),
        )


def _mart(mart: MartWords, language: str) -> tuple[str, ...]:
    said = mart.definition
    return (
        f"`{said.name}`",
        getattr(_first_sentence(said.means), language),
        getattr(mart.grain, language),
        getattr(said.not_meant, language) if said.not_meant else "",
    )


def _first_sentence(text: Text) -> Text:
    return Text(f"{text.en.rstrip('.').partition('. ')[0]}.", f"{text.zh.partition('。')[0]}。")


def _said(label: str, language: str) -> str:
    return getattr(words()[label], language)


def _other(language: str) -> str:
    [other] = {*LANGUAGES} - {language}
    return other


def _columns(language: str, *further: str) -> list[str]:
    """The heads of a table that begins with the words in both languages."""
    return [_said(column, language) for column in ("own_words", "other_words", *further)]


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    head = list(head)
    for cells in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(map(_cell, cells))} |"


def _cell(text: str) -> str:
    return PLACE_OF_A_NUMBER.sub("…", " ".join(text.split())).replace("|", "\\|")


def main() -> None:
    for language in LANGUAGES:
        PAGES[language].write_text(page(language), "utf-8")


if __name__ == "__main__":
    main()
