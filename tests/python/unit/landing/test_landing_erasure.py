"""Rows are taken out of what was delivered and has landed, and nothing else of it changes."""

from __future__ import annotations

import gzip
import io
import os
import signal
import sys
import time
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from orchestration.erasure.files import rewritten
from orchestration.erasure.landed import Eraser, Found, clear_what_kills_left, put_in_place
from orchestration.erasure.rows import Changes
from orchestration.landing import Feed, land
from orchestration.landing.ledger import Ledger
from orchestration.landing.report import UNCHANGED
from orchestration.project import Project

ROWS = [
    ["receipt_no", "member", "amount", "note"],
    ["R1", "M1", "10.50", "hello"],
    ["R2", "ANN", "20.00", "for Ann"],
    ["R3", "ANN", "30.00", ""],
    ["R4", "M4", "40.00", "bye"],
]
ROWS_LEFT = [("R1", "M1", "10.50"), ("R2", None, "20.00"), ("R4", "M4", "40.00")]


def work_of(shop) -> Path:
    work = shop.folder / ".erasing"
    work.mkdir(exist_ok=True)
    return work


def found_in(shop, changes: Changes, table: str = "receipts") -> list[Found]:
    [feed] = [feed for feed in shop.feeds if feed.table == table]
    batches = [path.stem for path in (shop.raw / feed.relation).glob("*.parquet")]
    return [Found(feed, batch, changes) for batch in batches]


def erase(shop, changes: Changes) -> None:
    eraser = Eraser(Project(shop.folder, shop.folder), shop.limits, work_of(shop))
    for found in found_in(shop, changes):
        eraser.erase(found)


def ann(kept: int = 3, gone: int = 4) -> Changes:
    """The second receipt loses its member, the third one goes; lines count the header."""
    return Changes({gone}, {kept}, ("member",))


def landed(shop) -> list[tuple]:
    return shop.query("select receipt_no, member, amount from raw.pos__receipts order by _line")


def assert_nothing_lands_again(shop) -> None:
    stored = shop.stored()
    report = shop.land()
    assert {outcome.status for outcome in report.outcomes} == {UNCHANGED}
    assert shop.stored() == stored


def test_text_keeps_every_other_byte_and_a_removed_line_stays_as_an_empty_one(shop):
    text = "\ufeffreceipt_no,member,amount,note\r\n" + (
        '"R1","M ""1""",10.50,"a, b"\r\n'
        '"R2","ANN, Wu",20.00,"for Ann"\r\n'
        '"R3","ANN\r\nWu",30.00,\r\n'
        "R4,M4,40.00,bye\r\n"
    )
    path = shop.deliver("pos/receipts/a.csv", text)
    shop.land()
    erase(shop, ann())
    assert path.read_bytes().decode() == (
        "\ufeffreceipt_no,member,amount,note\r\n"
        '"R1","M ""1""",10.50,"a, b"\r\n'
        '"R2",,20.00,\r\n'
        "\r\n\r\n"
        "R4,M4,40.00,bye\r\n"
    )
    assert landed(shop) == [("R1", 'M "1"', "10.50"), *ROWS_LEFT[1:]]
    assert shop.column("select _line from raw.pos__receipts order by _line") == [2, 3, 6]
    assert_nothing_lands_again(shop)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8"])
def test_text_keeps_its_encoding(shop, encoding):
    shop.describe("receipts", ["receipt_no", "member", "amount"], encoding=encoding)
    rows = "R1,王五,10.50,好\nR2,安,20.00,安\nR3,安,1,\nR4,M4,40.00,再见\n"
    text = f"receipt_no,member,amount,note\n{rows}"
    path = shop.deliver("pos/receipts/a.csv", text, encoding)
    shop.land()
    erase(shop, ann())
    assert path.read_bytes().decode(encoding) == text.replace(
        "R2,安,20.00,安", "R2,,20.00,"
    ).replace("R3,安,1,", "")
    assert landed(shop) == [("R1", "王五", "10.50"), *ROWS_LEFT[1:]]
    assert_nothing_lands_again(shop)


