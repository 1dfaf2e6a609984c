"""What lies in the landing folder: which of it is whose, in which order, and what is no file."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path, PurePosixPath

from orchestration.landing.feeds import PACKINGS, Feed
from orchestration.landing.reasons import Held
from orchestration.landing.text import is_encodable

# Endings of files with rows. In a feed's own folder they are the feed's, whatever it declares: a
# file in another format is then held with a sentence, and not passed over.
ENDINGS = (
    *(".csv", ".tsv", ".tab", ".txt", ".json", ".jsonl", ".ndjson", ".parquet"),
    *(".xlsx", ".xlsm", ".xls"),
)
_KINDS = {
    stat.S_ISFIFO: "a pipe",
    stat.S_ISSOCK: "a socket",
    stat.S_ISCHR: "a device",
    stat.S_ISBLK: "a device",
}


@dataclass(frozen=True)
class Entry:
    """A file below the landing folder, or with a `fault` a folder that can't be looked into.

    `name` is the path below the landing folder, with bytes that are no text as `\\udcNN`, and
    `parts` are those below the source's folder in one case.
    """

    path: Path
    name: str
    parts: tuple[str, ...]
    fault: str | None = None

    @cached_property
    def delivery_order(self) -> str:
        return delivery_order(self.name)


def entries_of(landing: Path, source: str) -> list[Entry]:
    """All that was delivered of a source, in delivery order, without hidden and unfinished files.

    Links to folders are not followed: they may lead anywhere, and round in circles.
    """
    folder = landing / source
    return in_delivery_order(
        Entry(
            path,
            str(path.relative_to(landing)).encode("utf-8", "backslashreplace").decode(),
            tuple(part.casefold() for part in path.relative_to(folder).parts),
            fault,
        )
        for path, fault in walk(folder)
    )


def in_delivery_order(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (entry.delivery_order, entry.path))


def delivery_order(file: str) -> str:
    """A text that sorts deliveries as people number them: `a_9` < `a_10` < `a_10_corrected`.

    It depends on the path alone, never on the arrival, nor on how the file is packed.
    """
    path = PurePosixPath(file)
    if path.suffix.lower() in PACKINGS:
        path = path.with_suffix("")
        path = path.with_suffix("") if path.suffix.lower() in ENDINGS else path
    else:
        path = path.with_suffix("")
    return re.sub("[0-9]+", lambda digits: digits[0].zfill(20), str(path).lower())


def share_out(feeds: Iterable[Feed], entries: list[Entry]) -> tuple[dict[str, list[Entry]], list]:
    """The entries that each of a source's feeds asks for, by its table, and those of no feed.

    What no feed asks for belongs to the feed in whose own folder it lies, if it looks like rows.
    """
    feeds = list(feeds)
    shares = {feed.table: [each for each in entries if _asks_for(feed, each)] for feed in feeds}
    claimed = {entry for share in shares.values() for entry in share}
    for feed in feeds:
        own = [each for each in entries if each not in claimed and _is_in_own_folder(feed, each)]
        shares[feed.table] = in_delivery_order([*shares[feed.table], *own])
        claimed.update(own)
    return shares, [entry for entry in entries if entry not in claimed]


def refuse_what_is_no_file(entry: Entry, landing: Path) -> None:
    """Raises `Held` for what must not be opened: it may wait for ever, or belong to others."""
    if entry.fault:
        raise Held(entry.fault)
    if not is_encodable(str(entry.path)):
        raise Held("its name is not valid UTF-8: rename it")
    try:
        mode = entry.path.stat().st_mode
    except OSError as error:
        raise Held(f"it can't be opened ({error.strerror}): correct its permissions") from None
    if entry.path.is_symlink() and not entry.path.resolve().is_relative_to(landing.resolve()):
        raise Held("it is a link that leads out of the landing folder: put the file itself there")
    if not stat.S_ISREG(mode):
        kind = next((kind for is_kind, kind in _KINDS.items() if is_kind(mode)), "something else")
        raise Held(f"it is no file but {kind}: remove it")


def walk(folder: Path) -> Iterator[tuple[Path, str | None]]:
    """All files below a folder but hidden and unfinished ones, and the folders that can't be looked
    into, with the reason."""
    if folder.is_symlink():
        yield (
            folder,
            "it is a link to a folder, which is not followed: put the files themselves there",
        )
        return
    try:
        with os.scandir(folder) as listing:
            children = list(listing)
    except FileNotFoundError:
        return
    except OSError as error:
        yield folder, f"it can't be opened ({error.strerror}): correct its permissions"
        return
    for child in children:
        if child.name.startswith((".", "~$")) or child.name.endswith((".tmp", ".part", "~")):
            continue
        if os.path.isdir(child.path):
            yield from walk(Path(child.path))
        else:
            yield Path(child.path), None


def _asks_for(feed: Feed, entry: Entry) -> bool:
    """Whether the feed's globs fit the file, packed or not; of a folder, whether they fit below."""
    patterns = [pattern.casefold().split("/") for pattern in feed.patterns]
    if entry.fault:
        return any(_fits_below(pattern, entry.parts) for pattern in patterns)
    *folders, name = entry.parts
    names = {name, _unpacked(name)}
    return any(_fits(pattern, [*folders, each]) for pattern in patterns for each in names)


def _fits(pattern: list[str], parts: list[str]) -> bool:
    if not pattern or not parts:
        return pattern == parts or pattern == ["**"]
    if pattern[0] == "**":
        return _fits(pattern[1:], parts) or _fits(pattern, parts[1:])
    return fnmatchcase(parts[0], pattern[0]) and _fits(pattern[1:], parts[1:])


def _fits_below(pattern: list[str], folders: tuple[str, ...]) -> bool:
    """Whether files in the folder could fit."""
    for wanted, folder in zip(pattern, folders, strict=False):
        if wanted == "**":
            return True
        if not fnmatchcase(folder, wanted):
            return False
    return len(folders) < len(pattern)


def _is_in_own_folder(feed: Feed, entry: Entry) -> bool:
    if not feed.has_own_folder or entry.fault or entry.parts[:-1] != (feed.table.casefold(),):
        return False
    return entry.parts[-1].endswith((*ENDINGS, *PACKINGS))


def _unpacked(name: str) -> str:
    """The name without the ending of what it is packed in."""
    return next((name.removesuffix(each) for each in PACKINGS if name.endswith(each)), name)
