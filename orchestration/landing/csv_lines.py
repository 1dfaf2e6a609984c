"""Which lines of a CSV are records beyond doubt, found for many lines at once.

A line is when it has as many fields as the header, quotes only around whole fields, and nothing
that could mean something else: then it is a record wherever one may begin, whatever is around it.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

import numpy as np

from orchestration.landing.blocks import LINE_FEED, Lines

NO_ROW = b"\x01"  # begins each line of a copy that only keeps the count of lines
_QUOTE = ord('"')


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
            lines.codes[lines.nexts - 1] == LINE_FEED
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
