"""Models run again on the connection of a fit, as of an earlier day: what scores is what is tried.

A second telling of the rules in Python would be another model, and one more set of every score at
each cut-off a price that every refresh pays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import duckdb

RELATION = re.compile(r'"warehouse"\."\w+"\."(\w+)"')
SCHEMA = "replay"


@dataclass(frozen=True)
class Replay:
    """Tables in the schema `replay` that take the place of those of the warehouse.

    `queries` is the SQL of the models as the last build ran it. Whatever is made here is read by
    what is made after it; all else is read from the warehouse.
    """

    connection: duckdb.DuckDBPyConnection
    queries: Mapping[str, str]
    made: set[str] = field(default_factory=set)

    @classmethod
    def on(cls, connection: duckdb.DuckDBPyConnection) -> Replay:
        """With the SQL that the fit was given; the schema is empty."""
        connection.execute(f"create or replace schema {SCHEMA}")
        return cls(connection, dict(connection.execute("from compiled_models").fetchall()))

    def put(self, table: str, query: str) -> None:
        """A table made otherwise than by its model."""
        self.connection.execute(f"create or replace table {SCHEMA}.{table} as {query}")
        self.made.add(table)

    def see(self, table: str, query: str) -> None:
        """Rows of the warehouse in place of a table: never copied, they are read where they are."""
        self.connection.execute(f"create or replace view {SCHEMA}.{table} as {query}")
        self.made.add(table)

    def leave(self, table: str) -> None:
        """The table of the warehouse again."""
        self.made.discard(table)

    def run(self, models: Iterable[str]) -> None:
        """Makes the models anew, in this order."""

        def relation(found: re.Match[str]) -> str:
            return f"{SCHEMA}.{found[1]}" if found[1] in self.made else found[0]

        for model in models:
            self.put(model, RELATION.sub(relation, self.queries[model]))
