"""What is too large is set aside by name, before it has taken memory or disk from the others."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, fields
from pathlib import Path

import pytest
import yaml

from orchestration.landing import Limits, content
from orchestration.landing.limits import USUAL

ROOT = Path(__file__).resolve().parents[4]
FORMATS = ["csv", "jsonl", "parquet", "xlsx"]
HEADER = ["receipt_no", "member", "amount"]
GOOD = "receipt_no,member,amount\n1,Ann,3\n"


def rejected(shop) -> list[tuple]:
    return shop.query("select line, reason_code from raw.rejected_lines order by line")


# Lines, values, keys


@pytest.mark.parametrize("places", [[0], [1, 2], [0, 4]])
@pytest.mark.parametrize("format", FORMATS)
def test_a_value_that_is_too_long_costs_its_line(shop, format, places):
    shop.limits = Limits(cell_characters=50)
    shop.describe("receipts", HEADER, format=format)
    rows = [
        [str(number), "Ann" * 30 if number in places else "Ann" * 16, "3"] for number in range(5)
    ]
    shop.deliver_rows(f"pos/receipts/a.{format}", [HEADER, *rows])
    shop.land()
    first = 1 if format in ("jsonl", "parquet") else 2
    assert rejected(shop) == [(first + place, "cell_too_long") for place in places]
    assert shop.column("select receipt_no from raw.pos__receipts order by _line") == [
        number for number, *_ in rows if int(number) not in places
    ]


@pytest.mark.parametrize("long", ["x" * 51, "张" * 51, "xxx\n" * 13])
def test_a_record_of_several_lines_is_set_aside_with_all_of_them(shop, long):
    shop.limits = Limits(cell_characters=50)
    shop.deliver("pos/receipts/a.csv", f'{GOOD}2,"{long}\n{long}",3\n3,{"张" * 50},3\n')
    shop.land()
    lines = 2 * long.count("\n") + 2
    assert rejected(shop) == [(3 + line, "cell_too_long") for line in range(lines)]
    assert shop.column("select receipt_no from raw.pos__receipts order by 1") == ["1", "3"]


def test_a_long_value_that_nobody_declared_does_no_harm(shop):
    shop.limits = Limits(cell_characters=50)
    shop.deliver("pos/receipts/a.csv", f"receipt_no,member,amount,note\n1,Ann,3,{'x' * 99}\n")
    shop.land()
    assert rejected(shop) == []


@pytest.mark.parametrize("format", ["csv", "jsonl"])
@pytest.mark.parametrize("length", [300, 5_000, 100_000])
def test_a_line_that_is_too_long_is_set_aside_and_the_next_one_read(shop, format, length):
    shop.limits = Limits(line_characters=200, cell_characters=100)
    shop.describe("receipts", HEADER, format=format)
    rows = [[str(number), "x" * length if number == 1 else "Ann", "3"] for number in range(3)]
    shop.deliver_rows(f"pos/receipts/a.{format}", [HEADER, *rows])
    shop.land()
    assert rejected(shop) == [(2 + (format == "csv"), "line_too_long")]
    assert shop.column("select receipt_no from raw.pos__receipts order by 1") == ["0", "2"]


@pytest.mark.parametrize("keys", [2_001, 30_000, 300_000])
def test_an_object_of_too_many_keys_costs_its_line(shop, keys):
    shop.describe("receipts", HEADER, format="jsonl")
    known = dict.fromkeys(HEADER, "1")
    many = {**known, **{f"key{number}": 1 for number in range(keys)}}
    shop.deliver("pos/receipts/a.jsonl", "\n".join(map(json.dumps, (known, many, known))))
    shop.land()
    assert rejected(shop) == [(2, "too_many_keys")]
    assert shop.column("select length(text) from raw.rejected_lines") == [1_000]


@pytest.mark.parametrize(
    ("format", "columns"),
    [
        *[("csv", 2_001), ("csv", 30_000), ("csv", 300_000)],
        *[("parquet", 2_001), ("parquet", 8_000), ("xlsx", 2_001), ("xlsx", 16_384)],
    ],
)
def test_a_header_of_too_many_columns_holds_the_file(shop, format, columns):
    shop.describe("receipts", HEADER, format=["csv", format])
    header = [*HEADER, *(f"key{number}" for number in range(columns - 3))]
    shop.deliver_rows(f"pos/receipts/a.{format}", [header, ["1"] * columns])
    shop.deliver("pos/receipts/b.csv", GOOD)
    report = shop.land()
    assert report.held[0].message == (
        f"pos/receipts/a.{format}: its header has {columns:,} fields, more than 2,000: raise "
        "`record_keys` of `landing_limits` in dbt_project.yml if it is right so."
    )
    assert [outcome.file for outcome in report.landed] == ["pos/receipts/b.csv"]
    assert (shop.raw / "deliveries.jsonl").stat().st_size < 5_000


@pytest.mark.parametrize("lines", [1, 30, 300])
def test_the_ledger_keeps_some_hundred_names_of_columns(shop, lines):
    """Ids as keys: as many names as lines, and more in one line than anybody reads."""
    shop.describe("receipts", ["receipt_no"], format="jsonl")
    made = [
        json.dumps({"receipt_no": 1, **{f"{line}_{key}_{'long' * 50}": 1 for key in range(300)}})
        for line in range(lines)
    ]
    shop.deliver("pos/receipts/a.jsonl", "\n".join(made))
    shop.land()
    [added] = shop.column("select columns_added from raw.deliveries")
    assert len(added.split(",")) == 201 and len(added) < 25_000
    assert added.endswith(" more")


# What is packed


@pytest.mark.parametrize(
    ("limits", "cure"),
    [
        (Limits(expanded_bytes=500_000), "expanded_bytes"),
        (Limits(expansion_ratio=10), "expansion_ratio"),
        (Limits(expansion_ratio=100, expanded_bytes=1_000_000), "expanded_bytes"),
    ],
)
@pytest.mark.parametrize("packing", ["gz", "zip"])
def test_what_grows_too_much_is_held_before_it_is_unpacked(
    shop, monkeypatch, packing, limits, cure
):
    monkeypatch.setattr(content, "HARMLESS", 200_000)
    shop.limits = limits
    path = shop.deliver(f"pos/receipts/a.csv.{packing}", b"")
    grown = GOOD.encode() + b"2,Bo,4\n" * 1_000_000
    if packing == "gz":
        path.write_bytes(gzip.compress(grown))
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.csv", grown)
    shop.deliver("pos/receipts/b.csv", GOOD)
    report = shop.land()
    assert f"raise `{cure}` of `landing_limits`" in report.held[0].message
    assert [outcome.file for outcome in report.landed] == ["pos/receipts/b.csv"]


@pytest.mark.parametrize("said", [0, 10, 1_000])
def test_an_archive_that_understates_its_size_is_held(shop, said):
    path = shop.deliver("pos/receipts/a.zip", b"")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", GOOD + "2,Bo,4\n" * 10_000)
        size = archive.getinfo("a.csv").file_size
    lie, truth = said.to_bytes(4, "little"), size.to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(truth, lie))
    (held,) = shop.land().held
    assert "it can't be unpacked (BadZipFile)" in held.message


# Workbooks

OPEN, CLOSE = '<?xml version="1.0"?><worksheet xmlns="{}"><sheetData>', "</sheetData></worksheet>"
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TEXT = '<c t="inlineStr"><is><t>{}</t></is></c>'
HEADED = f"<row>{''.join(map(TEXT.format, HEADER))}</row>"
ROW = f"<row>{''.join(map(TEXT.format, ['1', 'Ann', '3']))}</row>"


def deliver_sheet(shop, parts: Iterator[str], file: str = "pos/receipts/a.xlsx", **more: str):
    """A workbook whose first sheet is made of these pieces of XML, written as they come."""
    path = shop.deliver_rows(file, [HEADER])
    with zipfile.ZipFile(path) as archive:
        others = {name: archive.read(name) for name in archive.namelist() if "sheet1" not in name}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in {**others, **more}.items():
            archive.writestr(name, data)
        with archive.open("xl/worksheets/sheet1.xml", "w") as stream:
            for part in [OPEN.format(NAMESPACE), HEADED, *parts, CLOSE]:
                stream.write(part.encode())
    return path


def test_a_sheet_of_xml_by_hand_lands(shop):
    shop.describe("receipts", HEADER, format="xlsx")
    deliver_sheet(shop, [ROW, ROW])
    assert shop.land().total.rows == 2


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ([f"<row>{TEXT.format('x' * 60_000)}</row>"], "a row of it is longer than 50,000"),
        ([f"<row>{TEXT.format('x') * 2_000}</row>"], "a row of it is longer than 50,000"),
        ([f'<row r="{"1" * 60_000}"/>'], "a row of it is longer than 50,000"),
        ([ROW, f"<odd>{'<deep>' * 20_000}"], "a row of it is longer than 50,000"),
        (["<row/>" * 1_100_000], "a sheet has more than 1,048,576 rows"),
        ([f"<!-- {ROW * 400} -->"], "its XML is not such as spreadsheets write"),
        ([f"<row><![CDATA[{'<row>' * 10_000}]]></row>"], "its XML is not such as"),
        (["<?x <row> ?>"], "its XML is not such as spreadsheets write"),
    ],
)
def test_a_sheet_that_would_fill_the_memory_is_held(shop, parts, told):
    shop.limits = Limits(line_characters=50_000)
    shop.describe("receipts", HEADER, format=["csv", "xlsx"])
    deliver_sheet(shop, parts)
    shop.deliver("pos/receipts/b.csv", GOOD)
    report = shop.land()
    assert told in report.held[0].message
    assert [outcome.file for outcome in report.landed] == ["pos/receipts/b.csv"]


@pytest.mark.parametrize("name", ["xl/sharedStrings.xml", "xl/styles.xml", "xl/other.xml"])
def test_texts_that_would_fill_the_memory_hold_the_workbook(shop, name):
    shop.limits = Limits(workbook_text_bytes=100_000)
    shop.describe("receipts", HEADER, format="xlsx")
    deliver_sheet(shop, [ROW], **{name: f"<x>{'y' * 200_000}</x>"})
    (held,) = shop.land().held
    assert "raise `workbook_text_bytes` of `landing_limits`" in held.message


def test_a_sheet_of_many_rows_is_held_by_the_bytes_it_would_take(shop):
    shop.limits = Limits(expanded_bytes=100_000)
    shop.describe("receipts", HEADER, format="xlsx")
    deliver_sheet(shop, [ROW] * 5_000)
    (held,) = shop.land().held
    assert "raise `expanded_bytes` of `landing_limits`" in held.message


LAND = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from orchestration.landing import land, read_feeds
folder = Path(sys.argv[1])
feeds = read_feeds(folder / "staging", ["pos"])
import orchestration.landing.xlsx_file, orchestration.landing.csv_file
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
report = land(feeds, folder / "landing", folder / "raw", datetime.now(UTC), lambda text: None)
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
print(len(report.held), len(report.landed), grown // 1024)
"""


