"""Files whose rows are of several kinds, from the lander to the marts of orders, on each engine.

The project `motley` reads three of them. `desk` writes an order with several lines as one whole row
and rows with blanks, refunds into columns of the order's own row, and orders on trial. `wholesale`
numbers invoices and not their lines, takes back by invoices that begin with C, and repeats the end
of one year in the file of the next. `till` has payments and refunds in one file.
"""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from conftest import ROOT, Shop

from orchestration.duck import connect
from orchestration.project import Project
from orchestration.warehouse import attach

MOTLEY = ROOT / "tests" / "python" / "motley"
# What the project takes from the checkout, as it stands there.
SHARED = (
    "macros",
    "tests/generic",
    "tests/singular/assert_every_landed_row_is_settled.sql",
    "tests/singular/assert_orders_carry_the_money_of_their_lines.sql",
    "seeds/order_adjustment_kinds.csv",
    "models/docs.md",
    "models/staging/landing",
    *(
        f"models/entities/{entity}"
        for entity in (
            *("deliveries", "exchange_rates", "quarantine"),
            *("orders", "order_lines", "order_adjustments", "payments", "refunds"),
        )
    ),
    *(
        f"models/intermediate/behaviour/{model}.{kind}"
        for model in (
            *("int_credit_candidates", "int_credit_orders", "int_booked_refunds"),
            "int_order_states",
        )
        for kind in ("sql", "yml")
    ),
    "models/intermediate/quality/int_settled_rows.sql",
    "models/intermediate/quality/int_settled_rows.yml",
    *(f"models/marts/core/{mart}.sql" for mart in ("orders", "order_lines", "refunds")),
)


@dataclass(frozen=True)
class Motley:
    """A warehouse of the three sources."""

    warehouse: Path

    def rows(self, query: str) -> list[tuple]:
        with connect() as connection:
            attach(connection, self.warehouse)
            connection.execute("use warehouse.marts")
            return connection.execute(query).fetchall()

    def settled(self, source: str, entity: str) -> dict[str, int]:
        """How many rows became what, with the reason where they were refused."""
        rows = self.rows(
            "select row_status, reason_code, row_count from warehouse.intermediate.int_settled_rows"
            f" where source_system = '{source}' and entity = '{entity}'"
        )
        counts: Counter[str] = Counter()
        for status, reason, count in rows:
            counts[reason or status] += count
        return dict(counts)


