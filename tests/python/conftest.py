"""What tests share: the tiny example and the demo world, refreshed once for all workers, and the
pocket project, on which the machinery is tried, and a browser."""

from __future__ import annotations

import fcntl
import os
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from click.testing import CliRunner
from dbt_here import Done, invoke
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from orchestration import dbt, spark
from orchestration.cli import main
from orchestration.dbt import Session
from orchestration.project import Project

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
# Files that take minutes, the longest first: workers begin with them, so that they end together.
SLOW = (
    "engines/test_equality.py",
    "e2e/test_readme.py",
    "e2e/test_complete_journey.py",
    "e2e/test_refresh.py",
    "e2e/test_world.py",
    "world/test_visits.py",
    "e2e/test_dagster.py",
    "e2e/test_strangers.py",
    "e2e/test_remarks.py",
    "e2e/test_machinery.py",
    "e2e/test_tiny.py",
    "e2e/test_identity.py",
)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# The smallest project that the machinery can refresh, with files to deliver.
POCKET = ROOT / "tests" / "python" / "pocket"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the slow files first, and leaves the others in their order."""
    places = {ROOT / "tests" / "python" / name: place for place, name in enumerate(SLOW)}
    items.sort(key=lambda item: places.get(item.path, len(places)))


class OneWorkerForSpark(LoadFileScheduling):
    """A worker takes whole files, and one all that run on Spark, which is slow until warm."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return "engines" if "/engines/" in file else file


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    return OneWorkerForSpark(config, log)


def lack(reason: str) -> None:
    """Skips a test whose part this machine lacks; in CI, which installs all parts, it fails."""
    (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)


@dataclass(frozen=True)
class Shop:
    """A data folder, the project that builds it, and commands as a user's shell would run them."""

    data: Path
    root: Path = ROOT
    # Of the project, where it is known already.
    manifest: Any = field(default=None, repr=False, compare=False)

    @property
    def warehouse(self) -> Path:
        return self.data / "warehouse.duckdb"

    @property
    def current(self) -> Path:
        return self.data / "published" / "current.duckdb"

    def command(self, *words: str, **extra: str) -> subprocess.CompletedProcess[str]:
        """Runs a command of the environment, such as `regulars run`, in the checkout."""
        return subprocess.run(
            [str(BIN / words[0]), *words[1:]],
            cwd=ROOT,
            env=self.environment | extra,
            capture_output=True,
            text=True,
        )

    @property
    def environment(self) -> dict[str, str]:
        """What a command needs to know; without a project of its own it takes the checkout."""
        told = {"REGULARS_DATA": str(self.data), "DO_NOT_TRACK": "1"}
        if self.root != ROOT:
            told["REGULARS_PROJECT"] = str(self.root)
        return {**os.environ, **told}

    def regulars(self, *words: str, manifest: Any = None) -> subprocess.CompletedProcess[str]:
        """A command of `regulars` in this process, which knows the manifest: as a process of its
        own it would take half as long again to start and to parse."""
        known = partial(Session, manifest=manifest or self.manifest)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(dbt, "Session", known)
            patch.setattr(spark, "stop", lambda: None)  # that of the tests lives on
            done = CliRunner().invoke(main, words, env=self.environment, catch_exceptions=False)
        return subprocess.CompletedProcess(words, done.exit_code, done.stdout, done.stderr)

    def run(self, *options: str, manifest: Any = None) -> subprocess.CompletedProcess[str]:
        """`regulars run`, which must succeed; in this process, if the manifest is known already."""
        if manifest or self.manifest:
            done = self.regulars("run", *options, manifest=manifest)
        else:
            done = self.command("regulars", "run", *options)
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    def dbt(self, engine: str, *words: str, manifest: Any = None) -> Done:
        """dbt on either engine; on Spark in the session that all tests of this worker share, and
        on DuckDB with the manifest, if that is known already."""
        if engine == "spark":
            from engines.session import session

            return session().dbt(self.root, self.data, words)
        return invoke(Project(self.root, self.data), words, manifest)

    def build(self, engine: str, *options: str, manifest: Any = None) -> None:
        """What a refresh builds, without its data tests and its publication; it must succeed."""
        words = ("build", "--exclude-resource-type", "unit_test", "test", *options)
        done = self.dbt(engine, *words, manifest=manifest)
        assert done.returncode == 0, done.stdout[-5000:]

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


