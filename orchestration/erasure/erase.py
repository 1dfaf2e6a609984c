"""Erases persons, one step after the other, each of which may be killed and begun again.

The marks come first, so that nothing lands any more; the warehouse comes last, since from it the
person is found again after a kill, by the marks. The proof is made before the warehouse is put in
its place, when everything else is searched and so is the fresh one beside it.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration.artifacts import RESULTS
from orchestration.disk import sync
from orchestration.duck import IS_NOT_THERE, first_line, literal
from orchestration.erasure.handed_over import keep_removals, lists_with, mend_exports, removals
from orchestration.erasure.journal import (
    BEGUN,
    MARKING,
    PROVED,
    Journal,
    folder_of,
    unfinished,
    write_json,
)
from orchestration.erasure.keys import own_key
from orchestration.erasure.landed import (
    Eraser,
    Found,
    KnownOf,
    clear_what_kills_left,
    find_landed,
)
from orchestration.erasure.leftovers import elsewhere, erase_leftovers, work_name
from orchestration.erasure.needles import Needles, is_long
from orchestration.erasure.published import erase_published, visitors
from orchestration.erasure.rows import Identifying
from orchestration.erasure.screen import marks_of
from orchestration.erasure.search import is_found, search
from orchestration.erasure.tables import Traces, forget_what_is_kept, opened, rewrite_database
from orchestration.landing.ledger import Ledger
from orchestration.person import People, Person
from orchestration.progress import Progress
from orchestration.refresh import Refresh
from orchestration.staged import read_rules

UNBUILT = (
    "Files that have landed since the warehouse was built, and may have more of the person: {:,}. "
    "First `regulars run`."
)
NOT_BUILT = (
    "The last build has not ended, so that the warehouse may not know all that has landed: first "
    "`regulars run`."
)


@dataclass(frozen=True)
class Target:
    """Persons, and by what their rows are told: in what has landed, in tables, in any file."""

    persons: tuple[Person, ...]
    wanted: Identifying
    traces: Traces
    needles: Needles

    @classmethod
    def of(cls, people: People, persons: Iterable[Person]) -> Target:
        persons = tuple(persons)
        values = {person: people.values(person) for person in persons}
        wanted = Identifying.of_all(
            [Identifying.of(person, people.contacts(person)) for person in persons]
        )
        customers = frozenset(person.customer_id for person in persons)
        keys = customers | wanted.values["account"] | _former(people, customers)
        keys |= visitors(people.connection, "marts.sessions", customers)
        carried = {value for person in persons for _, value in person.identifiers - person.shared}
        told = {each for item in values.items() for each in people.told_by_nobody_else(*item)}
        return cls(
            persons,
            wanted,
            Traces(
                keys | set(filter(is_long, carried)),
                wanted.values["order"],
                frozenset().union(*values.values()),
                frozenset().union(*(filter(is_long, people.compared(each)) for each in persons)),
            ),
            Needles.of(keys | told),
        )


def _former(people: People, customers: frozenset[str]) -> frozenset[str]:
    """The ids that customers had before."""
    former = people.connection.execute(
        "select former_customer_id from marts.customer_id_changes where customer_id in"
        f" ({', '.join(map(literal, customers)) or 'null'})"
    ).fetchall()
    return frozenset(id for (id,) in former if id)


@dataclass(frozen=True)
class Plan:
    """What an erasure will touch, before it does.

    `lists` are those that were handed over last and have the person. `unbuilt` counts the files
    that have landed since the warehouse was built: of whom is in them alone, nobody knows yet who
    they are. It is None where the last build has not ended.
    """

    target: Target
    found: tuple[Found, ...]
    generations: int
    lists: tuple[str, ...]
    unbuilt: int | None

    @property
    def refused(self) -> str | None:
        """Why it can't be done yet. One that was begun goes on: nothing is built meanwhile."""
        if self.unbuilt is None:
            return NOT_BUILT
        return UNBUILT.format(self.unbuilt) if self.unbuilt else None

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """By feed, how many rows go, lose the person, and were set aside as no records."""
        counts: dict[str, dict[str, int]] = {}
        for each in self.found:
            of_feed = counts.setdefault(
                each.feed.relation, {"rows_removed": 0, "sales_kept": 0, "lines_removed": 0}
            )
            of_feed["rows_removed"] += len(each.changes.removed)
            of_feed["sales_kept"] += len(each.changes.blanked)
            of_feed["lines_removed"] += len(each.changes.rejected)
        return counts


