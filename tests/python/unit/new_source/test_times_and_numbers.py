"""Values as systems write them: which format is seen, and when it can't be known."""

from __future__ import annotations

from decimal import Decimal

import pytest

from orchestration.new_source.clocks import clock_formats
from orchestration.new_source.numbers import Amounts, amounts_of, is_number
from orchestration.new_source.times import time_format


@pytest.mark.parametrize(
    ("values", "formats"),
    [
        (["2026-05-01 09:59:00 -0400", "2026-05-01T09:59:00Z", "2026-05-01"], ()),
        (["13/01/2026 08:15", "01/02/2026 09:00"], ("%d/%m/%Y %H:%M",)),
        (["01/13/2026 08:15", "02/01/2026 09:00"], ("%m/%d/%Y %H:%M",)),
        (["1/13/2026 1:05:09 PM"], ("%m/%d/%Y %I:%M:%S %p",)),
        (["31.01.26 08:15"], ("%d.%m.%y %H:%M",)),
        (["1-Dec-09", "31-Jan-10"], ("%d-%b-%y",)),
        (["May 01, 2026 01:22 PM"], ("%b %d, %Y %I:%M %p",)),
        (["December 1, 2026"], ("%B %d, %Y",)),
        (["2026年5月1日 09:05"], ("%Y年%m月%d日 %H:%M",)),
        (["2026/5/1 9:05"], ("%Y/%m/%d %H:%M",)),
        (["20260501"], ("%Y%m%d",)),
        (["20260501093000"], ("%Y%m%d%H%M%S",)),
        (["25/01/2026 10:00:00 +0800"], ("%d/%m/%Y %H:%M:%S %z",)),
        (["1767225600", "1767312000"], ("epoch_seconds",)),
        (["1767225600000"], ("epoch_milliseconds",)),
        (["46023.5", "46024"], ("excel_serial",)),
        (["2026-05-01 10:00:00", "5/13/2026 9:05"], ("iso_8601", "%m/%d/%Y %H:%M")),
    ],
)
def test_formats_of_times_are_seen(values: list[str], formats: tuple[str, ...]) -> None:
    found = time_format(values)
    assert found is not None
    assert (found.formats, found.is_ambiguous) == (formats, False)


@pytest.mark.parametrize(
    ("values", "day_first"),
    [
        (["01/02/2026", "02/02/2026", "03/02/2026", "01/03/2026"], True),
        (["02/01/2026", "02/02/2026", "02/03/2026", "03/01/2026"], False),
    ],
)
def test_what_comes_first_is_asked_where_no_value_tells(values: list[str], day_first: bool) -> None:
    """Likelier is the order in which the rows go back in time more seldom."""
    found = time_format(values)
    assert found is not None
    assert (found.is_ambiguous, found.day_first) == (True, day_first)
    assert found.with_day_first(True).formats == ("%d/%m/%Y",)


@pytest.mark.parametrize("values", [["hello"], ["5"], ["2026"], ["12.50", "3.20"], ["A-1"]])
def test_what_is_no_time_is_none(values: list[str]) -> None:
    assert time_format(values) is None


@pytest.mark.parametrize(
    ("value", "tells_hours"),
    [
        ("2026-03-01", False),
        ("2026-03-01 00:00:00", False),
        ("2026-03-01T00:00:00.000Z", False),
        ("2026-03-01T00:00:00+08:00", False),
        ("3/21/2026 0:00", False),
        ("3/21/2026 12:00:00 AM", False),
        ("20260301000000", False),
        ("46023", False),
        ("46023.0", False),
        ("2026-03-01 00:00:01", True),
        ("2026-03-01T00:30:00Z", True),
        ("2026-03-01 12:00:00", True),
        ("3/21/2026 12:00 PM", True),
        ("3/21/2026 12:05 AM", True),
        ("20260301093000", True),
        ("46023.5", True),
        ("1767225600", True),
    ],
)
def test_midnight_in_every_row_tells_no_hour(value: str, tells_hours: bool) -> None:
    found = time_format([value, value])
    assert found is not None
    assert found.tells_hours == tells_hours


def test_one_time_other_than_midnight_tells_hours() -> None:
    found = time_format(["2026-03-01 00:00:00", "2026-03-02 09:05:00"])
    assert found is not None
    assert found.tells_hours


