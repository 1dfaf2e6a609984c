"""A run as a whole: its report, its names, and the files it leaves alone."""

from __future__ import annotations

from datetime import datetime

import pytest

GOOD = "receipt_no,member,amount\n1,Ann,3\n"


def test_no_feed_at_all_still_makes_the_ledger(shop):
    (shop.folder / "staging" / "pos" / "_pos__sources.yml").unlink()
    (shop.folder / "staging" / "pos").rmdir()
    shop.land()
    assert shop.query("select count(*), max(landed_at) from raw.deliveries") == [(0, None)]


def test_instants_are_utc(shop):
    shop.deliver("pos/receipts/a.csv", GOOD)
    shop.land()
    assert shop.column("select landed_at from raw.deliveries") == [datetime(2026, 1, 5, 6, 0)]
    assert shop.column("select _landed_at from raw.pos__receipts") == [datetime(2026, 1, 5, 6, 0)]


@pytest.mark.parametrize("name", ["it's", "a*b", "we[i]rd", "with space", "张", 'quo"te', "{a,b}"])
def test_any_folder_and_file_name_will_do(shop, name):
    shop.folder = shop.folder / name
    shop.describe("receipts", ["receipt_no", "member", "amount"])
    shop.deliver(f"pos/receipts/{name}.csv", GOOD)
    shop.deliver(f"pos/receipts/{name}2.csv", GOOD + "\n2,Bo\n")
    assert len(shop.land().landed) == 2
    assert shop.query("select distinct _file from raw.pos__receipts order by 1") == [
        (f"pos/receipts/{name}.csv",),
        (f"pos/receipts/{name}2.csv",),
    ]
    assert len(shop.query("from raw.rejected_lines")) == 1


def test_the_report_adds_up(shop):
    shop.describe("members", ["id"], source="crm")
    shop.deliver("pos/receipts/a.csv", GOOD + "2,Bo\n")
    shop.deliver("pos/receipts/b.csv", "x\n1\n")
    report = shop.land()
    numbers = report.feeds["pos__receipts"]
    assert (numbers.landed, numbers.held, numbers.missing) == (1, 1, 0)
    assert (numbers.rows, numbers.lines_quarantined) == (1, 1)
    assert report.feeds["crm__members"].missing == 1
    assert (report.total.landed, report.total.held, report.total.missing) == (1, 1, 1)
    assert len(report.messages) == 3
    assert not set(report.messages) & set(shop.said), "what is reported at the end is said once"


def test_a_feed_with_many_faults_gets_one_sentence(shop):
    for month in (1, 2, 3):
        shop.deliver(f"pos/receipts/2026-{month}.csv", GOOD + f"{month},Bo\n")
    assert shop.land().messages == [
        "pos__receipts: 3 lines quarantined in 3 files, the first of them pos/receipts/2026-1.csv."
    ]


def test_unfinished_and_hidden_files_are_left_alone(shop):
    for name in (".hidden.csv", "a.csv.tmp", "a.csv.part", "a.csv~", "~$a.csv", ".x/a.csv"):
        shop.deliver(f"pos/receipts/{name}", GOOD)
    shop.describe("receipts", ["receipt_no"], files="receipts/**/*")
    report = shop.land()
    assert len(report.missing) == 1
    assert report.unclaimed == ()


def test_a_file_that_no_feed_asks_for_is_told(shop):
    shop.deliver("pos/receipts/a.csv", GOOD)
    shop.deliver("pos/receipts/b.pdf", GOOD)
    shop.deliver("pos/more/c.csv", GOOD)
    report = shop.land()
    assert report.unclaimed == ("pos/more/c.csv", "pos/receipts/b.pdf")
    assert "landing/pos/more/c.csv belongs to no feed" in report.messages[0]


def test_a_file_that_can_not_be_opened_is_held(shop):
    shop.deliver("pos/receipts/a.csv", GOOD)
    (shop.landing / "pos/receipts/b.csv").symlink_to("gone.csv")
    (held,) = shop.land().held
    assert "b.csv: it can't be opened (No such file or directory)" in held.message


def test_a_file_name_that_is_no_text_is_held(shop):
    shop.deliver("pos/receipts/a.csv", GOOD)
    (shop.landing / "pos/receipts" / "b\udcff.csv").write_text(GOOD)
    (held,) = shop.land().held
    assert "its name is not valid UTF-8" in held.message
    assert len(shop.query("from raw.deliveries")) == 2


def test_nothing_is_left_in_the_work_folder(shop):
    shop.deliver("pos/receipts/a.csv", GOOD + "\n")
    shop.deliver("pos/receipts/b.csv", "x\n1\n")
    shop.land()
    kept = sorted(path.name for path in shop.raw.iterdir())
    assert kept == ["deliveries.jsonl", "pos__receipts", "stamps.json"]
