"""The report as its readers meet it: in a browser, in both languages, with awkward data."""

from __future__ import annotations

import itertools
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest
from playwright.sync_api import Page
from unit.report.browsing import table

from orchestration.labels import LANGUAGES, Text
from orchestration.project import ROOT
from orchestration.report import write_report
from orchestration.report.charts import FALLEN, RISEN, STAYED, colour
from orchestration.report.labels import labels
from orchestration.report.page import write_pages
from orchestration.report.panels import FOLDER, sections, tiles

PAGES = ("figures", "trust")
PANELS = [panel for section in sections() for panel in section.panels]
PANELS_OF = {
    page: [panel for section in sections() if section.page == page for panel in section.panels]
    for page in PAGES
}
DRAWN = {
    page: [panel.name for panel in panels if panel.chart and not panel.if_told]
    for page, panels in PANELS_OF.items()
}
EVIL = (
    """</script><img src=x onerror="window.hacked=1"><a href="javascript:hacked=1">x</a>{{ 7*7 }}"""
)


def series(page: Page, panel: str, number: int = 0) -> dict[str, Any]:
    """What is drawn of the figure, by the place among those with a name of their own."""
    return page.evaluate(
        f"Charts.shown('{panel}').series.filter(each => !each.isName)"
        f".map(({{type, name, data}}) => ({{type, name, data}}))[{number}]"
    )


def marks(page: Page, panel: str) -> int:
    """How many bars, dots, lines, bands and cells with an extent stand in the figure."""
    return page.evaluate(
        """panel => [...document.querySelectorAll(`[data-chart="${panel}"] svg path`)]
            .filter(mark => /^(color-mix|var\\(--(?!rule|muted|paper))/.test(
                mark.getAttribute("fill") !== "none"
                    ? mark.getAttribute("fill") : mark.getAttribute("stroke")))
            .filter(mark => mark.getBoundingClientRect().width > 0).length""",
        panel,
    )


def axis(page: Page, panel: str, which: str) -> list[Any]:
    return page.evaluate(f"Charts.shown('{panel}').{which}.data")


def drawn(page: Page) -> list[str]:
    """The texts of all figures."""
    return page.locator("svg text").all_text_contents()


def texts() -> Iterator[Text]:
    """All that the page may say."""
    said = [labels(), tiles().tiles, *map(vars, (*sections(), *PANELS))]
    while said:
        node = said.pop()
        if isinstance(node, Text):
            yield node
        elif isinstance(node, Mapping):
            said.extend(node.values())


# Figures


@pytest.mark.parametrize("language", LANGUAGES)
def test_tiles_show_the_key_figures(pages, language):
    page = pages[language]
    tiles = {tile.get_attribute("data-kpi"): tile for tile in page.locator("[data-kpi]").all()}
    assert {name: tile.inner_text() for name, tile in tiles.items()} == {
        "customers": "6",
        "active_buyers": "4",
        "net_revenue": "1,741",
        "average_order": "194.58",
        "repeat_share": "40.0%",
        "at_risk_customers": "3",
    }
    hint = page.locator(".tile", has=page.locator("[data-kpi=at_risk_customers]")).inner_text()
    assert "201" in hint and "24.5%" in hint


def test_the_figures_of_the_last_month_that_is_over_are_called_as_they_are_defined(pages):
    assert table(pages["en"], "figures_of_the_month") == [
        ["2026-02", "Orders", "1,234", "900", "–", "0", "–"],
        ["2026-02", "Refund rate", "4.3%", "5.0%", "–", "3.4%", "26.5%"],
    ]
    assert table(pages["zh"], "figures_of_the_month")[1][1] == "退款率"


def test_days_are_surprising_by_more_than_chance(english):
    assert table(english, "surprising_days") == [
        ["2026-02-28", "web", "", "0", "4.5", "-3.2"],
        ["2026-02-27", "app", "Our fair", "9", "2.0", "+3.0"],
    ]


def test_segments_leave_out_older_dates_and_fall_back_to_the_code(english):
    assert table(english, "segments") == [
        ["111", "champions", "1", "20.0%", "600.00", "73.1%"],
        ["010", "frequent, slipping away", "1", "20.0%", "120.50", "14.7%"],
        ["100", "new or occasional", "2", "40.0%", "100.50", "12.2%"],
        ["000", "000", "1", "20.0%", "0.00", "0.0%"],
    ]


