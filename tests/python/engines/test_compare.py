"""The comparison of two warehouses: it sees what differs, and says where."""

from __future__ import annotations

from pathlib import Path

import pytest
from engines.compare import Table, differences

from orchestration.duck import connect

SALES = Table("marts", "sales", ["store", "day"])
ROWS = """
    select * from (values
        ('S1', date '2026-01-31', 'it''s', 12.50, 1/3, '2026-01-31 10:00:00'::timestamp),
        ('S1', date '2026-02-28', '老客户', -3.00::decimal(18,2), 1e15, null),
        ('S2', date '2026-01-31', null, null, null, '2026-01-31 23:59:59.5')
    ) as sales(store, day, note, amount, share, sold_at)
"""


def duckdb_warehouse(folder: Path, query: str) -> Path:
    path = folder / "warehouse.duckdb"
    with connect(path) as connection:
        connection.execute("create schema marts")
        connection.execute(f"create table marts.sales as {query}")
    return path


def spark_warehouse(folder: Path, query: str) -> Path:
    """Files as Spark writes them: instants with a time zone, several files a table."""
    table = folder / "spark" / "marts.db" / "sales"
    table.mkdir(parents=True)
    with connect() as connection:
        connection.execute(f"create table sales as {query}")
        if "exclude (sold_at)" not in query:
            connection.execute("alter table sales alter sold_at type timestamptz")
        for number in range(2):
            connection.execute(
                f"copy (from sales where rowid % 2 = {number}) to '{table}/part-{number}.parquet'"
            )
    return folder / "spark"


def found(tmp_path: Path, query: str, table: Table = SALES) -> list[str]:
    left = duckdb_warehouse(tmp_path, ROWS)
    return differences(left, spark_warehouse(tmp_path, query), [table])


def test_the_same_rows_in_another_order_are_no_difference(tmp_path):
    assert found(tmp_path, f"{ROWS} order by day desc, store desc") == []


@pytest.mark.parametrize(
    "change, sentence",
    [
        ("note || '' || 'x' as note", 'note is "it\'s" and "it\'sx"'),
        ("nullif(note, '老客户') as note", "note is '老客户' and None"),
        (
            "amount + 0.01::decimal(18,2) as amount",
            "amount is Decimal('12.50') and Decimal('12.51')",
        ),
        ("share * 1.000001 as share", "share is 0.333"),
        ("round(share, 6) as share", "share is 0.333"),
        (
            "sold_at + interval 1 microsecond as sold_at",
            "sold_at is datetime.datetime(2026, 1, 31, 10",
        ),
        ("coalesce(amount, 0) as amount", "in the row store = S2, day = 2026-01-31 amount is None"),
    ],
)
def test_a_changed_value_is_named_with_its_key_and_both_values(tmp_path, change, sentence):
    column = change.rpartition(" as ")[2]
    cast = {"amount": "decimal(18,2)"}.get(column)
    change = f"({change.rpartition(' as ')[0]}){f'::{cast}' if cast else ''} as {column}"
    [said] = found(tmp_path, f"select * replace ({change}) from ({ROWS})")
    assert said.startswith("marts.sales: in the row store = S")
    assert sentence in said


def test_doubles_may_differ_by_what_no_one_would_call_a_difference(tmp_path):
    assert found(tmp_path, f"select * replace (share * (1 + 1e-12) as share) from ({ROWS})") == []


def test_a_lost_row_an_added_row_and_a_row_twice_are_found(tmp_path):
    (tmp_path / "lost").mkdir()
    assert found(tmp_path / "lost", f"from ({ROWS}) where store = 'S1'") == [
        "marts.sales: the row store = S2, day = 2026-01-31 is only on the left"
    ]
    (tmp_path / "added").mkdir()
    added = f"{ROWS} union all select 'S0', date '2026-01-01', null, null, null, null"
    assert found(tmp_path / "added", added) == [
        "marts.sales: the row store = S0, day = 2026-01-01 is only on the right"
    ]
    (tmp_path / "twice").mkdir()
    [twice] = found(tmp_path / "twice", f"{ROWS} union all (from ({ROWS}) limit 1)")
    assert twice.endswith("has the key store = S1, day = 2026-01-31 twice")


@pytest.mark.parametrize(
    "query, sentence",
    [
        (f"select * replace (amount::decimal(19,2) as amount) from ({ROWS})", "DECIMAL(19,2)"),
        (f"select * exclude (sold_at) from ({ROWS})", "6 columns and 5 columns"),
        (f"select day, * exclude (day) from ({ROWS})", "('store', 'VARCHAR') and ('day', 'DATE')"),
    ],
)
def test_other_columns_or_types_are_found(tmp_path, query, sentence):
    [said] = found(tmp_path, query)
    assert said.startswith("marts.sales: columns are")
    assert sentence in said


def test_a_null_in_the_key_is_a_key(tmp_path):
    rows = f"from ({ROWS}) union all select null, date '2026-01-01', 'a', null, null, null"
    left = duckdb_warehouse(tmp_path, rows)
    right = spark_warehouse(tmp_path, rows.replace("'a', null", "'b', null"))
    assert differences(left, right, [SALES]) == [
        "marts.sales: in the row store = None, day = 2026-01-01 note is 'a' and 'b'"
    ]
