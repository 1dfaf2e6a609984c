"""Which lines of a CSV are records beyond doubt, found for many lines at once.

A line is when it has as many fields as the header, quotes only around whole fields, and nothing
that could mean something else: then it is a record wherever one may begin, whatever is around it.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from orchestration.landing import text

NO_ROW = b"\x01"  # begins each line of a copy that only keeps the count of lines
_LINE_FEED, _RETURN, _QUOTE = b'\n\r"'


@dataclass(frozen=True)
class Lines:
    """Whole lines of a file as its bytes: the text of each is from `starts` to `ends`, and the next
    one begins at `nexts`."""

    data: bytes

    @cached_property
    def codes(self) -> np.ndarray:
        return np.frombuffer(self.data, np.uint8)

    @cached_property
    def nexts(self) -> np.ndarray:
        is_end = self.codes == _LINE_FEED
        if b"\r" in self.data:
            is_return = self.codes == _RETURN
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
        ends = self.nexts - ((last == _LINE_FEED) | (last == _RETURN))
        before = self.codes[np.maximum(ends - 1, 0)]
        return ends - ((last == _LINE_FEED) & (before == _RETURN) & (ends > self.starts))

    def __len__(self) -> int:
        return len(self.nexts)

    def __getitem__(self, place: int) -> bytes:
        """A line with its end."""
        return self.data[self.starts[place] : self.nexts[place]]

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


@dataclass(frozen=True)
class Records:
    """What a line must look like. `word` is in each line that says what the header does; `most` is
    of bytes, and `line_end` the one that DuckDB is to find."""

    delimiter: int
    has_quotes: bool
    width: int
    word: bytes
    most: int
    line_end: bytes

    @property
    def placeholder(self) -> bytes:
        """A line that is read as one that holds nothing."""
        return NO_ROW + bytes([self.delimiter]) * (self.width - 1) + self.line_end

    def among(self, lines: Lines, is_last: bool) -> np.ndarray:
        """Which of these lines, the last ones of a file or not, are records beyond doubt."""
        first = lines.codes[lines.starts]
        is_record = (lines.ends - lines.starts <= self.most) & (first != NO_ROW[0])
        is_record &= self._are_ended(lines, is_last)
        if self.has_quotes and b'"' in lines.data:
            is_record &= self._have_width_in_quotes(lines)
        else:
            is_record &= lines.counts(self.delimiter) == self.width - 1
        if self.width == 1:  # a line of blanks is blank, whatever blanks they are
            is_record &= np.add.reduceat((lines.codes > 32) & (lines.codes < 127), lines.starts) > 0
        for others in (
            lines.with_word(self.word),
            lines.with_word(codecs.BOM_UTF8),
            lines.undecodable(),
        ):
            is_record[others] = False
        return is_record

    def _are_ended(self, lines: Lines, is_last: bool) -> np.ndarray:
        """Whether lines end as all do, so that DuckDB finds them where they are."""
        are_ended = (lines.nexts - lines.ends == len(self.line_end)) & (
            lines.codes[lines.nexts - 1] == _LINE_FEED
        )
        if is_last and lines.ends[-1] == lines.nexts[-1]:
            are_ended[-1] = True
        return are_ended

    def _have_width_in_quotes(self, lines: Lines) -> np.ndarray:
        """Whether lines have all their fields, where a delimiter between quotes is none.

        From its left, a line's quotes open and close by turns. Each that opens is to stand where a
        field begins, and each that closes where one ends; but two that touch are one in the text.
        """
        codes, is_quote = lines.codes, lines.codes == _QUOTE
        so_far = np.cumsum(is_quote, dtype=np.int64)
        in_line = np.diff(so_far[lines.nexts - 1], prepend=0)
        before_line = so_far[lines.nexts - 1] - in_line
        at = np.flatnonzero(is_quote)
        line = np.repeat(np.arange(len(lines)), in_line)
        opens = (np.arange(len(at)) - before_line[line]) % 2 == 0
        before, after = codes[np.maximum(at - 1, 0)], codes[np.minimum(at + 1, len(codes) - 1)]
        begins = (at == lines.starts[line]) | (before == self.delimiter)
        ends = (at + 1 == lines.ends[line]) | (after == self.delimiter)
        # The text of a line ends before its line end, so that a quote there touches none.
        touches_last = ~opens & (after == _QUOTE) & (at + 1 < lines.ends[line])
        touches_first = opens & (before == _QUOTE) & (at > lines.starts[line])
        is_good = np.where(opens, begins | touches_first, ends | touches_last)
        bad = np.bincount(line[~is_good], minlength=len(lines))

        delimiters = np.flatnonzero(codes == self.delimiter)
        per_line = lines.counts(self.delimiter)
        line = np.repeat(np.arange(len(lines)), per_line)
        is_inside = (so_far[delimiters] - before_line[line]) % 2 == 1
        inside = np.bincount(line[is_inside], minlength=len(lines))
        return (bad == 0) & (in_line % 2 == 0) & (per_line - inside == self.width - 1)