def once(name: str, factory: pytest.TempPathFactory, fill: Callable[[Shop], object]) -> Shop:
    """A data folder that the first worker to ask for it fills, and all of them read."""
    folder = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    shop, whole = Shop(folder / f"{name}_of_all_workers"), folder / f"{name}.whole"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            shutil.rmtree(shop.data, ignore_errors=True)
            shop.data.mkdir()
            fill(shop)
            whole.touch()
    return shop


@pytest.fixture(scope="session")
def tiny(parsed: Any, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The tiny example, refreshed once. Tests read it; those that write take `own_tiny`."""

    def refresh(shop: Shop) -> None:
        shop.run("--example", "tiny", manifest=parsed)

    return once("tiny", tmp_path_factory, refresh)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The demo world, refreshed once, and fitted. Tests only read it: it takes minutes.

    What the first command of the README makes is taken, where it was there first.
    """
    return once("world", tmp_path_factory, lambda shop: shop.run("--example", "world"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The browser of all tests, from which nothing escapes: Playwright runs once in a process."""
    from playwright.sync_api import sync_playwright

    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        lack(f"No browser found: install one of {', '.join(BROWSERS)}.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(SWITCHES))
        yield browser
        browser.close()


# Queries by the names of models, as dbt compiles them under the variables that are given.
Compile = Callable[..., Mapping[str, str]]


@pytest.fixture(scope="session")
def parsed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The manifest of the project, for commands whose variables don't decide what is in it.

    The first worker parses, a quarter of a minute long; the others read what dbt has kept of it.
    """

    def parse(shop: Shop) -> Any:
        return Session(Project(ROOT, shop.data), {}, shop.data).parse()

    return parse(once("parsed", tmp_path_factory, parse))


@pytest.fixture(scope="session")
def compiled(parsed: Any, tmp_path_factory: pytest.TempPathFactory) -> Compile:
    """The SQL of models, for tests that run it over rows of their own: `compiled(MODELS, {…})`."""

    def compile_models(models: Iterable[str], variables: Mapping[str, Any] = {}) -> dict[str, str]:
        folder = tmp_path_factory.mktemp("compiled")
        session = Session(Project(ROOT, folder), variables, folder, manifest=parsed)
        words = ("compile", "--no-write-json", "--select", *models)
        assert {node.status for node in session.run(words)} <= {"success"}
        return {path.stem: path.read_text() for path in folder.glob("compiled/**/*.sql")}

    return compile_models


@pytest.fixture
def own_tiny(tiny: Shop, tmp_path: Path) -> Shop:
    """A copy of the refreshed tiny example, for tests that deliver files and refresh again."""
    shutil.copytree(tiny.data, tmp_path / "data", symlinks=True)
    return Shop(tmp_path / "data")


@pytest.fixture(scope="session")
def refreshed_pocket(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The pocket project, refreshed once. Tests take `pocket`, a copy."""
    folder = tmp_path_factory.mktemp("parsed_pocket")
    parsed = Session(Project(POCKET, folder), {}, folder).parse()
    shop = Shop(tmp_path_factory.mktemp("pocket"), POCKET, parsed)
    shutil.copytree(POCKET / "landing", shop.data / "landing")
    shop.run()
    return shop


@pytest.fixture
def pocket(refreshed_pocket: Shop, tmp_path: Path) -> Shop:
    """A refreshed pocket project, on which any of the machinery may be tried."""
    shutil.copytree(refreshed_pocket.data, tmp_path / "data", symlinks=True)
    return replace(refreshed_pocket, data=tmp_path / "data")


@pytest.fixture
def empty_pocket(tmp_path: Path) -> Shop:
    """The pocket project with files to land, and nothing done yet."""
    shop = Shop(tmp_path / "data", POCKET)
    shutil.copytree(POCKET / "landing", shop.data / "landing")
    return shop


@pytest.fixture
def empty_shop(tmp_path: Path) -> Shop:
    """A data folder in which nothing has happened yet."""
    return Shop(tmp_path / "data")
