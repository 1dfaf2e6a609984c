"""Everything that the warehouse knows of one person, for that person: as JSON, and as a workbook.

Of what was delivered all rows, also those that were refused or replaced; of what was concluded the
marts. Rows are the person's by their accounts, their orders, devices that nobody else has, or their
customer id. Of an account that theirs was compared with it is not told which it was. Rows that
could not be read at all belong to nobody, and are not here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
from openpyxl.cell import WriteOnlyCell

from orchestration.artifacts import Artifacts
from orchestration.duck import connect, identifier, literal, rows
from orchestration.erasure.journal import unfinished
from orchestration.person import Person
from orchestration.privacy.inventory import Column
from orchestration.project import Project
from orchestration.warehouse import attach

# What is told of a person, in this order: as delivered, and as concluded.
DELIVERED, CONCLUDED = "entities", "marts"
REFUSED = "quarantine"
SHEET_NAME = 31  # characters that Excel takes


@dataclass(frozen=True)
class Told:
    """The rows of one table that are the person's, and what the table is."""

    table: str
    about: str
    rows: Sequence[Mapping[str, Any]]


def export_person(project: Project, person: Person) -> list[Path]:
    """Writes what is known of a person into `exports/persons/`, and returns the files.

    Raises `ValueError` while an erasure has not ended: what it has reached is missing, and what it
    has not would be written anew.
    """
    if reason := unfinished(project):
        raise ValueError(reason)
    told = list(what_is_known(project, person))
    folder = project.exports / "persons"
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{person.customer_id}.{ending}" for ending in ("json", "xlsx")]
    for file in files:
        file.unlink(missing_ok=True)
    files[0].write_text(json_of(person, told), encoding="utf-8")
    write_workbook(files[1], told)
    return files


def what_is_known(project: Project, person: Person) -> Iterator[Told]:
    """Every table that holds rows of the person, with them."""
    abouts = {
        (node["schema"], node["alias"]): " ".join(node["description"].split())
        for node in Artifacts.read(project.target).manifest["nodes"].values()
        if node["resource_type"] == "model"
    }
    with connect() as connection:
        attach(connection, project.warehouse)
        orders = _orders(connection, person)
        for (schema, table), columns in _tables(connection).items():
            found = rows(
                connection,
                f"select {_shown(columns, person)}"
                f" from warehouse.{identifier(schema)}.{identifier(table)}"
                f" where {_condition(table, columns, person, orders)} order by all",
            )
            if found:
                yield Told(f"{schema}.{table}", abouts.get((schema, table), ""), found)


def json_of(person: Person, told: Sequence[Told]) -> str:
    """One JSON object: who it is, and each table with what it is and its rows."""
    content = {
        "customer_id": person.customer_id,
        "accounts": person.account_ids,
        "tables": {each.table: {"about": each.about, "rows": each.rows} for each in told},
    }
    return json.dumps(content, ensure_ascii=False, indent=2, default=str) + "\n"


def write_workbook(path: Path, told: Sequence[Told]) -> None:
    """A sheet for each table. Whatever a cell says is text: what begins with = is no formula."""
    book = openpyxl.Workbook(write_only=True)
    names: set[str] = set()
    for each in told:
        sheet = book.create_sheet(_sheet_name(each.table, names))
        sheet.append([_cell(sheet, each.about)])
        sheet.append([_cell(sheet, name) for name in each.rows[0]])
        for row in each.rows:
            sheet.append([_cell(sheet, value) for value in row.values()])
    book.save(path)


def _tables(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], list[str]]:
    """The tables that tell of people, with their columns: what came, and what is concluded."""
    found: dict[tuple[str, str], list[str]] = {}
    listed: list[Column] = connection.execute(f"""
        select schema_name, table_name, column_name from duckdb_columns()
        where database_name = 'warehouse'
            and (
                schema_name = {literal(CONCLUDED)}
                or schema_name = {literal(DELIVERED)}
                and (table_name like 'int_%_validated' or table_name = {literal(REFUSED)})
            )
        order by schema_name, table_name, column_index
    """).fetchall()
    for schema, table, column in listed:
        found.setdefault((schema, table), []).append(column)
    return {
        place: columns
        for place, columns in found.items()
        if {"account_id", "customer_id", "order_id"} & set(columns) or place[1] == REFUSED
    }


def _orders(connection: duckdb.DuckDBPyConnection, person: Person) -> list[str]:
    """The orders that are the person's, also those that were refused, unless somebody else has one
    of that number."""
    refused = connection.execute(
        "select order_id from warehouse.entities.int_orders_validated"
        f" where order_id is not null and account_id in ({_listed(person.account_ids)})"
        " except select order_id from warehouse.intermediate.int_order_customers"
        f" where customer_id <> {literal(person.customer_id)}"
    ).fetchall()
    return sorted({*person.orders, *(order_id for (order_id,) in refused)})


def _shown(columns: Sequence[str], person: Person) -> str:
    """What is told of a row: of two accounts that were compared, only those that are theirs."""
    if "other_account_id" not in columns:
        return "*"
    theirs = ", ".join(
        f"case when {column} in ({_listed(person.account_ids)}) then {column} end as {column}"
        for column in ("account_id", "other_account_id")
    )
    return f"* replace ({theirs})"


def _condition(table: str, columns: Sequence[str], person: Person, orders: Sequence[str]) -> str:
    """Which rows are the person's. What a device did that nobody else has is theirs, whether or not
    somebody was logged in."""
    theirs = {
        "account_id": person.account_ids,
        "other_account_id": person.account_ids,
        "customer_id": [person.customer_id],
        "order_id": orders,
        "device_id": person.own("device"),
    }
    if table == REFUSED:
        theirs = {"entity_key": [*person.account_ids, *orders]}
    conditions = [
        f"{column} in ({_listed(values)})"
        for column, values in theirs.items()
        if column in columns and values
    ]
    return " or ".join(conditions) or "false"


def _listed(values: Iterable[str]) -> str:
    return ", ".join(map(literal, values))


def _sheet_name(table: str, taken: set[str]) -> str:
    """A name that Excel takes, and no other sheet has, in small letters or large."""
    whole = table.partition(".")[2].removeprefix("int_").removesuffix("_validated")[:SHEET_NAME]
    name, number = whole, 1
    while name.casefold() in taken:
        number += 1
        name = f"{whole[: SHEET_NAME - len(f'_{number}')]}_{number}"
    taken.add(name.casefold())
    return name


def _cell(sheet: Any, value: Any) -> WriteOnlyCell:
    if value is None or isinstance(value, (int, float)) and not isinstance(value, bool):
        return WriteOnlyCell(sheet, value)
    cell = WriteOnlyCell(sheet, openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub(" ", str(value)))
    cell.data_type = "s"
    return cell