@pytest.fixture(scope="module")
def motley(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Motley:
    folder = tmp_path_factory.mktemp("kinds_of_rows")
    shop = Shop(folder / "data", folder / "project")
    shutil.copytree(MOTLEY, shop.root)
    for name in SHARED:
        copied, place = ROOT / name, shop.root / name
        if copied.is_dir():
            shutil.copytree(copied, place)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(copied, place)
    (shop.root / "profiles.yml").symlink_to(ROOT / "profiles.yml")
    shutil.move(shop.root / "landing", shop.data / "landing")
    landed = shop.command("regulars", "land")
    assert landed.returncode == 0, landed.stdout + landed.stderr
    done = shop.dbt(engine, "build", "--exclude-resource-type", "unit_test")
    assert done.returncode == 0, done.stdout
    return Motley(Project(shop.root, shop.data, engine).warehouse)


def test_an_order_s_blank_rows_are_lines_and_no_orders(motley: Motley) -> None:
    """The order on trial is neither; one with a status that is not declared is refused by all."""
    assert motley.settled("desk", "orders") == {"accepted": 3, "ignored": 2, "row_kind_unknown": 1}
    assert motley.settled("desk", "order_lines") == {
        **{"accepted": 4, "ignored": 1, "row_kind_unknown": 1}
    }


def test_columns_of_the_order_s_own_row_are_refunds_and_adjustments(motley: Motley) -> None:
    """Of each row of the file there are three adjustments: discount, shipping and tax."""
    assert motley.settled("desk", "refunds") == {"accepted": 1, "ignored": 4, "row_kind_unknown": 1}
    assert motley.settled("desk", "order_adjustments") == {
        **{"accepted": 9, "ignored": 6, "row_kind_unknown": 3}
    }


def test_an_order_is_worth_its_lines_and_what_adjusts_it_less_what_was_given_back(
    motley: Motley,
) -> None:
    """120 less 12 with 6 of shipping, and tax that is the state's; 50 of which all was refunded,
    with its tax; 30 less 10 that the till gave back."""
    rows = motley.rows(
        "select order_id, gross_amount, adjustment_amount, refunded_amount,"
        " net_amount, is_purchase from orders where source_system = 'desk' order by order_id"
    )
    assert rows == [
        ("desk:1001", Decimal(120), Decimal(-6), Decimal(0), Decimal(114), True),
        ("desk:1002", Decimal(50), Decimal(0), Decimal(50), Decimal(0), False),
        ("desk:1005", Decimal(30), Decimal(0), Decimal(10), Decimal(20), True),
    ]


def test_lines_bear_what_adjusts_their_order(motley: Motley) -> None:
    assert motley.rows(
        "select order_line_id, sales_amount, adjustment_amount from order_lines"
        " where order_id in ('desk:1001', 'desk:1002') order by order_line_id"
    ) == [
        ("desk:1001:1", Decimal(100), Decimal(-5)),
        ("desk:1001:2", Decimal(20), Decimal(-1)),
        ("desk:1002:1", Decimal(50), Decimal(0)),
    ]


def test_invoices_that_take_back_are_refunds_and_no_orders(motley: Motley) -> None:
    """536365 has three lines, each of which tells of the invoice, and 536380 is in both files."""
    assert motley.settled("wholesale", "orders") == {"accepted": 3, "duplicate": 3, "ignored": 4}
    assert motley.settled("wholesale", "refunds") == {"accepted": 2, "duplicate": 1, "ignored": 7}


def test_what_an_invoice_takes_back_is_of_the_order_that_had_as_much_or_of_the_customer(
    motley: Motley,
) -> None:
    """Of 5.10 there was no invoice; of 2.55 there was 536382, of the day before."""
    assert motley.rows(
        "select refund_id, order_id, customer_id, matched_by, refund_amount, delivered_amount"
        " from refunds where source_system = 'wholesale' order by refund_id"
    ) == [
        ("wholesale:C536379:1", None, "wholesale:17850", "customer", Decimal(51), Decimal("5.10")),
        (
            *("wholesale:C536383:1", "wholesale:536382", "wholesale:17850", "amount"),
            *(Decimal("25.50"), Decimal("2.55")),
        ),
    ]
    assert motley.rows(
        "select refunded_amount, net_amount, is_purchase from orders"
        " where order_id = 'wholesale:536382'"
    ) == [(Decimal("25.50"), Decimal(0), False)]


def test_lines_without_a_number_have_the_place_in_which_they_stand(motley: Motley) -> None:
    """Two lines alike on one invoice are two, and a line that the next file repeats is one."""
    assert motley.settled("wholesale", "order_lines") == {
        **{"accepted": 5, "duplicate": 1, "ignored": 4}
    }
    assert motley.rows(
        "select order_line_id, delivered_amount, sales_amount from order_lines"
        " where source_system = 'wholesale' order by order_line_id"
    ) == [
        ("wholesale:536365:1", Decimal("15.30"), Decimal(153)),
        ("wholesale:536365:2", Decimal("3.00"), Decimal(30)),
        ("wholesale:536365:3", Decimal("15.30"), Decimal(153)),
        ("wholesale:536380:1", Decimal("1.00"), Decimal(10)),
        ("wholesale:536382:1", Decimal("2.55"), Decimal("25.50")),
    ]


def test_payments_and_refunds_of_one_file_are_told_apart(motley: Motley) -> None:
    """Cash and cards are read by a model each, and both count every row of the file."""
    assert motley.settled("till", "payments") == {
        **{"accepted": 3, "ignored": 7, "row_kind_unknown": 2}
    }
    assert motley.settled("till", "refunds") == {"accepted": 1, "ignored": 4, "row_kind_unknown": 1}
    assert motley.rows(
        "select payment_id, payment_method from warehouse.entities.int_payments_validated"
        " where row_status = 'accepted' order by 1"
    ) == [("till:1", "bank_card"), ("till:2", "cash"), ("till:3", "cash")]


def test_what_is_ignored_keeps_its_money(motley: Motley) -> None:
    """One on trial at the desk; a trial of 99 pounds, and 5.10 twice and 2.55 taken back."""
    assert motley.rows(
        "select source_system, sum(amount) from warehouse.intermediate.int_settled_rows"
        " where entity = 'order_lines' and row_status = 'ignored' group by 1 order by 1"
    ) == [("desk", Decimal(1)), ("wholesale", Decimal("86.25"))]


def test_the_case_of_a_currency_does_not_matter(motley: Motley) -> None:
    """The files, the rates and the variable write it in small letters, or not."""
    assert motley.rows("select distinct currency from orders order by 1") == [("CNY",), ("GBP",)]


def test_no_file_here_replaces_its_own_rows(motley: Motley) -> None:
    assert (
        motley.rows(
            "select order_line_id from warehouse.entities.int_order_lines_validated"
            " where is_replaced_within_file"
        )
        == []
    )
