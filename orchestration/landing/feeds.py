"""What a source delivers, read from the YAML with which dbt describes its raw tables."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any

from orchestration.yaml_file import read_yaml

FORMATS = ("csv", "jsonl", "parquet", "xlsx")
PACKINGS = (".gz", ".zip")  # endings that a file may have behind its own
READING = 3  # raise it when the readers read the same bytes differently: all files land anew


@dataclass(frozen=True)
class Column:
    """One column of text; `headers` are the names under which files may carry it.

    A column that is filled down has its value only where a record begins anew, as in exports with
    one line for each product of an order. Of a `keyed` one a hash is enough
    (`orchestration.landing.keyed`).
    """

    name: str
    headers: tuple[str, ...]
    required: bool
    fill_down: bool = False
    keyed: bool = False


@dataclass(frozen=True)
class Feed:
    """One kind of file of one source. `patterns` are globs below `landing/<source>/`.

    `formats` are those that its files may have. `encodings` are patterns of file names, each with
    the encoding that goes before `encoding`. `quote` is empty where quotes are mere characters.
    A feed that `is_optional` may never have had a file.
    """

    source: str
    table: str
    patterns: tuple[str, ...]
    formats: tuple[str, ...]
    encoding: str
    encodings: tuple[tuple[str, str], ...]
    delimiter: str
    quote: str
    sheet: str | None
    columns: tuple[Column, ...]
    is_optional: bool = False

    @property
    def relation(self) -> str:
        return f"{self.source}__{self.table}"

    @property
    def yaml(self) -> str:
        """The file to edit when this description is wrong, for messages."""
        return yaml_of(self.source)

    @property
    def has_own_folder(self) -> bool:
        """Whether its files lie where they do by default, in a folder of the table's name."""
        return self.patterns == _default_patterns(self.table, self.formats)

    @property
    def filled_down(self) -> list[int]:
        """Which of the columns are filled down."""
        return [position for position, column in enumerate(self.columns) if column.fill_down]

    @property
    def has_keyed_columns(self) -> bool:
        return any(column.keyed for column in self.columns)

    def of_file(self, name: str) -> Feed:
        """The feed as it describes one file: `encoding` is the file's, by the first pattern of
        `encodings` that matches its name, packed or not, and `encodings` holds that pattern alone,
        if any."""
        names = [name, *(name[: -len(each)] for each in PACKINGS if name.lower().endswith(each))]
        matching = (each for each in self.encodings if any(fnmatchcase(n, each[0]) for n in names))
        deciding = next(matching, None)
        if deciding is None:
            return replace(self, encodings=())
        return replace(self, encoding=deciding[1], encodings=(deciding,))

    def in_format(self, name: str) -> Feed:
        """The feed as it describes a file that is of this one of its formats."""
        return replace(self, formats=(name,))

    @property
    def fingerprint(self) -> str:
        """Changes with all that decides how a file is read, but not with where it is found.

        Nor with what is kept of a value: by which key it is hashed is the lander's to say.
        To be asked of the feed `of_file` and `in_format`, which say all about encoding and format.
        """
        return _fingerprint(self)


@cache  # the same for thousands of files
def _fingerprint(feed: Feed) -> str:
    described = {**asdict(feed), "patterns": None, "reading": READING}
    del described["encodings"], described["is_optional"]
    for column in described["columns"]:
        del column["keyed"]
    return hashlib.sha256(repr(sorted(described.items())).encode()).hexdigest()


def yaml_of(source: str) -> str:
    """The file that describes the feeds of a source, for messages."""
    return f"models/staging/{source}/_{source}__sources.yml"


def read_feeds(staging_models: Path, sources: Iterable[str]) -> list[Feed]:
    """The feeds of `sources`, in the order of their YAML.

    Raises `ValueError`, which says what to correct, for a source that isn't described or a
    description that can't be followed.
    """
    return [feed for source in sources for feed in _feeds_of(staging_models, source)]


def _feeds_of(staging_models: Path, source: str) -> list[Feed]:
    path = staging_models / source / f"_{source}__sources.yml"
    shown = yaml_of(source)
    if not path.is_file():
        raise ValueError(
            f"There is no {shown}: write it, or take '{source}' out of the variable `sources`."
        )
    described = read_yaml(path) or {}
    try:
        return _described(described, source, shown)
    except (AttributeError, KeyError, TypeError):
        raise ValueError(
            f"{shown} is not of the form that dbt asks for: below `sources`, `tables` and "
            "`columns` each entry begins with `- name:`, and `config` and `meta` are mappings."
        ) from None


def _described(described: dict[str, Any], source: str, shown: str) -> list[Feed]:
    """The feeds of a source's YAML, which is `shown` in messages."""
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
    name = table["name"]
    where = f"{shown}, table {name}"
    formats = _formats(meta.get("format", "csv"), where)
    if not table.get("columns"):
        raise ValueError(f"{where}: list its columns, nothing else is loaded.")
    delimiter = str(meta.get("delimiter", ","))
    if len(delimiter) != 1 or not delimiter.isascii() or delimiter in '"\r\n':
        raise ValueError(f"{where}: delimiter {delimiter!r} must be one ASCII character, no quote.")
    quote = meta.get("quote", '"')
    if quote not in ('"', "none"):
        raise ValueError(f"{where}: quote {quote!r} must be '\"' or none.")
    by_name = meta.get("encodings") or {}
    if not isinstance(by_name, dict):
        raise ValueError(
            f"{where}: `encodings` maps patterns of file names to encodings, write for example "
            "{'south_*': gb18030}."
        )
    feed = Feed(
        source=source,
        table=name,
        patterns=(meta["files"],) if "files" in meta else _default_patterns(name, formats),
        formats=formats,
        encoding=_codec(meta.get("encoding", "utf-8"), where),
        encodings=tuple((str(each), _codec(name, where)) for each, name in by_name.items()),
        delimiter=delimiter,
        quote=quote.removeprefix("none"),
        sheet=meta.get("sheet"),
        columns=tuple(_column(column) for column in table["columns"]),
        is_optional=bool(meta.get("optional", False)),
    )
    if table.get("identifier", feed.relation) != feed.relation:
        raise ValueError(f"{where}: set `identifier: {feed.relation}`, the view that is landed.")
    return feed


def _default_patterns(table: str, formats: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{table}/*.{each}" for each in formats)


def _formats(stated: object, where: str) -> tuple[str, ...]:
    """The formats that a feed's files may have, from one name or a list of names."""
    formats = tuple(map(str, stated)) if isinstance(stated, list) else (str(stated),)
    for each in formats:
        if each not in FORMATS:
            raise ValueError(
                f"{where}: unknown format '{each}', choose one of {', '.join(FORMATS)}."
            )
    if not formats:
        raise ValueError(f"{where}: `format` is empty, choose of {', '.join(FORMATS)}.")
    return formats


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
    return Column(
        name=name,
        headers=tuple(str(each) for each in headers),
        required=not meta.get("optional", False),
        fill_down=bool(meta.get("fill_down", False)),
        keyed=bool(meta.get("keyed", False)),
    )


def _meta(described: dict[str, Any]) -> dict[str, Any]:
    return (described.get("config") or {}).get("meta") or {}
