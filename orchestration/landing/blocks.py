"""A file of lines in blocks of bytes, and where the lines of a block begin and end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from orchestration.landing import text

LINE_FEED, RETURN = b"\n\r"


class LineTooLong(Exception):
    """A line may be longer than the limit."""


def blocks(path: Path, begins: int, size: int, longest: int) -> Iterator[tuple[bytes, bool]]:
    """Whole lines of a file from a byte on, `size` bytes or more at a time, and whether they are
    the last; raises `LineTooLong`, where one may have more than `longest` characters."""
    with path.open("rb") as stream:
        stream.seek(begins)
        is_last = False
        while not is_last:
            block = stream.read(size)
            if not block.endswith(b"\n"):
                block += stream.readline(longest)
            is_last = not stream.peek(1)
            if not (is_last or block.endswith(b"\n")):
                raise LineTooLong
            yield block, is_last


@dataclass(frozen=True)
class Lines:
    """Whole lines of a file as its bytes: the text of each is from `starts` to `ends`, and the next
    one begins at `nexts`. Raises `LineTooLong` where one has `longest` bytes, maybe characters."""

    data: bytes
    longest: int

    def __post_init__(self) -> None:
        if (self.ends - self.starts).max(initial=0) >= self.longest:
            raise LineTooLong

    @cached_property
    def codes(self) -> np.ndarray:
        return np.frombuffer(self.data, np.uint8)

    @cached_property
    def nexts(self) -> np.ndarray:
        is_end = self.codes == LINE_FEED
        if b"\r" in self.data:
            is_return = self.codes == RETURN
            is_return[:-1] &= ~is_end[1:]
            is_end |= is_return
        nexts = np.flatnonzero(is_end) + 1
        is_open = not len(nexts) or nexts[-1] < len(self.data)
        return np.append(nexts, len(self.data)) if is_open else nexts

    @cached_property
    def starts(self) -> np.ndarray:
        return np.concatenate([[0], self.nexts[:-1]])

    @cached_property
    def ends(self) -> np.ndarray:
        last = self.codes[self.nexts - 1]
        ends = self.nexts - ((last == LINE_FEED) | (last == RETURN))
        before = self.codes[np.maximum(ends - 1, 0)]
        return ends - ((last == LINE_FEED) & (before == RETURN) & (ends > self.starts))

    def __len__(self) -> int:
        return len(self.nexts)

    def __getitem__(self, place: int) -> bytes:
        """A line with its end."""
        return self.data[self.starts[place] : self.nexts[place]]

    def some(self, places: np.ndarray) -> Lines:
        """Some of the lines, each with one line feed behind it."""
        spans = zip(self.starts[places].tolist(), self.ends[places].tolist(), strict=True)
        return Lines(b"".join(self.data[at:end] + b"\n" for at, end in spans), self.longest)

    def counts(self, code: int) -> np.ndarray:
        """How often a byte comes on each line."""
        return self._on_lines(np.cumsum(self.codes == code, dtype=np.int64))

    def _on_lines(self, so_far: np.ndarray) -> np.ndarray:
        return np.diff(so_far[self.nexts - 1], prepend=0)

    def with_word(self, word: bytes) -> np.ndarray:
        """The places of the lines on which a word stands."""
        found, at = [], self.data.find(word)
        while at >= 0:
            place = int(np.searchsorted(self.nexts, at, side="right"))
            found.append(place)
            at = self.data.find(word, self.nexts[place])
        return np.array(found, dtype=np.int64)

    def undecodable(self) -> np.ndarray:
        """The places of the lines that are no UTF-8."""
        if text.is_utf8(self.data):
            return np.array([], dtype=np.int64)
        wide = np.flatnonzero(self._on_lines(np.cumsum(self.codes > 127, dtype=np.int64)))
        return np.array([each for each in wide if not text.is_utf8(self[each])], dtype=np.int64)
