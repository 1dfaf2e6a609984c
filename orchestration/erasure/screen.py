"""Keeps erased persons from coming back: their rows are taken out of a file before it lands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from orchestration.erasure.files import rewritten
from orchestration.erasure.journal import folder_of
from orchestration.erasure.landed import fields_of, put_in_place, rejected_lines
from orchestration.erasure.marks import Marks
from orchestration.erasure.rows import Changes, Identifying, changes_of, identified, orders_of
from orchestration.landing import Limits
from orchestration.landing.feeds import Feed
from orchestration.project import Project
from orchestration.staged import Rules, Staged, read_rules


class Screen:
    """Knows by their marks the rows of persons who were erased."""

    def __init__(self, marks: Marks, rules: Rules, issuers: Iterable[str], limits: Limits):
        self.marks, self.rules, self.issuers, self.limits = marks, rules, list(issuers), limits

    def __call__(self, feed: Feed, path: Path, work: Path) -> int:
        """Rewrites a delivered file that names an erased person; how many rows and lines it named.

        `work` holds what the lander has read of the file: `rows.parquet`, `rejected.parquet`.
        """
        changes = self._changes(feed, work)
        if changes:
            folder = work / "screened"
            folder.mkdir()
            put_in_place(rewritten(path, feed, changes, self.limits, folder), path)
        return len(changes.removed) + len(changes.blanked) + len(changes.rejected)

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
        told: dict[str, set[str]] = defaultdict(set)
        for kind, value in identified(staged, feed.relation):
            told[kind].add(value)
        found = {kind: self.marks.known(kind, values) for kind, values in told.items()}
        orders = orders_of(staged, feed.relation, found.get("account", ()))
        found["order"] = found.get("order", set()) | orders
        return Identifying({kind: frozenset(values) for kind, values in found.items()})

    def _is_theirs(self, line: str, delimiter: str) -> bool:
        fields = fields_of(line, delimiter)
        keys = {f"{issuer}:{each}" for issuer in self.issuers for each in fields}
        kinds = ("value", "device", "card_token")
        return any(self.marks.known(kind, fields) for kind in kinds) or bool(
            self.marks.known("account", keys)
        )


def screen_of(project: Project, issuers: Iterable[str], limits: Limits) -> Screen | None:
    """What a landing must know of those who were erased; None while nobody was.

    Raises `ValueError`, which says what to do, when their marks can't be read for want of a key.
    """
    folder = folder_of(project)
    marks = Marks(folder / "marks.jsonl")
    if not marks:
        return None
    marks.known("account", ())
    return Screen(marks, read_rules(project, folder / "rules.json"), issuers, limits)
