"""Takes a person out of the generations that are kept. Their files never change otherwise.

Aggregates stay as they were published: a sum tells nobody. A sale keeps its row, and names nobody.
Who has a file open reads it as it was until they close it.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import duckdb

from orchestration.digests import overall_digest, table_digest
from orchestration.disk import sync
from orchestration.duck import IS_NOT_THERE, connect, identifier, literal, rows
from orchestration.erasure.tables import Traces, opened, rewrite_database, rewrite_parquet
from orchestration.excel import workbooks_of
from orchestration.publish.checksums import write_checksums
from orchestration.publish.files import DATABASE, STORAGE
from orchestration.publish.generations import GENERATION_ID, STAGING


def erase_published(published: Path, traces: Traces) -> tuple[int, int]:
    """Rewrites every generation that names the person; how many of how many were.

    Files are written where a publication is, whence a rename leads into a generation.
    """
    folders = [
        path
        for path in sorted((published / "generations").glob("*"))
        if GENERATION_ID.fullmatch(path.name) and (path / DATABASE).exists()
    ]
    if not folders:
        return 0, 0
    work = published / STAGING
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(mode=0o700)
    try:
        return sum(_erase(folder, traces, work) for folder in folders), len(folders)
    finally:
        shutil.rmtree(work)


def _erase(folder: Path, traces: Traces, work: Path) -> bool:
    database, fresh = folder / DATABASE, work / DATABASE
    changed: list[str] = []
    traces = replace(traces, keys=traces.keys | _keys_then(database, traces))

    def publish_again(catalog: str, tables: list[str]) -> None:
        changed.extend(tables)
        if tables:
            _tell_anew(connection, catalog, tables)
            connection.execute(
                f"copy {catalog}.marts.publication to {literal(work / 'publication.parquet')}"
                " (format parquet, compression zstd, kv_metadata {layout: 'one row'})"
            )

    with opened(traces, work) as connection:
        rewrite_database(
            *(connection, database, fresh, "regulars"),
            also=publish_again,
            options=STORAGE,
        )
        written = [work / "publication.parquet"] if changed else []
        for name in changed:
            if rewrite_parquet(connection, folder / f"{name}.parquet", work / f"{name}.parquet"):
                written.append(work / f"{name}.parquet")
    # A database that names nobody may have their rows of a former generation, from which it was
    # copied, where it keeps nothing now: the one that was written anew takes its place in any case.
    if changed and (former := list(folder.glob("*.xlsx"))):
        # The sums of its sheets are those that were published, its list of customers is another.
        workbooks = _workbooks(fresh, work)
        written += workbooks
        for path in former:
            if path.name not in {each.name for each in workbooks}:
                path.unlink()
    # Checksums come first: of what a kill leaves in its place already nobody makes one any more.
    sync(write_checksums(folder, [path for path in (*written, fresh) if path.suffix != ".xlsx"]))
    for path in (*written, fresh):
        path.chmod(0o444)
        sync(path)
        path.replace(folder / path.name)
    sync(folder)
    return bool(changed)


def _workbooks(database: Path, folder: Path) -> list[Path]:
    """The workbooks of a generation; none of one of which only another version could make them."""
    try:
        return workbooks_of(database, folder)
    except IS_NOT_THERE:
        return []


def _keys_then(database: Path, traces: Traces) -> frozenset[str]:
    """The ids that the person's accounts and devices had in a generation.

    A customer whom the accounts belonged to then is taken to be the person whole, since nobody can
    tell any more whose their figures are. A visitor who was somebody else too stays.
    """
    keys = ", ".join(map(literal, traces.keys))
    with connect() as connection:
        connection.execute(f"attach {literal(database)} as regulars (read_only)")
        try:
            customers = connection.execute(
                f"select customer_id from regulars.marts.customer_accounts where account_id in"
                f" ({keys}) union select former_customer_id from"
                f" regulars.marts.customer_id_changes where customer_id in ({keys})"
            ).fetchall()
        except duckdb.CatalogException:  # a project of other marts, or an older one
            return frozenset()
        return frozenset(each for (each,) in customers if each) | visitors(
            connection, "regulars.marts.sessions", traces.keys | {each for (each,) in customers}
        )


def visitors(
    connection: duckdb.DuckDBPyConnection, sessions: str, customers: frozenset[str]
) -> frozenset[str]:
    """The visitors who were these customers and nobody else."""
    listed = ", ".join(literal(each) for each in customers if each)
    try:
        found = connection.execute(
            f"select visitor_id from {sessions} where customer_id in ({listed}) except"
            f" select visitor_id from {sessions} where customer_id not in ({listed})"
        ).fetchall()
    except duckdb.CatalogException:
        return frozenset()
    return frozenset(each for (each,) in found if each)


def _tell_anew(connection: duckdb.DuckDBPyConnection, catalog: str, changed: list[str]) -> None:
    """Counts and digests as the tables have them now; the id keeps that of the first ones.

    By month they are known no more of a mart that was changed: the next publication finds them out.
    """
    publication = f"{catalog}.marts.publication"
    [told] = rows(connection, f"from {publication}")
    row_counts, of_marts = json.loads(told["row_counts"]), json.loads(told["digests"])
    months = json.loads(told.get("months", "{}"))
    for name in changed:
        table = f"{catalog}.marts.{identifier(name)}"
        of_marts[name] = table_digest(connection, table)
        months.pop(name, None)
        [(row_counts[name],)] = connection.execute(f"select count(*) from {table}").fetchall()
    connection.execute(
        f"update {publication} set row_counts = $1, digests = $2, row_count = $3, digest = $4",
        [
            json.dumps(row_counts),
            json.dumps(of_marts),
            sum(row_counts.values()),
            overall_digest(of_marts),
        ],
    )
    if "months" in told:
        connection.execute(f"update {publication} set months = $1", [json.dumps(months)])
