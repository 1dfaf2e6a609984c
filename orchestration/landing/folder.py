"""What lies in the landing folder, at a glance: enough to tell whether anything has changed."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

from orchestration.landing.delivered import walk


def state_of(landing: Path) -> tuple[str, float]:
    """A digest of the names, sizes and times of all that may land, and the time of the last change.

    The time is in seconds since 1970, 0 for an empty or missing folder. One that is yet to come is
    of another clock, which whoever copied the file has put there at its end: it tells nothing.
    """
    listing, changed_at, now = [], 0.0, time.time()
    for path, _ in sorted(walk(landing.resolve())):  # which may be a link to another disk
        try:
            stat = path.stat()
        except OSError:  # gone meanwhile, or a link that leads nowhere
            continue
        listing.append(f"{path}\t{stat.st_size}\t{stat.st_mtime_ns}")
        changed_at = max(changed_at, stat.st_mtime if stat.st_mtime <= now else 0.0)
    digest = hashlib.sha256("\n".join(listing).encode(errors="surrogateescape"))
    return digest.hexdigest(), changed_at