def test_heat_map_places_recency_upwards_and_frequency_to_the_right(english):
    cells = [cell["value"] for cell in series(english, "recency_frequency")["data"]]
    assert len(cells) == 25
    assert [cell for cell in cells if cell[2]] == [
        [0, 0, 1, 0],
        [3, 1, 1, 120.5],
        [2, 3, 2, 50.25],
        [4, 4, 1, 600],
    ]
    assert cells[1] == [1, 0, 0, None]


def test_moves_between_segments_are_those_of_the_latest_whole_month(english):
    assert table(english, "segment_transitions") == [
        ["champions", "champions", "1", "50.0%"],
        ["champions", "frequent, slipping away", "1", "50.0%"],
        ["000", "new or occasional", "1", "100.0%"],
    ]
    bands, ends = (series(english, "segment_transitions", number)["data"] for number in (0, 1))
    assert [(band["name"], band["value"][4], band["itemStyle"]["color"]) for band in bands] == [
        ("champions → champions", 1, colour(STAYED)),
        ("champions → frequent, slipping away", 1, colour(FALLEN)),
        ("000 → new or occasional", 1, colour(RISEN)),
    ]
    # Side, top, bottom and size; the two who were champions lie side by side, without a gap.
    left = [end for end in ends if end["value"][0] == 0]
    assert [(end["name"], end["value"][3]) for end in left] == [("champions", 2), ("000", 1)]
    assert bands[0]["value"][1] == bands[1]["value"][0]
    assert bands[1]["value"][1] == left[0]["value"][2] < left[1]["value"][1]
    assert max(end["value"][2] for end in ends) <= 1


def test_tags_are_those_that_hold_with_what_one_system_alone_tells(english):
    assert table(english, "tags") == [
        ["Gender", "Female", "3", "50.0%", "100.0%"],
        ["Likes", "Fruit", "2", "33.3%", "50.0%"],
    ]


def test_groups_are_told_by_three_traits_the_largest_first(english):
    assert table(english, "clusters") == [
        ["1", "Store shoppers", "3", "75.0%", "100.00", "25.0%", "Bought online ↓, tea ↑, milk ↑"],
        ["2", "Online shoppers", "1", "25.0%", "300.00", "75.0%", "Bought online ↑"],
    ]


def test_what_a_fit_changes_is_told_of_those_who_had_a_group(english_trust):
    assert table(english_trust, "cluster_changes") == [
        ["1", "Store shoppers", "1", "Store shoppers", "1", "50.0%"],
        ["1", "Store shoppers", "2", "Online shoppers", "1", "50.0%"],
    ]


def test_what_goes_together_is_said_once_and_by_name(english):
    assert table(english, "affinities") == [
        ["category", "milk", "tea", "90", "40.0%", "2.00", "1.80"],
        ["product", "Green tea", "2", "30", "50.0%", "3.00", "2.00"],
    ]
    assert table(english, "sequences") == [
        ["product", "Green tea", "2", "20", "90.0%", "4.00", "12"],
    ]


def test_recommendations_are_tried_on_the_last_cut_off(english_trust):
    assert table(english_trust, "recommendation_trial") == [
        ["Home", "Recommended", "25.0%", "70.0%", "–", "–", "–", "300"],
        ["Home", "What most buy", "12.5%", "–", "–", "–", "–", "300"],
    ]


@pytest.mark.parametrize(
    ("shares", "customers"),
    [
        ([0.1, 0.2, 0.3, 0.4, 0.5], {"1": 1, "2": 1, "3": 1, "4": 1, "5": 1}),
        ([0.1, 0.1, 0.1, 0.1, 0.2], {"3": 4, "5": 1}),
        ([0.1, 0.1], {}),
        ([0.1], {}),
    ],
)
def test_of_whom_the_same_is_expected_they_stand_in_one_fifth(publish, shares, customers):
    """Four of five alike have their middle at two fifths; where all are alike there are none."""
    [panel] = [panel for panel in PANELS if panel.name == "price_sensitivity"]
    rows = ", ".join(f"('{number}', {share}, 0.2, null)" for number, share in enumerate(shares))
    database = publish(f"insert into marts.price_sensitivity values {rows}")
    with duckdb.connect(database) as connection:
        found = connection.execute(panel.query).fetchall()
    assert {fifth: count for fifth, count, *_ in found} == customers


