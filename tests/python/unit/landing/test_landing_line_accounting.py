"""Every physical line of a CSV file is header, blank, accepted or quarantined."""

from __future__ import annotations

from datetime import datetime

import pytest

pytestmark = pytest.mark.usefixtures("of_any_size")
FIRST_LANDING = datetime(2026, 1, 5, 6, 0)
HEADER = "receipt_no,member,amount\n"
GOOD = "1,Ann,10.00\n"
LONG = "x" * 3_000_000
U, M, W, D = "unclosed_quote", "malformed_quote", "wrong_field_count", "undecodable_text"
F = "fused_records"

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
    "two records fused": (HEADER + '1,"Cosy,3\n2,24",4\n' + GOOD, 1, 1, 0, {2: F, 3: F}),
    "three records fused": (HEADER + '1,"A,3\n2,B,3\n3,24",4\n', 0, 0, 0, {2: F, 3: F, 4: F}),
    "fused over a blank line": (HEADER + '1,"A,3\n\n3,24",4\n', 0, 0, 0, {2: F, 3: F, 4: F}),
    "fused behind a quoted field": (HEADER + '"1,0","A,3\n2,24",4\n', 0, 0, 0, {2: F, 3: F}),
    "fused before a quoted field": (HEADER + '1,"A,3\n2,24","4,00"\n', 0, 0, 0, {2: F, 3: F}),
    "the end of one record before another": (
        *(HEADER + '1,Ann,"a\nb""2",Bo,"c"\n' + GOOD + '3,5" pipe,4\n', 2, 2, 0, {2: U, 3: F}),
    ),
    "the end of a text long after its beginning": (
        *(HEADER + '1,"a,3\n' + GOOD * 3 + 'b",Bo,4\n' + GOOD, 4, 4, 0, {2: U, 6: F}),
    ),
    "a delimiter on one line": (HEADER + '1,"Ann, Lee\nBo",3\n' + GOOD, 2, 3, 0, {}),
    "a delimiter on the other line": (HEADER + '1,"Ann\nLee, Bo",3\n' + GOOD, 2, 3, 0, {}),
    "a record within a note": (HEADER + '1,"see\n2,B,3\nthere",3\n' + GOOD, 2, 4, 0, {}),
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


SHEET = [["receipt_no", "member", "amount"], ["1", '"Cosy', "3"], ["2", 'Screen 24"', "4"]]


@pytest.mark.parametrize("is_careful", [False, True])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", ["\t", ",", ";", "|"])
def test_without_quoting_a_quote_is_a_character(shop, delimiter, line_end, is_careful):
    shop.describe("receipts", SHEET[0], delimiter=delimiter, quote="none")
    lines = [delimiter.join(row) for row in SHEET] + [delimiter.join(['"3"', '""', '"a""b"'])]
    lines += [""] * is_careful
    shop.deliver("pos/receipts/a.csv", line_end.join(lines))
    assert shop.land().messages == []
    assert shop.query(
        "select receipt_no, member, amount from raw.pos__receipts order by _line"
    ) == [
        ("1", '"Cosy', "3"),
        ("2", 'Screen 24"', "4"),
        ('"3"', '""', '"a""b"'),
    ]


@pytest.mark.parametrize("quote", ['"', "none"])
@pytest.mark.parametrize("end", ["", '"', '""'])
def test_two_records_on_one_line_are_no_record(shop, end, quote):
    shop.describe("receipts", ["receipt_no", "member", "amount"], quote=quote)
    shop.deliver("pos/receipts/a.csv", f"{HEADER}1,Ann,{end}3{end}{end}4{end},Bo,5\n{GOOD}")
    shop.land()
    assert len(shop.query("from raw.pos__receipts")) == 1
    assert shop.column("select line from raw.rejected_lines") == [2]


@pytest.mark.parametrize("format", ["csv", "xlsx"])
@pytest.mark.parametrize("places", [[3], [1, 2], [2, 4, 5]])
def test_a_header_that_is_repeated_is_no_row(shop, format, places):
    """Exports that somebody put one behind the other."""
    shop.describe("receipts", SHEET[0], format=format)
    rows = [SHEET[0], *([str(number), "Ann", "3"] for number in range(5))]
    for place in places:
        rows.insert(place, SHEET[0])
    shop.deliver_rows(f"pos/receipts/a.{format}", rows)
    assert shop.land().messages == []
    assert shop.column("select receipt_no from raw.pos__receipts order by _line") == [*"01234"]
    assert shop.query("select lines_header, lines_physical from raw.deliveries") == [
        (1 + len(places), 6 + len(places))
    ]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_files_put_one_behind_the_other_have_one_header(shop, mark):
    shop.describe("receipts", SHEET[0])
    file = f"{mark}{HEADER}1,Ann,3\n{mark}{HEADER}{mark}2,Bo,4\n"
    shop.deliver("pos/receipts/a.csv", file)
    assert shop.land().messages == []
    assert shop.query("select receipt_no, _line from raw.pos__receipts order by 2") == [
        ("1", 2),
        ("2", 4),
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
