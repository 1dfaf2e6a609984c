"""How the tests open a page, and read it as its reader does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, Request

Visit = Callable[..., Page]


def table(page: Page, panel: str) -> list[list[str]]:
    """The body of a panel's table as the reader sees it."""
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    rows = page.locator(f"#{panel} tbody tr").all()
    return [[cell.strip() for cell in row.inner_text().split("\t")] for row in rows]


@contextmanager
def visitor(browser: Browser) -> Iterator[Visit]:
    """Opens reports; in the end only the files may have been asked for, and no error seen."""
    contexts, wrongs = [], []

    def visit(
        report: Path, query: str = "?lang=en", scrolled: bool = True, **options: object
    ) -> Page:
        """Opens the page as if it had been `scrolled` to its end, or else not at all."""

        def watch(request: Request) -> None:
            if request.url.partition("?")[0] != report.as_uri():
                wrongs.append(f"request {request.url}")

        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.on("request", watch)
        page.on("console", lambda message: wrongs.append(f"console {message.text}"))
        page.on("pageerror", lambda error: wrongs.append(f"error {error}"))
        page.goto(report.as_uri() + query)
        if scrolled:
            page.evaluate("Charts.all()")
        return page

    yield visit
    for context in contexts:
        context.close()
    assert wrongs == []