def test_bytes_that_are_no_text_stay_as_they_were(shop):
    path = shop.deliver(
        "pos/receipts/a.csv",
        b"receipt_no,member,amount\n" + b"R1,M1,10.50\n" * 20 + b"R2,\xff\xfe,1\nR3,ANN,30.00\n",
    )
    shop.land()
    erase(shop, Changes({23}))
    assert path.read_bytes().endswith(b"R1,M1,10.50\nR2,\xff\xfe,1\n\n")
    assert_nothing_lands_again(shop)


def test_of_a_json_object_only_what_is_needed_keeps_its_value(shop):
    columns = [
        "receipt_no",
        {"name": "member", "header": "customer.id"},
        {"name": "amount", "header": "sum.paid"},
    ]
    shop.describe("receipts", columns, format="jsonl")
    lines = (
        '{"receipt_no": "R1", "customer": {"id": "M1", "fax": 1}, "sum": {"paid": 10.50}}\n'
        '{"receipt_no": "R2", "customer": {"id": "ANN", "tags": ["Ann", "{}"]}, '
        '"sum": {"paid": 20.00, "by": "Ann"}, "note": "for Ann"}\n'
        '{"receipt_no": "R3", "customer": {"id": "ANN"}, "sum": {"paid": 1}}\n'
        '{"receipt_no": "R4", "customer": {"id": "M4"}, "sum": {"paid": 40.00}}\n'
    )
    path = shop.deliver("pos/receipts/a.jsonl", lines)
    shop.land()
    erase(shop, ann(kept=2, gone=3))
    first, second, third, fourth = path.read_text().splitlines()
    assert [first, fourth] == [lines.splitlines()[0], lines.splitlines()[3]]
    assert second == (
        '{"receipt_no": "R2", "customer": null, "sum": {"paid": 20.00, "by": null}, "note": null}'
    )
    assert third == ""
    assert landed(shop) == ROWS_LEFT
    assert_nothing_lands_again(shop)


@pytest.mark.parametrize("format", ["csv", "jsonl", "xlsx", "parquet"])
def test_every_format_loses_the_rows_and_lands_no_more(shop, format):
    shop.describe("receipts", ["receipt_no", "member", "amount"], format=format)
    path = shop.deliver_rows(f"pos/receipts/a.{format}", ROWS)
    shop.land()
    is_headless = format in ("jsonl", "parquet")
    erase(shop, ann(2, 3) if format == "jsonl" else ann(*((2, 3) if is_headless else (3, 4))))
    assert landed(shop) == ROWS_LEFT
    assert b"ANN" not in unpacked(path)
    assert b"Ann" not in unpacked(path)
    assert_nothing_lands_again(shop)


def unpacked(path: Path) -> bytes:
    """The bytes of a file, and of what it is packed from."""
    content = path.read_bytes()
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content += b"".join(archive.read(name) for name in archive.namelist())
    if content.startswith(b"PAR1"):
        from pyarrow import parquet

        content += repr(parquet.read_table(io.BytesIO(content)).to_pylist()).encode()
    return content


def test_a_workbook_keeps_the_values_of_its_formulas_out_of_the_row(shop):
    shop.describe("receipts", ["receipt_no", "member", "amount"], format="xlsx")
    path = shop.deliver_rows("pos/receipts/a.xlsx", ROWS)
    shop.land()
    erase(shop, ann())
    rows = list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))
    assert rows[2] == ("R2", None, "20.00", None)
    assert rows[3] == (None, None, None, None)


