"""What the macros make of good and bad values, the same on every engine.

All values are tried in one dbt invocation an engine; the expected results are written as text.
"""

from __future__ import annotations

import hashlib
import re
from itertools import groupby

import pytest
from conftest import POCKET, ROOT, Shop
from engines.both import NULL, answers_of, literal

SHANGHAI = "{'time_zone': 'Asia/Shanghai'}"
DOLLARS = (
    "{'amounts': {'grouping_sign': ',', 'negative': ['parentheses', 'trailing_minus'],"
    " 'currency_signs': ['$', 'US$', 'USD']}}"
)
EASTERN = "{'time_zone': 'America/New_York', 'timestamps': 'UTC'}"
TWO_COLUMNS = "{'time_zone': 'Asia/Shanghai', 'timestamp_format': '%d/%m/%Y'}"
SLASHED = "{'time_zone': 'Asia/Shanghai', 'timestamp_format': '%d/%m/%Y %H:%M'}"

NEW_YORK = "{'time_zone': 'America/New_York'}"
NAMED = (
    "{'time_zone': 'Asia/Shanghai', 'zone_names': {'PST': '-08:00', 'EST': 'America/New_York',"
    " 'Pacific Time (US & Canada)': 'America/Los_Angeles'}}"
)
BY_ROW = (
    "{'time_zone': 'Asia/Shanghai', 'time_zone_column': 'text',"
    " 'time_zones': ['Asia/Shanghai', 'Asia/Urumqi']}"
)
# A day and what was told on it, of one text.
DAY, VALUE = (
    "'cast(left(text, 10) as timestamp)'",
    "'case when length(text) > 11 then substring(text, 12) end'",
)


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


