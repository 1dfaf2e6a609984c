"""What becomes of one delivered file: rows, rejected lines, and the count of its lines."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TextIO

import duckdb

from orchestration.duck import identifier, literal, literal_path
from orchestration.landing.feeds import Column, Feed
from orchestration.landing.keyed import HashKey
from orchestration.landing.limits import USUAL, Limits
from orchestration.landing.reasons import Rejected
from orchestration.landing.text import KEPT_OF_LONG_LINE, is_encodable, readable

DUCKDB_LINE = 2_000_000  # bytes; DuckDB's own limit of a CSV record, raised where one is longer
FEW = 1 << 20  # bytes of rows that wait in memory; a statement of DuckDB costs as much as hundreds
REJECTED = "rejected_lines"  # where lines of all feeds lie that are no record
Row = tuple[int, *tuple[str | None, ...]]  # the number of a line, and texts
SHORTENED = {"cell_too_long", "too_many_keys"}  # reasons of lines of which the beginning is kept


def csv_options(quote: str = '"') -> str:
    """DuckDB's options for CSV of which nothing is guessed; an empty quote is none."""
    quoting = f"quote = {literal(quote)}, escape = {literal(quote)}"
    return (
        f"auto_detect = false, header = false, {quoting}, "
        "nullstr = '', allow_quoted_nulls = true, strict_mode = true, null_padding = false, "
        "ignore_errors = false, compression = 'none', encoding = 'utf-8'"
    )


@dataclass(frozen=True)
class Found:
    """Rows that DuckDB finds in an SQL `relation`: the number of their line, and an expression of
    text for each declared column, None for one that the file lacks."""

    line: str
    values: Sequence[str | None]
    relation: str


@dataclass
class Tally:
    """The lines of one file by what became of them; `rows` may span several lines each."""

    physical: int = 0
    header: int = 0
    blank: int = 0
    accepted: int = 0
    quarantined: int = 0
    rows: int = 0

    def check(self) -> None:
        """Raises `RuntimeError` when a line is unaccounted for, which would be a bug."""
        if self.physical != self.header + self.blank + self.accepted + self.quarantined:
            raise RuntimeError(f"Lines are unaccounted for, please report this: {self}.")


