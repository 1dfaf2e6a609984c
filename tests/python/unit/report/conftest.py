"""Small published marts, the report on them, and a browser that nothing escapes."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from conftest import lack
from playwright.sync_api import Browser, Page, sync_playwright
from unit.report.browsing import Visit, visitor
from unit.report.monday.shop import complete

from orchestration.labels import LANGUAGES
from orchestration.report import write_report

HERE = Path(__file__).parent
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

Publish = Callable[..., Path]


@pytest.fixture(scope="session")
def publish(tmp_path_factory: pytest.TempPathFactory) -> Publish:
    """Makes a published database from empty marts and the given SQL, and returns its path."""

    def published(*statements: str) -> Path:
        database = tmp_path_factory.mktemp("published") / "current.duckdb"
        with duckdb.connect(database) as connection:
            for statement in ((HERE / "marts.sql").read_text("utf-8"), *statements):
                connection.execute(statement)
            complete(connection)
        return database

    return published


@pytest.fixture(scope="session")
def regulars(publish: Publish) -> Path:
    return publish((HERE / "regulars.sql").read_text("utf-8"))


@pytest.fixture(scope="session")
def report(regulars: Path) -> Path:
    return write_report(regulars, regulars.with_name("index.html"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        lack(f"No browser found: install one of {', '.join(BROWSERS)}.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(SWITCHES))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def figures(report: Path) -> Path:
    """The page of all figures, which is beside the first page."""
    return report.with_name("figures.html")


@pytest.fixture(scope="session")
def trust(report: Path) -> Path:
    return report.with_name("trust.html")


@pytest.fixture(scope="session")
def pages(browser: Browser, figures: Path) -> Iterator[dict[str, Page]]:
    """The figures in each language, opened once for all tests that only read them."""
    with visitor(browser) as visit:
        yield {language: visit(figures, f"?lang={language}") for language in LANGUAGES}


@pytest.fixture(scope="session")
def trust_pages(browser: Browser, trust: Path) -> Iterator[dict[str, Page]]:
    with visitor(browser) as visit:
        yield {language: visit(trust, f"?lang={language}") for language in LANGUAGES}


@pytest.fixture
def english(pages: dict[str, Page]) -> Page:
    return pages["en"]


@pytest.fixture
def english_trust(trust_pages: dict[str, Page]) -> Page:
    return trust_pages["en"]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    with visitor(browser) as visit:
        yield visit