@pytest.mark.parametrize(
    ("values", "formats"),
    [
        (["14:05", "9:30", "00:00"], ("%H:%M",)),
        (["14:05:33", "09:30:00.250"], ("%H:%M:%S", "%H:%M:%S.%f")),
        (["2:05 PM", "12:30 am"], ("%I:%M %p",)),
        (["下午2:05", "上午9:30"], ("%p%I:%M",)),
        (["14.05", "0.58"], ("%H.%M",)),
        (["14h05"], ("%Hh%M",)),
        (["14:05 Uhr"], ("%H:%M Uhr",)),
        (["14时05分33秒"], ("%H时%M分%S秒",)),
        (["1899-12-30 14:05:00", "1899-12-30 09:30:00"], ("1899-12-30 %H:%M:%S",)),
        (["1405", "930", "5", "2359"] + ["1200"] * 4, ("%H%M",)),
        (["140533", "93000", "120000"], ("%H%M%S",)),
        (["0.5868055555555556", "0.5", "0"], ("day_fraction",)),
        (["14:05", "14:06", "14:07", "closed", "14:08", "14:09"], ("%H:%M",)),
    ],
)
def test_formats_of_times_of_day_are_seen(values: list[str], formats: tuple[str, ...]) -> None:
    assert clock_formats(values) == formats
    assert time_format(values) is None


@pytest.mark.parametrize(
    "values",
    [
        ["2026-03-01 14:05:00"],  # a day as well
        ["00:00", "00:00:00"],  # no time at all
        ["1899-12-30 00:00:00"],
        ["35", "120", "45", "90"],  # minutes
        ["1490", "2380", "1075", "1230"],  # milliseconds, of which many are no time
        ["25:00", "31:30", "12:00"],  # hours that something took
        ["14.05", "14.5"],  # of which the last zero is lost
        ["0.58", "0.25"],
        ["1.5", "2.25"],
        ["1405000"],
        ["soon"],
    ],
)
def test_what_is_no_time_of_day_is_left_alone(values: list[str]) -> None:
    assert clock_formats(values) == ()


def test_zones_with_a_name_are_told() -> None:
    found = time_format(["May 01, 2026 01:22:33 PM PST", "May 02, 2026 01:22:33 PM PDT"])
    assert found is not None
    assert found.zone_names == ("PDT", "PST")


@pytest.mark.parametrize(
    ("values", "amounts", "read"),
    [
        (["1.5", "-2"], Amounts(), ["1.5", "-2"]),
        (["1e-3"], Amounts(), ["0.001"]),
        (
            ["$28.00", "($2.00)", "$1,200.00"],
            Amounts(".", ",", ("parentheses",), ("$",)),
            ["28.00", "-2.00", "1200.00"],
        ),
        (["1.234,56", "12,50"], Amounts(",", "."), ["1234.56", "12.50"]),
        (["12,50", "3,25"], Amounts(","), ["12.50", "3.25"]),
        (["1,200", "3,400"], Amounts(".", ","), ["1200", "3400"]),
        (["¥ 1 200"], Amounts(".", " ", (), ("¥",)), ["1200"]),
        (["12.00元"], Amounts(".", None, (), ("元",)), ["12.00"]),
        (["CHF 1’200.50", "CHF 3.00"], Amounts(".", "’", (), ("CHF",)), ["1200.50", "3.00"]),
        (["5.00-", "3"], Amounts(".", None, ("trailing_minus",)), ["-5.00", "3"]),
        (["5.00 -", "3"], Amounts(".", None, ("trailing_minus",)), ["-5.00", "3"]),
        (
            ["$(5.00)", "($5.00)", "(5.00 $)", "(5.00) $"],
            Amounts(".", None, ("parentheses",), ("$",)),
            ["-5.00"] * 4,
        ),
        (
            ["(€1.200,50)", "€ (5,00)"],
            Amounts(",", ".", ("parentheses",), ("€",)),
            ["-1200.50", "-5.00"],
        ),
        (
            ["-$5", "$-5", "- $5", "−$5", "+$5"],
            Amounts(".", None, (), ("$",)),
            ["-5", "-5", "-5", "-5", "5"],
        ),
    ],
)
def test_how_numbers_are_written_is_seen(
    values: list[str], amounts: Amounts, read: list[str]
) -> None:
    assert amounts_of(values) == amounts
    assert [amounts.read(value) for value in values] == list(map(Decimal, read))


def test_what_is_no_number_is_none() -> None:
    assert [Amounts().read(text) for text in (None, "", "many", "1,5")] == [None] * 4
    two_signs = ("-5-", "(-5)", "-(5)", "--5")
    assert [Amounts().read(text) for text in two_signs] == [None] * 4
    assert not any(map(is_number, (*two_signs, "-", "(5", "2026-01-05")))
