"""The pages by the rules of axe-core, which know what keeps readers out."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from orchestration.labels import LANGUAGES

GRAVE = ("serious", "critical")


def findings(page: Page) -> list[str]:
    """What axe finds grave on the page, and where."""
    found = Axe().run(page).response
    assert len(found["passes"]) > 15
    return [
        f"{finding['id']}: {node['target']}"
        for finding in found["violations"]
        if finding["impact"] in GRAVE
        for node in finding["nodes"]
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1400, "light")])
@pytest.mark.parametrize("name", ["figures", "trust"])
def test_nothing_keeps_readers_out(report, visit, name, width, scheme, language):
    page = visit(
        report.with_name(f"{name}.html"),
        f"?lang={language}",
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
    )
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert findings(page) == []