def test_cohorts_are_drawn_from_their_first_month_after(english):
    assert table(english, "cohort_retention") == [
        ["2025-12-01", "1", "2", "0", "0.0%", "10.00"],
        ["2025-12-01", "2", "2", "1", "50.0%", "12.25"],
        ["2026-01-01", "1", "4", "1", "25.0%", "60.50"],
    ]
    assert axis(english, "cohort_retention", "yAxis") == ["2025-12", "2026-01"]
    cells = [cell["value"] for cell in series(english, "cohort_retention")["data"]]
    assert cells == [[0, 0, 0], [1, 0, 0.5], [0, 1, 0.25]]


def test_lifecycle_stacks_every_state_on_every_date(english):
    active, new = (series(english, "lifecycle_states", number) for number in (0, 1))
    assert axis(english, "lifecycle_states", "xAxis") == ["2026-02-01", "2026-03-01"]
    assert (active["name"], active["data"]) == ("active", [0, 2])
    assert (new["name"], new["data"]) == ("new", [1, 1])


def test_customers_that_come_stand_above_zero_and_those_that_go_hang_below(english):
    assert table(english, "customer_flows") == [
        ["2026-02-01", "0", "3", "0", "0", "0", "3"],
        ["2026-03-01", "3", "2", "1", "-1", "-1", "4"],
    ]
    found = [series(english, "customer_flows", number)["data"] for number in range(3)]
    assert found == [[3, 2], [0, 1], [0, -1]]


def test_the_chosen_window_and_the_limit_are_marked(english):
    assert table(english, "churn_windows") == [
        ["7", "50.0%", "30.0%", "400", "no"],
        ["14", "25.0%", "9.0%", "200", "yes"],
        ["21", "25.0%", "–", "50", "no"],
    ]
    lost, returned = (series(english, "churn_windows", number)["data"] for number in (0, 1))
    assert lost == [[7, 0.5], [14, 0.25], [21, 0.25]]
    assert returned == [[7, 0.3], [14, 0.09], [21, None]]
    lines = english.evaluate("Charts.shown('churn_windows').series[0].markLine.data")
    assert [(line.get("yAxis"), line.get("xAxis")) for line in lines] == [(0.1, None), (None, 14)]


def test_causes_are_ordered_by_their_customers_and_the_unknown_comes_last(english):
    assert table(english, "churn_causes") == [
        ["Price", "2", "40.0%", "1", "1"],
        ["Experience", "1", "20.0%", "1", "0"],
        ["Unknown", "2", "40.0%", "2", "0"],
    ]
    found = [series(english, "churn_causes", number)["data"] for number in (0, 1)]
    assert found == [[1, 1, 2], [1, 0, 0]]


def test_churn_counts_every_level_and_every_reason_of_those_at_risk(english):
    assert table(english, "churn_levels") == [
        ["red", "2", "33.3%", "120.50", "14.7%"],
        ["orange", "1", "16.7%", "80.25", "9.8%"],
        ["yellow", "1", "16.7%", "20.25", "2.5%"],
        ["gone", "1", "16.7%", "0.00", "0.0%"],
        ["none", "1", "16.7%", "600.00", "73.1%"],
    ]
    assert table(english, "churn_reasons") == [
        ["Silent for … usual gaps", "red", "1"],
        ["Silent for … usual gaps", "orange", "1"],
        ["Silent for … usual gaps", "yellow", "1"],
        ["open ticket", "red", "1"],
        ["open ticket", "orange", "1"],
    ]


def test_lifetime_value_is_summed_with_the_error_that_was_stated_in_the_trial(
    english, english_trust
):
    """Of 1,000 predicted, 60 + 30 + 20 + 30 + 50 were said to be doubtful: 19 %."""
    assert table(english, "lifetime_value") == [["5", "1,000.00", "810.00", "1,190.00", "yes"]]
    fifths = table(english, "lifetime_value_fifths")
    assert [row[:5] for row in fifths] == [
        ["highest fifth", "1", "20.0%", "500.00", "50.0%"],
        ["fourth", "1", "20.0%", "250.00", "25.0%"],
        ["third", "1", "20.0%", "150.00", "15.0%"],
        ["second", "1", "20.0%", "60.00", "6.0%"],
        ["lowest fifth", "1", "20.0%", "40.00", "4.0%"],
    ]
    assert [row[5:] for row in fifths] == [
        ["450.00", "550.00", "100.00", "900.50"],
        ["225.00", "275.00", "0.00", "600.00"],
        ["120.00", "180.00", "0.00", "300.00"],
        ["30.00", "90.00", "0.00", "20.00"],
        ["0.00", "100.00", "0.00", "0.00"],
    ]
    assert table(english_trust, "lifetime_value_trial")[2:] == [
        ["third", "100.00", "80.00", "120.00", "130.00", "no", "80.0%", "75.0%"],
        ["second", "60.00", "30.00", "90.00", "70.00", "yes", "80.0%", "82.0%"],
        ["lowest fifth", "40.00", "0.00", "100.00", "20.00", "yes", "95.0%", "95.0%"],
    ]


