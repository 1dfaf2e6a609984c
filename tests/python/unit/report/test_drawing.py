"""How the charts of a page behave: when they are drawn, in what light, and that nothing is cut."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Page
from unit.report.browsing import visitor

from orchestration.labels import LANGUAGES, Text
from orchestration.project import ROOT
from orchestration.report import write_report
from orchestration.report.document import json_in_html

VENDOR = ROOT / "orchestration" / "report" / "vendor"
# A reason is told with the number of the customer in the middle of these five, and of nobody else.
LATE = """
insert into marts.customer_churn
select 'late' || days, '2026-03-01', 'red', 'red', '红色' from range(31, 36) as t (days);
insert into marts.customer_churn_reasons
select
    'late' || days, 1, 'pace', 'Buys about once in … days', '平均约…天购买一次',
    'Buys about once in ' || days || ' days'
from range(31, 36) as t (days)
"""
# What of a text or mark reaches out of the figure that it stands in.
CUT = """
() => [...document.querySelectorAll('.plot svg')].flatMap((svg) => {
    const box = svg.getBoundingClientRect();
    return [...svg.querySelectorAll('text')]
        .filter((text) => {
            const { left, right, top, bottom } = text.getBoundingClientRect();
            return left < box.left - 1 || right > box.right + 1
                || top < box.top - 1 || bottom > box.bottom + 1;
        })
        .map((text) => `${svg.closest('article').id}: ${text.textContent}`);
})
"""
COLOURS = """
() => ['#segments', '#segments svg path[fill="var(--teal)"]', '#segments svg text']
    .map((part) => getComputedStyle(document.querySelector(part)))
    .map((style, at) => at ? style.fill : style.backgroundColor)
"""


@pytest.fixture(scope="module")
def late(publish) -> Path:
    """A report on more customers at risk; its page of figures."""
    marts = publish((Path(__file__).parent / "regulars.sql").read_text("utf-8"), LATE)
    return write_report(marts, marts.with_name("index.html")).with_name("figures.html")


@pytest.fixture(scope="module")
def wide(browser, late) -> Iterator[Page]:
    with visitor(browser) as visit:
        yield visit(late, viewport={"width": 1400, "height": 900})


def reasons(page: Page) -> list[str]:
    return page.locator("#churn_reasons svg text").all_text_contents()


def test_a_figure_is_drawn_when_it_is_scrolled_to(figures, visit):
    page = visit(figures, scrolled=False, viewport={"width": 1400, "height": 900})
    assert page.locator("#store_hours svg").count() == 0
    page.locator("#store_hours").scroll_into_view_if_needed()
    page.locator("#store_hours svg").wait_for()


def test_before_a_figure_is_drawn_its_place_is_kept(figures, visit):
    page = visit(figures, scrolled=False)
    assert page.evaluate("document.querySelector('#store_hours .plot').clientHeight") > 200


@pytest.mark.parametrize("width", [390, 1400])
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_of_a_figure_is_cut_off(late, visit, language, width):
    for name in ("figures", "trust"):
        page = visit(
            late.with_name(f"{name}.html"),
            f"?lang={language}",
            viewport={"width": width, "height": 800},
        )
        assert page.evaluate(CUT) == []


def test_a_sentence_beside_a_bar_says_its_number(wide):
    """Of five or more customers that of the one in the middle; of fewer it could be somebody's."""
    assert "Buys about once in 33 days" in reasons(wide)
    assert "Silent for … usual gaps" in reasons(wide)


