"""What is as it was stays as the last generation has it; what is not is made anew."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from orchestration import digests
from orchestration.publish import files
from orchestration.publish.generations import Generation, publish
from orchestration.publish.marts import Mart
from orchestration.publish.stage import PublicationFacts

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FACTS = PublicationFacts(date(2026, 2, 28), None, "c0ffee", "1.11.16", "duckdb")
SALES = Mart("sales", ["sale_id"], "What was sold.", month="sold_on")
SHOPS = Mart("shops", ["shop"], "Where.", {"shop": "Its name."}, found_by=["town"])
# 90,000 rows are more than two groups of rows, and no large mart; 31 days and 28 have 59.
ROWS = """
    select
        md5(i::varchar) as sale_id, date '2026-01-01' + (i % 59)::integer as sold_on,
        i * 0.37::decimal(18, 2) as amount
    from range(90000) as numbers(i)
"""


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse and its first generation, with which every test begins, in a copy."""
    folder = tmp_path_factory.mktemp("begun")
    made = (
        f"create schema marts; create table marts.sales as {ROWS};"
        " create table marts.shops as select 'mall' as shop, 'Delft' as town"
    )
    released(folder / "warehouse.duckdb", folder / "published", made)
    return folder


@pytest.fixture
def warehouse(begun: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy2(begun / "warehouse.duckdb", tmp_path))


@pytest.fixture
def published(begun: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(begun / "published", tmp_path / "published", symlinks=True))


@pytest.fixture
def first(published: Path) -> str:
    """The name of the first generation, of which all but the number says what is in it."""
    return (published / "current").readlink().name


def released(
    warehouse: Path, published: Path, sql: str = "", marts: Sequence[Mart] = (SALES, SHOPS)
) -> Generation:
    """A generation of the warehouse after this change."""
    with duckdb.connect(warehouse) as connection:
        connection.execute(sql)
    return publish(marts, warehouse, published, FACTS, NOON)


def asked(published: Path, query: str) -> list[tuple]:
    with duckdb.connect(published / "current.duckdb", True, {"threads": 1}) as connection:
        return connection.execute(query).fetchall()


def in_order(relation: str) -> str:
    """All rows as one thread reads them, digested: a list of them would take a second to fetch."""
    return f"select count(*), md5(string_agg(rows::varchar, ';')) from {relation} as rows"


def assert_all_is_as_in_the_warehouse(warehouse: Path, published: Path, after: str = "") -> None:
    """Rows in their order, in table and file, and digests as the whole tables have them."""
    [(told,)] = asked(published, "select digests from marts.publication")
    with duckdb.connect(warehouse, True, {"threads": 1}) as connection:
        connection.execute("set TimeZone = 'UTC'")
        for name, digest in json.loads(told).items():
            rows = connection.execute(in_order(f"(from marts.{name} order by 1)")).fetchall()
            assert asked(published, in_order(f"marts.{name}")) == rows, after
            file = f"'{published}/current/{name}.parquet'"
            assert asked(published, in_order(file)) == rows, after
            assert digest == digests.table_digest(connection, f"marts.{name}"), after


A_ROW = "update marts.sales set amount = amount + 1 where sale_id = md5('40')"
A_NEW_MONTH = "insert into marts.sales values ('new', '2026-03-01', 1)"
# One after the other.
CHANGES = {
    "nothing": "",
    "a row": A_ROW,
    "a new month": A_NEW_MONTH,
    "to another month": "update marts.sales set sold_on = '2026-02-03' where sale_id = md5('3')",
    "a date less": "update marts.sales set sold_on = null where sale_id = md5('3')",
    "a small one": "update marts.shops set town = 'Gouda'",
    "a month less": "delete from marts.sales where month(sold_on) = 2",
    "another type": "alter table marts.sales alter amount type decimal(12, 2)",
    "all rows": "update marts.sales set amount = amount + 1",
    "no rows": "delete from marts.sales",
    "as at first": f"create or replace table marts.sales as {ROWS};"
    " update marts.shops set town = 'Delft'",
}


def test_after_any_change_and_back_all_is_as_in_the_warehouse(warehouse, published, first):
    before = (published / "current" / "sales.parquet").read_bytes()
    for name, change in CHANGES.items():
        last = released(warehouse, published, change)
        assert_all_is_as_in_the_warehouse(warehouse, published, name)
    assert last.id[6:] == first[6:]
    assert (published / "current" / "sales.parquet").read_bytes() == before


def test_only_months_that_changed_are_digested(warehouse, tmp_path, monkeypatch):
    seen: list[Sequence[str]] = []

    def sums_by_month(connection, relation, month=None, among=None):
        seen.append(among)
        return digests.sums_by_month(connection, relation, month, among)

    monkeypatch.setattr("orchestration.publish.stage.sums_by_month", sums_by_month)
    published = tmp_path / "anew"
    released(warehouse, published)
    assert sorted(map(sorted, seen)) == [[""], ["2026-01", "2026-02"]]
    seen.clear()
    released(warehouse, published)
    assert seen == []
    released(warehouse, published, A_NEW_MONTH)
    assert seen == [["2026-03"]]


def test_another_column_of_months_is_another_layout(warehouse, published):
    dated = "alter table marts.sales add paid_on date; update marts.sales set paid_on = sold_on"
    released(warehouse, published, dated)
    by_payment = [replace(SALES, month="paid_on"), SHOPS]
    released(warehouse, published, "update marts.sales set amount = 2", by_payment)
    assert_all_is_as_in_the_warehouse(warehouse, published)