def plan(
    refresh: Refresh,
    persons: Iterable[Person],
    progress: Progress,
    known: KnownOf | None = None,
) -> Plan:
    """Finds all that is to be done; changes nothing but that it lands what has not landed yet.

    `known` are the marks of an erasure that was interrupted.

    Raises `ValueError`, which says what to do, when a file that can't be landed holds a person.
    """
    refresh.land(progress)
    project = refresh.project
    with People.of(project.warehouse) as people:
        target = Target.of(people, persons)
        progress("Looking for the rows")
        found, wanted = find_landed(
            *(project, refresh.feeds, read_rules(project), target.wanted),
            lambda orders: _of_others(people, orders, target.persons),
            known,
        )
        # Orders that only rows tell lose the person everywhere, and are marked as the others.
        traces = replace(target.traces, orders=wanted.values["order"])
        target = replace(target, wanted=wanted, traces=traces)
    _refuse_held(refresh, target)
    lists = tuple(_named(path, project.data) for path in lists_with(project, target.needles))
    generations = len(list((project.published / "generations").glob("*/regulars.duckdb")))
    return Plan(target, tuple(found), generations, lists, _unbuilt(refresh))


def erase(refresh: Refresh, planned: Plan, progress: Progress) -> Mapping[str, Any]:
    """Does what was planned, and returns the proof, which is kept as a file.

    Raises `ValueError` when there is no key of one's own, or the warehouse does not know yet what
    has landed.
    """
    if refused := planned.refused:
        raise ValueError(refused)
    journal, key = Journal(refresh.project), own_key()
    now = datetime.now(UTC)
    entry = {
        "erasure": f"{now:%Y%m%d}-{secrets.token_hex(4)}",
        "state": BEGUN,
        "key": key.id,
        "begun_at": now.isoformat(timespec="seconds"),
        "persons": len(planned.target.persons),
        "accounts": sum(len(person.accounts) for person in planned.target.persons),
        "orders_kept": len(planned.target.wanted.values["order"]),
        "rows": planned.counts,
    }
    folder = folder_of(refresh.project)
    folder.mkdir(exist_ok=True)
    read_rules(refresh.project).write(folder / "rules.json")
    # Whoever goes on finds the person by the marks: these are whole before anything is removed.
    journal.write({**entry, "state": MARKING})
    marks_of(refresh.project).add(key, entry["erasure"], planned.target.wanted.values)
    journal.write(entry)
    return _erase(refresh, planned, entry, progress)


def resume(refresh: Refresh, progress: Progress) -> Mapping[str, Any]:
    """Goes on with the erasure that was interrupted; `ValueError` if none was."""
    entry = Journal(refresh.project).read()
    if entry is None:
        raise ValueError("No erasure was interrupted.")
    if entry["state"] == PROVED:
        return _end(refresh, entry)
    if entry["state"] == MARKING:
        raise ValueError(unfinished(refresh.project))
    marks = marks_of(refresh.project).of(entry["erasure"])
    with People.of(refresh.project.warehouse) as people:
        accounts = marks.known("account", people.account_ids())
        persons = people.with_any_account(accounts) if accounts else []
    planned = plan(refresh, persons, progress, marks.known)
    return _erase(refresh, planned, entry, progress)


