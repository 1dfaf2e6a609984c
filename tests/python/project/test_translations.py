"""Documents that are translated as a whole name in Chinese what the English page names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[3] / "docs"
# Other Chinese pages are shorter than their English ones on purpose.
WHOLE = [
    "adding_a_source",
    "audiences",
    "connect",
    "definitions",
    "erasure",
    "experiments",
    "operations",
    "privacy",
]
# What a command writes stands on the English page alone, so that it can't grow old on the other.
MADE = re.compile(r"<!-- (?:make proof|regulars privacy).*?<!-- (?:until here|end) -->", re.DOTALL)
FENCED = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
# Columns, variables, seeds, files and settings; words for what the reader fills in are translated.
NAME = re.compile(r"`((?:--)?[A-Za-z_][\w./*-]*)`")


def sections(page: str) -> list[tuple[str, str]]:
    """Each heading with the text below it, without what commands have written and without code."""
    text = FENCED.sub("", MADE.sub("", (DOCS / page).read_text("utf-8")))
    parts = re.split(r"^(#+ .*)$", text, flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("document", WHOLE)
def test_the_chinese_page_has_the_sections_of_the_english_one(document: str) -> None:
    depths = [
        [len(heading.split(" ")[0]) for heading, _ in sections(page)]
        for page in (f"{document}.md", f"{document}.zh-CN.md")
    ]
    assert depths[0] == depths[1]


@pytest.mark.parametrize("document", WHOLE)
def test_what_a_section_names_it_names_in_chinese_too(document: str) -> None:
    pairs = zip(sections(f"{document}.md"), sections(f"{document}.zh-CN.md"), strict=True)
    missing = {
        heading: absent
        for (heading, english), (_, chinese) in pairs
        if (absent := set(NAME.findall(english)) - set(NAME.findall(chinese)))
    }
    assert not missing, missing


@pytest.mark.parametrize("document", WHOLE)
def test_either_page_leads_to_the_other(document: str) -> None:
    assert f"[中文]({document}.zh-CN.md)" in (DOCS / f"{document}.md").read_text("utf-8")
    assert f"[English]({document}.md)" in (DOCS / f"{document}.zh-CN.md").read_text("utf-8")


def test_recipes_are_the_same_in_both_languages() -> None:
    pages = [(DOCS / page).read_text("utf-8") for page in ("connect.md", "connect.zh-CN.md")]
    english, chinese = map(FENCED.findall, pages)
    assert english == chinese
