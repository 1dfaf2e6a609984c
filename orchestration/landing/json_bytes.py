"""What is found of the bytes of many JSON lines at once: which lines say all with their skeletons,
where their texts open and close, and values as Arrow has them."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pyarrow

from orchestration.landing.blocks import Lines

QUOTE, BACKSLASH, SPACE, MINUS, POINT, ZERO, COLON = b'"\\ -.0:'
_LETTER_A, _LETTER_E, _LETTER_N, _LETTER_U = b"aenu"
_IS_PUNCTUATION = bytes(byte in b'{}[]:, "\r\n\0' for byte in range(256))
_LONGEST = 64  # bytes of a number that are looked at for many at once, eight at a time
_ESCAPED = np.isin(np.arange(256), list(b'"\\/bfnrtu'))
_HEX = np.isin(np.arange(256), list(b"0123456789abcdefABCDEF"))
_NULL, _TRUE, _FALS = np.frombuffer(b"nulltruefals", np.uint32)
_ONES = 0x0101010101010101  # times a byte, that byte eight times
_KEPT = np.array([(1 << 8 * size) - 1 for size in range(9)], np.uint64)
_INLINE = 12  # bytes of a text that Arrow keeps in its view of it: four behind its size, and eight
_SIZES = range(_INLINE + 1)
_FIRST_FOUR = np.array([(1 << 8 * min(size, 4)) - 1 << 32 for size in _SIZES], np.uint64)
_NEXT_EIGHT = np.array([(1 << 8 * max(size - 4, 0)) - 1 for size in _SIZES], np.uint64)


class Bytes:
    """The bytes of some lines, `is_sound` where a skeleton says all: no line of more than `most`
    bytes, no half of a character, and whatever else is rare."""

    def __init__(self, lines: Lines, most: int):
        self.lines = lines
        # Some bytes more than there are, so that none is the last.
        self.padded = lines.data + bytes(_INLINE)
        self.codes = np.frombuffer(self.padded, np.uint8)
        self.is_sound = lines.ends - lines.starts <= most
        self.is_sound[lines.undecodable()] = False
        self._distrust_controls()
        self._escapes = self._find_escapes()
        is_quote = self.codes == QUOTE
        is_quote[self._escapes + 1] = False
        is_quote[-2:] = True
        # The quotes that open and close texts, and two behind all, where there are none.
        self.quotes_and_two = np.flatnonzero(is_quote)
        self.quotes = self.quotes_and_two[:-2]

    def distrust(self, at: np.ndarray) -> None:
        """The lines on which these bytes stand are not sound."""
        self.is_sound[self.place(at[at < len(self.lines.data)])] = False

    def place(self, at: np.ndarray) -> np.ndarray:
        return np.searchsorted(self.lines.nexts, at, side="right")

    def each(self, kind: str) -> np.ndarray:
        """Of each byte a value of this kind of numpy that begins there."""
        size = len(self.padded) - np.dtype(kind).itemsize + 1
        return np.ndarray(max(size, 0), kind, self.padded, strides=(1,))

    def are_words(self, begins: np.ndarray, ends: np.ndarray) -> np.ndarray:
        """Whether from here to there, each from one byte on, stands true, false, null, or a number
        without an exponent."""
        first = self.codes[begins]
        digits = begins + (first == MINUS)
        sizes, digit = ends - digits, self.codes[digits]
        is_good = (sizes > 0) & (sizes <= _LONGEST)
        is_good &= _is_digit(digit) & _is_digit(self.codes[ends - 1])
        is_good &= (digit != ZERO) | ~_is_digit(self.codes[digits + 1])
        self._refuse_odd(digits, sizes, is_good)
        names = np.flatnonzero(first >= _LETTER_A)
        if len(names):
            is_good[names] = self._are_names(begins[names], ends[names])
        return is_good

    def texts(self, places: np.ndarray, begins: np.ndarray, ends: np.ndarray) -> pyarrow.Array:
        """Values of some lines as text: null is None, and a text with escapes stays in its quotes.
        Where one begins below 0 there is none."""
        is_there = begins >= 0
        if not is_there.all():
            begins, ends = np.where(is_there, begins, 0), np.where(is_there, ends, 0)
        first = self.codes[begins]
        is_text = is_there & (first == QUOTE)
        if len(self._escapes):
            those = np.flatnonzero(self._with_escapes[places])
            first_and_last = begins[those], ends[those]
            is_text[those] &= np.equal(*np.searchsorted(self._escapes, first_and_last))
        quote = is_text.astype(np.int64)
        begins, ends = begins + quote, ends - quote
        sizes = ends - begins
        kept, eights = np.minimum(sizes, _INLINE), self.each("u8")
        views = np.empty((len(begins), 2), np.uint64)
        views[:, 0] = (eights[begins] << 32) & _FIRST_FOUR[kept] | sizes.view(np.uint64)
        views[:, 1] = eights[begins + 4] & _NEXT_EIGHT[kept]
        is_long = np.flatnonzero(sizes > _INLINE)
        views[is_long, 1] = begins[is_long].view(np.uint64) << 32
        bits = np.packbits(is_there & (first != _LETTER_N), bitorder="little")
        buffers = [pyarrow.py_buffer(each) for each in (bits, views, self.padded)]
        return pyarrow.Array.from_buffers(pyarrow.string_view(), len(begins), buffers)

    @cached_property
    def is_punctuation(self) -> np.ndarray:
        """Whether a byte is none of a word; the last one is."""
        return np.frombuffer(self.padded.translate(_IS_PUNCTUATION), bool)

    @cached_property
    def stops(self) -> np.ndarray:
        return np.flatnonzero(self.is_punctuation)

    @cached_property
    def _with_escapes(self) -> np.ndarray:
        """Whether a text of the line has an escape."""
        before = np.searchsorted(self._escapes, self.lines.starts)
        return np.diff(before, append=len(self._escapes)) > 0

    def _distrust_controls(self) -> None:
        """Control characters that are no line ends."""
        is_control = self.codes[: len(self.lines.data)] < SPACE
        of_ends = (self.lines.nexts - self.lines.ends).sum()
        if np.count_nonzero(is_control) > of_ends:
            at = np.flatnonzero(is_control)
            self.distrust(at[at < self.lines.ends[self.place(at)]])

    def _find_escapes(self) -> np.ndarray:
        """The places of the backslashes that escape what follows."""
        if b"\\" not in self.padded:
            return np.array([], np.int64)
        at = np.flatnonzero(self.codes == BACKSLASH)
        number = np.arange(len(at))
        run = np.maximum.accumulate(np.where(np.diff(at, prepend=-2) != 1, number, 0))
        escapes = at[(number - run) % 2 == 0]
        escaped = self.codes[escapes + 1]
        self.distrust(escapes[~_ESCAPED[escaped]])
        by_number = escapes[escaped == _LETTER_U]
        digits = self.codes[by_number[:, None] + np.arange(2, 6)]
        is_half = ((digits[:, 0] | 32) == ord("d")) & (digits[:, 1] > ord("7"))
        is_nul = (digits == ZERO).all(axis=1)
        self.distrust(by_number[~_HEX[digits].all(axis=1) | is_half | is_nul])
        return escapes

    def _refuse_odd(self, begins: np.ndarray, sizes: np.ndarray, is_good: np.ndarray) -> None:
        """Of numbers refuses those with a byte that is neither a digit nor the only point."""
        points = np.zeros(len(begins), np.int64)
        those, eights = np.flatnonzero(is_good), self.each("u8")
        for at in range(0, int(sizes[those].max(initial=0)), 8):
            those = those[sizes[those] > at] if at else those
            # Above 9, each byte is one that is no digit.
            found = eights[begins[those] + at] ^ ZERO * _ONES
            found &= _KEPT[np.minimum(sizes[those] - at, 8)]
            odd = (((found & 0x7F * _ONES) + 0x76 * _ONES | found) >> 7) & _ONES
            is_good[those] &= found & odd * 0xFF == odd * (POINT ^ ZERO)
            points[those] += np.bitwise_count(odd)
        is_good &= points <= 1

    def _are_names(self, begins: np.ndarray, ends: np.ndarray) -> np.ndarray:
        fours, sizes = self.each("u4")[begins], ends - begins
        is_false = (sizes == 5) & (fours == _FALS) & (self.codes[ends - 1] == _LETTER_E)
        return is_false | (sizes == 4) & ((fours == _NULL) | (fours == _TRUE))


def _is_digit(codes: np.ndarray) -> np.ndarray:
    return codes - ZERO < 10  # below 0 a byte goes on from 255
