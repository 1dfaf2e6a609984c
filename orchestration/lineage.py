"""Of which columns each column of a table is made, read from the SQL that dbt has compiled.

What a column is computed from counts, and not what rows are joined or left out by: so the lineage
of an amount leads to amounts. It is read from the text, with the columns of what it reads, and so
costs milliseconds a model, whatever the number of rows.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope
from sqlglot.schema import MappingSchema

from orchestration.staged import LANDER_COLUMNS

DIALECTS = {"duckdb": "duckdb", "spark": "spark", "cluster": "spark"}
# dbt's materializations, which make of a query a table with its columns.
SELECTED_AS_THEY_ARE = {"table", "view", "ephemeral", "incremental"}
SELECTED_AS_THEY_ARE |= {"kept_by_batch", "kept_by_row", "kept_by_month"}
Node = Mapping[str, Any]


@dataclass(frozen=True, order=True)
class Origin:
    """A column of a seed, model or source, which dbt knows by `unique_id`."""

    unique_id: str
    column: str


class Lineage:
    """The lineage of a project whose models dbt has compiled into `compiled`.

    `root` holds the project, whose seeds are asked for their columns.
    """

    def __init__(self, manifest: Mapping[str, Any], compiled: Path, root: Path, engine: str):
        self._manifest = manifest
        self._compiled = compiled / manifest["metadata"]["project_name"]
        self._root = root
        self._dialect = DIALECTS[engine]
        self._schema = MappingSchema(dialect=self._dialect)
        self._known: dict[str, Mapping[str, Sequence[Origin]]] = {}

    def of(self, unique_id: str) -> Mapping[str, Sequence[Origin]]:
        """The columns of a table, each with the columns of other tables that it is made of.

        Of what is no model, and of one that was not compiled or that nobody can read, the columns
        that its YAML declares, made of nothing that is known.
        """
        if unique_id not in self._known:
            node = self._nodes[unique_id]
            for parent in node.get("depends_on", {}).get("nodes", ()):
                if parent in self._nodes:
                    self.of(parent)
            self._known[unique_id] = self._columns(node)
            if columns := {name: "text" for name in self._known[unique_id]}:
                self._schema.add_table(_table(node), columns, dialect=self._dialect)
        return self._known[unique_id]

    @cached_property
    def _nodes(self) -> Mapping[str, Node]:
        found = [*self._manifest["nodes"].values(), *self._manifest["sources"].values()]
        return {node["unique_id"]: node for node in found if node["resource_type"] != "test"}

    @cached_property
    def _ids(self) -> Mapping[tuple[str, str], str]:
        return {_place(node): unique_id for unique_id, node in self._nodes.items()}

    def _columns(self, node: Node) -> Mapping[str, Sequence[Origin]]:
        """A materialization of our own makes other columns than its SQL selects, of all these."""
        read = self._read(node)
        if read and node["config"]["materialized"] in SELECTED_AS_THEY_ARE:
            return read
        every = sorted({origin for origins in read.values() for origin in origins})
        return {name: read.get(name, every) for name in self._declared(node)}

    def _read(self, node: Node) -> Mapping[str, Sequence[Origin]]:
        """What the SQL says; nothing where there is none, or none that can be read."""
        path = self._compiled / node["original_file_path"]
        if node["resource_type"] != "model" or not path.exists():
            return {}
        try:
            query = sqlglot.parse_one(path.read_text(encoding="utf-8"), dialect=self._dialect)
            for table in query.find_all(exp.Table):
                table.set("catalog", None)  # names the file; within it, the schema tells them apart
            query = qualify(
                query,
                schema=self._schema,
                dialect=self._dialect,
                validate_qualify_columns=False,
                quote_identifiers=False,
                identify=False,
            )
            scope = build_scope(query)
        except SqlglotError:
            return {}
        reader = _Reader(self._ids)
        return {
            name: sorted(set(reader.origins(scope, position)))
            for position, name in enumerate(query.named_selects)
        }

    def _declared(self, node: Node) -> Sequence[str]:
        """The columns of what is no SQL, as `register_raw` and dbt's seeds have them."""
        if node["resource_type"] == "seed":
            with (self._root / node["original_file_path"]).open(encoding="utf-8") as file:
                return next(csv.reader(file))
        columns = node["columns"]
        if node["resource_type"] == "source" and not any(
            column.get("data_type") for column in columns.values()
        ):
            return [*columns, *LANDER_COLUMNS]
        return list(columns)


class _Reader:
    """Follows the columns of one query down to the tables that it reads."""

    def __init__(self, ids: Mapping[tuple[str, str], str]):
        self._ids = ids
        self._known: dict[tuple[int, int], list[Origin]] = {}

    def origins(self, scope: Scope, position: int) -> list[Origin]:
        """Of what the column at a position is made; of a union, of all its parts."""
        key = (id(scope), position)
        if key not in self._known:
            self._known[key] = []  # what a recursive query takes from itself is nothing new
            self._known[key] = list(self._found(scope, position))
        return self._known[key]

    def _found(self, scope: Scope, position: int) -> Iterator[Origin]:
        if scope.set_operation_scopes:
            for part in scope.set_operation_scopes:
                yield from self.origins(part, position)
            return
        selects = scope.expression.selects
        if position < len(selects):
            yield from self._of(scope, selects[position])

    def _of(self, scope: Scope, expression: exp.Expression) -> Iterator[Origin]:
        subqueries = {id(each.expression): each for each in scope.subquery_scopes}
        for found in expression.walk(prune=lambda node: id(node) in subqueries):
            if inner := subqueries.get(id(found)):
                for position in range(len(inner.expression.selects)):
                    yield from self.origins(inner, position)
            elif isinstance(found, exp.Column):
                yield from self._of_column(scope, found)

    def _of_column(self, scope: Scope, column: exp.Column) -> Iterator[Origin]:
        source = scope.sources.get(column.table)
        if source is None and scope.parent:  # a correlated subquery asks what is around it
            yield from self._of_column(scope.parent, column)
        elif isinstance(source, exp.Table):
            if unique_id := self._ids.get((source.db.lower(), source.name.lower())):
                yield Origin(unique_id, column.name)
        elif isinstance(source, Scope) and source.is_udtf:  # unnest: of what it unfolds
            for unfolded in source.expression.expressions:
                yield from self._of(scope, unfolded)
        elif isinstance(source, Scope):
            names = source.expression.named_selects
            if column.name in names:
                yield from self.origins(source, names.index(column.name))


def _place(node: Node) -> tuple[str, str]:
    return node["schema"].lower(), (node.get("identifier") or node["alias"]).lower()


def _table(node: Node) -> str:
    return ".".join(_place(node))
