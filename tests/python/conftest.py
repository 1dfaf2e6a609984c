"""What the tests share: one browser, and one refresh of the tiny example that many tests read."""

from __future__ import annotations

import fcntl
import os
import runpy
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from orchestration.dbt import located
from orchestration.project import Project

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent


def lack(reason: str) -> None:
    """Skips a test whose part this machine lacks; in CI, which installs all parts, it fails."""
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)


@dataclass(frozen=True)
class Shop:
    """A data folder, and the commands that work on it as a user's shell would."""

    data: Path

    @property
    def warehouse(self) -> Path:
        return self.data / "warehouse.duckdb"

    @property
    def current(self) -> Path:
        return self.data / "published" / "current.duckdb"

    def command(self, *words: str, **extra: str) -> subprocess.CompletedProcess[str]:
        """Runs a command of the environment, such as `regulars run`, in the checkout."""
        environment = {**os.environ, "REGULARS_DATA": str(self.data), "DO_NOT_TRACK": "1", **extra}
        return subprocess.run(
            [str(BIN / words[0]), *words[1:]],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
        )

    def run(self, *options: str) -> subprocess.CompletedProcess[str]:
        """`regulars run`, which must succeed."""
        done = self.command("regulars", "run", *options)
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    def build(self, engine: str, *options: str) -> None:
        """What a refresh builds, without its data tests and its publication; it must succeed."""
        project = Project(ROOT, self.data, engine)
        done = self.command(
            *("dbt", "build", "--exclude-resource-type", "unit_test", "test"),
            *located(project, project.target),
            *options,
        )
        assert done.returncode == 0, done.stdout

    def query(self, sql: str, database: Path | None = None) -> list[tuple]:
        """Rows of the published marts, or of another database."""
        with duckdb.connect(database or self.current, read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def digest(self) -> str:
        """The digest of everything that readers see."""
        [(digest,)] = self.query("select digest from marts.publication")
        return digest


@pytest.fixture(scope="session")
def tiny_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the tiny example as a landing folder gets them, in every format."""
    landing = tmp_path_factory.mktemp("tiny_files")
    runpy.run_path(str(ROOT / "examples" / "tiny" / "make_files.py"))["make_files"](landing, print)
    return landing


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The tiny example, refreshed once. Tests read it; those that write take `own_tiny`."""
    shop = Shop(tmp_path_factory.mktemp("tiny"))
    shop.run("--example", "tiny")
    return shop


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The demo world, refreshed once, and fitted. Tests only read it: it takes minutes."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    shop = Shop(folder / "world_of_all_workers")
    with (folder / "world.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shop.current.exists():
            shop.data.mkdir(exist_ok=True)
            shop.run("--example", "world")
    return shop


@pytest.fixture
def own_tiny(tiny: Shop, tmp_path: Path) -> Shop:
    """A copy of the refreshed tiny example, for tests that deliver files and refresh again."""
    shutil.copytree(tiny.data, tmp_path / "data", symlinks=True)
    return Shop(tmp_path / "data")


@pytest.fixture
def empty_shop(tmp_path: Path) -> Shop:
    """A data folder in which nothing has happened yet."""
    return Shop(tmp_path / "data")
