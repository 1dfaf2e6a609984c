"""The tiny example from files to published marts, against figures worked out by hand.

Its files are examples/tiny/landing; read them beside these tests.
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
    "pos:R1015": ("60.00", "0", "0", "0", "60.00"),  # its second line has no readable amount
}

# source, entity, where: reason and rows
REFUSED = {
    ("crm", "accounts", "validation", "key_missing"): 1,
    ("pos", "orders", "validation", "time_unreadable"): 1,  # 2026-02-30
    ("pos", "orders", "validation", "after_delivery"): 1,  # 2099-01-01
    ("pos", "order_lines", "validation", "amount_unreadable"): 1,  # twelve
    ("pos", "order_lines", "validation", "order_missing"): 1,  # its receipt has an open quote
    ("pos", "refunds", "validation", "amount_not_positive"): 1,
    ("shop", "orders", "validation", "currency_without_rate"): 1,  # EUR
    ("shop", "orders", "validation", "status_unknown"): 1,  # LOST
    ("shop", "order_lines", "validation", "order_missing"): 1,  # of the order in EUR
    ("pos", "receipts", "landing", "unclosed_quote"): 1,
    ("pos", "receipts", "landing", "wrong_field_count"): 1,
    ("shop", "orders", "landing", "invalid_json"): 1,  # cut off in the middle
}


def customer_of(tiny, account: str) -> str:
    [(customer,)] = tiny.query(
        f"select customer_id from marts.customer_accounts where account_id = '{account}'"
    )
    return customer


def test_accounts_of_one_person_are_one_customer(tiny):
    rows = tiny.query("select customer_id, account_id from marts.customer_accounts")
    people: dict[str, set[str]] = {}
    for customer, account in rows:
        people.setdefault(customer, set()).add(account)
    expected = SAME_PERSON + [{account} for account in ALONE]
    assert sorted(people.values(), key=min) == sorted(expected, key=min)


def test_orders_are_worth_what_is_left(tiny):
    rows = tiny.query(
        "select order_id, gross_amount, discount_amount, refunded_amount, voided_amount, net_amount"
        " from marts.orders"
    )
    found = {order: money for order, *money in rows}
    for order, money in MONEY.items():
        assert found[order] == [Decimal(amount) for amount in money], order
    assert len(found) == 30
    assert sum(net for *_, net in found.values()) == Decimal("1620.80")


def test_a_refund_without_its_order_is_unattributed(tiny):
    rows = tiny.query("select refund_id, refund_amount from marts.refunds where not is_attributed")
    assert rows == [("pos:V03", Decimal("15.00"))]


def test_guests_keep_their_orders(tiny):
    rows = tiny.query("select order_id from marts.orders where is_guest order by 1")
    assert [order for (order,) in rows] == ["pos:R1003", "pos:R1009", "pos:R1024", "shop:W9"]


def test_the_business_day_is_that_of_the_shop(tiny):
    rows = tiny.query(
        "select order_id, ordered_at::varchar, ordered_on::varchar from marts.orders"
        " where order_id in ('shop:W4', 'pos:R1003') order by 1"
    )
    assert rows == [
        ("pos:R1003", "2025-10-31 15:59:00", "2025-10-31"),
        ("shop:W4", "2026-03-31 16:30:00", "2026-04-01"),
    ]


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
    assert totals == (98, 85, 9, 1, 3, 84, 1)


@pytest.mark.parametrize(
    "account, segment, stage, state, level",
    [
        ("crm:M001", "111", "maturity", "active", "none"),
        ("crm:M002", "011", "decline", "lost", "red"),
        ("crm:M003", "000", "acquisition", "lost", "red"),
        ("crm:M004", "000", "acquisition", "dormant", "yellow"),
        ("shop:U103", "100", "acquisition", "new", "none"),
        ("shop:U105", "111", "growth", "reactivated", "none"),
        ("crm:M006", None, "acquisition", "new", None),  # registered, never bought
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


def test_unit_tests_hold(tiny, tmp_path):
    """The hand-computed rows beside every rule, against the warehouse that was just built."""
    done = tiny.command(
        *("dbt", "test", "--select", "test_type:unit", "--profiles-dir", "."),
        *("--target-path", str(tmp_path), "--log-path", str(tmp_path), "--no-use-colors"),
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert "Completed successfully" in done.stdout