def test_without_a_trial_lifetime_value_has_no_range_of_its_sum(publish, visit, tmp_path):
    marts = publish("insert into marts.customer_ltv values ('anna', 500, 100, 900, true)")
    page = visit(write_report(marts, tmp_path / "index.html").with_name("figures.html"))
    assert table(page, "lifetime_value") == [["1", "500.00", "–", "–", "yes"]]
    assert table(page, "lifetime_value_fifths") == [
        [*("lowest fifth", "1", "100.0%", "500.00", "100.0%"), "–", "–", "100.00", "900.00"],
    ]
    assert "lifetime_value_trial" not in (tmp_path / "trust.html").read_text("utf-8")


def test_channels_with_a_known_spend_are_shown_by_the_months_that_are_over(english):
    """The store’s touches are seen by nobody, so that no return can be said."""
    assert table(english, "channel_costs") == [
        ["Search", "200.00", "80.0%", "4", "25.0%", "50.00", "2.8", "1", "1.0", "1.5", "1.1"],
        ["In store", "50.00", "20.0%", "12", "75.0%", "4.17", "10.0", "1", "0.0", "–", "–"],
    ]


def test_messages_are_shown_with_what_came_of_them(english):
    assert table(english, "contact_channels") == [
        ["E-mail", "2", "1", "12", "41.7%", "8.3%", "25.0%", "1", "1"],
        ["Text message", "1", "1", "3", "–", "–", "0.0%", "0", "0"],
    ]


def test_fatigue_is_told_of_those_who_were_both_rested_and_pressed(english):
    assert table(english, "contact_fatigue") == [["E-mail", "1", "5", "80.0%", "5", "20.0%", "1"]]


def test_customers_of_both_kinds_of_channel_are_set_beside_their_likes(english):
    """150 against 50 of all and 75 of the same tier, give or take 1.96 × √(2,500 + 625)."""
    both, online, store = table(english, "cross_channel")
    assert both == [
        *("both", "2", "40.0%", "300.00", "66.7%", "150.00", "100.00"),
        *("2", "75.00", "75.00", "109.57"),
    ]
    assert online == ["online only", "2", "40.0%", "50.00", "11.1%", "25.00", *["–"] * 5]
    assert store == ["in stores only", "1", "20.0%", "100.00", "22.2%", "100.00", *["–"] * 5]


def test_channels_are_counted_in_every_way_within_a_year(english):
    """The order of a year and a day ago is left out; what nothing led to comes last."""
    assert table(english, "attribution") == [
        ["E-mail", "100.00", "0.00", "0.00", "50.00", "25.00", "50.00", "60.00", "0.0%", "40.0%"],
        ["Search", "0.00", *["100.00"] * 2, "50.00", "75.00", "50.00", "40.00", "66.7%", "26.7%"],
        ["Nothing seen", *["50.00"] * 7, "33.3%", "33.3%"],
    ]


def test_paths_show_first_and_later_purchases_side_by_side(pages):
    figures = ["3", "60.0%", "1", "100.0%", "2.0", "400.00"]
    assert table(pages["en"], "conversion_paths") == [["E-mail > Search", *figures]]
    assert table(pages["zh"], "conversion_paths") == [["邮件 > 搜索", *figures]]


def test_steps_are_followed_by_what_comes_next_in_ten_visits_at_least_once(english):
    assert table(english, "event_sequences") == [
        ["Begin", "See the home page", "9", "90.0%", "75.0%", "100.0%"],
        ["Begin", "Put into the cart", "1", "10.0%", "25.0%", "–"],
        ["See the home page", "End", "9", "100.0%", "100.0%", "100.0%"],
        ["Put into the cart", "End", "1", "100.0%", "100.0%", "–"],
    ]


def test_the_funnel_shows_the_last_seven_days_beside_the_weeks_before(english):
    assert table(english, "funnel") == [
        ["view → cart", "25", "10", "40.0%", "6", "60.0%"],
        ["cart → checkout", "10", "3", "30.0%", "3", "50.0%"],
        ["checkout → purchase", "2", "1", "50.0%", "0", "0.0%"],
    ]


