"""What tells a person is found in every file, whatever it is packed in."""

from __future__ import annotations

import gzip
import hashlib
import json
import sqlite3
import zipfile
from pathlib import Path

import duckdb
import openpyxl
import pytest

from orchestration.erasure.needles import Needles
from orchestration.erasure.search import CHUNK, holds, search

NAME, MAIL = "金丝雀·甲", "canary@example.com"
NEEDLES = Needles.of([NAME, MAIL, "Ann"])
FIRST, TENTH = "crm:M1", "crm:M10"


def gz(path: Path, text: str) -> None:
    path.write_bytes(gzip.compress(text.encode()))


def zipped(path: Path, text: str) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside.csv", text)


def workbook(path: Path, text: str) -> None:
    book = openpyxl.Workbook()
    book.active.append([text])
    book.save(path)


def parquet(path: Path, text: str) -> None:
    rows = "select [$1] as told, i from range(9000) as rows(i)"
    duckdb.execute(f"copy ({rows}) to '{path}' (format parquet, compression zstd)", [text])


def database(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with duckdb.connect(path) as connection:
        connection.execute("create table told as select $1 as told from range(100000)", [text])


def sqlite(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as connection:
        connection.execute("create table told as select ? as told", [text])


@pytest.mark.parametrize("write", [gz, zipped, workbook, parquet, database, sqlite])
@pytest.mark.parametrize("needle", [NAME, MAIL])
def test_a_needle_is_found_in_what_packs_it(tmp_path, write, needle):
    write(tmp_path / "file", f"before {needle} after")
    assert holds(tmp_path / "file", NEEDLES)
    write(tmp_path / "file", "before and after")
    assert not holds(tmp_path / "file", NEEDLES)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_a_needle_is_found_in_other_encodings(tmp_path, encoding):
    (tmp_path / "file").write_text(f"x {NAME} x", encoding=encoding)
    assert holds(tmp_path / "file", NEEDLES)


def test_a_needle_is_found_as_json_escapes_it_and_as_ad_platforms_hash_it(tmp_path):
    (tmp_path / "file").write_text(json.dumps({"name": NAME}))
    assert holds(tmp_path / "file", NEEDLES)
    (tmp_path / "file").write_text(hashlib.sha256(MAIL.encode()).hexdigest())
    assert holds(tmp_path / "file", NEEDLES)


def test_a_needle_is_found_across_two_pieces_of_a_large_file(tmp_path):
    (tmp_path / "file").write_bytes(b" " * (CHUNK - 5) + MAIL.encode())
    assert holds(tmp_path / "file", NEEDLES)


def test_a_short_value_stands_in_other_words_and_is_not_looked_for(tmp_path):
    (tmp_path / "file").write_text("Annual report")
    assert not holds(tmp_path / "file", NEEDLES)


def test_the_search_says_where_and_how_much(tmp_path):
    (tmp_path / "clean").write_text("nothing")
    (tmp_path / "told").write_text(MAIL)
    searched = search([tmp_path], NEEDLES)
    assert (searched.files, searched.found) == (2, (tmp_path / "told",))
    assert search([tmp_path], NEEDLES, but=[tmp_path / "told"]).found == ()


def test_what_is_packed_and_damaged_is_told(tmp_path):
    (tmp_path / "damaged").write_bytes(gzip.compress(b"x" * 9000)[:20])
    assert search([tmp_path], NEEDLES).unreadable == (tmp_path / "damaged",)


@pytest.mark.parametrize("write", [gz, zipped, workbook, parquet, database, sqlite])
def test_a_number_is_not_found_in_a_longer_one(tmp_path, write):
    write(tmp_path / "file", f"of {TENTH}, my_{FIRST} and {FIRST}-2")
    assert not holds(tmp_path / "file", Needles.of([FIRST]))
    assert holds(tmp_path / "file", Needles.of([FIRST, TENTH]))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be", "gb18030"])
def test_a_number_is_told_from_a_longer_one_in_every_encoding(tmp_path, encoding):
    (tmp_path / "file").write_text(f"会员{TENTH} x{FIRST} 好", encoding=encoding)
    assert not holds(tmp_path / "file", Needles.of([FIRST]))
    (tmp_path / "file").write_text(f"会员{FIRST}好", encoding=encoding)
    assert holds(tmp_path / "file", Needles.of([FIRST]))


@pytest.mark.parametrize("before", ["", " ", "\\n", "news-assigned-", '"', "\\u4f1a"])
def test_a_number_begins_behind_what_is_no_part_of_it(tmp_path, before):
    (tmp_path / "file").write_text(f"{before}{FIRST}")
    assert holds(tmp_path / "file", Needles.of([FIRST]))


@pytest.mark.parametrize("cut", range(-9, 10))
def test_where_a_large_file_is_cut_nothing_begins_or_ends(tmp_path, cut):
    def write(text: str) -> None:
        padding = b" " * (CHUNK + cut - len(FIRST))
        (tmp_path / "file").write_bytes(padding + text.encode() + b" " * 40)

    write(FIRST)
    assert holds(tmp_path / "file", Needles.of([FIRST]))
    write(f"{FIRST}0")
    assert not holds(tmp_path / "file", Needles.of([FIRST]))
    write(f"my_{FIRST}")
    assert not holds(tmp_path / "file", Needles.of([FIRST]))


@pytest.mark.parametrize("text", ["O'Connor of Cork", "back\\slash road"])
def test_what_duckdb_escapes_in_a_row_is_found(tmp_path, text):
    parquet(tmp_path / "file", text)
    assert holds(tmp_path / "file", Needles.of([text]))


@pytest.mark.parametrize(
    "value, sent",
    [
        ("+8613900004711", "8613900004711"),
        ("canary.one+news@gmail.com", "canaryone+news@gmail.com"),
        ("canary.one+news@example.com", "canary.one@example.com"),
    ],
)
def test_a_contact_is_found_by_the_hash_that_a_platform_got(tmp_path, value, sent):
    (tmp_path / "file").write_text(hashlib.sha256(sent.encode()).hexdigest())
    assert holds(tmp_path / "file", Needles.of([value]))


def test_nobody_is_found_by_the_hash_of_nothing_or_by_a_day(tmp_path):
    (tmp_path / "file").write_text(f"{hashlib.sha256(b'').hexdigest()} on 20260512")
    assert not holds(tmp_path / "file", Needles.of([NAME, MAIL, "20260512"]))


def test_of_thousands_of_needles_each_is_found_and_nothing_between_them():
    needles = Needles.of([f"crm:M{number}" for number in range(0, 40_000, 4)] + ["crm:M4 of 会员"])
    for number in range(0, 40_000, 9001):
        assert needles.are_in(f"a crm:M{number} b".encode()) == (number % 4 == 0)
    assert needles.are_in(b"crm:M4 of nobody")
    assert not needles.are_in(b"crm:M1 of nobody " * 100_000)
