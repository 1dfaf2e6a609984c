"""How a column writes instants or days: by which formats, and what of them can't be known."""

from __future__ import annotations

import re
from calendar import month_name
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from orchestration.new_source.clocks import are_without_day

ISO = re.compile(
    r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}([T ][0-2][0-9]:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?"
    r" ?(Z|UTC|GMT|[+-][0-9]{2}(:?[0-9]{2})?)?)?"
)
_OFFSET = re.compile(r"(Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})$")
_CLOCK = re.compile(
    r"(?<![0-9:])([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.]([0-9]+))?)?(?:\s?([ap])m)?", re.I
)
_TOKEN = re.compile(r"[0-9]+|[A-Za-z]+|[^0-9A-Za-z]+")
_MONTHS = [name.lower() for name in month_name[1:]]
ISO_8601 = "iso_8601"  # the word for it beside other formats
SHAPES_OF = 3_000  # values of a column, evenly spread, tell its formats; all tell day from month
EPOCHS = {"epoch_seconds": (9, 10), "epoch_milliseconds": (12, 13)}
COUNTED = {*EPOCHS, "excel_serial"}


@dataclass(frozen=True)
class TimeFormat:
    """How one column is written.

    `formats` are those of `timestamp_format`, none for ISO 8601 alone. `is_ambiguous` says that
    day and month may be either; `day_first` is then the likelier. `is_mixed` says that they stand
    in both orders. `has_clock` says that times of day are written, `tells_hours` that one of them
    is not midnight, which is written where only days are known. `zone_names` are those found.
    `beside` are the formats of the time of day, where it stands in a column of its own.
    """

    formats: tuple[str, ...] = ()
    is_ambiguous: bool = False
    is_mixed: bool = False
    day_first: bool = False
    has_clock: bool = False
    tells_hours: bool = False
    has_offset: bool = False
    zone_names: tuple[str, ...] = ()
    read_share: float = 1.0
    beside: tuple[str, ...] = ()

    @property
    def is_instant(self) -> bool:
        """Whether a row says more than a day, in one column or in two."""
        return self.tells_hours or bool(self.beside)

    def with_day_first(self, day_first: bool) -> TimeFormat:
        """The same with the order of day and month settled."""
        return replace(
            self,
            is_ambiguous=False,
            day_first=day_first,
            formats=tuple(_settled(each, day_first) for each in self.formats),
        )


def _settled(shape: str, day_first: bool) -> str:
    return shape.replace("%1", "%d" if day_first else "%m").replace(
        "%2", "%m" if day_first else "%d"
    )


