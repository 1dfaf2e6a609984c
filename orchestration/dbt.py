"""dbt as a subprocess: its arguments, its environment, and its progress line by line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from orchestration.project import Project

# The dbt of this environment, whether or not it is on the PATH.
EXECUTABLE = str(Path(sys.executable).with_name("dbt"))

# Unit tests prove the SQL, not the data: they belong to `make test`, not to every refresh.
BUILD = ("build", "--exclude-resource-type", "unit_test")


class DbtBroke(Exception):
    """dbt ended before it could say what became of each node; why, on one line."""


def command(words: Sequence[str], variables: Mapping[str, Any]) -> list[str]:
    """A dbt command with its variables."""
    return [*words, *(("--vars", json.dumps(variables, default=str)) if variables else ())]


def located(project: Project, target: Path) -> list[str]:
    """Where dbt finds the project and leaves its artifacts, whatever folder is the current one."""
    return [
        *("--project-dir", str(project.root)),
        *("--profiles-dir", str(project.root)),
        *("--target", project.engine),
        *("--target-path", str(target)),
        *("--log-path", str(project.logs)),
    ]


def environment(project: Project) -> dict[str, str]:
    """The environment of a dbt process: where the data lies, and no telemetry."""
    return {**os.environ, "REGULARS_DATA": str(project.data), "DO_NOT_TRACK": "1"}


def run(
    project: Project,
    words: Sequence[str],
    variables: Mapping[str, Any],
    target: Path,
    progress: Callable[[str], None],
) -> None:
    """Runs dbt to its end and tells of every node that it finishes.

    Raises `DbtBroke` when dbt could not begin, as with a model that can't be parsed, or was killed.

    `progress` gets texts such as '12 of 200 orders'. What dbt has to say of failures is in its log;
    `orchestration.publish.audit` puts it in sentences.
    """
    project.logs.mkdir(parents=True, exist_ok=True)
    errors = project.logs / "stderr.log"  # Spark is talkative
    with (
        errors.open("w") as stderr,
        subprocess.Popen(
            [
                *(EXECUTABLE, "--log-format", "json"),
                *command(words, variables),
                *located(project, target),
            ],
            cwd=project.root,
            env=environment(project),
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            close_fds=False,  # it holds the refresh lock as long as it lives
        ) as process,
    ):
        broken, has_begun = None, False
        for line in process.stdout or ():
            text, is_fatal = _told(line)
            has_begun = True
            if is_fatal:
                broken = text
            elif text:
                progress(text)
    if not broken and (process.returncode not in (0, 1) or not has_begun):
        broken = f"dbt ended with code {process.returncode}: see {errors}."
    if broken:
        raise DbtBroke(broken)


def _told(line: str) -> tuple[str | None, bool]:
    """What a line of dbt's JSON log tells a person, if anything, and whether dbt ends with it."""
    try:
        event = json.loads(line)
    except json.JSONDecodeError:
        return line.strip() or None, False
    name, data = event["info"]["name"], event.get("data", {})
    if name in {"LogModelResult", "LogSeedResult", "LogTestResult"}:
        node = data["node_info"]["node_name"]
        return f"{data['index']} of {data.get('total', data.get('num_models'))} {node}", False
    if name == "MainEncounteredError":
        return " ".join(event["info"]["msg"].split()), True
    return None, False
