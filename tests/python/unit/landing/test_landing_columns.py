"""Columns are found by their header; what is missing or new is told."""

from __future__ import annotations

import pytest

CHANGES = "select columns_missing, columns_added from raw.deliveries"
TOLD = {"name": "note", "optional": True}


def landed(shop, sql="select receipt_no, member, amount from raw.pos__receipts"):
    return shop.query(sql)


@pytest.mark.parametrize(
    "content",
    [
        "amount,receipt_no,member\n3,1,Ann\n",
        " receipt_no , member,amount\t\n1,Ann,3\n",
        "RECEIPT_NO,Member,Amount\n1,Ann,3\n",
        "receipt_no,member,amount,Member\n1,Ann,3,other\n",
        '"receipt_no","member","amount"\n1,Ann,3\n',
        "receipt_no,till,member,clerk,amount\n1,x,Ann,y,3\n",
        "receipt_no,,member,,amount\n1,x,Ann,y,3\n",
    ],
)
def test_columns_are_found_by_name(shop, content):
    shop.deliver("pos/receipts/a.csv", content)
    assert shop.land().messages == []
    assert landed(shop) == [("1", "Ann", "3")]


def test_a_header_may_differ_from_the_column_and_change_over_time(shop):
    headers = ["Receipt No", "小票号"]
    shop.describe("receipts", [{"name": "receipt_no", "header": headers}, "member", "amount"])
    shop.deliver("pos/receipts/1.csv", "Receipt No,member,amount\n1,Ann,3\n")
    shop.deliver("pos/receipts/2.csv", "小票号,member,amount\n2,Ann,3\n")
    assert len(shop.land().landed) == 2
    assert sorted(landed(shop)) == [("1", "Ann", "3"), ("2", "Ann", "3")]


def test_drift_is_recorded(shop):
    shop.describe("receipts", ["receipt_no", "member", "amount", TOLD])
    shop.deliver("pos/receipts/a.csv", "receipt_no,till,member,amount,clerk\n1,x,Ann,3,y\n")
    shop.land()
    assert shop.query(CHANGES) == [("note", "till,clerk")]
    assert landed(shop, "select amount, note from raw.pos__receipts") == [("3", None)]


def test_drift_is_recorded_on_the_careful_path(shop):
    shop.describe("receipts", ["receipt_no", "member", "amount", TOLD])
    shop.deliver("pos/receipts/a.csv", "receipt_no,till,member,amount\n\n1,x,Ann,3\n")
    shop.land()
    assert shop.query(CHANGES) == [("note", "till")]


def test_a_missing_required_column_holds_the_file_and_no_other(shop):
    shop.deliver("pos/receipts/a.csv", "receipt_no,customer,amount\n1,Ann,3\n")
    shop.deliver("pos/receipts/b.csv", "receipt_no,member,amount\n2,Bo,4\n")
    (held,) = shop.land().held
    assert held.message == (
        "pos/receipts/a.csv: the required column 'member' is missing (of its headers, unknown is "
        "'customer'): if it was renamed, add the new name to `header:` of `member` in "
        "models/staging/pos/_pos__sources.yml, else ask the sender for a complete file."
    )
    assert landed(shop) == [("2", "Bo", "4")]
    assert shop.query(
        "select status, reason, batch from raw.deliveries where file like '%a.csv'"
    ) == [("held", held.message, None)]


@pytest.mark.parametrize(
    ("header", "told"),
    [
        (
            "no,amount,member",
            "the required column 'receipt_no' is missing (of its headers, unknown is 'no'): if it "
            "was renamed, add the new name to `header:` of `receipt_no` in",
        ),
        (
            "receipt_no,member,till,total,sum",
            "the required column 'amount' is missing (of its headers, unknown are 'till', 'total' "
            "and 'sum'): if",
        ),
        (
            "receipt_no,Ann,3.00",
            "the required columns 'member' and 'amount' are missing (of its headers, 2 are "
            "unknown): if they were renamed, add the new names to `header:` of `member` and "
            "`amount` in",
        ),
        (
            "17,Ann,3.00",
            "the required columns 'receipt_no', 'member' and 'amount' are missing (of its headers, "
            "3 are unknown): if",
        ),
        ("receipt_no,amount", "the required column 'member' is missing: if it was renamed, add"),
    ],
)
@pytest.mark.parametrize("format", ["csv", "jsonl", "xlsx", "parquet"])
def test_all_missing_and_unknown_headers_are_told_at_once(shop, header, told, format):
    """But not by name in the first line of a file that may have no header: that is a person's."""
    shop.describe("receipts", ["receipt_no", "member", "amount"], format=format)
    values = ["x"] * (header.count(",") + 1)
    shop.deliver_rows(f"pos/receipts/a.{format}", [header.split(","), values])
    (held,) = shop.land().held
    assert told in held.message


