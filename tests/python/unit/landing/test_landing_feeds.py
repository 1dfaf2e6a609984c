"""The source YAML of dbt describes the feeds; what is wrong in it is told with the remedy."""

from __future__ import annotations

import pytest
import yaml

from orchestration.landing import read_feeds
from orchestration.landing.feeds import Column


def test_defaults(shop):
    (feed,) = shop.feeds
    assert (feed.relation, feed.patterns) == ("pos__receipts", ("receipts/*.csv",))
    assert (feed.formats, feed.quote) == (("csv",), '"')
    assert (feed.encoding, feed.encodings) == ("utf-8", ())
    assert (feed.delimiter, feed.sheet) == (",", None)
    assert feed.columns[0] == Column("receipt_no", ("receipt_no",), True)


def test_all_that_can_be_described(shop):
    column = {"name": "no", "header": "Receipt No", "optional": True}
    shop.describe("receipts", [column], format="xlsx", sheet="S", files="in/*.xlsx", encoding="GBK")
    (feed,) = shop.feeds
    assert (feed.patterns, feed.formats) == (("in/*.xlsx",), ("xlsx",))
    assert (feed.encoding, feed.sheet) == ("gbk", "S")
    assert feed.columns == (Column("no", ("Receipt No",), False),)


@pytest.mark.parametrize(
    ("of_table", "encodings"),
    [
        ({}, (("south_*", "gb18030"),)),
        ({"encodings": {"east_*": "gbk"}}, (("east_*", "gbk"),)),
        ({"encodings": {}}, ()),
    ],
)
def test_encodings_of_the_source_hold_for_tables_without_their_own(shop, of_table, encodings):
    shop.describe("receipts", ["receipt_no"], **of_table)
    yml = shop.folder / "staging" / "pos" / "_pos__sources.yml"
    described = yaml.safe_load(yml.read_text())
    described["sources"][0]["config"]["meta"] = {"encodings": {"south_*": "gb18030"}}
    yml.write_text(yaml.safe_dump(described))
    (feed,) = shop.feeds
    assert feed.encodings == encodings


def test_a_source_without_yaml(shop):
    with pytest.raises(ValueError, match="There is no models/staging/shop/_shop__sources.yml: "):
        read_feeds(shop.folder / "staging", ["pos", "shop"])


@pytest.mark.parametrize(
    ("meta", "message"),
    [
        ({"format": "xml"}, "unknown format 'xml', choose one of csv, jsonl, parquet, xlsx"),
        ({"encoding": "klingon"}, "unknown encoding: klingon, use for example utf-8"),
        ({"encodings": {"a*": "gbk", "b*": "klingon"}}, "unknown encoding: klingon, use for"),
        ({"encodings": "gbk"}, "`encodings` maps patterns of file names to encodings"),
        ({"delimiter": "||"}, "must be one ASCII character"),
    ],
)
def test_a_description_that_can_not_be_followed(shop, meta, message):
    shop.describe("receipts", ["receipt_no"], **meta)
    with pytest.raises(ValueError, match=message) as error:
        _ = shop.feeds
    assert "models/staging/pos/_pos__sources.yml, table receipts" in str(error.value)


def test_a_table_needs_columns(shop):
    shop.describe("receipts", [])
    with pytest.raises(ValueError, match="list its columns"):
        _ = shop.feeds


def test_the_identifier_must_be_the_view(shop):
    yml = shop.folder / "staging" / "pos" / "_pos__sources.yml"
    yml.write_text(yml.read_text().replace("pos__receipts", "receipts"))
    with pytest.raises(ValueError, match="set `identifier: pos__receipts`"):
        _ = shop.feeds


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sources:\n  - name: pos\n  tables: [", r"_sources.yml is no YAML \(line 3: "),
        ("sources: [{name: pos, tables: [{name: receipts, columns: [receipt_no]}]}]", "`- name:`"),
        ("sources: [{name: pos, tables: [{columns: [{name: receipt_no}]}]}]", "`- name:`"),
        ("sources: 3", "`- name:`"),
    ],
)
def test_a_yaml_of_another_form(shop, text, message):
    (shop.folder / "staging" / "pos" / "_pos__sources.yml").write_text(text)
    with pytest.raises(ValueError, match=message):
        _ = shop.feeds


def test_a_source_that_the_yaml_does_not_name(shop):
    yml = shop.folder / "staging" / "pos" / "_pos__sources.yml"
    yml.write_text("version: 2\n")
    with pytest.raises(ValueError, match="describes no table of a source named 'pos'"):
        _ = shop.feeds
