"""Columns that look personal, and of which nothing is declared: by their names, and by what is in
them. It is a net and no proof; what it finds is declared, also where it is nobody's."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

import duckdb

from orchestration.artifacts import Artifacts
from orchestration.duck import connect, identifier, literal
from orchestration.privacy.inventory import Column, Declarations, columns_of
from orchestration.project import Project
from orchestration.warehouse import attach

# Of how many rows of a table the values are looked at: enough for a column that is filled at all.
LOOKED_AT = 100_000

NAMES = re.compile(
    r"phone|mobile|e_?mail|address|street|suburb|post_?code|zip$|birth|gender|surname$|comment(_text)?$"
    r"|(^|_)(full|first|last|given|family|nick|plain|buyer|customer|receiver|billing)_?name$"
    r"|receiver|national_id|union_?id|passport|soc_sec|id_?card|member_num|member_no|user_id"
    r"|card_(token|no|number)|device|account_id|customer_id|household_id"
)
# What compares or counts such values is not one of them.
DERIVED = re.compile(r"_(level|source|type|count|share|weight)$")

# Numbers as people have them, standing alone; of the Chinese ones the first digit and the length.
# Among the digits and letters of a hash, every thousandth of which has such a number, none stands.
BEFORE, AFTER = r"(^|[^0-9a-f.])", r"($|[^0-9a-f.])"
VALUES = {
    "e-mail addresses": r"[^\s@]+@[^\s@]+\.[A-Za-z]{2,}",
    "phone numbers": rf"{BEFORE}(\+?86[ -]?)?1[3-9][0-9]([ -]?)[0-9]{{4}}[ -]?[0-9]{{4}}{AFTER}",
    "numbers of identity cards": rf"{BEFORE}[1-9][0-9]{{5}}(19|20)[0-9]{{9}}[0-9xX]{AFTER}",
}


@dataclass(frozen=True)
class Undeclared:
    """A column that nobody has declared, and why it looks personal."""

    column: Column
    why: str

    def __str__(self) -> str:
        return f"{'.'.join(self.column)}: {self.why}"


def by_name(columns: Iterable[Column], declarations: Declarations) -> Iterator[Undeclared]:
    """Of these columns, those with a name of something personal."""
    for column in columns:
        name = column[-1]
        looks_personal = NAMES.search(name) and not DERIVED.search(name)
        if looks_personal and declarations.kind(*column) is None:
            yield Undeclared(column, "by its name it is a person's")


def by_value(
    connection: duckdb.DuckDBPyConnection, columns: Iterable[Column], declarations: Declarations
) -> Iterator[Undeclared]:
    """Of the columns of the catalog `warehouse`, those in which such values stand.

    The values stay where they are: what is told is of which kind they are.
    """
    unknown = sorted(each for each in columns if declarations.kind(*each) is None)
    for (schema, table), of_table in groupby(unknown, lambda each: each[:2]):
        of_table = list(of_table)
        asked = [
            f"bool_or(regexp_matches({identifier(name)}::varchar, {literal(pattern)}))"
            for *_, name in of_table
            for pattern in VALUES.values()
        ]
        [answers] = connection.execute(
            f"select {', '.join(asked)} from (from warehouse.{identifier(schema)}."
            f"{identifier(table)} limit {LOOKED_AT})"
        ).fetchall()
        told = iter(answers)
        for column in of_table:
            if found := [kind for kind in VALUES if next(told)]:
                yield Undeclared(column, f"it holds {' and '.join(found)}")


def undeclared_columns(project: Project) -> list[Undeclared]:
    """What of the warehouse looks personal, by name or by value, and is declared to be nothing."""
    declarations = Declarations.of(Artifacts.read(project.target).manifest)
    columns = columns_of(project)
    with connect() as connection:
        attach(connection, project.warehouse)
        found = [
            *by_name(columns, declarations),
            *by_value(connection, columns, declarations),
        ]
    return sorted(found, key=lambda each: (each.column, each.why))
