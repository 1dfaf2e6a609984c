"""Tables lose a person's rows, sales keep theirs, and no byte of either is left in the file."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import duckdb
import pytest

from orchestration.erasure.leftovers import erase_leftovers
from orchestration.erasure.needles import Needles
from orchestration.erasure.search import holds
from orchestration.erasure.tables import Traces, opened, rewrite_database, rewrite_parquet
from orchestration.project import Project

CANARY = "canary@example.com"
NAME = "金丝雀甲"
TRACES = Traces(
    *(frozenset({"c-ann", "crm:ANN"}), frozenset({"o2"})),
    values=frozenset({CANARY, "上海"}),
    compared=frozenset({CANARY}),
)
NEEDLES = Needles.of([CANARY, "crm:ANN"])
TABLES = """
create schema marts; create schema entities; create schema intermediate;
create table marts.customers as
    from (values ('c-ann', 1), ('c-bob', 2)) as rows(customer_id, orders);
comment on table marts.customers is 'who buys';
create table marts.orders as from (values
    ('o1', 'c-ann', 'crm:ANN', 'card', false, 10.5), ('o3', 'c-bob', 'crm:BOB', null, false, 3)
) as rows(order_id, customer_id, account_id, claimed_by, is_guest, net_amount);
create unique index by_order on marts.orders (order_id);
create table marts.segments as from (values ('champions', 1)) as rows(segment, customers);
create table entities.int_orders as from (values
    ('o2', null, 'canary@example.com'), ('o3', 'crm:BOB', 'bob@example.com')
) as rows(order_id, account_id, contact_email);
create table entities.int_touches_validated as from (values
    ('t1', null, 'o2'), ('t2', 'crm:BOB', 'o2'), ('t3', 'crm:ANN', null)
) as rows(touch_id, account_id, order_id);
create schema staging;
create table staging.stg_marketing__touches as from entities.int_touches_validated;
create table staging.stg_shop__orders as from entities.int_orders;
create table intermediate.int_account_values as from (values
    ('email', 'canary@example.com'), ('email', 'bob@example.com'), ('city', '上海')
) as rows(feature, value);
create table marts.identity_review as from (values
    ('sparse', 'c-ann, c-bob'), ('dense', 'c-annabel, c-bob'), ('empty', null)
) as rows(reason_code, customer_ids);
create view marts.readers as select * from regulars.marts.customers;
"""


@pytest.fixture
def rewritten(tmp_path):
    path = tmp_path / "before.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute("attach ':memory:' as regulars; create schema regulars.marts")
        connection.execute(
            "create table regulars.marts.customers (customer_id varchar, orders integer)"
        )
        connection.execute(TABLES)
    with opened(TRACES, tmp_path) as connection:
        after = tmp_path / "after.duckdb"
        rewrite_database(connection, path, after, "regulars", ["int_account_values"])
    return tmp_path / "after.duckdb"


def rows(database, query):
    with duckdb.connect(database, read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_rows_about_the_person_go_and_aggregates_stay(rewritten):
    assert rows(rewritten, "from marts.customers") == [("c-bob", 2)]
    assert rows(rewritten, "from marts.segments") == [("champions", 1)]
    assert rows(rewritten, "from intermediate.int_account_values") == [
        ("email", "bob@example.com"),
        ("city", "上海"),
    ]


def test_a_group_of_which_the_person_is_one_goes_and_no_other(rewritten):
    assert rows(rewritten, "select reason_code from marts.identity_review") == [
        ("dense",),
        ("empty",),
    ]


def test_a_sale_stays_and_is_nobodys(rewritten):
    assert rows(rewritten, "from marts.orders order by order_id") == [
        ("o1", None, None, None, True, 10.5),
        ("o3", "c-bob", "crm:BOB", None, False, 3),
    ]
    assert rows(
        rewritten, "select order_id, contact_email from entities.int_orders order by 1"
    ) == [
        ("o2", None),
        ("o3", "bob@example.com"),
    ]


def test_what_names_somebody_else_is_theirs_whatever_order_it_is_of(rewritten):
    assert rows(rewritten, "select touch_id from entities.int_touches_validated") == [("t2",)]


def test_what_is_kept_of_staging_loses_the_person_as_the_entity_does(rewritten):
    assert rows(rewritten, "select touch_id from staging.stg_marketing__touches") == [("t2",)]
    assert rows(rewritten, "select contact_email from staging.stg_shop__orders order by 1") == [
        ("bob@example.com",),
        (None,),
    ]


def test_comments_indexes_and_views_are_there_again(rewritten):
    assert rows(
        rewritten, "select comment from duckdb_tables() where table_name = 'customers'"
    ) == [("who buys",)]
    assert rows(rewritten, "select index_name from duckdb_indexes()") == [("by_order",)]
    assert rows(rewritten, "select view_name from duckdb_views() where not internal") == [
        ("readers",)
    ]


def test_no_byte_of_the_person_is_left(rewritten):
    assert CANARY.encode() not in rewritten.read_bytes()
    assert not holds(rewritten, NEEDLES)


def test_a_parquet_file_keeps_its_order_and_its_layout(tmp_path):
    path, fresh = tmp_path / "customers.parquet", tmp_path / "fresh.parquet"
    duckdb.execute(
        "copy (from (values ('c-bob', 2), ('c-ann', 1), ('c-ada', 3)) as rows(customer_id, orders))"
        f" to '{path}' (format parquet, kv_metadata {{layout: 'as it was'}})"
    )
    with opened(TRACES, tmp_path) as connection:
        assert rewrite_parquet(connection, path, fresh) == 1
        fresh.replace(path)
        assert rewrite_parquet(connection, path, fresh) == 0
    assert duckdb.sql(f"from '{path}'").fetchall() == [("c-bob", 2), ("c-ada", 3)]
    [(layout,)] = duckdb.sql(f"select decode(value) from parquet_kv_metadata('{path}')").fetchall()
    assert layout == "as it was"
    assert not fresh.exists()


def test_logs_lose_lines_pages_go_and_the_rest_stays(tmp_path, monkeypatch):
    project = Project(tmp_path / "root", tmp_path / "data")
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster"))
    (tmp_path / "dagster").mkdir()
    written = {
        "logs/dbt.log": f"one\n{CANARY} was here\nthree\n",
        "report/index.html": f"<p>{CANARY}</p>",
        "target/manifest.json": "{}",
        "exports/list.csv": f"email\nbob@example.com\n{CANARY}\n",
        ".spill/part": CANARY,
    }
    for name, text in written.items():
        path = project.data / name
        path.parent.mkdir(parents=True)
        path.write_text(text)
    runs = tmp_path / "dagster" / "runs.db"
    with sqlite3.connect(runs) as connection:
        connection.execute("create table events (told text)")
        connection.executemany(
            "insert into events values (?)", [(f"failed at {CANARY}",), ("done",)]
        )
    work = tmp_path / "work"
    work.mkdir()
    touched = erase_leftovers(project, TRACES, NEEDLES, work)
    assert sorted(touched) == ["dbt.log", "index.html", "list.csv", "runs.db"]
    assert (project.data / "logs/dbt.log").read_text() == "one\nthree\n"
    assert (project.data / "exports/list.csv").read_text() == "email\nbob@example.com\n"
    left = [path.name for path in project.data.rglob("*") if path.is_file()]
    assert sorted(left) == ["dbt.log", "list.csv", "manifest.json"]
    with sqlite3.connect(runs) as connection:
        assert connection.execute("select told from events").fetchall() == [("done",)]
    assert CANARY.encode() not in runs.read_bytes()


@pytest.fixture
def dagster(tmp_path, monkeypatch):
    """Dagster's home, with a database that is open in another program."""
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster"))
    (tmp_path / "dagster").mkdir()
    (tmp_path / "work").mkdir()
    with closing(sqlite3.connect(tmp_path / "dagster" / "runs.db")) as connection:
        connection.execute("pragma journal_mode = wal")
        connection.execute("create table events (told text)")
        told = [(json.dumps({"of": each}),) for each in (NAME, "crm:ANN", "crm:ANN1", "旁观者")]
        connection.executemany("insert into events values (?)", told)
        connection.commit()
        yield connection


