"""What the definitions share: the refresh that they schedule, and the dbt project it builds."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dagster_dbt import DbtProject

from orchestration import dbt
from orchestration.publish.lock import refresh_lock
from orchestration.refresh import Refresh

# The pool of everything that writes the warehouse; dagster.yaml lets one run in at a time.
WRITER = "warehouse"
# How long a step waits for a refresh that someone started on the command line.
PATIENCE_SECONDS = 3600


def parsed(refresh: Refresh) -> DbtProject:
    """The dbt project with a manifest that is as new as its files, parsed when it is not.

    `dagster dev` alone would see to that; pytest and `dagster definitions validate` need it too.
    """
    project = refresh.project
    target = project.target / f"definitions-{refresh.example or 'default'}"
    manifest = target / "manifest.json"
    is_new = manifest.exists() and manifest.stat().st_mtime > _last_change(project.root)
    if not is_new:
        dbt.run(project, ("parse",), refresh.overrides, target, print)
    return DbtProject(
        project_dir=project.root,
        target_path=target,
        profiles_dir=project.root,
        target=project.engine,
    )


def _last_change(root: Path) -> float:
    files = [root / "dbt_project.yml", root / "profiles.yml"]
    for folder in ("models", "macros", "seeds", "tests/generic", "tests/singular", "examples"):
        files += (root / folder).rglob("*.*")
    return max(file.stat().st_mtime for file in files)


@contextmanager
def alone(step: str) -> Iterator[None]:
    """Holds the refresh lock while a step writes, and waits for a refresh that is running."""
    with refresh_lock(REFRESH.project.data, f"dagster, step {step}", PATIENCE_SECONDS):
        yield


REFRESH = Refresh.from_environment()
DBT_PROJECT = parsed(REFRESH)