def test_each_step_of_a_channel_is_shown_by_its_worst_week_of_late(english):
    assert table(english, "funnel_breaks") == [
        ["app", "cart → checkout", "2026-02-27", "15", "3", "20.0%", "60.0%", "-4.50", "no"],
        ["app", "view → cart", "2026-02-27", "10", "5", "50.0%", "60.0%", "-1.25", "yes"],
    ]


def test_tickets_of_a_year_are_weighed_by_month_and_cells_of_stores_left_out(english):
    assert table(english, "tickets") == [
        ["quality", "7", "3.0", "20.0", "57.1%", "33.3%", "0.0%"],
    ]


def test_what_follows_a_complaint_is_told_with_its_interval_and_imbalance(english):
    assert table(english, "after_tickets") == [
        ["quality", "3", "75.0%", "25.0%", "50.0%", "-25.0", "-40.0", "-10.0", "-50", "0.05"],
    ]


def test_the_programme_is_shown_tier_by_tier_of_the_last_month_that_is_over(english):
    gold, all_tiers = table(english, "loyalty")
    assert gold[:5] == ["Gold", "2", "50.0%", "2", "0"]
    assert all_tiers[:5] == ["All", "2", "50.0%", "2", "1"]


def test_a_benchmark_is_shown_with_its_place_and_its_source(english):
    [[*figures, source]] = table(english, "benchmarks")
    assert figures[1:] == [
        *(
            "Retail",
            "Everybody",
            "2026-02",
            "90.00",
            "80.00",
            "100.00",
            "120.00",
            "200.00",
            "below",
            "no",
            "yes",
        ),
    ]
    assert source == "a source"


def test_reconciliation_puts_what_does_not_add_up_first(english_trust):
    assert table(english_trust, "reconciliation") == [
        ["shop", "orders", "23", "18", "3", "0", "0", "0", "0", "0.00", "no", "1"],
        ["pos", "orders", "1,507", "1,490", "4", "3", "3", "7", "2", "12.50", "yes", "0"],
    ]


def test_quarantine_reasons_are_counted_by_where_they_were_caught(english_trust):
    assert table(english_trust, "quarantine")[1] == [
        *("shop", "orders", "landing", "unreadable date", "2", "–"),
    ]
    landing, validation = (series(english_trust, "quarantine", number) for number in (0, 1))
    assert landing["data"] == [0, 2, 0]
    assert validation["data"] == [4, 0, 1]


def test_the_feed_that_is_furthest_behind_comes_first(english_trust):
    assert table(english_trust, "freshness") == [
        ["shop", "orders", "2026-02-26", "2", "0", "too small to wait for"],
        ["pos", "orders", "2026-02-28", "0", "0", "on time"],
    ]


def test_what_is_not_known_of_a_feed_is_a_dash(publish, visit, tmp_path):
    marts = publish("""
        insert into marts.feed_freshness values
            ('daily', 'daily', '2026-02-28', 0, 1, 'late'),
            ('often', 'often', '2026-02-28', 0, null, null),
            ('undated', 'undated', null, null, null, null)
    """)
    page = visit(write_report(marts, tmp_path / "index.html").with_name("trust.html"))
    assert table(page, "freshness") == [
        ["daily", "daily", "2026-02-28", "0", "1", "late"],
        ["often", "often", "2026-02-28", "0", "–", "–"],
        ["undated", "undated", "–", "–", "–", "–"],
    ]


def test_refusals_are_counted_by_accounts_and_by_pairs(english_trust):
    assert table(english_trust, "refused_links") == [
        ["typed for nothing", "2", "0"],
        ["names differ", "0", "1"],
        ["unheard_of", "0", "1"],
    ]


def test_a_group_to_look_at_counts_for_each_of_its_reasons(english_trust):
    assert table(english_trust, "identity_review") == [
        ["sparse", "3", "1", "14"],
        ["names differ", "1", "1", "5"],
    ]


@pytest.mark.parametrize(
    ("language", "born", "merged"), [("en", "new", "merged"), ("zh", "新增", "合并")]
)
def test_changed_ids_are_those_of_the_latest_comparison(trust_pages, language, born, merged):
    assert table(trust_pages[language], "customer_id_changes") == [
        [born, "0", "1", "1", "000006-bbb"],
        [merged, "2", "1", "3", "000006-bbb"],
    ]


# Languages


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_is_drawn(pages, trust_pages, language):
    for name, page in zip(PAGES, (pages[language], trust_pages[language]), strict=True):
        found = {panel: marks(page, panel) > 0 for panel in DRAWN[name]}
        assert found == dict.fromkeys(DRAWN[name], True)


