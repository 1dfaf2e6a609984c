"""Writes a whole generation out of readers' sight: all that can fail or take long.

It begins with a copy of the last generation's database. A mart that holds the same rows stays in it
as it is, and its file is that of the last generation, by a hard link: it is neither sorted, nor
digested, nor written again. Of other marts only the months that have changed are digested, and of
a large one of which only the last month has, no other is written into database or file.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from orchestration.digests import Sums, digest, overall_digest, sums_by_month
from orchestration.disk import sync
from orchestration.duck import connect, first_line, identifier, literal
from orchestration.privacy.files import folder_for_readers
from orchestration.publish.checksums import write_checksums
from orchestration.publish.files import (
    DATABASE,
    STORAGE,
    comment,
    file_of,
    keep_before,
    table_of,
    write,
    write_parquet,
)
from orchestration.publish.last import Difference, differences
from orchestration.publish.marts import Mart, PublicationError
from orchestration.warehouse import attach

# What a publication tells of itself, for tools that show comments.
PUBLICATION = "What is published, and of which day: one row."
PUBLICATION_COLUMNS = {
    "generation": "Number of the publication, and the start of its digest.",
    "published_at": "When readers got to see it (UTC).",
    "as_of_date": "Day of analysis: facts before this day count.",
    "known_at": "Only rows landed before this instant count (UTC); null where all do.",
    "code_version": "Version of the code that built it, and its commit.",
    "dbt_version": "Version of dbt that built it.",
    "engine": "duckdb, spark or cluster, whichever built the warehouse.",
    "reporting_currency": "Currency of every amount (ISO 4217).",
    "duckdb_version": "Version of DuckDB that wrote the file.",
    "mart_count": "How many marts there are.",
    "row_count": "How many rows they have together.",
    "row_counts": "How many rows each mart has, as JSON.",
    "digests": "A digest of the rows of each mart, as JSON: equal rows, equal digest.",
    "digest": "The digest of all marts.",
    "months": "Rows of each mart by month and the two sums its digest is made of, as JSON.",
}


@dataclass(frozen=True)
class PublicationFacts:
    """What the caller knows of the build; `engine` is the target that wrote it.

    `known_at` is an instant; one without a zone is UTC. `reporting_currency` is that of every
    amount (ISO 4217).
    """

    as_of_date: date
    known_at: datetime | None
    code_version: str
    dbt_version: str
    engine: str
    reporting_currency: str | None = None


def stage(
    marts: Sequence[Mart],
    warehouse: Path,
    folder: Path,
    last: Path,
    number: int,
    facts: PublicationFacts,
    now: datetime,
    settings: Mapping[str, str | int],
) -> str:
    """Fills a new folder with the generation of this sequence number, and returns its id.

    `last` is the folder of the last generation, if there is one. What it leaves is read-only,
    verified, and on the disk.
    """
    folder_for_readers(folder)
    spill = str(folder.with_name("spill"))
    settings = {"temp_directory": spill, **settings}
    with connect(**settings) as connection:
        _attach(connection, warehouse)
        found = differences(connection, marts, last)
        _begin(connection, folder, last, found)
        months = {each.mart.name: _stage_mart(connection, each, folder, last) for each in found}
        row_counts = {each.mart.name: each.now.count for each in found}
        digests = {
            each.mart.name: digest(each.now.columns, months[each.mart.name].values())
            for each in found
        }
        overall = overall_digest(digests)
        generation_id = f"{number:06}-{overall[:8]}"
        _write_publication(
            connection,
            generation=generation_id,
            published_at=now,
            **vars(facts),
            duckdb_version=duckdb.__version__,
            row_counts=row_counts,
            digests=digests,
            digest=overall,
            months=months,
        )
        write_parquet(connection, "publication", folder, {"layout": "one row"})
        connection.execute("checkpoint staged")
    _verify(folder, row_counts)
    write_checksums(folder, list(folder.iterdir()))
    for path in folder.iterdir():
        path.chmod(0o444)
        sync(path)
    sync(folder)
    return generation_id


def _attach(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> None:
    try:
        attach(connection, warehouse)
    except duckdb.Error as error:
        raise PublicationError(
            f"The warehouse cannot be read ({first_line(error)}): end what else holds it, "
            "or build it anew with `regulars run --full-refresh`."
        ) from error


def _begin(
    connection: duckdb.DuckDBPyConnection, folder: Path, last: Path, found: Sequence[Difference]
) -> None:
    """Attaches as `staged` what may stay of the tables of the last generation, and nothing else."""
    database = folder / DATABASE
    kept = {each.mart.name for each in found if each.is_same or each.since}
    if kept:
        shutil.copyfile(last / DATABASE, database)
    connection.execute(f"attach {literal(database)} as staged {STORAGE}")
    connection.execute("create schema if not exists staged.marts")
    tables = "select table_name from duckdb_tables() where database_name = 'staged'"
    for (name,) in connection.execute(tables).fetchall():
        if name not in kept:
            connection.execute(f"drop table staged.marts.{identifier(name)}")
    for each in found:
        if each.since:
            keep_before(connection, each.mart, each.since)
    connection.execute("checkpoint staged")  # so that what is written takes the room of what went


def _stage_mart(
    connection: duckdb.DuckDBPyConnection, difference: Difference, folder: Path, last: Path
) -> dict[str, Sums]:
    """Puts a mart into the generation, and returns its sums by month."""
    mart = difference.mart
    if difference.is_same:
        _link(last / f"{mart.name}.parquet", folder / f"{mart.name}.parquet")
    else:
        write(connection, mart, difference.now, folder, last, difference.since)
    if not difference.changed:
        return dict(difference.known)
    staged = f"staged.{table_of(mart)}"
    return {
        **difference.known,
        **sums_by_month(connection, staged, mart.month, among=difference.changed),
    }


def _link(file: Path, link: Path) -> None:
    """The same file under a second name, or a copy where the disk has no such thing."""
    try:
        os.link(file, link)
    except OSError:
        shutil.copyfile(file, link)


def _write_publication(
    connection: duckdb.DuckDBPyConnection,
    row_counts: Mapping[str, int],
    digests: Mapping[str, str],
    months: Mapping[str, Mapping[str, Sums]],
    **row: object,
) -> None:
    """One row that tells readers what they see; counts and digests as JSON by mart."""
    connection.execute(
        """
        create table staged.marts.publication as
        select
            $generation::varchar as generation,
            $published_at::timestamptz::timestamp as published_at,
            $as_of_date::date as as_of_date,
            $known_at::timestamptz::timestamp as known_at,
            $code_version::varchar as code_version,
            $dbt_version::varchar as dbt_version,
            $engine::varchar as engine,
            $reporting_currency::varchar as reporting_currency,
            $duckdb_version::varchar as duckdb_version,
            $mart_count::bigint as mart_count,
            $row_count::bigint as row_count,
            $row_counts::varchar as row_counts,
            $digests::varchar as digests,
            $digest::varchar as digest,
            $months::varchar as months,
        """,
        {
            **row,
            "mart_count": len(row_counts),
            "row_count": sum(row_counts.values()),
            "row_counts": json.dumps(row_counts),
            "digests": json.dumps(digests),
            "months": json.dumps(months, sort_keys=True),
        },
    )
    comment(connection, "staged.marts.publication", PUBLICATION, PUBLICATION_COLUMNS)


def _verify(folder: Path, row_counts: Mapping[str, int]) -> None:
    """Reads back what was written, as a reader will."""
    with duckdb.connect(folder / DATABASE, read_only=True) as connection:
        for name, expected in row_counts.items():
            for relation in (f"marts.{identifier(name)}", file_of(name, folder)):
                [(found,)] = connection.execute(f"select count(*) from {relation}").fetchall()
                if found != expected:
                    raise PublicationError(
                        f"{relation} has {found} rows where the warehouse has {expected}: "
                        "check the disk, then run `regulars publish`."
                    )
