"""Files are decoded as their mark or their description says, else held: never mojibake."""

from __future__ import annotations

import codecs

import pytest

from orchestration.landing import csv_file

pytestmark = pytest.mark.usefixtures("of_any_size")
COLUMNS = ["receipt_no", "member", "amount"]
TEXT = "receipt_no,member,amount\n" + "".join(f"{n},张伟 😀 é,1.00\n" for n in range(1, 31))
MULTI_LINE = TEXT + '31,"李\n娜",1.00\n\n'


def members(shop) -> list[str]:
    return shop.column("select member from raw.pos__receipts order by _line")


@pytest.mark.parametrize("text", [TEXT, MULTI_LINE], ids=["plain", "multi-line"])
@pytest.mark.parametrize(
    ("declared", "delivered", "mark"),
    [
        ("utf-8", "utf-8", b""),
        ("utf-8", "utf-8", codecs.BOM_UTF8),
        ("gb18030", "gb18030", b""),
        ("gb18030", "utf-8", codecs.BOM_UTF8),
        ("utf-8", "utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-8", "utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-16-le", "utf-16-le", b""),
    ],
)
def test_decoded(shop, declared, delivered, mark, text):
    shop.describe("receipts", COLUMNS, encoding=declared)
    shop.deliver("pos/receipts/a.csv", mark + text.encode(delivered))
    assert shop.land().messages == []
    assert members(shop)[:30] == ["张伟 😀 é"] * 30
    assert members(shop)[30:] == ["李\n娜"] * (text == MULTI_LINE)


@pytest.mark.parametrize(
    ("declared", "delivered"),
    [("utf-8", "gb18030"), ("gb18030", "utf-8"), ("cp1252", "utf-8"), ("ascii", "gb18030")],
)
def test_another_encoding_than_declared_is_held(shop, declared, delivered):
    shop.describe("receipts", COLUMNS, encoding=declared)
    shop.deliver("pos/receipts/a.csv", TEXT, encoding=delivered)
    (held,) = shop.land().held
    assert "`encoding:` in models/staging/pos/_pos__sources.yml" in held.message
    assert members(shop) == []


def test_an_undecodable_header_is_held_as_such(shop):
    shop.deliver("pos/receipts/a.csv", "receipt_no,会员,amount\n1,2,3\n", encoding="gb18030")
    (held,) = shop.land().held
    assert "it is not utf-8 as declared" in held.message


@pytest.mark.parametrize("declared", ["utf-8", "utf-16-le"])
def test_a_few_foreign_lines_are_quarantined(shop, declared):
    shop.describe("receipts", COLUMNS, encoding=declared)
    foreign = "99,张".encode(declared) + b"\xff\xd8" * 2 + ",1.00\n".encode(declared)
    shop.deliver(
        "pos/receipts/a.csv", TEXT.encode(declared) + foreign + "32,b,2\n".encode(declared)
    )
    shop.land()
    assert members(shop) == ["张伟 😀 é"] * 30 + ["b"]
    ((line, text, reason),) = shop.query("select line, text, reason_code from raw.rejected_lines")
    assert (line, reason) == (32, "undecodable_text")
    assert "99,张\\xff\\xd8" in text or declared != "utf-8"


@pytest.mark.parametrize(("good", "status"), [(16, "held"), (17, "landed")])
def test_more_than_a_tenth_foreign_lines_hold_the_file(shop, good, status):
    content = b"receipt_no,member,amount\n" + b"1,b,2\n" * good
    shop.deliver("pos/receipts/a.csv", content + "98,张,1\n99,张,1\n".encode("gb18030"))
    shop.land()
    assert shop.column("select status from raw.deliveries") == [status]


# By the file's name


def describe_by_name(shop, **encodings: str) -> None:
    shop.describe("receipts", COLUMNS, encodings=encodings, files="**/*.csv")


def test_files_of_two_encodings_both_land_fast(shop, monkeypatch):
    monkeypatch.setattr(csv_file, "SMALL", 0)
    monkeypatch.setattr(csv_file, "_read_line_by_line", None)
    describe_by_name(shop, **{"south_*": "gb18030"})
    shop.deliver("pos/receipts/south_1.csv", TEXT, encoding="gb18030")
    shop.deliver("pos/receipts/north_1.csv", TEXT)
    assert shop.land().messages == []
    assert shop.query("select distinct _file, member from raw.pos__receipts order by 1") == [
        ("pos/receipts/north_1.csv", "张伟 😀 é"),
        ("pos/receipts/south_1.csv", "张伟 😀 é"),
    ]


@pytest.mark.parametrize(
    ("file", "delivered", "advice"),
    [
        ("south_1.csv", "utf-8", "it is UTF-8, not gb18030 as declared: correct `south_*` of"),
        ("odd_1.csv", "gb18030", "can't be decoded: set `odd_*` of `encodings:` in models/staging"),
        ("north_1.csv", "gb18030", "can't be decoded: set `encoding:` in models/staging/pos"),
    ],
)
def test_a_file_in_another_encoding_than_its_name_says_is_held(shop, file, delivered, advice):
    describe_by_name(shop, **{"south_*": "gb18030", "odd_*": "ascii"})
    shop.deliver(f"pos/receipts/{file}", TEXT, encoding=delivered)
    (held,) = shop.land().held
    assert advice in held.message
    assert members(shop) == []


def test_the_first_pattern_that_the_name_matches_decides(shop):
    """The name alone: what the folder is called and how letters are cased makes a difference."""
    describe_by_name(shop, **{"south_new_*": "utf-16-le", "south_*": "gb18030"})
    for file, encoding in [
        ("south_new_1.csv", "utf-16-le"),
        ("south_1.csv", "gb18030"),
        ("south_new_/1.csv", "utf-8"),
        ("South_1.csv", "utf-8"),
    ]:
        shop.deliver(f"pos/{file}", f"{TEXT}\nthe end,{file},\n", encoding=encoding)
    assert shop.land().held == []
    assert shop.column("select count(*) from raw.pos__receipts where member = '张伟 😀 é'") == [120]


def test_the_same_bytes_under_two_names_are_read_as_each_name_says(shop):
    describe_by_name(shop, **{"south_*": "cp1252"})
    for name in ("south_1", "north_1"):
        shop.deliver(f"pos/receipts/{name}.csv", "receipt_no,member,amount\n1,é,1\n")
    shop.land()
    assert shop.column("select member from raw.pos__receipts order by _file") == ["é", "Ã©"]


def test_a_new_pattern_lands_anew_the_files_that_it_matches(shop):
    """The others keep their rows, and so do all when another pattern says the same of them."""
    shop.describe("receipts", COLUMNS, encoding="utf-8")
    shop.deliver("pos/receipts/north_1.csv", TEXT)
    shop.deliver("pos/receipts/south_1.csv", TEXT, encoding="gb18030")
    assert [each.file for each in shop.land().held] == ["pos/receipts/south_1.csv"]
    shop.describe("receipts", COLUMNS, encodings={"south_*": "gb18030"})
    report = shop.land()
    assert [each.file for each in report.landed] == ["pos/receipts/south_1.csv"]
    assert [each.file for each in report.unchanged] == ["pos/receipts/north_1.csv"]
    shop.describe("receipts", COLUMNS, encodings={"s*_1.csv": "gb18030"})
    assert len(shop.land().unchanged) == 2
