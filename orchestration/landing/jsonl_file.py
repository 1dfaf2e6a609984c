"""JSON lines: one object a line, its top-level values kept as they are written.

What an object holds is a value of its own where a feed names it by its path, as `customer.id`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Set
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow

from orchestration.landing import text
from orchestration.landing.blocks import Lines, LineTooLong, blocks
from orchestration.landing.feeds import Feed
from orchestration.landing.headers import Ambiguous, Match, hold_if_missing, match
from orchestration.landing.json_bytes import Bytes
from orchestration.landing.json_lines import Shape, Skeletons, Span
from orchestration.landing.limits import Limits
from orchestration.landing.output import Output
from orchestration.landing.reasons import Rejected

MAX_ADDED = 100_000  # unknown keys that are told apart; some files use ids as keys
MAX_REMEMBERED = 50_000  # characters of a line whose keys are kept, for the lines that are like it
MAX_KINDS = 1_000  # skeletons of lines that are told apart
FEW = 5  # lines of a kind in a block for which it is dearer to cut them than to look at each
SMALL = 1 << 16  # bytes of a file below which each line is looked at
BLOCK = 1 << 19  # bytes whose lines are cut together
USUAL = 3  # such a part of the lines that are left of a block has a kind that the next is asked for
READER = "found_lines"  # the name under which DuckDB reads them
_SEPARATORS = re.compile(r"[\s,:]*")


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


class _Repeating(dict):
    """An object in which a key comes twice: two records may have become one."""


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    keys = dict(pairs)
    return keys if len(keys) == len(pairs) else _Repeating(keys)


_DECODER = json.JSONDecoder(
    parse_float=str,
    parse_int=str,
    parse_constant=_refuse_constant,
    object_pairs_hook=_object,
)


def read(path: Path, feed: Feed, output: Output) -> None:
    """Reads one file; raises `Held` when a required key is on no line, or it isn't text."""
    encoding = text.encoding_of(path, feed)
    if path.stat().st_size >= SMALL and not feed.filled_down:
        if _read_in_bulk(path, feed, encoding, output):
            return
        output.begin_anew()
    _read_line_by_line(path, feed, encoding, output)


def _read_in_bulk(path: Path, feed: Feed, encoding: str, output: Output) -> bool:
    """Looks at one line of each kind, and lets DuckDB have all that are like it; False, with
    nothing done that counts, where a line may be longer than the limit."""
    careful = _Careful(feed, encoding, output)
    bulk = _Bulk(careful, text.as_utf8(path, encoding, output.work))
    rows = bulk.copy()
    if bulk.is_cut:
        return False
    careful.end(bulk.lines)
    output.finish_behind(rows)
    return True


def _read_line_by_line(path: Path, feed: Feed, encoding: str, output: Output) -> None:
    """Looks at each line of a file."""
    careful, physical = _Careful(feed, encoding, output), 0
    for line in text.lines(path, encoding, output.limits.line_characters):
        physical += 1
        careful.take(physical, line)
    careful.end(physical)
    output.finish()


