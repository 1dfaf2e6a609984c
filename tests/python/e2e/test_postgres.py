"""The copy in PostgreSQL holds what was published, switches at one instant, and shows each role its
own rows and columns: on Debian's server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pg8000.dbapi
import pytest
import yaml
from conftest import Shop, lack
from postgres_here import programs, server

from orchestration.artifacts import MANIFEST, read_artifact
from orchestration.landing.keyed import VARIABLE
from orchestration.postgres import Address, publish_to
from orchestration.postgres import publish as module
from orchestration.project import Project
from orchestration.publish.marts import PublicationError
from orchestration.roles import publish_roles

DIVIDED = ["orders", "order_lines", "refunds", "customers", "customer_rfm", "stores"]
ROLES = {
    "east": {"rows": {"region": ["east"]}, "marts": DIVIDED, "whole": ["products"]},
    "two_stores": {"rows": {"store_id": ["erp:S02", "erp:S03"]}, "marts": [*DIVIDED, "sessions"]},
    "analyst": {
        "marts": ["orders"],
        "columns": {"customer_id": "pseudonym", "ordered_on": "month"},
    },
}


@pytest.fixture(scope="module")
def socket() -> Iterator[Path]:
    if (found := programs()) is None:
        lack("PostgreSQL is not installed.")
    with server(found) as folder:
        yield folder


@pytest.fixture(scope="module")
def address(socket: Path) -> Address:
    return Address.read(f"postgres://regulars@/regulars?host={socket}", {})


@pytest.fixture(scope="module")
def project(tiny: Shop, tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("postgres")
    project = Project(folder, folder / "data")
    project.roles.mkdir(parents=True)
    project.data.mkdir()
    project.published.symlink_to(tiny.data / "published")
    project.target.mkdir()  # without results, as a build that was stopped has left it
    (project.target / MANIFEST).symlink_to(Project(tiny.root, tiny.data).target / MANIFEST)
    for name, role in ROLES.items():
        (project.roles / f"{name}.yml").write_text(yaml.safe_dump(role))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(VARIABLE, "k" * 32)
        publish_roles(project, read_artifact(project.target / MANIFEST), print)
    return project


@pytest.fixture(scope="module")
def copied(project: Project, address: Address) -> str:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(VARIABLE, "k" * 32)
        return publish_to(project, address, lambda text: None)


# What a copy has not yet dropped.
FORMER = "select nspname::text from pg_namespace where nspname like 'marts\\_%' order by 1"


def change(address: Address, sql: str) -> None:
    with closing(pg8000.dbapi.connect(**address.options)) as connection:
        connection.cursor().execute(sql)
        connection.commit()


def ask(address: Address, sql: str, role: str | None = None) -> list[tuple[Any, ...]]:
    with closing(pg8000.dbapi.connect(**address.options)) as connection:
        cursor = connection.cursor()
        if role:
            cursor.execute(f"set role regulars_{role}")
        cursor.execute(sql)
        return [tuple(row) for row in cursor.fetchall()]


def test_every_mart_has_the_rows_that_were_published(tiny, copied, address):
    """All counts, and every value of the first rows of each mart, doubles to their last digit."""
    marts: dict[str, list[str]] = {}
    for mart, column in tiny.query(
        "select table_name, column_name from duckdb_columns() where schema_name = 'marts'"
    ):
        marts.setdefault(mart, []).append(f'"{column}"')
    assert (
        len(marts) > 70 and copied == tiny.query("select generation from marts.publication")[0][0]
    )
    with (
        closing(pg8000.dbapi.connect(**address.options)) as connection,
        duckdb.connect(tiny.current, read_only=True) as published,
    ):
        cursor = connection.cursor()
        for mart, columns in marts.items():
            listed = ", ".join(columns)
            for asked in (
                f"select count(*) from marts.{mart}",
                f"select {listed} from marts.{mart} order by {listed} limit 200",
            ):
                cursor.execute(asked)
                theirs = [tuple(row) for row in cursor.fetchall()]
                assert repr(published.execute(asked).fetchall()) == repr(theirs), mart


def test_keys_references_and_comments_are_there(copied, address):
    constraints = dict(
        ask(
            address,
            "select contype::text, count(*) from pg_constraint where connamespace ="
            " 'marts'::regnamespace group by 1",
        )
    )
    assert constraints["p"] > 60 and constraints["f"] > 20
    assert ask(
        address,
        "select count(*) from pg_attribute join pg_class on pg_class.oid = attrelid"
        " where relnamespace = 'marts'::regnamespace and relkind = 'r' and attnum > 0"
        " and col_description(attrelid, attnum) is null",
    ) == [(0,)]


@pytest.mark.parametrize("role", ["east", "two_stores"])
def test_a_role_sees_what_its_file_shows(project, copied, address, role):
    """Every mart, row and column that the role's file has, and nothing else."""
    with duckdb.connect(project.role_files / role / "current.duckdb", read_only=True) as own:
        shown: dict[str, list[str]] = {}
        for mart, column in own.execute(
            "select table_name, column_name from duckdb_columns() where schema_name = 'marts'"
        ).fetchall():
            shown.setdefault(mart, []).append(column)
        granted = ask(
            address,
            "select table_name, column_name from information_schema.columns"
            " where table_schema = 'marts'",
            role,
        )
        assert {(mart, column) for mart, columns in shown.items() for column in columns} == set(
            granted
        )
        for mart, columns in shown.items():
            asked = f"select {', '.join(sorted(columns))} from marts.{mart}"
            assert sorted(map(repr, own.execute(asked).fetchall())) == sorted(
                map(repr, ask(address, asked, role))
            ), mart


