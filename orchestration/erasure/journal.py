"""Which erasure has begun and not ended; it holds nothing of the person, and outlives a kill."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orchestration.disk import sync
from orchestration.project import Project

MARKING, BEGUN, PROVED = "marking", "begun", "proved"
ASK_AGAIN = "ask for it again as before, `regulars erase ...`"


def folder_of(project: Project) -> Path:
    """Where marks, the journal and the proofs are kept."""
    return project.data / "erasure"


class Journal:
    """The file `erasure/journal.json`, which is there while an erasure has not ended."""

    def __init__(self, project: Project):
        self.path = folder_of(project) / "journal.json"

    def read(self) -> dict[str, Any] | None:
        """What was written last; None when no erasure has begun."""
        return json.loads(self.path.read_text(encoding="utf-8")) if self.path.exists() else None

    def write(self, entry: Mapping[str, Any]) -> None:
        """Durably, by one rename."""
        write_json(self.path, entry)

    def end(self) -> None:
        self.path.unlink(missing_ok=True)
        sync(self.path.parent)


def unfinished(project: Project) -> str | None:
    """What is to be done about an erasure that has not ended; None if there is none."""
    entry = Journal(project).read()
    if entry is None:
        return None
    if entry["state"] == MARKING:
        return f"An erasure was interrupted before anything was removed: {ASK_AGAIN}."
    return (
        "An erasure was interrupted, and what it has not reached yet still holds the person: "
        "`regulars erase --resume` first."
    )


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Writes JSON for its owner's eyes, by one rename, and waits until the disk has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    fresh.chmod(0o600)
    sync(fresh)
    fresh.replace(path)
    sync(path.parent)
