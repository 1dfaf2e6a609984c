"""The lint of portable SQL: the tree is clean, and it finds what is planted."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
LINT = ROOT / "tests" / "lint" / "portable_sql.py"
KEYS = {"order_id", "_line"}

REFUSED = {
    "select regexp_replace(phone, '[^0-9]', '') from t": "use the macro regex_replace_all",
    "select round(amount * 1.5, 1) from t": "use the macro round_half_up",
    "select row_number() over (partition by a order by amount nulls last) from t": "of a key",
    "select row_number() over (order by order_id) from t": "say nulls last of each term",
    "select row_number() over (partition by a) from t": "of a key",
    "select row_number() over (order by\n a nulls last) from t": "of a key",
    "select lag(coalesce(a, 0)) over w from t window w as (order by a nulls last)": "of a key",
    "select {{ days_between('lag(a) over (order by a nulls last)', 'b') }} from t": "of a key",
    "select row_number() over (order by coalesce(a, b) nulls last) from t": "of a key",
    "select ROW_NUMBER() OVER (PARTITION BY lower(a) ORDER BY amount NULLS LAST)": "of a key",
    "select cast(a as varchar(10)) from t": "use string",
    "select cast(a as smallint) from t": "use string",
    "select sum(a) over (partition by b order by c) from t": "say nulls last of each term",
    "select a from t qualify row_number() over (order by order_id nulls last) = 1": "rank in a CTE",
    "select a::date from t": "use cast",
    "select cast(a as varchar) from t": "use string",
    "select * exclude (a) from t": "name the columns",
    "select a, from t": "take the last comma away",
    "select [a, b] from t": "make rows of a CTE",
    'select a as "A" from t': "without quotes",
    "select any_value(a) from t": "min_by or max_by",
    "select current_date": "the clock is no input",
    "select date_diff('day', a, b) from t": "use the macro days_between",
    "select a from t where regexp_matches(a, 'x')": "use the macro regex_matches",
    "select strptime(a, '%Y') from t": "use the macro utc_instant or parse_date",
    "select string_agg(a, ',') from t": "use the macro join_array",
    "select trim(a) from t": "use the macro trimmed",
    "select avg(a) from t": "divide a sum",
    "select '[0-9]' || '\\d' from t": "reads a backslash twice",
    "select 'it''s' as a from t": "use a seed",
    "select a from t limit 1": "rank in a CTE",
    "select '{{ target.type }}' from t": "write a macro for it",
    "select {{ share_of('sum(a) over w - a', 'b') }} from t": "in brackets",
    "{% if target.type == 'spark' %}select 1{% endif %}": "write a macro for it",
}
ADMITTED = [
    "select row_number() over (partition by a order by b nulls last, t._line nulls last) from t",
    "select lead(a) over w from t group by a window w as (order by a nulls last)",
    "select sum(a) over (order by _line nulls last rows between 1 preceding and current row)",
    "select lag(a) over w from t window w as (partition by lower(b) order by _line nulls last)",
    "select cast(a as bigint), cast(b as decimal(18,2)) /* a::date */ from t",
    "select percent_rank() over (order by amount desc nulls last) from t",
    "select sum(a) over (order by amount nulls last) as total from t",
    "-- round(a), a::date and [lists] in a comment\nselect '::[]{} round(' as text from t",
    "{# limit 1 #}{% set columns = ['a', 'b'] %}select {{ columns | join(', ') }} from t",
    "select coalesce(nullif(a, ''), '-') || '' as a from t",
    "select account_id, {{ normalise_phone('phone') }} from t",
    "select sum(a) filter (where b) over (partition by c) from t",
]


@pytest.fixture(scope="module")
def lint() -> dict:
    return runpy.run_path(str(LINT))


def test_the_tree_is_portable():
    done = subprocess.run([sys.executable, str(LINT)], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


def test_keys_are_read_from_the_audits_of_the_project(lint):
    assert {"order_id", "account_id", "_line", "event_number"} <= lint["keys_of"](ROOT)


@pytest.mark.parametrize("sql, instead", REFUSED.items())
def test_what_engines_read_differently_is_refused(lint, sql, instead):
    sentences = [sentence for _, sentence in lint["findings"](sql, KEYS)]
    assert any(instead in sentence for sentence in sentences), sentences


@pytest.mark.parametrize("sql", ADMITTED)
def test_what_engines_read_alike_is_admitted(lint, sql):
    assert list(lint["findings"](sql, KEYS)) == []


def test_a_fault_names_its_file_and_line(lint, tmp_path):
    planted = tmp_path / "models" / "marts" / "planted.sql"
    planted.parent.mkdir(parents=True)
    planted.write_text("select\n    a,\n    regexp_replace(b, 'x', '') as c\nfrom t\n")
    assert list(lint["faults"](tmp_path)) == [
        "models/marts/planted.sql:3: regexp_replace: use the macro regex_replace_all"
    ]


def test_portable_macros_may_differ(lint, tmp_path):
    planted = tmp_path / "macros" / "portable" / "planted.sql"
    planted.parent.mkdir(parents=True)
    planted.write_text("{% macro default__x() %}regexp_replace(a, 'b', 'c', 'g'){% endmacro %}")
    assert list(lint["faults"](tmp_path)) == []
