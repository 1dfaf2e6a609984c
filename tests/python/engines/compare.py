"""Two warehouses of the same project, table by table and row by row, read as files: no engine runs.

`python -m engines.compare LEFT RIGHT MANIFEST` prints the first difference of each table.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.duck import connect, identifier
from orchestration.warehouse import attach

TOLERANCE = 1e-9  # of doubles, relative to values above 1


@dataclass(frozen=True)
class Table:
    """A table of both warehouses, and the columns that tell its rows apart."""

    schema: str
    name: str
    key: Sequence[str]

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}"

    def of(self, catalog: str) -> str:
        return f"{catalog}.{identifier(self.schema)}.{identifier(self.name)}"


def tables_of(manifest: Path) -> list[Table]:
    """Every model of a manifest that is a table, with the key that its audit names."""
    nodes = json.loads(manifest.read_text())["nodes"].values()
    keys = {
        node["attached_node"]: node["test_metadata"]["kwargs"]["key"]
        for node in nodes
        if (node.get("test_metadata") or {}).get("name") == "audit"
    }
    return sorted(
        (
            Table(node["schema"], node["alias"], keys[node["unique_id"]])
            for node in nodes
            if node["resource_type"] == "model"
            and node["config"]["materialized"] not in ("view", "ephemeral", "kept_by_batch")
        ),
        key=str,
    )


def differences(left: Path, right: Path, tables: Sequence[Table]) -> list[str]:
    """One sentence for each table that is not the same in both; empty when all are."""
    with connect() as connection:
        attach(connection, left, "left_side")
        attach(connection, right, "right_side")
        return [
            f"{table}: {sentence}" for table in tables for sentence in _first(connection, table)
        ]


def _first(connection: duckdb.DuckDBPyConnection, table: Table) -> Iterator[str]:
    """The first difference of a table: of its columns, all of them, of its keys, or of a value."""
    sides = [table.of("left_side"), table.of("right_side")]
    left, right = (
        connection.execute(f"select column_name, column_type from (describe {side})").fetchall()
        for side in sides
    )
    if left != right:
        pairs = zip(left, right, strict=False)
        found = [f"{ours} and {theirs}" for ours, theirs in pairs if ours != theirs]
        if len(left) != len(right):
            found.append(f"{len(left)} columns and {len(right)} columns")
        yield f"columns are {', '.join(found)}"
        return
    key = ", ".join(map(identifier, table.key))
    for side in sides:
        twice = f"select {key} from {side} group by {key} having count(*) > 1 order by {key}"
        if row := connection.execute(twice).fetchone():
            yield f"{side} has the key {_named(table.key, row)} twice"
            return
    yield from _first_row(connection, table, dict(left))


def _first_row(
    connection: duckdb.DuckDBPyConnection, table: Table, types: dict[str, str]
) -> Iterator[str]:
    same_key = " and ".join(
        f"l.{name} is not distinct from r.{name}" for name in map(identifier, table.key)
    )
    keys = [f"coalesce(l.{name}, r.{name})" for name in map(identifier, table.key)]
    values = [name for name in types if name not in table.key]
    same_values = [_same(identifier(name), types[name]) for name in values]
    picked = ", ".join([*keys, "l.is_there", "r.is_there", *same_values])
    pairs = ", ".join(f"l.{name}, r.{name}" for name in map(identifier, values))
    conditions = " and ".join(["l.is_there", "r.is_there", *same_values])
    row = connection.execute(f"""
        select {picked}{", " if pairs else ""}{pairs}
        from (select *, true as is_there from {table.of("left_side")}) as l
        full join (select *, true as is_there from {table.of("right_side")}) as r on {same_key}
        where not coalesce({conditions}, false)
        order by {", ".join(keys)}
        limit 1
    """).fetchone()
    if row is None:
        return
    key, row = row[: len(keys)], row[len(keys) :]
    where = _named(table.key, key)
    if not (row[0] and row[1]):
        yield f"the row {where} is only on the {'left' if row[0] else 'right'}"
        return
    position = row[2 : 2 + len(values)].index(False)
    left, right = row[2 + len(values) :][2 * position : 2 * position + 2]
    yield f"in the row {where} {values[position]} is {left!r} and {right!r}"


def _same(name: str, kind: str) -> str:
    same = f"l.{name} is not distinct from r.{name}"
    if kind != "DOUBLE":
        return f"({same})"
    near = f"abs(l.{name} - r.{name}) <= {TOLERANCE} * greatest(1, abs(l.{name}))"
    return f"({same} or coalesce({near}, false))"


def _named(key: Sequence[str], row: Sequence[object]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in zip(key, row, strict=True))


if __name__ == "__main__":
    LEFT, RIGHT, MANIFEST = map(Path, sys.argv[1:])
    found = differences(LEFT, RIGHT, tables_of(MANIFEST))
    print(*found, sep="\n")
    sys.exit(bool(found))
