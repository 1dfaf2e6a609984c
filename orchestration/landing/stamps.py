"""What the bytes of delivered files were when they were read last, known again by their stamps.

A stamp is size, both times of change and inode. It is trusted only where the file had not changed
for some seconds when its bytes were hashed: what is written within one tick of a clock has one
time. Who copies a file over another and sets its time back is found all the same, since nobody can
set the time at which a file's entry changed, where the file system keeps one.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from pathlib import Path

SETTLED = 3_000_000_000  # nanoseconds without a change; some file systems count by two seconds


class Stamps:
    """The hashes of files by their names and stamps, in a file that may be lost."""

    def __init__(self, path: Path, are_trusted: bool = True):
        """Where they are not trusted, every file is hashed anew."""
        self._path = path
        self._known: dict[str, list] = _read(path) if are_trusted else {}
        self._found: dict[str, list] = {}

    def sha256(self, name: str, path: Path) -> tuple[os.stat_result, str]:
        """What is known of a file, else found by reading it; raises `OSError`."""
        status, began = path.stat(), time.time_ns()
        stamp = [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
        known = self._known.get(name)
        if known and known[:-1] == stamp:
            digest = known[-1]
        else:
            with path.open("rb") as stream:
                digest = hashlib.file_digest(stream, "sha256").hexdigest()
        if max(status.st_mtime_ns, status.st_ctime_ns) < began - SETTLED:
            self._found[name] = [*stamp, digest]
        return status, digest

    def write(self) -> None:
        """Keeps what was found in this run, for the next one."""
        if self._path.exists() and self._found == _read(self._path):
            return
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps(self._found), encoding="utf-8")
        fresh.replace(self._path)


def _read(path: Path) -> dict[str, list]:
    """What was written, nothing where there is nothing or it is damaged."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
