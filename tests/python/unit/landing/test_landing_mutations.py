"""Whatever is done to the lines of a file on its way: each is counted, and no row is invented.

Lines are fused, dropped, doubled and put into another order, at random and five hundred times.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pytest

MUTATIONS = 500
HEADER = ["receipt_no", "member", "amount", "note"]
NOTES = ["", "plain", 'Screen 24"', '"Cosy throw', '""', "张伟", "a, b", "5' x 3'"]


@dataclass(frozen=True)
class Sample:
    """A file by its records, each of whole lines without the last line end, the header first if
    there is one, and how it is described and packed."""

    records: list[str]
    rows: list[tuple[str | None, ...]]
    meta: dict[str, object]
    header_lines: int = 1
    pack: Callable[[bytes], bytes] = bytes


def invented(count: int, notes: list[str]) -> list[tuple[str, str, str, str]]:
    return [
        (f"R{number}", f"M{number % 7}", f"{number}.50", notes[number % len(notes)])
        for number in range(count)
    ]


def quoted(cell: str) -> str:
    doubled = cell.replace('"', '""')
    return f'"{doubled}"'


def plain(rows: list[tuple[str, ...]], delimiter: str) -> list[str]:
    return [delimiter.join(cells) for cells in [HEADER, *rows]]


def in_quotes(rows: list[tuple[str, ...]]) -> list[str]:
    return [",".join(HEADER), *(",".join(map(quoted, row)) for row in rows)]


def in_quotes_where_needed(rows: list[tuple[str, ...]]) -> list[str]:
    records = []
    for row in [HEADER, *rows]:
        stream = io.StringIO(newline="")
        csv.writer(stream, lineterminator="\n").writerow(row)
        records.append(stream.getvalue().removesuffix("\n"))
    return records


def objects(rows: list[tuple[str, ...]]) -> list[str]:
    return [json.dumps(dict(zip(HEADER, row, strict=True))) for row in rows]


ROWS, LONG_NOTES = invented(24, NOTES), invented(24, ["a\nb", "x, y\nz", "a\nb, c, d, e", "", "\n"])
TABS, TIDY = {"delimiter": "\t", "quote": "none"}, {"delimiter": ";"}
SAMPLES = {
    "quoted": Sample(in_quotes(ROWS), ROWS, {}),
    "quoted where needed": Sample(in_quotes_where_needed(ROWS), ROWS, {}),
    "several lines where needed": Sample(in_quotes_where_needed(LONG_NOTES), LONG_NOTES, {}),
    "several lines a record": Sample(in_quotes(LONG_NOTES), LONG_NOTES, {}),
    "unquoted, of tabs": Sample(plain(ROWS, "\t"), ROWS, TABS),
    "unquoted, packed": Sample(plain(ROWS, "\t"), ROWS, TABS, pack=gzip.compress),
    "tidy": Sample(plain(invented(24, ["x"]), ";"), invented(24, ["x"]), TIDY),
    "JSON lines": Sample(objects(ROWS), ROWS, {"format": "jsonl"}, header_lines=0),
    "JSON lines, packed": Sample(
        objects(ROWS), ROWS, {"format": "jsonl"}, header_lines=0, pack=gzip.compress
    ),
}


def mutated(records: list[str], chance: random.Random) -> str:
    """The file after one to four of what may happen to its records."""
    lines = [f"{record}\n" for record in records]
    for _ in range(chance.randint(1, 4)):
        place, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        match chance.choice(["fuse", "drop", "double", "reorder", "blank"]):
            case "fuse":
                lines[place] = lines[place].removesuffix("\n")
            case "drop" if len(lines) > 1:
                del lines[place]
            case "double":
                lines.insert(other, lines[place])
            case "reorder":
                lines[place], lines[other] = lines[other], lines[place]
            case "blank":
                lines.insert(place, "\n")
    return "".join(lines)


@pytest.mark.parametrize("name", SAMPLES)
def test_no_line_is_lost_and_no_row_invented(shop, name):
    """An accepted row is word for word a record of the file before. Within the text of a record
    of several lines nothing can tell what was there before, so that records are what is moved."""
    sample, chance = SAMPLES[name], random.Random(name)
    shop.describe("receipts", HEADER, **sample.meta)
    contents = {}
    for number in range(-(-MUTATIONS // len(SAMPLES))):
        file = f"pos/receipts/{number}.csv"
        contents[file] = mutated(sample.records, chance)
        shop.deliver(file, sample.pack(contents[file].encode()))
    report = shop.land()
    held = {outcome.file for outcome in report.held}
    assert len(held) < len(contents) / 2, report.messages

    originals = {tuple(cell or None for cell in row) for row in sample.rows}
    columns = ", ".join(HEADER)
    assert set(shop.query(f"select {columns} from raw.pos__receipts")) <= originals

    counted = shop.query(
        "select file, batch, lines_physical, lines_header, lines_blank, lines_accepted,"
        " lines_quarantined from raw.deliveries where status = 'landed'"
    )
    refused = Counter(shop.column("select _batch from raw.rejected_lines"))
    assert {file for file, *_ in counted} == set(contents) - held
    for file, batch, physical, *parts in counted:
        text = contents[file]
        assert physical == sum(parts) == text.count("\n") + (not text.endswith("\n"))
        assert (parts[0] >= sample.header_lines, refused[batch]) == (True, parts[3])


def mutated_rows(rows: list[list[str]], chance: random.Random) -> list[list[str]]:
    """The same for the rows of a table, of which two become one that is twice as wide."""
    rows = list(rows)
    for _ in range(chance.randint(1, 4)):
        place, other = chance.randrange(1, len(rows)), chance.randrange(1, len(rows))
        match chance.choice(["fuse", "drop", "double", "reorder"]):
            case "fuse" if len(rows[place]) == len(HEADER):
                rows[place : place + 2] = [
                    [cell for row in rows[place : place + 2] for cell in row]
                ]
            case "drop":
                del rows[place]
            case "double":
                rows.insert(other, rows[place])
            case "reorder":
                rows[place], rows[other] = rows[other], rows[place]
    return rows


def test_no_row_of_a_sheet_is_lost_and_none_invented(shop):
    shop.describe("receipts", HEADER, format="xlsx")
    chance, originals = random.Random(7), {tuple(cell or None for cell in row) for row in ROWS}
    contents = {}
    for number in range(50):
        file = f"pos/receipts/{number}.xlsx"
        contents[file] = mutated_rows([HEADER, *map(list, ROWS)], chance)
        shop.deliver_rows(file, contents[file])
    assert shop.land().held == []
    columns = ", ".join(HEADER)
    assert set(shop.query(f"select {columns} from raw.pos__receipts")) <= originals
    counted = shop.query(
        "select file, lines_physical, lines_header + lines_accepted + lines_quarantined,"
        " lines_quarantined from raw.deliveries"
    )
    for file, physical, parts, quarantined in counted:
        assert physical == parts == len(contents[file])
        assert quarantined == sum(len(row) > len(HEADER) for row in contents[file])
