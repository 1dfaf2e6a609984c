"""A retailer of one shop: a place to deliver files to, and to look at what was landed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from orchestration.landing import Feed, LandingReport, land, read_feeds

MORNING = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)


@dataclass
class Shop:
    """Describes feeds, delivers files, lands them; each landing is one day after the last."""

    folder: Path
    said: list[str] = field(default_factory=list)
    days: int = 0

    @property
    def landing(self) -> Path:
        return self.folder / "landing"

    @property
    def raw(self) -> Path:
        return self.folder / "raw"

    @property
    def warehouse(self) -> Path:
        return self.folder / "warehouse.duckdb"

    @property
    def feeds(self) -> list[Feed]:
        staging = self.folder / "staging"
        return read_feeds(staging, sorted(each.name for each in staging.iterdir()))

    def describe(self, table: str, columns: list[str | dict], source: str = "pos", **meta: Any):
        """Writes the source YAML with one table; a column is a name or a name with its meta."""
        described = {
            "name": source,
            "schema": "raw",
            "config": {"enabled": "{{ 'pos' in var('sources') }}"},
            "tables": [
                {
                    "name": table,
                    "identifier": f"{source}__{table}",
                    "config": {"meta": meta},
                    "columns": [
                        {"name": column}
                        if isinstance(column, str)
                        else {"name": column["name"], "config": {"meta": column}}
                        for column in columns
                    ],
                }
            ],
        }
        path = self.folder / "staging" / source / f"_{source}__sources.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump({"version": 2, "sources": [described]}))

    def deliver(self, file: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        """Puts a file below the landing folder."""
        path = self.landing / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
        return path

    def land(self) -> LandingReport:
        self.days += 1
        now = MORNING + timedelta(days=self.days - 1)
        return land(self.feeds, self.landing, self.raw, self.warehouse, now, self.said.append)

    def query(self, sql: str) -> list[tuple]:
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def column(self, sql: str) -> list[Any]:
        return [value for (value,) in self.query(sql)]

    def stored(self) -> dict[str, bytes]:
        """Every file below `raw/` with its bytes."""
        found = [path for path in self.raw.rglob("*") if path.is_file()]
        return {str(path.relative_to(self.raw)): path.read_bytes() for path in found}


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop that describes `pos.receipts` as CSV of a number, a member, and an amount."""
    shop = Shop(tmp_path)
    shop.describe("receipts", ["receipt_no", "member", "amount"])
    return shop
