"""A digest says whether two tables hold the same rows, and nothing about how they were made."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from orchestration.digests import (
    digest,
    overall_digest,
    row_hashes,
    sums_by_month,
    table_digest,
)

TEXT = st.none() | st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=5)
AMOUNT = st.none() | st.integers(-9999, 9999).map(lambda cents: Decimal(cents) / 100)
ROWS = st.lists(st.tuples(TEXT, TEXT, AMOUNT), max_size=8)


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        yield connection


def digest_of(connection: duckdb.DuckDBPyConnection, rows: list[tuple]) -> str:
    connection.execute("create or replace table t (a varchar, b varchar, amount decimal(18, 2))")
    if rows:
        places = ", ".join(["(?, ?, ?)"] * len(rows))
        connection.execute(f"insert into t values {places}", [cell for row in rows for cell in row])
    return table_digest(connection, "t")


def digest_of_query(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    connection.execute(f"create or replace table t as {query}")
    return table_digest(connection, "t")


@settings(deadline=None)
@given(data=st.data(), rows=ROWS)
def test_rows_in_any_order_have_one_digest(connection, data, rows):
    shuffled = data.draw(st.permutations(rows))
    assert digest_of(connection, rows) == digest_of(connection, shuffled)


@settings(deadline=None)
@given(rows=ROWS, other_rows=ROWS)
def test_other_rows_have_another_digest(connection, rows, other_rows):
    assume(sorted(map(repr, rows)) != sorted(map(repr, other_rows)))
    assert digest_of(connection, rows) != digest_of(connection, other_rows)


@settings(deadline=None)
@given(rows=ROWS.filter(bool), data=st.data())
def test_one_changed_cell_changes_the_digest(connection, rows, data):
    place = data.draw(st.integers(0, len(rows) - 1))
    a, b, amount = rows[place]
    other = data.draw(TEXT.filter(lambda text: text != b))
    changed = [*rows[:place], (a, other, amount), *rows[place + 1 :]]
    assert digest_of(connection, rows) != digest_of(connection, changed)


def test_threads_do_not_change_the_digest(connection):
    query = "select i as k, i / 7.0::double as ratio, md5(i::varchar) as h from range(300000) r(i)"
    digests = set()
    for threads in (1, 2, 4):
        connection.execute(f"set threads = {threads}")
        digests.add(digest_of_query(connection, query))
    assert len(digests) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("select null::varchar as a", "select '' as a"),
        ("select null::varchar as a", "select '~' as a"),
        ("select 'x' as a, 'y' as b", "select 'y' as a, 'x' as b"),
        ("select 'x' as a, 'y' as b", "select 'xy' as a, '' as b"),
        ("select 'x' as a, null as b", "select null as a, 'x' as b"),
        ("select '1:x' as a, '' as b", "select 'x' as a, '1:' as b"),
        ("select 1 as a", "select 1 as b"),
        ("select 1 as a", "select '1' as a"),
        ("select 1 as a where false", "select 1 as b where false"),
        ("select 1 as a", "select 1 as a from range(2)"),
        ("select 1.10::decimal(9, 2) as a", "select 1.1::decimal(9, 1) as a"),
        ("select 0.1::double + 0.2::double as a", "select 0.3::double as a"),
        ("select ['x, y'] as a", "select ['x', 'y'] as a"),
        ("select [null::varchar] as a", "select ['NULL'] as a"),
    ],
)
def test_what_looks_alike_is_told_apart(connection, one, other):
    assert digest_of_query(connection, one) != digest_of_query(connection, other)


def test_the_digest_of_a_table_is_fixed(connection):
    """A digest that a new version computes otherwise would make every old comparison false."""
    query = """
        select
            7 as id,
            1.50::decimal(18, 2) as amount,
            date '2026-02-28' as ordered_on,
            timestamptz '2026-02-28 08:00:00+08' as ordered_at,
            0.1::double as share,
            '老客户' as label,
            null::boolean as is_member,
    """
    assert digest_of_query(connection, query) == "e774f0c58b2bdcd647c18dc48a7d80ba"


def test_the_overall_digest_does_not_depend_on_the_order_of_marts():
    one = overall_digest({"orders": "aa", "customers": "bb"})
    assert one == overall_digest({"customers": "bb", "orders": "aa"})
    assert one != overall_digest({"customers": "aa", "orders": "bb"})


@settings(deadline=None)
@given(data=st.data(), rows=ROWS, other_rows=ROWS)
def test_tables_have_the_same_hashes_when_their_digests_are_equal(
    connection, data, rows, other_rows
):
    other_rows = data.draw(st.one_of(st.just(other_rows), st.permutations(rows)))
    digest = digest_of(connection, rows)
    connection.execute("create or replace table one as from t")
    is_equal = digest_of(connection, other_rows) == digest
    assert (row_hashes(connection, "one") == row_hashes(connection, "t")) == is_equal


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("select 0.0::double as a", "select -0.0::double as a"),
        ("select null::double as a", "select 'nan'::double as a"),
        ("select interval '1 month' as a", "select interval '30 days' as a"),
        ("select [0.0::double] as a", "select [-0.0::double] as a"),
        ("select 1 as a", "select 1::bigint as a"),
        ("select 1 as a", "select 1 as b"),
        ("select 1 as a, null as b", "select null as a, 1 as b"),
        ("select 1 as a from range(2)", "select 1 as a"),
        ("select 1 as a where false", "select 1 as a"),
    ],
)
def test_what_differs_in_its_digest_differs_in_its_hashes(connection, one, other):
    assert digest_of_query(connection, one) != digest_of_query(connection, other)
    assert row_hashes(connection, f"({one})") != row_hashes(connection, f"({other})")
    assert row_hashes(connection, f"({one})") == row_hashes(connection, f"({one})")


SALES = """(
    select i as id, case when i < 9 then date '2026-01-30' + i::integer end as sold_on
    from range({count}) as rows(i)
)"""


@pytest.mark.parametrize("count", [0, 5, 10])
def test_the_digest_of_a_table_is_made_of_its_months(connection, count):
    sales = SALES.format(count=count)
    columns = row_hashes(connection, sales).columns
    by_month = sums_by_month(connection, sales, "sold_on")
    assert digest(columns, by_month.values()) == table_digest(connection, sales)


def test_rows_are_counted_by_the_month_of_their_date(connection):
    sales = SALES.format(count=10)
    rows = {"2026-01": 2, "2026-02": 7, "": 1}
    by_month = sums_by_month(connection, sales, "sold_on")
    assert {month: count for month, (count, *_) in by_month.items()} == rows
    hashes = row_hashes(connection, sales, "sold_on")
    assert {month: count for month, (count, *_) in hashes.by_month.items()} == rows
    assert hashes.count == 10
    assert [*sums_by_month(connection, sales)] == [*row_hashes(connection, sales).by_month] == [""]


def test_a_month_has_the_same_sums_alone(connection):
    sales = SALES.format(count=10)
    by_month = sums_by_month(connection, sales, "sold_on")
    for month, sums in by_month.items():
        assert sums_by_month(connection, sales, "sold_on", among=[month]) == {month: sums}


def test_a_changed_row_changes_the_hashes_of_its_month_alone(connection):
    sales = SALES.format(count=10)
    changed = f"(select * replace (if(id = 3, 30, id) as id) from {sales})"
    before = row_hashes(connection, sales, "sold_on").by_month
    after = row_hashes(connection, changed, "sold_on").by_month
    assert [month for month in before if before[month] != after[month]] == ["2026-02"]