# macro call with `text` for the value: {value: expected}
TABLES: dict[str, dict[str, str | None]] = {
    f"utc_instant('text', {SHANGHAI})": {
        "2026-01-05 10:00:00": "2026-01-05 02:00:00",
        "2026-01-05": "2026-01-04 16:00:00",
        "2026-01-05T10:00:00Z": "2026-01-05 10:00:00",
        "2026-01-05T10:00:00+09:00": "2026-01-05 01:00:00",
        "2026-01-05T10:00:00.250-0500": "2026-01-05 15:00:00.25",
        "2026-01-05 10:00:00-05": "2026-01-05 15:00:00",
        "2026-01-05 10:00:00+08": "2026-01-05 02:00:00",
        "2026-01-05 10:00:00 UTC": "2026-01-05 10:00:00",
        "2026-01-05 10:00:00 GMT": "2026-01-05 10:00:00",
        "2026-01-05 10:00:00 Z": "2026-01-05 10:00:00",
        "2026-05-01 09:59:00 -0400": "2026-05-01 13:59:00",
        "2026-05-01 09:59:00.5  +05:30": "2026-05-01 04:29:00.5",
        "2026-05-01T09:59 +08": "2026-05-01 01:59:00",
        "2026-05-01 09:59:00 GMT+08:00": "2026-05-01 01:59:00",
        "2026-05-01 09:59:00 PST": None,
        "2026-05-01 09:59:00 +24:00": None,
        "2026-05-01 UTC": None,
        "2026-05-01-05": None,
        "\t2026-01-05 10:00:00\t": "2026-01-05 02:00:00",
        "2026-01-05 ": "2026-01-04 16:00:00",
        "2026-01-05 10:00:00+05:30:00": None,
        "2026-02-30 10:00:00": None,
        "2026-01-05 25:00:00": None,
        "infinity": None,
        "epoch": None,
        "yesterday": None,
        "": None,
        "05/01/2026 10:00": None,
        "2026-01-05T10:00:00+19:00": None,
        "2026-01-05T10:00:00+05:99": None,
        "2026-01-05T10:00:00": "2026-01-05 02:00:00",
        "2026-01-05T10:00Z": "2026-01-05 10:00:00",
        "2026-01-05 10:00": "2026-01-05 02:00:00",
        "2026-01-05 10": None,
        "2026-01-05 24:00:00": None,
        "0001-01-01 00:00:00": None,
        "1200-01-01 00:00:00": "1199-12-31 15:54:17",
        "2026-01-05 10:00:00\n": None,
        "2026-01-05T10:00:00Z\r\n": None,
        "2026-01-05 10:00:60": None,
        "2026-01-05 10:00:00.1234567": "2026-01-05 02:00:00.123456",
        "2024-02-29 23:59:59.999999": "2024-02-29 15:59:59.999999",
        "2023-02-29 00:00:00": None,
        "9999-12-31 23:59:59": "9999-12-31 15:59:59",
        "1970-01-01 00:00:00": "1969-12-31 16:00:00",
        "２０２６-01-05": None,
        NULL: None,
    },
    # 02:30 is skipped in spring, and 01:30 comes twice in autumn: the second one is meant.
    f"utc_instant('text', {NEW_YORK})": {
        "2017-03-12 01:59:59": "2017-03-12 06:59:59",
        "2017-03-12 02:30:00": "2017-03-12 07:30:00",
        "2017-03-12 03:00:00": "2017-03-12 07:00:00",
        "2017-11-05 00:59:59": "2017-11-05 04:59:59",
        "2017-11-05 01:30:00": "2017-11-05 06:30:00",
        "2017-11-05 02:00:00": "2017-11-05 07:00:00",
    },
    f"utc_instant('text', {SLASHED})": {
        "05/01/2026 10:00": "2026-01-05 02:00:00",
        "31/02/2026 10:00": None,
        "2026-01-05 10:00:00": None,
        "2026-01-05T10:00:00Z": "2026-01-05 10:00:00",
        "5/1/2026 9:05": "2026-01-05 01:05:00",
        "05/01/26 10:00": None,
        "05/01/2026 10:00 ": "2026-01-05 02:00:00",
        "\t05/01/2026  10:00": "2026-01-05 02:00:00",
        "05/01/2026 10:00 pm": None,
        "13/05/2026 10:00": "2026-05-13 02:00:00",
        "05/13/2026 10:00": None,
        "05/01/2026 10:00\n": None,
        "05/01/2026 24:00": None,
        NULL: None,
    },
    "utc_instant('text', {'timestamp_format': '%Y年%m月%d日 %H:%M:%S.%f'})": {
        "2026年1月5日 10:00:00.5": "2026-01-05 10:00:00.5",
        "2026年13月5日 10:00:00.5": None,
    },
    f"utc_instant('text', {NAMED})": {
        "2026-01-05 10:00:00 PST": "2026-01-05 18:00:00",
        "2026-07-05 10:00:00PST": "2026-07-05 18:00:00",
        "2026-01-05 10:00 EST": "2026-01-05 15:00:00",
        "2026-07-05 10:00 EST": "2026-07-05 14:00:00",
        "2026-07-05T10:00:00 Pacific Time (US & Canada)": "2026-07-05 17:00:00",
        "2026-07-05 10:00 CST": None,
        "2026-07-05 10:00 pst": None,
        "2026-07-05 10:00": "2026-07-05 02:00:00",
        NULL: None,
    },
    "utc_instant('text', {'timestamp_format': '%m/%d/%Y %I:%M:%S %p'})": {
        "1/5/2026 1:05:09 PM": "2026-01-05 13:05:09",
        "01/05/2026 12:00:00 AM": "2026-01-05 00:00:00",
        "01/05/2026 12:00:00 p.m.": "2026-01-05 12:00:00",
        "01/05/2026 11:59:59\u202fam": "2026-01-05 11:59:59",
        "01/05/2026 13:00:00 PM": None,
        "01/05/2026 00:00:00 AM": None,
        "01/05/2026 1:05:09": None,
        "13/05/2026 1:05:09 PM": None,
        NULL: None,
    },
    "utc_instant('text', {'timestamp_format': '%Y年%m月%d日 %p%I:%M'})": {
        "2026年1月5日 上午9:30": "2026-01-05 09:30:00",
        "2026年1月5日 下午9:30": "2026-01-05 21:30:00",
        "2026年1月5日 晚上9:30": None,
    },
    "utc_instant('text', {'timestamp_format': '%d-%b-%y %H:%M', 'year_pivot': 30})": {
        "05-Jan-26 10:00": "2026-01-05 10:00:00",
        "5-SEPT-30 10:00": "2030-09-05 10:00:00",
        "5-sep.-31 10:00": "1931-09-05 10:00:00",
        "29-February-00 10:00": "2000-02-29 10:00:00",
        "29-Feb-26 10:00": None,
        "5-Mai-26 10:00": None,
        "5-Jan-2026 10:00": None,
        NULL: None,
    },
    "utc_instant('text', {'timestamp_format': '%A, %B %d, %Y %H:%M'})": {
        "Monday, January 5, 2026 10:00": "2026-01-05 10:00:00",
        "mon, DECEMBER  31, 2026 23:59": "2026-12-31 23:59:00",
        "Montag, January 5, 2026 10:00": None,
    },
    f"utc_instant('text', {NAMED[:-1]}, 'timestamp_format': '%d %b %Y %H:%M:%S %z'}})": {
        "05 Jan 2026 10:00:00 +0800": "2026-01-05 02:00:00",
        "5 Jul 2026 10:00:00 -08": "2026-07-05 18:00:00",
        "5 Jul 2026 10:00:00 Z": "2026-07-05 10:00:00",
        "5 Jul 2026 10:00:00 PST": "2026-07-05 18:00:00",
        "5 Jul 2026 10:00:00 EST": "2026-07-05 14:00:00",
        "5 Jul 2026 10:00:00 MSK": None,
        "5 Jul 2026 10:00:00": None,
        "31 Jun 2026 10:00:00 Z": None,
    },
    "utc_instant('text', {'timestamp_format': '%Y%m%d%H%M%S%f'})": {
        "20260105100000250": "2026-01-05 10:00:00.25",
        "202615100000": None,
    },
    # The first that fits, and exists: a day is only taken for a month where that is declared too.
    "utc_instant('text', {'timestamp_format': ['%m/%d/%Y', '%d.%m.%Y %H:%M', 'iso_8601']})": {
        "1/5/2026": "2026-01-05 00:00:00",
        "5.1.2026 10:00": "2026-01-05 10:00:00",
        "2026-01-05 10:00": "2026-01-05 10:00:00",
        "13/5/2026": None,
        "5.1.2026": None,
        NULL: None,
    },
    "utc_instant('text', {'timestamp_format': ['%m/%d/%Y', '%d/%m/%Y']})": {
        "1/5/2026": "2026-01-05 00:00:00",
        "13/5/2026": "2026-05-13 00:00:00",
    },
    "utc_instant('text', {'timestamp_format': 'epoch_seconds', 'time_zone': 'Asia/Shanghai'})": {
        "1767607200": "2026-01-05 10:00:00",
        " 1767607200.25 ": "2026-01-05 10:00:00.25",
        "1.767607200E9": "2026-01-05 10:00:00",
        "1.7e9": None,
        "0": "1970-01-01 00:00:00",
        "-0.5": "1969-12-31 23:59:59.5",
        "253402300799": "9999-12-31 23:59:59",
        "253402300800": None,
        "-30610224000": "1000-01-01 00:00:00",
        "-30610224001": None,
        "2026-01-05": None,
        "2026-01-05T10:00:00Z": "2026-01-05 10:00:00",
        "": None,
        NULL: None,
    },
    "utc_instant('text', {'timestamp_format': 'epoch_milliseconds'})": {
        "1767607200123": "2026-01-05 10:00:00.123",
        "1767607200000.5": "2026-01-05 10:00:00.0005",
        "1.767607200123e+12": "2026-01-05 10:00:00.123",
        "1.76761E+12": None,
        "99999999999999999": None,
        NULL: None,
    },
    # Of New York, where it is five hours earlier in winter.
    f"utc_instant('text', {NEW_YORK[:-1]}, 'timestamp_format': 'excel_serial'}})": {
        "46027": "2026-01-05 05:00:00",
        "46027.4166666667": "2026-01-05 15:00:00",
        " 46027.5 ": "2026-01-05 17:00:00",
        "46027.999999": "2026-01-06 05:00:00",
        "2958465": "9999-12-31 05:00:00",
        "2958466": None,
        "60": None,
        "60.75": None,
        "0.5": None,
        "-1": None,
        "1/5/2026": None,
        NULL: None,
    },
    "wall_clock('text', 'excel_serial', {})": {
        "1": "1900-01-01 00:00:00",
        "59": "1900-02-28 00:00:00",
        "61": "1900-03-01 00:00:00",
        "25569": "1970-01-01 00:00:00",
    },
    f"clock_skipped('text', {NEW_YORK})": {
        "2026-03-08 02:30:00": "true",
        "2026-03-08 02:00": "true",
        "2026-03-08 01:59:59": "false",
        "2026-03-08 03:00:00": "false",
        "2026-11-01 01:30:00": "false",
        "2026-03-08T02:30:00Z": "false",
        "2026-03-08 02:30:00 -0500": "false",
        "tonight": "false",
        NULL: "false",
    },
    f"clock_skipped('text', {SHANGHAI})": {"2026-03-08 02:30:00": "false"},
    f"clock_skipped('text', {NEW_YORK[:-1]}, 'timestamp_format': ['%m/%d/%y %I:%M %p',"
    " 'excel_serial', 'epoch_seconds'], 'year_pivot': 68})": {
        "3/8/26 2:30 AM": "true",
        "3/8/26 2:30 PM": "false",
        "46089.1041666667": "true",
        "46089.125": "false",
        "1772937000": "false",
        NULL: "false",
    },
    f"business_date('text', {SHANGHAI})": {
        "2026-03-31T16:30:00Z": "2026-04-01",
        "2026-03-31 23:59:59": "2026-03-31",
        "2026-04-01T00:30:00+09:00": "2026-03-31",
    },
    # Midnight to the second is a day without a time.
    f"business_hour('text', {SHANGHAI})": {
        "2026-03-31T16:30:00Z": "0",
        "2026-03-31 23:59:59": "23",
        "2026-04-01 00:00:00": None,
        "2026-04-01": None,
        "soon": None,
        NULL: None,
    },
    f"business_hour(\"'2026-06-12T17:00:00Z'\", {BY_ROW})": {
        "Asia/Urumqi": "23",
        "Asia/Shanghai": "1",
        "Asia/Atlantis": None,
    },
    "time_of_day('text')": {
        "8:30": "08:30",
        " 09:05:59 ": "09:05",
        "24:00": "24:00",
        "24:30": None,
        "8.30": None,
        "8 am": None,
        "": None,
        NULL: None,
    },
    "minute_of_day('text')": {"08:30": "510", "24:00": "1440", NULL: None},
    # Of a time at which Shanghai has begun the next day, by the zone that the row names.
    f"utc_instant(\"'2026-06-12 23:30:00'\", {BY_ROW})": {
        "Asia/Urumqi": "2026-06-12 17:30:00",
        " Asia/Shanghai ": "2026-06-12 15:30:00",
        "": "2026-06-12 15:30:00",
        "Asia/Atlantis": None,
        "asia/urumqi": None,
        "America/New_York": None,
        NULL: "2026-06-12 15:30:00",
    },
    f"utc_instant(\"'2026-06-12T23:30:00Z'\", {BY_ROW})": {"Asia/Urumqi": "2026-06-12 23:30:00"},
    f"business_date(\"'2026-06-12 23:30:00'\", {BY_ROW})": {
        "Asia/Urumqi": "2026-06-12",
        "Asia/Atlantis": None,
        NULL: "2026-06-12",
    },
    "business_date(\"'2026-06-13T03:00:00Z'\", {'time_zone_column': 'text', 'zone_names':"
    " {'Pacific Time (US & Canada)': 'America/Los_Angeles', 'China': 'Asia/Shanghai'}})": {
        "Pacific Time (US & Canada)": "2026-06-12",
        " China": "2026-06-13",
        "Pacific Time": None,
        "": "2026-06-13",
    },
    # Of a day and a time in two columns.
    "utc_instant(\"text || ' ' || '9:05 AM'\", {'timestamp_format': '%m/%d/%y %I:%M %p',"
    " 'year_pivot': 68})": {"1/5/26": "2026-01-05 09:05:00", "": None, NULL: None},
    f"clocked_instant(\"'5/1/2026'\", 'text', {TWO_COLUMNS})": {
        "14:05": "2026-01-05 06:05:00",
        " 9:05 ": "2026-01-05 01:05:00",
        "00:30": "2026-01-04 16:30:00",
        "2:05 PM": None,
        "24:00": None,
        "later": None,
        "": None,
        NULL: None,
    },
    f"clocked_instant('text', \"'14:05'\", {TWO_COLUMNS})": {
        "05/01/2026": "2026-01-05 06:05:00",
        "13/13/2026": None,
        "": None,
        NULL: None,
    },
    # A day that is written with its midnight; several forms, of which the first that fits is meant.
    f"clocked_instant(\"'2026-07-05 00:00:00'\", 'text', {NEW_YORK[:-1]}, 'clock_format':"
    " ['%H:%M:%S', '%I:%M %p', '%p%I:%M', '1899-12-30 %H:%M:%S', '%H.%M', '%Hh%M']})": {
        "14:05:33": "2026-07-05 18:05:33",
        "2:05 PM": "2026-07-05 18:05:00",
        "12:00 am": "2026-07-05 04:00:00",
        "下午2:05": "2026-07-05 18:05:00",
        "1899-12-30 14:05:00": "2026-07-05 18:05:00",
        "1899-12-31 14:05:00": None,
        "14.05": "2026-07-05 18:05:00",
        "14.5": None,
        "14h05": "2026-07-05 18:05:00",
    },
    # Clocks were put forward at two.
    f"clocked_instant(\"'2026-03-08'\", 'text', {NEW_YORK})": {
        "01:59": "2026-03-08 06:59:00",
        "02:30": "2026-03-08 07:30:00",
        "03:00": "2026-03-08 07:00:00",
    },
    "clocked_instant(\"'2026-01-05'\", 'text', {'clock_format': '%H%M'})": {
        "1405": "2026-01-05 14:05:00",
        "905": "2026-01-05 09:05:00",
        "5": "2026-01-05 00:05:00",
        "1405.0": "2026-01-05 14:05:00",
        "1460": None,
        "2400": None,
        "14055": None,
        "14:05": None,
    },
    "clocked_instant(\"'2026-01-05'\", 'text', {'clock_format': '%H%M%S'})": {
        "140533": "2026-01-05 14:05:33",
        "90533": "2026-01-05 09:05:33",
        "0": "2026-01-05 00:00:00",
        "146033": None,
    },
    "clocked_instant(\"'46027'\", 'text', {'timestamp_format': 'excel_serial', 'clock_format':"
    " 'day_fraction'})": {
        "0.5868055555555556": "2026-01-05 14:05:00",
        ".5": "2026-01-05 12:00:00",
        "0": "2026-01-05 00:00:00",
        "0.999999": None,
        "1": None,
        "-0.5": None,
        "noon": None,
        NULL: None,
    },
    f"clocked_instant(\"'2026-06-12'\", \"'23:30'\", {BY_ROW})": {
        "Asia/Urumqi": "2026-06-12 17:30:00",
        "Asia/Shanghai": "2026-06-12 15:30:00",
        "Asia/Atlantis": None,
    },
    f"clocked_hour(\"'2026-01-05'\", 'text', {SHANGHAI})": {
        "14:05": "14",
        "00:05": "0",
        "00:00": None,
        "late": None,
        NULL: None,
    },
    f"business_date(\"'2026-06-12T17:00:00Z'\", {BY_ROW})": {
        "Asia/Urumqi": "2026-06-12",
        "Asia/Shanghai": "2026-06-13",
        "Asia/Atlantis": None,
    },
    # The clocks go forward on 2017-03-12 and back on 2017-11-05.
    f"business_date('text', {EASTERN})": {
        "2018-01-01 03:00:00": "2017-12-31",
        "2018-01-01 05:00:00": "2018-01-01",
        "2017-07-01 04:00:00": "2017-07-01",
        "2017-07-01 03:59:59": "2017-06-30",
        "2017-03-13 04:00:00": "2017-03-13",
        "2017-11-06 04:30:00": "2017-11-05",
    },
    "parse_date('text', {})": {
        "2026-01-05": "2026-01-05",
        "2026-02-30": None,
        "9999-12-31": "9999-12-31",
        "2026-1-5": "2026-01-05",
        "10000-01-01": None,
        "0001-01-01": None,
        "2026-01-05\n": None,
        "2026-01-05\r": None,
        "2026-01-05 10:00:00": None,
        "infinity": None,
        "05.01.2026": None,
        " 2026-01-05\t": "2026-01-05",
        "": None,
        NULL: None,
    },
    "parse_date('text', {'date_format': ['%d %B %y', '%m/%d/%Y %I:%M %p'], 'year_pivot': 68})": {
        "5 January 26": "2026-01-05",
        "31 Dec 69": "1969-12-31",
        "1/5/2026 11:30 PM": "2026-01-05",
        "1/5/2026 11:75 PM": None,
        "13/5/2026 11:30 PM": None,
        NULL: None,
    },
    "parse_date('text', {'date_format': ['excel_serial', 'iso_8601']})": {
        "46027": "2026-01-05",
        "46027.75": "2026-01-05",
        "60": None,
        "2026-01-05": "2026-01-05",
    },
    "parse_date('text', {'date_format': 'epoch_milliseconds', 'time_zone': 'Asia/Shanghai'})": {
        "1767542400000": "2026-01-05",
        "1767542399999": "2026-01-04",
    },
    "parse_date('text', {'date_format': '%d.%m.%Y'})": {
        "5.1.2026": "2026-01-05",
        "29.02.2024": "2024-02-29",
        "29.02.2023": None,
        "05x01x2026": None,
    },
    "iso_text('text', '%Y/%m/%d')": {"2026/1/5": "2026-01-05", "no": "-00-00"},
    "parse_date('text', {'date_format': '%d/%m/%Y'})": {
        "05/01/2026": "2026-01-05",
        "13/13/2026": None,
        "2026-01-05": None,
    },
    "parse_decimal('text', 2)": {
        "12.34": "12.34",
        " 12.34 ": "12.34",
        "-0.5": "-0.50",
        "12.345": "12.35",
        "-12.345": "-12.35",
        "1234567890123456.78": "1234567890123456.78",
        "1.38E+10": "13800000000.00",
        "8.881784e-16": "0.00",
        "twelve": None,
        "1,234.00": None,
        "": None,
        "nan": None,
        "infinity": None,
        "99999999999999999999": None,
        "9999999999999999.99": "9999999999999999.99",
        "10000000000000000": None,
        "+5": "5.00",
        ".5": "0.50",
        "5.": "5.00",
        "1.005e0": "1.01",
        "1e400": None,
        "1e": None,
        "-": None,
        "1_000": None,
        "0x1A": None,
        "- ": None,
        "7e ": None,
        "6e5.": None,
        "12\n": None,
        "12\r\n": None,
        "５": None,
        "1d": None,
        NULL: None,
    },
    f"parse_amount('text', {DOLLARS})": {
        "$28.00": "28.00",
        "28": "28.00",
        "($2.00)": "-2.00",
        "$(2.00)": "-2.00",
        "(2.00 USD)": "-2.00",
        "(2.00) $": "-2.00",
        "(2.00)$ x": None,
        "$1,200.00": "1200.00",
        "-$1,234,567.899": "-1234567.90",
        "$ -5": "-5.00",
        "US$12": "12.00",
        "2.00-": "-2.00",
        "$2.00 -": "-2.00",
        "2.00- $": "-2.00",
        "+5": "5.00",
        "1e-3": "0.00",
        "$1.25e2": None,
        "-1.25E2": "-125.00",
        "1.00\t\t": "1.00",
        "＄１，２００．５": "1200.50",
        "−5": "-5.00",
        '="28.00"': "28.00",
        "'$28.00": "28.00",
        '="($1,200.00)"': "-1200.00",
        '2"8': None,
        "2'8": None,
        "12,34,567.00": "1234567.00",
        "1,20": None,
        "1,2345": None,
        ",200": None,
        "1200,000": None,
        "1.200,00": None,
        "(-2.00)": None,
        "(2.00": None,
        "2.00)": None,
        "-$-2": None,
        "-5-": None,
        "5+": None,
        "$": None,
        "$$5": None,
        "€5": None,
        "1 200": None,
        "twelve": None,
        "10000000000000000": None,
        "": None,
        NULL: None,
    },
    "parse_amount('text', {'amounts': {'decimal_sign': ',', 'grouping_sign': '.'}})": {
        "1.234,56": "1234.56",
        "1.234": "1234.00",
        "12,50": "12.50",
        ",5": "0.50",
        "1,5e3": "1500.00",
        "-1.234.567,8": "-1234567.80",
        "12.50": None,
        "1,234.56": None,
        "1,2,3": None,
        NULL: None,
    },
    "parse_amount('text', {'amounts': {'decimal_sign': ','}})": {
        "12,50": "12.50",
        "1234": "1234.00",
        "1.234": None,
        "1.234,56": None,
    },
    "parse_amount('text', {'amounts': {'decimal_sign': ',', 'grouping_sign': ' ',"
    " 'currency_signs': ['¥', '元', 'EUR']}})": {
        "¥ 1 200": "1200.00",
        "￥1\u00a0200,50": "1200.50",
        "1\u202f200,50 EUR": "1200.50",
        "12元": "12.00",
        "1 20": None,
        "1  200": None,
    },
    "parse_amount('text', {'amounts': {'grouping_sign': '’'}})": {
        "1'200.50": "1200.50",
        "1’200": "1200.00",
        "1'20": None,
    },
    "parse_amount('text', {})": {
        "12.345": "12.35",
        "12\t": "12.00",
        "1e-3": "0.00",
        "1,200": None,
        "$1": None,
        "(2)": None,
        "2-": None,
        "1_000": None,
        "nan": None,
    },
    "parse_amount('text', {'amounts': {'currency_signs': ['$']}}, 6)": {
        "$0.0015": "0.001500",
        "1e-3": "0.001000",
    },
    "parse_decimal('text', 0)": {"2.5": "3", "-2.5": "-3", "2.49": "2"},
    "round_half_up('cast(text as double)', 1)": {
        "2.25": "2.3",
        "-2.25": "-2.2",
        "8.95": "9.0",
        "0.05": "0.1",
        "1.005": "1.0",
        "12345678.449": "12345678.4",
        "0": "0.0",
        NULL: None,
    },
    "round_half_up('cast(text as double)', 0)": {"0.5": "1", "-0.5": "0", "49.99999": "50"},
    # Of a thousand, of a half, and of what no one sells.
    "line_worth(parse_decimal('text', 3), parse_decimal(\"'0.001'\", 6))": {
        "1000": "1.00",
        "5": "0.01",
        "4.999": "0.00",
        "-5": "-0.01",
        "999999999999999": "1000000000000.00",
        "abc": None,
        NULL: None,
    },
    "line_worth(parse_decimal(\"'0.5'\", 3), parse_decimal('text', 6))": {
        "0.01": "0.01",
        "-0.01": "-0.01",
        "19.99": "10.00",
    },
    "line_worth(parse_decimal(\"'999999999999999'\", 3), parse_decimal('text', 6))": {
        "999999999999": None,
        "0.000001": "1000000000.00",
    },
    "line_worth('cast(1 as bigint)', 'cast(text as decimal(18,2))')": {
        "12.34": "12.34",
        "9999999999999999.99": None,
    },
    "times('cast(text as decimal(18,2))', 'cast(7.123 as decimal(18,6))')": {
        "12.50": "89.04",
        "-12.50": "-89.04",
        "9999999999999999.99": None,
        NULL: None,
    },
    "times('cast(text as decimal(18,2))', 'cast(0.499996 as decimal(18,6))')": {
        "0.01": "0.00",
        "-0.01": "0.00",
        "1.00": "0.50",
    },
    "times('cast(text as decimal(18,2))', 'cast(999999999999.123456 as decimal(18,6))')": {
        "9999999999999999.99": None,
        "1000.00": "999999999999123.46",
    },
    "say_number('text', 'cast(2.25 as double)')": {
        "{value} times": "2.3 times",
        "{days} days": "2 days",
        "{percent} %": "225 %",
        "沉默{value}倍": "沉默2.3倍",
    },
    "clean_text('text')": {
        " Shanghai ": "Shanghai",
        "无": None,
        "NULL": None,
        "n/a": None,
        "#N/A": None,
        "None": None,
        "NaN": None,
        "-": None,
        "  ": None,
        NULL: None,
        "0": "0",
        "None of them": "None of them",
    },
    "trimmed('text')": {
        " a b ": "a b",
        "　上海\u00a0": "上海",
        "\u2003\u202fa\u1680": "a",
        "\ta\n": "\ta\n",
        "  ": "",
        NULL: None,
    },
    "clean_key('text')": {
        "M001": "M001",
        "#1001": "#1001",
        " R 1 ": "R 1",
        '="0012"': "0012",
        '="A-1 "': "A-1",
        '"0012"': "0012",
        "'0012": "0012",
        "`0012": "0012",
        "\t0012": "0012",
        "0012\t\r\n": "0012",
        "\ufeff0012\u00a0": "0012",
        'TV-24"': 'TV-24"',
        "it's": "it's",
        "13085.0": "13085",
        "13085.00": "13085",
        "-1.0": "-1",
        "0.0": "0",
        "1.000": "1.000",
        "1.5": "1.5",
        "S.1": "S.1",
        '="13085.0"': "13085",
        '="1.3085E+4"': "13085",
        "'1.38E+10": None,
        "-1.5E+1": "-1.5E+1",
        "123456789012345.0": "123456789012345",
        "1234567890123456789.0": None,
        "1.3085E+4": "13085",
        "1,3085E+04": "13085",
        "1.3722220009e10": "13722220009",
        "1.38E+10": None,
        "1.23456789012346E+17": None,
        "1.2345678901234567e+16": None,
        "1E+10": None,
        "1E10": "1E10",
        "12E+5": "12E+5",
        "N/A": None,
        "NULL": None,
        '="null"': None,
        "'": None,
        "\t": None,
        "": None,
        "无": None,
        "0": "0",
        "王伟 店": "王伟 店",
        NULL: None,
    },
    "source_key('pos', 'text')": {
        '="0012"': "pos:0012",
        "13085.0": "pos:13085",
        "0.0": None,
        "1.38E+10": None,
        "R1": "pos:R1",
        " R1 ": "pos:R1",
        "0": None,
        "": None,
        "null": None,
        "it's": "pos:it's",
    },
    "day_key('text', {})": {
        "2026-03-01": "2026-03-01",
        "2026-3-1": "2026-03-01",
        "soon": "soon",
        "": None,
    },
    "unqualified('text')": {"pos:R1": "R1", "pos:R:1": "R:1"},
    "regex_matches('text', '^[0-9]{2}[.]')": {
        "12.": "true",
        "12": "false",
        "x12.": "false",
        "": "false",
        NULL: None,
    },
    "regex_part('text', '^([a-z]+)-([0-9]+)$', 2)": {"ab-12": "12", "ab": "", "ab-12\n": ""},
    """'levenshtein(' ~ bytes_of('text') ~ ', ' ~ bytes_of("'老王'") ~ ')'""": {
        "老王": "0",
        "老李": "3",
        "老": "3",
        "老王a": "1",
        NULL: None,
    },
    "upper_ascii('text')": {"m001ß": "M001ß", "Z": "Z", NULL: None},
    "lower_ascii('text')": {"Ann@İ.com": "ann@İ.com", NULL: None},
    "regex_replace_all('text', '[aeiou客]', '*')": {
        "a nice 老客户": "* n*c* 老*户",
        "xyz": "xyz",
        "": "",
        NULL: None,
    },
    "number_of('text')": {
        "x": str(int(md5("x")[:15], 16)),
        "老客户": str(int(md5("老客户")[:15], 16)),
        "": str(int(md5("")[:15], 16)),
        NULL: None,
    },
    "hash_key(['text', 'text'])": {
        "a": md5("a|a"),
        "it's": md5("it's|it's"),
        "老客户": md5("老客户|老客户"),
        "": md5("|"),
        NULL: md5("_null_|_null_"),
    },
    "hash_key(['cast(text as decimal(18,2))', 'cast(null as date)'])": {
        "-1.5": md5("-1.50|_null_"),
        "1e2": md5("100.00|_null_"),
    },
    "hash_key(['cast(text as timestamp)', 'cast(text as date)', 'true'])": {
        "2026-01-31 10:00:00.250": md5("2026-01-31 10:00:00.25|2026-01-31|true"),
    },
    "days_between('cast(text as date)', \"date '2026-03-01'\")": {
        "2026-03-01": "0",
        "2026-02-28": "1",
        "2024-03-01": "730",
        "2026-03-02": "-1",
        "2025-12-31": "60",
        NULL: None,
    },
    "iso_weekday('cast(text as date)')": {
        "2026-03-01": "7",
        "2026-03-02": "1",
        "2026-03-07": "6",
        "2024-02-29": "4",
        # Before whatever day one could count the weeks from.
        "1899-12-31": "7",
        "1900-01-01": "1",
        NULL: None,
    },
    "local_date('cast(text as timestamp)', \"'Asia/Shanghai'\")": {
        "2026-01-31 15:59:59": "2026-01-31",
        "2026-01-31 16:00:00": "2026-02-01",
        "2024-02-28 16:00:00": "2024-02-29",
        NULL: None,
    },
    "to_utc('cast(text as timestamp)', \"'Asia/Shanghai'\")": {
        "2026-03-01 00:00:00": "2026-02-28 16:00:00",
        NULL: None,
    },
    "read_offset('text')": {"2026-03-01T00:00:00+08:00": "2026-02-28 16:00:00"},
}
# Of a group: macro call with `text` for the values: {values: expected}
GROUPS: dict[str, dict[tuple[str, ...], str | None]] = {
    "join_array('text', ', ')": {
        ("b", "a", "b"): "a, b",
        ("B", "a", "张", "it's", "10", "9"): "10, 9, B, a, it's, 张",
        ("x", NULL): "x",
        (NULL,): None,
        ("", NULL): "",
    },
    "join_array('text', ', ', are_distinct=true)": {
        ("b", "a"): "a, b",
        ("x", NULL): "x",
        (NULL,): None,
    },
    """'count(distinct ' ~ hash_64(['text', "'-'"]) ~ ')'""": {
        ("a", "b", "a"): "2",
        (NULL, NULL): "1",
    },
    f"first_told({VALUE}, {DAY})": {
        ("2026-01-02 b", "2026-01-01 z", "2026-01-01 c", "2025-12-31 "): "c",
        ("2025-12-31 ",): None,
    },
    f"last_told({VALUE}, {DAY})": {("2026-01-02 b", "2026-01-02 d", "2026-01-03 "): "d"},
    # Over more rows: test_session_pieces and the unit tests of the models that use it.
    "last_known('text') ~ ' over (order by text nulls last)'": {("a",): "a", (NULL,): None},
    # Of all rows here, and of a frame in int_purchase_paces.
    "running_median('cast(text as bigint)')": {
        ("10", "1", "4"): "4.0",
        ("10", NULL, "1"): "5.5",
        (NULL,): None,
    },
    "'max(' ~ microseconds('cast(text as timestamp)') ~ ')'": {
        ("1970-01-01 00:00:01.000002", NULL): "1000002",
    },
}
# What no value goes through has tests of its own: test_raw_tables and test_entities.
TESTED_ELSEWHERE = {
    *("content_of", "register_raw", "row_as_json", "type_of_column", "read_often"),
    "computed_where_read",
}

