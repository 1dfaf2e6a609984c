"""Files are known by their content: letter case, packing and endings make no difference."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from orchestration.landing.delivered import delivery_order

FORMATS = ["csv", "jsonl", "parquet", "xlsx"]
ROWS = [["receipt_no", "member", "amount"], ["1", "Ann", "3"], ["2", "张", "4"]]
LANDED = [("1", "Ann", "3"), ("2", "张", "4")]
CONTENT = "receipt_no,member,amount\n1,Ann,3\n2,张,4\n".encode()


def rows(shop) -> list[tuple]:
    return shop.query("select receipt_no, member, amount from raw.pos__receipts order by _line")


def zipped(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def packed(name: str, content: bytes) -> bytes:
    if name.lower().endswith(".gz"):
        return gzip.compress(content)
    return zipped(file=content) if name.lower().endswith(".zip") else content


# By name

NAMES = ["A.CSV", "a.Csv", "a.csv.gz", "A.CSV.GZ", "a.csv.zip", "a.zip", "a.gz", "a.txt", "a.tsv"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("folder", ["receipts", "Receipts"])
def test_what_lies_in_a_feeds_own_folder_is_its_own(shop, folder, name):
    shop.deliver(f"pos/{folder}/{name}", packed(name, CONTENT))
    assert shop.land().messages == []
    assert rows(shop) == LANDED


@pytest.mark.parametrize(
    ("file", "is_claimed"),
    [
        ("in/x_sales.csv", True),
        ("IN/X_Sales.CSV", True),
        ("in/x_sales.csv.gz", True),
        ("in/x_sales.csv.zip", True),
        ("in/x_sales.zip", False),
        ("in/x_sales.txt", False),
        ("in/deep/x_sales.csv", False),
        ("receipts/x_sales.csv", False),
    ],
)
def test_a_glob_fits_packed_files_too_and_in_any_case(shop, file, is_claimed):
    shop.describe("receipts", ROWS[0], files="in/*_sales.csv")
    shop.deliver(f"pos/{file}", packed(file, CONTENT))
    report = shop.land()
    assert report.unclaimed == (() if is_claimed else (f"pos/{file}",))
    assert len(report.landed) == is_claimed


@pytest.mark.parametrize(
    "file", ["a.csv", "x/a.csv", "x/y/a.csv", "receipts/a.csv", "x/receipts/y/a.csv"]
)
@pytest.mark.parametrize("pattern", ["**/*.csv", "**/*", "**/a.*", "**/[a-c].csv"])
def test_two_stars_stand_for_folders(shop, file, pattern):
    shop.describe("receipts", ROWS[0], files=pattern)
    shop.deliver(f"pos/{file}", CONTENT)
    assert len(shop.land().landed) == 1


def test_a_file_that_another_feed_asks_for_is_not_its_neighbours(shop):
    shop.describe("receipts", ROWS[0], others={"returns": {"files": "receipts/*.xlsx"}})
    shop.deliver_rows("pos/receipts/a.csv", ROWS)
    shop.deliver_rows("pos/receipts/b.xlsx", ROWS)
    report = shop.land()
    assert [(each.relation, each.file) for each in report.landed + report.held] == [
        ("pos__receipts", "pos/receipts/a.csv"),
        ("pos__returns", "pos/receipts/b.xlsx"),
    ]


def test_an_encoding_by_name_is_that_of_packed_files_too(shop):
    shop.describe("receipts", ROWS[0], encodings={"*_old.csv": "gb18030"})
    shop.deliver("pos/receipts/a_old.csv.gz", gzip.compress(CONTENT.decode().encode("gb18030")))
    assert shop.land().messages == []
    assert rows(shop) == LANDED


@pytest.mark.parametrize("name", ["a_9.csv.gz", "a_9.csv", "A_9.CSV", "a_9.zip", "a_9.jsonl.GZ"])
def test_packing_changes_nothing_in_the_order_of_deliveries(name):
    assert delivery_order("a_10.csv") > delivery_order(name) == delivery_order("a_9.csv")
    assert delivery_order("v2.9.gz") < delivery_order("v2.10.gz")


# By content


@pytest.mark.parametrize("packing", ["", ".gz", ".zip"])
@pytest.mark.parametrize("format", FORMATS)
def test_each_format_lands_in_each_packing(shop, format, packing):
    shop.describe("receipts", ROWS[0], format=format)
    path = shop.deliver_rows(f"pos/receipts/a.{format}", ROWS)
    content = path.read_bytes()
    path.unlink()
    shop.deliver(f"pos/receipts/a.{format}{packing}", packed(packing, content))
    assert shop.land().messages == []
    assert rows(shop) == LANDED


@pytest.mark.parametrize("delivered", FORMATS)
@pytest.mark.parametrize("declared", FORMATS)
def test_another_format_than_declared_is_held_with_the_cure_and_then_lands(
    shop, declared, delivered
):
    """Whatever the file is called: in a feed's own folder it is not passed over."""
    shop.describe("receipts", ROWS[0], format=declared)
    shop.deliver_rows(f"pos/receipts/a.{delivered}", ROWS)
    shop.deliver_rows(f"pos/receipts/misnamed.{declared}", ROWS, format=delivered)
    held = shop.land().held
    assert len(held) == (0 if delivered == declared else 2)
    for outcome in held:
        assert f"can't be read as {declared}, since it is" in outcome.message
        assert (
            f"set `format: [{declared}, {delivered}]` in models/staging/pos/_pos__sources.yml"
        ) in outcome.message
    shop.describe("receipts", ROWS[0], format=[declared, delivered])
    assert shop.land().held == []
    assert set(rows(shop)) == set(LANDED)