class _Careful:
    """Takes line after line, and remembers which columns there were."""

    def __init__(self, feed: Feed, encoding: str, output: Output):
        self.feed, self.output, self.opened = feed, output, _opened(feed)
        self._encoding, self._undecodable = encoding, 0
        self._found: set[int] = set()
        self._added: dict[str, None] = {}
        self._match_known_keys = lru_cache(maxsize=1_000)(self._match_keys)

    def take(self, number: int, line: text.Line) -> None:
        if not line.text.strip():
            self.output.tally.blank += 1
            return
        try:
            values = _values(line, self.output.limits.record_keys, self.opened)
            is_short = len(line.text) <= MAX_REMEMBERED
            matched = (self._match_known_keys if is_short else self._match_keys)(tuple(values))
            self.output.accept(number, matched.pick(list(values.values())))
        except Rejected as rejected:
            self._undecodable += line.fault == "undecodable_text"
            self.output.reject(number, line.text, rejected.reason)
        except Ambiguous:
            self.output.reject(number, line.text, "ambiguous_key")

    def note(self, matched: Match) -> None:
        """Remembers the columns of a line."""
        positions = enumerate(matched.positions)
        self._found.update(at for at, position in positions if position is not None)
        if len(self._added) < MAX_ADDED:
            self._added.update(dict.fromkeys(map(text.told, matched.added)))

    def end(self, physical: int) -> None:
        """To be told how many lines the file has; raises `Held` if it can't be landed."""
        output, columns = self.output, self.feed.columns
        output.tally.physical = physical
        text.hold_if_undecodable(self.feed, self._encoding, self._undecodable, physical)
        is_found = [number in self._found for number in range(len(columns))]
        if physical > output.tally.blank:
            hold_if_missing(self.feed, is_found, tuple(self._added))
        output.columns_missing = tuple(
            column.name for column, is_there in zip(columns, is_found, strict=True) if not is_there
        )
        output.columns_added = tuple(self._added)

    def _match_keys(self, keys: tuple[str, ...]) -> Match:
        matched = match(self.feed.columns, keys)
        self.note(matched)
        return matched


class _Kind(NamedTuple):
    """Lines with one skeleton: which columns they have, which bytes of it are their values, and its
    shape where it has one."""

    matched: Match
    spans: list[Span | None]
    shape: Shape | None


class _Kinds(dict[bytes, int]):
    """The numbers of skeletons in the list of `known` kinds; the first is of all other lines."""

    def __init__(self, feed: Feed, limits: Limits):
        super().__init__()
        self.known: list[_Kind | None] = [None]
        self._feed, self._limits, self._opened = feed, limits, _opened(feed)

    def __missing__(self, skeleton: bytes) -> int:
        if len(self) >= MAX_KINDS or len(skeleton) > MAX_REMEMBERED:
            return 0
        number = 0
        if kind := self._kind(skeleton.decode()):
            number = len(self.known)
            self.known.append(kind)
        self[skeleton] = number
        return number

    def _kind(self, skeleton: str) -> _Kind | None:
        """None where a line is rejected, or a path leads to two places."""
        try:
            values = _values(text.Line(skeleton, None), self._limits.record_keys, self._opened)
            matched = match(self._feed.columns, list(values))
        except (Rejected, Ambiguous):
            return None
        spans = list(_spans(skeleton, self._opened))
        stands = dict(spans)
        if len(stands) < len(spans):
            return None
        spans = matched.pick([stands[key] for key in values])
        return _Kind(matched, spans, Shape.of(skeleton.encode()))


