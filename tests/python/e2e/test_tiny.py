"""The tiny example from files to published marts, against figures worked out by hand.

Its files are examples/tiny/landing and examples/tiny/readable; read them beside these tests.
"""

from __future__ import annotations

from decimal import Decimal

import pytest

SAME_PERSON = [
    {"crm:M001", "shop:U100"},  # one phone, written in two ways
    {"crm:M002", "shop:U101", "shop:U102"},  # an e-mail, then a union id: a chain
]
ALONE = [
    "crm:M003",
    "crm:M004",  # shares the placeholder 13800000000 with M005 and U105, which links nobody
    "crm:M005",
    "crm:M006",
    "crm:M999",  # only a receipt names it
    "shop:U103",
    "shop:U104",
    "shop:U105",
]

# order, gross, discount, refunded, voided, net
MONEY = {
    "pos:R1001": ("80.00", "2.00", "0", "0", "78.00"),
    "shop:R1001": ("80.00", "0", "0", "0", "80.00"),  # the same number in another system
    "pos:R1005": ("176.00", "16.00", "30.00", "0", "130.00"),  # refunded in part
    "pos:R1012": ("48.00", "0", "48.00", "0", "0"),  # refunded to nothing
    "pos:R1016": ("792.00", "0", "0", "792.00", "0"),  # cancelled after 12 minutes
    "shop:W5": ("80000.00", "0", "0", "80000.00", "0"),  # a giant, cancelled after 12 minutes
    "shop:W7": ("87.50", "0", "17.50", "0", "70.00"),  # 12.50 USD at 7.0, 2.50 USD given back
    "shop:W8": ("80.00", "0", "0", "80.00", "0"),  # never paid
    "shop:W9": ("58.50", "0", "8.50", "0", "50.00"),  # given back in part, in a store
    "pos:R1015": ("60.00", "0", "0", "0", "60.00"),  # its second line has no readable amount
}

# source, entity, where: reason and rows
REFUSED = {
    ("crm", "accounts", "validation", "key_missing"): 1,
    ("crm", "consents", "validation", "status_unknown"): 1,  # asked
    ("crm", "loyalty_ledger", "validation", "account_missing"): 1,
    ("crm", "loyalty_ledger", "validation", "quantity_unreadable"): 1,  # ten
    ("crm", "loyalty_ledger", "validation", "type_unknown"): 1,  # gift
    ("crm", "membership_tiers", "validation", "time_unreadable"): 1,  # 2026/02/30
    ("pos", "orders", "validation", "time_unreadable"): 2,  # 2026-02-30; a clock in Atlantis
    ("pos", "orders", "validation", "after_delivery"): 1,  # 2099-01-01
    ("pos", "order_lines", "validation", "amount_unreadable"): 1,  # twelve
    ("pos", "order_lines", "validation", "order_missing"): 1,  # its receipt has an open quote
    ("pos", "payments", "validation", "amount_in_cents"): 1,  # 1200 for a milk of 12.00
    ("pos", "payments", "validation", "order_missing"): 1,
    ("pos", "refunds", "validation", "amount_not_positive"): 1,
    ("shop", "orders", "validation", "currency_without_rate"): 1,  # EUR
    ("shop", "orders", "validation", "status_unknown"): 1,  # LOST
    ("shop", "order_lines", "validation", "order_missing"): 1,  # of the order in EUR
    ("shop", "payments", "validation", "amount_in_cents"): 1,  # 1980 for an order of 19.80
    ("shop", "payments", "validation", "order_missing"): 1,  # of the order in EUR
    ("app", "events", "validation", "type_unknown"): 1,  # teleport
    ("service", "interactions", "validation", "time_unreadable"): 1,  # yesterday
    ("service", "interactions", "validation", "type_unknown"): 1,  # ces
    ("marketing", "campaigns", "validation", "key_missing"): 1,
    ("marketing", "coupons", "validation", "campaign_missing"): 1,
    ("marketing", "touches", "validation", "account_missing"): 1,
    ("marketing", "touches", "validation", "campaign_missing"): 1,
    ("marketing", "touches", "validation", "type_unknown"): 1,  # bounced
    ("marketing", "channel_spend", "validation", "amount_unreadable"): 1,  # free
    ("erp", "stock_levels", "validation", "quantity_unreadable"): 1,  # many
    ("erp", "supplier_orders", "validation", "quantity_unreadable"): 1,  # a crate
    ("erp", "promotions", "validation", "share_unreadable"): 1,  # half
    ("erp", "competitor_prices", "validation", "amount_unreadable"): 1,  # sold out
    ("pos", "receipts", "landing", "unclosed_quote"): 1,
    ("pos", "receipts", "landing", "wrong_field_count"): 1,
    ("shop", "orders", "landing", "invalid_json"): 1,  # cut off in the middle
}