def test_what_is_kept_is_found_by_its_index_and_says_what_it_is(warehouse, published):
    described = "select comment from duckdb_tables() union all select comment from duckdb_columns()"
    made = "select sql from duckdb_tables() union all select sql from duckdb_indexes() order by all"
    comments, tables = asked(published, f"{described} order by all"), asked(published, made)
    released(warehouse, published, A_ROW)
    assert asked(published, f"{described} order by all") == comments
    assert asked(published, made) == tables


def test_what_is_said_of_a_mart_changes_with_its_description(warehouse, published, first):
    second = released(warehouse, published, marts=[SALES, replace(SHOPS, description="Where to.")])
    comment = "select comment from duckdb_tables() where table_name = 'shops'"
    assert asked(published, comment) == [("Where to. Key: shop.",)]
    assert first[6:] == second.id[6:], "it has the same rows"


def test_a_mart_that_is_no_more_leaves_the_database(warehouse, published):
    released(warehouse, published, marts=[SALES])
    tables = "select table_name from duckdb_tables() order by all"
    assert asked(published, tables) == [("publication",), ("sales",)]


def test_the_database_does_not_grow_by_what_was_written_before(warehouse, published):
    def size() -> int:
        return os.path.getsize(published / "current" / "regulars.duckdb")

    first = size()
    for _ in range(3):
        released(warehouse, published, CHANGES["all rows"])
    assert size() < 1.5 * first


def test_a_damaged_database_is_written_anew(warehouse, published):
    """Wherever it is damaged, at a place of its headers or of its rows."""
    path = published / "current" / "regulars.duckdb"
    for start in (0, 4096, 0.1, 0.3, 0.5, 0.7, 0.9):
        path.chmod(0o644)
        with path.open("r+b") as file:
            file.seek(start if isinstance(start, int) else int(start * path.stat().st_size))
            file.write(b"damage " * 10_000)
        released(warehouse, published, A_ROW)
        assert_all_is_as_in_the_warehouse(warehouse, published, f"damage at {start}")


def test_a_generation_without_sums_is_followed_by_one_that_has_them(warehouse, published, first):
    """As an earlier release left it."""
    path = published / "generations" / first / "publication.parquet"
    path.unlink()
    with duckdb.connect() as connection:
        connection.execute(f"attach '{published}/current/regulars.duckdb' as seen (read_only)")
        told = "select * exclude (months) from seen.marts.publication"
        connection.execute(f"copy ({told}) to '{path}'")
    second = released(warehouse, published)
    assert second.id[6:] == first[6:]
    assert_all_is_as_in_the_warehouse(warehouse, published)
    assert json.loads(asked(published, "select months from marts.publication")[0][0])["sales"]


# A day's changes to four months of sales, and the month that is written alone for them, if one is.
DAYS = {
    "a new sale": ("insert into marts.sales values ('new', '2026-04-30', 1)", "2026-04"),
    "a sale less": ("delete from marts.sales where sale_id = md5('119')", "2026-04"),
    "all of a month": (
        "update marts.sales set amount = 1 where sold_on >= '2026-04-01'",
        "2026-04",
    ),
    "of two months": ("update marts.sales set amount = 1 where sold_on > '2026-03-30'", None),
    "a late sale": ("insert into marts.sales values ('new', '2026-02-28', 1)", None),
    "one without a date": ("insert into marts.sales values ('new', null, 1)", None),
    "a new month": ("insert into marts.sales values ('new', '2026-05-01', 1)", None),
    "a month less": ("delete from marts.sales where sold_on >= '2026-04-01'", None),
    "few rows": ("delete from marts.sales where sale_id > '0'", None),
}


@pytest.mark.parametrize(("change", "since"), DAYS.values(), ids=DAYS.keys())
def test_a_large_mart_of_which_the_last_month_changed_keeps_the_others(
    warehouse, published, tmp_path, monkeypatch, change, since
):
    """It cannot be told from one that was written at once."""
    monkeypatch.setattr(files, "MOST_KEYED_ROWS", 100)
    sales = [replace(SALES, sorted_by=["amount"], found_by=["sold_on"])]
    rows = ROWS.replace("90000", "100_000").replace("% 59", "% 120")
    released(warehouse, published, f"create or replace table marts.sales as {rows}", sales)
    asked_since: list[str | None] = []

    def write(connection, mart, rows, folder, last, month=None):
        asked_since.append(month)
        files.write(connection, mart, rows, folder, last, month)

    monkeypatch.setattr("orchestration.publish.stage.write", write)
    for sql in (change, ""):
        released(warehouse, published, sql, sales)
    assert asked_since == [since]
    fresh = tmp_path / "fresh"
    released(warehouse, fresh, marts=sales)
    told = "select digests, months from marts.publication"
    described = "select sql from duckdb_tables() union all select sql from duckdb_indexes()"
    groups = "select row_group_id, sum(count) from pragma_storage_info('marts.sales') group by all"
    for query in (
        told,
        f"{groups} order by all",
        f"{described} order by all",
        in_order("marts.sales"),
    ):
        assert asked(published, query) == asked(fresh, query)
    file = "current/sales.parquet"
    assert (published / file).read_bytes() == (fresh / file).read_bytes()
