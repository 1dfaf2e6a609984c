"""What lies in the landing folder, at a glance: enough to tell whether anything has changed."""

from __future__ import annotations

import hashlib
from pathlib import Path


def state_of(landing: Path) -> tuple[str, float]:
    """A digest of the names, sizes and times of all files, and the time of the last change.

    The time is in seconds since 1970, 0 for an empty or missing folder.
    """
    files = sorted(path for path in landing.rglob("*") if path.is_file())
    stats = [(path, path.stat()) for path in files]
    listing = [f"{path}\t{stat.st_size}\t{stat.st_mtime_ns}" for path, stat in stats]
    changed_at = max((stat.st_mtime for _, stat in stats), default=0.0)
    return hashlib.sha256("\n".join(listing).encode()).hexdigest(), changed_at
