"""Takes a person out of whatever else lies about: logs, artifacts, exports, Dagster's storage.

What is scratch goes. Of other files those that hold the person lose the lines or the rows; what is
neither, such as a page, goes whole, since the next run makes it anew.
"""

from __future__ import annotations

import codecs
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import chain
from pathlib import Path
from tempfile import gettempdir

from orchestration import temporary
from orchestration.duck import identifier
from orchestration.erasure.handed_over import removals
from orchestration.erasure.needles import Needles
from orchestration.erasure.search import SQLITE, columns_of, files_of, is_found, is_told, teach
from orchestration.erasure.tables import Traces, opened, rewrite_parquet
from orchestration.project import Project
from orchestration.publish.generations import STAGING

SCRATCH = (".spill", "check", "raw/.work", f"published/{STAGING}", ".publishing")
LINES = {".log", ".txt", ".csv", ".tsv", ".jsonl", ".out", ".err"}
# What a database has beside it while it is open: committed rows of everybody.
OF_A_DATABASE = ("-wal", "-shm", "-journal", ".wal")
UTF_16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
IN_USE = "{} is in use: stop Dagster and whatever else reads it, then `regulars erase --resume`."
# What has a way of its own; the lock is held meanwhile.
ELSEWHERE = {"landing", "raw", "published", "erasure", "warehouse.duckdb", "refresh.lock"}


def dagster_home(project: Project) -> Path:
    return Path(os.environ.get("DAGSTER_HOME") or project.root / ".dagster")


def elsewhere(project: Project) -> list[Path]:
    """The folders beside the data in which something may have been written."""
    own = (project.root / "logs", project.root / "target", dagster_home(project))
    return [folder for folder in own if folder.is_dir()]


def erase_leftovers(project: Project, traces: Traces, needles: Needles, work: Path) -> list[str]:
    """Mends or removes every file that holds the person; their names.

    Raises `ValueError`, which says what to do, when a program has a database open.
    """
    for name in SCRATCH:
        shutil.rmtree(project.data / name, ignore_errors=True)
    temporary.clear_what_kills_left()
    for path in Path(gettempdir()).glob("openpyxl.*"):  # sheets of a workbook that was not finished
        if os.access(path, os.R_OK) and is_found(path, needles):  # others' are theirs alone
            path.unlink()
    for engine in ("spark", "cluster"):  # the next run makes their tables anew
        replace(project, engine=engine).remove_warehouse()
    # Under a pseudonym nobody is found: the next publication makes the files of roles anew.
    for path in project.role_files.glob("*/*.duckdb"):
        path.unlink()
    touched = []
    for path in _files(project):
        log = path.with_name(f"{path.name}-wal")
        if is_found(path, needles) or (log.exists() and is_found(log, needles)):
            _erase(path, traces, needles, work)
            touched.append(path.name)
    return touched


def _files(project: Project) -> Iterator[Path]:
    passed, kept = ELSEWHERE | {work_name()}, set(removals(project))
    own = files_of([project.data])
    left = (path for path in own if path.relative_to(project.data).parts[0] not in passed)
    for path in chain(left, files_of(elsewhere(project))):
        if not path.name.endswith(OF_A_DATABASE) and path not in kept:
            yield path


def work_name() -> str:
    """The folder below the data in which an erasure writes what is not yet in its place."""
    return ".erasing"


def _erase(path: Path, traces: Traces, needles: Needles, work: Path) -> None:
    with path.open("rb") as stream:
        start = stream.read(16)
    fresh = work / "leftover"
    if start.startswith(SQLITE):
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
        _erase_lines(path, start, needles, fresh)
    else:
        path.unlink()


def _erase_lines(path: Path, start: bytes, needles: Needles, fresh: Path) -> None:
    """Copies the lines that do not hold the person. Latin-1 leaves any byte as it is."""
    codec = UTF_16.get(start[:2], "latin-1")
    with (
        path.open(encoding=codec, newline="") as source,
        fresh.open("w", encoding=codec, newline="") as target,
    ):
        target.writelines(line for line in source if not needles.are_in(line.encode(codec)))
    fresh.chmod(path.stat().st_mode & 0o777)
    fresh.replace(path)


def _erase_sqlite(path: Path, needles: Needles) -> None:
    """Removes the rows that hold the person, and the bytes that they leave, here and in the log
    beside it, which has rows of everybody and is never removed itself."""
    with closing(sqlite3.connect(path)) as connection:
        teach(connection, needles)
        try:
            connection.execute("pragma secure_delete = on")
            for table, columns in columns_of(connection).items():
                connection.execute(f"delete from {identifier(table)} where {is_told(columns)}")
            connection.commit()
            connection.execute("vacuum")
            [is_busy, *_] = connection.execute("pragma wal_checkpoint(truncate)").fetchone()
        except sqlite3.OperationalError as error:
            raise ValueError(IN_USE.format(path)) from error
    if is_busy:
        raise ValueError(IN_USE.format(path))
