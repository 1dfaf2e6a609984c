"""What a query may be: one SELECT over published marts.

It is judged by the tree that DuckDB's own parser makes of it. Nothing is looked for in the text, so
that comments, quotes and letters that look alike hide nothing. What is allowed is named, and all
else is refused, what a later DuckDB adds too.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from orchestration.ask.refusals import refused
from orchestration.duck import literal

LONGEST_QUERY = 20_000
DEEPEST = 400
CATALOG, SCHEMA = "regulars", "marts"

# Of the tree: queries, what they select from, and how they order and cut.
NODES = {
    *("SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"),
    *("BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EXPRESSION_LIST", "EMPTY", "PIVOT"),
    *("DISTINCT_MODIFIER", "ORDER_MODIFIER", "LIMIT_MODIFIER", "LIMIT_PERCENT_MODIFIER"),
    *("ASCENDING", "DESCENDING", "ORDER_DEFAULT"),
}
EXPRESSIONS = {
    *("BETWEEN", "CASE", "CAST", "COLLATE", "COLUMN_REF", "COMPARISON", "CONJUNCTION", "CONSTANT"),
    *("FUNCTION", "LAMBDA", "LAMBDA_REF", "OPERATOR", "POSITIONAL_REFERENCE", "STAR", "SUBQUERY"),
    "WINDOW",
}
TABLE_FUNCTIONS = {"range", "generate_series", "unnest"}
# What an answer would differ by, though the generation is the same. A column that is called so is
# asked for with its table in front.
CLOCK_AND_SESSION = {
    *("current_date", "current_time", "current_timestamp", "localtime", "localtimestamp", "today"),
    *("now", "get_current_time", "get_current_timestamp", "transaction_timestamp", "random"),
    *("current_catalog", "current_database", "current_schema", "current_query", "current_role"),
    *("current_user", "session_user", "user"),
}
# What holds types alone, which DuckDB's parser lets have no expressions.
TYPES = ("cast_type", "expected_types")


@cache
def functions() -> frozenset[str]:
    """What a query may call."""
    lines = Path(__file__).with_name("functions.txt").read_text("utf-8").splitlines()
    return frozenset(name for line in lines if not line.startswith("# ") for name in line.split())


def marts_read(
    connection: duckdb.DuckDBPyConnection, query: str, marts: Collection[str]
) -> list[str]:
    """The marts that a query reads, by name; `Refused` where it is not what it may be."""
    statement = _parsed(connection, query)
    nodes = list(_nodes(statement["node"]))
    named = {name for node in nodes for name in _named_queries(node)}
    # Where the name is not in scope, it would mean what the database calls so.
    if taken := named & _relations(connection) - set(marts):
        raise refused("bad_name", name=min(taken))
    for node in nodes:
        _check(node, {*marts, *named})
    read = {node["table_name"].lower() for node in nodes if node.get("type") == "BASE_TABLE"}
    return sorted(read & set(marts))


def _parsed(connection: duckdb.DuckDBPyConnection, query: str) -> dict[str, Any]:
    """The tree of the one statement."""
    if len(query) > LONGEST_QUERY:
        raise refused("long_query", limit=f"{LONGEST_QUERY:,}")
    if any(unicodedata.category(each) in ("Cc", "Cs") and each not in "\t\r\n" for each in query):
        raise refused("unseen_characters")
    # As a literal: for a parameter DuckDB would load pandas, which takes longer than the query.
    [(told,)] = connection.execute(f"select json_serialize_sql({literal(query)})").fetchall()
    try:
        tree = json.loads(told)
    except RecursionError:
        raise refused("deep_query") from None
    if tree["error"]:
        if tree["error_type"] == "parser":
            raise refused("no_sql", reason=tree["error_message"])
        raise refused("no_select")
    if len(tree["statements"]) != 1:
        raise refused("one_statement", count=str(len(tree["statements"])))
    return tree["statements"][0]


def _nodes(tree: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every node of the tree. Constants are leaves: what is in them is nobody's query."""
    left: list[tuple[Any, int]] = [(tree, 0)]
    while left:
        each, depth = left.pop()
        if depth > DEEPEST:
            raise refused("deep_query")
        if isinstance(each, dict):
            yield each
            if each.get("class") == "CONSTANT":
                continue
            branches = [branch for name, branch in each.items() if name not in TYPES]
        else:
            branches = each if isinstance(each, list) else []
        left.extend((branch, depth + 1) for branch in branches)


def _named_queries(node: dict[str, Any]) -> Iterator[str]:
    """Names that a WITH gives."""
    for each in node.get("cte_map", {}).get("map", ()):
        yield each["key"].lower()
    if node.get("type") == "RECURSIVE_CTE_NODE":
        yield node["cte_name"].lower()


def _relations(connection: duckdb.DuckDBPyConnection) -> set[str]:
    found = connection.execute(
        "select lower(view_name) from duckdb_views()"
        " union select lower(table_name) from duckdb_tables()"
    )
    return {name for (name,) in found.fetchall()}


def _check(node: dict[str, Any], tables: Collection[str]) -> None:
    kind, expression = node.get("type"), node.get("class")
    if expression and expression not in EXPRESSIONS:
        raise refused("part_of_sql", part=expression.lower())
    if isinstance(kind, str) and not expression and kind not in NODES:
        raise refused("show" if kind == "SHOW_REF" else "part_of_sql", part=kind.lower())
    if kind == "BASE_TABLE":
        _check_table(node, tables)
    elif kind == "TABLE_FUNCTION":
        name = node["function"].get("function_name", "").lower()
        if name not in TABLE_FUNCTIONS:
            raise refused("table_function", name=name)
    elif expression == "COLUMN_REF" and len(node["column_names"]) == 1:
        _check_column(node["column_names"][0])
    if "function_name" in node:
        _check_function(node)


def _check_table(node: dict[str, Any], tables: Collection[str]) -> None:
    place = (node["catalog_name"].lower(), node["schema_name"].lower())
    is_in_place = place in {("", ""), ("", SCHEMA), (CATALOG, SCHEMA)}
    if not is_in_place or node["table_name"].lower() not in tables:
        named = (node["catalog_name"], node["schema_name"], node["table_name"])
        raise refused("no_mart", name=".".join(filter(None, named)))


def _check_column(name: str) -> None:
    """DuckDB calls some functions without brackets."""
    if name.lower() in CLOCK_AND_SESSION:
        raise refused("clock_or_session", name=name)


def _check_function(node: dict[str, Any]) -> None:
    name = node["function_name"].lower()
    if name in CLOCK_AND_SESSION:
        raise refused("clock_or_session", name=name)
    if name not in functions() or node.get("catalog") or node.get("schema") not in ("", "main"):
        raise refused("function", name=name)
