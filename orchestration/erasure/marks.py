"""Marks of erased persons: what tells that a row is theirs, and tells nobody who they were."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestration.erasure.keys import FORMER, VARIABLE, Key, known_keys

# What of a person is marked. A phone or an e-mail address is not: who registers anew may have it.
KINDS = ("account", "order", "device", "card_token")


@dataclass(frozen=True)
class Mark:
    """`erasure` is the id of the erasure, `key` that of the key with which the mark was made."""

    erasure: str
    key: str
    kind: str
    mark: str


class Marks:
    """The marks in `erasure/marks.jsonl` of the data folder; what was written is never changed."""

    def __init__(self, path: Path):
        self.path = path
        self._marks = [Mark(**json.loads(line)) for line in _whole_lines(path)]

    def __bool__(self) -> bool:
        return bool(self._marks)

    def add(self, key: Key, erasure: str, identifying: Mapping[str, Iterable[str]]) -> None:
        """Records durably what identifies a person, by kind; what is marked already is not."""
        known = {(mark.key, mark.kind, mark.mark) for mark in self._marks}
        fresh = [
            Mark(erasure, key.id, kind, mark)
            for kind in KINDS
            for mark in sorted({key.mark(kind, value) for value in identifying.get(kind, ())})
            if (key.id, kind, mark) not in known
        ]
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as stream:
            stream.writelines(f"{json.dumps(vars(mark))}\n" for mark in fresh)
            stream.flush()
            os.fsync(stream.fileno())
        self._marks += fresh

    def of(self, erasure: str) -> Marks:
        """Those of one erasure."""
        some = Marks.__new__(Marks)
        some.path, some._marks = self.path, [m for m in self._marks if m.erasure == erasure]
        return some

    def known(self, kind: str, values: Iterable[str]) -> set[str]:
        """Which of the values are an erased person's.

        Raises `ValueError`, which says what to do, when the key of a mark is not known.
        """
        keys, marks = known_keys(), defaultdict(set)
        for mark in self._marks:
            if mark.key not in keys:
                raise ValueError(
                    f"Persons were erased under a key with the id {mark.key}, and without it their "
                    f"rows can't be told: set {VARIABLE} to it, or {FORMER} if it was replaced."
                )
            if mark.kind == kind:
                marks[mark.key].add(mark.mark)
        return {
            value
            for value in values
            if any(keys[id].mark(kind, value) in found for id, found in marks.items())
        }


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