@pytest.mark.parametrize(("language", "other"), [("en", "zh"), ("zh", "en")])
def test_no_text_of_the_other_language_is_seen(pages, trust_pages, language, other):
    seen = ""
    for page in (pages[language], trust_pages[language]):
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        seen += "\n".join((page.locator("body").inner_text(), *drawn(page)))
    foreign = {getattr(text, other) for text in texts() if text.en != text.zh}
    own = {getattr(text, language) for text in texts()}
    long_enough_to_be_no_accident = {
        text for text in foreign if len(text) > 6 and not any(text in ours for ours in own)
    }
    assert {text for text in long_enough_to_be_no_accident if text in seen} == set()
    names = {"en": ("champions", "open ticket"), "zh": ("重要价值", "工单未解决")}
    assert set(names[language]) <= set(drawn(pages[language]))
    assert not any(name in seen for name in names[other])


def test_language_switches_without_reload_and_is_remembered(figures, visit):
    page = visit(figures, "", locale="en-US")
    page.evaluate("window.sameDocument = true")
    page.get_by_role("button", name="中文").click()
    assert page.evaluate("[document.documentElement.lang, window.sameDocument]") == ["zh-CN", True]
    assert "重要价值" in drawn(page)
    assert page.locator("#segments .legend button").all_inner_texts() == ["人数占比", "消费占比"]
    page.reload()
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    page.goto(f"{figures.as_uri()}?lang=en")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.get_by_role("button", name="English").get_attribute("aria-pressed") == "true"


def test_the_other_pages_open_in_the_language_of_this_one(trust_pages):
    links = trust_pages["zh"].locator("nav.pages a")
    assert links.all_inner_texts() == ["本周", "全部图表", "可信度"]
    assert [link.get_attribute("href") for link in links.all()] == [
        f"{page}.html?lang=zh" for page in ("index", *PAGES)
    ]
    assert trust_pages["zh"].locator("nav.pages a[aria-current=page]").inner_text() == "可信度"


@pytest.mark.parametrize(("locale", "tag"), [("zh-CN", "zh-CN"), ("en-GB", "en"), ("fr-FR", "en")])
def test_language_follows_the_browser_by_default(figures, visit, locale, tag):
    page = visit(figures, "?lang=xx", locale=locale)
    assert page.locator("html").get_attribute("lang") == tag


@pytest.mark.parametrize(
    ("amount", "english", "chinese"),
    [(999_999.4, "999,999", "999,999"), (1_234_567, "1.2M", "123.5万"), (1e9, "1B", "10亿")],
)
def test_amounts_beside_bars_are_short(pages, amount, english, chinese):
    written = [pages[each].evaluate(f"Numbers.write({amount}, 'compact')") for each in LANGUAGES]
    assert written == [english, chinese]


def test_figures_write_numbers_as_the_tables_do(pages):
    forms = (",", ",.0f", ",.2f", ".1%", ".2%", "+.1f", ".2f")
    numbers = (0, 1234567, 0.1234, -45.678)
    for form, number in itertools.product(forms, numbers):
        written = pages["zh"].evaluate(f"Numbers.write({number}, '{form}')")
        assert float(written.strip("%").replace(",", "")) == pytest.approx(
            float(format(number, form).strip("%").replace(",", "")), abs=5e-4
        )
        assert (written[0] == "+") == (format(number, form)[0] == "+")
    assert pages["en"].evaluate("Numbers.write(null, ',')") == "–"


def test_every_label_exists_in_both_languages():
    assert all(text.en.strip() and text.zh.strip() for text in texts())
    assert all(panel.label(column) for panel in PANELS for column in panel.columns)


def test_a_word_stands_beside_its_panel_or_with_those_that_several_share():
    shared = Counter(
        column for panel in PANELS for column in panel.columns if column not in panel.labels
    )
    assert shared.keys() == labels()["columns"].keys()
    assert min(shared.values()) > 1
    own = Counter(column for panel in PANELS for column in panel.labels)
    assert own.keys() <= {column for panel in PANELS for column in panel.columns}
    assert max(own.values()) == 1


# Panels


def test_every_file_of_the_panels_is_read():
    names = {f"{panel.name}{suffix}" for panel in PANELS for suffix in (".sql", ".yml")}
    files = [path for path in FOLDER.rglob("*") if path.is_file()]
    found = {path.name.partition("_")[2] for path in files if path.name[0].isdigit()}
    assert found == names
    others = Counter(path.name for path in files if not path.name[0].isdigit())
    assert others == {"section.yml": len(sections()), "tiles.sql": 1, "tiles.yml": 1}


