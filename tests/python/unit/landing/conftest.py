"""A retailer of one shop: a place to deliver files to, and to look at what was landed."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow
import pytest
import yaml
from pyarrow import parquet

from orchestration.duck import connect, identifier, literal_path
from orchestration.landing import (
    Feed,
    HashKey,
    LandingReport,
    Limits,
    csv_file,
    land,
    read_feeds,
)
from orchestration.landing.land import STAMPS
from orchestration.landing.ledger import Event
from orchestration.landing.limits import USUAL

MORNING = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)
EVENT_COLUMNS = ", ".join(
    f"{each.name}: '{'bigint' if 'int' in each.type else 'varchar'}'" for each in fields(Event)
).replace("landed_at: 'varchar'", "landed_at: 'timestamp'")


@dataclass
class Shop:
    """Describes feeds, delivers files, lands them; each landing is one day after the last."""

    folder: Path
    said: list[str] = field(default_factory=list)
    days: int = 0
    limits: Limits = USUAL
    key: HashKey | None = None

    @property
    def landing(self) -> Path:
        return self.folder / "landing"

    @property
    def raw(self) -> Path:
        return self.folder / "raw"

    @property
    def feeds(self) -> list[Feed]:
        staging = self.folder / "staging"
        return read_feeds(staging, sorted(each.name for each in staging.iterdir()))

    def describe(
        self,
        table: str,
        columns: list[str | dict],
        source: str = "pos",
        others: dict[str, dict] | None = None,
        **meta: Any,
    ):
        """Writes the source YAML with one table; a column is a name or a name with its meta.

        `others` are further tables of the same columns, each with its own meta.
        """
        described = {
            "name": source,
            "schema": "raw",
            "config": {"enabled": "{{ 'pos' in var('sources') }}"},
            "tables": [
                {
                    "name": name,
                    "identifier": f"{source}__{name}",
                    "config": {"meta": of_table},
                    "columns": [
                        {"name": column}
                        if isinstance(column, str)
                        else {"name": column["name"], "config": {"meta": column}}
                        for column in columns
                    ],
                }
                for name, of_table in {table: meta, **(others or {})}.items()
            ],
        }
        path = self.folder / "staging" / source / f"_{source}__sources.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump({"version": 2, "sources": [described]}, sort_keys=False))

    def deliver(self, file: str, content: str | bytes, encoding: str = "utf-8") -> Path:
        """Puts a file below the landing folder."""
        path = self.landing / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
        return path

    def deliver_rows(self, file: str, rows: list[list[str | None]], format: str = "") -> Path:
        """Writes a header and rows of text in the format that the file's name ends with."""
        return self.deliver(file, content_of(format or file.rpartition(".")[2], rows))

    def land(self, verify: bool = False) -> LandingReport:
        self.days += 1
        now = MORNING + timedelta(days=self.days - 1)
        return land(
            *(self.feeds, self.landing, self.raw, now, self.said.append, self.limits),
            key=self.key,
            verify=verify,
        )

    def query(self, sql: str) -> list[tuple]:
        """Rows of what was landed, under the names that dbt gives it."""
        with connect() as connection:
            connection.execute("create schema raw")
            for relation, columns in [
                *((feed.relation, [each.name for each in feed.columns]) for feed in self.feeds),
                ("rejected_lines", ["line", "text", "reason_code"]),
            ]:
                rows = self._rows(relation, [*columns, "_file", "_line"])
                connection.execute(f"create view raw.{identifier(relation)} as {rows}")
            connection.execute(
                f"create view raw.deliveries as from read_json("
                f"{literal_path(self.raw / 'deliveries.jsonl')}, "
                f"format = 'newline_delimited', columns = {{{EVENT_COLUMNS}}})"
            )
            return connection.execute(sql).fetchall()

    def _rows(self, relation: str, columns: list[str]) -> str:
        files = ", ".join(map(literal_path, (self.raw / relation).glob("*.parquet")))
        if files:
            return f"from read_parquet([{files}], union_by_name = true)"
        return f"select {', '.join(f'null as {identifier(name)}' for name in columns)} where false"

    def column(self, sql: str) -> list[Any]:
        return [value for (value,) in self.query(sql)]

    def stored(self) -> dict[str, bytes]:
        """Every file below `raw/` with its bytes, but for the stamps that may be lost."""
        found = [path for path in self.raw.rglob("*") if path.is_file() and path.name != STAMPS]
        return {str(path.relative_to(self.raw)): path.read_bytes() for path in found}


def content_of(format: str, rows: list[list[str | None]]) -> bytes:
    """A file of this format with a header and rows of text, names that come twice among them."""
    header, *records = rows
    match format:
        case "csv":
            return "".join(f"{','.join(cell or '' for cell in row)}\n" for row in rows).encode()
        case "jsonl":
            lines = [json.dumps(dict(zip(header, row, strict=True))) for row in records]
            return "".join(f"{line}\n" for line in lines).encode()
        case "xlsx":
            book, stream = openpyxl.Workbook(), io.BytesIO()
            for row in rows:
                book.active.append(row)
            book.save(stream)
            return stream.getvalue()
    columns = [list(column) for column in zip(*records, strict=True)]
    stream = io.BytesIO()
    parquet.write_table(pyarrow.table(columns, names=header), stream)
    return stream.getvalue()


@pytest.fixture(params=[csv_file.SMALL, 0], ids=["as small files", "as large files"])
def of_any_size(request, monkeypatch):
    """Small files of CSV are looked at line by line, and large ones read in bulk."""
    monkeypatch.setattr(csv_file, "SMALL", request.param)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop that describes `pos.receipts` as CSV of a number, a member, and an amount."""
    shop = Shop(tmp_path)
    shop.describe("receipts", ["receipt_no", "member", "amount"])
    return shop
