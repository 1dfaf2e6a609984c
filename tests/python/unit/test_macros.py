"""The macros that read what systems write, each with a table of good and bad values.

All values are tried in one dbt invocation; the expected results are written as text.
"""

from __future__ import annotations

import json

import pytest

SHANGHAI = "{'time_zone': 'Asia/Shanghai'}"
EASTERN = "{'time_zone': 'America/New_York', 'timestamps': 'UTC'}"
SLASHED = "{'time_zone': 'Asia/Shanghai', 'timestamp_format': '%d/%m/%Y %H:%M'}"

# macro call with `text` for the value: {value: expected}
TABLES: dict[str, dict[str, str | None]] = {
    f"utc_instant('text', {SHANGHAI})": {
        "2026-01-05 10:00:00": "2026-01-05 02:00:00",
        "2026-01-05T10:00:00": "2026-01-05 02:00:00",
        "2026-01-05": "2026-01-04 16:00:00",
        "2026-01-05T10:00:00Z": "2026-01-05 10:00:00",
        "2026-01-05T10:00:00+09:00": "2026-01-05 01:00:00",
        "2026-01-05T10:00:00.250-0500": "2026-01-05 15:00:00.25",
        "2026-01-05 10:00:00-05": "2026-01-05 15:00:00",
        "2026-01-05 10:00:00+08": "2026-01-05 02:00:00",
        "2026-01-05 10:00:00 UTC": None,
        "2026-01-05 10:00:00+05:30:00": None,
        "2026-02-30 10:00:00": None,
        "2026-01-05 25:00:00": None,
        "infinity": None,
        "epoch": None,
        "yesterday": None,
        "": None,
        "05/01/2026 10:00": None,
        "0001-01-01 00:00:00": "0001-12-31 (BC) 15:54:17",
    },
    f"utc_instant('text', {SLASHED})": {
        "05/01/2026 10:00": "2026-01-05 02:00:00",
        "31/02/2026 10:00": None,
        "2026-01-05 10:00:00": None,
        "2026-01-05T10:00:00Z": "2026-01-05 10:00:00",
    },
    f"business_date('text', {SHANGHAI})": {
        "2026-03-31T16:30:00Z": "2026-04-01",
        "2026-03-31 23:59:59": "2026-03-31",
        "2026-04-01T00:30:00+09:00": "2026-03-31",
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
        "infinity": None,
        "05.01.2026": None,
        "": None,
    },
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
    },
    "clean_text('text')": {
        " Shanghai ": "Shanghai",
        "无": None,
        "NULL": None,
        "n/a": None,
        "-": None,
        "  ": None,
        "0": "0",
        "None of them": "None of them",
    },
    "source_key('pos', 'text')": {
        "R1": "pos:R1",
        " R1 ": "pos:R1",
        "0": None,
        "": None,
        "null": None,
        "it's": "pos:it's",
    },
    "unqualified('text')": {"pos:R1": "R1", "pos:R:1": "R:1"},
    "normalise_phone('text')": {
        "13722220009": "13722220009",
        "+86 137-2222-0009": "13722220009",
        "0086 (137) 2222 0009": "13722220009",
        "021 5555 1234": "02155551234",
        "8613722220009": "13722220009",
        "12345": None,
        "no phone": None,
        "": None,
    },
    "hash_key(['text', 'text'])": {"a": "61bd7ddc24d19f1b6bf2017417da5faa"},
    "days_between('cast(text as date)', \"date '2026-03-01'\")": {
        "2026-03-01": "0",
        "2026-02-28": "1",
        "2024-03-01": "730",
        "2026-03-02": "-1",
    },
}

CASES = [(call, value) for call, table in TABLES.items() for value in table]


@pytest.fixture(scope="module")
def answers(tiny, tmp_path_factory) -> dict[tuple[str, str], str | None]:
    """What each macro makes of each value, as text."""
    folder = str(tmp_path_factory.mktemp("macros"))
    selects = []
    for number, (call, value) in enumerate(CASES):
        text = value.replace("'", "''")
        selects.append(
            f"select {number} as number, cast({{{{ {call} }}}} as string) as answer"
            f" from (select '{text}' as text) as given"
        )
    done = tiny.command(
        *("dbt", "--quiet", "show", "--output", "json", "--limit", "-1"),
        *("--target-path", folder, "--log-path", folder),
        *("--inline", " union all ".join(selects)),
    )
    assert done.returncode == 0, done.stdout
    rows = json.loads(done.stdout[done.stdout.index("{") :])["show"]
    return {CASES[row["number"]]: row["answer"] for row in rows}


@pytest.mark.parametrize("call, value", CASES)
def test_macro(answers, call, value):
    assert answers[call, value] == TABLES[call][value]