@pytest.fixture
def more_panels(tmp_path) -> Path:
    """Another folder of panels: a section, and in it a panel that is drawn by months."""
    folder = tmp_path / "panels" / "1_more"
    folder.mkdir(parents=True)
    (folder / "section.yml").write_text("title: {en: More, zh: 更多}")
    (folder / "01_months.sql").write_text(
        "select as_of_date, state as state_code, state as state_en, state as state_zh,"
        " count(*) as customers from marts.customer_lifecycle group by all order by all"
    )
    (folder / "01_months.yml").write_text("""
        title: {en: Months, zh: 月份}
        note: {en: Note, zh: 说明}
        columns: [as_of_date, state, customers]
        labels: {state: {en: State, zh: 状态}}
        chart:
          {kind: stacked_columns, dates: as_of_date, parts: state, value: customers, colours: {}}
    """)
    return folder


def test_a_panel_is_added_by_adding_its_files(regulars, visit, tmp_path, more_panels, monkeypatch):
    monkeypatch.setattr("orchestration.report.page.sections", lambda: sections(more_panels.parent))
    write_pages(regulars, tmp_path, None)
    page = visit(tmp_path / "figures.html")
    assert page.locator("h2").all_inner_texts() == ["More"]
    assert page.locator("h3").all_inner_texts() == ["Months"]
    assert table(page, "months")[0] == ["2026-02-01", "new", "1"]
    assert marks(page, "months") > 0


@pytest.mark.parametrize(
    ("said", "instead", "complaint"),
    [
        ("labels:", "lables:", r"01_months\.yml: .*'lables'"),
        ("labels: {state: ", "labels: {stage: ", r"01_months\.yml: no label for state"),
        ("title:", "if_told:", r"01_months\.yml: .*'title'"),
        ("stacked_columns", "pie", "Panel months: no chart is called 'pie', but share_bars, "),
        ("value:", "worth:", "Panel months: .*'worth'"),
    ],
)
def test_a_slip_in_a_panel_is_named(
    regulars, tmp_path, more_panels, monkeypatch, said, instead, complaint
):
    yaml = more_panels / "01_months.yml"
    yaml.write_text(yaml.read_text().replace(said, instead))
    monkeypatch.setattr("orchestration.report.page.sections", lambda: sections(more_panels.parent))
    with pytest.raises(ValueError, match=complaint):
        write_pages(regulars, tmp_path, None)


def test_who_writes_no_report_loads_no_charts():
    probe = "import sys, orchestration.report; sys.exit('jinja2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", probe], cwd=ROOT).returncode == 0


# Page


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [320, 768])
def test_narrow_screens_never_scroll_sideways(report, visit, name, language, width):
    page = visit(
        report.with_name(f"{name}.html"),
        f"?lang={language}",
        viewport={"width": width, "height": 700},
    )
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_everything_is_reachable_without_seeing_the_figures(english, english_trust):
    for page, names in zip((english, english_trust), DRAWN.values(), strict=True):
        assert page.locator("h1").count() == 1
        for name in names:
            title = page.locator(f"#title-{name} .t[lang=en]").inner_text()
            assert page.get_by_role("img", name=title, exact=True).count() == 1
            assert table(page, name)


def test_the_contents_name_every_panel_of_the_page(english, english_trust):
    for page in (english, english_trust):
        links = page.locator(".contents a").all()
        articles = page.locator("article").all()
        sections = page.locator("main section").all()
        assert [link.get_attribute("href") for link in links] == [
            f"#{part.get_attribute('id')}" for part in (*sections, *articles)
        ]


def test_footer_names_the_edition(english):
    footer = english.locator("footer").inner_text()
    for fact in ("7", "2026-03-02 06:00:00", "a1b2c3d", "dbt 1.11.16 · DuckDB 1.5.5", "d1ge57"):
        assert fact in footer


