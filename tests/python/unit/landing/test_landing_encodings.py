"""Files are decoded as their mark or their description says, else held: never mojibake."""

from __future__ import annotations

import codecs

import pytest

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
