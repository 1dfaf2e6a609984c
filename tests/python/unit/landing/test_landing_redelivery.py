"""Files delivered twice, corrected, moved, or interrupted: nothing is lost, nothing done twice."""

from __future__ import annotations

import pkgutil
import shutil
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from orchestration.landing import durable
from orchestration.landing.delivered import delivery_order

HEADER = "receipt_no,member,amount\n"
A, B = HEADER + "1,Ann,10.00\n", HEADER + "1,Ann,12.00\n"
EVENTS = "select file, status, batch from raw.deliveries order by event"


def parquets(shop) -> list[str]:
    return sorted(path.name for path in shop.raw.glob("pos__receipts/*.parquet"))


def test_landing_again_changes_no_byte(shop):
    shop.deliver("pos/receipts/a.csv", A)
    shop.deliver("pos/receipts/b.csv", B + "2,Bo\n")
    shop.deliver("pos/receipts/held.csv", "what,is,this\n")
    assert len(shop.land().landed) == 2
    before = shop.stored()
    again = shop.land()
    assert shop.stored() == before
    assert [outcome.file for outcome in again.unchanged] == [
        "pos/receipts/a.csv",
        "pos/receipts/b.csv",
    ]
    assert (again.total.landed, again.total.rows, again.total.held) == (0, 0, 1)


def test_a_missing_feed_is_recorded_once(shop):
    assert "pos matches landing/pos/receipts/*.csv" in shop.land().messages[0]
    before = shop.stored()
    assert len(shop.land().missing) == 1
    assert shop.stored() == before
    assert shop.query("select file, status from raw.deliveries") == [(None, "missing")]


def test_what_may_never_come_is_told_of_only_once_it_has_been_there(shop):
    shop.describe("receipts", ["receipt_no", "member", "amount"], optional=True)
    assert shop.land().messages == []
    shop.deliver("pos/receipts/a.csv", A)
    fingerprint = shop.feeds[0].fingerprint
    shop.land()
    (shop.landing / "pos/receipts/a.csv").unlink()
    assert "pos matches landing/pos/receipts/*.csv" in shop.land().messages[0]
    shop.describe("receipts", ["receipt_no", "member", "amount"])
    assert shop.feeds[0].fingerprint == fingerprint  # its files don't land anew


def test_a_feed_may_vanish_and_come_back(shop):
    shop.deliver("pos/receipts/a.csv", A)
    shop.land()
    shutil.move(shop.landing / "pos", shop.landing / "elsewhere")
    shop.land()
    shutil.move(shop.landing / "elsewhere", shop.landing / "pos")
    shop.land()
    assert shop.column("select status from raw.deliveries order by event") == [
        "landed",
        "missing",
        "landed",
    ]
    assert len(parquets(shop)) == 1


def test_the_same_bytes_under_another_name_are_an_event_but_no_rows(shop):
    shop.deliver("pos/receipts/a.csv", A)
    shop.land()
    shop.deliver("pos/receipts/again.csv", A)
    report = shop.land()
    (first, second) = shop.query(EVENTS)
    assert second == ("pos/receipts/again.csv", "landed", first[2])
    assert shop.query("select count(*) from raw.pos__receipts") == [(1,)]
    assert (report.total.landed, report.total.rows) == (1, 0)


def test_the_same_bytes_twice_in_one_run(shop):
    shop.deliver("pos/receipts/a.csv", A)
    shop.deliver("pos/receipts/b.csv", A)
    shop.land()
    assert len(shop.query(EVENTS)) == 2
    assert len(parquets(shop)) == 1


def test_bytes_corrected_and_corrected_back(shop):
    for content in (A, B, A):
        shop.deliver("pos/receipts/a.csv", content)
        shop.land()
    batches = [batch for _, _, batch in shop.query(EVENTS)]
    assert len(batches) == 3
    assert batches[0] == batches[2] != batches[1]
    assert len(parquets(shop)) == 2


def test_damaged_and_delivered_again(shop):
    shop.deliver("pos/receipts/a.csv", A)
    shop.land()
    shop.deliver("pos/receipts/a.csv", "")
    shop.land()
    shop.deliver("pos/receipts/a.csv", A)
    shop.land()
    assert [status for _, status, _ in shop.query(EVENTS)] == ["landed", "held", "landed"]
    assert len(parquets(shop)) == 1


def test_a_changed_description_lands_all_files_anew(shop):
    shop.deliver("pos/receipts/a.csv", A)
    shop.land()
    shop.describe("receipts", ["receipt_no", "amount", {"name": "till", "optional": True}])
    assert len(shop.land().landed) == 1
    assert len(parquets(shop)) == 2
    rows = shop.query("select receipt_no, amount, till, member from raw.pos__receipts")
    assert sorted(rows, key=str) == [("1", "10.00", None, "Ann"), ("1", "10.00", None, None)]


