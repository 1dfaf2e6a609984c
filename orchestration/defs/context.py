"""What the definitions share: the refresh that they schedule, and the dbt project it builds."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGTERM

import dagster as dg
from dagster_dbt import DbtProject

from orchestration import dbt
from orchestration.exits import sentence_of
from orchestration.privacy.files import kept_private
from orchestration.publish.lock import refresh_lock
from orchestration.refresh import Refresh
from orchestration.signals import end_soon, end_with_parent

# The pool of everything that writes the warehouse; dagster.yaml lets one run in at a time.
WRITER = "warehouse"
# How long a step waits for a refresh that someone started on the command line.
PATIENCE_SECONDS = 3600
# How long Dagster may take to write down that a run was stopped.
FAREWELL_SECONDS = 3

REFRESH = Refresh.from_environment()
# What the definitions are made of; a build with other variables leaves it alone.
PARSED = REFRESH.project.target / f"definitions-{REFRESH.example or 'default'}"
# A build with the variables of the definitions takes its manifest from them.
SESSION = dbt.Session(
    REFRESH.project, REFRESH.overrides, REFRESH.project.target, PARSED, looks=True
)


def parsed() -> DbtProject:
    """The dbt project with a manifest that is as new as its files, parsed when it is not.

    `dagster dev` alone would see to that; pytest and `dagster definitions validate` need it too.
    """
    project = REFRESH.project
    if not is_parsed():
        SESSION.parse()
    return DbtProject(
        project_dir=project.root,
        target_path=PARSED,
        profiles_dir=project.profiles,
        target=project.engine,
    )


def is_parsed() -> bool:
    """Whether there is a manifest that is as new as the project's files."""
    manifest = PARSED / "manifest.json"
    return manifest.exists() and manifest.stat().st_mtime > _last_change(REFRESH.project.root)


def _last_change(root: Path) -> float:
    """Of files, and of folders: a file that goes or gets another name changes only its folder."""
    paths = [root / "dbt_project.yml", root / "profiles.yml"]
    for name in ("models", "macros", "seeds", "tests/generic", "tests/singular", "examples"):
        paths += [root / name, *(root / name).rglob("*")]
    return max(path.stat().st_mtime for path in paths if path.exists())


@contextmanager
def alone(step: str) -> Iterator[None]:
    """Holds the refresh lock while a step writes, and waits for a refresh that is running.

    A step that is stopped takes its process with it, since dbt's threads can't be stopped. So does
    the end of the process that launched the run. One that fails says so in the sentence that the
    command line has for it.
    """
    with (
        in_words(),
        refresh_lock(REFRESH.project.data, f"dagster, step {step}", PATIENCE_SECONDS) as lock,
    ):
        REFRESH.project.remove_standing()  # of a build that was killed
        end_with_parent()
        try:
            with kept_private(REFRESH.project.data):
                yield
        except (dg.DagsterExecutionInterruptedError, KeyboardInterrupt):
            lock.keep()
            end_soon(SIGTERM, FAREWELL_SECONDS)
            raise


@contextmanager
def in_words() -> Iterator[None]:
    """Makes of a failure the sentence that the command line has for it."""
    try:
        yield
    except Exception as error:
        sentence = sentence_of(error)
        if sentence is None:
            raise
        raise dg.Failure(sentence, allow_retries=False) from error


DBT_PROJECT = parsed()