CASES = [
    *((call, (value,)) for call, table in TABLES.items() for value in table),
    *((call, values) for call, table in GROUPS.items() for values in table),
]


def selected_of_each(call: str, numbered: list[tuple[int, tuple[str, ...]]]) -> str:
    """The query of all cases of a macro that makes something of one value, by their numbers."""
    rows = ", ".join(f"({number}, {literal(value)})" for number, (value,) in numbered)
    return f"select number, {_answer(call)} as answer from (values {rows}) as given (number, text)"


def selected_of_group(call: str, number: int, values: tuple[str, ...]) -> str:
    """The query of one case of a macro that makes something of a group of values."""
    rows = ", ".join(f"({literal(value)})" for value in values)
    answer = _answer(call)
    return f"select {number} as number, {answer} as answer from (values {rows}) as given (text)"


def _answer(call: str) -> str:
    return f"cast({{{{ {call} }}}} as string)"


@pytest.fixture(scope="module")
def answers(engine, tmp_path_factory) -> list[str | None]:
    """What each macro makes of each value, as text, by the number of the case."""
    queries = []
    for call, cases in groupby(enumerate(CASES), lambda case: case[1][0]):
        numbered = [(number, values) for number, (_, values) in cases]
        if call in GROUPS:
            queries += [selected_of_group(call, *case) for case in numbered]
        else:
            queries += [selected_of_each(call, numbered)]
    query = " union all ".join(queries)
    rows = answers_of(engine, query, tmp_path_factory.mktemp("macros"))
    return [row["answer"] for row in sorted(rows, key=lambda row: row["number"])]


