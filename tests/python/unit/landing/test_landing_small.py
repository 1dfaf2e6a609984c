"""Small files become Parquet without a statement of DuckDB, and just the same."""

from __future__ import annotations

import pytest

from orchestration.duck import connect, literal_path
from orchestration.landing import HashKey, csv_file, output
from orchestration.landing.output import Output

ROWS = [
    ["receipt_no", "member", "amount", "card_token"],
    ["1", "Ann", "10.00", "4929000011112222"],
    ["2", None, " ", "none"],
    ["3", "张 😀\xa0", "-0", None],
    [None, None, None, "'4.9290001e7"],
    ["5", "NULL", "\t", "卡号四五六七八九"],
]
# What CSV alone can have: quotes, blank and refused lines, the header again, what is no text.
REST = b'\n"6","B ""o"", \nx",1,2\n7,8\nreceipt_no,member,amount,card_token\n\xff,1,2,3\n9,\0,1,1\n'


@pytest.fixture
def till(shop):
    keyed = {"name": "card_token", "keyed": True}
    columns = ["receipt_no", "member", "amount", keyed, {"name": "till", "optional": True}]
    shop.describe("receipts", columns, format=["csv", "jsonl", "xlsx", "parquet"])
    shop.key = HashKey(b"k" * 40)
    return shop


def landed(till) -> dict[str, tuple]:
    """The columns with their types and the rows of each file of Parquet, and what is told of it."""
    till.land()
    events = till.query("select * exclude (event, landed_at) from raw.deliveries order by event")
    with connect() as connection:
        found = {"events": events}
        for path in sorted(till.raw.glob("*/*.parquet")):
            rows = f"from {literal_path(path)}"
            found[path.name + path.parent.name] = (
                connection.execute(f"describe {rows}").fetchall(),
                connection.execute(f"{rows} order by all").fetchall(),
            )
        return found


@pytest.mark.parametrize("ending", ["csv", "jsonl", "xlsx", "parquet"])
def test_what_arrow_writes_is_what_duckdb_writes(till, monkeypatch, ending):
    till.deliver_rows(f"pos/receipts/a.{ending}", ROWS)
    if ending == "csv":
        path = till.landing / "pos/receipts/a.csv"
        path.write_bytes(path.read_bytes() * 5 + REST)
    few = landed(till)
    for path in [*till.raw.glob("*/*.parquet"), till.raw / "deliveries.jsonl"]:
        path.unlink()
    monkeypatch.setattr(output, "FEW", -1)
    till.days = 0
    assert landed(till) == few
    assert len(few) == (3 if ending == "csv" else 2)


@pytest.mark.parametrize("most", [0, 20, 60])
def test_rows_that_become_many_go_to_the_disk_in_their_order(till, monkeypatch, most):
    monkeypatch.setattr(output, "FEW", most)
    till.deliver_rows("pos/receipts/a.csv", ROWS)
    till.land()
    assert till.column("select _line from raw.pos__receipts") == [2, 3, 4, 5, 6]


def test_a_small_file_needs_no_statement_of_duckdb(till, monkeypatch):
    monkeypatch.setattr(Output, "_write", None)
    for ending in ("csv", "jsonl", "xlsx"):
        till.deliver_rows(f"pos/receipts/a.{ending}", ROWS)
    till.deliver("pos/receipts/b.csv", "receipt_no,member,amount,card_token\n1,2\n")
    report = till.land()
    assert (report.total.rows, report.total.lines_quarantined) == (15, 1)


def test_from_some_size_on_a_file_is_read_in_bulk(till, monkeypatch):
    monkeypatch.setattr(csv_file, "_read_line_by_line", None)
    rows = ROWS[:1] + ROWS[1:2] * (csv_file.SMALL // 20)
    till.deliver_rows("pos/receipts/a.csv", rows)
    assert till.land().total.rows == len(rows) - 1
