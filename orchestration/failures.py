"""Why a refresh published nothing."""

from __future__ import annotations

from collections.abc import Iterable


class RefreshFailed(Exception):
    """A refresh that published nothing; `reasons` are sentences, and the old marts stand."""

    def __init__(self, reasons: Iterable[str]):
        self.reasons = tuple(reasons)
        super().__init__("\n".join(self.reasons))
