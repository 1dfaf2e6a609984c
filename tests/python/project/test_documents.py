"""Documents lead where they say: links and their anchors are there, pictures are shown, and whoever
begins at the README comes to every document."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[3]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
PICTURES = {".png", ".svg", ".jpg", ".webp"}
CHINESE = ".zh-CN.md"

FENCED = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`[^`\n]*`")
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


class Link(NamedTuple):
    words: str
    path: Path
    anchor: str


@cache
def prose(document: Path) -> str:
    """Its text without blocks of code, in which # and brackets mean something else."""
    return FENCED.sub("", document.read_text(encoding="utf-8"))


@cache
def links(document: Path) -> list[Link]:
    """What it links within the project."""
    found = (words for words in LINK.findall(INLINE.sub("", prose(document))) if ":" not in words)
    parts = ((words, *words.partition("#")) for words in found)
    return [
        Link(words, (document.parent / path).resolve() if path else document, anchor)
        for words, path, _, anchor in parts
    ]


@cache
def anchors(document: Path) -> set[str]:
    """How its headings are called in a link, as GitHub makes names of them."""
    seen: Counter[str] = Counter()
    names = set()
    for heading in HEADING.findall(prose(document)):
        name = re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        names.add(f"{name}-{seen[name]}" if seen[name] else name)
        seen[name] += 1
    return names


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def leads_nowhere(link: Link) -> bool:
    if not link.path.is_relative_to(ROOT) or not link.path.exists():
        return True
    return bool(link.anchor) and link.anchor not in anchors(link.path)


def test_every_link_leads_to_a_file_and_a_heading_of_it() -> None:
    lost = [
        f"{named(document)}: {link.words}"
        for document in DOCUMENTS
        for link in links(document)
        if leads_nowhere(link)
    ]
    assert not lost, "\n".join(lost)


def test_every_picture_is_shown_by_a_document() -> None:
    shown = {link.path for document in DOCUMENTS for link in links(document)}
    pictures = (path for path in (ROOT / "docs").rglob("*") if path.suffix in PICTURES)
    unseen = [named(picture) for picture in pictures if picture not in shown]
    assert not unseen, unseen


def test_the_readme_leads_to_every_document() -> None:
    """A folder that is linked stands for the documents in it."""
    reached: set[Path] = set()
    ahead = [ROOT / "README.md"]
    while ahead:
        path = ahead.pop()
        if path not in reached:
            reached.add(path)
            if path.is_dir():
                ahead += path.glob("*.md")
            elif path in DOCUMENTS:
                ahead += [link.path for link in links(path)]
    lost = [named(document) for document in DOCUMENTS if document not in reached]
    assert not lost, lost


def test_a_document_and_its_translation_link_each_other() -> None:
    alone = []
    for chinese in (path for path in DOCUMENTS if path.name.endswith(CHINESE)):
        english = chinese.with_name(chinese.name.removesuffix(CHINESE) + ".md")
        both = english.exists() and {english, chinese} <= {
            link.path for document in (english, chinese) for link in links(document)
        }
        if not both:
            alone.append(named(chinese))
    assert not alone, alone
