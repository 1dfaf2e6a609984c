"""dbt in the process of the tests, which loads it once. As a shell has it: `Shop.command`."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.dbt import (
    close_warehouse,
    forget_what_was_compiled,
    leave_plain_texts,
    little_garbage_collection,
    located,
)
from orchestration.project import Project


@dataclass(frozen=True)
class Done:
    """What a command has left: what its process would, and what dbt gives to who calls it."""

    returncode: int
    stdout: str
    result: Any


def invoke(project: Project, words: Sequence[str], manifest: Any = None) -> Done:
    """What a process with this command would do; given a manifest, it parses nothing."""
    from dbt.cli.main import dbtRunner

    command = [words[0], *located(project, project.target), *words[1:]]
    if manifest:
        forget_what_was_compiled(manifest)
    told = io.StringIO()
    leave_plain_texts()
    with (
        environment(project.data),
        contextlib.chdir(project.root),
        contextlib.redirect_stdout(told),
        little_garbage_collection(),
    ):
        try:
            done = dbtRunner(manifest=manifest).invoke(command)
        finally:
            close_warehouse()
    said = told.getvalue() + (str(done.exception) if done.exception else "")
    return Done(0 if done.success else 1, said, done.result)


@contextlib.contextmanager
def environment(data: Path) -> Iterator[None]:
    """The data folder, where dbt's profile looks for it."""
    before = os.environ.get("REGULARS_DATA")
    os.environ["REGULARS_DATA"] = str(data)
    try:
        yield
    finally:
        if before is None:
            del os.environ["REGULARS_DATA"]
        else:
            os.environ["REGULARS_DATA"] = before
