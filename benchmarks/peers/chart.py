"""The ratios as a chart, drawn by the chart library of the report in the browser of the tests."""

from __future__ import annotations

import shutil
from collections.abc import Sequence

from benchmarks.peers.sides import Comparison
from orchestration.project import ROOT

CHART = ROOT / "docs" / "charts" / "peers.svg"
LIBRARY = ROOT / "orchestration" / "report" / "vendor" / "echarts.min.js"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WIDTH, HEIGHT_OF_A_BAR, HEIGHT_OF_THE_AXIS = 900, 22, 70
DRAW = """
option => {
    const drawn = echarts.init(document.querySelector("div"), null, {renderer: "svg"});
    drawn.setOption(option);
    return document.querySelector("svg").outerHTML;
}
"""


def draw(found: Sequence[Comparison]) -> None:
    """Raises `RuntimeError` where there is no browser."""
    from playwright.sync_api import sync_playwright

    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        raise RuntimeError(f"No browser draws the chart: install one of {', '.join(BROWSERS)}.")
    height = HEIGHT_OF_THE_AXIS + HEIGHT_OF_A_BAR * len(found)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content(f"<div style='width: {WIDTH}px; height: {height}px'></div>")
        page.add_script_tag(content=LIBRARY.read_text("utf-8"))
        CHART.parent.mkdir(exist_ok=True)
        CHART.write_text(page.evaluate(DRAW, option(found)), "utf-8")
        browser.close()


def option(found: Sequence[Comparison]) -> dict:
    """What ECharts is told: for each comparison a bar from 1 to its ratio, to the left if less."""
    rows = [
        {
            "value": round(each.ratio, 3),
            "itemStyle": {"color": "#2f6f9f" if each.ratio <= 1 else "#c4722d"},
        }
        for each in found
    ]
    return {
        "animation": False,
        "backgroundColor": "#ffffff",
        "grid": {"left": 420, "right": 60, "top": 10, "bottom": 50},
        "xAxis": {
            "type": "log",
            "name": "CPU seconds, ours ÷ theirs",
            "nameLocation": "middle",
            "nameGap": 30,
        },
        "yAxis": {
            "type": "category",
            "inverse": True,
            "axisTick": {"show": False},
            "axisLine": {"show": False},
            "data": [f"{each.what} ÷ {each.peer}" for each in found],
        },
        "series": [
            {
                "type": "bar",
                "data": rows,
                "barWidth": "60%",
                "label": {"show": True, "position": "right", "formatter": "{c}"},
                "markLine": {
                    "symbol": "none",
                    "data": [{"xAxis": 1}],
                    "label": {"show": False},
                    "lineStyle": {"color": "#333333", "type": "solid"},
                },
            }
        ],
    }
