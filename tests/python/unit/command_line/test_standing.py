"""Who only reads waits for no refresh, and sees what stood before it."""

from __future__ import annotations

import subprocess
import sys
from errno import EACCES, ENOSPC, EROFS
from pathlib import Path

import duckdb
import pytest

from orchestration import standing
from orchestration.duck import connect
from orchestration.exits import FULL, lines_of, sentence_of
from orchestration.failures import RefreshFailed
from orchestration.project import Project
from orchestration.publish.lock import RefreshRunning, refresh_lock

# A process of its own, since DuckDB lets in whoever shares one.
WRITER = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1])
print("at work", flush=True)
input()
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path, tmp_path / "data")
    project.target.mkdir(parents=True)
    project.results.write_text("{}")
    with duckdb.connect(project.warehouse) as connection:
        connection.execute("create table figures as select 1 as figure")
    return project


def figure(project: Project) -> int:
    with duckdb.connect(project.warehouse, read_only=True) as connection:
        return connection.execute("select max(figure) from figures").fetchone()[0]


def test_while_a_build_writes_readers_see_what_stood_and_afterwards_what_it_made(project):
    with refresh_lock(project.data, "regulars run"):
        with standing.standing(project), duckdb.connect(project.warehouse) as connection:
            connection.execute("insert into figures select 2")
            readable = standing.readable(project)
            assert figure(readable) == 1
            assert readable.results.read_text() == "{}"
            assert readable.warehouse.stat().st_mode & 0o077 == 0
        assert figure(standing.readable(project)) == 2
        assert not project.standing.exists() and not project.standing_results.exists()


def test_a_damaged_warehouse_is_not_said_to_be_open_elsewhere(project):
    """DuckDB's words for it are of a block, and those for the other of a lock."""
    content = bytearray(project.warehouse.read_bytes())
    content[4096 + 100 : 4096 + 164] = content[8192 + 100 : 8192 + 164] = b"\xff" * 64
    project.warehouse.write_bytes(content)
    with pytest.raises(duckdb.IOException, match="in block at") as damaged:
        figure(standing.readable(project))
    told = sentence_of(damaged.value)
    assert "if the warehouse is damaged, run `regulars run --full-refresh`" in told
    assert "if what is published is, `regulars rollback`" in told


@pytest.mark.parametrize("query", ["from another_version", "select another_version from figures"])
def test_what_another_version_has_made_is_not_said_to_be_damaged(project, query):
    with duckdb.connect(project.warehouse) as connection, pytest.raises(duckdb.Error) as other:
        connection.execute(query)
    told = sentence_of(other.value)
    assert "another_version" in told and "disk" not in told
    assert told.endswith("or another version has made it; `regulars run` makes it anew.")


def test_a_memory_that_is_none_is_no_damage_of_the_warehouse(project, monkeypatch):
    monkeypatch.setenv("REGULARS_MEMORY", "lots")
    with pytest.raises(ValueError, match="REGULARS_MEMORY is 'lots'.* write it as 4GB"):
        connect(project.warehouse)


def test_what_the_system_refuses_is_said_with_its_cure():
    denied = PermissionError(EACCES, "Permission denied", "raw/deliveries.jsonl")
    assert sentence_of(denied).startswith(
        "raw/deliveries.jsonl: Permission denied: correct its permissions, or run as its owner"
    )
    assert sentence_of(OSError(ENOSPC, "No space left on device")).startswith(
        "No space left on device: make room, or move REGULARS_DATA"
    )
    fixed = OSError(EROFS, "Read-only file system", "data/refresh.lock")
    assert "data/refresh.lock: Read-only file system: mount its disk" in sentence_of(fixed)


def test_a_full_disk_is_told_alike_by_dbt_and_by_duckdb():
    words = "No space left on device"
    assert sentence_of(duckdb.IOException(f"IO Error: Could not write file: {words}")).endswith(
        f"{words}: {FULL}"
    )
    broke = RefreshFailed([f"Encountered an error: [Errno 28] {words}"])
    assert lines_of(broke)[-1] == f"The disk is full: {FULL}"
    assert len(lines_of(RefreshFailed(["till/sales: it is held"]))) == 2


def test_without_a_refresh_the_warehouse_itself_is_read(project):
    project.standing.write_text("what a build left that was killed")
    assert standing.readable(project) == project


def test_where_there_is_no_room_for_a_copy_the_reader_is_told_to_come_back(project, monkeypatch):
    monkeypatch.setattr(standing, "COPIED_BYTES", 0)
    monkeypatch.setattr(standing, "_share", lambda source, target: False)
    monkeypatch.setattr(standing, "PATIENCE_SECONDS", 0.2)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    command = [sys.executable, "-c", WRITER, str(project.warehouse)]
    with refresh_lock(project.data, "regulars run"), standing.standing(project):
        assert not project.standing.exists()
        with subprocess.Popen(command, **pipes) as writer:
            assert writer.stdout.readline() == "at work\n"
            with pytest.raises(RefreshRunning, match="no room for a copy"):
                standing.readable(project)
            writer.communicate("enough\n")


def test_a_copy_of_a_killed_build_is_gone_when_the_next_command_writes(project):
    from orchestration.exits import alone

    project.standing.write_text("half")
    with alone(project, "regulars land"):
        assert not project.standing.exists()


def test_of_a_warehouse_that_a_killed_build_left_nothing_is_kept(project):
    Path(f"{project.warehouse}.wal").touch()
    with standing.standing(project):
        assert not project.standing.exists()
