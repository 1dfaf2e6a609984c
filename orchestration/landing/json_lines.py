"""Where the values of JSON lines stand, found for many lines at once.

The skeleton of a line is what is left of it with a 0 in place of every number, true, false and
null, and of every text that is no key. Where what was taken out is sound, a line is JSON exactly
if its skeleton is, and a value stands between the same bytes of both. So what is found out of one
line holds for all with its skeleton.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow

from orchestration.landing.blocks import Lines

COMPARED = 8  # skeletons of one length that are each compared with all lines of a block
_QUOTE, _BACKSLASH, _SPACE, _MINUS, _POINT, _ZERO, _COLON = b'"\\ -.0:'
_LETTER_A, _LETTER_E, _LETTER_N, _LETTER_U, _DELETE = b"aenu\x7f"
_PUNCTUATION, _DIGIT, _OTHER = 0, 1, 2
_CLASSES = bytes(
    _PUNCTUATION if byte in b'{}[]:, "\r\n' else _DIGIT if byte in b"0123456789" else _OTHER
    for byte in range(256)
)
_ESCAPED = np.isin(np.arange(256), list(b'"\\/bfnrtu'))
_HEX = np.isin(np.arange(256), list(b"0123456789abcdefABCDEF"))
_NULL, _TRUE, _FALS = np.frombuffer(b"nulltruefals", np.uint32)
_INLINE = 12  # bytes of a text that Arrow keeps in its view of it, in words of four
_MASKS = np.array(
    [[255] * size + [0] * (_INLINE - size) for size in range(_INLINE + 1)], np.uint8
).view(np.int32)


class Skeletons:
    """The skeletons of some lines, `is_sound` where they say all: no line of more than `most`
    bytes, no number with an exponent, no half of a character, and whatever else is rare."""

    def __init__(self, lines: Lines, most: int):
        self._lines = lines
        # Some bytes more than there are, so that none is the last.
        self._padded = lines.data + bytes(_INLINE)
        self._codes = np.frombuffer(self._padded, np.uint8)
        classes = lines.data.translate(_CLASSES) + bytes([_PUNCTUATION]) * _INLINE
        self._classes = np.frombuffer(classes, np.uint8)
        self.is_sound = lines.ends - lines.starts <= most
        self.is_sound[lines.undecodable()] = False
        self._distrust(self._controls())
        self._escapes = self._find_escapes()
        opens, closes, is_key = self._texts()
        state = self._states(opens, closes, is_key)
        is_outside, is_other = state == 0, self._classes != _PUNCTUATION
        is_word = is_outside & is_other
        begins, ends = self._words(is_word)
        is_kept = (is_outside ^ is_word) | (state == 1)
        is_kept[closes[is_key == 0]] = False
        is_zero = np.concatenate([begins, opens[is_key == 0]])
        is_kept[is_zero] = True
        bare = self._codes.copy()
        bare[is_zero] = _ZERO
        self._kept = np.flatnonzero(is_kept)
        self._text = bare[self._kept].tobytes()
        self._firsts = np.searchsorted(self._kept, lines.starts)
        self._ends = np.searchsorted(self._kept, lines.ends)
        self._check_words(begins, ends, is_word)

    def alike(self, places: np.ndarray) -> Iterator[tuple[bytes, np.ndarray]]:
        """Skeletons, with the lines among these that have them; blank ones have none.

        Most lines of a file have one of few, so that whole columns of them are compared. Where a
        length has many, each of its other lines comes by itself.
        """
        firsts, sizes = self._firsts[places], self._ends[places] - self._firsts[places]
        for size in np.unique(sizes[sizes > 0]).tolist():
            those = np.flatnonzero(sizes == size)
            shape = len(self._text) - size + 1
            texts = np.ndarray(shape, f"S{size}", self._text, strides=(1,))[firsts[those]]
            for _ in range(COMPARED):
                if not len(those):
                    break
                skeleton = texts[0]
                is_same = texts == skeleton
                yield skeleton, places[those[is_same]]
                texts, those = texts[~is_same], those[~is_same]
            yield from zip(texts.tolist(), places[those, None], strict=True)

    def values(self, places: np.ndarray, span: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
        """Where a value begins and ends on lines of one skeleton, of which it has these bytes."""
        begin, end = span
        return self._kept[self._firsts[places] + begin], self._kept[self._firsts[places] + end]

    def texts(self, begins: np.ndarray, ends: np.ndarray) -> pyarrow.Array:
        """Values as text: null is None, and a text with escapes stays in its quotes. Where one
        begins below 0 there is none."""
        is_there = begins >= 0
        begins, ends = np.where(is_there, begins, 0), np.where(is_there, ends, 0)
        first = self._codes[begins]
        is_text = is_there & (first == _QUOTE)
        if len(self._escapes):
            is_text &= np.equal(*np.searchsorted(self._escapes, [begins, ends]))
        begins, sizes = begins + is_text, ends - begins - 2 * is_text
        views = np.empty((len(begins), 4), np.int32)
        views[:, 0] = sizes
        starts = np.ndarray(len(self._padded) - _INLINE + 1, "V12", self._padded, strides=(1,))
        views[:, 1:] = starts[begins].view(np.int32).reshape(-1, 3)
        views[:, 1:] &= _MASKS[np.minimum(sizes, _INLINE)]
        is_long = sizes > _INLINE
        views[is_long, 2], views[is_long, 3] = 0, begins[is_long]
        bits = np.packbits(is_there & (first != _LETTER_N), bitorder="little")
        buffers = [pyarrow.py_buffer(each) for each in (bits, views, self._padded)]
        return pyarrow.Array.from_buffers(pyarrow.string_view(), len(begins), buffers)

    def _distrust(self, at: np.ndarray) -> None:
        """The lines on which these bytes stand are not sound."""
        self.is_sound[self._place(at[at < len(self._lines.data)])] = False

    def _place(self, at: np.ndarray) -> np.ndarray:
        return np.searchsorted(self._lines.nexts, at, side="right")

    def _controls(self) -> np.ndarray:
        """The places of control characters that are no line ends."""
        at = np.flatnonzero(self._codes[: len(self._lines.data)] < _SPACE)
        return at[at < self._lines.ends[self._place(at)]]

    def _find_escapes(self) -> np.ndarray:
        """The places of the backslashes that escape what follows."""
        if b"\\" not in self._padded:
            return np.array([], np.int64)
        at = np.flatnonzero(self._codes == _BACKSLASH)
        number = np.arange(len(at))
        run = np.maximum.accumulate(np.where(np.diff(at, prepend=-2) != 1, number, 0))
        escapes = at[(number - run) % 2 == 0]
        escaped = self._codes[escapes + 1]
        self._distrust(escapes[~_ESCAPED[escaped]])
        by_number = escapes[escaped == _LETTER_U]
        digits = self._codes[by_number[:, None] + np.arange(2, 6)]
        is_half = ((digits[:, 0] | 32) == ord("d")) & (digits[:, 1] > ord("7"))
        is_nul = (digits == _ZERO).all(axis=1)
        self._distrust(by_number[~_HEX[digits].all(axis=1) | is_half | is_nul])
        return escapes

    def _texts(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The quotes that open texts, those that close them, and 1 for texts that are keys."""
        is_quote = self._codes == _QUOTE
        is_quote[self._escapes + 1] = False
        quotes = np.flatnonzero(is_quote)
        count = np.diff(np.searchsorted(quotes, self._lines.nexts), prepend=0)
        if (is_odd := count % 2 == 1).any():
            self.is_sound[is_odd] = False
            quotes = quotes[~is_odd[self._place(quotes)]]
        closes = quotes[1::2]
        after = self._codes[closes + 1]
        after = np.where(after == _SPACE, self._codes[closes + 2], after)
        return quotes[::2], closes, (after == _COLON).astype(np.int8)

    def _states(self, opens: np.ndarray, closes: np.ndarray, is_key: np.ndarray) -> np.ndarray:
        """Of each byte whether it stands in a key (1), in another text (2) or in none (0), as the
        quote that closes one does."""
        edges = np.append(np.column_stack([opens, closes]), len(self._codes))
        states = np.zeros(len(edges), np.int8)
        states[1::2] = 2 - is_key
        return np.repeat(states, np.diff(edges, prepend=0))

    def _words(self, is_word: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where what is no text begins and ends: numbers, true, false, null, and what is none."""
        edges = np.flatnonzero(is_word[1:] != is_word[:-1]) + 1
        edges = np.concatenate([[0], edges]) if is_word[0] else edges
        return edges[::2], edges[1::2]

    def _check_words(self, begins: np.ndarray, ends: np.ndarray, is_word: np.ndarray) -> None:
        """Distrusts lines with words that are neither true, false or null nor plain numbers."""
        first = self._codes[begins]
        is_name = (first >= _LETTER_A) & (first < _DELETE)
        self._check_names(begins[is_name], ends[is_name])
        begins, ends, is_minus = begins[~is_name], ends[~is_name], first[~is_name] == _MINUS
        digit = begins + is_minus
        is_digit = self._classes == _DIGIT
        is_good = is_digit[digit] & ((self._codes[digit] != _ZERO) | ~is_digit[digit + 1])
        self._distrust(begins[~is_good])
        odd = np.flatnonzero(is_word & ~is_digit)
        word = np.searchsorted(begins, odd, side="right") - 1
        is_within = (word >= 0) & (odd < ends[np.maximum(word, 0)]) if len(ends) else odd < 0
        odd, word = odd[is_within], word[is_within]
        is_first = odd == begins[word]
        odd, word = odd[~(is_first & is_minus[word])], word[~(is_first & is_minus[word])]
        is_point = (self._codes[odd] == _POINT) & is_digit[odd - 1] & is_digit[odd + 1]
        is_point[1:] &= word[1:] != word[:-1]
        self._distrust(odd[~is_point])

    def _check_names(self, begins: np.ndarray, ends: np.ndarray) -> None:
        fours = np.ndarray(len(self._padded) - 3, np.uint32, self._padded, strides=(1,))[begins]
        sizes = ends - begins
        is_good = (sizes == 4) & ((fours == _NULL) | (fours == _TRUE))
        is_good |= (sizes == 5) & (fours == _FALS) & (self._codes[ends - 1] == _LETTER_E)
        self._distrust(begins[~is_good])