def test_a_workbook_whose_order_number_is_merged_loses_its_rows(shop):
    shop.describe("receipts", ["receipt_no", "member"], format="xlsx", fill_down=["receipt_no"])
    path = shop.deliver_rows(
        "pos/receipts/a.xlsx",
        [["receipt_no", "member"], ["R1", "M1"], ["R2", "ANN"], [None, "ANN"], ["R3", "M3"]],
    )
    book = openpyxl.load_workbook(path)
    book.active.merge_cells("A3:A4")
    book.save(path)
    shop.land()
    erase(shop, Changes({3, 4}))
    assert shop.query("select receipt_no, member from raw.pos__receipts order by _line") == [
        *(("R1", "M1"), ("R3", "M3"))
    ]
    assert_nothing_lands_again(shop)


def test_columns_of_a_delivery_may_have_any_name(shop):
    shop.describe("receipts", ["line", "is_removed", "member"], format="parquet")
    rows = [["line", "is_removed", "member"], ["1", "no", "M1"], ["2", "no", "ANN"]]
    shop.deliver_rows("pos/receipts/a.parquet", [*rows, ["3", "no", "ANN"]])
    shop.land()
    erase(shop, Changes({3}, {2}, ("member",)))
    assert shop.query("select line, member from raw.pos__receipts order by _line") == [
        *(("1", "M1"), ("2", None))
    ]


def test_what_macos_adds_to_an_archive_is_left_out(shop):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("export/.DS_Store", b"\x00")
        archive.writestr("export/a.csv", "\n".join(map(",".join, ROWS)))
    path = shop.deliver("pos/receipts/a.zip", stream.getvalue())
    shop.land()
    erase(shop, ann())
    assert landed(shop) == ROWS_LEFT
    assert zipfile.ZipFile(path).namelist() == ["export/a.csv"]
    assert_nothing_lands_again(shop)


@pytest.mark.parametrize("format", ["jsonl", ["csv", "jsonl"]])
def test_of_a_file_of_one_object_an_empty_line_is_left(shop, format):
    """As webhooks write it, without a line end; what it was, an empty line does not tell."""
    shop.describe("receipts", ["receipt_no", "member"], format=format)
    path = shop.deliver("pos/receipts/a.jsonl", '{"receipt_no": "R1", "member": "ANN"}')
    shop.land()
    erase(shop, Changes({1}))
    assert path.read_text() == "\n"
    assert shop.column("select count(*) from raw.pos__receipts") == [0]
    assert_nothing_lands_again(shop)

    def screen(feed: Feed, file: Path, work: Path) -> int:
        folder = work / "screened"
        folder.mkdir()
        put_in_place(rewritten(file, feed, Changes({1}), shop.limits, folder), file)
        return 1

    path.write_text('{"receipt_no": "R2", "member": "ANN"}')
    now = datetime(2026, 1, 5, tzinfo=UTC)
    report = land(shop.feeds, shop.landing, shop.raw, now, shop.said.append, shop.limits, screen)
    assert not report.held and path.read_text() == "\n"


@pytest.mark.parametrize("ending", ["gz", "zip"])
def test_what_was_packed_is_packed_again_and_the_same_bytes_whenever_it_is(shop, ending):
    text = "\n".join(",".join(row) for row in ROWS) + "\n"
    stream = io.BytesIO()
    if ending == "gz":
        stream.write(gzip.compress(text.encode()))
    else:
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("a.csv", text)
    path = shop.deliver(f"pos/receipts/a.csv.{ending}", stream.getvalue())
    shop.land()
    erase(shop, ann())
    assert landed(shop) == ROWS_LEFT
    assert_nothing_lands_again(shop)
    once = path.read_bytes()
    path.write_bytes(stream.getvalue())
    shop.land()
    erase(shop, ann())
    assert path.read_bytes() == once


