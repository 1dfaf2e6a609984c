"""How a column writes times of day alone, as tills and spreadsheets put them beside the day."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

# The days that systems write where there is none, as the first of their calendar.
NO_DAY = re.compile("(1899-12-3[01]|1900-01-0[01]|1904-01-01|1970-01-01)[T ](?=[0-9]{1,2}:)")
DAY_FRACTION = "day_fraction"  # the word for a part of a day: 0.5 is noon
_HALF = "[AaPp][.]?[Mm][.]?|上午|下午"
_CLOCK = re.compile(
    f"(?P<before>{_HALF})?(?P<blank> ?)(?P<hour>[0-9]{{1,2}})"
    "(?P<to_minute>[:.：]| ?[hH] ?|时|時)(?P<minute>[0-9]{2})"
    "(?:(?P<to_second>[:.：]|分)(?P<second>[0-9]{2})(?:[.](?P<fraction>[0-9]{1,9}))?)?"
    f"(?P<last>[分秒]| Uhr| h)?(?P<gap> ?)(?P<after>{_HALF})?"
)
_FRACTION = re.compile("0?[.][0-9]+|0|[0-9](?:[.][0-9]+)?[eE]-0?[0-9]+")
_SPELT = re.compile("[0-9]{1,2}[时時]")
MOSTLY, NEARLY_ALL = 0.8, 0.99


def are_without_day(values: Sequence[str]) -> bool:
    """Whether what looks like a day in these texts is none, as in 14时05分33秒."""
    return all(NO_DAY.match(value) or _SPELT.match(value) for value in values)


def clock_formats(values: Sequence[str]) -> tuple[str, ...]:
    """The formats in which these texts write times of day; none where most of them write no such
    time, or all say midnight."""
    values = [value.strip() for value in values]
    clocks = [NO_DAY.sub("", value) for value in values]
    if not any(re.search("[1-9]", clock) for clock in clocks):
        return ()
    if all(map(_FRACTION.fullmatch, values)):
        # Two decimals may be minutes as well.
        return (DAY_FRACTION,) if any(len(value) > 5 for value in values) else ()
    if digits := _digits(values):
        return (digits,)
    shapes = Counter(map(_shape, values))
    usual = [each for each, n in shapes.most_common(5) if each and n > 0.002 * len(values)]
    read = sum(shapes[each] for each in usual)
    # A number has lost its last zero: 14.5 is 14.50, and then 14.05 may be no time at all.
    is_number = any(re.fullmatch("[0-9]+[.][0-9]", value) for value in values)
    return tuple(usual) if read >= MOSTLY * len(values) and not is_number else ()


def _digits(values: Sequence[str]) -> str | None:
    """The format of digits alone: 1405, or 140533."""
    if not all(value.isascii() and value.isdecimal() for value in values):
        return None
    longest = max(map(len, values))
    if longest > 6:
        return None
    width = 4 if longest <= 4 else 6
    # Numbers of hours below ten lack their zero, and amounts of minutes have few digits.
    is_wide = sum(len(value) >= width - (width == 6) for value in values) > len(values) / 2
    filled = [value.zfill(width) for value in values]
    times = sum(_is_time(*(each[at : at + 2] for at in (0, 2, 4))) for each in filled)
    is_time = is_wide and times >= NEARLY_ALL * len(values)
    return ("%H%M" if width == 4 else "%H%M%S") if is_time else None


def _is_time(hour: str, minute: str, second: str = "") -> bool:
    return int(hour) < 24 and int(minute) < 60 and int(second or 0) < 60


def _shape(value: str) -> str | None:
    """The format of one text; None for none."""
    day = NO_DAY.match(value)
    found = _CLOCK.fullmatch(value, day.end() if day else 0)
    if not found or not _is_time(found["hour"], found["minute"], found["second"] or ""):
        return None
    has_half = bool(found["before"] or found["after"])
    if has_half and not 1 <= int(found["hour"]) <= 12:
        return None
    second = f"{found['to_second']}%S" + ".%f" * bool(found["fraction"])
    return "".join(
        (
            day[0] if day else "",
            "%p" * bool(found["before"]) + found["blank"],
            "%I" if has_half else "%H",
            f"{found['to_minute']}%M",
            second if found["second"] else "",
            found["last"] or "",
            found["gap"] + "%p" * bool(found["after"]),
        )
    )


def clock_written(moment: datetime, format_: str) -> str:
    """The time of day of a moment as the format writes it, for examples."""
    if format_ == DAY_FRACTION:
        seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
        return f"{seconds / 86400:.10f}"
    return moment.strftime(format_)
