"""Files as systems write them: what of their form is seen."""

from __future__ import annotations

import gzip
import zipfile
from datetime import datetime
from pathlib import Path

import duckdb
import openpyxl
import pytest

from orchestration.new_source.samples import Sample, read_sample

ROWS = "no,date,name\n1,2026-05-01,Tea\n2,2026-05-02,Cup\n"


def read(path: Path, content: str | bytes, encoding: str = "utf-8") -> Sample:
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return read_sample(path)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_delimiter_is_the_sign_that_all_lines_have(tmp_path: Path, delimiter: str) -> None:
    sample = read(tmp_path / "a.csv", ROWS.replace(",", delimiter))
    assert sample.delimiter == delimiter
    assert sample.rows == (("1", "2026-05-01", "Tea"), ("2", "2026-05-02", "Cup"))


@pytest.mark.parametrize(
    ("text", "encoding", "seen"),
    [
        ("编号,品名\n1,白色蜡烛架\n2,陶瓷茶杯与茶壶\n3,绿茶一百克\n", "gb18030", "gb18030"),
        ("编号,品名\n1,茶杯\n", "utf-8", "utf-8"),
        ("编号,品名\n1,茶杯\n", "utf-8-sig", "utf-8"),
        ("编号,品名\n1,茶杯\n", "utf-16", "utf-16"),
        ("no,name\n1,cup\n", "ascii", "ascii"),
        ("no,name\n1,GLASS STAR £1 HOLDER\n2,CAFÉ CUP £2\n", "cp1252", "cp1252"),
    ],
)
def test_an_encoding_is_seen(tmp_path: Path, text: str, encoding: str, seen: str) -> None:
    sample = read(tmp_path / "a.csv", text, encoding)
    assert sample.encoding == seen
    assert sample.headers == tuple(text.split("\n")[0].split(","))


@pytest.mark.parametrize(
    ("lines", "quote"),
    [
        ('A-1\t"Cosy throw\t20.00\nA-2\tScreen 24"\t99.00\n', "none"),
        ('A-1\t"Cosy throw"\t20.00\nA-2\tMug\t99.00\n', '"'),
        ('A-1\t"Cosy ""thick"" throw"\t20.00\n', '"'),
        ("A-1\tMug\t20.00\n", '"'),
    ],
)
def test_a_quote_that_encloses_nothing_is_none(tmp_path: Path, lines: str, quote: str) -> None:
    sample = read(tmp_path / "a.csv", "no\titem\tprice\n" + lines)
    assert sample.quote == quote
    assert [row[0] for row in sample.rows] == [line[:3] for line in lines.splitlines()]


def test_content_decides_and_not_the_ending(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        rows = "select 1 as no, date '2026-05-01' as sold"
        connection.execute(f"copy ({rows}) to '{tmp_path}/a.csv' (format parquet)")
    assert read_sample(tmp_path / "a.csv").format == "parquet"
    assert read_sample(tmp_path / "a.csv").rows == (("1", "2026-05-01"),)


def test_packed_files_are_read_as_what_is_in_them(tmp_path: Path) -> None:
    assert read(tmp_path / "a.csv.gz", gzip.compress(ROWS.encode())).headers[0] == "no"
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("b.csv", ROWS)
    assert len(read_sample(tmp_path / "b.zip").rows) == 2


def test_a_workbook_gives_its_first_visible_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title, book.active.sheet_state = "old", "hidden"
    sheet = book.create_sheet("sales")
    sheet.append(["No", "Sold", "Price"])
    sheet.append([13085.0, datetime(2026, 5, 1, 9, 30), 12.5])
    book.save(tmp_path / "a.xlsx")
    sample = read_sample(tmp_path / "a.xlsx")
    assert (sample.format, sample.headers) == ("xlsx", ("No", "Sold", "Price"))
    assert sample.rows == (("13085", "2026-05-01 09:30:00", "12.5"),)


def sheets(path: Path, **rows: list[list]) -> Path:
    """A workbook of these sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, of_sheet in rows.items():
        sheet = book.create_sheet(title)
        for row in of_sheet:
            sheet.append(row)
    book.save(path)
    return path


def test_sheets_with_the_same_headers_are_one_list(tmp_path: Path) -> None:
    top = ["No", "Sold"]
    sample = read_sample(
        sheets(tmp_path / "a.xlsx", y1=[top, [1, "x"]], none=[], y2=[top, [2, "y"]])
    )
    assert sample.rows == (("1", "x"), ("2", "y"))
    assert (sample.sheets, sample.sheets_left_out) == (("y1", "y2"), ())


def test_a_sheet_with_other_headers_is_left_out(tmp_path: Path) -> None:
    one, other = [["No", "Sold"], [1, "x"]], [["Shop", "City"], [1, "x"]]
    sample = read_sample(sheets(tmp_path / "a.xlsx", sales=one, shops=other))
    assert (sample.sheets, sample.sheets_left_out) == (("sales",), ("shops",))


TITLED = [["Takings of shop 12"], ["until 31.12.2025"], [], ["No", "Sold", "Sum"], [1, "x", 2]]


def test_titles_above_the_headers_are_to_be_deleted(tmp_path: Path) -> None:
    cure = "above the one that begins with No · Sold · Sum"
    with pytest.raises(ValueError, match=cure):
        read_sample(sheets(tmp_path / "a.xlsx", sales=TITLED))
    for sign, width in ((";", 3), (",", 1)):
        padded = [[*map(str, row), *[""] * (width - len(row))] for row in TITLED]
        with pytest.raises(ValueError, match=cure):
            read(tmp_path / "a.csv", "\n".join(sign.join(row) for row in padded))


def test_objects_may_lack_keys(tmp_path: Path) -> None:
    sample = read(tmp_path / "a.jsonl", '{"no": 1, "ok": true}\n{"no": 2.50, "who": "x"}\n')
    assert sample.headers == ("no", "ok", "who")
    assert sample.rows == (("1", "true", None), ("2.50", None, "x"))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"\x00\x01\xfe\xff\x07,\x02" * 20, "no text, workbook or Parquet"),
        (b"no,date\n", "has no records"),
        (b"just words\nand words\n", "no two fields"),
        (b"%PDF-1.7 \n", "no two fields"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "workbook of the old kind"),
        (b'[{"no": 1}]\n', "not one object a line"),
        (b"PAR1xxxxPAR1", "can't be read as Parquet"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(
    tmp_path: Path, content: bytes, why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        read(tmp_path / "a.csv", content)


def test_objects_in_json_are_columns_by_path_and_lists_are_seen(tmp_path: Path) -> None:
    lines = [
        b'{"no": 1, "buyer": {"id": 7, "at": {"zip": "01"}}, "items": [{"sku": "A"}]}',
        b'{"no": 2, "buyer": null}',
    ]
    sample = read(tmp_path / "a.jsonl", b"\n".join(lines))
    assert dict(zip(sample.headers, zip(*sample.rows, strict=True), strict=True)) == {
        "no": ("1", "2"),
        "buyer.id": ("7", None),
        "buyer.at.zip": ("01", None),
        "items": ('[{"sku": "A"}]', None),
    }
