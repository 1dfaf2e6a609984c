"""The published file as answers are read from it."""

from __future__ import annotations

from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.ask.answers import Publication
from orchestration.ask.refusals import refused
from orchestration.duck import connect, rows

# Readers need nothing but the file: no other file, no network, no extension; and little memory.
READING = {
    "access_mode": "read_only",
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "temp_directory": "",
    "memory_limit": "1GB",
}


@dataclass(frozen=True)
class Generation:
    """What readers see while it is open."""

    connection: duckdb.DuckDBPyConnection
    publication: Publication
    marts: Set[str]


@dataclass(frozen=True)
class Published:
    """The marts that readers see, or a role, at `link`, which leads to another file after each
    publication."""

    link: Path

    @property
    def file(self) -> Path:
        """The file that the link leads to by now."""
        if not self.link.exists():
            raise refused("nothing_published")
        return self.link.resolve()

    @contextmanager
    def opened(self, **settings: str | int) -> Iterator[Generation]:
        """One generation; `settings` are DuckDB's. `Refused` where nothing is published."""
        try:
            connection = connect(self.file, **{**READING, **settings})
        except duckdb.Error:
            raise refused("unreadable") from None
        with connection:
            try:
                [found] = rows(connection, "select generation, as_of_date from marts.publication")
            except duckdb.Error:
                raise refused("unreadable") from None
            named = rows(
                connection, "select table_name from duckdb_tables() where schema_name = 'marts'"
            )
            yield Generation(
                connection, Publication(**found), {each["table_name"] for each in named}
            )