# source, entity: rows of all its files, and those in a mart, which few entities have
LANDED = {
    ("pos", "orders"): (28, 22),
    ("pos", "order_lines"): (27, 24),
    ("pos", "payments"): (9, None),  # the tills of the south write theirs in GB 18030
    ("pos", "refunds"): (5, 4),
    ("shop", "accounts"): (6, 6),
    ("shop", "orders"): (11, 9),
    ("shop", "order_lines"): (10, 9),
    ("shop", "payments"): (5, None),
    ("shop", "refunds"): (2, 2),
    ("crm", "accounts"): (7, 6),
    ("crm", "consents"): (4, None),
    ("crm", "loyalty_ledger"): (6, None),
    ("crm", "membership_tiers"): (4, None),
    ("app", "events"): (11, None),  # Parquet, by day
    ("service", "interactions"): (10, None),  # 3 tickets, 2 reviews, 3 surveys, 2 comments
    ("marketing", "campaigns"): (3, 2),
    ("marketing", "coupons"): (3, None),
    ("marketing", "touches"): (7, None),
    ("marketing", "channel_spend"): (3, None),
    ("erp", "products"): (4, 4),
    ("erp", "stores"): (3, 3),
    ("erp", "stock_levels"): (6, None),
    ("erp", "supplier_orders"): (3, None),
    ("erp", "promotions"): (3, None),
    ("erp", "competitor_prices"): (3, None),  # an Excel sheet
}


def customer_of(tiny, account: str) -> str:
    [(customer,)] = tiny.query(
        f"select customer_id from marts.customer_accounts where account_id = '{account}'"
    )
    return customer


def test_accounts_of_one_person_are_one_customer(tiny):
    rows = tiny.query(
        "select customer_id, account_id from marts.customer_accounts where not is_guest"
    )
    people: dict[str, set[str]] = {}
    for customer, account in rows:
        people.setdefault(customer, set()).add(account)
    expected = SAME_PERSON + [{account} for account in ALONE]
    assert sorted(people.values(), key=min) == sorted(expected, key=min)


def test_the_golden_record_says_whose_word_it_is(tiny):
    """The shop knows neither gender nor tier of Alice and Bob; who only shops has none."""
    rows = tiny.query("""
        select account_id, gender, city, membership_tier, gender_source, membership_tier_source
        from marts.customers inner join marts.customer_accounts using (customer_id)
        where account_id in ('shop:U100', 'shop:U102', 'shop:U103') order by 1
    """)
    assert rows == [
        ("shop:U100", "F", "上海", "gold", "crm", "crm"),
        ("shop:U102", "M", "上海", "silver", "crm", "crm"),
        ("shop:U103", None, None, None, None, None),
    ]


def test_orders_are_worth_what_is_left(tiny):
    rows = tiny.query(
        "select order_id, gross_amount, discount_amount, refunded_amount, voided_amount, net_amount"
        " from marts.orders"
    )
    found = {order: money for order, *money in rows}
    for order, money in MONEY.items():
        assert found[order] == [Decimal(amount) for amount in money], order
    assert len(found) == 31
    assert sum(net for *_, net in found.values()) == Decimal("1636.30")


def test_a_refund_without_its_order_is_unattributed(tiny):
    rows = tiny.query("select refund_id, refund_amount from marts.refunds where not is_attributed")
    assert rows == [("pos:V03", Decimal("15.00"))]


def test_what_the_shop_sold_may_be_given_back_in_a_store(tiny):
    rows = tiny.query(
        "select order_id, source_system from marts.refunds where refund_id = 'pos:V05'"
    )
    assert rows == [("shop:W9", "pos")]


def test_a_guest_who_left_a_mailbox_is_a_customer_and_others_keep_their_orders(tiny):
    """No account has the phone or the e-mail that W9 left, nor do the tills know a guest's card."""
    rows = tiny.query(
        "select order_id, claimed_by, customer_accounts.is_guest from marts.orders"
        " left join marts.customer_accounts using (customer_id)"
        " where orders.account_id is null order by 1"
    )
    assert rows == [
        *((f"pos:R10{number}", None, None) for number in ("03", "09", "24", "27")),
        ("shop:W9", "email", True),
    ]


def test_the_business_day_is_that_of_the_shop(tiny):
    rows = tiny.query(
        "select order_id, ordered_at::varchar, ordered_on::varchar from marts.orders"
        " where order_id in ('shop:W4', 'pos:R1003', 'pos:R1027') order by 1"
    )
    assert rows == [
        ("pos:R1003", "2025-10-31 15:59:00", "2025-10-31"),
        # 23:30 by the clock of Ürümqi, when it is 01:30 of the next day in Shanghai
        ("pos:R1027", "2026-06-12 17:30:00", "2026-06-12"),
        ("shop:W4", "2026-03-31 16:30:00", "2026-04-01"),
    ]


def test_an_order_is_delivered_on_a_day_of_the_shop(tiny):
    rows = tiny.query(
        "select order_id, promised_on::varchar, delivered_on::varchar from marts.orders"
        " where promised_on is not null order by 1"
    )
    assert rows == [("shop:W6", "2026-06-22", "2026-06-23"), ("shop:W9", "2026-06-27", None)]


