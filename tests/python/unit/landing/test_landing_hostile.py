"""What DuckDB is trusted with is what Python reads line by line, of files made to mislead both.

They are made of a seed, and read in blocks of some bytes, so that every kind of line and of record
meets the end of a block.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.landing import csv_file, json_lines, jsonl_file
from orchestration.landing.feeds import Column, Feed
from orchestration.landing.limits import Limits
from orchestration.landing.output import Output
from orchestration.landing.reasons import Held
from orchestration.landing.sql import connect

ROOT = Path(__file__).resolve().parents[4]
LANDED_AT = datetime(2026, 1, 5)
LIMITS = Limits(line_characters=200, cell_characters=60, record_keys=40)
ENCODINGS = ["utf-8", "utf-8", "utf-8-sig", "gb18030", "utf-16"]
COLUMNS_OF_JSON = (
    Column("a", ("a",), True),
    Column("b", ("b", "bbb"), False),
    Column("c", ("c",), False),
    Column("d", ("d",), False),
    Column("e", ("d.e", "d.a"), False),
)
Read = Callable[[Path, Feed, str, Output], object]


def feed_of(format: str, delimiter: str = ",", quote: str = '"', columns: str = "abc") -> Feed:
    return Feed(
        *("pos", "receipts", ("*",), (format,), "utf-8", (), delimiter, quote, None),
        columns=tuple(Column(name, (name, name * 3), name == "a") for name in columns),
    )


def read(
    how: Read, content: bytes, feed: Feed, encoding: str, shelf: Path, connection, limits=LIMITS
) -> object:
    """All that comes of a file: its rows, rejected lines, counts and columns, or why it is held."""
    folder = Path(tempfile.mkdtemp(dir=shelf))
    path = folder / "file"
    path.write_bytes(content)
    output = Output(connection, folder, feed, "file", "batch", LANDED_AT, limits)
    try:
        with closing(output):
            if how(path, feed, encoding, output) is False:
                return None
        output.tally.check()
        rows = f"from '{folder}/rows.parquet' select * exclude (_landed_at) order by _line"
        rejected = []
        if output.tally.quarantined:
            rejected = connection.execute(
                f"from '{folder}/rejected.parquet' select line, reason_code, text order by line"
            ).fetchall()
        found = connection.execute(rows).fetchall(), rejected, output.tally
        return (*found, output.columns_missing, output.columns_added)
    except Held as held:
        return str(held)
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[tuple[Path, duckdb.DuckDBPyConnection]]:
    with connect(tmp_path) as connection:
        yield tmp_path, connection


CELLS = ["", "1", "x y", "张伟", " ", '"q"', '"p{}q"', '"a""b"', '""', "5' 3\"", "\0", "\x01", "\\"]
ODD_CELLS = ['"open', 'shut"', '"two\nlines"', '"t\r\nl{}"', '"x"y', "x" * 70, "\udcff", "\r", "\n"]
ODD_LINES = ["", " ", "\ufeff", "{}", "{}{}", "x" * 250, '"', "\x01{}{}", "\u3000", "aaa"]


def hostile_csv(chance: random.Random, delimiter: str) -> str:
    """Lines of which most are records, and any may be what is none."""
    header = chance.choice(["a{}b{}c", "aaa{}b{}x", '"a"{}b{}"c"', "\n\na{}b{}c", "a{}c", "a", "b"])
    width = header.count("{}") + 1
    oddity = chance.choice([0, 0.02, 0.2, 0.6])
    line_ends = chance.choice([["\n"], ["\r\n"], ["\n", "\r\n"], ["\r", "\n"]])
    lines = [header]
    for _ in range(chance.randrange(40)):
        cells = [
            chance.choice(ODD_CELLS if chance.random() < oddity / 2 else CELLS)
            for _ in range(width + (chance.random() < oddity / 4))
        ]
        is_odd = chance.random() < oddity
        odd = chance.choice([*ODD_LINES, header.strip()])
        lines.append(odd if is_odd else "{}".join(cells))
    ended = "".join(line + chance.choice(line_ends) for line in lines)
    return ended.replace("{}", delimiter)[: None if chance.random() < 0.7 else -1]


def bytes_of(text: str, encoding: str) -> bytes:
    """The text with its lone surrogates as bytes that are none."""
    if encoding == "utf-8":
        return text.encode("utf-8", "surrogateescape")
    return text.replace("\udcff", "?").encode(encoding)


def compare_csv(monkeypatch, shelf, seed: int) -> bool:
    """Whether DuckDB took part in what was read."""
    chance = random.Random(seed)
    delimiter, quote = chance.choice(",;\t| "), chance.choice(['"', '"', ""])
    encoding = chance.choice(ENCODINGS)
    content = bytes_of(hostile_csv(chance, delimiter), encoding)
    feed = feed_of("csv", delimiter, quote)
    monkeypatch.setattr(csv_file, "BLOCK", chance.choice([1, 30, 100, 1 << 18]))
    bulk = read(csv_file._read_in_bulk, content, feed, encoding, *shelf)
    if bulk is not None:
        assert bulk == read(csv_file._read_line_by_line, content, feed, encoding, *shelf), seed
    return bulk is not None


def test_csv_is_read_in_bulk_as_it_is_line_by_line(monkeypatch, shelf):
    assert sum(compare_csv(monkeypatch, shelf, seed) for seed in range(120)) > 80


@pytest.mark.long
def test_two_thousand_files_of_csv_are_read_in_bulk_as_they_are_line_by_line(monkeypatch, shelf):
    for seed in range(1_000, 3_000):
        compare_csv(monkeypatch, shelf, seed)


SCALARS = [
    *(
        '"1"',
        '""',
        '"x y"',
        '"张伟"',
        '"a\\\\"',
        '"\\\\\\""',
        '"\\u5f20\\n"',
        '"{}"',
        '"a,b:c"',
        '"null"',
    ),
    *("0", "-0", "1.10", "12345678901234567890", "-3.0", "true", "false", "null"),
]
ODD_SCALARS = [
    *(
        "01",
        "-",
        "1.",
        ".5",
        "1.2.3",
        "+1",
        "1e400",
        "1E-2",
        "0x1",
        "NaN",
        "-Infinity",
        "nul",
        "nulll",
    ),
    *("tru", "True", "1 2", "-01", "1-2", "", "张", '"a"1', '1"a"', '"a" "b"', "--1", "nullnull"),
    *(
        '"\\u0000"',
        '"\\ud83d\\ude00"',
        '"\\ud800"',
        '"\\x"',
        '"\\u12g4"',
        '"\\"',
        '"a\\\\\\\\"',
        '"\t"',
    ),
    *(
        '"\0"',
        '"\x7f"',
        '"\udcff"',
        '"\ufeff"',
        "\\",
        '"open',
        '"' + "x" * 130 + '"',
        '"\u2028"',
        '"\\u0022"',
    ),
]
KEYS = [
    '"a"',
    '"a"',
    '"b"',
    '"bbb"',
    '"c"',
    '"d.e"',
    '"d"',
    '"B "',
    '"x"',
    '"\\u0062"',
    '"张"',
    '"d.e.f"',
]
ODD_LINES_OF_JSON = [
    *(
        "",
        " ",
        "\t",
        "\ufeff",
        "{}",
        "[]",
        "{} {}",
        "null",
        '"a"',
        "{" * 60,
        "[" * 60,
        "}",
        "\u3000",
    ),
    *(
        '{"a":1}{"a":2}',
        '{"a":1,}',
        '{"a":[1,]}',
        "{a:1}",
        '{"a" 1}',
        '{"a":1 "b":2}',
        "{'a':1}",
        "\0",
    ),
    *('{"a":"b":1}', "{1:2}", '{"a"}', '\\{"a":1}', '{\\"a": "b\\"}', '{"a":1}//', "x" * 450, '"'),
]


def hostile_value(chance: random.Random, oddity: float, depth: int = 0) -> str:
    if depth < 3 and chance.random() < 0.15:
        held = [hostile_value(chance, oddity, depth + 1) for _ in range(chance.randrange(3))]
        if chance.random() < 0.5:
            return f"[{', '.join(held)}]"
        return f"{{{','.join(f'{chance.choice(KEYS)}: {each}' for each in held)}}}"
    return chance.choice(ODD_SCALARS if chance.random() < oddity / 6 else SCALARS)


def hostile_json(chance: random.Random) -> str:
    """Lines of few kinds, of which most are objects, and any may be what is none."""
    oddity = chance.choice([0, 0.02, 0.2, 0.6])
    line_ends = chance.choice([["\n"], ["\r\n"], ["\n", "\r\n"], ["\r", "\n"]])
    comma, colon = (
        chance.choice([",", ", ", " ,"]),
        chance.choice([":", ":", ": ", ": ", " : ", "  :", ":\t"]),
    )
    kinds = [['"a"', *chance.sample(KEYS[2:], k=chance.randrange(4))] for _ in range(2)]
    kinds += [chance.choices(KEYS, k=chance.randrange(5))] * (chance.random() < 0.5)
    lines = []
    for _ in range(chance.randrange(40)):
        keys = chance.choice(kinds)
        values = [f"{key}{colon}{hostile_value(chance, oddity)}" for key in keys]
        line = f"{{{comma.join(values)}}}"
        if chance.random() < oddity / 4:
            at = chance.randrange(len(line))
            line = line[:at] + chance.choice('"\\{}[],: 0n\udcff') + line[at + 1 :]
        lines.append(chance.choice(ODD_LINES_OF_JSON) if chance.random() < oddity / 2 else line)
    ended = "".join(line + chance.choice(line_ends) for line in lines)
    return ended[: None if chance.random() < 0.7 else -1]


def compare_json(monkeypatch, shelf, seed: int) -> tuple[bool, bool]:
    """Whether any line was cut as others of its kind are, and any as those of the block before."""
    chance = random.Random(seed)
    encoding = chance.choice(ENCODINGS)
    content = bytes_of(hostile_json(chance), encoding)
    feed = replace(feed_of("jsonl"), columns=COLUMNS_OF_JSON)
    monkeypatch.setattr(jsonl_file, "BLOCK", chance.choice([1, 300, 300, 800, 1 << 18]))
    monkeypatch.setattr(jsonl_file, "FEW", chance.choice([1, 1, 3]))
    monkeypatch.setattr(jsonl_file, "MAX_KINDS", chance.choice([5, 1_000]))
    monkeypatch.setattr(json_lines, "COMPARED", chance.choice([0, 1, 8]))
    monkeypatch.setattr(jsonl_file, "USUAL", chance.choice([3, 100]))
    limits = Limits(line_characters=400, cell_characters=120, record_keys=5)
    rows, shaped = [], []
    monkeypatch.setattr(Output, "finish_behind", finishing(rows))
    monkeypatch.setattr(json_lines.Shape, "lines", shaping(shaped))
    bulk = read(jsonl_file._read_in_bulk, content, feed, encoding, *shelf, limits)
    monkeypatch.undo()
    if bulk is not None:
        lines = read(jsonl_file._read_line_by_line, content, feed, encoding, *shelf, limits)
        assert bulk == lines, seed
    return any(rows), any(shaped)


def finishing(rows: list[int], finish=Output.finish_behind) -> Callable[[Output, int], None]:
    """Remembers how many rows were copied."""

    def remembering(output: Output, copied: int) -> None:
        rows.append(copied)
        finish(output, copied)

    return remembering


def shaping(shaped: list[int], lines=json_lines.Shape.lines) -> Callable:
    """Remembers how many lines had a shape that was known."""

    def remembering(shape: json_lines.Shape, *asked: object) -> tuple:
        places, begins = lines(shape, *asked)
        shaped.append(len(places))
        return places, begins

    return remembering


def test_json_lines_are_cut_by_their_kinds_as_they_are_read_one_by_one(monkeypatch, shelf):
    found = [compare_json(monkeypatch, shelf, seed) for seed in range(120)]
    cut, shaped = map(sum, zip(*found, strict=True))
    assert cut > 50 and shaped > 15


@pytest.mark.long
def test_two_thousand_files_of_json_lines_are_cut_as_they_are_read(monkeypatch, shelf):
    for seed in range(1_000, 3_000):
        compare_json(monkeypatch, shelf, seed)