@dataclass
class Output:
    """Collects one file in the folder `work`; nothing shows in `raw/` before `publish`.

    A reader hands over rows and rejected lines one by one (`accept`, `reject`), which wait as CSV
    on disk where they are many, and tells at the end (`finish`) what DuckDB finds besides, which
    should be most. Where it finds nothing and they are few, they become Parquet without it.
    """

    connection: duckdb.DuckDBPyConnection
    work: Path
    feed: Feed
    file: str
    batch: str
    landed_at: datetime
    limits: Limits = USUAL
    key: HashKey | None = None
    tally: Tally = field(default_factory=Tally)
    columns_missing: tuple[str, ...] = ()
    columns_added: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)  # of what was not read, for a message

    def __post_init__(self) -> None:
        if self.key:
            self.key.teach(self.connection)
        self._begin()

    def _begin(self) -> None:
        self._rows = _Spool(self.work / "rows.csv")
        self._rejected = _Spool(self.work / "rejected.csv")
        self._filled_down = self.feed.filled_down
        self._above: list[str | None] | None = None  # the values that are filled down

    def accept(self, line: int, values: Sequence[str | None], lines: int = 1) -> None:
        """Takes a row that begins at `line` and spans `lines` physical lines.

        Raises `Rejected`, and takes nothing, when a value is no text or too long.
        """
        for value in values:
            if value and len(value) > self.limits.cell_characters:
                raise Rejected("cell_too_long", lines)
        if self._filled_down:
            values = self._fill_down(values)
        try:
            self._rows.write((line, *values))
        except UnicodeEncodeError:
            raise Rejected("undecodable_text", lines) from None
        self.tally.rows += 1
        self.tally.accepted += lines

    def reject(self, line: int, text: str, reason: str) -> None:
        """Sets a line aside; no row after it goes on with a record before it."""
        kept = text[:KEPT_OF_LONG_LINE] if reason in SHORTENED else text.rstrip("\r\n")
        self._rejected.write((line, reason, kept if is_encodable(kept) else readable(kept)))
        self.tally.quarantined += 1
        self._above = None

    def begin_anew(self) -> None:
        """Forgets all that was handed over."""
        self.close()
        self.tally, self.notes = Tally(), []
        self._begin()

    def finish(self, found: Found | None = None, rows: int = 0) -> bool:
        """Turns what was accepted and rejected into Parquet, and what DuckDB finds, a line a row.

        False where that is not the number of `rows` that it should be.
        """
        if found or self._rows.few is None:
            if not self._finish_by_duckdb(found, rows):
                return False
        else:
            self._finish_few(self._rows.few)
        self.tally.rows += rows
        self.tally.accepted += rows
        if self.tally.quarantined:
            self._finish_rejected()
        return True

    def _finish_by_duckdb(self, found: Found | None, rows: int) -> bool:
        names = [f"c{number}" for number in range(len(self.feed.columns))]
        relations = []
        if found:
            values = [value or "cast(null as varchar)" for value in found.values]
            named = (f"{value} as {name}" for value, name in zip(values, names, strict=True))
            relations += [f"select {found.line} as line, {', '.join(named)} from {found.relation}"]
        if self.tally.rows or not found:
            relations += [f"select line, {', '.join(names)} from {self._rows.relation(names)}"]
        written = self.copy(names, "line", f"({' union all '.join(relations)})")
        if written == self.tally.rows + rows:
            return True
        if found:
            return False
        raise RuntimeError(f"{written} of {self.tally.rows} rows of {self.file} were written.")

    def _finish_few(self, rows: Sequence[Row]) -> None:
        lines, *columns = list(zip(*rows, strict=True)) or [()] * (1 + len(self.feed.columns))
        columns = {
            column.name: [self._kept_value(column, value) for value in values]
            for column, values in zip(self.feed.columns, columns, strict=True)
        }
        columns |= {"_file": [self.file] * len(lines), "_line": lines}
        self._write_few("rows.parquet", columns, "_line")

    def _finish_rejected(self) -> None:
        named = {"source": self.feed.source, "feed": self.feed.table, "file": self.file}
        if self._rejected.few is None:
            fixed = ", ".join(f"{literal(value)} as {name}" for name, value in named.items())
            relation = self._rejected.relation(["reason_code", "text"])
            self._write(
                f"select {fixed}, line, text, reason_code, {self._stamp} from {relation}",
                self.work / "rejected.parquet",
            )
            return
        lines, reasons, texts = zip(*self._rejected.few, strict=True)
        fixed = {name: [value] * len(lines) for name, value in named.items()}
        found = {
            "line": lines,
            "text": [text or None for text in texts],
            "reason_code": reasons,
        }
        self._write_few("rejected.parquet", {**fixed, **found}, "line")

    def finish_behind(self, rows: int) -> None:
        """Like `finish`, where `rows` were copied before, which go first."""
        if self.tally.rows:
            written = self.work / "rows.parquet"
            copied, handed = (written.with_name(f"{name}.parquet") for name in ("copied", "handed"))
            written.rename(copied)
            self.finish()
            written.rename(handed)
            self._write(
                f"from read_parquet([{literal_path(copied)}, {literal_path(handed)}])", written
            )
        elif self.tally.quarantined:
            self._finish_rejected()
        self.tally.rows += rows
        self.tally.accepted += rows

    def copy(self, values: Sequence[str | None], line: str, relation: str) -> int:
        """Writes all rows of an SQL `relation` and returns their number.

        `values` are SQL expressions of text, one for each declared column, None for one that the
        file lacks; `line` is that of the line number. Empty text becomes NULL.
        """
        columns = [
            f"{self._kept(column, value)} as {identifier(column.name)}"
            for column, value in zip(self.feed.columns, values, strict=True)
        ]
        return self._write(
            f"select {', '.join(columns)}, {literal(self.file)} as _file, "
            f"cast({line} as bigint) as _line, {self._stamp} from {relation}",
            self.work / "rows.parquet",
        )

    def _kept(self, column: Column, value: str | None) -> str:
        """The SQL of what is landed of a column's values."""
        # A bare null has no type, and Spark refuses a file in which text is something else.
        text = f"nullif({value or 'cast(null as varchar)'}, '')"
        return self.key.sql(text) if self.key and column.keyed else text

    def _kept_value(self, column: Column, value: str | None) -> str | None:
        """What is landed of a column's value."""
        return self.key.hashed(value) if value and self.key and column.keyed else value or None

    def _fill_down(self, values: Sequence[str | None]) -> Sequence[str | None]:
        """A row that goes on with the record before it gets what is written there alone."""
        if (values[self._filled_down[0]] or "").strip():
            self._above = [values[position] for position in self._filled_down]
            return values
        filled = list(values)
        for position, above in zip(self._filled_down, self._above or (), strict=False):
            if not (filled[position] or "").strip():
                filled[position] = above
        return filled

    def close(self) -> None:
        self._rows.close()
        self._rejected.close()

    def publish(self, raw: Path) -> list[Path]:
        """Moves the Parquet files to their places and returns these, which are not durable yet."""
        published = []
        for name, relation in (
            ("rejected.parquet", REJECTED),
            ("rows.parquet", self.feed.relation),
        ):
            if (self.work / name).exists():
                folder = raw / relation
                folder.mkdir(exist_ok=True)
                published.append((self.work / name).rename(folder / f"{self.batch}.parquet"))
        return published

    @property
    def _stamp(self) -> str:
        instant = self.landed_at.strftime("%Y-%m-%d %H:%M:%S.%f")
        return f"{literal(self.batch)} as _batch, timestamp {literal(instant)} as _landed_at"

    def _write(self, query: str, parquet: Path) -> int:
        copy = f"copy ({query}) to {literal(parquet)} (format parquet, compression zstd)"
        return self.connection.execute(copy).fetchone()[0]

    def _write_few(self, name: str, columns: Mapping[str, Sequence], number: str) -> None:
        from orchestration.landing.few import write_few  # Arrow loads numpy and pandas

        write_few(self.work / name, columns, number, self.batch, self.landed_at)


