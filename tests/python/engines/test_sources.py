"""The sources that come with the project, from hand-written files to marts.

The marts are those of every source at once, which DuckDB builds and Spark must agree with. Money of
expected.yml is in the currency of its orders, as the files have it.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest
from conftest import ROOT, Shop
from engines.every_source import SOURCES, asked, expected

Ask = Callable[[str], list[tuple]]
# Into the reporting currency, by the seed exchange_rates, in 2026. Whole: no cent is rounded.
RATES = {"CNY": 1, "USD": 7}


@pytest.fixture(scope="module")
def ask(every_source: Shop) -> Ask:
    """Rows of the warehouse."""
    return partial(every_source.query, database=every_source.warehouse)


def rows(source: str, table: str) -> dict[str, dict]:
    """Expected rows of one kind by their key, with the source in front of it as in the marts."""
    return {f"{source}:{key}": row for key, row in expected(source).get(table, {}).items()}


def money(source: str, amount: str) -> Decimal:
    return Decimal(amount) * RATES[expected(source)["currency"]]


def compare(source: str, found: list[tuple], table: str, names: str) -> None:
    """Rows found, the key first, with those of expected.yml; what it leaves out is not asked."""
    columns = names.split()
    by_key = {key: dict(zip(columns, values, strict=True)) for key, *values in found}
    wanted = rows(source, table)
    assert sorted(by_key) == sorted(wanted)
    differences = [
        (key, name, str(by_key[key][name]), text)
        for key, row in wanted.items()
        for name, text in row.items()
        if not _same(source, name, by_key[key][name], text)
    ]
    assert differences == []


def _same(source: str, name: str, value: object, text: str) -> bool:
    """Whether a value is the expected one: money by its worth, all else as it is written."""
    if name in {"gross", "discount", "adjustment", "refunded", "voided", "net", "amount"}:
        return value == money(source, text)
    if isinstance(value, bool):
        return str(value).lower() == text
    return ("" if value is None else str(value)) == text


@pytest.mark.parametrize("source", SOURCES)
def test_every_order_has_the_money_worked_out_by_hand(ask: Ask, source: str) -> None:
    found = ask(
        "select order_id, order_status, ordered_on::varchar, channel, store_id, gross_amount,"
        " discount_amount, adjustment_amount, refunded_amount, voided_amount, net_amount"
        f" from marts.orders where source_system = '{source}'"
    )
    names = "status day channel store gross discount adjustment refunded voided net"
    compare(source, found, "orders", names)


@pytest.mark.parametrize("source", SOURCES)
def test_every_line_is_there_once(ask: Ask, source: str) -> None:
    found = ask(
        "select order_line_id, product_id, quantity::double, gross_amount, discount_amount"
        f" from marts.order_lines where source_system = '{source}'"
    )
    compare(source, found, "order_lines", "product quantity gross discount")


@pytest.mark.parametrize("source", SOURCES)
def test_every_adjustment_has_its_kind_and_says_whether_it_counts(ask: Ask, source: str) -> None:
    found = ask(
        "select adjustment_id, adjustment_kind, delivered_amount, is_revenue"
        " from entities.int_order_adjustments_validated"
        f" where source_system = '{source}' and row_status = 'accepted'",
    )
    compare(source, found, "adjustments", "kind delivered counts")


@pytest.mark.parametrize("source", SOURCES)
def test_every_refund_takes_off_its_order(ask: Ask, source: str) -> None:
    found = ask(
        "select refund_id, order_id, refunded_on::varchar, refund_amount"
        f" from marts.refunds where source_system = '{source}'"
    )
    compare(source, found, "refunds", "order day amount")


@pytest.mark.parametrize("source", SOURCES)
def test_every_customer_is_one_with_all_that_they_bought(ask: Ask, source: str) -> None:
    found = ask(
        "select list(account_id order by account_id), purchase_count, net_amount"
        " from marts.customers inner join marts.customer_accounts using (customer_id)"
        f" where source_systems = '{source}' group by customer_id, purchase_count, net_amount"
    )
    wanted = [
        (
            sorted(f"{source}:{account}" for account in customer["accounts"]),
            int(customer["purchases"]),
            money(source, customer["net"]),
        )
        for customer in expected(source).get("customers", [])
    ]
    assert sorted(found) == sorted(wanted)


@pytest.mark.parametrize("source", SOURCES)
def test_what_else_the_export_has_arrives(ask: Ask, source: str) -> None:
    """How many accepted rows the other entities have."""
    wanted = expected(source).get("rows", {})
    for entity, count in wanted.items():
        [(found,)] = ask(
            f"select count(*) from entities.int_{entity}_validated"
            f" where source_system = '{source}' and row_status = 'accepted'",
        )
        assert (entity, found) == (entity, int(count))


@pytest.mark.parametrize("source", SOURCES)
def test_nothing_normal_is_refused(ask: Ask, source: str) -> None:
    """Rows that the file has wrong on purpose stand in expected.yml, with their reason."""
    found = ask(
        "select entity, reason_code, row_count from marts.quarantine_summary"
        f" where source_system = '{source}'"
    )
    wanted = [
        (entity, reason, int(count))
        for entity, reasons in expected(source).get("refused", {}).items()
        for reason, count in reasons.items()
    ]
    assert sorted(found) == sorted(wanted)


@pytest.mark.parametrize("source", SOURCES)
def test_an_overlapping_export_repeats_lines_and_replaces_none(ask: Ask, source: str) -> None:
    """The second file of each source has orders of the first again, word for word."""
    found = ask(
        "select row_status, count(*) from entities.int_order_lines_validated"
        f" where source_system = '{source}' and row_status in ('duplicate', 'superseded')"
        " group by row_status",
    )
    assert found == [("duplicate", int(expected(source)["repeated_lines"]))]


def test_all_of_it_is_reconciled(ask: Ask) -> None:
    assert ask("select * from marts.reconciliation where not is_reconciled") == []
    found = ask("select distinct source_system from marts.orders")
    assert {source for (source,) in found} > set(SOURCES)


def test_what_their_staging_decides_is_right(every_source: Shop) -> None:
    """By dbt's unit tests, which are off where the sources are."""
    words = ("test", "--select", "path:models/staging,test_type:unit", *asked(every_source))
    done = every_source.dbt("duckdb", *words)
    assert done.returncode == 0, done.stdout[-3000:]
    assert "Completed successfully" in done.stdout


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    "document", ["dbt_project.yml", "docs/adding_a_source.md", "docs/adding_a_source.zh-CN.md"]
)
def test_documents_give_the_line_that_switches_it_on(document: str, source: str) -> None:
    line = f"{source}: [{', '.join(expected(source)['entities'])}]"
    assert line in (ROOT / document).read_text(encoding="utf-8")
