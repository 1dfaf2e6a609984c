"""What a check says of figures, and what it says to change."""

from __future__ import annotations

import duckdb
import pytest

from orchestration.check.cures import of_no_order, problems, told_again
from orchestration.check.findings import Entity, Findings, Outcome
from orchestration.check.page import lines_of
from orchestration.landing import FileOutcome, LandingReport
from orchestration.project import Project

LANDED = LandingReport((FileOutcome("kiosk__sales", "kiosk/sales/a.csv", "landed", ""),), ())


def found(*outcomes: Outcome, replaced: int = 0, guests: float = 0.2) -> Findings:
    entity = Entity(
        "order_lines",
        {"order_line_id": 0.0, "product_id": 0.25},
        replaced,
        "2026-05-01",
        "2026-05-31",
        {"gross_amount": "1234.50"},
        [{"order_line_id": "kiosk:1:1", "product_id": None}],
    )
    return Findings("kiosk", [], list(outcomes), [entity], guests, 0.2, 5, [])


def refused(rows: int, reason: str, entity: str = "order_lines") -> Outcome:
    return Outcome(entity, "quarantined", reason, rows, "kiosk/sales/a.csv", 7)


ACCEPTED = Outcome("order_lines", "accepted", None, 90, "kiosk/sales/a.csv", 2)


def _lines(connection: duckdb.DuckDBPyConnection, rows: list[tuple]) -> None:
    """The lines of a warehouse, from one file."""
    connection.execute(
        "create table entities.int_order_lines_validated (_batch varchar, _line bigint,"
        " order_id varchar, product_id varchar, quantity int, gross_amount int, row_status varchar)"
    )
    connection.execute(
        "create table entities.int_current_deliveries as select 'b' as batch, 'k/a.csv' as file"
    )
    for line, row in enumerate(rows, start=2):
        connection.execute(
            "insert into entities.int_order_lines_validated"
            " values ('b', ?, ?, ?, 1, 9, 'accepted')",
            [line, *row],
        )


# Four orders with two lines each, one of which is scanned twice.
ORDERS = [(str(order), f"P{line}") for order in range(4) for line in (0, 0, 1)]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([*ORDERS, ("5", "P1"), *ORDERS], "4 orders of k/a.csv stand in it twice with the same"),
        (ORDERS, ""),
        (sorted(ORDERS, key=lambda row: row[1]), ""),
        ([*ORDERS, *((order, "P9") for order, _ in ORDERS)], ""),
    ],
)
def test_orders_that_a_file_tells_twice_are_told(rows: list[tuple], told: str) -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema entities")
        _lines(connection, rows)
        problems = list(told_again(connection, "k"))
    assert len(problems) == bool(told)
    if told:
        assert problems[0].startswith(told)
        assert "from line 15 on" in problems[0]
        assert "`restarts_after=10`" in problems[0]


def test_refunds_that_lower_nobodys_spend_are_told() -> None:
    with duckdb.connect() as connection:
        connection.execute("create schema entities")
        connection.execute(
            "create table entities.int_orders_validated as"
            " select '1' as order_id, 'accepted' as row_status"
        )
        connection.execute(
            "create table entities.int_refunds_validated as"
            " from (values ('1', 5.00, 'accepted', null), ('C2', 7.50, 'accepted', null),"
            " ('C3', 9, 'ignored', null), (null, 11, 'accepted', 'x'))"
            " as refunds (order_id, refund_amount, row_status, account_id)"
        )
        [problem] = of_no_order(connection)
    assert problem.startswith("1 refund worth 7.50 name no order")


@pytest.fixture
def connection():
    with duckdb.connect() as opened:
        yield opened


@pytest.fixture
def told(tmp_path, connection):
    """The problems of some findings, in a project that counts in yuan and has orders in pounds."""
    (tmp_path / "dbt_project.yml").write_text("vars: {reporting_currency: CNY}")
    folder = tmp_path / "models" / "staging" / "kiosk"
    folder.mkdir(parents=True)
    for entity in ("orders", "order_lines"):
        (folder / f"stg_kiosk__{entity}.sql").touch()
    connection.execute("create schema entities")
    connection.execute(
        "create table entities.int_orders_validated as select 'gbp' as currency,"
        " 'currency_without_rate' as reason_code from range(299)"
    )
    _lines(connection, [])
    return lambda f: list(problems(connection, Project(tmp_path, tmp_path), LANDED, f))