def test_the_ledger_tells_what_the_file_has_now_and_when_it_landed(shop):
    shop.deliver_rows("pos/receipts/a.csv", ROWS)
    shop.land()
    [before] = shop.query("select landed_at, sha256, batch from raw.deliveries")
    erase(shop, ann())
    [(landed_at, sha256, batch, *counts)] = shop.query(
        "select landed_at, sha256, batch, lines_physical, lines_header, lines_blank,"
        " lines_accepted, rows_accepted from raw.deliveries"
    )
    assert landed_at == before[0]
    assert sha256 != before[1]
    assert [path.stem for path in (shop.raw / "pos__receipts").iterdir()] == [batch]
    assert counts == [5, 1, 1, 3, 3]
    [(stamp,)] = shop.query("select distinct _landed_at from raw.pos__receipts")
    assert stamp == landed_at


def test_a_version_that_was_replaced_loses_the_rows_too(shop):
    shop.deliver_rows("pos/receipts/a.csv", ROWS)
    shop.land()
    shop.deliver_rows("pos/receipts/a.csv", [ROWS[0], ROWS[1]])
    shop.land()
    [old] = shop.column("select _batch from raw.pos__receipts where receipt_no = 'R3'")
    eraser = Eraser(Project(shop.folder, shop.folder), shop.limits, work_of(shop))
    [found] = [each for each in found_in(shop, ann()) if each.batch == old]
    eraser.erase(found)
    assert shop.column("select count(*) from raw.pos__receipts where receipt_no = 'R3'") == [0]
    assert shop.column("select member from raw.pos__receipts where receipt_no = 'R2'") == [None]
    assert_nothing_lands_again(shop)
    shop.deliver_rows("pos/receipts/a.csv", ROWS)
    assert shop.land().landed, "the version that named the person is no longer known"


def test_lines_that_were_set_aside_go_with_their_person(shop):
    path = shop.deliver(
        "pos/receipts/a.csv", "receipt_no,member,amount\nR1,M1,10.50\nR2,ANN\nR3,M3\n"
    )
    shop.land()
    erase(shop, Changes(rejected={3}))
    assert path.read_text() == "receipt_no,member,amount\nR1,M1,10.50\n\nR3,M3\n"
    assert shop.query("select line, text from raw.rejected_lines") == [(4, "R3,M3")]
    assert_nothing_lands_again(shop)


def test_lines_go_also_from_a_file_of_which_no_line_was_a_record(shop):
    path = shop.deliver("pos/receipts/a.csv", "receipt_no,member,amount\nR2,ANN\nR3,M3\n")
    shop.land()
    erase(shop, Changes(rejected={2}))
    assert path.read_text() == "receipt_no,member,amount\n\nR3,M3\n"
    assert shop.query("select line, text from raw.rejected_lines") == [(3, "R3,M3")]
    assert_nothing_lands_again(shop)


def test_nothing_is_written_where_a_row_has_nothing_to_lose(shop):
    path = shop.deliver_rows("pos/receipts/a.csv", [row[:3] for row in ROWS])
    shop.land()
    stored, before = shop.stored(), path.stat().st_mtime_ns
    erase(shop, Changes(set(), {2}, ()))
    assert (shop.stored(), path.stat().st_mtime_ns) == (stored, before)


@pytest.mark.parametrize("always", [False, True])
def test_what_a_screen_takes_out_of_a_file_is_read_anew_and_told(shop, always):
    path = shop.deliver_rows("pos/receipts/a.csv", ROWS)

    def screen(feed: Feed, file: Path, work: Path) -> int:
        assert (work / "rows.parquet").exists()
        content = file.read_text()
        file.write_text(content.replace("ANN", ""))
        return 2 if always or "ANN" in content else 0

    now = datetime(2026, 1, 5, tzinfo=UTC)
    report = land(shop.feeds, shop.landing, shop.raw, now, shop.said.append, shop.limits, screen)
    assert "pos/receipts/a.csv: 2 rows of erased persons, who were taken out of it again." in (
        report.messages
    )
    assert "ANN" not in path.read_text()
    assert [member for _, member, _ in landed(shop)] == ["M1", None, None, "M4"]
    assert_nothing_lands_again(shop)


