"""Takes a person out of tables: of DuckDB's files, whole, and of single Parquet files.

DuckDB leaves the bytes of deleted rows in its file, so that a file is written anew: copied,
changed, and copied again, since the first copy has deleted rows of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.duck import connect, identifier, literal, literal_path
from orchestration.erasure.rows import PEOPLE
from orchestration.person import PERSONAL_VALUES

# Columns that say whose a sale is; `claimed_by` says by what that was known.
OF_A_PERSON = ("customer_id", "account_id", "contact_phone", "contact_email", "card_token") + (
    "claimed_by",
)
OF_PEOPLE = re.compile(rf"(?:int_(?:{'|'.join(PEOPLE)})_|stg_\w+?__(?:{'|'.join(PEOPLE)})(?:__|$))")
# Tables of orders that are about people and no sales.
CONTACTS = ("int_order_contacts", "int_buyer_contacts")
# Columns in which a value as delivered tells the person; elsewhere it may be any word.
AS_DELIVERED = frozenset(column for columns in PERSONAL_VALUES.values() for column in columns)
TRACES = "temp.traces"
JOINED = ", "  # what stands between ids that are joined to one text


@dataclass(frozen=True)
class Traces:
    """By what the rows of tables are told: the keys of a person, in whatever column they stand, the
    orders, and values that are the person's alone: in the columns in which they were delivered, and
    where people are compared, in columns of any name, those that mean nothing else, which a comment
    may."""

    keys: frozenset[str]
    orders: frozenset[str]
    values: frozenset[str]
    compared: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Table:
    """A table, or anything that SQL reads like one: its name and its columns' types.

    `compares` says that it holds values of people in columns of other names.
    """

    name: str
    relation: str
    columns: dict[str, str]
    compares: bool = False

    @property
    def texts(self) -> list[str]:
        return [name for name, kind in self.columns.items() if kind == "VARCHAR"]

    @property
    def is_of_sales(self) -> bool:
        """Whether its rows are sales or parts of them, which stay without the person."""
        return "order_id" in self.columns and not self.is_of_people and self.name not in CONTACTS

    @property
    def is_of_people(self) -> bool:
        """Whether its rows are about people, as staging, or an entity, has them."""
        return bool(OF_PEOPLE.match(self.name))

    @property
    def is_theirs(self) -> str:
        """The condition by which a row is the person's."""
        told = [
            f"{identifier(name)} in {self._known(name)}"
            for name in self.texts
            if name != "order_id"
        ]
        told += [
            f"list_has_any(string_split({identifier(name)}, '{JOINED}'),"
            f" (select list(value) from {TRACES} where kind = 'key'))"
            for name in self.texts
            if name.endswith("_ids")
        ]
        if self.is_of_sales or self.is_of_people:
            told += self._is_of_their_orders()
        return " or ".join(told) or "false"

    def _is_of_their_orders(self) -> Iterator[str]:
        """An order is theirs where it names nobody, or nobody else."""
        named = [name for name in ("customer_id", "account_id") if name in self.columns]
        left = [name for name in OF_A_PERSON if name in self.columns and name not in named]
        if "order_id" in self.columns and (left or not self.is_of_sales):
            is_left = " or ".join(f"{name} is not null" for name in left) or "true"
            nobody = "".join(f" and {name} is null" for name in named)
            orders = f"(select value from {TRACES} where kind = 'order')"
            yield f"(order_id in {orders} and ({is_left}){nobody})"

    def _known(self, column: str) -> str:
        kinds = ["key"] + ["value"] * (column in AS_DELIVERED) + ["compared"] * self.compares
        listed = ", ".join(map(literal, kinds))
        return f"(select value from {TRACES} where kind in ({listed}))"

    @property
    def blanked(self) -> dict[str, str]:
        """What is written into the columns of a sale that loses its person."""
        written = {
            name: f"case when {identifier(name)} not in {self._known(name)}"
            f" then {identifier(name)} end"
            for name in self.texts
            if name != "order_id"
        }
        written |= {name: "null" for name in OF_A_PERSON if name in self.columns}
        return written | ({"is_guest": "true"} if "is_guest" in self.columns else {})


@contextmanager
def opened(traces: Traces, temporary: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that knows the traces."""
    with connect(preserve_insertion_order="true", temp_directory=str(temporary)) as connection:
        connection.execute("create temp table traces (kind varchar, value varchar)")
        kinds = {"key": traces.keys, "order": traces.orders, "value": traces.values} | {
            "compared": traces.compared
        }
        pairs = [[kind, value] for kind, values in kinds.items() for value in values]
        if pairs:
            connection.executemany("insert into traces values ($1, $2)", pairs)
        yield connection


def tables_of(
    connection: duckdb.DuckDBPyConnection, catalog: str, comparing: Container[str] = ()
) -> list[Table]:
    """The tables of a database, without its views; of some it is known that they compare people."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    asked = connection.execute(
        "select schema_name, table_name, column_name, data_type from duckdb_columns()"
        " semi join duckdb_tables() using (database_name, schema_name, table_name)"
        " where database_name = $1 order by schema_name, table_name, column_index",
        [catalog],
    )
    for schema, table, column, kind in asked.fetchall():
        found.setdefault((schema, table), {})[column] = kind
    return [
        Table(
            *(name, ".".join(map(identifier, (catalog, schema, name))), columns, name in comparing)
        )
        for (schema, name), columns in found.items()
    ]


