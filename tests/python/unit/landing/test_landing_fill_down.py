"""Exports with one line for each product of an order write the order's own values once."""

from __future__ import annotations

import pytest

HEADER = ["order_no", "email", "sku"]
COLUMNS = [{"name": "order_no", "fill_down": True}, {"name": "email", "fill_down": True}, "sku"]
FORMATS = ["csv", "jsonl", "parquet", "xlsx"]
LONG = "x" * 60

# What is delivered, and what the first two columns of it are then
CASES = {
    "two lines of an order": (
        [["1", "a@x", "p"], [None, None, "q"], ["2", "b@x", "r"]],
        [("1", "a@x"), ("1", "a@x"), ("2", "b@x")],
    ),
    "three lines of an order": (
        [["1", "a@x", "p"], [None, None, "q"], [None, None, "r"]],
        [("1", "a@x"), ("1", "a@x"), ("1", "a@x")],
    ),
    "a value of its own": (
        [["1", "a@x", "p"], [None, "b@x", "q"], [None, None, "r"]],
        [("1", "a@x"), ("1", "b@x"), ("1", "a@x")],
    ),
    "an order without an address": (
        [["1", "a@x", "p"], ["2", None, "q"], [None, None, "r"]],
        [("1", "a@x"), ("2", None), ("2", None)],
    ),
    "nothing to go on with": (
        [[None, None, "p"], [None, "b@x", "q"], ["2", "c@x", "r"], [None, None, "s"]],
        [(None, None), (None, "b@x"), ("2", "c@x"), ("2", "c@x")],
    ),
    "blanks are nothing": (
        [["1", "a@x", "p"], ["  ", " ", "q"]],
        [("1", "a@x"), ("1", "a@x")],
    ),
    "behind a line that is set aside": (
        [
            ["1", "a@x", "p"],
            ["2", "b@x", LONG],
            [None, None, "q"],
            [None, None, "r"],
            ["3", "c", "s"],
        ],
        [("1", "a@x"), (None, None), (None, None), ("3", "c")],
    ),
    "a line that goes on is set aside": (
        [["1", "a@x", "p"], [None, None, LONG], [None, None, "q"], ["2", "b@x", "r"]],
        [("1", "a@x"), (None, None), ("2", "b@x")],
    ),
}


def filled(shop) -> list[tuple]:
    return shop.query("select order_no, email from raw.shop__orders order by _line")


@pytest.fixture
def orders(shop):
    """A shop whose orders are exported so; what is longer than 50 characters is set aside."""
    shop.limits = type(shop.limits)(cell_characters=50)
    return shop


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize(("rows", "expected"), CASES.values(), ids=CASES)
def test_what_is_written_once_is_filled_down(orders, rows, expected, format):
    orders.describe("orders", COLUMNS, "shop", format=format)
    orders.deliver_rows(f"shop/orders/a.{format}", [HEADER, *rows])
    orders.land()
    assert filled(orders) == expected


@pytest.mark.parametrize(
    "bad", ["9,only two", '9,"open,p', '9,"a"b,p', "9,b@x,p,too many", '9,"b@x,p\n9,5",p"']
)
def test_no_value_is_carried_across_a_line_that_is_no_record(orders, bad):
    """Whose record goes on below it nobody knows."""
    orders.describe("orders", COLUMNS, "shop")
    orders.deliver("shop/orders/a.csv", f"order_no,email,sku\n1,a@x,p\n{bad}\n,,q\n2,b@x,r\n,,s\n")
    orders.land()
    assert filled(orders) == [("1", "a@x"), (None, None), ("2", "b@x"), ("2", "b@x")]


def test_blank_lines_between_do_no_harm(orders):
    orders.describe("orders", COLUMNS, "shop")
    orders.deliver("shop/orders/a.csv", 'order_no,email,sku\n1,a@x,p\n\n,,q\n  \n,,"r\ns"\n')
    orders.land()
    assert filled(orders) == [("1", "a@x")] * 3


def test_nothing_is_carried_into_another_file(orders):
    orders.describe("orders", COLUMNS, "shop")
    orders.deliver("shop/orders/a.csv", "order_no,email,sku\n1,a@x,p\n")
    orders.deliver("shop/orders/b.csv", "order_no,email,sku\n,,q\n")
    orders.land()
    assert sorted(filled(orders), key=str) == [("1", "a@x"), (None, None)]


def test_the_first_such_column_tells_where_a_record_begins(orders):
    """And it need not be the first of the file."""
    orders.describe("orders", ["sku", {"name": "email", "fill_down": True}, COLUMNS[0]], "shop")
    orders.deliver("shop/orders/a.csv", "order_no,email,sku\n1,a@x,p\n,b@x,q\n2,,r\n,c@x,s\n2,,t\n")
    orders.land()
    assert filled(orders) == [
        ("1", "a@x"),
        (None, "b@x"),
        ("2", "b@x"),
        (None, "c@x"),
        ("2", "c@x"),
    ]
