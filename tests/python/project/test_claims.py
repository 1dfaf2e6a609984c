"""No page tells a length of time or a size for which nobody vouches.

What `make claims` measures is in the table of docs/performance.md, within the bounds between which
the words of the pages hold; the rest is in benchmarks/claims.yml as what it is.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from documents import CHINESE, ROOT, section

from benchmarks.claims import COMMAND, PAGE, claims, off_by
from benchmarks.peers import table

PAGES = [
    *(ROOT / name for name in ("README.md", f"README{CHINESE}")),
    *sorted((ROOT / "docs").glob("*.md")),
]
NUMBER = (
    r"(?:\d[\d,.]*|half an?|quarters? of an?|tenths of an?"
    r"|one|two|three|four|five|ten|twenty|some|few)"
)
UNIT = r"(?:ms|kB|MB|GB|s|min|milliseconds?|seconds?|minutes?|hours?)"
ENGLISH = re.compile(
    rf"(?<![\w`.]){NUMBER}(?: (?:or|to|and) {NUMBER})*(?:[ -]|(?<=\d))(?:CPU )?{UNIT}(?![\w`])"
    r"|\b(?:than|to|within) an? (?:second|minute|hour)\b|\ban? minute\b",
)
IN_CHINESE = re.compile(
    r"[\d.,一二两三四五六七八九十几数半零点]+ ?多?个?(?:毫秒|秒|分钟|小时|kB|MB|GB)"
)
WRITTEN = re.compile(r"<!-- [^>]* writes this table.*?<!-- until here -->", re.DOTALL)
FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
TARGET = re.compile(r"\]\([^)]*\)")
# The words of a claim may stand in two lines.
SPACES = re.compile(r"\s+")


def page_of(place: str) -> tuple[Path, str]:
    """The page of `docs/page.md#part`, and the text of the part, or of all of it."""
    name, _, part = place.partition("#")
    page = ROOT / name
    text = section(page, part) if part else page.read_text("utf-8")
    assert text, f"benchmarks/claims.yml: there is no {place}"
    return page, text


def told(text: str) -> str:
    """What people wrote: no table of a command, no code, and no address of a link."""
    return SPACES.sub(" ", TARGET.sub("]", FENCED.sub("", WRITTEN.sub("", text))))


def vouched_for(name: str) -> tuple[list[str], list[str]]:
    """Of a page, the words that stand in claims.yml, and the texts of its whole parts."""
    said = [thing.get("said", {}) for thing in claims()["measured"].values()]
    words = [each for pages in (*said, claims()["settings"]) for each in pages.get(name, [])]
    places = [*claims()["commands"], *claims()["once"], *claims()["invented"]]
    return words, [page_of(place)[1] for place in places if place.partition("#")[0] == name]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_tells_no_time_and_no_size_for_which_nobody_vouches(page: Path) -> None:
    words, parts = vouched_for(page.relative_to(ROOT).as_posix())
    text = page.read_text("utf-8")
    for part in parts:
        text = text.replace(part, "")
    text = told(text)
    for each in words:
        assert each in text, f"benchmarks/claims.yml: {page.name} does not say {each!r}"
        text = text.replace(each, "")
    pattern = IN_CHINESE if page.name.endswith(CHINESE) else ENGLISH
    found = [text[max(0, at.start() - 60) : at.end() + 30] for at in pattern.finditer(text)]
    assert not found, "\n".join(found)


def test_what_is_measured_holds_what_the_pages_say() -> None:
    """The table has a row for each thing, made from what claims.yml says today."""
    [table] = re.findall(
        rf"<!-- {COMMAND} writes this table -->\n(.*?)<!-- until here -->",
        PAGE.read_text("utf-8"),
        re.DOTALL,
    )
    rows = [line.strip("| \n").split(" | ") for line in table.splitlines()[2:]]
    measured = claims()["measured"]
    assert [row[0] for row in rows] == [thing["what"] for thing in measured.values()]
    for (_, figure, *_), thing in zip(rows, measured.values(), strict=True):
        value, unit = figure.replace(",", "").split()
        least, most = thing["bounds"]
        assert unit == thing["unit"]
        assert least <= float(value) <= most, f"{thing['what']}: {figure}; mend what the pages say"


def test_the_table_beside_peers_shows_what_was_measured() -> None:
    assert table.written(table.kept()) in PAGE.read_text("utf-8")


@pytest.mark.parametrize("place", claims()["commands"])
def test_a_part_whose_figures_a_command_tells_names_it(place: str) -> None:
    assert claims()["commands"][place] in page_of(place)[1]


@pytest.mark.parametrize("place", claims()["once"])
def test_a_part_of_what_was_measured_once_says_when_or_where_it_is_said(place: str) -> None:
    assert str(claims()["once"][place]) in page_of(place)[1]


def test_the_time_left_is_compared_with_what_was_left() -> None:
    told = [(0.0, 100.0), (40.0, 50.0), (90.0, 20.0)]
    assert off_by(told, 50.0, 100.0) == 0.0
    assert off_by(told, 20.0, 100.0) == 0.25
    assert off_by(told, 90.0, 100.0) == 1.0


def test_where_nothing_was_told_it_is_off_by_all() -> None:
    assert off_by([], 50.0, 100.0) == 1.0
