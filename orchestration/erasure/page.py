"""What an erasure says: what it will touch, and what it has done. No contact data in either."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from orchestration.erasure.erase import Plan
from orchestration.erasure.requests import Asked
from orchestration.person import Person
from orchestration.progress import counted


def plan_lines(plan: Plan) -> Iterator[str]:
    for person in plan.target.persons:
        yield from person_lines(person)
    yield ""
    yield f"In what was delivered ({len(plan.found):,} files and versions of files)"
    for relation, count in plan.counts.items():
        gone, kept, set_aside = (
            count[name] for name in ("rows_removed", "sales_kept", "lines_removed")
        )
        columns = sorted(
            {
                c
                for each in plan.found
                if each.feed.relation == relation
                for c in each.changes.columns
            }
        )
        told = [
            counted(gone, "row goes", "rows go") if gone else "",
            counted(kept, "sale stays", "sales stay") if kept else "",
            f"without {', '.join(columns)}" if columns else "",
            counted(set_aside, "line that is no record goes", "lines that are no record go")
            if set_aside
            else "",
        ]
        yield f"  {relation}: {', '.join(filter(None, told))}"
    yield ""
    yield (
        f"Besides: {counted(plan.generations, 'published generation')}, the warehouse, and "
        "whatever of logs, artifacts, exports and Dagster's storage names them."
    )
    if plan.lists:
        yield (
            f"Handed over: {', '.join(plan.lists)}. Whoever has them must be told to forget the "
            "person: lists of removals are put beside them."
        )
    if plan.refused:
        yield plan.refused


def person_lines(person: Person) -> Iterator[str]:
    yield f"Customer {person.customer_id}, {counted(len(person.orders), 'order')}"
    for account in person.accounts:
        linked = f", linked by {', '.join(account.linked_by)}" if account.linked_by else ""
        since = f", since {account.registered_on}" if account.registered_on else ""
        yield f"  {account.account_id}{since}{linked}"
    for kind in sorted({kind for kind, _ in person.shared}):
        yield f"  A {kind.replace('_', ' ')} that others have too stays with them."


def proof_lines(proof: Mapping[str, Any]) -> Iterator[str]:
    gone, kept = (
        sum(each[name] for each in proof["rows"].values())
        for name in ("rows_removed", "sales_kept")
    )
    yield (
        f"Erasure {proof['erasure']}: {counted(proof['accounts'], 'account')}. In what was "
        f"delivered, {counted(gone, 'row')} went and "
        f"{counted(kept, 'row of sales stays', 'rows of sales stay')} without the person; "
        f"{proof['generations_rewritten']} of {proof['generations']} generations and "
        f"{proof['rows_in_the_warehouse']:,} rows of the warehouse were rewritten."
    )
    found = proof["files_that_hold_them"]
    yield (
        f"{proof['files_searched']:,} files with {proof['bytes_searched']:,} bytes were searched "
        f"for {proof['searched_for']} values and hashes of values: "
        + (f"still in {', '.join(found)}, look there." if found else "none is left.")
    )
    if lists := proof["lists_of_removals"]:
        yield (
            f"Hand over, since whoever has the last lists has the person still: {', '.join(lists)}."
        )
    if unpacked := proof["files_not_unpacked"]:
        yield f"Damaged, so that only their bytes were searched: {', '.join(unpacked)}."


def request_lines(asked: Sequence[Asked]) -> Iterator[str]:
    if not asked:
        yield "Nobody has asked for erasure, or all who did were erased."
    for each in asked:
        state = f"answered on {each.resolved_on}" if each.resolved_on else "not answered"
        yield f"{each.interaction_id} of {each.asked_on}, {state}"
        yield from person_lines(each.person) if each.person else ["  of nobody who is known"]
        if each.person and not each.is_open and not each.resolved_on:
            yield "  It names an order and no account: make sure whose it is, and ask by --account."
