"""What holds for any CSV file, and that both ways of reading one agree."""

from __future__ import annotations

import csv
import io
import re
import shutil
import tempfile
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from orchestration.landing import csv_file
from orchestration.landing.feeds import Column, Feed
from orchestration.landing.output import Output
from orchestration.landing.reasons import REASONS, Held
from orchestration.landing.sql import connect

FEED = Feed(
    source="pos",
    table="receipts",
    patterns=("*.csv",),
    formats=("csv",),
    encoding="utf-8",
    encodings=(),
    delimiter=",",
    quote='"',
    sheet=None,
    columns=(Column("a", ("a",), True), Column("b", ("b",), True)),
)
QUOTES = st.sampled_from(['"', ""])
DELIMITERS = st.sampled_from([",", ";", "\t", "|", " "])
# What breaks CSV, in the company of what does not.
SHREDS = st.sampled_from(
    ["a", "b", "1", '"', '""', ",", ";", "\t", " ", "\n", "\r\n", "\r", "\0", "é", "张", "\\", "'"]
)
TIDY = st.sampled_from(["a", '"a"', '"x""y"', '"a b"', '"p,q"', "", '""', " a", "a ", "张"])
FIELDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """Reads content on one of the two paths: rows with line numbers, rejected lines, tally."""
    shelf = tmp_path_factory.mktemp("files")

    def read(content: str, delimiter: str, fast: bool, header: str = "a{}b\n", quote: str = '"'):
        # A new folder each time: DuckDB caches files by path, size and time of change.
        folder = Path(tempfile.mkdtemp(dir=shelf))
        path = folder / "file.csv"
        path.write_bytes((header.format(delimiter) + content).encode())
        feed = replace(FEED, delimiter=delimiter, quote=quote)
        arguments = (connection, folder, feed, "file.csv", "batch", datetime(2026, 1, 5))
        with closing(Output(*arguments)) as output:
            if not fast:
                csv_file._read_line_by_line(path, feed, "utf-8", output)
            elif not csv_file._read_in_bulk(path, feed, "utf-8", output):
                return None
        output.tally.check()
        query = f"from '{folder}/rows.parquet' select _line, a, b order by _line"
        rows = connection.execute(query).fetchall()
        rejected = []
        if output.tally.quarantined:
            query = f"from '{folder}/rejected.parquet' select reason_code, line order by line"
            rejected = connection.execute(query).fetchall()
        shutil.rmtree(folder)
        return rows, rejected, output.tally

    with connect(shelf) as connection:
        yield read


def written(rows: list[tuple[str, str]], delimiter: str, line_end: str, quoting: int) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator=line_end, quoting=quoting).writerows(
        rows
    )
    return stream.getvalue()


@settings(max_examples=200, deadline=None)
@given(content=st.lists(SHREDS, max_size=40).map("".join), delimiter=DELIMITERS, quote=QUOTES)
def test_any_text_is_accounted_for(reader, content, delimiter, quote):
    rows, rejected, tally = reader(content, delimiter, fast=False, quote=quote)
    line_ends = re.findall("\r\n|\r|\n", content)
    assert tally.physical == 1 + len(line_ends) + (content[-1:] not in ("", "\r", "\n"))
    assert len(rows) == tally.rows
    assert len(rejected) == tally.quarantined
    assert {reason for reason, _ in rejected} <= set(REASONS)


@settings(max_examples=200, deadline=None)
@given(
    lines=st.lists(st.lists(TIDY | SHREDS, min_size=2, max_size=3), max_size=6),
    delimiter=DELIMITERS,
    line_end=st.sampled_from(["\n", "\r\n"]),
    quote=QUOTES,
)
def test_what_duckdb_is_trusted_with_is_what_python_reads(
    reader, lines, delimiter, line_end, quote
):
    content = line_end.join(delimiter.join(fields) for fields in lines)
    fast = reader(content, delimiter, fast=True, quote=quote)
    assert fast is None or fast == reader(content, delimiter, fast=False, quote=quote)


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(st.tuples(FIELDS, FIELDS), max_size=8),
    delimiter=DELIMITERS,
    line_end=st.sampled_from(["\n", "\r\n"]),
)
def test_what_the_csv_module_writes_comes_back(reader, rows, delimiter, line_end):
    content = written(rows, delimiter, line_end, csv.QUOTE_ALL)
    found, rejected, _ = reader(content, delimiter, fast=False)
    # Text of several lines may look like several records: it is set aside, and told.
    assume(not any(reason == "fused_records" for reason, _ in rejected))
    assert [tuple(values) for _, *values in found] == [(a or None, b or None) for a, b in rows]
    assert rejected == []


@settings(max_examples=200, deadline=None)
@given(
    rows=st.lists(
        st.tuples(*[FIELDS.filter(lambda text: not set(text) & set('\r\n"'))] * 2).filter(
            lambda row: row != ("a", "b")  # the header again is no row
        ),
        min_size=1,
        max_size=8,
    ),
    delimiter=DELIMITERS,
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_clean_files_take_the_fast_path_and_agree(reader, rows, delimiter, quoting):
    content = written(rows, delimiter, "\n", quoting)
    fast = reader(content, delimiter, fast=True)
    assert fast is not None
    assert fast == reader(content, delimiter, fast=False)
    assert [tuple(values) for _, *values in fast[0]] == [(a or None, b or None) for a, b in rows]


def test_a_header_alone_is_no_reason_to_hold(reader):
    assert reader("", ",", fast=True)[0] == []


@pytest.mark.parametrize("fast", [False, True])
def test_a_file_of_one_column_is_held_for_the_other(reader, fast):
    with pytest.raises(Held, match="required column 'b' is missing"):
        reader("1\n\n", ",", fast=fast, header="a\n")
