"""Questions of a business, asked of the demo world through `regulars mcp` in both languages.

What is right is computed from marts that the answer is not read from, or row by row in Python.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from asking import Ask, asking, command, need_the_sdk
from conftest import ROOT, Shop

from orchestration.ask.findings import findings
from orchestration.ask.words import mart_words
from orchestration.labels import LANGUAGES
from orchestration.metrics import metrics

CENT = 0.005
in_both_languages = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(scope="module")
def ask(world: Shop) -> Iterator[Ask]:
    need_the_sdk()
    with asking(command(world)) as ask:
        yield ask


@pytest.fixture(scope="module")
def today(world: Shop) -> date:
    [(day,)] = world.query("select as_of_date from marts.publication")
    return day


@pytest.fixture(scope="module")
def month(today: date) -> tuple[str, str]:
    """The first and the last day of the last month that is over."""
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1).isoformat(), last.isoformat()


def in_month(month: tuple[str, str], column: str = "ordered_on") -> str:
    return f"{column} between date '{month[0]}' and date '{month[1]}'"


def one(shop: Shop, sql: str):
    [(value,)] = shop.query(sql)
    return value


def of_month(ask: Ask, month: tuple[str, str], metric: str, language: str, **asked):
    """The answer to a metric of the last month, in the language that was asked for."""
    days = {"first_day": month[0], "last_day": month[1]}
    told = ask("ask_metric", metric=metric, language=language, **days, **asked)
    definition = told.answer["definitions"][0]
    for said, text in (
        ("label", metrics()[metric].label),
        ("means", metrics()[metric].meaning),
        ("not_meant", metrics()[metric].not_meant),
    ):
        assert definition[said] == getattr(text, language)
    return told


@in_both_languages
def test_how_much_did_we_sell_last_month(ask, world, month, today, language):
    told = of_month(ask, month, "net_revenue", language)
    sold = one(world, f"select sum(net_amount) from marts.orders where {in_month(month)}")
    [row] = told.data["rows"]
    assert row["value"] == pytest.approx(float(sold), abs=CENT)
    assert told.answer["as_of"] == today.isoformat()
    assert told.data["total"][0]["value"] == pytest.approx(float(sold), abs=CENT)


@in_both_languages
def test_how_many_people_bought_in_stores(ask, world, month, language):
    told = of_month(ask, month, "buyers", language, channel="store")
    bought = world.query(
        "select customer_id from marts.orders where is_purchase and channel = 'store'"
        f" and customer_id is not null and {in_month(month)}"
    )
    assert told.data["rows"][0]["value"] == len(set(bought))
    assert told.data["total"] is None


@in_both_languages
def test_what_is_a_purchase_worth_by_channel_over_a_quarter(ask, world, today, language):
    last = today.replace(day=1) - timedelta(days=1)
    first = (last - timedelta(days=70)).replace(day=1)
    told = of_month(
        ask,
        (first.isoformat(), last.isoformat()),
        "average_order_value",
        language,
        split_by=["channel"],
    )
    worth = {
        channel: float(amount) / count
        for channel, amount, count in world.query(
            "select channel, sum(net_amount), count(*) from marts.orders"
            f" where is_purchase and ordered_on between '{first}' and '{last}' group by channel"
        )
    }
    total = {row["channel"]: row["value"] for row in told.data["total"]}
    assert total == pytest.approx(worth)
    assert len(told.data["rows"]) == 3 * len(worth)


@in_both_languages
def test_how_deep_were_discounts(ask, world, month, language):
    told = of_month(ask, month, "discount_share", language)
    [(discounts, prices)] = world.query(
        "select sum(lines.discount_amount), sum(lines.gross_amount)"
        " from marts.order_lines as lines inner join marts.orders using (order_id)"
        f" where orders.is_purchase and {in_month(month, 'orders.ordered_on')}"
    )
    assert told.data["rows"][0]["value"] == pytest.approx(float(discounts / prices))


@in_both_languages
def test_how_many_bought_for_the_first_time(ask, world, month, today, language):
    told = of_month(ask, month, "new_customers", language)
    first = one(
        world,
        f"select count(*) from marts.customers where {in_month(month, 'first_purchase_on')}",
    )
    assert told.data["rows"][0]["value"] == first


@in_both_languages
def test_how_many_buyers_had_bought_before(ask, world, month, language):
    told = of_month(ask, month, "repeat_rate", language)
    before = one(
        world,
        "select returning_share from marts.repurchase_rates"
        f" where ordered_month = date '{month[0]}'",
    )
    assert told.data["rows"][0]["value"] == pytest.approx(before)


@in_both_languages
def test_what_does_a_new_customer_cost(ask, world, month, language):
    told = of_month(ask, month, "acquisition_cost", language)
    spent = one(
        world,
        "select sum(spend_amount) from marts.channel_performance"
        f" where performance_month = date '{month[0]}'",
    )
    won = one(
        world,
        f"select count(*) from marts.customers where {in_month(month, 'first_purchase_on')}",
    )
    assert told.data["rows"][0]["value"] == pytest.approx(float(spent) / won)


@in_both_languages
def test_which_categories_sold_best(ask, world, month, language):
    told = ask(
        "query",
        sql=f"""
            select products.category, sum(lines.sales_amount) as amount
            from marts.order_lines as lines
            inner join marts.products using (product_id)
            where {in_month(month, "lines.ordered_on")}
            group by all order by amount desc limit 3
        """,
        language=language,
    )
    category = dict(world.query("select product_id, category from marts.products"))
    sold: Counter[str] = Counter()
    for product, amount in world.query(
        f"select product_id, sales_amount from marts.order_lines where {in_month(month)}"
    ):
        sold[category[product]] += amount
    best = [[name, pytest.approx(float(amount), abs=CENT)] for name, amount in sold.most_common(3)]
    assert told.data["rows"] == best
    words = [mart_words(ROOT)[mart].definition.not_meant for mart in ("order_lines", "products")]
    assert [each["not_meant"] for each in told.answer["definitions"]] == [
        getattr(text, language) for text in words
    ]


@in_both_languages
def test_why_may_this_customer_leave_and_what_is_offered(ask, world, language):
    [(customer, account)] = world.query(
        "select customer_id, min(account_id) from marts.customer_churn"
        " inner join marts.customer_accounts using (customer_id)"
        " inner join marts.play_candidates using (customer_id)"
        " where churn_level = 'red' group by customer_id order by max(amount_at_risk) desc limit 1"
    )
    told = ask("explain_customer", customer_id=account, language=language)
    assert told.data["customer_id"] == customer
    words = "\n".join(told.data["in_words"])
    for (said,) in world.query(
        f"select segment_name_{language} from marts.customer_rfm"
        f" where is_latest and customer_id = '{customer}'"
        f" union all select level_name_{language} from marts.customer_churn"
        f" where customer_id = '{customer}'"
        f" union all select reason_{language} from marts.customer_churn_reasons"
        f" where customer_id = '{customer}'"
        " union all select account_id from marts.customer_accounts"
        f" where customer_id = '{customer}'"
    ):
        assert said in words
    offers = world.query(
        f"select offer_{language} from marts.play_candidates"
        f" where customer_id = '{customer}' order by priority, play"
    )
    assert [(offer["offer"],) for offer in told.data["what_to_offer"]] == offers
    figures = told.data["figures"][0]
    assert figures["amount_at_risk"] == float(
        one(
            world,
            f"select amount_at_risk from marts.customer_churn where customer_id = '{customer}'",
        )
    )


@in_both_languages
def test_what_is_there_to_know_on_monday(ask, world, today, language):
    told = ask("findings_of_the_week", language=language)
    found = {each["finding"]: each for each in told.data["findings"]}
    assert list(found) == [finding.name for finding in findings()]
    assert [each["title"] for each in found.values()] == [
        getattr(finding.title, language) for finding in findings()
    ]
    figures = {row["kpi"]: row for row in found["key_figures"]["rows"]}
    now, before = (
        one(
            world,
            "select count(*) from marts.orders where is_purchase"
            f" and ordered_on between '{today - timedelta(last)}' and '{today - timedelta(first)}'",
        )
        for first, last in ((1, 7), (8, 14))
    )
    assert figures["orders"]["figure"] == now
    assert figures["orders"]["to_week_before_share"] == pytest.approx(now / before - 1)
    sentence = found["key_figures"]["sentences"][0]
    assert (
        sentence.startswith(getattr(metrics()["orders"].label, language)) and f"{now:,}" in sentence
    )
    levels = world.query(
        f"select level_name_{language}, count(*), cast(sum(amount_at_risk) as double)"
        " from marts.customer_churn where churn_level in ('red', 'orange', 'yellow')"
        " group by all order by 3 desc"
    )
    assert [
        (row["level_name"], row["customer_count"], row["risk_amount"])
        for row in found["who_is_slipping"]["rows"]
    ] == levels


@in_both_languages
def test_which_tables_there_are_and_what_they_mean(ask, world, language):
    told = ask("list_marts", language=language)
    listed = {each["name"]: each for each in told.data["marts"]}
    published = {
        name
        for (name,) in world.query(
            "select table_name from duckdb_tables() where schema_name = 'marts'"
        )
    }
    assert set(listed) == published
    assert listed["orders"]["rows"] == one(world, "select count(*) from marts.orders")
    described = ask("describe_mart", mart="customer_churn", language=language)
    [definition] = described.answer["definitions"]
    words = mart_words(ROOT)["customer_churn"].definition
    assert (
        definition["means"] == listed["customer_churn"]["means"] == getattr(words.means, language)
    )
    assert definition["not_meant"] == getattr(words.not_meant, language)
    assert described.data["key"] == ["customer_id"]
    assert described.data["joins"] == {"customer_id": "marts.customers.customer_id"}
    columns = world.query(
        "select column_name from duckdb_columns()"
        " where schema_name = 'marts' and table_name = 'customer_churn' order by column_index"
    )
    assert [(column["name"],) for column in described.data["columns"]] == columns
    assert all(column["means"].endswith(".") for column in described.data["columns"])


@pytest.mark.parametrize("metric", [name for name, metric in metrics().items() if metric.cells])
def test_what_adds_up_by_months_adds_up_by_days(ask, month, metric):
    """A total is the same whichever rows it is of; of what has none it is said so."""
    days = {"first_day": month[0], "last_day": month[1]}
    by_month, by_day = (
        ask("ask_metric", metric=metric, period=period, **days) for period in ("month", "day")
    )
    if metrics()[metric].adds_up:
        [total] = by_month.data["total"]
        assert total["value"] == pytest.approx(by_month.data["rows"][0]["value"])
        assert by_day.data["total"][0]["value"] == pytest.approx(total["value"])
    else:
        assert by_month.data["total"] is None and by_day.data["total"] is None
