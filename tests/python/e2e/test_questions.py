"""The questions of docs/questions.md and docs/stores.md, asked of the published file as a reader
would ask them."""

from __future__ import annotations

import re

import pytest
from conftest import ROOT, Shop

# How many questions a page asks, in at most so many lines each.
PAGES = {"questions": (13, 8), "stores": (7, 15)}


def queries(page: str) -> list[str]:
    """The queries of a page in their order, without what comments say in its language."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    found = re.findall(r"^## \d+\. [^#]*?```sql\n(.*?)```", text, re.MULTILINE | re.DOTALL)
    return [re.sub(r" *--.*", "", query).strip() for query in found]


QUESTIONS = {
    f"{page} {number}": query
    for page in PAGES
    for number, query in enumerate(queries(f"{page}.md"), start=1)
}


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_ask_the_same_questions_in_a_few_lines(page: str) -> None:
    count, lines = PAGES[page]
    asked = queries(f"{page}.md")
    assert len(asked) == count
    assert queries(f"{page}.zh-CN.md") == asked
    assert max(query.count("\n") + 1 for query in asked) <= lines


@pytest.mark.parametrize("query", QUESTIONS.values(), ids=QUESTIONS)
def test_every_question_has_an_answer(world: Shop, query: str) -> None:
    """Rows, in which every column says something somewhere."""
    rows = world.query(query)
    assert rows
    assert all(any(value is not None for value in column) for column in zip(*rows, strict=True))


def test_who_stopped_coming_for_lunch_did_so_among_offices(world: Shop) -> None:
    """There the demo world has young people come at lunch; a third of the stores lie there."""
    lunches, _ = QUESTIONS["stores 1"].split("\nselect ", 1)
    found = dict(
        world.query(
            f"""
            {lunches}
            select quarter, count(distinct customer_id) from lunches inner join (
                select distinct store_id, quarter
                from read_parquet('{world.data}/truth/store_hours.parquet')
            ) using (store_id) group by quarter
            """
        )
    )
    assert found["offices"] >= 10
    assert found["offices"] >= 0.6 * sum(found.values())
