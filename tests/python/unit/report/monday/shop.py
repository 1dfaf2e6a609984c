"""Marts that the Monday page can be made of: the columns that it reads, and a shop in them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import duckdb
import yaml

HERE = Path(__file__).parent
TYPES = {
    "money": "decimal(18, 2)",
    "quantity": "decimal(18, 3)",
    "probability": "decimal(18, 9)",
}


def columns() -> Mapping[str, Mapping[str, str]]:
    """What the page reads: the columns of each mart and their types."""
    told = yaml.safe_load((HERE / "columns.yml").read_text("utf-8"))
    return {
        mart: {name: TYPES.get(kind, kind) for name, kind in named.items()}
        for mart, named in told.items()
    }


def complete(connection: duckdb.DuckDBPyConnection) -> None:
    """Adds to marts that are there the columns that they lack; those that aren't stay away."""
    for mart, named in columns().items():
        for name, kind in named.items():
            connection.execute(
                f"alter table if exists marts.{mart} add column if not exists {name} {kind}"
            )


def empty_marts(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes all marts that the page reads."""
    connection.execute("create schema marts")
    for mart, named in columns().items():
        listed = ", ".join(f"{name} {kind}" for name, kind in named.items())
        connection.execute(f"create table marts.{mart} ({listed})")


def shop(connection: duckdb.DuckDBPyConnection) -> None:
    """Fills empty marts with the shop of shop.sql."""
    connection.execute((HERE / "shop.sql").read_text("utf-8"))
