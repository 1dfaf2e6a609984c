"""What `regulars erase` does, whichever way it is asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from orchestration.erasure.erase import erase, plan
from orchestration.erasure.erase import resume as go_on
from orchestration.erasure.journal import MARKING, Journal, unfinished
from orchestration.erasure.keys import own_key
from orchestration.erasure.page import plan_lines, proof_lines, request_lines
from orchestration.erasure.requests import requests
from orchestration.person import People, Person, find
from orchestration.progress import Progress
from orchestration.refresh import Refresh

ACT = (
    "Nobody was erased; what was new has landed, with this REGULARS_HASH_KEY. Say --yes to erase; "
    "it can't be undone."
)
NAME = (
    "Nothing was changed. Name requests to see what erasing their persons touches: "
    "`regulars erase --requests REQUEST...`, and with --yes to do it."
)
THEN = "The figures follow at the next `regulars run`."


@dataclass(frozen=True)
class Done:
    """What is said, and whether something of the person is left."""

    lines: tuple[str, ...]
    is_left: bool = False


def person(
    refresh: Refresh,
    email: str | None,
    phone: str | None,
    account: str | None,
    is_sure: bool,
    progress: Progress,
) -> Done:
    """Erases one person, or says what that would touch."""
    _refuse(refresh)
    return _of([find(refresh.project, email, phone, account)], refresh, is_sure, progress)


def requested(refresh: Refresh, named: Collection[str], is_sure: bool, progress: Progress) -> Done:
    """Says who has asked for it, or what it touches to erase those whose requests are named, or
    erases these."""
    _refuse(refresh)
    topics = refresh.project.variables(refresh.overrides).get("erasure_topics", [])
    with People.of(refresh.project.warehouse) as people:
        asked = requests(people, topics)
    if not named:
        return Done((*request_lines(asked), *([NAME] if asked else [])))
    open_ = {each.interaction_id: each.person for each in asked if each.is_open and each.person}
    if unknown := sorted(set(named) - open_.keys()):
        raise ValueError(
            f"No open request of a known account: {', '.join(unknown)}. `regulars erase --requests`"
            " lists them; who is known to have asked otherwise is erased by --account."
        )
    persons = {open_[each].customer_id: open_[each] for each in named}
    return _of(persons.values(), refresh, is_sure, progress)


def resume(refresh: Refresh, progress: Progress) -> Done:
    """Goes on with the erasure that was interrupted."""
    return _proved(go_on(refresh, progress))


def _refuse(refresh: Refresh) -> None:
    """There must be a key, also to look: who has none would learn of it too late. One that was
    interrupted before it removed anything is begun anew."""
    own_key()
    entry = Journal(refresh.project).read()
    if entry and entry["state"] != MARKING:
        raise ValueError(unfinished(refresh.project))


def _of(persons: Iterable[Person], refresh: Refresh, is_sure: bool, progress: Progress) -> Done:
    planned = plan(refresh, persons, progress)
    if not is_sure:
        return Done((*plan_lines(planned), ACT))
    return _proved(erase(refresh, planned, progress))


def _proved(proof: Mapping[str, Any]) -> Done:
    return Done((*proof_lines(proof), THEN), bool(proof["files_that_hold_them"]))