def _erase(
    refresh: Refresh, planned: Plan, entry: dict[str, Any], progress: Progress
) -> Mapping[str, Any]:
    project, target = refresh.project, planned.target
    with _work(refresh) as work:
        progress("Rewriting what was delivered")
        clear_what_kills_left(project.landing)
        eraser = Eraser(project, refresh.limits, work)
        for found in planned.found:
            eraser.erase(found)
        progress("Rewriting what is published")
        entry["generations_rewritten"], entry["generations"] = erase_published(
            project.published, target.traces
        )
        progress("Looking through logs, artifacts and exports")
        keep_removals(project, target.needles)
        had_page = project.report.exists()
        entry["other_files_touched"] = len(
            erase_leftovers(project, target.traces, target.needles, work)
        )
        if had_page and not project.report.exists():
            _report(refresh, progress)
        mend_exports(project)
        progress("Writing the warehouse anew")
        with opened(target.traces, work) as connection:
            rows = rewrite_database(
                *(connection, project.warehouse, work / project.warehouse.name, "warehouse"),
                read_rules(project).identity_tables,
                lambda catalog, _: forget_what_is_kept(connection, catalog),
                options="(storage_version 'latest')",  # as profiles.yml has it
            )
        entry["rows_in_the_warehouse"] = rows
        progress("Searching every file")
        # Decisions on identity, which name accounts, are the user's own: told, and not mended.
        folders = [project.data, *elsewhere(project), project.root / "seeds"]
        kept = [*_of_the_warehouse(project.warehouse), *removals(project)]
        searched = search(folders, target.needles, but=kept)
        entry |= {
            "searched_for": len(target.needles.texts),
            "files_searched": searched.files,
            "bytes_searched": searched.bytes,
            "files_that_hold_them": [_named(path, project.data) for path in searched.found],
            "lists_of_removals": [_named(path, project.data) for path in removals(project)],
            "files_not_unpacked": [_named(path, project.data) for path in searched.unreadable],
            "state": PROVED,
        }
        Journal(project).write(entry)
        return _end(refresh, entry)


def _report(refresh: Refresh, progress: Progress) -> None:
    """Writes the report anew; one that can't be written must not keep a person here."""
    try:
        refresh.report(progress)
    except IS_NOT_THERE as error:
        progress(f"The report was not written ({first_line(error)}): `regulars run` writes it")


def _end(refresh: Refresh, entry: dict[str, Any]) -> Mapping[str, Any]:
    """Puts the warehouse in its place, keeps the proof, and forgets that anything was begun."""
    project = refresh.project
    fresh = project.data / work_name() / project.warehouse.name
    if fresh.exists():
        for path in _of_the_warehouse(project.warehouse)[1:]:
            path.unlink(missing_ok=True)
        sync(fresh)
        fresh.replace(project.warehouse)
        sync(project.data)
    proof = {name: value for name, value in entry.items() if name != "state"}
    proof |= {"ended_at": datetime.now(UTC).isoformat(timespec="seconds")}
    write_json(folder_of(project) / "proofs" / f"{entry['erasure']}.json", proof)
    shutil.rmtree(project.data / work_name(), ignore_errors=True)
    Journal(project).end()
    return proof


@contextmanager
def _work(refresh: Refresh) -> Iterable[Path]:
    """An empty folder on the disk of the data; what a killed run had in it goes."""
    work = refresh.project.data / work_name()
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700)
    yield work


def _named(path: Path, data: Path) -> str:
    return str(path.relative_to(data) if path.is_relative_to(data) else path)


def _of_the_warehouse(warehouse: Path) -> list[Path]:
    return [warehouse, warehouse.with_name(f"{warehouse.name}.wal")]


def _of_others(people: People, orders: set[str], persons: Iterable[Person]) -> set[str]:
    """Those of some orders that the warehouse knows to be somebody else's."""
    if not orders:
        return set()
    listed = ", ".join(map(literal, orders))
    theirs = ", ".join(literal(person.customer_id) for person in persons) or "null"
    asked = people.connection.execute(
        "select order_id from intermediate.int_order_customers"
        f" where order_id in ({listed}) and customer_id not in ({theirs})"
    )
    return {order for (order,) in asked.fetchall()}


def _unbuilt(refresh: Refresh) -> int | None:
    results = refresh.project.target / RESULTS
    if not results.exists():
        return None
    built_at = datetime.fromtimestamp(results.stat().st_mtime, UTC)
    return Ledger(refresh.project.ledger).landed_since(built_at)


def _refuse_held(refresh: Refresh, target: Target) -> None:
    """A file that nobody can read can't be rewritten either."""
    project = refresh.project
    held = [event.file for event in Ledger(project.ledger).held_files(refresh.sources)]
    theirs = [file for file in held if is_found(project.landing / file, target.needles)]
    if theirs:
        raise ValueError(
            f"{', '.join(theirs)}: it is held, so that it can't be rewritten, and names the "
            "person: correct it, or take it out of the landing folder."
        )