def test_a_long_sentence_takes_more_lines_rather_than_less_letters(wide):
    sentence = "No purchase for 33 days, although every other month used to bring one, or even two"
    drawn = wide.evaluate(
        """sentence => {
            const option = { ...Charts.shown('churn_reasons') };
            Charts.set('churn_reasons', {
                names: [sentence, sentence], xAxis: { type: 'value' },
                series: [{ type: 'bar', name: 'a', data: [1, 2] }],
            });
            return [...document.querySelectorAll('#churn_reasons svg text')]
                .map((text) => text.textContent);
        }""",
        sentence,
    )
    lines = [line for line in drawn if line.strip() and line in sentence]
    assert " ".join(lines[: len(lines) // 2]) == sentence
    assert wide.evaluate(CUT) == []


def test_what_a_chart_is_given_later_is_drawn_in_its_place(figures, visit):
    page = visit(figures)
    page.evaluate(
        "Charts.set('churn_causes', {height: 200, xAxis: {type: 'category', data: ['x']},"
        " yAxis: {}, series: [{type: 'bar', name: {en: 'One', zh: '一'}, data: [7]}]})"
    )
    assert page.evaluate("Charts.shown('churn_causes').series.map(({name}) => name)") == ["One"]
    assert page.locator("#churn_causes .legend button").count() == 0
    assert page.evaluate("document.querySelector('#churn_causes svg').clientHeight") == 200


def test_a_series_is_taken_away_and_back_by_the_keyboard(figures, visit):
    page = visit(figures)
    buttons = page.locator("#lifecycle_states .legend button")
    names = "Charts.shown('lifecycle_states').series.map(({name}) => name)"
    assert page.evaluate(names) == buttons.all_inner_texts() == ["active", "new"]
    buttons.first.focus()
    page.keyboard.press("Enter")
    assert page.evaluate(names) == ["new"]
    assert buttons.first.get_attribute("aria-pressed") == "false"
    buttons.nth(1).click()
    assert page.evaluate(names) == ["new"], "the last series stays"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    assert page.evaluate(names) == ["active", "new"]


@pytest.mark.parametrize(("motion", "moves"), [("reduce", False), ("no-preference", True)])
def test_who_wants_no_motion_sees_none(figures, visit, motion, moves):
    page = visit(figures, reduced_motion=motion)
    assert page.evaluate("Charts.shown('lifecycle_states').animation") is moves


def test_the_dark_is_dark_and_paper_is_light_without_drawing_anew(figures, visit):
    page = visit(figures)
    light = page.evaluate(COLOURS)
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(COLOURS)
    assert all(one != other for one, other in zip(light, dark, strict=True))
    page.emulate_media(color_scheme="dark", media="print")
    assert page.evaluate(COLOURS) == light


def test_printed_figures_are_all_drawn_and_fit_the_paper(figures, visit):
    page = visit(figures, scrolled=False, viewport={"width": 1400, "height": 900})
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 900})
    sizes = page.evaluate(
        "() => [...document.querySelectorAll('.plot')].map((plot) => {"
        " const { height, right } = plot.querySelector('svg').getBoundingClientRect();"
        " return [plot.clientHeight, height, right]; })"
    )
    assert len(sizes) > 10
    # One drawn for the screen is lower on paper than one that the browser had time to draw anew.
    for place, height, right in sizes:
        assert place >= height > 50
        assert right <= 700


def test_the_pointer_is_told_the_whole_row(figures, visit):
    page = visit(figures, viewport={"width": 1400, "height": 900})
    bar = page.locator('#segments svg path[fill="var(--teal)"]').first
    bar.scroll_into_view_if_needed()
    bar.hover()
    told = page.locator("#segments .plot > div").last
    told.get_by_text("Share of spend").wait_for()
    assert told.inner_text().splitlines() == [
        "champions",
        "Share of spend: 73.1%",
        "Amount: 600.00",
    ]


# The document


def test_json_in_a_page_ends_no_script_and_holds_texts_once():
    value = {
        "a": Text("</script>", "&"),
        "b": Text("same", "same"),
        "c": [Decimal("1234567.89"), 1 / 3, None],
    }
    written = json_in_html(value)
    assert not set("<>&") & set(written)
    assert json.loads(written) == {
        "a": {"en": "</script>", "zh": "&"},
        "b": "same",
        "c": [1234567.89, 0.333333333333, None],
    }


def test_the_library_is_the_build_that_its_folder_names():
    package, lock = (
        json.loads((VENDOR / name).read_text()) for name in ("package.json", "package-lock.json")
    )
    built = (VENDOR / "echarts.min.js").read_text("utf-8")
    [(library, version)] = package["dependencies"].items()
    assert lock["packages"][f"node_modules/{library}"]["version"] == version
    assert built.startswith(f"/*! {(VENDOR / 'NOTICE').read_text('utf-8').strip()}")
    assert f"parts of version {version}" in built
    assert len(built.encode()) < 600_000
    assert "resolved" not in json.dumps(lock), "the lock names no registry"
