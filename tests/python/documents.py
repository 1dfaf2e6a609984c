"""The documents as a reader has them: their text, their headings, and where their links lead."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
CHINESE = ".zh-CN.md"

FENCED = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`[^`\n]*`")
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]+)\)")


class Link(NamedTuple):
    label: str
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
    found = []
    for label, words in LINK.findall(INLINE.sub(_blank, prose(document))):
        if ":" not in words:
            path, _, anchor = words.partition("#")
            target = (document.parent / path).resolve() if path else document
            found.append(Link(" ".join(label.split()), words, target, anchor))
    return found


@cache
def anchors(document: Path) -> set[str]:
    """How its headings are called in a link, as GitHub makes names of them."""
    seen: Counter[str] = Counter()
    names = set()
    for heading in HEADING.findall(prose(document)):
        names.add(_numbered(anchor(heading), seen))
    return names


def anchor(heading: str) -> str:
    """How a heading is called in a link, where no other is called alike."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def section(document: Path, name: str) -> str:
    """A heading of this name in links, and all below it, code too."""
    found: list[str] = []
    seen: Counter[str] = Counter()
    depth, is_code = 0, False
    for line in document.read_text(encoding="utf-8").splitlines():
        is_code ^= line.lstrip().startswith("```")
        heading = None if is_code else HEADING.match(line)
        if heading and depth and line.index(" ") <= depth:
            break
        if heading and not depth:
            depth = line.index(" ") if name == _numbered(anchor(heading[1]), seen) else 0
        if depth:
            found.append(line)
    return "\n".join(found)


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _numbered(name: str, seen: Counter[str]) -> str:
    """The name, with a number where headings before are called alike."""
    seen[name] += 1
    return f"{name}-{seen[name] - 1}" if seen[name] > 1 else name


def _blank(code: re.Match[str]) -> str:
    """Code within a line may hold brackets; what is left of it keeps a label readable."""
    return re.sub(r"[\[\]()]", " ", code[0]).replace("`", "")
