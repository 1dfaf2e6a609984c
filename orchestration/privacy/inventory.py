"""The inventory of personal columns: which table holds what of a person.

A column is declared once, by `meta: {pii: …}` in the YAML of the contract, model or feed where it
first appears; whoever passes it on under its name passes on what it is. A column of that name which
is nobody's, such as the city of a store, says `pii: none`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from orchestration.artifacts import Artifacts
from orchestration.duck import connect
from orchestration.project import Project
from orchestration.warehouse import attach

# What a column tells of a person, from what names them to what merely tells their rows together.
KINDS = {
    "contact": "reaches them: phone, e-mail, address",
    "identity": "says who they are: name, birth date, numbers of the state and of cards",
    "payment": "stands for what they pay with",
    "device": "stands for what they use",
    "words": "may hold anything: what they wrote, and lines and rows as they came",
    "trait": "says what they are like, of many alike",
    "key": "names them to whoever knows the number",
}
NONE = "none"

# Rows of an entity lie in these tables, and are what its contract says.
OF_AN_ENTITY = re.compile(r"(?:int|stg_[a-z_]+?_)_([a-z_]+?)(?:__\w+|_delivered|_validated)?")

# What was published lies in the schema of the feeds, with columns of the project's own.
PUBLISHED = "publication__"

Column = tuple[str, str, str]  # schema, table and name


@dataclass(frozen=True, order=True)
class PersonalColumn:
    """A column that tells something of a person; `kind` is one of `KINDS`."""

    schema: str
    table: str
    column: str
    kind: str


@dataclass(frozen=True)
class Declarations:
    """What is declared of columns: of one of a table, or of all that have the name."""

    own: Mapping[Column, str]
    by_name: Mapping[str, str]

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> Declarations:
        """What dbt's manifest holds; `ValueError` of a kind that there is not, or two of a name."""
        nodes = [*manifest["nodes"].values(), *manifest["sources"].values()]
        own = {
            (node["schema"], node.get("identifier") or node["alias"], name): kind
            for node in nodes
            for name, column in node["columns"].items()
            if (kind := _meta(column).get("pii"))
        }
        kinds: dict[str, set[str]] = {}
        for (schema, _, name), kind in own.items():
            if kind not in (*KINDS, NONE):
                raise ValueError(f"{name} is '{kind}': choose of {', '.join((*KINDS, NONE))}.")
            # What a source calls a column is its own affair.
            if schema != "raw" and kind != NONE:
                kinds.setdefault(name, set()).add(kind)
        if torn := sorted(name for name, several in kinds.items() if len(several) > 1):
            raise ValueError(f"Declared as two kinds of personal data: {', '.join(torn)}.")
        return cls(own, {name: kind for name, [kind] in kinds.items()})

    def kind(self, schema: str, table: str, column: str) -> str | None:
        """The kind of a column, `none` where it is declared to be nobody's, None if undeclared."""
        if declared := self.own.get((schema, table, column)):
            return declared
        if schema == "raw" and not table.startswith(PUBLISHED):
            return None
        if entity := OF_AN_ENTITY.fullmatch(table):
            contract = ("entities", f"int_{entity[1]}_delivered", column)
            if declared := self.own.get(contract):
                return declared
        return self.by_name.get(column)


def personal_columns(project: Project) -> list[PersonalColumn]:
    """Every personal column of the warehouse, of all its layers and the landed rows."""
    declarations = Declarations.of(Artifacts.read(project.target).manifest)
    return sorted(
        PersonalColumn(*column, kind)
        for column in columns_of(project)
        if (kind := declarations.kind(*column)) and kind != NONE
    )


def columns_of(project: Project) -> list[Column]:
    """Schema, table and name of the columns of the warehouse that hold a text or a date.

    Numbers name nobody, and neither do the digests of the record of what is kept.
    """
    with connect() as connection:
        attach(connection, project.warehouse)
        return connection.execute("""
            select schema_name, table_name, column_name
            from duckdb_columns()
            where database_name = 'warehouse'
                and schema_name <> 'kept'
                and data_type in ('VARCHAR', 'DATE')
            order by all
        """).fetchall()


def lines_of(columns: Iterable[PersonalColumn]) -> Iterator[str]:
    """The inventory as Markdown: a line for each table that holds more of a person than keys."""
    yield "| table | holds |"
    yield "|---|---|"
    told = sorted(each for each in columns if each.kind != "key")
    for (schema, table), of_table in groupby(told, lambda each: (each.schema, each.table)):
        yield f"| `{schema}.{table}` | {', '.join(map(_told, of_table))} |"


def _told(column: PersonalColumn) -> str:
    return f"`{column.column}` ({column.kind})"


def _meta(described: Mapping[str, Any]) -> Mapping[str, Any]:
    return (described.get("config") or {}).get("meta") or described.get("meta") or {}
