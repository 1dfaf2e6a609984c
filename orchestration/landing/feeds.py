"""What a source delivers, read from the YAML with which dbt describes its raw tables."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

FORMATS = ("csv", "jsonl", "parquet", "xlsx")
READING = 2  # raise it when the readers read the same bytes differently: all files land anew


@dataclass(frozen=True)
class Column:
    """One column of text; `headers` are the names under which files may carry it."""

    name: str
    headers: tuple[str, ...]
    required: bool


@dataclass(frozen=True)
class Feed:
    """One kind of file of one source. `pattern` is a glob below `landing/<source>/`.

    `encodings` are patterns of file names, each with the encoding that goes before `encoding`.
    """

    source: str
    table: str
    pattern: str
    format: str
    encoding: str
    encodings: tuple[tuple[str, str], ...]
    delimiter: str
    sheet: str | None
    columns: tuple[Column, ...]

    @property
    def relation(self) -> str:
        return f"{self.source}__{self.table}"

    @property
    def yaml(self) -> str:
        """The file to edit when this description is wrong, for messages."""
        return f"models/staging/{self.source}/_{self.source}__sources.yml"

    def of_file(self, name: str) -> Feed:
        """The feed as it describes one file: `encoding` is the file's, by the first pattern of
        `encodings` that matches its name, and `encodings` holds that pattern alone, if any."""
        deciding = next((each for each in self.encodings if fnmatchcase(name, each[0])), None)
        if deciding is None:
            return replace(self, encodings=())
        return replace(self, encoding=deciding[1], encodings=(deciding,))

    @property
    def fingerprint(self) -> str:
        """Changes with all that decides how a file is read, but not with where it is found.

        To be asked of the feed `of_file`, in which `encoding` says all about the encoding.
        """
        described = {**asdict(self), "pattern": None, "reading": READING}
        del described["encodings"]
        return hashlib.sha256(repr(sorted(described.items())).encode()).hexdigest()


def read_feeds(staging_models: Path, sources: Iterable[str]) -> list[Feed]:
    """The feeds of `sources`, in the order of their YAML.

    Raises `ValueError`, which says what to correct, for a source that isn't described or a
    description that can't be followed.
    """
    return [feed for source in sources for feed in _feeds_of(staging_models, source)]


def _feeds_of(staging_models: Path, source: str) -> list[Feed]:
    path = staging_models / source / f"_{source}__sources.yml"
    shown = f"models/staging/{source}/{path.name}"
    if not path.is_file():
        raise ValueError(
            f"There is no {shown}: write it, or take '{source}' out of the variable `sources`."
        )
    described = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    tables = [
        (table, _meta(entry) | _meta(table))
        for entry in described.get("sources") or []
        if entry["name"] == source
        for table in entry.get("tables") or []
    ]
    if not tables:
        raise ValueError(f"{shown} describes no table of a source named '{source}': add one.")
    return [_feed(source, table, meta, shown) for table, meta in tables]


def _feed(source: str, table: dict[str, Any], meta: dict[str, Any], shown: str) -> Feed:
    """The feed of a table; `meta` is the source's, overlaid with the table's."""
    name, format_ = table["name"], meta.get("format", "csv")
    where = f"{shown}, table {name}"
    if format_ not in FORMATS:
        raise ValueError(
            f"{where}: unknown format '{format_}', choose one of {', '.join(FORMATS)}."
        )
    if not table.get("columns"):
        raise ValueError(f"{where}: list its columns, nothing else is loaded.")
    delimiter = meta.get("delimiter", ",")
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\r\n':
        raise ValueError(f"{where}: delimiter {delimiter!r} must be one ASCII character, no quote.")
    by_name = meta.get("encodings") or {}
    if not isinstance(by_name, dict):
        raise ValueError(
            f"{where}: `encodings` maps patterns of file names to encodings, write for example "
            "{'south_*': gb18030}."
        )
    feed = Feed(
        source=source,
        table=name,
        pattern=meta.get("files", f"{name}/*.{format_}"),
        format=format_,
        encoding=_codec(meta.get("encoding", "utf-8"), where),
        encodings=tuple((str(each), _codec(name, where)) for each, name in by_name.items()),
        delimiter=delimiter,
        sheet=meta.get("sheet"),
        columns=tuple(_column(column) for column in table["columns"]),
    )
    if table.get("identifier", feed.relation) != feed.relation:
        raise ValueError(f"{where}: set `identifier: {feed.relation}`, the view that is landed.")
    return feed


def _codec(encoding: object, where: str) -> str:
    """Python's name of an encoding."""
    try:
        return codecs.lookup(str(encoding)).name
    except LookupError as error:
        raise ValueError(f"{where}: {error}, use for example utf-8 or gb18030.") from None


def _column(column: dict[str, Any]) -> Column:
    meta, name = _meta(column), column["name"]
    header = meta.get("header", name)
    headers = header if isinstance(header, list) else [header]
    return Column(name, tuple(str(each) for each in headers), not meta.get("optional", False))


def _meta(described: dict[str, Any]) -> dict[str, Any]:
    return (described.get("config") or {}).get("meta") or {}
