"""JSON lines: one object a line, its top-level values kept as they are written.

What an object holds is a value of its own where a feed names it by its path, as `customer.id`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Set
from functools import lru_cache
from pathlib import Path

from orchestration.landing import text
from orchestration.landing.feeds import Feed
from orchestration.landing.headers import Ambiguous, Match, hold_if_missing, match
from orchestration.landing.limits import Limits
from orchestration.landing.output import Output
from orchestration.landing.reasons import Rejected

MAX_ADDED = 100_000  # unknown keys that are told apart; some files use ids as keys
MAX_REMEMBERED = 50_000  # characters of a line whose keys are kept, for the lines that are like it
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
    encoding, tally, limits = text.encoding_of(path, feed), output.tally, output.limits
    found: set[int] = set()
    added: dict[str, None] = {}
    undecodable, opened = 0, _opened(feed)

    def match_keys(keys: tuple[str, ...]) -> Match:
        matched = match(feed.columns, keys)
        found.update(at for at, position in enumerate(matched.positions) if position is not None)
        if len(added) < MAX_ADDED:
            added.update(dict.fromkeys(map(text.told, matched.added)))
        return matched

    match_known_keys = lru_cache(maxsize=1_000)(match_keys)
    for line in text.lines(path, encoding, limits.line_characters):
        tally.physical += 1
        if not line.text.strip():
            tally.blank += 1
            continue
        try:
            values = _values(line, limits.record_keys, opened)
            is_short = len(line.text) <= MAX_REMEMBERED
            matched = (match_known_keys if is_short else match_keys)(tuple(values))
            output.accept(tally.physical, matched.pick(list(values.values())))
        except Rejected as rejected:
            undecodable += line.fault == "undecodable_text"
            output.reject(tally.physical, line.text, rejected.reason)
        except Ambiguous:
            output.reject(tally.physical, line.text, "ambiguous_key")
    text.hold_if_undecodable(feed, encoding, undecodable, tally.physical)
    is_found = [number in found for number in range(len(feed.columns))]
    if tally.physical > tally.blank:
        hold_if_missing(feed, is_found, tuple(added))
    output.columns_missing = tuple(
        column.name for column, is_there in zip(feed.columns, is_found, strict=True) if not is_there
    )
    output.columns_added = tuple(added)
    output.finish()


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
        written = dict(_members(line.text))
        parsed = {
            key: written[key] if isinstance(value, dict | list) else value
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


def _members(line: str) -> Iterator[tuple[str, str]]:
    """The keys of a valid JSON object, each with its value exactly as written."""
    position = _SEPARATORS.match(line, line.index("{") + 1).end()
    while line[position] != "}":
        key, end = _DECODER.raw_decode(line, position)
        start = _SEPARATORS.match(line, end).end()
        _, end = _DECODER.raw_decode(line, start)
        yield key, line[start:end]
        position = _SEPARATORS.match(line, end).end()
