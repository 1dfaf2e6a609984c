"""Why a refresh published nothing."""

from __future__ import annotations

import os
from collections.abc import Iterable
from errno import ENOSPC

NO_ROOM = os.strerror(ENOSPC)


class RefreshFailed(Exception):
    """A refresh that published nothing; `reasons` are sentences, and the old marts stand.

    `remarks` are what else is to be said of it, as of one that has published.
    """

    def __init__(self, reasons: Iterable[str], remarks: Iterable[str] = ()):
        self.reasons = tuple(reasons)
        self.remarks = tuple(remarks)
        super().__init__("\n".join(self.reasons))

    def with_remarks(self, remarks: Iterable[str]) -> RefreshFailed:
        """The same failure with remarks, but for those that are among its reasons."""
        return RefreshFailed(self.reasons, [each for each in remarks if each not in self.reasons])


def says_no_room(told: str | None) -> bool:
    """Whether dbt or DuckDB tell of a full disk, which they do in words alone."""
    return NO_ROOM in (told or "")
