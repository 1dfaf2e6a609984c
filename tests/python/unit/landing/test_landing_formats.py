"""JSON lines, Parquet and Excel become the same rows of text, value for value."""

from __future__ import annotations

import zipfile
from datetime import date, datetime, time

import duckdb
import openpyxl
import pytest

COUNTS = (
    "select lines_physical, lines_header, lines_blank, lines_accepted, lines_quarantined "
    "from raw.deliveries where file is not null"
)


def json_value(shop, written: str) -> str | None:
    """What is landed of `written` as a value of a JSON object."""
    shop.describe("events", ["id", "value"], source="app", format="jsonl")
    shop.deliver("app/events/a.jsonl", f'{{"id": 1, "value": {written}, "more": [1]}}\n')
    shop.land()
    return shop.column("select value from raw.app__events")[0]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ('"张伟"', "张伟"),
        ('"\\u5f20\\n\\"x\\""', '张\n"x"'),
        ('"2026-01-05T10:00:00+08:00"', "2026-01-05T10:00:00+08:00"),
        ("12345678901234567890", "12345678901234567890"),
        ("1.10", "1.10"),
        ("-0.0", "-0.0"),
        ("1.38E+10", "1.38E+10"),
        ("0.1000000000000000055511151231257827", "0.1000000000000000055511151231257827"),
        ("true", "true"),
        ("false", "false"),
        ("null", None),
        ('""', None),
        ('{"b":  1.10, "a": [1, {}]}', '{"b":  1.10, "a": [1, {}]}'),
        ('[1.0, "x, y", "}"]', '[1.0, "x, y", "}"]'),
        ("[]", "[]"),
        ('"\\u0000"', "\0"),
    ],
)
def test_json_values_stay_as_written(shop, written, text):
    assert json_value(shop, written) == text


def test_what_an_object_holds_is_named_by_its_path(shop):
    paths = {"buyer": "buyer.id", "zip": "buyer.at.zip"}
    columns = [{"name": n, "header": p, "optional": True} for n, p in paths.items()]
    shop.describe("orders", ["id", *columns], "app", format="jsonl")
    lines = [
        '{"id": 1, "buyer": {"id": 7.10, "at": {"zip": "01", "more": [1]}}}',
        '{"id": 2, "buyer": null}',
        '{"id": 3, "buyer": {"id": true}}',
        '{"id": 4, "buyer.id": "8"}',
        '{"id": 5, "buyer": {"id": 1, "id": 2}}',
        '{"id": 6, "buyer": {"id": 1}, "buyer.id": 2}',
    ]
    shop.deliver("app/orders/a.jsonl", "\n".join(lines))
    shop.land()
    assert shop.query("select id, buyer, zip from raw.app__orders order by _line") == [
        ("1", "7.10", "01"),
        ("2", None, None),
        ("3", "true", None),
        ("4", "8", None),
    ]
    assert shop.query("select reason_code from raw.rejected_lines order by line") == [
        ("ambiguous_key",),
        ("ambiguous_key",),
    ]


def test_json_lines_are_accounted_for(shop):
    shop.describe("events", ["id", {"name": "kind", "optional": True}], "app", format="jsonl")
    lines = [
        b'{"id": 1, "kind": "view", "extra": 1}',
        b"",
        b'{"ID": 2}\r',
        b"  ",
        b'{"id": 3',
        b"[1]",
        b'{"id": NaN}',
        b'{"id": 4, "id ": 5}',
        b'{"id": "\\ud800"}',
        b'{"id": ' + b"[" * 100_000,
        *[b'{"id": 6}'] * 20,
        b'{"id": "\xff"}',
        b'{"id": 7}',
    ]
    shop.deliver("app/events/a.jsonl", b"\n".join(lines))
    shop.land()
    assert shop.query(COUNTS) == [(len(lines), 0, 2, 23, 7)]
    assert shop.query("select line, reason_code from raw.rejected_lines order by line") == [
        (5, "invalid_json"),
        (6, "invalid_json"),
        (7, "invalid_json"),
        (8, "ambiguous_key"),
        (9, "undecodable_text"),
        (10, "invalid_json"),
        (31, "undecodable_text"),
    ]
    assert shop.query("select id, kind, _line from raw.app__events order by _line")[:2] == [
        ("1", "view", 1),
        ("2", None, 3),
    ]
    assert shop.query(
        "select columns_missing, columns_added from raw.deliveries where batch is not null"
    ) == [(None, "extra")]