class _Spool:
    """Line numbers and texts: a few in memory, more as a CSV file on disk, all quoted, for DuckDB
    to read back."""

    def __init__(self, path: Path):
        self._path = path
        self._few: list[Row] = []
        self._size = 0
        self._stream: TextIO | None = None
        self._longest = 0

    @property
    def few(self) -> list[Row] | None:
        """All that was written, None where it is on disk."""
        return None if self._stream else self._few

    def write(self, row: Row) -> None:
        """Raises `UnicodeEncodeError` where a text is none."""
        if self._stream:
            self._longest = max(self._longest, self._writer.writerow(row))
            return
        self._size += len(row) + len("".join(filter(None, row[1:])).encode())
        self._few.append(row)
        if self._size > FEW:
            self._open()

    def close(self) -> None:
        if self._stream:
            self._stream.close()

    def _open(self) -> None:
        self._stream = self._path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._stream, quoting=csv.QUOTE_ALL, lineterminator="\n")
        for row in self._few:
            self.write(row)
        self._few = []

    def relation(self, columns: Sequence[str]) -> str:
        """The SQL that reads what was written; nothing may be written after it."""
        if self._stream is None:
            self._open()
        self.close()
        typed = ", ".join(["line: 'bigint'", *(f"{name}: 'varchar'" for name in columns)])
        return (
            f"read_csv({literal_path(self._path)}, {csv_options()}, delim = ',', new_line = '\\n', "
            f"parallel = false, columns = {{{typed}}}, "
            f"max_line_size = {max(DUCKDB_LINE, 4 * self._longest)})"
        )
