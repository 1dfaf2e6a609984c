"""The Monday page by the rules of axe-core, with everything unfolded."""

from __future__ import annotations

import pytest
from unit.report.test_accessible import findings

from orchestration.labels import LANGUAGES


@pytest.mark.parametrize(
    ("language", "width", "scheme", "filters"),
    [
        *((language, 390, "dark", "") for language in LANGUAGES),
        *((language, 1400, "light", "") for language in LANGUAGES),
        ("zh", 390, "light", "&store=s1&segment=111"),
    ],
)
def test_nothing_keeps_readers_out(page_file, visit, language, width, scheme, filters):
    page = visit(
        page_file,
        f"?lang={language}{filters}",
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
    )
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert findings(page) == []
