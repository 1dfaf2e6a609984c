"""What a delivered file is, by its bytes and not by its name, and what it is packed in."""

from __future__ import annotations

import codecs
import gzip
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from orchestration.landing.feeds import Feed
from orchestration.landing.limits import Limits, cure
from orchestration.landing.reasons import Held, damaged

CHUNK = 1 << 20
START = 1 << 16  # bytes that are looked at to tell what a file is
HARMLESS = 100_000_000  # bytes up to which a file may grow in any proportion
NAMES = {"csv": "text", "jsonl": "JSON lines", "parquet": "Parquet", "xlsx": "a workbook"}
_GZIP, _ZIP, _OLD_WORKBOOK = b"\x1f\x8b", (b"PK\x03\x04", b"PK\x05\x06"), b"\xd0\xcf\x11\xe0"
_MARKS = codecs.BOM_UTF8 + codecs.BOM_UTF16_LE
_SPREAD_JSON = rb"\s*(?:\[\s*[\[{]|\{[ \t]*[\r\n])"
_OBJECT = rb'[ \t]*\{[ \t]*["}]'
_DAMAGED = (EOFError, OSError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError)


@dataclass(frozen=True)
class Content:
    """`format` is one of the feed's; `packing` is "gzip", "zip", or empty."""

    format: str
    packing: str = ""


def content_of(path: Path, feed: Feed) -> Content:
    """What the file is; raises `Held`, with the cure, when the feed does not take it."""
    with path.open("rb") as stream:
        start = stream.read(START)
    packing = _packing(path, start, feed)
    if packing:
        with _opened(path, packing) as stream:
            start = stream.read(START)
        if start.startswith((_GZIP, b"PK\x05\x06")):
            raise Held("it is packed twice: unpack it once")
    found = _format(start, feed.formats)
    if found not in feed.formats:
        declared, also = " or ".join(feed.formats), ", ".join([*feed.formats, found])
        raise Held(
            f"it can't be read as {declared}, since it is {NAMES[found]}: "
            f"set `format: [{also}]` in {feed.yaml}, or ask the sender for {declared}"
        )
    return Content(found, packing)


def unpacked(path: Path, packing: str, folder: Path, limits: Limits) -> Path:
    """The file as it was before it was packed, in `folder`; raises `Held` when it is damaged or
    grows beyond the limits, before it has taken more than these of the disk."""
    if not packing:
        return path
    in_proportion = max(HARMLESS, limits.expansion_ratio * path.stat().st_size)
    most, limit = min((limits.expanded_bytes, "expanded_bytes"), (in_proportion, "expansion_ratio"))
    written, copy = 0, folder / "unpacked"
    with _opened(path, packing) as source, copy.open("wb") as target:
        while chunk := source.read(CHUNK):
            written += len(chunk)
            if written > most:
                raise Held(f"unpacked, it has more than {most:,} bytes: {cure(limit)}")
            target.write(chunk)
    return copy


def _packing(path: Path, start: bytes, feed: Feed) -> str:
    if start.startswith(_GZIP):
        return "gzip"
    return "zip" if start.startswith(_ZIP) and not _is_workbook(path, feed) else ""


def _is_workbook(path: Path, feed: Feed) -> bool:
    """Workbooks are zip archives themselves. A damaged archive is what the feed expects."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except _DAMAGED:
        return "xlsx" in feed.formats


def _format(start: bytes, formats: tuple[str, ...]) -> str:
    """The format that the first bytes tell. Text is CSV unless it begins with a JSON object; for a
    feed that takes JSON lines and no CSV, one line that does so is enough. Of empty lines, which
    erasure leaves of JSON lines, CSV would lack its header."""
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith(_ZIP):
        return "xlsx"
    if start.startswith(_OLD_WORKBOOK):
        raise Held(
            "it is a workbook of the old kind (.xls), or locked with a password: "
            "save it as .xlsx without a password"
        )
    plain = start.replace(b"\0", b"").lstrip(_MARKS)  # of UTF-16, its ASCII letters
    if re.match(_SPREAD_JSON, plain):
        raise Held("it is JSON, but not one object a line: ask the sender for JSON lines")
    if "jsonl" in formats and not plain.strip():
        is_json = True
    elif "jsonl" in formats and "csv" not in formats:
        is_json = re.search(rb"(?:\A|[\r\n])" + _OBJECT, plain)
    else:
        is_json = re.match(rb"\s*" + _OBJECT, plain)
    return "jsonl" if is_json else "csv"


@contextmanager
def _opened(path: Path, packing: str) -> Iterator[IO[bytes]]:
    """The one file in an archive; raises `Held` for an archive of several, or a damaged one."""
    try:
        if packing == "gzip":
            with gzip.open(path) as stream:
                yield stream
        else:
            with zipfile.ZipFile(path) as archive, archive.open(only_file(archive)) as stream:
                yield stream
    except _DAMAGED as error:
        if isinstance(error, OSError) and error.errno:
            raise  # the disk's fault, not the file's
        raise damaged("unpacked", error) from None


def only_file(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """The file of the archive, without what macOS adds."""
    files = [
        each
        for each in archive.infolist()
        if not each.is_dir() and not re.search(r"(^|/)(__MACOSX/|\.)", each.filename)
    ]
    if len(files) != 1:
        raise Held(f"it is an archive of {len(files):,} files: deliver each by itself")
    if files[0].flag_bits & 1:
        raise Held("it is locked with a password: ask the sender for it without one")
    return files[0]
