"""dbt's unit tests with the rows that they give as tables, in a tenth of dbt's own time.

dbt selects the tests, renders the models under their overrides and reports. But it asks the
database for the columns of every input of every test, renders every cell by macros, and parses each
model's SQL to put the rows in front of it. Here a model is rendered once for all tests that want it
alike, columns are known beforehand, and rows lie in temporary tables under the names that dbt gives
them. docs/decisions/0062-unit-tests-in-tables.md says what holds this to what dbt does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from duckdb import DuckDBPyConnection

from orchestration.duck import connect, identifier, literal, rows

if TYPE_CHECKING:
    from dbt.contracts.graph.nodes import UnitTestNode

# The types of a table's columns by their names, and what a test gives or expects: rows, or a query.
Columns = Mapping[str, str]
Rows = Sequence[Mapping[str, Any]] | str


@dataclass(frozen=True)
class Rendered:
    """A model as tests with the same inputs and overrides have it, with the names that its SQL has
    for its inputs, and the names of these in the warehouse."""

    test: UnitTestNode
    sql: str
    inputs: Sequence[tuple[str, str]]


@contextmanager
def rows_as_tables(columns: Mapping[str, Columns]) -> Iterator[None]:
    """Within it, dbt runs unit tests of DuckDB so; `columns` are those of `schema.table`."""
    from dbt.task.test import TestRunner, UnitTestDiff, UnitTestResultData

    rendered: dict[str, Rendered] = {}
    connection = connect(threads=1)

    def execute_unit_test(runner: Any, definition: Any, manifest: Any) -> tuple:
        overrides = definition.overrides.to_dict() if definition.overrides else {}
        inputs = [given.input for given in definition.given]
        key = json.dumps([definition.model, overrides, inputs], sort_keys=True)
        if key not in rendered:
            rendered[key] = _render(runner, definition, manifest)
        model = rendered[key]
        for (name, table), given in zip(model.inputs, definition.given, strict=True):
            keep(connection, name, query_of(given.rows, columns.get(table, {})))
        told = difference(connection, model.sql, definition.expect.rows)
        test = replace(model.test, name=definition.name, unique_id=definition.unique_id)
        diff = UnitTestDiff(actual=[], expected=[], rendered=told) if told else None
        return test, UnitTestResultData(bool(told), adapter_response={}, diff=diff)

    with pytest.MonkeyPatch.context() as patch, connection:
        patch.setattr(TestRunner, "execute_unit_test", execute_unit_test)
        yield


def _render(runner: Any, definition: Any, manifest: Any) -> Rendered:
    """By dbt's own context of unit tests, in which inputs have other names and overrides hold."""
    from dbt.clients.jinja import get_rendered
    from dbt.context.providers import generate_runtime_unit_test_context
    from dbt.contracts.graph.nodes import UnitTestSourceDefinition

    own = runner.build_unit_test_manifest_from_test(definition, manifest)
    test, *inputs = own.nodes.values()
    context = generate_runtime_unit_test_context(test, runner.config, own)
    prefixed = runner.adapter.Relation.add_ephemeral_prefix
    names = [
        prefixed(node.cte_name if isinstance(node, UnitTestSourceDefinition) else node.identifier)
        for node in inputs
    ]
    tables = [f"{node.schema}.{node.identifier}" for node in inputs]
    return Rendered(
        test, get_rendered(test.raw_code, context, test), list(zip(names, tables, strict=True))
    )


def columns_of(warehouse: Path) -> dict[str, Columns]:
    """The columns of every table and view, by `schema.table`."""
    found: dict[str, dict[str, str]] = {}
    with connect(warehouse, access_mode="read_only") as connection:
        for schema, table, name, data_type in connection.execute(
            "select schema_name, table_name, column_name, data_type from duckdb_columns()"
            " where database_name = current_database() order by column_index"
        ).fetchall():
            found.setdefault(f"{schema}.{table}", {})[name] = data_type
    return found


def keep(connection: DuckDBPyConnection, name: str, query: str) -> None:
    connection.execute(f"create or replace temp table {identifier(name)} as (\n{query}\n)")


def query_of(given: Rows, columns: Columns) -> str:
    """The rows as a query: every column of the table, each value cast to its type, as dbt does."""
    if isinstance(given, str):
        return given
    cells = [{name.lower(): _text(value) for name, value in row.items()} for row in given]
    if unknown := {name for row in cells for name in row} - columns.keys():
        raise ValueError(f"columns that are not there: {', '.join(sorted(unknown))}")
    values = [
        _listed(f"cast({row.get(name, 'null')} as {type_})" for name, type_ in columns.items())
        for row in cells or [{}]
    ]
    names = _listed(map(identifier, columns))
    listed = _listed(f"({row})" for row in values)
    limit = "" if cells else " limit 0"
    return f"select * from (values {listed}) as given ({names}){limit}"


def difference(connection: DuckDBPyConnection, sql: str, expected: Rows) -> str:
    """What the query makes beside what is expected of it, in words; none where that is the same.

    Compared are the columns of the first row that is expected, and all where there is none. A row
    that names others is refused: what it says of them would be compared with nothing.
    """
    keep(connection, "actual", sql)
    columns = {
        row["column_name"]: row["column_type"] for row in rows(connection, "describe actual")
    }
    named = [] if isinstance(expected, str) or not expected else map(str.lower, expected[0])
    compared = {name: columns[name] for name in named} or columns
    if not isinstance(expected, str) and any(row.keys() != expected[0].keys() for row in expected):
        raise ValueError("rows that are expected name other columns than the first of them")
    keep(connection, "expected", query_of(expected, compared))
    names = _listed(map(identifier, compared))
    lacking, surplus = (
        rows(connection, f"select {names} from {one} except all select {names} from {other}")
        for one, other in (("expected", "actual"), ("actual", "expected"))
    )
    return "\n".join(
        [f"not there: {row}" for row in lacking] + [f"not expected: {row}" for row in surplus]
    )


def _text(value: object) -> str:
    """The value as dbt writes it into SQL."""
    if value is None:
        return "null"
    return literal(value) if isinstance(value, str) else str(value)


def _listed(parts: Iterable[str]) -> str:
    return ", ".join(parts)
