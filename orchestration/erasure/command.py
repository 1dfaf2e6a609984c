"""What `regulars erase` does, whichever way it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from orchestration.erasure.erase import erase, plan
from orchestration.erasure.erase import resume as go_on
from orchestration.erasure.journal import unfinished
from orchestration.erasure.keys import own_key
from orchestration.erasure.page import plan_lines, proof_lines, request_lines
from orchestration.erasure.requests import requests
from orchestration.person import People, Person, find
from orchestration.progress import Progress
from orchestration.refresh import Refresh

ACT = "Nothing was changed. Say --yes to do it; it can't be undone."
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


def requested(refresh: Refresh, is_sure: bool, progress: Progress) -> Done:
    """Erases all who have asked for it, at once, or says who they are."""
    _refuse(refresh)
    topics = refresh.project.variables(refresh.overrides).get("erasure_topics", [])
    with People.of(refresh.project.warehouse) as people:
        asked = requests(people, topics)
    persons = {each.person.customer_id: each.person for each in asked if each.person}
    if not is_sure or not persons:
        return Done((*request_lines(asked), *([ACT] if persons else [])))
    return _of(persons.values(), refresh, is_sure, progress)


def resume(refresh: Refresh, progress: Progress) -> Done:
    """Goes on with the erasure that was interrupted."""
    return _proved(go_on(refresh, progress))


def _refuse(refresh: Refresh) -> None:
    """There must be a key, also to look: who has none would learn of it too late."""
    own_key()
    if reason := unfinished(refresh.project):
        raise ValueError(reason)


def _of(persons: Iterable[Person], refresh: Refresh, is_sure: bool, progress: Progress) -> Done:
    planned = plan(refresh, persons, progress)
    if not is_sure:
        return Done((*plan_lines(planned), ACT))
    return _proved(erase(refresh, planned, progress))


def _proved(proof: Mapping[str, Any]) -> Done:
    return Done((*proof_lines(proof), THEN), bool(proof["files_that_hold_them"]))
