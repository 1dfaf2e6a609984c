"""Every physical line of a CSV file is header, blank, accepted or quarantined."""

from __future__ import annotations

from datetime import datetime

import pytest

FIRST_LANDING = datetime(2026, 1, 5, 6, 0)
HEADER = "receipt_no,member,amount\n"
GOOD = "1,Ann,10.00\n"
LONG = "x" * 3_000_000
U, M, W, D = "unclosed_quote", "malformed_quote", "wrong_field_count", "undecodable_text"

# name: (content, rows, accepted lines, blank lines, {line: reason})
FILES = {
    "clean": (HEADER + GOOD, 1, 1, 0, {}),
    "no newline at the end": (HEADER + GOOD + "2,Bo,3", 2, 2, 0, {}),
    "windows line ends": ((HEADER + GOOD * 2).replace("\n", "\r\n"), 2, 2, 0, {}),
    "old mac line ends": ((HEADER + GOOD * 2).replace("\n", "\r"), 2, 2, 0, {}),
    "mixed line ends": (HEADER + "1,Ann,1\r\n2,Bo,2\n3,Cy,3\r4,Di,4", 4, 4, 0, {}),
    "header only": (HEADER, 0, 0, 0, {}),
    "header only, no newline": (HEADER.strip(), 0, 0, 0, {}),
    "blank line before the header": ("\n" + HEADER + GOOD, 1, 1, 1, {}),
    "blank lines between": (HEADER + "\n" + GOOD + "\r\n" + GOOD, 2, 2, 2, {}),
    "blank lines at the end": (HEADER + GOOD + "\n\n\n", 1, 1, 3, {}),
    "line of spaces": (HEADER + "   \n" + GOOD, 1, 1, 1, {}),
    "only delimiters": (HEADER + ",,\n" + GOOD, 2, 2, 0, {}),
    "quoted fields": (HEADER + '"1","Ann","10"\n', 1, 1, 0, {}),
    "quoted header": ('"receipt_no","member","amount"\n' + GOOD, 1, 1, 0, {}),
    "doubled quotes": (HEADER + '1,"""Ann"", twice",3\n', 1, 1, 0, {}),
    "delimiter in quotes": (HEADER + '1,"Lee, Ann",3\n', 1, 1, 0, {}),
    "newline in quotes": (HEADER + '1,"Ann\nLee",3\n' + GOOD, 2, 3, 0, {}),
    "blank line in quotes": (HEADER + '1,"Ann\n\nLee",3\n' + GOOD, 2, 4, 0, {}),
    "quoted newline at the end": (HEADER + GOOD + '1,2,"a\nb\n"', 2, 4, 0, {}),
    "newline in the header": ('receipt_no,member,"amount"\n1,2,"\n3"\n', 1, 2, 0, {}),
    "unclosed quote first": (HEADER + '"1,Ann,3\n' + GOOD * 3, 3, 3, 0, {2: U}),
    "unclosed quote in the middle": (HEADER + GOOD + '2,"Ann,3\n' + GOOD, 2, 2, 0, {3: U}),
    "unclosed quote last": (HEADER + GOOD + '2,Ann,"3', 1, 1, 0, {3: U}),
    "unclosed before quoted": (HEADER + '1,"Ann,3\n2,"Bo",3\n', 1, 1, 0, {2: U}),
    "unclosed before multi-line": (HEADER + '1,"A,3\n2,"B\nC",3\n', 1, 2, 0, {2: U}),
    "two unclosed apart": (HEADER + '1,"A,3\n' + GOOD + '2,B,"3\n' + GOOD, 2, 2, 0, {2: U, 4: U}),
    "every line unclosed": (HEADER + '1,"A,3\n' * 3, 0, 0, 0, {2: U, 3: U, 4: U}),
    "closes, but too wide": (HEADER + '1,"A,3\n2,B",4,5\n', 0, 0, 0, {2: U, 3: W}),
    "text after a quote": (HEADER + '1,"Ann"x,3\n' + GOOD, 1, 1, 0, {2: M}),
    "space after a quote": (HEADER + '1,"Ann" ,3\n' + GOOD, 1, 1, 0, {2: M}),
    "space before a quote": (HEADER + '1, "Ann",3\n' + GOOD, 2, 2, 0, {}),
    "quote inside a field": (HEADER + '1,5" pipe,3\n' + GOOD, 2, 2, 0, {}),
    "too few fields": (HEADER + "1,Ann\n" + GOOD, 1, 1, 0, {2: W}),
    "too many fields": (HEADER + "1,Lee,Ann,3\n" + GOOD, 1, 1, 0, {2: W}),
    "an empty field too many": (HEADER + "1,Lee,Ann,\n" + GOOD, 1, 1, 0, {2: W}),
    "all with a delimiter too many": (HEADER + "1,Ann,3,\n" * 2, 0, 0, 0, {2: W, 3: W}),
    "too many and too few": (HEADER + "1,Lee,Ann,\n1,Ann\n", 0, 0, 0, {2: W, 3: W}),
    "cut transfer": (HEADER + GOOD * 2 + "3,An", 2, 2, 0, {4: W}),
    "a total at the end": (HEADER + GOOD + "Total: 1 receipt\n", 1, 1, 0, {3: W}),
    "no delimiter fits": (HEADER + "1;Ann;3\n" + GOOD, 1, 1, 0, {2: W}),
    "NUL characters": (HEADER + "1,A\0nn,3\n2,\0,\0\n", 2, 2, 0, {}),
    "NUL and a blank line": (HEADER + "1,A\0nn,3\n\n2,\0,\0\n", 2, 2, 1, {}),
    "control characters": (HEADER + "1,\x01\x1a\x1f,\x7f\n", 1, 1, 0, {}),
    "long field": (HEADER + f"1,{LONG},3\n" + GOOD, 2, 2, 0, {}),
    "long field, blank line": (HEADER + f'1,"{LONG}",3\n\n' + GOOD, 2, 2, 1, {}),
    "one endless line": (HEADER + GOOD + LONG * 6, 1, 1, 0, {3: "line_too_long"}),
    "broken UTF-8": (HEADER.encode() + b"1,\xff\xfe,3\n" + GOOD.encode() * 19, 19, 19, 0, {2: D}),
    "cut UTF-8": (HEADER.encode() + GOOD.encode() * 19 + b"2,\xe5\xbc", 19, 19, 0, {21: D}),
    "backslashes": (HEADER + '1,"a\\",3\n1,\\"a,3\n', 2, 2, 0, {}),
    "line separators of Unicode": (HEADER + "1,a\u2028b\x85c\x0b\x0cd,3\n", 1, 1, 0, {}),
    "comment": (HEADER + "# exported,by,till\n" + GOOD, 2, 2, 0, {}),
}


