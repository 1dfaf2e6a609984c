"""How much a query may take, so that no question keeps others from being asked."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What one query may take: seconds by the clock, MB of memory, and how much is answered."""

    seconds: float = 20
    memory: int = 1_000
    threads: int = 2
    rows: int = 1_000
    columns: int = 100
    characters: int = 200_000

    @property
    def address_space(self) -> int:
        """Bytes after which the system gives no more: texts and lists of a query are not all in
        what DuckDB counts, and Python and its libraries have some 600 MB of addresses."""
        return (2 * self.memory + 1_000) * 1_000_000