def test_a_required_key_on_no_line_holds_the_file(shop):
    shop.describe("events", ["id", "at"], "app", format="jsonl")
    shop.deliver("app/events/a.jsonl", '{"id": 1, "time": 2}\n')
    (held,) = shop.land().held
    assert "the required column 'at' is missing (of its headers, unknown is 'time')" in held.message


def test_json_lines_in_another_encoding(shop):
    shop.describe("events", ["id"], "app", format="jsonl", encoding="gb18030")
    shop.deliver("app/events/a.jsonl", '{"id": "张伟"}\n', encoding="gb18030")
    shop.deliver("app/events/b.jsonl", '{"id": "李娜"}\n', encoding="utf-16")
    shop.land()
    assert sorted(shop.column("select id from raw.app__events")) == ["张伟", "李娜"]


def test_parquet_becomes_text(shop):
    shop.describe("stock", ["Sku", "on_hand", "cost", "at", "ok"], "erp", format="parquet")
    path = shop.deliver("erp/stock/a[1].parquet", b"")
    duckdb.execute(
        f"""copy (
            select 7::bigint as on_hand, 'A1' as sku, 1.50::decimal(18, 2) as cost, 1 as extra,
                timestamptz '2026-01-05 10:00:00+08' as "at", true as ok
            union all select null, '', 2, 1, null, false
        ) to '{path}'"""
    )
    shop.land()
    assert shop.query("select * exclude (_file, _batch, _landed_at) from raw.erp__stock") == [
        ("A1", "7", "1.50", "2026-01-05 02:00:00+00", "true", 1),
        (None, None, "2.00", None, "false", 2),
    ]
    assert shop.query(COUNTS) == [(2, 0, 0, 2, 0)]
    assert shop.column("select columns_added from raw.deliveries where batch is not null") == [
        "extra"
    ]


def test_damaged_parquet_is_held(shop):
    shop.describe("stock", ["sku"], "erp", format="parquet")
    path = shop.deliver("erp/stock/a.parquet", b"")
    duckdb.execute(f"copy (select 'sku ' || range as sku from range(100000)) to '{path}'")
    whole = path.read_bytes()
    shop.deliver("erp/stock/b.parquet", whole[: len(whole) // 2])
    shop.deliver("erp/stock/c.parquet", whole[:200] + bytes(2_000) + whole[2_200:])
    report = shop.land()
    assert [outcome.file for outcome in report.landed] == ["erp/stock/a.parquet"]
    assert all("can't be read as Parquet" in outcome.message for outcome in report.held)
    assert len(report.held) == 2


def test_what_a_library_says_of_a_value_is_not_repeated(shop):
    """DuckDB quotes a text that is no UTF-8, and openpyxl a number that is none: both may be a
    person's, and messages go into logs."""
    shop.describe("stock", ["id", "name"], "erp", format="parquet")
    shop.describe("members", ["id", "name"], "crm", format="xlsx")
    path = shop.deliver("erp/stock/a.parquet", b"")
    copy = f"copy (select 1 as id, 'Canary Wu' as name) to '{path}' (compression uncompressed)"
    duckdb.execute(copy)
    path.write_bytes(path.read_bytes().replace(b"Canary Wu", b"Canary \xff\xfe"))
    path = shop.deliver("crm/members/a.xlsx", b"")
    openpyxl.Workbook().save(path)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="n"><v>Canary</v></c></row></sheetData></worksheet>'
    )
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    held = shop.land().held
    assert sorted(outcome.file for outcome in held) == ["crm/members/a.xlsx", "erp/stock/a.parquet"]
    assert not [outcome.message for outcome in held if "Canary" in outcome.message]


def workbook(shop, rows: list[list], file: str = "crm/members/a.xlsx", sheet: str = "Members"):
    path = shop.deliver(file, b"")
    book = openpyxl.Workbook()
    book.active.title = "Read me"
    book.active.append(["not", "this"])
    book.active.append([1, 2])
    target = book.create_sheet(sheet)
    for row in rows:
        target.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (7, "7"),
        (13812345678.0, "13812345678"),
        (1.38e10, "13800000000"),
        (1e22, "10000000000000000000000"),
        (1.5, "1.5"),
        (1.5e-7, "0.00000015"),
        (True, "true"),
        ("00123", "00123"),
        ("张 😀\nx", "张 😀\nx"),
        (date(2026, 1, 5), "2026-01-05"),
        (datetime(2026, 1, 5), "2026-01-05 00:00:00"),
        (datetime(2026, 1, 5, 18, 30), "2026-01-05 18:30:00"),
        (time(18, 30), "18:30:00"),
        (None, None),
    ],
)
def test_excel_values_are_plain(shop, value, text):
    shop.describe("members", ["id", "value"], "crm", format="xlsx", sheet="Members")
    workbook(shop, [["id", "value"], [1, value]])
    shop.land()
    assert shop.query("select value, _line from raw.crm__members") == [(text, 2)]


