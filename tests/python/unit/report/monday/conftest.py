"""The Monday page on a small shop, and the marts to ask whether it tells the truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser, Page
from unit.report.browsing import visitor
from unit.report.monday.shop import empty_marts, shop

from orchestration.report.monday.page import monday

Ask = Callable[[str], list[tuple]]


@pytest.fixture(scope="session")
def shop_marts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    database = tmp_path_factory.mktemp("shop") / "current.duckdb"
    with duckdb.connect(database) as connection:
        empty_marts(connection)
        shop(connection)
    return database


@pytest.fixture(scope="session")
def ask(shop_marts: Path) -> Iterator[Ask]:
    """Answers of the marts."""
    with duckdb.connect(shop_marts, read_only=True) as connection:
        yield lambda query: connection.execute(query).fetchall()


@pytest.fixture(scope="session")
def page_file(shop_marts: Path) -> Path:
    file = shop_marts.with_name("index.html")
    file.write_text(monday(shop_marts), "utf-8")
    return file


@pytest.fixture(scope="session")
def opened(browser: Browser, page_file: Path) -> Iterator[Page]:
    """The page in English, for tests that say which filters they want."""
    with visitor(browser) as visit:
        yield visit(page_file, "?lang=en", viewport={"width": 1400, "height": 900})