@pytest.mark.parametrize("language", LANGUAGES)
def test_empty_marts_give_pages_of_friendly_sentences(publish, visit, tmp_path, language):
    report = write_report(publish(), tmp_path / "index.html")
    for name in PAGES:
        page = visit(report.with_name(f"{name}.html"), f"?lang={language}")
        sentences = [
            getattr(panel.empty, language)
            for panel in PANELS_OF[name]
            if panel.empty and not panel.if_told
        ]
        assert page.locator(".empty").all_inner_texts() == sentences
        assert page.locator(".chart, table").count() == 0
    figures = visit(report.with_name("figures.html"), f"?lang={language}")
    assert figures.locator("[data-kpi=net_revenue]").inner_text() == "0"
    assert figures.locator("[data-kpi=average_order]").inner_text() == "–"


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_that_are_markup_stay_text(publish, visit, tmp_path, language):
    evil = publish(
        (Path(__file__).parent / "regulars.sql").read_text("utf-8"),
        f"set variable evil = $${EVIL}$$",
        """
        update marts.customer_rfm
        set segment_name_en = getvariable('evil'), segment_name_zh = getvariable('evil');
        update marts.rfm_segment_transitions
        set from_segment_name_en = getvariable('evil'), from_segment_name_zh = getvariable('evil');
        update marts.customer_lifecycle
        set state_name_en = getvariable('evil'), state_name_zh = getvariable('evil');
        update marts.customer_churn_reasons
        set reason_name_en = getvariable('evil'), reason_name_zh = getvariable('evil');
        update marts.customer_churn
        set level_name_en = '<a href="/">x</a>', level_name_zh = '<a href="/">x</a>';
        update marts.reconciliation
        set source_system = getvariable('evil'), entity = getvariable('evil');
        update marts.quarantine_summary
        set reason_en = getvariable('evil'), reason_zh = getvariable('evil');
        update marts.publication set generation = getvariable('evil')
        """,
    )
    report = write_report(evil, tmp_path / "index.html")
    seen = []
    for name in PAGES:
        page = visit(report.with_name(f"{name}.html"), f"?lang={language}")
        found = {panel: marks(page, panel) > 0 for panel in DRAWN[name]}
        assert found == dict.fromkeys(DRAWN[name], True)
        for panel in {"segments", "segment_transitions", "quarantine"} & {*DRAWN[name]}:
            page.locator(f"[data-chart={panel}] .plot").hover()
        assert page.locator("img, svg a, main a").count() == 0
        assert page.evaluate("window.hacked") is None
        assert "<" not in page.locator("script#charts").text_content()
        seen += drawn(page)
        seen += page.locator(".legend button").all_inner_texts()
    assert table(visit(tmp_path / "figures.html"), "segments")[0][1] == EVIL
    assert any("</script><img" in text for text in seen)
    assert '<a href="/">x</a>' in seen


@pytest.mark.parametrize("name", PAGES)
def test_no_customer_is_named(report, name):
    html = report.with_name(f"{name}.html").read_text("utf-8")
    assert not any(f'"{who}"' in html or f">{who}<" in html for who in ("anna", "ben", "finn"))


def test_a_publication_of_an_older_version_gives_a_page_without_its_later_marts(
    publish, visit, tmp_path
):
    later = {"key_figures", "feed_freshness", "customer_churn_reasons", "identity_links"}
    older = publish(
        (Path(__file__).parent / "regulars.sql").read_text("utf-8"),
        *(f"drop table marts.{mart}" for mart in sorted(later)),
    )
    report = write_report(older, tmp_path / "index.html")
    for name in PAGES:
        page = visit(report.with_name(f"{name}.html"))
        shown = [article.get_attribute("id") for article in page.locator("article").all()]
        assert shown == [
            panel.name for panel in PANELS_OF[name] if not panel.if_told and not panel.marts & later
        ]
        assert len(shown) > 5
        assert page.locator(".tiles").count() == 0


# File


def test_the_same_marts_give_the_same_bytes(regulars, report, tmp_path):
    again = write_report(regulars, tmp_path / "deep" / "er" / "index.html")
    files = [sorted(page.parent.glob("*.html")) for page in (report, again)]
    assert len(files[0]) == len(PAGES) + 1
    assert [page.read_bytes() for page in files[0]] == [page.read_bytes() for page in files[1]]


def test_a_failure_leaves_the_old_page_and_nothing_else(publish, tmp_path):
    page = tmp_path / "index.html"
    page.write_text("yesterday")
    with pytest.raises(duckdb.Error):
        write_report(publish("alter table marts.kpi_daily drop column value"), page)
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [
        ("index.html", "yesterday")
    ]


def test_a_missing_database_says_what_to_do(tmp_path):
    with pytest.raises(FileNotFoundError, match="regulars run"):
        write_report(tmp_path / "current.duckdb", tmp_path / "index.html")
    assert list(tmp_path.iterdir()) == []