class _Bulk:
    """Cuts lines by their kinds, and gives those that are few or none to who looks at each."""

    def __init__(self, careful: _Careful, file: text.Utf8):
        self.lines, self.is_cut = 0, False
        self._careful, self._output, self._file = careful, careful.output, file
        self._kinds = _Kinds(careful.feed, self._output.limits)
        self._usual: list[int] = []
        self._met = {0}
        self._held: Skeletons | None = None
        self._names = [f"v{number}" for number in range(len(careful.feed.columns))]

    def copy(self) -> int:
        """Lets DuckDB write the lines that are of a kind, and returns how many they are.

        Those of others are taken meanwhile. A text that is in quotes still is one with escapes.
        """
        types = [pyarrow.int64(), *(pyarrow.string_view() for _ in self._names)]
        schema = pyarrow.schema(zip(["line", *self._names], types, strict=True))
        values = [
            f"if(starts_with({name}, '\"'), json_extract_string({name}, '$'), {name})"
            for name in self._names
        ]
        reader = pyarrow.RecordBatchReader.from_batches(schema, self._batches(schema))
        # A stream, since to know a reader DuckDB loads what else Arrow has.
        self._output.connection.register(READER, reader.__arrow_c_stream__())
        try:
            return self._output.copy(values, "line", READER)
        finally:
            self._output.connection.unregister(READER)

    def _batches(self, schema: pyarrow.Schema) -> Iterator[pyarrow.RecordBatch]:
        longest = self._output.limits.line_characters
        try:
            for block, _ in blocks(self._file.path, self._file.begins, BLOCK, longest):
                if block:
                    yield pyarrow.record_batch(self._take(Lines(block, longest)), schema=schema)
        except LineTooLong:
            self.is_cut = True

    def _take(self, lines: Lines) -> list[pyarrow.Array]:
        """The next lines of the file, but for those that have to be looked at, which are taken."""
        found = Bytes(lines, self._output.limits.cell_characters)
        cut = _Cut(len(lines), len(self._names))
        self._cut_usual(found, cut)
        self._cut_others(found, cut)
        self._usual = self._most(cut.kinds)
        for number, place in self._in_order(cut.kinds):
            if number:
                self._careful.note(self._kinds.known[number].matched)
            else:
                line = text.line_of(lines[place].decode(errors=self._file.errors))
                self._careful.take(self.lines + place + 1, line)
        places = np.flatnonzero(cut.kinds)
        # Of buffers: Arrow loads pandas to know whether an array of numpy is one of its own.
        at = pyarrow.py_buffer(places + self.lines + 1)
        self.lines += len(lines)
        placed = pyarrow.Array.from_buffers(pyarrow.int64(), len(places), [None, at])
        begins, ends = cut.begins, cut.ends
        if len(places) < len(lines):
            begins, ends = begins[:, places], ends[:, places]
        return [placed, *(found.texts(places, *each) for each in zip(begins, ends, strict=True))]

    def _cut_usual(self, found: Bytes, cut: _Cut) -> None:
        """Cuts the lines of the kinds of which many were in the last block."""
        for number in self._usual:
            kind = self._kinds.known[number]
            left = np.flatnonzero(found.is_sound & (cut.kinds == 0))
            places, begins = kind.shape.lines(found, left)
            cut.kinds[places] = number
            for column, span in enumerate(kind.spans):
                if span:
                    cut.put(column, places, *kind.shape.values(begins, span))

    def _cut_others(self, found: Bytes, cut: _Cut) -> None:
        """Cuts what is left by its skeletons, if it is much."""
        lines = found.lines
        left = np.flatnonzero((cut.kinds == 0) & found.is_sound & (lines.ends > lines.starts))
        if len(left) >= FEW:
            if len(left) < len(lines):
                found = Bytes(lines.some(left), self._output.limits.cell_characters)
            skeletons, some = Skeletons(found), found.lines
            # Until the next: else its memory is given back, and asked for again page by page.
            self._held = skeletons
            numbers = self._numbered(skeletons, found.is_sound)
            cut.kinds[left] = numbers
            for number in np.unique(numbers[numbers > 0]).tolist():
                places = np.flatnonzero(numbers == number)
                moved = lines.starts[left[places]] - some.starts[places]
                for column, span in enumerate(self._kinds.known[number].spans):
                    if span:
                        begins, ends = skeletons.values(places, span)
                        cut.put(column, left[places], begins + moved, ends + moved)

    def _most(self, numbers: np.ndarray) -> list[int]:
        """The kinds of most lines, as long as each has a third of those that the others leave: to
        look for it on all of these is a third of the work of their skeletons."""
        counts, left, most = np.bincount(numbers, minlength=1), len(numbers), []
        counts[0] = 0
        while counts.max() * USUAL >= left > 0:
            most.append(int(counts.argmax()))
            left, counts[most[-1]] = left - counts[most[-1]], 0
        return [number for number in most if self._kinds.known[number].shape]

    def _numbered(self, skeletons: Skeletons, is_sound: np.ndarray) -> np.ndarray:
        """The number of the kind of each line, 0 where it has to be looked at."""
        numbers = np.zeros(len(is_sound), np.int64)
        for skeleton, those in skeletons.alike(np.flatnonzero(is_sound)):
            numbers[those] = self._kinds[skeleton]
        numbers[np.bincount(numbers)[numbers] < FEW] = 0
        return numbers

    def _in_order(self, numbers: np.ndarray) -> list[tuple[int, int]]:
        """The kinds that are met first with the places of their first lines, and each line that is
        of none: in which order keys are met first is told."""
        met = set(np.flatnonzero(np.bincount(numbers, minlength=1)).tolist()) - self._met
        self._met |= met
        firsts = [(number, int((numbers == number).argmax())) for number in met]
        others = [(0, place) for place in np.flatnonzero(numbers == 0).tolist()]
        return sorted([*firsts, *others], key=itemgetter(1))