def test_a_feed_may_come_in_several_formats(shop):
    shop.describe("receipts", ROWS[0], format=FORMATS)
    for format in FORMATS:
        shop.deliver_rows(f"pos/receipts/{format}.{format}", ROWS)
    assert shop.land().messages == []
    assert shop.query("select count(*), count(distinct _file) from raw.pos__receipts") == [(8, 4)]


def test_a_format_more_lands_no_file_anew(shop):
    shop.deliver_rows("pos/receipts/a.csv", ROWS)
    shop.land()
    shop.describe("receipts", ROWS[0], format=["csv", "parquet"])
    assert len(shop.land().unchanged) == 1


@pytest.mark.parametrize("start", ["", "\n", "  "])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_json_lines_are_told_from_csv(shop, start, encoding):
    shop.describe("receipts", ROWS[0], format=["csv", "jsonl"])
    lines = start + '{"receipt_no": "1", "member": "Ann", "amount": "3"}\n'
    shop.deliver("pos/receipts/a.csv", lines, encoding=encoding)
    shop.land()
    assert rows(shop) == LANDED[:1]


@pytest.mark.parametrize(
    "content",
    ['[{"receipt_no": "1"}]', '[\n  {"receipt_no": "1"},\n]', '{\n  "receipt_no": "1"\n}'],
)
@pytest.mark.parametrize("format", ["jsonl", "csv"])
def test_json_that_is_not_one_object_a_line_is_held_with_the_cure(shop, content, format):
    shop.describe("receipts", ROWS[0], format=format)
    shop.deliver("pos/receipts/a.json", content)
    (held,) = shop.land().held
    assert "it is JSON, but not one object a line: ask the sender for JSON lines" in held.message


@pytest.mark.parametrize("mark", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xd0\xcf\x11\xe0"])
@pytest.mark.parametrize("name", ["a.xls", "a.xlsx", "a.csv"])
def test_an_old_or_locked_workbook_is_held_with_the_cure(shop, name, mark):
    shop.deliver(f"pos/receipts/{name}", mark + bytes(1_000))
    (held,) = shop.land().held
    assert "save it as .xlsx without a password" in held.message


# Packed

ARCHIVES = {
    "two files": (zipped(a=CONTENT, b=CONTENT), "it is an archive of 2 files: deliver each"),
    "no file": (zipped(), "it is an archive of 0 files"),
    "only a folder": (zipped(**{"a/": b""}), "it is an archive of 0 files"),
    "packed twice": (gzip.compress(gzip.compress(CONTENT)), "it is packed twice"),
    "packed twice, zip": (zipped(a=gzip.compress(CONTENT)), "it is packed twice"),
    "cut gzip": (gzip.compress(CONTENT)[:-9], "it can't be unpacked (EOFError)"),
    "cut to its mark": (gzip.compress(CONTENT)[:5], "it can't be unpacked"),
    "other bytes behind it": (gzip.compress(CONTENT) + b"rest", "it can't be unpacked"),
    "hurt gzip": (gzip.compress(CONTENT)[:20] + bytes(9), "it can't be unpacked"),
    "cut zip": (zipped(a=CONTENT)[:-9], "it can't be unpacked (BadZipFile)"),
    "hurt zip": (zipped(a=CONTENT).replace(b"PK\1\2", b"PK\1\1"), "it can't be unpacked"),
}


@pytest.mark.parametrize(("content", "told"), ARCHIVES.values(), ids=ARCHIVES)
def test_an_archive_that_is_not_one_file_is_held(shop, content, told):
    shop.deliver("pos/receipts/a.csv.gz", content)
    shop.deliver("pos/receipts/b.csv", CONTENT)
    report = shop.land()
    assert [outcome.file for outcome in report.landed] == ["pos/receipts/b.csv"]
    assert told in report.held[0].message


def test_an_archive_with_a_password_is_held(shop):
    archive = bytearray(zipped(a=CONTENT))
    for place in (6, archive.index(b"PK\1\2") + 8):  # the flags of both of its headers
        archive[place] |= 1
    shop.deliver("pos/receipts/a.zip", bytes(archive))
    (held,) = shop.land().held
    assert "it is locked with a password" in held.message


@pytest.mark.parametrize(
    "other", ["__MACOSX/._a.csv", "__MACOSX/deep/._a.csv", ".DS_Store", "a/.DS_Store", "a/"]
)
def test_what_macos_adds_to_an_archive_is_left_alone(shop, other):
    shop.deliver("pos/receipts/a.zip", zipped(**{other: b"", "a/a.csv": CONTENT}))
    assert shop.land().messages == []
    assert rows(shop) == LANDED


def test_a_packed_file_is_landed_once(shop):
    shop.deliver("pos/receipts/a.csv.gz", gzip.compress(CONTENT))
    shop.land()
    before = shop.stored()
    assert len(shop.land().unchanged) == 1
    assert shop.stored() == before
