"""How DuckDB makes the tables of the demo world: never from each row of one beside each of another.

That it does where an outer join asks more than comparisons of one side with the other: an `or`, or
a condition of one side alone. A world hides it; with a million orders it would not end.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from conftest import Shop

# Joins that look at every pair of rows.
BY_PAIRS = {"BLOCKWISE_NL_JOIN", "CROSS_PRODUCT", "NESTED_LOOP_JOIN"}
# Beside a row or some of a seed any table may be; two of a thousand rows have a million pairs.
PAIRS = 1_000_000


@pytest.fixture
def connection(world: Shop) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(world.warehouse), read_only=True) as connection:
        yield connection


def operators(plan: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for operator in plan:
        yield operator
        yield from operators(operator["children"])


def rows(operator: dict[str, Any]) -> int:
    """How many rows it is thought to give."""
    told = operator["extra_info"].get("Estimated Cardinality")
    return int(told) if told else max(map(rows, operator["children"]), default=1)


def pairs_compared(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    """How many pairs of rows a query looks at in the worst of its joins.

    It is run only if its plan has one by pairs of which neither side is thought to be a single row.
    """
    [(_, plan)] = connection.execute(f"explain (format json) {sql}").fetchall()
    if not any(
        operator["name"].strip() in BY_PAIRS and min(map(rows, operator["children"])) > 1
        for operator in operators(json.loads(plan))
    ):
        return 0
    [(_, run)] = connection.execute(f"explain (analyze, format json) {sql}").fetchall()
    compared = (
        left["operator_cardinality"] * right["operator_cardinality"]
        for operator in operators(json.loads(run)["children"])
        if operator["operator_type"] in BY_PAIRS
        for left, right in [operator["children"]]
    )
    return max(compared, default=0)


def test_a_join_by_pairs_is_seen(connection: duckdb.DuckDBPyConnection) -> None:
    numbers = "(select i, nullif(i % 3, 0) as j from range(2000) as numbers(i))"
    joined = f"select count(l.i + r.i) from {numbers} as l left join {numbers} as r on l.i = r.i"
    assert pairs_compared(connection, joined) == 0
    assert pairs_compared(connection, f"{joined} and (l.j < r.j or r.j is null)") > PAIRS


def test_no_table_is_made_by_comparing_each_row_with_each(
    world: Shop, connection: duckdb.DuckDBPyConnection
) -> None:
    models = world.data / "target" / "compiled" / "regulars" / "models"
    # Those of data tests stand in folders named like the YAML that tells them.
    queries = [path for path in sorted(models.rglob("*.sql")) if path.parent.suffix != ".yml"]
    assert len(queries) > 400
    compared = {path.stem: pairs_compared(connection, path.read_text()) for path in queries}
    assert {name: pairs for name, pairs in compared.items() if pairs > PAIRS} == {}
