"""What stood before the build that is running, for whoever only reads.

A build writes `warehouse.duckdb` for minutes, and DuckDB lets no other process in meanwhile. So the
build keeps a copy of what it begins with, until it has ended; a file system that can share blocks
makes it at once and for nothing. Whoever takes the refresh lock removes what a killed build left.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb

from orchestration.duck import connect, is_open_elsewhere
from orchestration.project import Project
from orchestration.publish.lock import RefreshRunning, lock_holder

# linux/fs.h: makes a file of the blocks of another, which are copied once one of the two changes.
FICLONE = 0x40049409
# What is copied block by block where they can't be shared: some seconds, and never the last room.
COPIED_BYTES = 4_000_000_000
ROOM = 3
# A refresh that has only just begun, or reads, lets others in again within moments.
PATIENCE_SECONDS = 3.0
RETRY_SECONDS = 0.1


@contextmanager
def standing(project: Project) -> Iterator[None]:
    """Keeps what stands readable while a build writes; the caller holds the refresh lock."""
    unfinished = project.warehouse.with_name(f"{project.warehouse.name}.wal")
    if project.engine == "duckdb" and project.warehouse.exists() and not unfinished.exists():
        if project.results.exists():
            shutil.copyfile(project.results, project.standing_results)
        _copy(project.warehouse, project.standing)
    try:
        yield
    finally:
        project.remove_standing()


def readable(project: Project) -> Project:
    """The project as it can be read now: the warehouse, or what stood before it is built anew.

    Raises `RefreshRunning` where a build has the warehouse open and could not keep a copy of it.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        holder = lock_holder(project.data)
        if holder and project.standing.exists():
            return replace(project, is_being_built=True)
        if not holder or _opens(project):
            return project
        if time.monotonic() >= deadline:
            raise RefreshRunning(
                f"A refresh is writing the warehouse ({holder}), and there was no room for a copy "
                "of what stood before: try again when it has ended."
            )
        time.sleep(RETRY_SECONDS)


def _opens(project: Project) -> bool:
    """Whether the warehouse can be opened, if it is there; Spark's is a folder."""
    if not project.warehouse.is_file():
        return True
    try:
        connect(project.warehouse, access_mode="read_only").close()
    except duckdb.Error as error:
        return not is_open_elsewhere(error)
    return True


def _copy(warehouse: Path, copy: Path) -> None:
    """A copy at its place by one rename, so that nobody opens half of it; none if room is short."""
    fresh = copy.with_name(f"{copy.name}.new")
    try:
        with warehouse.open("rb") as source, fresh.open("wb") as target:
            os.fchmod(target.fileno(), 0o600)
            size = os.fstat(source.fileno()).st_size
            if not _share(source.fileno(), target.fileno()):
                free = shutil.disk_usage(warehouse.parent).free
                if size > COPIED_BYTES or free < ROOM * size:
                    return
                shutil.copyfileobj(source, target, 1 << 20)
        fresh.replace(copy)
    finally:
        fresh.unlink(missing_ok=True)


def _share(source: int, target: int) -> bool:
    """Whether the file system could give one file the blocks of the other."""
    try:
        fcntl.ioctl(target, FICLONE, source)
    except OSError:
        return False
    return True
