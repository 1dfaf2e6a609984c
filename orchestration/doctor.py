"""What a person needs to know when something is odd: versions, paths, lock, disk, generations."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator
from importlib.metadata import version

from orchestration import spark
from orchestration.landing.keyed import VARIABLE, HashKey
from orchestration.project import Project
from orchestration.publish.generations import generations
from orchestration.publish.lock import lock_holder

PACKAGES = ("regulars", "dbt-core", "dbt-duckdb", "duckdb", "dagster", "dagster-dbt")


def findings(project: Project) -> Iterator[str]:
    """One line a finding; those that ask for something to be done say what."""
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    yield f"Versions: Python {platform.python_version()}, {versions}"
    yield f"Spark: {spark.missing() or 'ready'}"
    yield f"Project: {project.root}"
    yield f"Data (REGULARS_DATA): {project.data}"
    holder = lock_holder(project.data)
    yield f"Lock: held by {holder}" if holder else "Lock: free"
    yield f"Hash key ({VARIABLE}): {_hash_key()}"
    yield from _disk(project)
    yield from _stages(project)


def _hash_key() -> str:
    """Which key is in use, or what is wrong with it."""
    try:
        key = HashKey.from_environment()
    except ValueError as error:
        return str(error)
    return key.id if key else "none, so keyed columns land as they are"


def _disk(project: Project) -> Iterator[str]:
    folder = next(path for path in (project.data, *project.data.parents) if path.exists())
    free = shutil.disk_usage(folder).free
    needed = 2 * project.warehouse.stat().st_size if project.warehouse.exists() else 0
    yield f"Disk: {free / 1e9:,.1f} GB free"
    if free < needed:
        yield "  A refresh may need twice the warehouse's size: make room, or move REGULARS_DATA."


def _stages(project: Project) -> Iterator[str]:
    if not project.landing.exists():
        yield f"Landing: {project.landing} is missing; put files there, or try `make run`."
    if not project.warehouse.exists():
        yield "Warehouse: not built yet; run `regulars run`."
    listed = generations(project.published)
    if not listed:
        yield "Published: nothing yet."
    for generation in listed:
        mark = " (current)" if generation.is_current else ""
        yield (
            f"Published: {generation.id} as of {generation.as_of_date}, "
            f"{generation.published_at:%Y-%m-%d %H:%M} UTC{mark}"
        )
