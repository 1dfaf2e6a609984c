"""What the audit of kept tables found (`self_audit_share`)."""

from __future__ import annotations

from collections.abc import Iterator

from orchestration.remarks.built import Built, listed

# What macros/materializations/kept.sql says of a table that was another, made anew.
MENDED = "REPAIRED"


def mended_tables(built: Built) -> Iterator[str]:
    """Tables that were kept and should not have been, which is a fault of the project's."""
    names = sorted(
        node["name"] for node, result in built.artifacts.built if result.get("message") == MENDED
    )
    if names:
        yield (
            f"Kept from an earlier refresh, and another, now made anew: {listed(names)}."
            " It is mended; the next refresh makes everything anew: please report this."
        )