def test_where_files_are_found_is_no_part_of_how_they_are_read(shop):
    shop.deliver("pos/receipts/a.csv", A)
    shop.land()
    shop.describe("receipts", ["receipt_no", "member", "amount"], files="**/*.csv")
    assert len(shop.land().unchanged) == 1


def test_a_parquet_that_vanished_is_written_again(shop):
    shop.deliver("pos/receipts/a.csv", A + "2,Bo\n")
    shop.land()
    for relation in ("pos__receipts", "rejected_lines"):
        (parquet,) = (shop.raw / relation).glob("*.parquet")
        parquet.unlink()
        assert len(shop.land().landed) == 1
        assert parquet.exists()
    assert len(shop.query(EVENTS)) == 1


def test_what_a_killed_run_left_behind_is_removed(shop):
    shop.deliver("pos/receipts/a.csv", A + "2,Bo\n")
    shop.land()
    before = shop.stored()
    (parquet,) = (shop.raw / "pos__receipts").glob("*.parquet")
    shutil.copy(parquet, parquet.with_stem("0123456789abcdef"))
    shutil.copy(parquet, shop.raw / "rejected_lines" / "0123456789abcdef.parquet")
    (shop.raw / ".work" / "tmp1").mkdir(parents=True)
    (shop.raw / ".work" / "tmp1" / "rows.parquet").write_bytes(b"PAR1 half of it")
    with (shop.raw / "deliveries.jsonl").open("a") as ledger:
        ledger.write('{"event": 2, "source": "pos", "feed": "rece')
    shop.land()
    assert shop.stored() == before


def test_a_kill_before_the_event_lands_the_file_again(shop):
    shop.deliver("pos/receipts/a.csv", A)
    shop.land()
    (shop.raw / "deliveries.jsonl").write_text("")
    assert len(shop.land().landed) == 1
    assert len(parquets(shop)) == 1
    assert shop.query("select count(*) from raw.pos__receipts") == [(1,)]


@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.rename"])
def test_a_kill_at_any_step_of_a_group_loses_nothing(shop, monkeypatch, step):
    """Files are made durable three at a time; each run ends one step later than the one before."""
    monkeypatch.setattr(durable, "GROUP", 3)
    for number in range(7):
        shop.deliver(f"pos/receipts/{number}.csv", f"{HEADER}{number},Ann,10.00\nopen,Bo\n")
    kills, is_over = 0, False
    while not is_over:
        shutil.rmtree(shop.raw, ignore_errors=True)
        with monkeypatch.context() as killed:
            killed.setattr(step, dying_after(kills, step))
            try:
                shop.land()
                is_over = True
            except KeyboardInterrupt:
                kills += 1
        events = shop.query(EVENTS) if (shop.raw / "deliveries.jsonl").exists() else []
        assert {batch for _, _, batch in events} <= {Path(each).stem for each in parquets(shop)}
        shop.land()
        files = [f"pos/receipts/{number}.csv" for number in range(7)]
        assert shop.column("select file from raw.deliveries where status = 'landed'") == files
        rows = shop.column("select receipt_no from raw.pos__receipts order by 1")
        assert rows == [str(number) for number in range(7)]
        assert shop.query("select count(*) from raw.rejected_lines") == [(7,)]
    assert kills > 10


def dying_after(calls: int, step: str) -> Callable:
    """What ends the run in place of a step, when it was taken so often."""
    taken, real = count(), pkgutil.resolve_name(step)

    def dying(*arguments, **named):
        if next(taken) >= calls:
            raise KeyboardInterrupt
        return real(*arguments, **named)

    return dying


def test_a_damaged_ledger_says_what_to_do(shop):
    shop.deliver("pos/receipts/a.csv", A)
    shop.land()
    (shop.raw / "deliveries.jsonl").write_text("no json\n")
    with pytest.raises(ValueError, match="all files are landed anew"):
        shop.land()


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("pos/orders_9.csv", "pos/orders_10.csv"),
        ("pos/orders_2026-01-05.csv", "pos/orders_2026-01-05_corrected.csv"),
        ("pos/ORDERS_1.csv", "pos/orders_2.csv"),
        ("pos/2/orders_1.csv", "pos/10/orders_1.csv"),
        ("pos/v1.9/a.csv", "pos/v1.10/a.csv"),
    ],
)
def test_deliveries_sort_as_people_number_them(earlier, later):
    assert delivery_order(earlier) < delivery_order(later)


def test_delivery_order_is_recorded(shop):
    shop.deliver("pos/receipts/Day_7.csv", A)
    shop.land()
    assert shop.column("select delivery_order from raw.deliveries") == [
        "pos/receipts/day_00000000000000000007"
    ]