def test_a_role_that_sees_pseudonyms_has_tables_of_its_own(project, copied, address):
    with duckdb.connect(project.role_files / "analyst" / "current.duckdb", read_only=True) as own:
        mine = own.execute("select customer_id, ordered_on from marts.orders").fetchall()
    theirs = ask(address, "select customer_id, ordered_on from regulars_analyst.orders", "analyst")
    assert sorted(map(repr, mine)) == sorted(map(repr, theirs))


@pytest.mark.parametrize(
    "sql",
    [
        "select customer_id from marts.customer_ltv",
        "select * from marts.customers",
        "select city from marts.customers",
        "select count(*) from regulars_analyst.orders",
        "select marts.customer_ids_of_regulars_two_stores()",
        "select row_counts from marts.publication",
        "delete from marts.orders",
        "create table marts.mine (x int)",
    ],
)
def test_a_role_gets_nothing_else(copied, address, sql):
    with pytest.raises(pg8000.dbapi.DatabaseError, match="permission denied"):
        ask(address, sql, "east")


def test_nobody_sees_anything_who_was_not_let_in(copied, address):
    with closing(pg8000.dbapi.connect(**address.options)) as connection:
        cursor = connection.cursor()
        cursor.execute("create role stranger")
        cursor.execute("set role stranger")
        with pytest.raises(pg8000.dbapi.DatabaseError, match="permission denied"):
            cursor.execute("select count(*) from marts.orders")


def test_readers_see_one_generation_whole_while_another_is_copied(
    project, copied, address, monkeypatch
):
    """A reader asks two marts again and again: neither is ever missing, and none waits."""
    monkeypatch.setenv(VARIABLE, "k" * 32)
    done, seen, broken = threading.Event(), set(), []

    def read() -> None:
        while not done.is_set():
            try:
                seen.update(
                    ask(
                        address,
                        "select count(*), (select count(*) from marts.order_lines)"
                        " from marts.orders",
                        "reader",
                    )
                )
            except Exception as error:
                broken.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        publish_to(project, address, lambda text: None)
    finally:
        done.set()
        reader.join()
    assert not broken and len(seen) == 1
    assert not ask(address, FORMER)


def test_a_reader_who_stays_holds_up_no_copy_and_no_other_reader(
    project, copied, address, monkeypatch
):
    """A tool that forgot to end its transaction would otherwise hold a copy up, with the lock of
    the refresh; and a role's readers would wait behind that copy."""
    monkeypatch.setenv(VARIABLE, "k" * 32)
    monkeypatch.setattr(module, "PATIENCE", "50ms")
    change(address, "alter role regulars set lock_timeout = '3s'")
    shown = {"reader": "marts", "analyst": "regulars_analyst"}
    sent, seen = module.send, []

    def sends(*given: Any) -> int:
        seen.extend(ask(address, "select count(*) from regulars_analyst.orders", "analyst"))
        return sent(*given)

    monkeypatch.setattr(module, "send", sends)
    with closing(pg8000.dbapi.connect(**address.options)) as connection:
        cursor = connection.cursor()
        for role, schema in shown.items():
            cursor.execute(f"set role regulars_{role}")
            cursor.execute(f"select count(*) from {schema}.orders")
        for _ in range(2):
            publish_to(project, address, lambda text: None)
        assert set(map(tuple, cursor.fetchall())) == set(seen)
        left = [name for (name,) in ask(address, FORMER)]
        assert len(left) == 2, "of the first copy, which is still read; the others are gone"
        for role in shown:
            for name in left:
                query = f"select has_schema_privilege('regulars_{role}', '{name}', 'usage')"
                assert ask(address, query) == [(False,)]
    change(address, "alter role regulars reset lock_timeout")
    publish_to(project, address, lambda text: None)
    assert ask(address, FORMER) == []


def test_a_file_of_a_role_that_shows_something_else_is_not_copied(
    project, copied, address, monkeypatch
):
    """Its role was given less since: the next refresh makes its file, and then it can be copied."""
    monkeypatch.setenv(VARIABLE, "k" * 32)
    file = project.roles / "analyst.yml"
    before = file.read_text()
    role = ROLES["analyst"]
    file.write_text(yaml.safe_dump({**role, "columns": {**role["columns"], "store_id": "hide"}}))
    with pytest.raises(PublicationError, match="file of the role analyst is not what"):
        publish_to(project, address, lambda text: None)
    file.write_text(before)


def test_a_copy_that_breaks_off_leaves_nothing(project, copied, address, monkeypatch):
    monkeypatch.setenv(VARIABLE, "k" * 32)
    before = ask(address, "select oid from pg_class where relnamespace = 'marts'::regnamespace")
    sent = module.send

    def breaks(connection: Any, source: str, *rest: Any) -> int:
        if "orders" in source:
            source = "(select error('the disk is full') as order_id)"
        return sent(connection, source, *rest)

    monkeypatch.setattr(module, "send", breaks)
    with pytest.raises(PublicationError, match="broke off"):
        publish_to(project, address, lambda text: None)
    after = ask(address, "select oid from pg_class where relnamespace = 'marts'::regnamespace")
    assert sorted(before) == sorted(after)
    assert not ask(address, "select 1 from pg_namespace where nspname = 'marts_next'")


def test_a_role_that_is_gone_keeps_no_tables(project, copied, address, monkeypatch):
    monkeypatch.setenv(VARIABLE, "k" * 32)
    (project.roles / "analyst.yml").unlink()
    publish_to(project, address, lambda text: None)
    assert not ask(address, "select 1 from pg_namespace where nspname = 'regulars_analyst'")
    with pytest.raises(pg8000.dbapi.DatabaseError, match="permission denied"):
        ask(address, "select count(*) from marts.orders", "analyst")