def leftovers(tmp_path):
    project = Project(tmp_path / "root", tmp_path / "data")
    return erase_leftovers(project, TRACES, Needles.of([NAME, "crm:ANN"]), tmp_path / "work")


def test_rows_of_others_stay_also_those_that_only_the_log_of_a_database_has(tmp_path, dagster):
    assert leftovers(tmp_path) == ["runs.db"]
    told = [json.loads(each)["of"] for (each,) in dagster.execute("select told from events")]
    assert told == ["crm:ANN1", "旁观者"]
    left = b"".join(path.read_bytes() for path in (tmp_path / "dagster").iterdir())
    assert json.dumps(NAME)[1:-1].encode() not in left


def test_a_database_that_somebody_reads_is_told_and_kept(tmp_path, dagster):
    reader = dagster.execute("select told from events")
    reader.fetchone()
    with pytest.raises(ValueError, match="runs.db is in use: stop Dagster"):
        leftovers(tmp_path)
    reader.close()
    assert dagster.execute("select count(*) from events").fetchone()[0] >= 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_lists_keep_their_other_lines_in_every_encoding(tmp_path, dagster, encoding):
    path = tmp_path / "data" / "exports" / "list.csv"
    path.parent.mkdir(parents=True)
    path.write_text(f"名字,号码\n旁观者,crm:ANN1\n{NAME},crm:ANN\n", encoding=encoding)
    leftovers(tmp_path)
    assert path.read_text(encoding=encoding) == "名字,号码\n旁观者,crm:ANN1\n"
