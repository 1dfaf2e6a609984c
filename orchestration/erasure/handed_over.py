"""Keeps for whoever was handed a list of an audience whom to forget, before the list forgets them.

The next export tells what went since the last one, and would not know that an erased person was in
it. So their lines of the last lists are put beside these, as lists of removals, to be handed over;
once another export has been made, the export of a later day removes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from orchestration.audiences.files import ERASED, mend
from orchestration.audiences.formats import FORMATS
from orchestration.disk import sync
from orchestration.erasure.needles import Needles
from orchestration.erasure.search import is_found
from orchestration.project import Project


def last_lists(project: Project) -> Iterator[Path]:
    """The lists that were handed over last, of each audience."""
    for home in sorted((project.exports / "audiences").glob("*")):
        days = [path for path in home.glob("????-??-??") if (path / "manifest.json").exists()]
        if days:
            yield from (path for name in FORMATS if (path := max(days) / f"{name}.csv").exists())


def removals(project: Project) -> list[Path]:
    """The lists of whom to forget that are still to be handed over."""
    return sorted((project.exports / "audiences").glob(f"*/{ERASED}/*.removals.csv"))


def lists_with(project: Project, needles: Needles) -> list[Path]:
    """The last lists that have the person."""
    return [path for path in last_lists(project) if is_found(path, needles)]


def mend_exports(project: Project) -> None:
    """Makes manifests and workbooks those of the lists that have lost lines."""
    for path in sorted((project.exports / "audiences").glob("*/????-??-??/manifest.json")):
        mend(path.parent)


def keep_removals(project: Project, needles: Needles) -> None:
    """Adds the lines of the person to the lists of removals, durably, each line once."""
    for path in last_lists(project):
        with path.open("rb") as lines:
            header = next(lines, b"")
            found = [line for line in lines if needles.are_in(line)]
        if found:
            kept = path.parent.parent / ERASED / f"{path.stem}.removals.csv"
            before = kept.read_bytes().splitlines(keepends=True)[1:] if kept.exists() else []
            _write(kept, [header, *dict.fromkeys([*before, *found])])


def _write(path: Path, lines: list[bytes]) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    draft = path.with_name(f".{path.name}")
    draft.write_bytes(b"".join(lines))
    draft.chmod(0o600)
    sync(draft)
    draft.replace(path)
    sync(path.parent)
