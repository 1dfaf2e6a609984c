"""What is looked for in any file: as text, and as the bytes that it may be written in."""

from __future__ import annotations

import hashlib
import json
import re
import string
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from os.path import commonprefix

from orchestration.audiences.formats import CRM, FORMATS
from orchestration.duck import connect

# A shorter value, such as a first name or a number of four digits, stands in other words, and one
# of eight digits is a day or an amount as well. In scripts of syllables and words three characters
# are as rare.
SHORTEST, SHORTEST_NUMBER, SHORTEST_BEYOND_ASCII = 6, 9, 3
# With these a word goes on, so that shop:12 is neither in shop:123 nor in my_shop:12. What stands
# before it with a hyphen is no part of an account number; what follows with one may be.
WORD = string.ascii_letters + string.digits + "_"
LETTERS, GOES_ON = WORD.encode(), b"[0-9A-Za-z_-]"
# What JSON writes for a line break, or for a letter of another script, ends with letters.
ESCAPED = re.compile(rb"(?:\\[bfnrt]|\\u[0-9a-f]{4})\Z")
AT_ONCE = 200  # needles in a pattern of DuckDB
AROUND = 8  # bytes around a needle that tell whether it stands alone
NOTHING = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True)
class Needles:
    """Texts that count where they stand as words of their own."""

    texts: tuple[str, ...]

    @classmethod
    def of(cls, values: Iterable[str]) -> Needles:
        """Values that are long enough to be nobody else's, and what was handed over of them."""
        found = set(filter(is_long, values))
        return cls(tuple(sorted(found | handed_over(found))))

    @property
    def patterns(self) -> list[str]:
        """As DuckDB finds them in a text; it takes no pattern of any length."""
        some = [self.texts[at : at + AT_ONCE] for at in range(0, len(self.texts), AT_ONCE)]
        return ["|".join(map(_alone, texts)) for texts in some]

    @property
    def longest(self) -> int:
        """No needle takes more bytes, however it is written."""
        return 12 * max(map(len, self.texts), default=0)

    def are_in(self, content: bytes, first: int = 0, last: int | None = None) -> bool:
        """Whether one of them begins at `first` or behind it, and ends at `last` or before."""
        last = len(content) if last is None else last
        found = self._in_bytes.search(content, first)
        while found and found.end() <= last:
            if _begins_a_word(content, found.start()):
                return True
            found = self._in_bytes.search(content, found.start() + 1)
        return False

    @cached_property
    def _in_bytes(self) -> re.Pattern[bytes]:
        """Every needle as it may be written."""
        written = {form for text in self.texts for form in _written(text)}
        return re.compile(_any_of(written) if written else b"(?!)")


def is_long(value: str) -> bool:
    """Whether a value is so long that it stands in no other text by chance."""
    if not value.isascii():
        return len(value) >= SHORTEST_BEYOND_ASCII
    return len(value) >= (SHORTEST_NUMBER if value.isdigit() else SHORTEST)


def handed_over(values: Iterable[str]) -> set[str]:
    """What ad platforms and spreadsheets get of contacts, in the forms that exports have, and the
    plain hash of any value."""
    values = sorted(values)
    found = {hashlib.sha256(value.lower().encode()).hexdigest() for value in values}
    hashed = [form for form in FORMATS.values() if not form.for_people]
    asked = [sql for form in hashed for sql in form.columns.values()]
    with connect() as connection:
        connection.execute(
            "create temp table addressed as select"
            " case when contains(value, '@') then lower(value) end as email,"
            " case when regexp_full_match(value, '[+]?[0-9() -]+') then value end as phone"
            " from (select unnest($1::varchar[]) as value)",
            [values],
        )
        for sql in [*asked, CRM.columns["phone"]]:
            told = connection.execute(f"select distinct {sql} from addressed").fetchall()
            found |= {each for (each,) in told if each and is_long(each)}
    return found - {NOTHING}


def _alone(text: str) -> str:
    before = r"\b" if text[0] in WORD else ""
    after = "(?:[^0-9A-Za-z_-]|$)" if text[-1] in WORD else ""
    return before + re.escape(text) + after


def _written(text: str) -> Iterator[tuple[bytes, bytes]]:
    """The bytes of a text in each encoding, and the pattern of what must not follow them."""
    goes_on = text[-1] in WORD
    of_bytes = [text.encode(), text.encode("gb18030"), json.dumps(text)[1:-1].encode()]
    for encoding in ("big5", "latin-1"):
        try:
            of_bytes.append(text.encode(encoding))
        except UnicodeEncodeError:
            continue
    for form in of_bytes:
        yield form, b"(?!" + GOES_ON + b")" if goes_on else b""
    yield text.encode("utf-16-le"), b"(?!" + GOES_ON + rb"\x00)" if goes_on else b""
    yield text.encode("utf-16-be"), rb"(?!\x00" + GOES_ON + b")" if goes_on else b""


def _any_of(forms: Iterable[tuple[bytes, bytes]]) -> bytes:
    """The pattern of several forms, each with what must not follow it.

    What begins alike is tried once, so that thousands take hardly longer than a few; the longest
    are tried first.
    """
    prefix = commonprefix([form for form, _ in forms])
    ends, by_next = set(), defaultdict(set)
    for form, end in forms:
        if rest := form[len(prefix) :]:
            by_next[rest[0]].add((rest, end))
        else:
            ends.add(end)
    branches = [*(_any_of(by_next[byte]) for byte in sorted(by_next)), *sorted(ends)]
    several = b"|".join(branches)
    return re.escape(prefix) + (b"(?:" + several + b")" if len(branches) > 1 else several)


def _begins_a_word(content: bytes, start: int) -> bool:
    """Whether what was found is no part of a word that began before it."""
    first, second = content[start : start + 1], content[start + 1 : start + 2]
    before = content[max(start - 2, 0) : start].rjust(2, b"\xff")
    if second == b"\0":
        return first not in LETTERS or before[1:] != b"\0" or before[:1] not in LETTERS
    if first == b"\0":
        return second not in LETTERS or before[:1] != b"\0" or before[1:] not in LETTERS
    if first not in LETTERS or before[1:] not in LETTERS:
        return True
    return bool(ESCAPED.search(content[max(start - AROUND, 0) : start]))