def test_bombs_take_little_memory_and_hold_only_themselves(shop):
    """Cells of 200 MB in a megabyte, in the sheet and among the shared texts, and gzip of 300 MB in
    one, lie beside a good file, and the process grows by some tens of megabytes."""
    shop.describe("receipts", HEADER, format=["csv", "xlsx"])
    mega = "x" * 1_000_000
    cell = ["<row><c t='inlineStr'><is><t>", *[mega] * 200, "</t></is></c></row>"]
    path = deliver_sheet(shop, cell)
    assert path.stat().st_size < 1_500_000
    shared = f"<sst xmlns='{NAMESPACE}'><si><t>{mega * 201}</t></si></sst>"
    deliver_sheet(shop, [ROW], "pos/receipts/b.xlsx", **{"xl/sharedStrings.xml": shared})
    with gzip.open(shop.deliver("pos/receipts/c.csv.gz", b""), "wb", compresslevel=1) as stream:
        for _ in range(300):
            stream.write(bytes(1_000_000))
    shop.deliver("pos/receipts/d.csv", GOOD)
    done = subprocess.run(
        [sys.executable, "-c", LAND, shop.folder], capture_output=True, text=True, cwd=ROOT
    )
    held, landed, grown = map(int, done.stdout.split())
    assert (held, landed) == (3, 1), done.stderr
    assert grown < 150


