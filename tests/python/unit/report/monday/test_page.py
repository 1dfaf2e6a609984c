"""The Monday page as its reader meets it: filters, words, files, and nothing in anybody's way."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import duckdb
import openpyxl
import pytest
from playwright.sync_api import Page
from unit.report.monday.shop import empty_marts

from orchestration.labels import LANGUAGES
from orchestration.report.monday.page import labels, monday

SECTIONS = tuple(labels()["sections"])
# What is asked of the shop, where it was sold, how and to whom.
SOLD = """
    with sold as (
        select orders.*, coalesce(region, 'no_store') as region, segment_code
        from marts.orders
        left join marts.stores using (store_id)
        left join marts.customer_rfm as rfm
            on orders.customer_id = rfm.customer_id and is_latest
    )

    select
        count(*) filter (where is_purchase),
        count(distinct customer_id) filter (where is_purchase),
        sum(net_amount),
        avg(net_amount) filter (where is_purchase)
    from sold
    where ordered_on >= '{start}' and ordered_on < '{end}' and {condition}
"""


def choose(page: Page, **filters: str) -> None:
    """Chooses filters as a reader does; those that are not named are all."""
    if page.locator("#filters .reset").is_enabled():
        page.locator("#filters .reset").click()
    for name, value in filters.items():
        page.locator(f"#filter-{name}").select_option(value)


def value(page: Page, kpi: str) -> str:
    return page.locator(f"[data-kpi={kpi}] .value").inner_text()


def table(page: Page, figure: str) -> list[list[str]]:
    """The body of the first table of a figure as the reader sees it."""
    body = page.locator(f"#{figure} table").first.locator("tbody tr").all()
    return [[cell.strip() for cell in row.inner_text().split("\t")] for row in body]


# Filters


@pytest.mark.parametrize(
    ("filters", "start", "end", "condition"),
    [
        ({}, "2026-02-23", "2026-03-02", "true"),
        ({"period": "month"}, "2026-02-01", "2026-03-01", "true"),
        ({"period": "quarter", "region": "north"}, "2025-12-01", "2026-03-02", "region = 'north'"),
        ({"period": "quarter", "store": "s1"}, "2025-12-01", "2026-03-02", "store_id = 's1'"),
        (
            {"period": "year", "store": "s1", "segment": "111"},
            "2025-03-03",
            "2026-03-02",
            "store_id = 's1' and segment_code = '111'",
        ),
        ({"period": "four_weeks", "channel": "app"}, "2026-02-02", "2026-03-02", "channel = 'app'"),
        (
            {"period": "year", "region": "no_store", "channel": "web", "segment": "111"},
            "2025-03-03",
            "2026-03-02",
            "region = 'no_store' and channel = 'web' and segment_code = '111'",
        ),
    ],
)
def test_what_the_filters_leave_is_what_the_marts_answer(
    opened, ask, filters, start, end, condition
):
    choose(opened, **filters)
    [(orders, buyers, net, mean)] = ask(SOLD.format(start=start, end=end, condition=condition))
    shown = [
        value(opened, kpi) for kpi in ("orders", "buyers", "net_revenue", "average_order_value")
    ]
    assert shown[:2] == [f"{orders:,}", f"{buyers:,}"]
    assert float(shown[2].strip("¥").replace(",", "")) == pytest.approx(float(net), abs=1.5)
    assert float(shown[3].strip("¥").replace(",", "")) == pytest.approx(float(mean), abs=0.05)
    assert shown[2] in opened.locator("#changed .headline").inner_text()


def test_changes_are_beside_the_week_the_month_and_the_year_before(opened, ask):
    choose(opened)
    net = [
        float(
            ask(f"select sum(net_amount) from marts.orders where ordered_on between {days}")[0][0]
        )
        for days in (
            "'2026-02-23' and '2026-03-01'",
            "'2026-02-16' and '2026-02-22'",
            "'2026-01-26' and '2026-02-01'",
            "'2025-02-24' and '2025-03-02'",
        )
    ]
    changes = opened.locator("[data-kpi=net_revenue] .change").all_inner_texts()
    assert [float(change.strip("%").replace("−", "-")) for change in changes] == [
        pytest.approx(100 * (net[0] / then - 1), abs=0.2) for then in net[1:]
    ]


def test_a_link_shows_what_was_chosen(opened, visit, page_file):
    choose(opened, period="quarter", region="south", segment="111")
    query = opened.evaluate("location.search")
    assert query == "?lang=en&period=quarter&region=south&segment=111"
    again = visit(page_file, f"{query}#slipping")
    assert [value(again, kpi) for kpi in ("orders", "net_revenue")] == [
        value(opened, kpi) for kpi in ("orders", "net_revenue")
    ]
    assert again.locator("#filter-region").input_value() == "south"
    assert again.evaluate("document.querySelector('#slipping').getBoundingClientRect().top") < 300


def test_a_link_to_what_is_not_there_shows_all(visit, page_file):
    page = visit(page_file, "?lang=en&region=atlantis&period=never&segment=%3Cb%3E")
    assert page.locator("#filter-region").input_value() == "all"
    assert page.locator("#filter-period").input_value() == "week"


def test_a_figure_says_which_filter_it_does_not_answer(opened):
    choose(opened, region="north", channel="store")
    told = opened.locator("#shelves .unanswered").inner_text()
    assert "channel" in told and "region" not in told
    assert "sells to every channel and segment" in told
    assert value(opened, "conversion_rate") == "visits are of no place or channel"
    answer = ("tiles", "weeks", "movers", "risk", "list", "plays", "audiences", "second", "stores")
    for name in (*answer, "first_purchases", "segments", "states", "cohorts", "calendar"):
        assert opened.locator(f"#{name} .unanswered").count() == 0, name


def test_few_people_are_said_to_be_few(opened):
    choose(opened, period="four_weeks", store="s2")
    assert value(opened, "net_revenue") == "too few"
    assert opened.locator("#changed .headline").inner_text() == "too few"


def test_before_the_first_order_nobody_is_few(visit, shop_marts, tmp_path):
    """Ten weeks are told, and of the weeks before nothing is."""
    database, file = tmp_path / "current.duckdb", tmp_path / "index.html"
    database.write_bytes(shop_marts.read_bytes())
    with duckdb.connect(database) as connection:
        connection.execute("delete from marts.orders where ordered_on < '2025-12-22'")
    file.write_text(monday(database), "utf-8")
    rows = visit(file, "?lang=en").locator("#weeks tbody tr")
    amounts = rows.evaluate_all("rows => rows.map(row => row.cells[1].textContent)")
    assert len(amounts) == 53 and amounts[10:] == ["–"] * 43
    assert not {"–", "too few"} & set(amounts[:10])


def test_slipping_is_filtered_by_segment_and_by_where_they_spend_most(opened, ask):
    choose(opened, channel="store", segment="111")
    ids = opened.locator("#list tbody tr").evaluate_all("rows => rows.map(row => row.dataset.key)")
    expected = ask(
        """
        select customer_id
        from marts.customer_churn
        inner join marts.customer_ltv using (customer_id)
        inner join marts.customer_360 using (customer_id)
        inner join marts.customer_rfm as rfm using (customer_id)
        where rfm.is_latest and main_channel = 'store' and segment_code = '111'
            and churn_level <> 'none'
        order by round(ltv_amount * churn_probability, 2) desc, customer_id
        """
    )
    assert ids == [customer for (customer,) in expected][:15]


# What changed


def test_movers_are_named_with_their_causes_and_the_steps_lead_from_then_to_now(opened):
    choose(opened, period="quarter")
    names = opened.locator("#movers .cards .name").all_inner_texts()
    amounts = [
        float(text.replace("−", "-").replace("¥", "").replace(",", "").replace("+", ""))
        for text in opened.locator("#movers .cards .amount").all_inner_texts()
    ]
    assert len(names) == 3 and amounts == sorted(amounts, key=abs, reverse=True)
    assert all(opened.locator("#movers .cards .why").all_inner_texts())
    names, steps = opened.evaluate(
        """() => {
            const {total, parts} = movers();
            const now = sum(parts.map(({row}) => row), "now");
            return [parts.map(({name}) => name), [total.now, now]];
        }"""
    )
    assert set(names) == {"North", "South", "Outside stores"}
    assert steps[0] == pytest.approx(steps[1], abs=0.005)


def test_expectation_comes_with_its_range_or_says_why_not(opened):
    choose(opened)
    assert "expected" in opened.locator("[data-kpi=orders] .expected").inner_text()
    assert "by the month alone" in opened.locator("[data-kpi=buyers] .expected").inner_text()
    choose(opened, period="month")
    assert opened.locator("[data-kpi=buyers] .expected").inner_text().startswith("Expected 40;")
    choose(opened, segment="111")
    told = opened.locator("[data-kpi=orders] .expected").inner_text()
    assert told == "What was to be expected is known by region and channel alone"


# Other sections


def test_plays_and_audiences_say_whom_to_address_and_what_it_is_worth(opened):
    choose(opened)
    [play] = table(opened, "plays")
    assert play[:5] == ["Win-back", "5 off", "60", "40", "33"]
    assert play[6:] == ["¥83", "a guess so far"]
    [audience] = table(opened, "audiences")
    assert audience[:5] == ["Win back", "Text message", "34", "6", "20"]
    assert audience[-1] == "regulars audiences win_back"


def test_an_audience_that_was_exported_has_a_link(shop_marts, tmp_path, visit):
    (tmp_path / "exports" / "audiences" / "win_back").mkdir(parents=True)
    file = tmp_path / "report" / "index.html"
    file.parent.mkdir()
    file.write_text(monday(shop_marts, tmp_path / "exports"), "utf-8")
    link = visit(file).locator("#audiences tbody a").get_attribute("href")
    assert (file.parent / link).resolve() == tmp_path / "exports" / "audiences" / "win_back"


def test_without_a_hold_out_no_effect_is_claimed(opened):
    choose(opened)
    assert "Without a hold-out no effect is claimed" in opened.locator("#verdicts").inner_text()
    verdicts = opened.locator(".verdicts li").all_inner_texts()
    assert "+¥4.20 per customer (+¥1.10 to +¥7.30)" in verdicts[0]
    assert "per customer" not in verdicts[1] + verdicts[2]


def test_young_cohorts_are_said_to_be_not_known_yet(opened, ask):
    choose(opened)
    assert "Jan 2026, Feb 2026" in opened.locator("#second .annotation").inner_text()
    rows = {row[0]: row[1:] for row in table(opened, "first_purchases")}
    [(people,)] = ask(
        """
        select count(*)
        from (
            select arg_min(channel, (ordered_at, order_id)) as channel, min(ordered_on) as began_on
            from marts.orders
            where is_purchase and customer_id is not null
            group by customer_id
        )
        where channel = 'app' and began_on >= '2026-02-01'
        """
    )
    assert rows["App"][0] == str(people)


def test_stores_stand_beside_stores_like_them(opened, ask):
    choose(opened, period="quarter")
    [harbour] = [row for row in table(opened, "stores") if row[0] == "Harbour"]
    [(net,)] = ask(
        """
        select sum(net_amount)
        from marts.store_daily
        where store_id = 's1' and calendar_day >= '2025-12-01'
        """
    )
    assert harbour[1] == f"¥{round(net):,}" and harbour[4] == "−9.1%"


# Files


@pytest.fixture
def customers(opened, ask) -> list[tuple]:
    """Whom the list holds."""
    choose(opened)
    return ask("select customer_id from marts.customer_churn where churn_level <> 'none'")


def downloaded(page: Page, name: str) -> Path:
    with page.expect_download() as download:
        page.locator("#list").get_by_role("button", name=name).click()
    return download.value


def test_the_list_as_csv_has_every_customer_and_no_formula(opened, customers):
    download = downloaded(opened, "Download CSV")
    assert download.suggested_filename == "customers-at-risk-2026-03-02.csv"
    text = download.path().read_text("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    assert head[:3] == ["Customer", "Expected loss", "Likely to leave"]
    assert {row[0] for row in rows} == {customer for (customer,) in customers}
    why = [row[head.index("Why")] for row in rows]
    assert why[0].startswith("' ＝2+2, said \"")


def test_the_list_as_a_workbook_is_the_list(opened, customers, tmp_path):
    download = downloaded(opened, "Download Excel")
    file = tmp_path / download.suggested_filename
    download.save_as(file)
    sheet = openpyxl.load_workbook(file).active
    head, *rows = sheet.iter_rows(values_only=True)
    assert (sheet.title, sheet.freeze_panes) == ("Customers by value at risk", "A2")
    assert {row[0] for row in rows} == {customer for (customer,) in customers}
    assert all(isinstance(row[1], (int, float)) and 0.5 <= row[2] <= 1 for row in rows)
    assert rows[0][head.index("Why")].startswith(' ＝2+2, said "')
    assert sheet.cell(2, head.index("Why") + 1).data_type == "s"


# Readers


def test_the_list_is_sorted_by_keyboard(opened):
    choose(opened)
    opened.locator("#list .sort", has_text="Spent in a year").focus()
    opened.keyboard.press("Enter")
    assert opened.locator("#list [aria-sort=descending]").inner_text().strip() == "Spent in a year"
    spent = [float(row[5].strip("¥")) for row in table(opened, "list")]
    assert spent == sorted(spent, reverse=True)
    assert opened.evaluate("document.activeElement.className") == "sort"
    opened.locator("#list .sort", has_text="Expected loss").click()


def test_the_first_stop_of_the_keyboard_leads_to_the_figures(visit, page_file):
    page = visit(page_file)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#changed"


def test_every_chart_has_a_name_and_its_numbers_beside_it(opened):
    choose(opened)
    opened.evaluate("Charts.all()")
    for chart in opened.locator(".chart").all():
        figure = chart.locator("xpath=ancestor::article")
        assert chart.locator("[role=img]").get_attribute("aria-label")
        assert chart.locator("svg").count() == 1
        assert figure.locator("details table tbody tr").count() > 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_languages_say_all_of_it_in_their_own_numbers(visit, page_file, language):
    page = visit(page_file, f"?lang={language}")
    assert all(page.locator(f"#{name} .headline").inner_text() for name in SECTIONS)
    assert page.evaluate("document.documentElement.lang") == {"en": "en", "zh": "zh-CN"}[language]
    text = page.locator("main").inner_text()
    assert "undefined" not in text and "NaN" not in text and "{" not in text
    other = {"en": "zh", "zh": "en"}[language]
    page.locator(f"[data-language={other}]").click()
    first = page.locator("#changed h2 .t:visible").inner_text()
    assert first == getattr(labels()["sections"]["changed"], other)
    assert f"lang={other}" in page.evaluate("location.search")


@pytest.mark.parametrize("language", LANGUAGES)
def test_narrow_screens_never_scroll_sideways(visit, page_file, language):
    page = visit(page_file, f"?lang={language}", viewport={"width": 320, "height": 800})
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    for width in (320, 390, 768):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_paper_has_nothing_to_press(opened):
    choose(opened)
    opened.emulate_media(media="print")
    for part in ("#filters", ".downloads", ".choices", ".more", ".numbers"):
        assert not opened.locator(part).first.is_visible()
    assert opened.locator(".tile:visible").count() == 8
    opened.emulate_media(media="screen")


@pytest.mark.parametrize("language", LANGUAGES)
def test_empty_marts_give_a_page_of_friendly_sentences(visit, tmp_path, language):
    database, file = tmp_path / "current.duckdb", tmp_path / "index.html"
    with duckdb.connect(database) as connection:
        empty_marts(connection)
        connection.execute("insert into marts.publication (as_of_date) values ('2026-03-02')")
    file.write_text(monday(database), "utf-8")
    page = visit(file, f"?lang={language}")
    assert all(page.locator(f"#{name} .headline").inner_text() for name in SECTIONS)
    assert "NaN" not in page.locator("main").inner_text()


def test_other_marts_than_ours_give_a_page_that_says_so(visit, tmp_path):
    database, file = tmp_path / "current.duckdb", tmp_path / "index.html"
    with duckdb.connect(database) as connection:
        connection.execute("create schema marts; create table marts.sales (amount int)")
        connection.execute("create table marts.publication as select null::date as as_of_date")
    file.write_text(monday(database), "utf-8")
    page = visit(file)
    assert "do not answer this" in page.locator("#slipping .headline").inner_text()


def test_names_that_are_markup_stay_text(visit, shop_marts, tmp_path):
    evil = """</script><img src=x onerror="window.hacked=1">{{ 7*7 }}"""
    database, file = tmp_path / "current.duckdb", tmp_path / "index.html"
    database.write_bytes(shop_marts.read_bytes())
    with duckdb.connect(database) as connection:
        connection.execute("update marts.stores set store_name = ?", [evil])
        connection.execute("update marts.campaign_results set campaign_name = ?", [evil])
        connection.execute("update marts.play_candidates set offer_en = ?", [evil])
        connection.execute("update marts.inventory_health set category = ?", [evil])
    file.write_text(monday(database), "utf-8")
    page = visit(file)
    assert page.locator("main img").count() == 0 and page.evaluate("window.hacked") is None
    assert evil in page.locator("#stores").inner_text()
