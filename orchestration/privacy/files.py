"""Who may read the data folder: what is published and the report are for others, the rest is not.

Files are made 0600 and folders 0700, whatever the user's umask, and what lies there otherwise is
closed: from older versions, of a dbt that was run by itself, of Spark, which sets modes of its own.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# What the data folder holds of single people, or may. Anything else in it is not ours to close.
PRIVATE = (
    *("landing", "raw", "parameters", "truth", "exports", "erasure", "check", "target"),
    *("logs", "warehouse.duckdb*", "spark", "cluster", ".spill"),
)
OTHERS = stat.S_IRWXO
ALL_BUT_THE_OWNER = stat.S_IRWXG | stat.S_IRWXO


@contextmanager
def kept_private(data: Path) -> Iterator[None]:
    """Whatever is written meanwhile is the owner's alone, and at the end so is all that lies there.

    For one command a process: the mask is the process's.
    """
    before = os.umask(ALL_BUT_THE_OWNER)
    try:
        yield
    finally:
        close(data)
        os.umask(before)


def close(data: Path) -> None:
    """Takes what is private from everybody but its owner.

    But for a landing folder that its group may write to: so other users deliver files.
    """
    for pattern in PRIVATE:
        for path in data.glob(pattern):
            is_delivered_to = path.name == "landing" and path.stat().st_mode & stat.S_IWGRP
            _close(path, OTHERS if is_delivered_to else ALL_BUT_THE_OWNER)


def folder_for_readers(folder: Path) -> None:
    """Makes a folder that everybody may look into; one that is there stays as it is."""
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o755)


def _close(path: Path, whom: int) -> None:
    """Goes through all that is below; links lead elsewhere, and others' files are not ours."""
    try:
        _close_present(path, whom)
    except FileNotFoundError:
        return  # whoever delivers has renamed it meanwhile: the next command finds it


def _close_present(path: Path, whom: int) -> None:
    status = path.lstat()
    if stat.S_ISLNK(status.st_mode) or os.geteuid() not in (0, status.st_uid):
        return
    if status.st_mode & whom:
        path.chmod(stat.S_IMODE(status.st_mode) & ~whom)
    if stat.S_ISDIR(status.st_mode):
        with os.scandir(path) as children:
            for child in children:
                _close(Path(child.path), whom)
