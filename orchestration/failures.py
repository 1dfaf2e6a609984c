"""Why a refresh published nothing."""

from __future__ import annotations

from collections.abc import Iterable


class RefreshFailed(Exception):
    """A refresh that published nothing; `reasons` are sentences, and the old marts stand.

    `remarks` are what else is to be said of it, as of one that has published.
    """

    def __init__(self, reasons: Iterable[str], remarks: Iterable[str] = ()):
        self.reasons = tuple(reasons)
        self.remarks = tuple(remarks)
        super().__init__("\n".join(self.reasons))
