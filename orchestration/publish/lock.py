"""One refresh at a time, by a lock that the operating system releases when its holder dies."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

RETRY_SECONDS = 0.1


class RefreshRunning(Exception):
    """Another refresh holds the lock: a sentence that says which."""


@dataclass(frozen=True)
class Lock:
    """A refresh lock that is held."""

    file: TextIO

    def keep(self) -> None:
        """Holds it on till this process has ended, for what can't be stopped before."""
        os.dup(self.file.fileno())


@contextmanager
def refresh_lock(data: Path, command: str, wait_seconds: float = 0.3) -> Iterator[Lock]:
    """Holds `<data>/refresh.lock`, which says who does: process, start (UTC) and command.

    Raises `RefreshRunning` when another process still holds it after `wait_seconds`. Nothing that
    the holder starts inherits it, so that it is free as soon as the holder has ended.
    """
    data.mkdir(parents=True, exist_ok=True)
    with _path(data).open("a+", encoding="utf-8") as file:
        _acquire(file, time.monotonic() + wait_seconds)
        started_at = datetime.now(UTC).isoformat(timespec="seconds")
        _write(file, f"`{command}`, process {os.getpid()}, since {started_at}")
        try:
            yield Lock(file)
        finally:
            _write(file, "")


def lock_holder(data: Path) -> str | None:
    """Who holds the lock at this moment, `None` when a refresh may start."""
    if not _path(data).exists():
        return None
    with _path(data).open(encoding="utf-8") as file:
        return None if _take(file, fcntl.LOCK_SH) else _holder(file)


def _path(data: Path) -> Path:
    return data / "refresh.lock"


def _acquire(file: TextIO, deadline: float) -> None:
    while not _take(file, fcntl.LOCK_EX):
        if time.monotonic() >= deadline:
            raise RefreshRunning(
                f"Another refresh is running ({_holder(file)}): "
                "wait for it to end, or stop it, then try again."
            )
        time.sleep(RETRY_SECONDS)


def _take(file: TextIO, operation: int) -> bool:
    """Whether the lock was free, and is now held until the file is closed."""
    try:
        fcntl.flock(file, operation | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _holder(file: TextIO) -> str:
    file.seek(0)
    return file.read() or "one that has only just begun"


def _write(file: TextIO, text: str) -> None:
    file.truncate(0)
    file.write(text)
    file.flush()
