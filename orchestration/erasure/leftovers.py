"""Takes a person out of whatever else lies about: logs, artifacts, exports, Dagster's storage.

What is scratch goes. Of other files those that hold the person lose the lines or the rows; what is
neither, such as a page, goes whole, since the next run makes it anew.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from orchestration.duck import identifier
from orchestration.erasure.search import Needles, files_of, is_found
from orchestration.erasure.tables import Traces, opened, rewrite_parquet
from orchestration.project import Project

SCRATCH = (".spill", "check", "raw/.work", ".publishing")
LINES = {".log", ".txt", ".csv", ".tsv", ".jsonl", ".out", ".err"}
# What has a way of its own; the lock is held meanwhile.
ELSEWHERE = {"landing", "raw", "published", "erasure", "warehouse.duckdb", "refresh.lock"}


def dagster_home(project: Project) -> Path:
    return Path(os.environ.get("DAGSTER_HOME") or project.root / ".dagster")


def elsewhere(project: Project) -> list[Path]:
    """The folders beside the data in which something may have been written."""
    own = (project.root / "logs", project.root / "target", dagster_home(project))
    return [folder for folder in own if folder.is_dir()]


def erase_leftovers(project: Project, traces: Traces, needles: Needles, work: Path) -> list[str]:
    """Mends or removes every file that holds the person; their names."""
    for name in SCRATCH:
        shutil.rmtree(project.data / name, ignore_errors=True)
    shutil.rmtree(project.data / "spark", ignore_errors=True)  # the next run makes its tables anew
    # Under a pseudonym nobody is found: the next publication makes the files of roles anew.
    for path in project.role_files.glob("*/*.duckdb"):
        path.unlink()
    touched = []
    for path in _files(project):
        if is_found(path, needles):
            _erase(path, traces, needles, work)
            touched.append(path.name)
    return touched


def _files(project: Project) -> Iterator[Path]:
    for path in files_of([project.data]):
        if path.relative_to(project.data).parts[0] not in ELSEWHERE | {work_name()}:
            yield path
    yield from files_of(elsewhere(project))


def work_name() -> str:
    """The folder below the data in which an erasure writes what is not yet in its place."""
    return ".erasing"


def _erase(path: Path, traces: Traces, needles: Needles, work: Path) -> None:
    with path.open("rb") as stream:
        start = stream.read(16)
    fresh = work / "leftover"
    if start.startswith(b"SQLite format 3"):
        _erase_sqlite(path, needles)
    elif start.startswith(b"PAR1"):
        with opened(traces, work) as connection:
            if rewrite_parquet(connection, path, fresh):
                fresh.replace(path)
        if is_found(path, needles):
            path.unlink()
    elif start[8:12] == b"DUCK":
        path.unlink()
    elif path.suffix in LINES:
        told = needles.in_bytes
        with path.open("rb") as source, fresh.open("wb") as target:
            target.writelines(line for line in source if not told.search(line))
        fresh.chmod(path.stat().st_mode & 0o777)
        fresh.replace(path)
    else:
        path.unlink()


def _erase_sqlite(path: Path, needles: Needles) -> None:
    """Removes the rows that hold the person, and the bytes that they leave."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma secure_delete = on")
        tables = connection.execute("select name from sqlite_master where type = 'table'")
        for (table,) in tables.fetchall():
            named = identifier(table)
            columns = [each[1] for each in connection.execute(f"pragma table_info({named})")]
            for column in map(identifier, columns):
                connection.executemany(
                    f"delete from {named} where instr(cast({column} as text), ?)",
                    [(text,) for text in needles.texts],
                )
        connection.commit()
        connection.execute("vacuum")
        connection.execute("pragma wal_checkpoint(truncate)")