def test_of_a_file_in_which_no_column_is_found_those_are_told_that_are_required(shop):
    shop.describe("receipts", ["receipt_no", {"name": "till", "optional": True}])
    shop.deliver("pos/receipts/a.csv", "a,b\n1,2\n")
    (held,) = shop.land().held
    assert "the required column 'receipt_no' is missing" in held.message


@pytest.mark.parametrize("header", ["amount", "member,amount,Amount", "MEMBER,AMOUNT,Member"])
def test_a_file_in_which_no_column_is_found_is_held_even_if_all_are_optional(shop, header):
    optional = [{"name": name, "optional": True} for name in ("receipt_no", "till")]
    shop.describe("receipts", optional)
    shop.deliver("pos/receipts/a.csv", f"{header}\n1,Ann,3\n")
    (held,) = shop.land().held
    assert "the required columns 'receipt_no' and 'till' are missing" in held.message


def test_a_held_file_lands_once_its_new_header_is_accepted(shop):
    shop.deliver("pos/receipts/a.csv", "receipt_no,customer,amount\n1,Ann,3\n")
    shop.land()
    member = {"name": "member", "header": ["member", "customer"]}
    shop.describe("receipts", ["receipt_no", member, "amount"])
    assert len(shop.land().landed) == 1
    assert landed(shop) == [("1", "Ann", "3")]


def test_a_held_file_that_is_taken_away_holds_nothing_up(shop):
    shop.deliver("pos/receipts/a.csv", "receipt_no,customer,amount\n1,Ann,3\n")
    shop.land()
    (shop.landing / "pos/receipts/a.csv").unlink()
    shop.land()
    shop.land()
    assert shop.query("select file, status from raw.deliveries order by event") == [
        ("pos/receipts/a.csv", "held"),
        ("pos/receipts/a.csv", "withdrawn"),
        (None, "missing"),
    ]


@pytest.mark.parametrize(
    "header", ["receipt_no,member,member,amount", "receipt_no,Member,MEMBER,amount"]
)
@pytest.mark.parametrize("format", ["csv", "xlsx", "parquet"])
def test_a_declared_header_that_comes_twice_holds_the_file(shop, header, format):
    shop.describe("receipts", ["receipt_no", "member", "amount"], format=format)
    shop.deliver_rows(f"pos/receipts/a.{format}", [header.split(","), ["1", "Ann", "Bo", "3"]])
    (held,) = shop.land().held
    assert "more than one of its headers means the column `member`" in held.message


def test_all_headers_that_come_twice_are_told_at_once(shop):
    shop.deliver("pos/receipts/a.csv", "amount,member,receipt_no,member,amount\n1,2,3,4,5\n")
    (held,) = shop.land().held
    assert "means the column `member` and `amount`: ask" in held.message


def test_an_unknown_header_that_comes_twice_does_no_harm(shop):
    shop.deliver("pos/receipts/a.csv", "receipt_no,x,member,x,amount\n1,a,Ann,b,3\n")
    assert shop.land().messages == []


def test_an_unreadable_header_holds_the_file(shop):
    shop.deliver("pos/receipts/a.csv", '"receipt_no,member,amount\n1,Ann,3\n')
    (held,) = shop.land().held
    assert "its header can't be read" in held.message


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
def test_an_empty_file_is_held(shop, content):
    shop.deliver("pos/receipts/a.csv", content)
    (held,) = shop.land().held
    assert "a.csv: it is empty" in held.message


def test_a_tab_separated_file(shop):
    shop.describe("receipts", ["receipt_no", "member"], delimiter="\t", files="receipts/*.tsv")
    shop.deliver("pos/receipts/a.tsv", "receipt_no\tmember\n1\tLee, Ann\n\t\n")
    shop.land()
    assert shop.query("select receipt_no, member from raw.pos__receipts order by _line") == [
        ("1", "Lee, Ann"),
        (None, None),
    ]


def test_a_file_of_one_column(shop):
    shop.describe("receipts", ["receipt_no"])
    shop.deliver("pos/receipts/a.csv", 'receipt_no\n1\n\n""\n2\n')
    shop.land()
    assert shop.query("select receipt_no, _line from raw.pos__receipts order by 2") == [
        ("1", 2),
        (None, 4),
        ("2", 5),
    ]
