"""Lines of a kind that is known: cut piece by piece, and by nothing that merely looks like it."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import product

import numpy as np
import pytest

from orchestration.landing.blocks import Lines
from orchestration.landing.json_bytes import Bytes
from orchestration.landing.json_lines import Shape

WORD = re.compile(r"true|false|null|-?(0|[1-9][0-9]*)([.][0-9]+)?")
SKELETON = b'{"a":0,"b0":[0,0],"c":0}'
GOOD = '{"a":1,"b0":[2,"x"],"c":null}'


def bytes_of(*lines: str) -> Bytes:
    return Bytes(Lines("".join(f"{line}\n" for line in lines).encode(), 10_000), 10_000)


def are_words(words: list[str]) -> list[bool]:
    found = bytes_of(*words)
    return found.are_words(found.lines.starts, found.lines.ends).tolist()


def test_words_are_what_json_says_they_are():
    words = ["".join(each) for size in range(5) for each in product("-0.1eén", repeat=size)]
    words += ["true", "false", "null", "nulL", "truE", "falsE", "fals", "tru", "nullx", "truefalse"]
    assert are_words(words) == [bool(WORD.fullmatch(word)) for word in words]


@pytest.mark.parametrize("size", [7, 8, 9, 15, 16, 17, 64])
@pytest.mark.parametrize("odd", [".", ":", "/", "e", "é", "\x7f", "-", "..", '"'])
def test_of_a_long_number_each_byte_counts(size, odd):
    words = [f"{'1' * at}{odd}{'2' * (size - at)}"[:size] for at in range(size + 1)]
    words += [f"{word[:3]}.{word[4:]}" for word in words]
    assert are_words(words) == [bool(WORD.fullmatch(word)) for word in words]


def test_a_number_is_looked_at_up_to_64_bytes():
    assert are_words(["1" * 64, f"-{'1' * 64}", "1" * 65]) == [True, True, False]


@pytest.mark.parametrize("odd", ["", "é", "张", "😀"])
def test_texts_are_as_they_stand_whatever_their_size(odd):
    values = [odd + "x" * size for size in range(30)]
    found = bytes_of(*(f'"{value}"' for value in values))
    places = np.arange(len(values))
    texts = found.texts(places, found.lines.starts, found.lines.ends)
    assert texts.to_pylist() == values


def test_a_text_with_escapes_stays_in_its_quotes_and_null_is_none():
    lines = ['"plain"', '"a\\n"', "null", "1.10", "true", '"after"', '"\\\\"']
    found = bytes_of(*lines)
    begins = found.lines.starts.copy()
    begins[4] = -1
    texts = found.texts(np.arange(len(lines)), begins, found.lines.ends).to_pylist()
    assert texts == ["plain", '"a\\n"', None, "1.10", None, "after", '"\\\\"']


def shaped(*lines: str) -> list[int]:
    found = bytes_of(*lines)
    places, _ = Shape(SKELETON).lines(found, np.flatnonzero(found.is_sound))
    return places.tolist()


def test_a_value_stands_where_its_skeleton_has_it():
    found = bytes_of(GOOD, '{"a":"1,\\"","b0":["", -1],"c":0}', '{"a":"é","b0":[0,0],"c":"}"}')
    shape = Shape(SKELETON)
    places, begins = shape.lines(found, np.arange(3))
    assert places.tolist() == [0, 2]
    inner = SKELETON.index(b"[")
    for span, values in {(5, 6): ["1", "é"], (inner, inner + 5): ['[2,"x"]', "[0,0]"]}.items():
        texts = found.texts(places, *shape.values(begins, span))
        assert texts.to_pylist() == values


@pytest.mark.parametrize(
    "other",
    [
        GOOD[:-1],
        GOOD + " ",
        GOOD + GOOD,
        " " + GOOD,
        '{"a":1,"b0":[2,"x"],"c":"y"} ',
        '{"a":1,"b0":[2,"x"],"c":"y"}{}',
        '{"a":1,"b0":[2,"x"],"c":"y"}0',
        "",
        "{",
        '{"a":1,"b0":[2,"x"],"c":}',
        '{"a":,"b0":[2,"x"],"c":1}',
        '{"a":"x,"b0":[2,"x"],"c":1}',
        '{"a":x","b0":[2,"x"],"c":1}',
        '{"a":"x"1,"b0":[2,"x"],"c":1}',
        '{"a":1"x","b0":[2,"x"],"c":1}',
        '{"a":"x""y","b0":[2,"x"],"c":1}',
        '{"a":01,"b0":[2,"x"],"c":1}',
        '{"a":1,"b0":[2],"c":1}',
        '{"a":1,"b0":[2,3,4],"c":1}',
        '{"a":1,"b0":[],"c":1}',
        '{"a":{},"b0":[2,"x"],"c":1}',
        '{"a":1,"b0":[{"d":1},"x"],"c":1}',
        '{"a":1,"b1":[2,"x"],"c":1}',
        '{"a":1,"b0":[2,"x"],"c":1,"c":1}',
        '{"a":1,"b0":[2,"x"],"c":"}',
        '{"a":1,"b0":[2,"x"],"c":"\\"}',
        '{"a":1,"b0":[2,"x"],"c":\\"1"}',
        '{"a":1,"b0":[2,"x"],"c":' + "9" * 400 + "}",
    ],
)
def test_what_merely_looks_like_it_has_another_shape(other):
    assert shaped(other) == []
    assert shaped(GOOD, other, GOOD) == [0, 2]
    assert shaped(other, GOOD, other, GOOD, other) == [1, 3]


def test_escapes_in_keys_and_long_lists_have_no_shape():
    lists = (b'{"a":[%s]}' % b",".join([b"0"] * count) for count in (200, 201))
    assert [Shape.of(each) is None for each in (SKELETON, *lists)] == [False, False, True]
    assert Shape.of(b'{"a\\"":0}') is None


def test_what_is_left_of_a_block_keeps_its_line_ends_apart():
    lines = Lines(b"a\rb\n\n\r\nc", 100)
    some = lines.some(np.array([0, 2, 3, 4]))
    assert [some[place] for place in range(len(some))] == [b"a\n", b"\n", b"\n", b"c\n"]


def test_few_rows_are_written_without_pandas(tmp_path):
    program = (
        "import sys; from datetime import datetime; from pathlib import Path\n"
        "from orchestration.landing.few import write_few\n"
        "columns = {'a': ['x', None], '_line': [1, 2]}\n"
        f"write_few(Path({str(tmp_path / 'few')!r}), columns, '_line', 'b', datetime(2026, 1, 5))\n"
        "assert 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
