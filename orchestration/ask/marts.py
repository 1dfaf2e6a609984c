"""Which marts there are, and what stands in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from orchestration.ask.answers import answer, in_language
from orchestration.ask.published import Published
from orchestration.ask.refusals import labels, refused
from orchestration.ask.words import words_of
from orchestration.duck import rows

TABLES = """
select table_name, estimated_size as row_count, coalesce(comment, '') as comment
from duckdb_tables()
where schema_name = 'marts'
order by table_name
"""
COLUMNS = """
select column_name as name, lower(data_type) as type, coalesce(comment, '') as means
from duckdb_columns()
where schema_name = 'marts' and table_name = $1
order by column_index
"""


def list_marts(published: Published, root: Path, language: str) -> dict[str, Any]:
    """Each mart with its subject, what it means, and how many rows it has."""
    with published.opened() as generation:
        told = []
        for row in rows(generation.connection, TABLES):
            words = words_of(root, row["table_name"], row["comment"])
            told.append(
                {
                    "name": row["table_name"],
                    "subject": words.subject,
                    "means": in_language(words.definition.means, language),
                    "rows": row["row_count"],
                }
            )
        return answer(generation.publication, language, [], {"marts": told})


def describe_mart(published: Published, root: Path, mart: str, language: str) -> dict[str, Any]:
    """A mart's definition, what a row of it is, its key, its columns, and where they lead."""
    with published.opened() as generation:
        tables = {row["table_name"]: row for row in rows(generation.connection, TABLES)}
        if mart not in tables:
            raise refused("no_mart_named", name=mart)
        words = words_of(root, mart, tables[mart]["comment"])
        columns = generation.connection.execute(COLUMNS, [mart]).fetchall()
        data = {
            "mart": f"marts.{mart}",
            "grain": in_language(words.grain, language),
            "key": list(words.key),
            "joins": {
                column: f"marts.{other}.{column}"
                for column, other in words.references.items()
                if other in tables
            },
            "rows": tables[mart]["row_count"],
            "columns": [
                {"name": name, "type": type_, "means": " ".join(means.split())}
                for name, type_, means in columns
            ],
        }
        if language != "en":
            data["columns_are"] = in_language(labels()["columns_in_english"], language)
        return answer(generation.publication, language, [words.definition], data)