# The variable


def test_the_project_states_the_usual_limits():
    variables = yaml.safe_load((ROOT / "dbt_project.yml").read_text())["vars"]
    assert variables["landing_limits"] == asdict(USUAL)


@pytest.mark.parametrize("stated", [None, {}, {"record_keys": 5}])
def test_what_a_project_does_not_state_is_as_usual(stated):
    limits = Limits.of(stated)
    assert limits.cell_characters == USUAL.cell_characters
    assert limits.record_keys == (5 if stated else USUAL.record_keys)


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ({"cells": 5}, "has no 'cells': choose of line_characters, cell_characters"),
        ({"record_keys": 0}, "write a whole number above 0"),
        ({"record_keys": "many"}, "`record_keys` of the variable `landing_limits` is 'many'"),
        ({"record_keys": True}, "write a whole number above 0"),
        ({"expansion_ratio": 1.5}, "write a whole number above 0"),
    ],
)
def test_a_limit_that_is_none_is_told(stated, told):
    with pytest.raises(ValueError, match=told):
        Limits.of(stated)


@pytest.mark.parametrize("name", [each.name for each in fields(Limits)])
def test_a_limit_that_decides_lines_lands_files_anew(shop, name):
    shop.deliver("pos/receipts/a.csv", GOOD)
    shop.land()
    shop.limits = Limits.of({name: 1_000})
    decides_lines = name in ("line_characters", "cell_characters", "record_keys")
    assert len(shop.land().landed) == decides_lines
