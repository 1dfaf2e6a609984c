"""A cluster of two workers on this machine, asked through its Thrift server.

`make cluster` starts the same. Here its tables lie in one folder, to which the data folders of the
tests link, as they would to a share that machines have mounted.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import BIN, POCKET, ROOT, Shop, lack

from orchestration.cluster import cluster, free_port
from orchestration.project import Project
from orchestration.publish.lock import refresh_lock
from orchestration.spark import missing

pytestmark = pytest.mark.long


@dataclass(frozen=True)
class Running:
    """A cluster, the port of its server, and the project in whose folders it keeps its own."""

    project: Project
    port: int

    def link(self, data: Path) -> None:
        """Lets a data folder see the cluster's tables."""
        there = Project(ROOT, data, "cluster").warehouse
        there.parent.mkdir(parents=True)
        there.symlink_to(self.project.warehouse)


@pytest.fixture(scope="module")
def running(spark: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The cluster of all tests here, which takes half a minute to start."""
    if reason := missing("cluster"):
        lack(reason)
    folder, port = tmp_path_factory.mktemp("cluster"), free_port()
    project = Project(ROOT, folder, "cluster")
    with cluster(project, port), pytest.MonkeyPatch.context() as patch:
        patch.setenv("REGULARS_SPARK_PORT", str(port))
        yield Running(project, port)


@pytest.fixture
def shop(running: Running, tmp_path: Path) -> Shop:
    """The pocket project with its files, of which nothing has landed."""
    shop = Shop(tmp_path / "it's our data 张", POCKET)
    shutil.copytree(POCKET / "landing", shop.data / "landing")
    running.link(shop.data)
    return shop


def test_both_workers_have_a_part_in_what_is_published(
    running: Running, shop: Shop, refreshed_pocket: Shop
) -> None:
    shop.run("--target", "cluster")
    published = shop.query("select engine, digest from marts.publication")
    assert published == [("cluster", refreshed_pocket.digest())]
    for worker in ("worker_1", "worker_2"):
        assert any((running.project.warehouse.parent / worker).glob("app-*/*/stderr")), worker


def test_a_refresh_that_was_stopped_does_not_stop_the_next(
    shop: Shop, refreshed_pocket: Shop
) -> None:
    command = [str(BIN / "regulars"), "run", "--target", "cluster"]
    pipe = {"stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=shop.environment, **pipe) as refresh:
        assert any("5 of" in line for line in refresh.stderr)
        refresh.send_signal(signal.SIGTERM)
        refresh.communicate(timeout=10)
    assert refresh.returncode == 143
    with refresh_lock(shop.data, "a test"):
        pass
    shop.run("--target", "cluster")
    assert shop.digest() == refreshed_pocket.digest()


def test_files_that_no_table_owns_are_removed_first(shop: Shop, refreshed_pocket: Shop) -> None:
    """A server that was killed leaves them, and Spark refuses to make a table over them."""
    warehouse = Project(POCKET, shop.data, "cluster").warehouse
    left = warehouse / "marts.db" / "sales" / "_temporary"
    shutil.rmtree(left.parent, ignore_errors=True)
    left.mkdir(parents=True)
    (left / "part.parquet").touch()
    shop.run("--target", "cluster", "--full-refresh")
    assert shop.digest() == refreshed_pocket.digest()


def test_a_cluster_that_does_not_answer_is_told_in_a_sentence(shop: Shop) -> None:
    refused = shop.command(
        *("regulars", "run", "--target", "cluster"), REGULARS_SPARK_PORT=str(free_port())
    )
    assert refused.returncode == 1
    assert "Could not connect" in refused.stderr
    assert len(refused.stderr) < 2000


def test_the_whole_project_is_refreshed_by_a_cluster(
    running: Running, tiny: Shop, tmp_path: Path
) -> None:
    shop = Shop(tmp_path / "data")
    running.link(shop.data)
    shop.run("--example", "tiny", "--target", "cluster")
    assert shop.digest() == tiny.digest()
