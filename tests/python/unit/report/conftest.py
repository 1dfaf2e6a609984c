"""Small published marts, and the report on them in the browser that all tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser, Page
from unit.report.browsing import Visit, visitor
from unit.report.monday.shop import complete

from orchestration.labels import LANGUAGES
from orchestration.report import write_report

HERE = Path(__file__).parent
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
