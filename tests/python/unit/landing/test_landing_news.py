"""What has changed in the landing folder is told once, at the end of the run that found it."""

from __future__ import annotations

import shutil

import pytest

HEADER = "receipt_no,member,amount"
GOOD = f"{HEADER}\n1,Ann,3\n"
NOTE = {"name": "note", "optional": True}


def months(shop, count: int, content: str = GOOD) -> None:
    for month in range(1, count + 1):
        shop.deliver(f"pos/receipts/{month}.csv", f"{content}{month},Ann,3\n")


def files(count: int) -> str:
    more = {1: "", 2: " and 1 more file of pos__receipts"}
    return f"pos/receipts/1.csv{more.get(count, f' and {count - 1} more files of pos__receipts')}"


@pytest.mark.parametrize("count", [1, 2, 5])
def test_files_that_are_gone_are_told_once_and_their_rows_stay(shop, count):
    months(shop, count)
    shop.deliver("pos/receipts/9.csv", GOOD)
    shop.land()
    for month in range(1, count + 1):
        (shop.landing / f"pos/receipts/{month}.csv").unlink()
    assert shop.land().messages == [
        f"{files(count)}: no longer in the landing folder; the rows stay."
    ]
    assert shop.land().messages == []
    assert shop.query("select count(*) from raw.pos__receipts") == [(2 * count + 1,)]


def test_a_file_that_comes_back_is_a_delivery(shop):
    months(shop, 2)
    shop.land()
    path = shop.landing / "pos/receipts/1.csv"
    path.rename(shop.folder / "kept")
    shop.land()
    (shop.folder / "kept").rename(path)
    report = shop.land()
    assert (report.messages, report.total.landed, report.total.rows) == ([], 1, 0)
    assert shop.column(
        "select status from raw.deliveries where file like '%/1.csv' order by event"
    ) == ["landed", "removed", "landed"]


def test_a_feed_of_which_all_files_are_gone_is_told_once(shop):
    months(shop, 3)
    shop.land()
    shutil.rmtree(shop.landing / "pos")
    [message] = shop.land().messages
    assert "no file of pos matches landing/pos/receipts/*.csv: deliver one" in message
    assert message.endswith("; the rows that landed before stay.")
    assert shop.land().messages == []


def test_a_feed_that_never_had_a_file_is_told_at_every_run(shop):
    assert len(shop.land().messages) == len(shop.land().messages) == 1


@pytest.mark.parametrize("count", [1, 2, 5])
def test_files_sent_again_with_other_content_are_told_once(shop, count):
    months(shop, count)
    shop.deliver("pos/receipts/9.csv", GOOD)
    shop.land()
    months(shop, count, f"{GOOD}7,Bo,8\n")
    assert shop.land().messages == [
        f"{files(count)}: sent again with other content, which takes the place of what had landed."
    ]
    assert shop.land().messages == []


def test_a_changed_description_is_no_news_of_the_files(shop):
    months(shop, 2)
    shop.land()
    shop.describe("receipts", ["receipt_no", "member"])
    report = shop.land()
    assert (len(report.landed), report.messages) == (2, [])


@pytest.mark.parametrize(
    ("added", "told"),
    [
        ("till", "column 'till'"),
        ("till,clerk", "columns 'till' and 'clerk'"),
        (
            ",".join(f"c{n}" for n in range(20)),
            "columns 'c0', 'c1', 'c2', 'c3'",
        ),
        (",".join(f"c{n}" for n in range(21)), "columns, 21 of them"),
    ],
)
@pytest.mark.parametrize("is_one_run", [True, False])
def test_columns_that_no_file_had_before_are_told_once(shop, added, told, is_one_run):
    months(shop, 1)
    if not is_one_run:
        assert shop.land().messages == []
    values = ",".join(["x"] * len(added.split(",")))
    for month in (2, 3):
        shop.deliver(f"pos/receipts/{month}.csv", f"{HEADER},{added}\n{month},Ann,3,{values}\n")
    [message] = shop.land().messages
    assert message.startswith("pos/receipts/2.csv and 1 more file of pos__receipts: with the new ")
    assert told in message
    shop.deliver("pos/receipts/4.csv", f"{HEADER},{added}\n4,Ann,3,{values}\n")
    assert shop.land().messages == []


def test_columns_that_nobody_declared_from_the_beginning_are_no_news(shop):
    shop.deliver("pos/receipts/1.csv", f"{HEADER},till\n1,Ann,3,x\n")
    assert shop.land().messages == []
    shop.deliver("pos/receipts/2.csv", f"till,{HEADER}\nx,2,Ann,3\n")
    assert shop.land().messages == []


@pytest.mark.parametrize("format", ["csv", "jsonl", "parquet", "xlsx"])
def test_optional_columns_that_files_lack_are_told_once(shop, format):
    """From the first file on: the name may be misspelt, and the column would stay empty."""
    shop.describe(
        "receipts", ["receipt_no", NOTE, {"name": "till", "optional": True}], format=format
    )
    header = ["receipt_no", "till"]
    for month in (1, 2):
        shop.deliver_rows(f"pos/receipts/{month}.{format}", [header, [str(month), "x"]])
    assert shop.land().messages == [
        f"pos/receipts/1.{format} and 1 more file of pos__receipts: without the optional column "
        "'note'; if there is another name for it now, add that to its `header:`."
    ]
    shop.deliver_rows(f"pos/receipts/3.{format}", [header, ["3", "x"]])
    assert shop.land().messages == []
    shop.deliver_rows(f"pos/receipts/4.{format}", [["receipt_no", "note"], ["4", "x"]])
    [message] = shop.land().messages
    assert message.startswith(f"pos/receipts/4.{format}: without the optional column 'till'")


def test_lines_that_were_quarantined_are_told_once(shop):
    shop.deliver("pos/receipts/1.csv", f"{GOOD}2,Bo\n")
    assert shop.land().messages == ["pos/receipts/1.csv: 1 row landed, 1 line quarantined."]
    assert shop.land().messages == []