def test_payments_have_the_same_names_in_every_system(tiny):
    rows = tiny.query(
        "select payment_method, string_agg(payment_id, ' ' order by payment_id)"
        " from entities.int_payments_validated where row_status = 'accepted'"
        " group by 1 order by 1",
        tiny.warehouse,
    )
    assert rows == [
        ("alipay", "pos:R1005:1 shop:P1 shop:P5"),
        ("bank_card", "pos:R1004:1"),
        ("cash", "pos:R1002:1 pos:R1023:1"),
        ("stored_value", "pos:R1005:2"),
        ("wechat_pay", "pos:R1001:1 pos:R1024:1 shop:P2"),
    ]


def test_who_did_what_is_named_by_the_system_that_issued_it(tiny):
    """A visitor without a name; a redemption after midnight; what a sheet and a counter say; goods
    on their way, and an offer to come."""
    assert tiny.query("""
        select account_id, product_id, occurred_on::varchar, dwell_seconds::varchar
        from entities.int_events_validated where event_id = 'app:E4'
        union all
        select account_id, order_id, occurred_on::varchar, coupon_id
        from entities.int_touches_validated where touch_id = 'marketing:X4'
        union all
        select competitor, product_id, observed_on::varchar, price_amount::varchar
        from entities.int_competitor_prices_validated where product_id = 'erp:T01'
        union all
        select store_id, product_id, counted_on::varchar, on_hand_quantity::varchar
        from entities.int_stock_levels_validated where on_hand_quantity < 0
        union all
        select store_id, product_id, due_on::varchar, delivered_on::varchar
        from entities.int_supplier_orders_validated where unit_cost_amount = 6.5
        union all
        select promotion_id, product_id, ends_on::varchar, depth_share::varchar
        from entities.int_promotions_validated where starts_on > '2026-07-01'
    """, tiny.warehouse) == [
        (None, "erp:T01", "2026-06-21", "12.00"),
        ("shop:U104", "shop:W4", "2026-04-01", "marketing:CP2"),
        ("Freshmart", "erp:T01", "2026-06-01", "57.90"),
        ("erp:S02", "erp:B03", "2026-06-25", "-2.000"),
        ("erp:S02", "erp:B03", "2026-06-23", None),
        ("erp:L02", "erp:C02", "2026-07-19", "0.1000"),
    ]  # fmt: skip


def test_the_correction_of_a_file_wins(tiny):
    [(customer,)] = tiny.query("select customer_id from marts.orders where order_id = 'pos:R1020'")
    assert customer == customer_of(tiny, "crm:M005")


def test_every_refused_row_is_there_with_its_reason(tiny):
    rows = tiny.query(
        "select source_system, entity, caught_at, reason_code, row_count"
        " from marts.quarantine_summary"
    )
    assert {tuple(key): count for *key, count in rows} == REFUSED


def test_everything_is_reconciled(tiny):
    assert tiny.query("select * from marts.reconciliation where not is_reconciled") == []
    [totals] = tiny.query(
        "select sum(rows_landed), sum(rows_accepted), sum(rows_quarantined), sum(rows_superseded),"
        " sum(rows_duplicate), sum(rows_in_marts), sum(rows_unattributed) from marts.reconciliation"
    )
    assert totals == (183, 147, 32, 1, 3, 90, 1)


def test_every_feed_has_landed(tiny):
    rows = tiny.query(
        "select source_system, entity, sum(rows_landed), sum(rows_in_marts + rows_unattributed)"
        " from marts.reconciliation group by 1, 2"
    )
    assert {tuple(key): (landed, held) for *key, landed, held in rows} == LANDED


@pytest.mark.parametrize(
    "account, segment, stage, state, level",
    [
        ("crm:M001", "111", "maturity", "active", "none"),
        ("crm:M002", "011", "decline", "lost", "red"),
        ("crm:M003", "000", "decline", "lost", "yellow"),
        ("crm:M004", "000", "decline", "lost", "yellow"),
        ("shop:U103", "100", "acquisition", "new", "none"),
        ("shop:U105", "111", "growth", "reactivated", "red"),
        ("crm:M006", None, "acquisition", "prospect", None),  # registered, never bought
    ],
)
def test_where_a_customer_stands(tiny, account, segment, stage, state, level):
    [row] = tiny.query(f"""
        select segment_code, stage, state, churn_level
        from marts.customer_lifecycle as lifecycle
        left join marts.customer_rfm as rfm using (customer_id, as_of_date)
        left join marts.customer_churn using (customer_id, as_of_date)
        where lifecycle.is_latest and customer_id = '{customer_of(tiny, account)}'
    """)
    assert row == (segment, stage, state, level)


def test_the_day_of_analysis_follows_the_last_day_of_the_data(tiny):
    [(day,)] = tiny.query("select as_of_date::varchar from marts.publication")
    assert day == "2026-06-26"
