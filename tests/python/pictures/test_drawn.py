"""Draws the pictures of the documents that Superset is not in: `make pictures`."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import ROOT, Shop
from pictures.drawing import draw
from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as NotThere
from unit.report.browsing import visitor

pytestmark = pytest.mark.long

MONDAY = {"width": 1280, "height": 1180}
GRAPH = {"width": 1600, "height": 1000}
PATIENCE = 300_000  # milliseconds: Dagster's code server has to load the project
# One group, whose names can be read: the whole graph has some five hundred assets.
GROUP, ASSET = "churn", "customer_churn"
LINEAGE = f"locations/__repository__@orchestration.definitions/asset-groups/{GROUP}/lineage"


def test_the_page_of_a_monday_is_drawn(world: Shop, browser: Browser) -> None:
    with visitor(browser) as visit:
        page = visit(world.data / "report" / "index.html", viewport=MONDAY)
        page.evaluate("scrollTo(0, 0)")
        draw("monday.png", lambda path: page.screenshot(path=path))


def test_the_asset_graph_is_drawn(tmp_path: Path, browser: Browser) -> None:
    page = browser.new_page(viewport=GRAPH)
    page.set_default_timeout(PATIENCE)
    with dagster(tmp_path) as address:
        open_once_it_answers(page, f"{address}/{LINEAGE}")
        page.get_by_text(ASSET).last.wait_for()
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(3_000)  # the graph moves into its place
        draw("asset_graph.png", lambda path: page.screenshot(path=path))


@contextmanager
def dagster(folder: Path) -> Iterator[str]:
    """What `make dev` starts, on free ports and no data; its address."""
    port, report_port = free_ports()
    with subprocess.Popen(
        [
            *(sys.executable, "-m", "orchestration.dev", "--home", str(folder / "dagster")),
            *("--port", str(port), "--report-port", str(report_port)),
        ],
        cwd=ROOT,
        env={**os.environ, "REGULARS_DATA": str(folder / "data"), "DO_NOT_TRACK": "1"},
        start_new_session=True,
    ) as started:
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            os.killpg(started.pid, signal.SIGINT)
            try:
                started.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(started.pid, signal.SIGKILL)


def open_once_it_answers(page: Page, address: str) -> None:
    """Dagster's page is there some time after its process."""
    for _ in range(PATIENCE // 1_000):
        try:
            page.goto(address)
            return
        except NotThere:
            page.wait_for_timeout(1_000)
    raise AssertionError(f"Nothing answers at {address}.")


def free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        for probe in (one, other):
            probe.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]
