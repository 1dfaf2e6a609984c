"""Where the values of JSON lines stand, found for many lines at once.

The skeleton of a line is what is left of it with a 0 in place of every number, true, false and
null, and of every text that is no key. Where what was taken out is sound, a line is JSON exactly
if its skeleton is, and a value stands between the same bytes of both. So what is found out of one
line holds for all with its skeleton.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

import numpy as np

from orchestration.landing.json_bytes import COLON, QUOTE, SPACE, ZERO, Bytes

MAX_PIECES = 200  # values of a line that are looked for one after another in whole columns
COMPARED = 8  # skeletons of one length that are each compared with all lines of a block
_KEY_OR_ZERO = re.compile(rb'"[^"]*"|0')
Span = tuple[int, int]


class Skeletons:
    """The skeletons of some lines, whose bytes learn of words that are none."""

    def __init__(self, found: Bytes):
        lines, self._bytes = found.lines, found
        opens, closes, is_key = self._texts()
        state = self._states(opens, closes, is_key)
        is_outside = state == 0
        is_word = is_outside & ~found.is_punctuation
        begins, ends = self._words(is_word)
        is_kept = (is_outside ^ is_word) | (state == 1)
        is_kept[closes[is_key == 0]] = False
        is_zero = np.concatenate([begins, opens[is_key == 0]])
        is_kept[is_zero] = True
        bare = found.codes.copy()
        bare[is_zero] = ZERO
        self._kept = np.flatnonzero(is_kept)
        self._text = bare[self._kept].tobytes()
        self._firsts = np.searchsorted(self._kept, lines.starts)
        self._ends = np.searchsorted(self._kept, lines.ends)
        found.distrust(begins[~found.are_words(begins, ends)])

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

    def values(self, places: np.ndarray, span: Span) -> tuple[np.ndarray, np.ndarray]:
        """Where a value begins and ends on lines of one skeleton, of which it has these bytes."""
        begin, end = span
        return self._kept[self._firsts[places] + begin], self._kept[self._firsts[places] + end]

    def _texts(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The quotes that open texts, those that close them, and 1 for texts that are keys."""
        quotes, found = self._bytes.quotes, self._bytes
        count = np.diff(np.searchsorted(quotes, found.lines.nexts), prepend=0)
        if (is_odd := count % 2 == 1).any():
            found.is_sound[is_odd] = False
            quotes = quotes[~is_odd[found.place(quotes)]]
        closes = quotes[1::2]
        after = found.codes[closes + 1]
        after = np.where(after == SPACE, found.codes[closes + 2], after)
        return quotes[::2], closes, (after == COLON).astype(np.int8)

    def _states(self, opens: np.ndarray, closes: np.ndarray, is_key: np.ndarray) -> np.ndarray:
        """Of each byte whether it stands in a key (1), in another text (2) or in none (0), as the
        quote that closes one does."""
        edges = np.append(np.column_stack([opens, closes]), len(self._bytes.codes))
        states = np.zeros(len(edges), np.int8)
        states[1::2] = 2 - is_key
        return np.repeat(states, np.diff(edges, prepend=0))

    def _words(self, is_word: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where what is no text begins and ends: numbers, true, false, null, and what is none."""
        edges = np.flatnonzero(is_word[1:] != is_word[:-1]) + 1
        edges = np.concatenate([[0], edges]) if is_word[0] else edges
        return edges[::2], edges[1::2]


class Shape:
    """A skeleton as the pieces around its zeros, which other lines may have too.

    Lines of a skeleton that is known need none of their own: piece after piece is looked for where
    the value before it ends, as a text does with the next quote but one.
    """

    @classmethod
    def of(cls, skeleton: bytes) -> Shape | None:
        """None where a backslash may hide whether a quote is one, and where looking for so many
        values takes longer than another skeleton, as for long lists."""
        is_one = b"\\" not in skeleton and skeleton.count(b"0") <= MAX_PIECES
        return cls(skeleton) if is_one else None

    def __init__(self, skeleton: bytes):
        found = _KEY_OR_ZERO.finditer(skeleton)
        zeros = [each.start() for each in found if each[0] == b"0"]
        self._begins = [0, *(at + 1 for at in zeros)]  # of the pieces, in the skeleton
        ends = [*zeros, len(skeleton)]
        self._pieces = [skeleton[at:end] for at, end in zip(self._begins, ends, strict=True)]
        self._size = len(skeleton)

    def lines(self, found: Bytes, places: np.ndarray) -> tuple[np.ndarray, list[np.ndarray]]:
        """The lines among these sound ones that have the skeleton, and where each piece of it
        begins on them."""
        lines, last = found.lines, len(self._pieces) - 1
        # Of longer ones alone: no more is compared than there are bytes.
        places = places[lines.ends[places] - lines.starts[places] >= self._size]
        quotes = found.quotes_and_two
        at, ends = lines.starts[places], lines.ends[places]
        quote, begins = np.searchsorted(found.quotes, at), []
        for number, piece in enumerate(self._pieces):
            is_good = self._stands(found, piece, at)
            begins.append(at)
            at = at + len(piece)
            if number == last:
                is_good &= at == ends
            if not is_good.all():
                kept = (each[is_good] for each in (places, at, ends, quote, *begins))
                places, at, ends, quote, *begins = kept
            if number < last:
                quote = quote + piece.count(b'"')
                is_text = found.codes[at] == QUOTE
                end = quotes[quote + 1] + 1
                words = np.flatnonzero(~is_text)
                if len(words):
                    of_words = at[words], quotes[quote[words]], ends[words]
                    end[words] = self._word_ends(found, number + 1, *of_words)
                    # Behind a word that is none no piece stands.
                    is_word = found.are_words(at[words], end[words])
                    end[words[~is_word]] = len(lines.data)
                at, quote = end, quote + 2 * is_text
        return places, begins

    def values(self, begins: list[np.ndarray], span: Span) -> tuple[np.ndarray, np.ndarray]:
        """Where a value begins and ends, of which the skeleton has these bytes."""
        return self._where(begins, span[0]), self._where(begins, span[1])

    def _where(self, begins: list[np.ndarray], at: int) -> np.ndarray:
        piece = bisect_right(self._begins, at) - 1
        return begins[piece] + (at - self._begins[piece])

    def _stands(self, found: Bytes, piece: bytes, at: np.ndarray) -> np.ndarray:
        """Whether a piece stands there."""
        each = found.each(f"S{len(piece)}")
        return each[np.minimum(at, len(each) - 1)] == piece

    def _word_ends(
        self, found: Bytes, number: int, at: np.ndarray, quotes: np.ndarray, ends: np.ndarray
    ) -> np.ndarray:
        """Where words end that begin there, if this piece follows them: before the next quotes or
        the ends of their lines, as far as it goes, else where no word goes on."""
        piece = self._pieces[number]
        if b'"' in piece:
            return quotes - piece.index(b'"')
        if number == len(self._pieces) - 1:
            return ends - len(piece)
        return found.stops[np.searchsorted(found.stops, at)]
