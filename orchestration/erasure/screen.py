"""Keeps erased persons from coming back: their rows are taken out of a file before it lands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from filecmp import cmp
from functools import reduce
from pathlib import Path

from orchestration.erasure.files import rewritten
from orchestration.erasure.journal import folder_of
from orchestration.erasure.keys import known_keys
from orchestration.erasure.landed import (
    clear_what_kills_left,
    line_teller,
    put_in_place,
    rejected_lines,
)
from orchestration.erasure.marks import Marks
from orchestration.erasure.rows import Changes, Identifying, changes_of, identified, orders_of
from orchestration.landing import HashKey, Limits
from orchestration.landing.content import content_of, unpacked
from orchestration.landing.feeds import Feed
from orchestration.landing.land import reader_of
from orchestration.landing.output import Output
from orchestration.landing.sql import connect
from orchestration.project import Project
from orchestration.staged import Rules, Staged, read_rules


class Screen:
    """Knows by their marks the rows of persons who were erased."""

    def __init__(
        self, marks: Marks, rules: Rules, issuers: Iterable[str], limits: Limits, warehouse: Path
    ):
        self.marks, self.rules, self.limits, self.warehouse = marks, rules, limits, warehouse
        self._is_theirs = line_teller(marks.known, issuers, known_keys().values())

    def __call__(self, feed: Feed, path: Path, work: Path) -> int:
        """Rewrites a delivered file that names an erased person; how many rows and lines it named.

        `work` holds what the lander has read of the file: `rows.parquet`, `rejected.parquet`.
        """
        found = (self._changes(feed, reading) for reading in self._readings(feed, path, work))
        changes = reduce(Changes.and_also, found)
        if not changes:
            return 0
        folder = work / "screened"
        folder.mkdir()
        fresh = rewritten(path, feed, changes, self.limits, folder)
        if cmp(fresh, path, shallow=False):
            return 0  # sales of theirs that name nobody any more
        put_in_place(fresh, path)
        return len(changes.removed) + len(changes.blanked) + len(changes.rejected)

    def _readings(self, feed: Feed, path: Path, work: Path) -> Iterator[Path]:
        """The folder in which the file is read; where devices or cards are hashed also such under
        the keys before: marks were made of what had landed then."""
        yield work
        if not feed.has_keyed_columns:
            return
        today = HashKey.from_environment()
        former = list(known_keys().values())
        for at, key in enumerate(each for each in former if each != today):
            folder = work / f"under_another_key_{at}"
            folder.mkdir()
            with closing(connect(folder)) as connection:
                read = Output(
                    *(connection, folder, feed, path.name, "", datetime.now(UTC)),
                    *(self.limits, key),
                )
                with closing(read) as output:
                    packing = content_of(path, feed).packing
                    reader_of(feed)(unpacked(path, packing, folder, self.limits), feed, output)
            yield folder

    def _changes(self, feed: Feed, work: Path) -> Changes:
        files = [path for path in [work / "rows.parquet"] if path.exists()]
        with closing(Staged(self.rules, work)) as staged:
            staged.take(feed, files)
            wanted = self._wanted(staged, feed)
            found = changes_of(staged, feed, wanted) if any(wanted.values.values()) else {}
            [changes] = found.values() or [Changes()]
            rejected = work / "rejected.parquet"
            if rejected.exists():
                lines = rejected_lines(staged.connection, [rejected], feed, self._is_theirs)
                changes.rejected = lines.get(next(iter(lines), ""), set())
        return changes

    def _wanted(self, staged: Staged, feed: Feed) -> Identifying:
        found: dict[str, set[str]] = defaultdict(set)
        for kind, values in identified(staged, feed.relation):
            found[kind] |= self.marks.known(kind, values)
            if kind == "contact":
                found[kind] |= self._known_in_another_spelling(staged, values)
        found["order"] |= orders_of(staged, feed.relation, found["account"])
        return Identifying({kind: frozenset(values) for kind, values in found.items()})

    def _known_in_another_spelling(self, staged: Staged, values: Iterable[str]) -> set[str]:
        """Those of some contacts whose one form is marked."""
        if not self.warehouse.exists():
            return set()
        forms = staged.contacts(self.warehouse, values)
        known = self.marks.known("contact", {form for _, _, form in forms})
        return {typed for typed, _, form in forms if form in known}


def marks_of(project: Project) -> Marks:
    """The marks of all who were erased."""
    return Marks(folder_of(project) / "marks.jsonl")


def screen_of(project: Project, issuers: Iterable[str], limits: Limits) -> Screen | None:
    """What a landing must know of those who were erased; None while nobody was.

    Raises `ValueError`, which says what to do, when their marks can't be read for want of a key.
    """
    folder, marks = folder_of(project), marks_of(project)
    if not marks:
        return None
    marks.known("account", ())
    clear_what_kills_left(project.landing)
    rules = read_rules(project, folder / "rules.json")
    return Screen(marks, rules, issuers, limits, project.warehouse)