def rewrite_database(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    fresh: Path,
    catalog: str,
    comparing: Container[str] = (),
    also: Callable[[str, list[str]], None] = lambda catalog, changed: None,
    options: str = "",
) -> int:
    """Writes a database without the person to `fresh`; how many rows went or lost the person.

    `catalog` is the name under which its views know it, `comparing` are tables in which identities
    are compared. `also` gets the name of the copy, and the
    tables that were changed, and may change more.
    """
    between = fresh.with_suffix(".between")
    for leftover in (fresh, between, *fresh.parent.glob(f"{fresh.name}.wal")):
        leftover.unlink(missing_ok=True)
    connection.execute(f"attach {literal(path)} as {catalog} (read_only)")
    connection.execute(f"attach {literal(between)} as between_")
    connection.execute(f"copy from database {catalog} to between_")
    count, changed = 0, []
    for table in tables_of(connection, "between_", comparing):
        if rows := _change(connection, table):
            count += rows
            changed.append(table.name)
    also("between_", changed)
    connection.execute("checkpoint between_")
    connection.execute("detach between_")
    connection.execute(f"detach {catalog}")
    connection.execute(f"attach {literal(between)} as {catalog} (read_only)")
    connection.execute(f"attach {literal(fresh)} as fresh {options}")
    connection.execute(f"copy from database {catalog} to fresh")
    connection.execute("checkpoint fresh")
    connection.execute("detach fresh")
    connection.execute(f"detach {catalog}")
    between.unlink()
    return count


def forget_what_is_kept(connection: duckdb.DuckDBPyConnection, catalog: str) -> None:
    """Drops the record of what each table was made of: the next build makes all of them anew."""
    connection.execute(f"drop table if exists {catalog}.kept.nodes")


def _change(connection: duckdb.DuckDBPyConnection, table: Table) -> int:
    if not table.is_of_sales:
        query = f"delete from {table.relation} where {table.is_theirs}"
    else:
        written = ", ".join(f"{identifier(n)} = {sql}" for n, sql in table.blanked.items())
        if not written:
            return 0
        query = f"update {table.relation} set {written} where {table.is_theirs}"
    return connection.execute(query).fetchone()[0]


def rewrite_parquet(connection: duckdb.DuckDBPyConnection, path: Path, fresh: Path) -> int:
    """Writes a Parquet file without the person to `fresh`, in the same order and with the same
    layout; how many rows went or lost the person, and nothing is written where none did."""
    rows = f"read_parquet({literal_path(path)})"
    described = connection.execute(f"describe select * from {rows}").fetchall()
    columns = {name: kind for name, kind, *_ in described}
    table = Table(path.stem, rows, columns)
    is_theirs = f"coalesce({table.is_theirs}, false)"
    [(count,)] = connection.execute(f"select count(*) from {rows} where {is_theirs}").fetchall()
    if not count:
        return 0
    selected = f"select * from {rows} where not {is_theirs}"
    if table.is_of_sales:
        blanked = ", ".join(
            f"cast(case when {is_theirs} then {sql} else {identifier(name)} end as"
            f" {columns[name]}) as {identifier(name)}"
            for name, sql in table.blanked.items()
        )
        selected = f"select * replace ({blanked}) from {rows}"
    layouts = connection.execute(
        "select decode(value) from parquet_kv_metadata($1) where decode(key) = 'layout'",
        [str(path)],
    ).fetchall()
    layout = "".join(f", kv_metadata {{layout: {literal(each)}}}" for (each,) in layouts)
    connection.execute(
        f"copy ({selected}) to {literal(fresh)} (format parquet, compression zstd{layout})"
    )
    return count


def holding(
    connection: duckdb.DuckDBPyConnection, relations: Iterable[str], patterns: Iterable[str]
) -> list[str]:
    """Those of some relations of which a row holds what a pattern finds, in any column."""
    found = [f"regexp_matches(told, {literal(each)})" for each in patterns]
    condition = " or ".join(found) or "false"
    return [relation for relation in relations if _holds(connection, relation, condition)]


def _holds(connection: duckdb.DuckDBPyConnection, relation: str, condition: str) -> bool:
    """Column by column: the text of a whole row has quotes and backslashes escaped."""
    described = connection.execute(f"describe select * from {relation}").fetchall()
    columns = [name for name, *_ in described]
    texts = ", ".join(f"cast({identifier(name)} as varchar)" for name in columns)
    rows = f"select concat_ws(chr(31), {texts}) as told from {relation}"
    [(is_held,)] = connection.execute(f"select exists (from ({rows}) where {condition})").fetchall()
    return is_held
