"""Delivered bytes as text: which encoding it is, its lines, and what can't be decoded."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from orchestration.landing.feeds import Feed
from orchestration.landing.reasons import Held

CHUNK = 1 << 20
KEPT_OF_LONG_LINE = 1_000
LONGEST_NAME = 100  # characters of a name that a message or the ledger repeats
MAX_UNDECODABLE_SHARE = 0.1
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_ESCAPED_BYTE = re.compile("[\udc00-\udcff]")
_THREE_BYTES_IN_UTF8 = re.compile("[\u0800-\U0010ffff]")


class Line(NamedTuple):
    """One physical line with its line end; `fault` is a reason code when it can't be used."""

    text: str
    fault: str | None


def _escape_bytes(error: UnicodeError) -> tuple[str, int]:
    """Keeps undecodable bytes as lone surrogates U+DC00 + byte, which no valid text holds."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(0xDC00 + b) for b in error.object[error.start : error.end]), error.end


codecs.register_error("regulars.escape_bytes", _escape_bytes)


def encoding_of(path: Path, feed: Feed) -> str:
    """The encoding that the byte order mark says, else the declared one of the feed of the file.

    Raises `Held` when the file is clearly UTF-8 though something else is declared, since many
    encodings would decode it to nonsense without an error.
    """
    with path.open("rb") as stream:
        start = stream.read(3)
    for mark, encoding in _BOMS.items():
        if start.startswith(mark):
            return encoding
    if feed.encoding != "utf-8" and _is_surely_utf8(path):
        raise Held(
            f"it is UTF-8, not {feed.encoding} as declared: "
            f"correct {_declaration(feed)} in {feed.yaml}"
        )
    return feed.encoding


def _is_surely_utf8(path: Path) -> bool:
    """Whether all of it is UTF-8 with a three-byte character: by chance that doesn't happen."""
    is_wide = False
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            while chunk := stream.read(CHUNK):
                is_wide = is_wide or bool(_THREE_BYTES_IN_UTF8.search(chunk))
    except UnicodeDecodeError:
        return False
    return is_wide


class Utf8(NamedTuple):
    """A file in UTF-8 whose text begins at the byte `begins`, and how to decode it."""

    path: Path
    begins: int
    errors: str


def as_utf8(path: Path, encoding: str, folder: Path) -> Utf8:
    """The file itself, or a copy in `folder` where it is of another encoding: without a mark, and
    with surrogates for bytes that can't be decoded."""
    if encoding in ("utf-8", "utf-8-sig"):
        begins = len(codecs.BOM_UTF8) if encoding == "utf-8-sig" else 0
        return Utf8(path, begins, "regulars.escape_bytes")
    copy = folder / "utf8"
    with (
        path.open(encoding=encoding, errors="regulars.escape_bytes", newline="") as source,
        copy.open("w", encoding="utf-8", errors="surrogatepass", newline="") as target,
    ):
        while chunk := source.read(CHUNK):
            target.write(chunk)
    return Utf8(copy, 0, "surrogatepass")


def lines(path: Path, encoding: str, longest: int) -> Iterator[Line]:
    r"""The physical lines of a file; `\n`, `\r\n` and a lone `\r` each end one.

    Of a line of more than `longest` characters, the beginning. A byte order mark before a line, of
    a file that was put behind another, is no part of it.
    """
    with path.open(encoding=encoding, errors="regulars.escape_bytes", newline="") as stream:
        while text := stream.readline(longest):
            if len(text) == longest and text[-1] not in "\r\n":
                yield Line(readable(text[:KEPT_OF_LONG_LINE]), "line_too_long")
                while text and text[-1] not in "\r\n":
                    text = stream.readline(longest)
            else:
                yield line_of(text)


def line_of(text: str) -> Line:
    """The line of a text in which undecodable bytes are escaped."""
    if text.isascii() or is_encodable(text):
        return Line(text.removeprefix("\ufeff"), None)
    return Line(readable(text), "undecodable_text")


def is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_utf8(encoded: bytes) -> bool:
    try:
        encoded.decode()
    except UnicodeDecodeError:
        return False
    return True


def readable(text: str) -> str:
    r"""The text with each undecodable byte as `\xNN`."""
    escaped = _ESCAPED_BYTE.sub(lambda found: f"\\x{ord(found[0]) - 0xDC00:02x}", text)
    return escaped.encode("utf-8", "backslashreplace").decode()


def told(text: str) -> str:
    """A name out of a file as it may be told and recorded: short, and nothing that is no text."""
    shown = text if len(text) <= LONGEST_NAME else f"{text[:LONGEST_NAME]}…"
    return "".join(each if each.isprintable() else readable(ascii(each)[1:-1]) for each in shown)


def listed(names: Sequence[str], most: int = 20) -> str:
    """Names out of a file in a sentence: 'a', 'b' and 3 more."""
    named = [f"'{told(name)}'" for name in names[:most]]
    if len(names) > most:
        return f"{', '.join(named)} and {len(names) - most:,} more"
    return " and ".join([*([", ".join(named[:-1])] if named[1:] else []), *named[-1:]])


def hold_if_undecodable(feed: Feed, encoding: str, undecodable: int, physical: int) -> None:
    """Raises `Held` when so many lines can't be decoded that the encoding must be wrong."""
    if undecodable > MAX_UNDECODABLE_SHARE * physical:
        raise Held(
            f"it is not {encoding} as declared, {undecodable:,} of {physical:,} lines can't be "
            f"decoded: set {_declaration(feed)} in {feed.yaml}, for example gb18030"
        )


def _declaration(feed: Feed) -> str:
    """What of the feed of a file declares its encoding."""
    return "".join(f"`{each}` of `encodings:`" for each, _ in feed.encodings) or "`encoding:`"