class _Cut:
    """The kinds of the lines of a block, 0 for none, and where the values of each column begin and
    end on them, below 0 where there is none."""

    def __init__(self, lines: int, columns: int):
        self.kinds = np.zeros(lines, np.int64)
        self.begins = np.full((columns, lines), -1)
        self.ends = self.begins.copy()

    def put(self, column: int, places: np.ndarray, begins: np.ndarray, ends: np.ndarray) -> None:
        self.begins[column, places], self.ends[column, places] = begins, ends


def paths_of(line: str, feed: Feed, limits: Limits) -> list[str]:
    """The paths of all that an object holds, in the order in which columns are matched to them;
    raises `Rejected` when the line is none."""
    return list(_values(text.Line(line, None), limits.record_keys, _opened(feed)))


def _opened(feed: Feed) -> set[str]:
    """The keys of objects of which a column is a part."""
    return {header.split(".")[0] for c in feed.columns for header in c.headers if "." in header}


def _values(line: text.Line, most: int, opened: Set[str]) -> dict[str, str | None]:
    """The keys and values, `most` at most, of the object as text, and what its `opened` objects
    hold by path; raises `Rejected` when the line is none."""
    if line.fault:
        raise Rejected(line.fault)
    try:
        parsed = _DECODER.decode(line.text)
    except (ValueError, RecursionError):
        raise Rejected("invalid_json") from None
    if not isinstance(parsed, dict):
        raise Rejected("invalid_json")
    if isinstance(parsed, _Repeating):
        raise Rejected("ambiguous_key")
    held = {path: each for key in opened & parsed.keys() for path, each in leaves(key, parsed[key])}
    if held.keys() & parsed.keys() - opened:
        raise Rejected("ambiguous_key")
    parsed = held | parsed
    if len(parsed) > most:
        raise Rejected("too_many_keys")
    if any(isinstance(value, dict | list) for value in parsed.values()):
        stands = {key: slice(*span) for key, *span in _members(line.text)}
        parsed = {
            key: line.text[stands[key]] if isinstance(value, dict | list) else value
            for key, value in parsed.items()
        }
    return {
        key: ("true" if value else "false") if isinstance(value, bool) else value
        for key, value in parsed.items()
    }


def leaves(key: str, value: object) -> Iterator[tuple[str, object]]:
    """What a value holds that holds nothing itself, by path; lists are left out."""
    waiting = [(key, value)]
    while waiting:
        path, each = waiting.pop()
        if isinstance(each, _Repeating):
            raise Rejected("ambiguous_key")
        if isinstance(each, dict):
            waiting += [(f"{path}.{inner}", held) for inner, held in each.items()]
        elif not isinstance(each, list):
            yield path, each


def _spans(line: str, opened: Set[str]) -> Iterator[tuple[str, Span]]:
    """The paths of a valid object, those within its `opened` objects too, each with the bytes of
    its UTF-8 between which its value stands."""
    waiting = [(0, "", opened)]
    while waiting:
        at, above, inner = waiting.pop()
        for key, begin, end in _members(line, at):
            yield above + key, (len(line[:begin].encode()), len(line[:end].encode()))
            if line[begin] == "{" and (above or key in inner):
                waiting.append((begin, f"{above}{key}.", inner))


def _members(line: str, at: int = 0) -> Iterator[tuple[str, int, int]]:
    """The keys of the valid JSON object that begins there, and where their values stand."""
    position = _SEPARATORS.match(line, line.index("{", at) + 1).end()
    while line[position] != "}":
        key, end = _DECODER.raw_decode(line, position)
        begin = _SEPARATORS.match(line, end).end()
        _, end = _DECODER.raw_decode(line, begin)
        yield key, begin, end
        position = _SEPARATORS.match(line, end).end()