def test_there_are_at_least_33_files():
    assert len(FILES) >= 33


@pytest.mark.parametrize(
    ("content", "rows", "accepted", "blank", "rejected"), FILES.values(), ids=FILES.keys()
)
def test_each_line_is_accounted_for(shop, content, rows, accepted, blank, rejected):
    shop.deliver("pos/receipts/a.csv", content)
    report = shop.land()
    assert report.held == [], report.messages
    (counted,) = shop.query(
        "select rows_accepted, lines_accepted, lines_blank, lines_header, lines_quarantined, "
        "lines_physical from raw.deliveries"
    )
    physical = 1 + blank + accepted + len(rejected)
    assert counted == (rows, accepted, blank, 1, len(rejected), physical)
    assert shop.query("select count(*) from raw.pos__receipts") == [(rows,)]
    assert dict(shop.query("select line, reason_code from raw.rejected_lines")) == rejected


def test_one_unclosed_quote_in_100_000_rows_costs_one_line(shop):
    lines = [f'{number},"Ann, {number}",1.00\n' for number in range(1, 100_001)]
    lines[49] = '50,"Ann, 50,1.00\n'
    shop.deliver("pos/receipts/a.csv", HEADER + "".join(lines))
    shop.land()
    assert shop.query("select count(*), max(_line) from raw.pos__receipts") == [(99_999, 100_001)]
    assert shop.query("select line, text, reason_code from raw.rejected_lines") == [
        (51, '50,"Ann, 50,1.00', "unclosed_quote")
    ]


def test_rows_say_where_they_come_from(shop):
    shop.deliver("pos/receipts/a.csv", HEADER + '\n1,"Ann\nLee",3\n2,"",4\n')
    shop.land()
    assert shop.query("select * exclude (_batch) from raw.pos__receipts order by _line") == [
        ("1", "Ann\nLee", "3", "pos/receipts/a.csv", 3, FIRST_LANDING),
        ("2", None, "4", "pos/receipts/a.csv", 5, FIRST_LANDING),
    ]


def test_a_rejected_line_says_where_it_comes_from(shop):
    shop.deliver("pos/receipts/a.csv", HEADER + GOOD * 19 + "2,Bo\r\n")
    shop.land()
    (batch,) = shop.column("select batch from raw.deliveries")
    assert shop.query("select * from raw.rejected_lines") == [
        ("pos", "receipts", "pos/receipts/a.csv", 21, "2,Bo", W, batch, FIRST_LANDING)
    ]


def test_a_large_file_keeps_its_line_numbers(shop):
    count = 600_000
    rows = "".join(f"{number},member {number},1.00\n" for number in range(2, count + 2))
    shop.deliver("pos/receipts/a.csv", HEADER + rows)
    shop.land()
    assert shop.query(
        "select count(*), bool_and(receipt_no = cast(_line as varchar)) from raw.pos__receipts"
    ) == [(count, True)]
