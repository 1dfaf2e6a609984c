"""What everything in a bundle shares: ids that never change, by which Superset knows it again."""

from __future__ import annotations

from uuid import UUID, uuid5

VERSION = "1.0.0"
DATABASE = "Regulars"
_SPACE = UUID("6f1d1f4e-2b0a-4b43-9d5c-7c0f3b2a6f10")


def id_of(kind: str, name: str) -> str:
    """The id of a database, dataset, chart or dashboard: an import replaces what an earlier one
    brought under it, and doubles nothing."""
    return str(uuid5(_SPACE, f"{kind} {name}"))
