"""Whatever happens to a publication, readers have one whole generation, and never an older one."""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.project import ROOT
from orchestration.publish.generations import generations, publish, rollback
from orchestration.publish.lock import RefreshRunning, refresh_lock
from orchestration.publish.marts import Mart, PublicationError
from orchestration.publish.stage import PublicationFacts

SEED = 20260228
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FACTS = PublicationFacts(date(2026, 2, 28), None, "c0ffee", "1.11.16", "duckdb")
SALES = [Mart("sales", ["id"])]


def python(*arguments: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, *arguments],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def publisher(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    with python(Path(__file__).with_name("publisher.py"), tmp_path) as process:
        yield process
        process.kill()


def ask(process: subprocess.Popen[str], command: str) -> str:
    process.stdin.write(f"{command}\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


def marker_of_whole_generation(database: Path) -> int:
    """Its marker, when all marts have as many rows as promised, and that one marker in each."""
    with duckdb.connect(database, read_only=True, config={"threads": 1}) as connection:
        row_counts, digests = connection.execute(
            "select row_counts, digests from marts.publication"
        ).fetchone()
        promised = json.loads(row_counts)
        assert promised.keys() == json.loads(digests).keys() == {"customers", "orders", "stores"}
        markers = set()
        for mart, expected in promised.items():
            count, low, high = connection.execute(
                f"select count(*), min(marker), max(marker) from marts.{mart}"
            ).fetchone()
            assert count == expected
            markers |= {low, high}
    (marker,) = markers
    return marker


def assert_nothing_is_left_over(data: Path) -> None:
    assert sorted(os.listdir(data)) == ["published", "warehouse.duckdb"]
    assert sorted(os.listdir(data / "published")) == ["current", "current.duckdb", "generations"]
    listed = [generation.id for generation in generations(data / "published")]
    links = [f"{id}.duckdb" for id in listed]
    assert sorted(os.listdir(data / "published" / "generations")) == sorted([*listed, *links])
    assert len(listed) == 3


@pytest.mark.parametrize("kills", [20, pytest.param(200, marks=pytest.mark.long)])
def test_kills_at_random_moments_never_show_readers_anything_but_one_whole_generation(
    publisher, tmp_path, kills
):
    current = tmp_path / "published" / "current.duckdb"
    assert ask(publisher, "step 9999") == "ended"
    moments = random.Random(SEED)
    publisher.stdin.writelines(f"random {moments.uniform(0, 0.3)}\n" for _ in range(kills))
    publisher.stdin.close()

    markers = []
    while publisher.poll() is None:
        markers.append(marker_of_whole_generation(current))

    assert publisher.stdout.read().split() == ["killed"] * kills
    assert markers == sorted(markers), "a reader went back"
    assert len(set(markers)) > kills / 4, "the reader saw too few publications"
    with python(Path(__file__).with_name("publisher.py"), tmp_path) as repair:
        assert ask(repair, "step 9999") == "ended"
    assert marker_of_whole_generation(current) > markers[-1]
    assert_nothing_is_left_over(tmp_path)


def test_a_kill_before_any_step_leaves_one_whole_generation_and_the_next_repairs_the_rest(
    publisher, tmp_path
):
    published, steps = tmp_path / "published", 0
    for _ in range(3):
        assert ask(publisher, "step 9999") == "ended"
    seen = {generation.id for generation in generations(published)}
    marker = marker_of_whole_generation(published / "current.duckdb")
    while ask(publisher, f"step {steps + 1}") == "killed":
        steps += 1
        last_marker, marker = marker, marker_of_whole_generation(published / "current.duckdb")
        assert marker >= last_marker
        seen.add((published / "current").readlink().name)
        listed = {generation.id for generation in generations(published)}
        assert listed <= seen, "a generation that no reader saw is listed"
    assert steps > 25, "the steps of a publication are no longer seen"
    assert_nothing_is_left_over(tmp_path)


def test_the_first_publication_of_all_may_be_killed_too(publisher, tmp_path):
    current = tmp_path / "published" / "current.duckdb"
    for step in range(1, 100):
        if ask(publisher, f"step {step}") == "ended":
            break
        if current.exists():
            assert marker_of_whole_generation(current)
    assert marker_of_whole_generation(current)


@contextmanager
def disk_full_after(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.sales as"
            " select i as id, md5(i::varchar) as note from range(200000) as rows(i)"
        )
    return path


def test_a_full_disk_leaves_what_was_published_and_says_so(warehouse, tmp_path):
    published = tmp_path / "published"
    before = publish(SALES, warehouse, published, FACTS, NOON)
    with disk_full_after(1_000_000), pytest.raises(PublicationError, match="File too large"):
        publish(SALES, warehouse, published, FACTS, NOON)
    assert generations(published) == [before]
    assert sorted(os.listdir(tmp_path)) == ["published", "warehouse.duckdb"]


def test_too_little_memory_leaves_what_was_published_and_says_so(warehouse, tmp_path):
    published = tmp_path / "published"
    before = publish(SALES, warehouse, published, FACTS, NOON)
    with pytest.raises(PublicationError, match="Out of Memory Error"):
        publish(SALES, warehouse, published, FACTS, NOON, {"memory_limit": "1MB"})
    assert generations(published) == [before]


def test_a_damaged_warehouse_leaves_what_was_published_and_says_so(warehouse, tmp_path):
    published = tmp_path / "published"
    before = publish(SALES, warehouse, published, FACTS, NOON)
    content = bytearray(warehouse.read_bytes())
    content[20_000 : len(content) - 20_000] = bytes(len(content) - 40_000)
    warehouse.write_bytes(content)
    with pytest.raises(PublicationError, match="regulars (run --full-refresh|publish)"):
        publish(SALES, warehouse, published, FACTS, NOON)
    assert generations(published) == [before]


def test_a_rollback_takes_less_than_a_second(warehouse, tmp_path):
    published = tmp_path / "published"
    first = publish(SALES, warehouse, published, FACTS, NOON)
    publish(SALES, warehouse, published, FACTS, NOON)
    started = time.monotonic()
    assert rollback(published) == first
    assert time.monotonic() - started < 1


def test_of_two_refreshes_at_once_the_second_is_refused_within_a_second(tmp_path):
    hold = (
        "import sys; from pathlib import Path\n"
        "from orchestration.publish.lock import refresh_lock\n"
        "with refresh_lock(Path(sys.argv[1]), 'regulars run'):\n"
        "    print('held', flush=True); sys.stdin.read()"
    )
    with python("-c", hold, tmp_path) as first:
        assert first.stdout.readline() == "held\n"
        started = time.monotonic()
        refused = pytest.raises(RefreshRunning, match=f"`regulars run`, process {first.pid}")
        with refused, refresh_lock(tmp_path, "regulars run"):
            pass
        assert time.monotonic() - started < 1
        first.kill()
        first.wait()
        with refresh_lock(tmp_path, "regulars run"):
            pass