def time_format(values: Sequence[str]) -> TimeFormat | None:
    """How these texts write times; None where most of them are none.

    Texts of slashes with two numbers of at most two digits in front are read day first or month
    first by those above 12, else by which order of the rows goes back in time more seldom.
    """
    values = [value.strip() for value in values]
    if are_without_day(values):
        return None
    iso = [value for value in values if ISO.fullmatch(value)]
    others = [value for value in values if not ISO.fullmatch(value)]
    if not others:
        return TimeFormat(
            has_clock=any(":" in value for value in iso),
            tells_hours=any(map(_tells_hour, iso)),
            has_offset=any(":" in v and _OFFSET.search(v) for v in iso),
        )
    if not iso and (word := _counted(others)):
        is_serial = word == "excel_serial"
        tells_hours = not is_serial or any(float(each) % 1 for each in others)
        return TimeFormat(
            (word,), has_clock=True, tells_hours=tells_hours, has_offset=not is_serial
        )
    looked_at = others[:: max(1, len(others) // SHAPES_OF)]
    shapes = Counter(_shape(value) for value in looked_at)
    usual = [each for each, n in shapes.most_common(5) if each and n > 0.002 * len(looked_at)]
    of_others = sum(shapes[each] for each in usual) / len(looked_at)
    read_share = (len(iso) + of_others * len(others)) / len(values)
    if not usual or read_share < 0.8:
        return None
    found = TimeFormat(
        tuple([*([ISO_8601] if iso else []), *usual]),
        has_clock=any(mark in each for each in (*usual, *iso) for mark in ("%H", "%I", ":")),
        tells_hours=any(map(_tells_hour, values)),
        has_offset=any("%z" in shape for shape in usual),
        zone_names=tuple(sorted({v.split()[-1] for v in looked_at if "%Z" in (_shape(v) or "")})),
        read_share=read_share,
    )
    return _ordered(found, others) if any("%1" in shape for shape in usual) else found


def _tells_hour(value: str) -> bool:
    """Whether a text has a time of day other than midnight."""
    if (found := _CLOCK.search(value)) is None:
        return len(value) == 14 and value.isdecimal() and not value.endswith("000000")
    hour, *rest, half = found.groups()
    hours = int(hour) if half is None else int(hour) % 12 + 12 * (half.lower() == "p")
    return hours > 0 or any(map(int, filter(None, rest)))


def _counted(values: Sequence[str]) -> str | None:
    """The word for times that are counted: seconds, milliseconds, or days of a spreadsheet."""
    whole = [value.removesuffix(".0") for value in values]
    for word, (shortest, longest) in EPOCHS.items():
        if all(v.isdecimal() and shortest <= len(v) <= longest for v in whole):
            return word
    if all(re.fullmatch(r"[2-6][0-9]{4}([.][0-9]+)?", value) for value in values):
        return "excel_serial"
    return None


def _shape(value: str) -> str | None:
    """The format of one text, with %1 and %2 for day and month in either order; None for none."""
    tokens = _TOKEN.findall(value)
    parts: list[str] = []
    seen: set[str] = set()
    for at, token in enumerate(tokens):
        before = tokens[at - 1] if at else ""
        part = _part(token, before, tokens[at + 1] if at + 1 < len(tokens) else "", seen)
        if part is None:
            return None
        seen.update(re.findall("%.", part))
        parts.append(part)
    shape = "".join(parts)
    if seen & {"%b", "%B"}:
        shape = shape.replace("%1", "%d")
    if "%p" in seen:
        shape = shape.replace("%H", "%I")
    shape = re.sub(r"[+-]%z$", "%z", shape)
    is_whole = all(
        any(each in shape for each in one_of)
        for one_of in (("%Y", "%y"), ("%m", "%b", "%B", "%2"), ("%d", "%1"))
    )
    return shape if is_whole else None


def _part(token: str, before: str, after: str, seen: set[str]) -> str | None:
    """What one run of digits, letters or signs is, given what stands before it."""
    if token.isascii() and token.isalpha():
        return _word(token, before)
    if not token.isdecimal():
        return token.replace("%", "%%")
    if "%H" in seen or "%I" in seen:
        if "%M" not in seen:
            return "%M" if len(token) <= 2 else None
        if before.endswith(":") and "%S" not in seen:
            return "%S" if len(token) <= 2 else None
        if before == "." and "%S" in seen:
            return "%f"
        return "%z" if before.strip() in "+-" and len(token) in (2, 4) else None
    if after.startswith(":"):
        return "%H"
    if len(token) == 4:
        return "%Y" if 1900 <= int(token) <= 2199 and "%Y" not in seen else None
    if len(token) == 8:
        return "%Y%m%d" if 1900 <= int(token[:4]) <= 2199 else None
    if len(token) == 14:
        return "%Y%m%d%H%M%S"
    if len(token) > 2:
        return None
    if seen & {"%b", "%B"}:
        return "%y" if seen & {"%d", "%1"} else "%d"
    if "%Y" in seen:
        return "%m" if "%m" not in seen else "%d"
    if "%1" not in seen:
        return "%1"
    if "%2" not in seen:
        return "%2"
    return "%y"


def _word(token: str, before: str) -> str | None:
    low = token.lower()
    if low in _MONTHS and low != "may":
        return "%B"
    if low in {name[:3] for name in _MONTHS}:
        return "%b"
    if low in ("am", "pm"):
        return "%p"
    if token == "T" and before.isdecimal():
        return "T"
    if token in ("Z", "UTC", "GMT") or (token.isupper() and 2 < len(token) <= 5):
        return "%Z"
    return None


def _ordered(found: TimeFormat, values: Sequence[str]) -> TimeFormat:
    """Settles which comes first, day or month, or says that it can't be known."""
    pairs = [tuple(map(int, re.findall("[0-9]+", value)[:2])) for value in values]
    pairs = [pair for pair in pairs if len(pair) == 2]
    first_above, second_above = (sum(pair[at] > 12 for pair in pairs) for at in (0, 1))
    if first_above or second_above:
        is_mixed = bool(first_above and second_above)
        return replace(found, is_mixed=is_mixed).with_day_first(first_above >= second_above)
    steps = [_steps_back(values, day_first) for day_first in (True, False)]
    return replace(found, is_ambiguous=True, day_first=steps[0] <= steps[1])


def _steps_back(values: Iterable[str], day_first: bool) -> int:
    """How often a row is dated before the one above it; exports are mostly in order."""
    dated = []
    for value in values:
        first, second, year = (re.findall("[0-9]+", value) + ["0"] * 3)[:3]
        day, month = (first, second) if day_first else (second, first)
        dated.append((int(year), int(month), int(day)))
    return sum(later < earlier for earlier, later in zip(dated, dated[1:], strict=False))


def written(moment: datetime, format_: str | None) -> str:
    """A moment as the format writes it, for examples; None is ISO 8601."""
    if format_ is None:
        return moment.isoformat(sep=" ")
    if format_ == "epoch_seconds":
        return str(int(moment.timestamp()))
    if format_ == "epoch_milliseconds":
        return str(int(moment.timestamp() * 1000))
    if format_ == "excel_serial":
        return str((moment.replace(tzinfo=None) - datetime(1899, 12, 30)).total_seconds() / 86400)
    return moment.strftime(format_)
