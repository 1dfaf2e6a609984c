"""Copies what readers see into PostgreSQL, and shows it to readers there at one instant.

All of it happens in one transaction: the new marts are made in a schema of their own, which gets
the name `marts` in the end. So readers see the former marts or the new ones, whole; a copy that
breaks off leaves nothing. The former marts lose their name and whoever might see them at once, and
are dropped once nobody reads them any more: no copy waits for a reader, and no reader for a copy.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

import duckdb

from orchestration.artifacts import MANIFEST, read_artifact
from orchestration.duck import connect, identifier, literal
from orchestration.postgres.access import (
    READER,
    granted_to_readers,
    granted_to_role,
    group,
    refuse_long_names,
)
from orchestration.postgres.address import Address
from orchestration.postgres.stream import postgres_type, send
from orchestration.progress import Progress
from orchestration.project import Project
from orchestration.publish.marts import Mart, PublicationError, marts_of
from orchestration.roles import published_views, stands
from orchestration.roles.views import View

SHOWN, NEXT, BEFORE = "marts", "marts_next", "marts_before"
PATIENCE = "5s"
OF_ROLES = """
select schemaname from pg_tables where tablename = 'publication' and starts_with(schemaname, %s)
"""
# What was set aside, by this copy and by former ones; before there were numbers, it had none.
SET_ASIDE = """
select nspname from pg_namespace
where nspname ~ %s and pg_has_role(nspowner, 'usage') order by oid
"""
LET_IN = """
select distinct case when grantee = 0 then 'public' else quote_ident(pg_get_userbyid(grantee)) end
from pg_namespace, aclexplode(nspacl) where nspname = %s and grantee <> nspowner
"""
INSTALL = "pip install --require-hashes -r requirements-postgres.lock"


def publish_to(project: Project, address: Address, progress: Progress) -> str:
    """Copies the published marts into a database, and returns their generation.

    Raises `PublicationError`, and then readers there keep what they had.
    """
    try:
        import pg8000.dbapi as driver
    except ModuleNotFoundError:
        raise PublicationError(f"The driver of PostgreSQL is not here: {INSTALL}") from None
    current = project.published / "current.duckdb"
    if not current.exists():
        raise PublicationError("Nothing is published yet: run `regulars run` first.")
    manifest = read_artifact(project.target / MANIFEST)
    views = published_views(project, manifest)
    refuse_long_names(view.role.name for view in views)
    marts = {mart.name: mart for mart in marts_of(manifest)}
    # One generation, whatever is published meanwhile.
    database = current.resolve()
    try:
        with (
            contextlib.closing(driver.connect(**address.options)) as server,
            connect(database, access_mode="read_only") as published,
        ):
            _Copy(published, server.cursor(), marts, project, progress).run(views)
            server.commit()
            _drop_former(server, progress)
            return published.execute("select generation from marts.publication").fetchone()[0]
    except (driver.Error, OSError, duckdb.Error, ValueError) as error:
        raise PublicationError(
            f"The copy to {address} broke off ({_reason(error)}); readers there keep what they had."
        ) from error


class _Copy:
    """One copy, within one transaction of the server."""

    def __init__(
        self,
        published: duckdb.DuckDBPyConnection,
        cursor: Any,
        marts: dict[str, Mart],
        project: Project,
        progress: Progress,
    ):
        self._published, self._cursor = published, cursor
        self._marts, self._project, self._progress = marts, project, progress

    def run(self, views: Sequence[View]) -> None:
        # Two copies at a time would be each other's next marts.
        self._run(f"select pg_advisory_xact_lock(hashtext({literal(NEXT)}))")
        # Functions name the schema that the new marts will have.
        self._run("set local check_function_bodies = off")
        plain = [view for view in views if view.is_plain]
        own = [view for view in views if not view.is_plain]
        self._refuse_other_files(own)
        for name in (READER, *(group(view.role.name) for view in views)):
            self._make_group(name)
        tables = self._make_schema(self._published, NEXT)
        self._relate(tables)
        for statement in granted_to_readers(NEXT, tables):
            self._run(statement)
        for view in plain:
            for statement in granted_to_role(NEXT, view, self._stores_of(view)):
                self._run(statement)
        for view in own:
            self._copy_own(view, _next_of(view))
        for schema in (SHOWN, *self._schemas_of_roles()):
            self._set_aside(schema)
        for view in own:
            self._rename(_next_of(view), group(view.role.name))
        self._rename(NEXT, SHOWN)

    def _refuse_other_files(self, views: Sequence[View]) -> None:
        """The tables of a role are those of its file: one of another generation, or one that shows
        what the role may no longer see, is not copied."""
        [(generation,)] = self._published.execute(
            "select generation from marts.publication"
        ).fetchall()
        for view in views:
            if not stands(self._project, view, generation):
                name = view.role.name
                raise ValueError(
                    f"the file of the role {name} is not what roles/{name}.yml shows of what is "
                    "published: `regulars run` makes it anew"
                )

    def _set_aside(self, schema: str) -> None:
        """Takes the name of a schema, and lets nobody in any more: it may show what the next one
        does not. Who reads it reads to the end, which a drop would wait for, and others behind."""
        self._cursor.execute("select oid from pg_namespace where nspname = %s", (schema,))
        for (number,) in self._cursor.fetchall():
            self._cursor.execute(LET_IN, (schema,))
            for (who,) in self._cursor.fetchall():
                self._run(f"revoke all on schema {identifier(schema)} from {who}")
            self._rename(schema, f"{BEFORE}_{number}")

    def _rename(self, schema: str, name: str) -> None:
        self._run(f"alter schema {identifier(schema)} rename to {identifier(name)}")

    def _make_schema(self, source: duckdb.DuckDBPyConnection, schema: str) -> list[str]:
        """All tables of a published file in a new schema, with their comments and keys."""
        self._run(f"create schema {identifier(schema)}")
        self._run(f"revoke all on schema {identifier(schema)} from public")
        tables = source.execute(
            "select table_name, comment from duckdb_tables() where schema_name = 'marts' order by 1"
        ).fetchall()
        for table, comment in tables:
            self._progress(f"Copying {table}")
            relation = f"{identifier(schema)}.{identifier(table)}"
            columns = source.execute(
                "select column_name, data_type, is_nullable, comment from duckdb_columns()"
                " where schema_name = 'marts' and table_name = $1 order by column_index",
                [table],
            ).fetchall()
            written = ", ".join(
                f"{identifier(name)} {postgres_type(type_)}{'' if is_nullable else ' not null'}"
                for name, type_, is_nullable, _ in columns
            )
            self._run(f"create table {relation} ({written})")
            types = {name: type_ for name, type_, *_ in columns}
            sent = send(source, f"marts.{identifier(table)}", types, self._cursor, relation)
            [(count,)] = source.execute(
                f"select count(*) from marts.{identifier(table)}"
            ).fetchall()
            if sent != count:
                raise ValueError(f"{table} has {count:,} rows, of which {sent:,} arrived")
            if comment:
                self._run(f"comment on table {relation} is {literal(comment)}")
            for name, _, _, said in columns:
                if said:
                    self._run(f"comment on column {relation}.{identifier(name)} is {literal(said)}")
        return [table for table, _ in tables]

    def _relate(self, tables: Sequence[str]) -> None:
        """Primary keys, then what refers to them: here they cost an index each, and are asked."""
        known = {name: mart for name, mart in self._marts.items() if name in tables}
        for name, mart in known.items():
            columns = ", ".join(map(identifier, mart.key))
            kind = "unique" if mart.nullable else "primary key"
            self._run(f"alter table {NEXT}.{identifier(name)} add {kind} ({columns})")
        for name, mart in known.items():
            for column, referred in mart.references.items():
                if referred in known and list(known[referred].key) == [column]:
                    self._run(
                        f"alter table {NEXT}.{identifier(name)} add foreign key"
                        f" ({identifier(column)}) references {NEXT}.{identifier(referred)}"
                    )
        for name in tables:
            self._run(f"analyze {NEXT}.{identifier(name)}")

    def _copy_own(self, view: View, schema: str) -> None:
        """The tables of a role's file, for a role that sees what no column holds."""
        file = self._project.role_files / view.role.name / "current.duckdb"
        with connect(file.resolve(), access_mode="read_only") as own:
            tables = self._make_schema(own, schema)
        name = identifier(group(view.role.name))
        self._run(f"grant usage on schema {identifier(schema)} to {name}")
        for table in tables:
            self._run(f"grant select on {identifier(schema)}.{identifier(table)} to {name}")

    def _schemas_of_roles(self) -> list[str]:
        """The schemas that a former copy made for roles, those that are gone too: no other schema
        called so has a table `publication`."""
        self._cursor.execute(OF_ROLES, (group(""),))
        return [schema for (schema,) in self._cursor.fetchall()]

    def _stores_of(self, view: View) -> list[str]:
        if not view.role.rows:
            return []
        [(column, values)] = view.role.rows.items()
        found = self._published.execute(
            f"select store_id from marts.stores where {identifier(column)} in"
            f" ({', '.join(map(literal, values))}) order by 1"
        )
        return [store for (store,) in found.fetchall()]

    def _make_group(self, name: str) -> None:
        self._cursor.execute("select 1 from pg_roles where rolname = %s", (name,))
        if not self._cursor.fetchall():
            self._run(f"create role {identifier(name)} nologin")

    def _run(self, statement: str) -> None:
        # The driver takes a per cent sign for a place of a value.
        self._cursor.execute(statement.replace("%", "%%"))


def _next_of(view: View) -> str:
    """What the tables of a role are called until they are shown."""
    return f"{NEXT}_{view.role.name}"


def _drop_former(server: Any, progress: Progress) -> None:
    """Drops the former marts that nobody reads; the others the next copy does."""
    with contextlib.closing(server.cursor()) as cursor:
        cursor.execute(SET_ASIDE, (f"^{BEFORE}(_[0-9]+)?$",))
        former = [schema for (schema,) in cursor.fetchall()]
        for schema in former:
            try:
                cursor.execute(f"set lock_timeout = '{PATIENCE}'")
                cursor.execute(f"drop schema if exists {identifier(schema)} cascade")
                server.commit()
            except server.Error as error:
                server.rollback()
                progress(f"Former marts stay as {schema} for now ({_reason(error)})")


def _reason(error: Exception) -> str:
    """What went wrong, in the server's words where it has some, without the values of a row."""
    told = error.args[0] if error.args else error
    return str(told["M"] if isinstance(told, dict) and "M" in told else told).partition("\n")[0]