def test_excel_rows_are_accounted_for(shop):
    shop.describe("members", ["id", "name"], "crm", format="xlsx", sheet="Members")
    rows = [[], ["name", "x", "id"], ["Ann", 0, 1], [], ["Bo", 0, 2, "see"], ["Cy"], [None, None]]
    workbook(shop, rows)
    shop.land()
    assert shop.query("select id, name, _line from raw.crm__members order by _line") == [
        ("1", "Ann", 3),
        (None, "Cy", 6),
    ]
    assert shop.query("select line, text, reason_code from raw.rejected_lines") == [
        (5, "Bo,0,2,see", "wrong_field_count")
    ]
    ((physical, *parts),) = shop.query(COUNTS)
    assert physical == sum(parts)


def test_the_first_sheet_is_the_default(shop):
    shop.describe("members", ["not", "this"], "crm", format="xlsx")
    workbook(shop, [["id"], [1]])
    assert shop.land().total.rows == 1


def test_every_visible_sheet_is_read_where_it_is_asked_for(shop):
    shop.describe("members", ["id"], "crm", format="xlsx", sheet="*")
    book = openpyxl.Workbook()
    for title, rows in {"y1": [["id"], [1]], "y2": [[], ["id"], [1], [2]], "old": [["no"]]}.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book["old"].sheet_state = "hidden"
    book.save(shop.deliver("crm/members/a.xlsx", b""))
    shop.land()
    assert shop.query("select id, _line from raw.crm__members order by _line") == [
        ("1", 2),
        ("1", 5),
        ("2", 6),
    ]
    ((physical, *parts),) = shop.query(COUNTS)
    assert physical == sum(parts)


def test_sheets_of_other_headers_are_not_read_as_one(shop):
    shop.describe("members", ["not", "this"], "crm", format="xlsx", sheet="*")
    workbook(shop, [["id"], [1]])
    [held] = shop.land().held
    assert "its sheets 'Read me' and 'Members' have different headers" in held.message


def test_damaged_workbooks_are_held(shop):
    shop.describe("members", ["id"], "crm", format="xlsx", sheet="Members")
    path = workbook(shop, [["id"], *[[number] for number in range(2_000)]])
    whole = path.read_bytes()
    shop.deliver("crm/members/cut.xlsx", whole[:-500])
    hurt = zipfile.ZipFile(path).getinfo("xl/worksheets/sheet2.xml").header_offset + 2_000
    shop.deliver("crm/members/hurt.xlsx", whole[:hurt] + bytes(300) + whole[hurt + 300 :])
    shop.deliver("crm/members/none.xlsx", b"no workbook")
    workbook(shop, [["id"], [1]], "crm/members/other.xlsx", sheet="Other")
    workbook(shop, [], "crm/members/void.xlsx")
    report = shop.land()
    assert [outcome.file for outcome in report.landed] == ["crm/members/a.xlsx"]
    messages = {outcome.file: outcome.message for outcome in report.held}
    assert "it has no sheet 'Members' (it has Read me, Other)" in messages["crm/members/other.xlsx"]
    assert "it is empty" in messages["crm/members/void.xlsx"]
    for name in ("cut", "hurt", "none"):
        assert "can't be read as xlsx" in messages[f"crm/members/{name}.xlsx"]


@pytest.mark.parametrize("format", ["csv", "jsonl", "parquet", "xlsx"])
def test_a_column_that_a_file_lacks_is_text(shop, format):
    """Spark refuses a folder in which a column is text in one file and a number in another."""
    shop.describe("receipts", ["no", {"name": "till", "optional": True}], format=format)
    path = shop.deliver(f"pos/receipts/a.{format}", "")
    match format:
        case "csv":
            path.write_text("no,amount\n1,2\n")
        case "jsonl":
            path.write_text('{"no": 1}\n')
        case "parquet":
            duckdb.sql("select 1 as no").write_parquet(str(path))
        case "xlsx":
            book = openpyxl.Workbook()
            book.active.append(["no"])
            book.active.append([1])
            book.save(path)
    shop.land()
    [landed] = (shop.raw / "pos__receipts").glob("*.parquet")
    types = duckdb.sql(f"select till, typeof(till) from '{landed}'").fetchall()
    assert types == [(None, "VARCHAR")]
