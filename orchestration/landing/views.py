"""The views of the schema `raw`: every landed Parquet file, and the ledger."""

from __future__ import annotations

import glob
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

from orchestration.duck import identifier, literal, literal_path
from orchestration.landing.feeds import Feed
from orchestration.landing.ledger import Event
from orchestration.landing.sql import connect

META_COLUMNS = {
    "_file": "varchar",
    "_line": "bigint",
    "_batch": "varchar",
    "_landed_at": "timestamp",
}
REJECTED_LINES = {
    "source": "varchar",
    "feed": "varchar",
    "file": "varchar",
    "line": "bigint",
    "text": "varchar",
    "reason_code": "varchar",
    "_batch": "varchar",
    "_landed_at": "timestamp",
}
DELIVERIES = {
    field.name: "bigint" if "int" in field.type else "varchar" for field in fields(Event)
} | {"landed_at": "timestamp"}


def create_views(warehouse: Path, raw: Path, feeds: Iterable[Feed], work: Path) -> None:
    """Creates `raw.<source>__<table>`, `raw.rejected_lines` and `raw.deliveries` anew, at once."""
    views = {feed.relation: _over_parquet(raw / feed.relation, _columns(feed)) for feed in feeds}
    views["rejected_lines"] = _over_parquet(raw / "rejected_lines", REJECTED_LINES)
    views["deliveries"] = _over_ledger(raw / "deliveries.jsonl")
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    with connect(warehouse, work) as connection:
        connection.begin()
        connection.execute("create schema if not exists raw")
        for name, query in views.items():
            connection.execute(f"create or replace view raw.{identifier(name)} as {query}")
        connection.commit()


def _columns(feed: Feed) -> dict[str, str]:
    return {column.name: "varchar" for column in feed.columns} | META_COLUMNS


def _over_parquet(folder: Path, columns: dict[str, str]) -> str:
    """All files of a folder; a column that no file has yet is there, typed and NULL."""
    empty = _empty(columns)
    if not any(folder.glob("*.parquet")):
        return empty
    files = literal(f"{glob.escape(str(folder))}/*.parquet")
    return f"{empty} union all by name select * from read_parquet({files}, union_by_name = true)"


def _over_ledger(path: Path) -> str:
    if not path.stat().st_size:
        return _empty(DELIVERIES)
    typed = ", ".join(f"{name}: {literal(kind)}" for name, kind in DELIVERIES.items())
    return (
        f"select * from read_json({literal_path(path)}, format = 'newline_delimited', "
        f"columns = {{{typed}}})"
    )


def _empty(columns: dict[str, str]) -> str:
    typed = [f"cast(null as {kind}) as {identifier(name)}" for name, kind in columns.items()]
    return f"select {', '.join(typed)} where false"
