"""The questions of docs/questions.md, asked of the published file as a reader would ask them."""

from __future__ import annotations

import re

import pytest
from conftest import ROOT, Shop

PAGES = ("questions.md", "questions.zh-CN.md")
MAX_LINES = 8


def queries(page: str) -> list[str]:
    """The queries of a page in their order, without what comments say in its language."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    found = re.findall(r"^## \d+\. [^#]*?```sql\n(.*?)```", text, re.MULTILINE | re.DOTALL)
    return [re.sub(r" *--.*", "", query).strip() for query in found]


QUESTIONS = queries(PAGES[0])


def test_both_pages_ask_the_same_ten_questions_in_a_few_lines() -> None:
    assert len(QUESTIONS) == 10
    assert queries(PAGES[1]) == QUESTIONS
    assert max(query.count("\n") + 1 for query in QUESTIONS) <= MAX_LINES


@pytest.mark.parametrize("query", QUESTIONS, ids=range(1, len(QUESTIONS) + 1))
def test_every_question_has_an_answer(world: Shop, query: str) -> None:
    """Rows, in which every column says something somewhere."""
    rows = world.query(query)
    assert rows
    assert all(any(value is not None for value in column) for column in zip(*rows, strict=True))