def die_before(step: int, folder: Path) -> None:
    """Kills this process before the step of that number: a call on files below the folder."""
    steps = iter(range(1, step + 1))

    def count(event: str, arguments: tuple) -> None:
        is_ours = event.startswith(("open", "os.")) and str(folder) in str(arguments)
        if is_ours and next(steps, None) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


def test_a_kill_before_any_step_is_mended_by_the_next_landing_and_the_erasure_begun_again(shop):
    shop.deliver_rows("pos/receipts/a.csv", ROWS)
    shop.deliver("pos/receipts/b.csv", "receipt_no,member,amount\nR5,M1,1\nR6,ANN\n")
    shop.land()
    lines = {"a.csv": ann(), "b.csv": Changes(rejected={3})}

    def begin_again() -> None:
        eraser = Eraser(Project(shop.folder, shop.folder), shop.limits, work_of(shop))
        for file in eraser.ledger.files("pos", "receipts", "landed"):
            if b"ANN" in (shop.landing / file).read_bytes():
                batch = eraser.ledger.latest("pos", "receipts", file).batch
                eraser.erase(Found(shop.feeds[0], batch, lines[Path(file).name]))

    kills = 0
    for step in range(1, 400):
        child = os.fork()
        if child == 0:
            die_before(step, shop.folder)
            begin_again()
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.waitstatus_to_exitcode(status) == 0:
            break
        assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL
        kills += 1
        assert not shop.land().held
        rows = landed(shop)
        assert {row[0] for row in rows} - {"R3"} == {"R1", "R2", "R4", "R5"}, "a row was lost"
    assert kills > 20, "the steps of an erasure are no longer seen"
    assert sorted(landed(shop)) == [*ROWS_LEFT, ("R5", "M1", "1")]
    assert shop.query("select text from raw.rejected_lines") == []
    assert_nothing_lands_again(shop)


def test_copies_that_a_kill_left_in_the_landing_folder_go(shop):
    path = shop.deliver_rows("pos/receipts/a.csv", ROWS)
    left, others = path.with_name(".a.csv.erasing"), path.with_name(".b.csv.new")
    for each in (left, others):
        each.write_text("ANN")
    clear_what_kills_left(shop.landing)
    assert not left.exists()
    assert path.exists() and others.exists()


def test_a_workbook_that_is_delivered_again_becomes_the_same_bytes_again(shop, monkeypatch):
    shop.describe("receipts", ["receipt_no", "member", "amount"], format="xlsx")
    path = shop.deliver_rows("pos/receipts/a.xlsx", ROWS)
    delivered = path.read_bytes()
    shop.land()
    erase(shop, ann())
    once = path.read_bytes()
    path.write_bytes(delivered)
    shop.land()
    later = time.time() + 3600
    monkeypatch.setattr(time, "time", lambda: later)
    erase(shop, ann())
    assert path.read_bytes() == once


def test_what_the_ledger_says_of_one_batch_is_changed_as_if_it_were_read_anew(shop):
    shop.deliver_rows("pos/receipts/a.csv", ROWS)
    shop.deliver_rows("pos/receipts/b.csv", ROWS)
    shop.deliver_rows("pos/receipts/c.csv", ROWS[:3])
    shop.land()
    ledger = Ledger(Project(shop.folder, shop.folder).ledger)
    before = ledger.path.read_bytes().splitlines()
    batch = ledger.latest("pos", "receipts", "pos/receipts/a.csv").batch
    ledger.change_batch(batch, lambda event: replace(event, batch="other", rows_accepted=1))
    anew = Ledger(ledger.path)
    for file, told in (("a", "other"), ("b", "other"), ("c", None)):
        event = ledger.latest("pos", "receipts", f"pos/receipts/{file}.csv")
        assert event == anew.latest("pos", "receipts", f"pos/receipts/{file}.csv")
        assert (event.batch == "other") == bool(told)
    assert ledger.landed(batch) is None
    assert ledger.landed("other") == anew.landed("other")
    after = ledger.path.read_bytes().splitlines()
    assert sum(line not in before for line in after) == 2
