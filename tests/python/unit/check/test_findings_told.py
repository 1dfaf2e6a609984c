"""What a check says of figures, and what it says to change."""

from __future__ import annotations

import duckdb
import pytest

from orchestration.check.cures import problems
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


@pytest.fixture
def told(tmp_path):
    """The problems of some findings, in a project that counts in yuan and has orders in pounds."""
    (tmp_path / "dbt_project.yml").write_text("vars: {reporting_currency: CNY}")
    folder = tmp_path / "models" / "staging" / "kiosk"
    folder.mkdir(parents=True)
    for entity in ("orders", "order_lines"):
        (folder / f"stg_kiosk__{entity}.sql").touch()
    with duckdb.connect() as connection:
        connection.execute("create schema entities")
        connection.execute(
            "create table entities.int_orders_validated as select 'gbp' as currency,"
            " 'currency_without_rate' as reason_code from range(299)"
        )
        yield lambda f: list(problems(connection, Project(tmp_path, tmp_path), LANDED, f))


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
