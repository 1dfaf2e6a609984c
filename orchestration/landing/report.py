"""What came of a landing: the outcome of each file, and the sentences that are told of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from orchestration.landing.ledger import HELD, LANDED, MISSING, REMOVED
from orchestration.landing.text import listed
from orchestration.progress import counted

UNCHANGED = "unchanged"
MOST_NAMED = 20  # more unknown columns are counted: where keys are ids they may be personal


@dataclass(frozen=True)
class FileOutcome:
    """What this run found of one file; `status` is landed, unchanged, held, missing or removed.

    `file` is relative to the landing folder, and None for a feed that has no file. `rows` and
    `lines_quarantined` count what this run newly landed, and `notes` tell of what was not read.
    `replaces` says that it came again with other content. Of the columns, those that no earlier
    file of the feed added or lacked. `rows_screened` are those that named an erased person, and
    lost them. `is_told_before` says that nothing of it is news.
    """

    relation: str
    file: str | None
    status: str
    message: str
    rows: int = 0
    lines_quarantined: int = 0
    notes: tuple[str, ...] = ()
    replaces: bool = False
    columns_added: tuple[str, ...] = ()
    columns_missing: tuple[str, ...] = ()
    is_told_before: bool = False
    rows_screened: int = 0


@dataclass(frozen=True)
class FeedNumbers:
    """The outcomes of one feed added up."""

    landed: int
    unchanged: int
    held: int
    missing: int
    rows: int
    lines_quarantined: int


@dataclass(frozen=True)
class LandingReport:
    """The outcome of each file, feed by feed; `unclaimed` are files that no feed asks for."""

    outcomes: tuple[FileOutcome, ...]
    unclaimed: tuple[str, ...]

    @property
    def landed(self) -> list[FileOutcome]:
        return self._with(LANDED)

    @property
    def unchanged(self) -> list[FileOutcome]:
        return self._with(UNCHANGED)

    @property
    def held(self) -> list[FileOutcome]:
        return self._with(HELD)

    @property
    def missing(self) -> list[FileOutcome]:
        return self._with(MISSING)

    @property
    def messages(self) -> list[str]:
        """A sentence on all that isn't as it should be, and on what has changed since the last run;
        one for each feed and kind, however many files it concerns."""
        return [
            *held_together((each.relation, each.file, each.message) for each in self.held),
            *(each.message for each in self.missing if not each.is_told_before),
            *self._of_each_feed(lambda each: each.lines_quarantined, _quarantined),
            *self._of_each_feed(lambda each: each.notes, _noted),
            *self._of_each_feed(lambda each: each.rows_screened, _screened),
            *self._of_each_feed(lambda each: each.replaces, _replaced),
            *self._of_each_feed(lambda each: each.status == REMOVED, _removed),
            *self._of_each_feed(lambda each: each.columns_missing, _lacking),
            *self._of_each_feed(lambda each: each.columns_added, _adding),
            *(
                f"landing/{file} belongs to no feed: correct `files:` of a table, or remove it."
                for file in self.unclaimed
            ),
        ]

    @property
    def total(self) -> FeedNumbers:
        return _add_up(self.outcomes)

    @property
    def feeds(self) -> dict[str, FeedNumbers]:
        """The numbers of each feed by its relation, `<source>__<table>`."""
        return {relation: _add_up(outcomes) for relation, outcomes in self._by_feed().items()}

    def _by_feed(self) -> dict[str, list[FileOutcome]]:
        found: dict[str, list[FileOutcome]] = {}
        for outcome in self.outcomes:
            found.setdefault(outcome.relation, []).append(outcome)
        return found

    def _of_each_feed(
        self,
        concerns: Callable[[FileOutcome], object],
        sentence: Callable[[str, list[FileOutcome]], str],
    ) -> Iterator[str]:
        for relation, outcomes in self._by_feed().items():
            if found := [outcome for outcome in outcomes if concerns(outcome)]:
                yield sentence(relation, found)

    def _with(self, status: str) -> list[FileOutcome]:
        return [outcome for outcome in self.outcomes if outcome.status == status]


def _add_up(outcomes: Sequence[FileOutcome]) -> FeedNumbers:
    count = Counter(outcome.status for outcome in outcomes)
    return FeedNumbers(
        landed=count[LANDED],
        unchanged=count[UNCHANGED],
        held=count[HELD],
        missing=count[MISSING],
        rows=sum(outcome.rows for outcome in outcomes),
        lines_quarantined=sum(outcome.lines_quarantined for outcome in outcomes),
    )


def held_together(held: Iterable[tuple[str, str, str]]) -> list[str]:
    """A sentence for each relation and cause of held files, each given with the sentence that is
    told of it alone."""
    found: dict[tuple[str, str], list[str]] = {}
    for relation, file, sentence in held:
        found.setdefault((relation, sentence.removeprefix(f"{file}: ")), []).append(file)
    return [
        f"{files[0]}{_and_more(relation, len(files) - 1)}: {cause}"
        for (relation, cause), files in found.items()
    ]


def _and_more(relation: str, count: int) -> str:
    if not count:
        return ""
    return f" and {counted(count, 'more file')} of {relation}"


def _files(relation: str, found: list[FileOutcome]) -> str:
    return f"{found[0].file}{_and_more(relation, len(found) - 1)}"


def _quarantined(relation: str, found: list[FileOutcome]) -> str:
    if len(found) == 1:
        return found[0].message
    lines = sum(outcome.lines_quarantined for outcome in found)
    return (
        f"{relation}: {counted(lines, 'line')} quarantined in {len(found):,} files, the first of "
        f"them {found[0].file}."
    )


def _noted(relation: str, found: list[FileOutcome]) -> str:
    return f"{_files(relation, found)}: {'; '.join(found[0].notes)}."


def _screened(relation: str, found: list[FileOutcome]) -> str:
    rows = sum(outcome.rows_screened for outcome in found)
    return (
        f"{_files(relation, found)}: {counted(rows, 'row')} of erased persons, "
        "who were taken out of it again."
    )


def _replaced(relation: str, found: list[FileOutcome]) -> str:
    return (
        f"{_files(relation, found)}: sent again with other content, which takes the place of what "
        "had landed."
    )


def _removed(relation: str, found: list[FileOutcome]) -> str:
    return f"{_files(relation, found)}: no longer in the landing folder; the rows stay."


def _lacking(relation: str, found: list[FileOutcome]) -> str:
    columns = _distinct(outcome.columns_missing for outcome in found)
    return (
        f"{_files(relation, found)}: without the optional {_named(columns)}; if there is another "
        "name for it now, add that to its `header:`."
    )


def _adding(relation: str, found: list[FileOutcome]) -> str:
    columns = _distinct(outcome.columns_added for outcome in found)
    return (
        f"{_files(relation, found)}: with the new {_named(columns)}, of which nothing is loaded "
        "before it is declared."
    )


def _distinct(columns: Iterable[tuple[str, ...]]) -> list[str]:
    return list(dict.fromkeys(name for names in columns for name in names))


def _named(columns: list[str]) -> str:
    if len(columns) > MOST_NAMED:
        return f"columns, {len(columns):,} of them"
    return f"column{'' if len(columns) == 1 else 's'} {listed(columns)}"
