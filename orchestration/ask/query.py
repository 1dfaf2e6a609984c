"""A query of whoever asks, answered by a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

from orchestration.ask.answers import Publication, answer, in_language
from orchestration.ask.limits import Limits
from orchestration.ask.published import Published
from orchestration.ask.refusals import Refused, labels, refused
from orchestration.ask.words import words_of
from orchestration.labels import Text
from orchestration.project import ROOT

WORKER = "orchestration.ask.worker"
# What a process needs to start; secrets of the environment are not among it.
ENVIRONMENT = ("PATH", "PYTHONPATH", "LANG", "LC_ALL", "TZ", "HOME")
# From the interruption to the end of a process that does not obey it.
GRACE = 1.0
AT_ONCE = 2
_turns = threading.BoundedSemaphore(AT_ONCE)


def ask_query(
    published: Published,
    root: Path,
    query: str,
    max_rows: int | None,
    language: str,
    limits: Limits,
) -> dict[str, Any]:
    """The rows of a query, with what the marts mean that it reads; `Refused` says why not.

    With `max_rows` the first of them will do; without it an answer is whole, or refused.
    """
    limits = replace(limits, rows=min(max_rows or limits.rows, limits.rows))
    with _turns:
        told = _told(published.file, query, limits, may_cut=max_rows is not None)
    if "refused" in told:
        raise Refused(Text(*told["refused"]))
    if "code" in told:
        words = {"seconds": f"{limits.seconds:g}", "memory": f"{limits.memory:,}"}
        raise refused(told["code"], **words, reason=told.get("reason", ""))
    data = {"columns": told["columns"], "rows": told["rows"], "is_cut": told["is_cut"]}
    if told["is_cut"]:
        data["advice"] = in_language(labels()["is_cut"], language)
    publication = Publication(told["generation"], date.fromisoformat(told["as_of"]))
    definitions = [words_of(root, mart).definition for mart in told["marts"]]
    return answer(publication, language, definitions, data)


def _told(file: Path, query: str, limits: Limits, may_cut: bool) -> dict[str, Any]:
    asked = json.dumps(
        {"file": str(file), "query": query, "limits": asdict(limits), "may_cut": may_cut}
    )
    try:
        done = subprocess.run(
            [sys.executable, "-m", WORKER],
            input=asked,
            capture_output=True,
            encoding="utf-8",
            timeout=limits.seconds + GRACE,
            cwd=ROOT,
            env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
        )
    except subprocess.TimeoutExpired:
        return {"code": "too_slow"}
    try:
        return json.loads(done.stdout)
    except json.JSONDecodeError:
        # The system has ended it, as it does what takes too much.
        return {"code": "too_much_memory"}