@pytest.mark.parametrize(
    ("reason", "cure"),
    [
        (
            "time_unreadable",
            "`timestamp_format` (or `date_format`) in models/staging/kiosk/_",
        ),
        ("row_kind_unknown", "`rows` in models/staging/kiosk/_kiosk__sources.yml"),
        ("amount_unreadable", "`amounts` in models/staging/kiosk/_kiosk__sources.yml"),
        ("status_unknown", "`order_status` in models/staging/kiosk/stg_kiosk__order_lines.sql"),
    ],
)
def test_a_refused_row_says_where_it_stands_and_what_to_change(told, reason, cure) -> None:
    [problem] = told(found(refused(5, reason)))
    assert problem.startswith(f"5 rows of order_lines: {reason} (kiosk/sales/a.csv, line 7)")
    assert cure in problem


def test_a_currency_without_a_rate_is_named_with_both_cures(told) -> None:
    [problem] = told(found(refused(299, "currency_without_rate", "orders")))
    assert "299 orders in GBP; reporting_currency is CNY" in problem
    assert "seeds/exchange_rates.csv" in problem


def test_lines_that_replace_each_other_are_told(told) -> None:
    [problem] = told(found(ACCEPTED, replaced=9))
    assert "9 of 90 rows of order_lines were replaced by a later row of their own file" in problem
    assert told(found(ACCEPTED)) == []


def test_orders_that_all_name_nobody_are_told(told) -> None:
    [problem] = told(found(ACCEPTED, guests=1.0))
    assert "account_id" in problem


def test_more_than_a_fifth_refused_is_too_much() -> None:
    assert found(ACCEPTED, refused(10, "key_missing")).mostly_refused == []
    assert found(ACCEPTED, refused(30, "key_missing")).mostly_refused == ["order_lines"]
    ignored = Outcome("order_lines", "ignored", None, 900, None, None)
    assert found(ACCEPTED, refused(30, "key_missing"), ignored).mostly_refused == ["order_lines"]


def test_few_refused_rows_are_too_many_where_they_are_all() -> None:
    assert found(refused(2, "key_missing")).mostly_refused == ["order_lines"]
    few = [refused(4, "key_missing"), Outcome("order_lines", "accepted", None, 4, None, None)]
    assert found(*few).mostly_refused == []


def test_the_page_shows_figures_in_columns() -> None:
    page = list(lines_of(found(ACCEPTED, refused(10, "key_missing"))))
    assert "order_lines  quarantined  key_missing  10    kiosk/sales/a.csv, line 7" in page
    assert "order_lines, 2026-05-01 to 2026-05-31, gross_amount 1,234.50" in page
    assert "  product_id     25.0%" in page
    assert "Orders that name no customer: 20.0%" in page


def test_rows_of_one_order_that_differ_are_told_and_records_are_not(told) -> None:
    orders = Entity("orders", {}, 9, None, None, {}, [])
    accounts = Entity("accounts", {}, 9, None, None, {}, [])
    delivered = [Outcome(name, "accepted", None, 20, None, None) for name in ("orders", "accounts")]
    [problem] = told(Findings("kiosk", [], delivered, [orders, accounts], 0.2, 0.2, 5, []))
    assert problem.startswith(
        "9 of 20 rows of orders were replaced by a later row of the same order"
    )


@pytest.mark.parametrize(
    ("member", "problems_told"),
    [("kiosk:0012", 1), ("kiosk:12", 0)],
)
def test_numbers_that_only_orders_have_are_told_with_those_of_the_accounts(
    told, tmp_path, connection, member: str, problems_told: int
) -> None:
    connection.execute("drop table entities.int_orders_validated")
    for entity, number in (("orders", "kiosk:12"), ("accounts", member)):
        connection.execute(
            f"create table entities.int_{entity}_validated as"
            f" select '{number}' as account_id, 'accepted' as row_status"
        )
    (tmp_path / "models" / "staging" / "kiosk" / "stg_kiosk__accounts.sql").touch()
    entities = [
        Entity(name, {"account_id": 0.0}, 0, None, None, {}, []) for name in ("orders", "accounts")
    ]
    problems_found = told(Findings("kiosk", [], [], entities, 0.2, 0.2, 5, []))
    assert len(problems_found) == problems_told
    for problem in problems_found:
        assert problem.startswith(
            "Of 1 account_id of orders, 0 are known among accounts: here is 'kiosk:12', there"
            " 'kiosk:0012'."
        )
