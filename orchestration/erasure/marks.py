"""Marks of erased persons: what tells that a row is theirs, and tells nobody who they were."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from orchestration.erasure.keys import FORMER, VARIABLE, known_keys
from orchestration.landing.keyed import HashKey

# What of a person is marked. Contacts that were theirs alone find only lines that are no record and
# records without an account number: who registers anew may have them. Names, addresses and what
# they wrote are not marked: a line that another of that name sends must stay to be mended.
KINDS = ("account", "order", "device", "card_token", "contact")


@dataclass(frozen=True)
class Mark:
    """`erasure` is the id of the erasure, `key` that of the key with which the mark was made."""

    erasure: str
    key: str
    kind: str
    mark: str


class Marks:
    """The marks in `erasure/marks.jsonl` of the data folder; what was written is never changed."""

    def __init__(self, path: Path, marks: list[Mark] | None = None):
        self.path = path
        if marks is None:
            marks = [Mark(**json.loads(line)) for line in _whole_lines(path)]
        self._marks = marks

    def __bool__(self) -> bool:
        return bool(self._marks)

    def add(self, key: HashKey, erasure: str, identifying: Mapping[str, Iterable[str]]) -> None:
        """Records durably what identifies a person, by kind; what an erasure has marked already is
        not marked for it again."""
        known = set(self._marks)
        asked = (
            Mark(erasure, key.id, kind, key.mark(kind, value))
            for kind in KINDS
            for value in sorted(identifying.get(kind, ()))
        )
        fresh = [mark for mark in asked if mark not in known]
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as stream:
            stream.writelines(f"{json.dumps(vars(mark))}\n" for mark in fresh)
            stream.flush()
            os.fsync(stream.fileno())
        self._marks += fresh
        self.__dict__.pop("_by_key", None)

    def of(self, erasure: str) -> Marks:
        """Those of one erasure."""
        return Marks(self.path, [mark for mark in self._marks if mark.erasure == erasure])

    def known(self, kind: str, values: Iterable[str]) -> set[str]:
        """Which of the values are an erased person's.

        Raises `ValueError`, which says what to do, when the key of a mark is not known.
        """
        keys, marks = known_keys(), self._by_key
        if unknown := marks.keys() - keys.keys():
            raise ValueError(
                f"Persons were erased under a key with the id {min(unknown)}, and without it their "
                f"rows can't be told: set {VARIABLE} to it, or {FORMER} if it was replaced."
            )
        return {
            value
            for value in values
            if any(keys[id].mark(kind, value) in found.get(kind, ()) for id, found in marks.items())
        }

    @cached_property
    def _by_key(self) -> Mapping[str, Mapping[str, set[str]]]:
        """The marks by the key that made them, and their kind."""
        found: dict[str, dict[str, set[str]]] = {}
        for each in self._marks:
            found.setdefault(each.key, {}).setdefault(each.kind, set()).add(each.mark)
        return found


def _whole_lines(path: Path) -> list[str]:
    """The lines of a file that a killed run may have left unfinished; what it left is cut off."""
    if not path.exists():
        return []
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    if whole != content:
        with path.open("r+b") as stream:
            stream.truncate(len(whole))
            os.fsync(stream.fileno())
    return whole.decode().splitlines()