@pytest.mark.parametrize("number", range(len(CASES)), ids=[f"{c} {v}" for c, v in CASES])
def test_macro(answers, number):
    call, values = CASES[number]
    expected = TABLES[call][values[0]] if call in TABLES else GROUPS[call][values]
    assert answers[number] == expected


def test_a_cast_that_fails_is_no_silent_null(engine, tmp_path):
    """dbt-spark switches ANSI SQL off; the plugin dbt_ansi_spark switches it on again."""
    done = Shop(tmp_path, POCKET).dbt(
        engine, "show", "--inline", "select cast('x' as bigint) as number"
    )
    assert done.returncode != 0
    assert "'x'" in done.stdout


@pytest.mark.parametrize(
    "call, why",
    [
        ("iso_text('day', '%d %j %Y')", "has %j: use %Y %y %m %b %B %d"),
        ("iso_text('day', '%Y-%m')", "must have each of %Y (or %y), %m (or %b) and %d"),
        ("iso_text('day', '%Y-%m-%d %I:%M')", "must have %I and %p together"),
        ("iso_text('day', '%y-%m-%d')", "say up to which year it means 20xx, as in year_pivot: 68"),
        ("iso_text('day', '%Y-%m-%d %d')", "nothing twice"),
        ("iso_text('day', '[%Y-%m-%d]')", "has [: use %Y %y %m"),
        # YAML reads -08:00 without quotes as a number of minutes.
        ("utc_instant('day', {'zone_names': {'PST': -480}})", "write an offset in quotes"),
        ("utc_instant('day', {'zone_names': {'[PST]': '-08:00'}})", "No pattern can have [PST]"),
        ("feed('till', 'sale')", "till has no table sale: it has sales"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path, call, why):
    done = Shop(tmp_path, POCKET).dbt(
        "duckdb", "compile", "--inline", f"select {{{{ {call} }}}} as answer"
    )
    assert done.returncode != 0
    assert why in done.stdout


@pytest.mark.parametrize("value", ["0", "1", "-0.1", "true", "tiny", "null"])
def test_what_is_no_fraction_is_refused_in_words(tmp_path, value):
    done = fraction_of(tmp_path, value)
    assert done.returncode != 0
    assert "The variable part is " in done.stdout
    assert "choose a number above 0 and below 1." in done.stdout


@pytest.mark.parametrize("value", ["1.0e-12", "1e-12", "0.999"])  # YAML reads the second as text
def test_a_fraction_is_what_it_is(tmp_path, value):
    done = fraction_of(tmp_path, value)
    assert done.returncode == 0, done.stdout
    assert value.replace(".0e", "e") in done.stdout


def fraction_of(folder, value):
    words = ("--vars", f"{{part: {value}}}", "--inline", "select {{ fraction('part') }} as answer")
    return Shop(folder, POCKET).dbt("duckdb", "compile", *words)


def test_every_portable_macro_is_tried():
    defined = {
        name
        for path in (ROOT / "macros" / "portable").glob("*.sql")
        for name in re.findall(r"{% macro ((?!default__|spark__)\w+)", path.read_text())
    }
    tried = {name for call in [*TABLES, *GROUPS] for name in re.findall(r"(\w+)[(]", call)}
    helpers = {
        *("data_folder", "raw_columns", "raw_view", "literal_path", "java_pattern"),
        *("format_parts", "check_format", "year_of_two_digits", "month_of_name", "hour_of_twelve"),
        *("directive_patterns", "two_digits", "amount_patterns", "any_of"),
        *(
            "formats_of",
            "is_epoch",
            "has_zone",
            "written_zone",
            "iso_day",
            "iso_clock",
            "zone_pattern",
        ),
        *(
            "zoned_instant",
            "place_named",
            "epoch_time",
            "excel_time",
            "time_of_micros",
            "local_time",
        ),
        *("hour_shown", "time_since_midnight"),
        *("plain_amount", "plain_sign", "odd_in_amounts", "at_instant"),
        *("content_query", "hashed_rows", "as_it_was_known"),
    }
    assert defined - tried - helpers == TESTED_ELSEWHERE
