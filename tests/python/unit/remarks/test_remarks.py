"""What is said of a build: in which words, in which order, and of what not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import ROOT

from orchestration.artifacts import Artifacts
from orchestration.landing.ledger import LANDED, Ledger
from orchestration.project import Project
from orchestration.remarks import remarks, why_it_failed
from orchestration.remarks.accepted import Limits, Numbers, files_of_strangers
from orchestration.remarks.cures import CURES
from orchestration.remarks.swapped import swaps
from orchestration.request import Request

VARIABLES = """
vars:
  sources: {till: [orders, order_lines]}
  entities: [orders, order_lines, products]
  reporting_currency: CNY
  consequential_reasons: [order_missing]
  known_min_ratio: 0.2
  known_min_share: 0.05
  known_min_numbers: 20
"""
SETTINGS = {
    "int_orders_validated": {"business_on": "ordered_on"},
    "int_order_lines_validated": {"business_on": "ordered_on", "amount": "delivered_amount"},
    "int_products_validated": {},
}
HELD = "assert_no_file_is_mostly_refused"
NO_ORDERS = "assert_there_are_orders"


@dataclass
class Corner:
    """A build as it has ended, of which a test makes the tables that it is about."""

    folder: Path
    formats: Mapping[str, Any] = field(default_factory=dict)
    tables: list[str] = field(default_factory=list)

    @property
    def request(self) -> Request:
        return Request(Project(self.folder, self.folder))

    def deliver(self, **feeds: str) -> None:
        """A file of each feed; its name is its version as well."""
        self.request.project.raw.mkdir(exist_ok=True)
        ledger = Ledger(self.request.project.ledger)
        for feed, names in feeds.items():
            for name in names.split():
                ledger.append(
                    datetime(2026, 6, 1, tzinfo=UTC),
                    **{"source": "till", "feed": feed, "file": f"till/{feed}/{name}.csv"},
                    **{"status": LANDED, "batch": name},
                )
        files = " union all ".join(
            f"select '{name}' as batch, 'till/{feed}/{name}.csv' as file"
            for feed, names in feeds.items()
            for name in names.split()
        )
        self.table(
            "entities", "int_current_deliveries", f"select *, 1 as delivery_number from ({files})"
        )

    def table(self, schema: str, name: str, query: str) -> None:
        with duckdb.connect(self.request.project.warehouse) as connection:
            connection.execute(f"create schema if not exists {schema}")
            connection.execute(f"create table {schema}.{name} as {query}")
        self.tables.append(f"{schema}.{name}")

    def rows(self, entity: str, *rows: tuple, columns: str) -> None:
        """Validated rows: the columns that all share, then others."""
        fixed = "_batch, _line, reason_code, row_status, delivery_number"
        values = ", ".join(
            repr((batch, line, reason or "", status, 1, *more))
            for batch, line, reason, status, *more in rows
        )
        self.table(
            "entities",
            f"int_{entity}_validated",
            f"select 'till' as source_system, * replace (nullif(reason_code, '') as reason_code)"
            f" from (values {values}) as rows({fixed}{columns})",
        )

    def order_lines(self, *rows: tuple) -> None:
        """What a line lacks is usual: one piece, nothing odd."""
        usual = (1, 5, False)
        whole = [(*row, *usual[len(row) - 4 :]) for row in rows]
        self.rows("order_lines", *whole, columns=", quantity, delivered_amount, is_outlier")

    def orders(self, *rows: tuple) -> None:
        self.rows("orders", *rows, columns=", currency, ordered_at_is_skipped")

    @property
    def artifacts(self) -> Artifacts:
        names = [table.split(".") for table in self.tables]
        nodes = {
            f"model.regulars.{name}": {
                **{"name": name, "alias": name, "schema": schema, "resource_type": "model"},
                "config": {"materialized": "table", "meta": SETTINGS.get(name, {})},
            }
            for schema, name in names
        }
        source = {
            **{"source_name": "till", "name": "sales", "source_meta": {"time_zone": "UTC"}},
            **{"config": {"meta": self.formats}, "columns": {"sold_at": {}, "no": {}}},
        }
        results = [{"unique_id": unique_id, "status": "success"} for unique_id in nodes]
        return Artifacts({"nodes": nodes, "sources": {"sales": source}}, {"results": results})

    def remarks(self) -> list[str]:
        return remarks(self.request, self.artifacts)

    def why(self, check: str, sql: str = "") -> list[str]:
        return list(why_it_failed(self.request, self.artifacts, check, sql))


@pytest.fixture
def corner(tmp_path: Path) -> Corner:
    (tmp_path / "dbt_project.yml").write_text(VARIABLES)
    return Corner(tmp_path)


def refused(batch: str, line: int, reason: str, currency: str = "CNY") -> tuple:
    return batch, line, reason, "quarantined", currency, False


def accepted(batch: str, line: int, is_skipped: bool = False) -> tuple:
    return batch, line, None, "accepted", "CNY", is_skipped


def test_nothing_is_said_where_nothing_is_to_be_said(corner):
    corner.deliver(sales="may")
    corner.orders(accepted("may", 2))
    assert corner.remarks() == []


def test_a_name_that_a_seed_does_not_have_is_told_with_those_that_it_has(corner):
    """As the check finds it, which knows the names of the seed."""
    corner.orders(accepted("may", 2))
    found = "select 'service_closed_events' as variable, 'spring_fest' as name, "
    found += "'calendar_events' as seed, '618, new_year, spring_festival' as known_names"
    assert corner.why("assert_variables_name_what_seeds_have", found) == [
        "The variable service_closed_events names spring_fest, which the seed calendar_events does "
        "not have: choose of 618, new_year, spring_festival."
    ]


def test_parameters_of_a_past_day_are_named_where_later_ones_are_there(corner):
    """Also of record linkage, which ships its weights elsewhere and knows no day."""
    versions = [
        ("bg_nbd", 0, "current", None),
        ("bg_nbd", 1, "later", "2026-07-01"),
        ("churn", 1, "current", "2026-03-01"),
        ("churn", 2, "later", "2026-07-01"),
        ("gamma_gamma", 1, "current", "2026-03-01"),
        ("identity", 1, "later", None),
    ]
    corner.table(
        "intermediate",
        "int_model_versions",
        "select model, version, status, as_of_date::date as as_of_date"
        f" from (values {', '.join(str(row).replace('None', 'null') for row in versions)})"
        " as rows(model, version, status, as_of_date)",
    )
    assert corner.remarks() == [
        "Scored with what was fitted by then: bg_nbd with what ships with the project;"
        " churn with version 1 of facts before 2026-03-01;"
        " identity with what ships with the project."
    ]


def test_refused_rows_are_told_by_feed_and_reason_with_an_example(corner):
    corner.deliver(sales="may june")
    corner.orders(
        refused("june", 2, "time_unreadable"),
        refused("may", 7, "time_unreadable"),
        refused("may", 3, "status_unknown"),
        accepted("may", 4),
    )
    assert corner.remarks() == [
        "till sales: 3 rows refused: time_unreadable 2 (june.csv, line 2), "
        "status_unknown 1 (may.csv, line 3)"
    ]


def test_what_follows_from_another_refusal_is_told_after_it(corner):
    corner.deliver(sales="may", items="lines")
    corner.orders(refused("may", 7, "time_unreadable"))
    lines = [("lines", line, "order_missing", "quarantined") for line in range(2, 6)]
    corner.order_lines(*lines)
    assert corner.remarks() == [
        "till sales: 1 row refused: time_unreadable 1 (may.csv, line 7)",
        "till items: 4 rows refused: order_missing 4 (lines.csv, line 2)",
    ]


def test_a_feed_of_two_entities_says_of_which_its_rows_were_refused(corner):
    corner.deliver(sales="may")
    corner.orders(refused("may", 7, "time_unreadable"))
    corner.order_lines(("may", 7, "order_missing", "quarantined"))
    assert corner.remarks() == [
        "till sales: 1 row refused as orders: time_unreadable 1 (may.csv, line 7)",
        "till sales: 1 row refused as order_lines: order_missing 1 (may.csv, line 7)",
    ]


def test_ten_feeds_are_listed_and_the_others_counted(corner):
    corner.deliver(**{f"feed_{number:02}": f"file_{number:02}" for number in range(12)})
    corner.orders(*(refused(f"file_{number:02}", 2, "key_missing") for number in range(12)))
    told = corner.remarks()
    assert len(told) == 11
    assert told[-1] == "… and 2 more: entities.quarantine"


def test_lines_that_are_no_record_are_told_unless_their_file_was_replaced(corner):
    corner.deliver(sales="may")
    folder = corner.request.project.raw / "rejected_lines"
    folder.mkdir()
    for batch in ("may", "former"):
        duckdb.sql(
            f"copy (select 'till' as source, 'sales' as feed, 4 as line, 'the line' as text,"
            f" 'unclosed_quote' as reason_code, '{batch}' as _batch) to '{folder}/{batch}.parquet'"
        )
    assert corner.remarks() == ["till sales: 1 line refused: unclosed_quote 1 (may.csv, line 4)"]


def test_an_order_without_a_rate_is_told_with_its_currency_but_never_with_what_is_no_code(corner):
    corner.deliver(sales="may")
    corner.orders(
        *(refused("may", line, "currency_without_rate", "GBP") for line in (2, 3)),
        refused("may", 4, "currency_without_rate", "usd"),
        refused("may", 5, "currency_without_rate", "Li Lei, 13912345678"),
        refused("may", 6, "status_unknown", "EUR"),
    )
    told, _ = corner.remarks()
    assert told == (
        "currency_without_rate: 2 orders in GBP, 1 order in USD, 1 order in no currency's code; "
        "reporting_currency is CNY: set `reporting_currency` in dbt_project.yml, or add rates of "
        "their days to seeds/exchange_rates.csv."
    )


def test_where_no_order_was_accepted_it_is_said_why(corner):
    corner.deliver(sales="may")
    corner.orders(*(refused("may", line, "currency_without_rate", "GBP") for line in range(2, 301)))
    assert corner.why(NO_ORDERS) == [
        "No order was accepted: 299 of 299 rows were refused: "
        "currency_without_rate 299 (may.csv, line 2).",
        "currency_without_rate: 299 orders in GBP; reporting_currency is CNY: set "
        "`reporting_currency` in dbt_project.yml, or add rates of their days to "
        "seeds/exchange_rates.csv.",
    ]


def test_where_all_orders_are_ignored_it_is_said_which_declaration_does_it(corner):
    corner.deliver(sales="may")
    corner.orders(("may", 2, None, "ignored", "CNY", False))
    assert corner.why(NO_ORDERS) == [
        "No order was accepted: 1 row ignored as their feed declares: correct the condition of "
        "orders in its `rows`."
    ]


def test_where_no_order_was_delivered_the_check_has_words_of_its_own(corner):
    corner.deliver(sales="may")
    corner.table(
        "entities", "int_orders_validated", "select 'x' as row_status, 1 as delivery_number limit 0"
    )
    assert corner.why(NO_ORDERS) == []
    assert corner.why("assert_segment_transitions_close", "select 1") == []


def held(*files: tuple) -> str:
    values = ", ".join(repr(each) for each in files)
    columns = "source_system, entity, batch, row_count, rows_refused"
    return f"select * from (values {values}) as held({columns})"


def test_a_file_that_is_mostly_refused_is_told_with_its_reasons_and_the_cure(corner):
    corner.deliver(sales="may")
    corner.orders(
        *(refused("may", line, "time_unreadable") for line in range(2, 7)),
        refused("may", 9, "status_unknown"),
    )
    assert corner.why(HELD, held(("till", "orders", "may", 10, 6))) == [
        "till sales: 6 of 10 rows of may.csv were refused as orders: time_unreadable 5 (may.csv, "
        "line 2), status_unknown 1 (may.csv, line 9). For time_unreadable: "
        "give their form in `timestamp_format` (or `date_format`) in "
        "models/staging/till/_till__sources.yml; a row of totals is rightly refused, or `ignored` "
        "in its `rows`. Where they are refused rightly, name "
        "till/sales/may.csv in the variable refused_rightly, or raise refused_max_share."
    ]


def test_every_reason_has_a_cure():
    rows = (ROOT / "seeds" / "quarantine_reasons.csv").read_text().splitlines()
    assert sorted(CURES) == sorted(row.split(",")[0] for row in rows[1:])


def test_files_of_lines_that_lack_their_orders_are_told_after_those_of_the_orders(corner):
    corner.deliver(sales="may june", items="lines")
    corner.orders(refused("may", 2, "time_unreadable"), refused("june", 2, "time_unreadable"))
    lines = [("lines", line, "order_missing", "quarantined") for line in range(2, 9)]
    corner.order_lines(*lines)
    files = held(
        *(("till", "order_lines", "lines", 7, 7), ("till", "orders", "may", 1, 1)),
        ("till", "orders", "june", 1, 1),
    )
    orders, lines = corner.why(HELD, files)
    assert orders.startswith("till sales: 2 of 2 rows of june.csv, may.csv were refused as orders")
    assert lines.startswith("till items: 7 of 7 rows of lines.csv were refused as order_lines")
    assert "For order_missing: their order was refused, or is in no file" in lines


def test_what_can_t_be_asked_leaves_the_check_its_own_words(corner):
    corner.deliver(sales="may")
    assert corner.why(HELD, "select spark_alone_knows(this)") == []


def test_rows_that_their_own_file_replaced_are_told_with_their_money(corner):
    corner.deliver(sales="may", goods="goods")
    corner.order_lines(("may", 2, None, "accepted"))
    corner.rows("products", ("goods", 2, None, "accepted"), columns="")
    corner.table(
        "intermediate",
        "int_delivery_quality",
        "select 'till' as source_system, * from (values"
        " ('order_lines', 'may', 12704, 75081.00::decimal(18,2)),"
        " ('products', 'goods', 3, 0::decimal(18,2))"
        ") as rows(entity, batch, rows_replaced, amount_replaced)",
    )
    assert corner.remarks() == [
        "till sales: 12,704 rows of order_lines worth 75,081.00 of may.csv were replaced by later "
        "lines of the same file: their key repeats. Unless these are corrections, give each line "
        "a key of its own, with place_within where it has no number."
    ], "a later record of a product is meant to replace the one before"


def test_orders_at_an_hour_that_clocks_skipped_are_told(corner):
    corner.deliver(sales="may")
    corner.orders(accepted("may", 2, is_skipped=True), accepted("may", 3))
    assert corner.remarks() == [
        "till: 1 order at a local time that clocks skipped that night, read as an hour later: is "
        "the feed's time zone right?"
    ]


def test_values_that_only_the_swapped_format_reads_are_told(corner):
    corner.deliver(sales="may")
    corner.formats = {"timestamp_format": "%m/%d/%Y %H:%M"}
    corner.orders(
        *(refused("may", line, "time_unreadable") for line in (2, 3, 4)), accepted("may", 5)
    )
    folder = corner.request.project.raw / "till__sales"
    folder.mkdir()
    duckdb.sql(
        f"""copy (
            select 'may' as _batch, * from (values
                (2, ' 13/05/2026 10:00', '1'), (3, '31/05/2026 10:00', '2'), (4, 'noon', '3'),
                (5, '01/05/2026 10:00', '4')
            ) as rows(_line, sold_at, no)
        ) to '{folder}/may.parquet'"""
    )
    told, _ = corner.remarks()
    assert told == (
        "till sales: 2 values of sold_at that only %d/%m/%Y %H:%M reads, but %m/%d/%Y %H:%M is "
        "declared in models/staging/till/_till__sources.yml: if that is wrong, days up to the "
        "twelfth are read wrongly and are not refused."
    )


@pytest.mark.parametrize(
    ("declared", "swapped"),
    [
        ({"timestamp_format": "%d/%m/%y %I:%M %p"}, {"%d/%m/%y %I:%M %p": "%m/%d/%y %I:%M %p"}),
        (
            {"date_format": ["%d.%m.%Y", "%Y-%m-%d"]},
            {"%d.%m.%Y": "%m.%d.%Y", "%Y-%m-%d": "%Y-%d-%m"},
        ),
        ({"timestamp_format": ["%d/%m/%Y", "%m/%d/%Y"]}, {}),
        ({"timestamp_format": "%d %b %Y"}, {}),
        ({"timestamp_format": "epoch_seconds"}, {}),
        ({}, {}),
    ],
)
def test_day_and_month_change_places_where_both_are_in_figures(declared, swapped):
    assert swaps(declared) == swapped


LIMITS = Limits(known_min_ratio=0.2, known_min_share=0.05, known_min_numbers=20)


def shares(*files: tuple[int, int]) -> list[tuple[str, float | None]]:
    """The files of which it is told, as their places, each with the share before it."""
    numbers = [Numbers(str(place), named, known) for place, (named, known) in enumerate(files)]
    return [(file.batch, former) for file, former in files_of_strangers(numbers, LIMITS)]


def test_a_file_that_knows_a_fifth_of_what_those_before_knew_is_told():
    assert shares((100, 71), (100, 14)) == [("1", 0.71)]
    assert shares((100, 70), (100, 14)) == []


def test_the_first_file_is_told_when_it_knows_hardly_any():
    assert shares((100, 4)) == [("0", None)]
    assert shares((100, 5)) == []


def test_a_few_numbers_tell_nothing():
    assert shares((19, 0)) == []
    assert shares((100, 80), (19, 0)) == []
    assert shares((10, 10), (100, 5)) == [], "ten numbers before are no measure"


def test_a_strange_file_is_no_measure_of_the_next():
    assert shares((100, 80), (900, 0), (100, 10)) == [("1", 0.8), ("2", 0.8)]


def test_unknown_numbers_are_told_with_the_share_before(corner):
    corner.deliver(sales="april may june")
    corner.table(
        "intermediate",
        "int_delivery_references",
        "select * from (values ('april', 'account_id', 100, 71), ('may', 'account_id', 40, 0),"
        " ('june', 'account_id', 50, 0), ('june', 'store_id', 3, 0)"
        ") as rows(batch, reference, number_count, known_count)",
    )
    with duckdb.connect(corner.request.project.warehouse) as connection:
        connection.execute(
            "update entities.int_current_deliveries set delivery_number = case batch"
            " when 'april' then 1 when 'may' then 2 else 3 end"
        )
    assert corner.remarks() == [
        "till sales: 0% of the customer numbers of june.csv are known; those of the files before "
        "it had 71%; 1 other file likewise: are they written as accounts have them (leading "
        "zeros, `13085.0`), and is it their issuer that source_key names for account_id?"
    ]


def test_a_table_that_this_build_did_not_make_is_not_read(corner):
    """As when it broke off before, and an earlier one has left the table."""
    corner.deliver(sales="may")
    corner.orders(refused("may", 2, "time_unreadable"))
    corner.tables.remove("entities.int_orders_validated")
    assert corner.remarks() == []


def test_a_project_without_these_models_is_told_nothing(corner):
    corner.table("marts", "sales", "select 1 as sale_id")
    assert corner.remarks() == []


def test_a_remark_that_can_t_be_made_is_told_and_stops_nothing(corner):
    corner.deliver(sales="may")
    corner.table("entities", "int_orders_validated", "select 'Li Lei' as full_name")
    assert corner.remarks() == [
        "What was refused can't be told (BinderException): see quarantine_summary."
    ]


def coverage(
    corner: Corner, coverage: str, awaited_on: str | None = None, odd_on: str | None = None
) -> str:
    """What is known of a source of orders; the SQL of a check that holds it up."""
    corner.table(
        "intermediate",
        "int_source_coverage",
        f"select 'till' as source_system, '{coverage}' as coverage,"
        " date '2026-05-01' as delivered_until, 12::bigint as missed_days,"
        " 2::bigint as tolerated_days,"
        " 9::bigint as odd_order_count, 1234.5::decimal(18, 1) as typical_order_count,"
        f" try_cast('{awaited_on}' as date) as awaited_on, try_cast('{odd_on}' as date) as odd_on",
    )
    return "select * from warehouse.intermediate.int_source_coverage where coverage <> 'late'"


@pytest.mark.parametrize(
    ("told", "days", "says"),
    [
        (
            "silent",
            {"awaited_on": "2026-05-02"},
            "till has delivered no orders since 2026-05-01, although others traded on 12 days"
            " since, of which its rhythm allows 2: its customers would look lost. Deliver what is"
            ' missing. If till has closed, say `closed_sources: {till: "2026-05-02"}` in'
            " dbt_project.yml.",
        ),
        (
            "collapsed",
            {"odd_on": "2026-04-28"},
            "till has 9 orders on 2026-04-28, where 1,234 are typical: its customers would look"
            " lost. Deliver what is missing. If nothing is, say"
            ' `volumes_looked_at: {till: "2026-04-28"}` in dbt_project.yml.',
        ),
        (
            "collapsed",
            {"awaited_on": "2026-05-02", "odd_on": "2026-05-02"},
            "till has 9 orders on 2026-05-02, where 1,234 are typical: its customers would look"
            " lost. Deliver what is missing. If it goes on like this for good, say"
            ' `closed_sources: {till: "2026-05-02"}` in dbt_project.yml.',
        ),
        (
            "exploded",
            {"odd_on": "2026-05-01"},
            "till has 9 orders on 2026-05-01, where 1,234 are typical: has a file come twice with"
            " other keys, or a test? If these are orders, say"
            ' `volumes_looked_at: {till: "2026-05-01"}` in dbt_project.yml.',
        ),
    ],
)
def test_a_source_that_holds_the_publication_is_told_with_its_cure(corner, told, days, says):
    sql = coverage(corner, told, **days)
    assert corner.why("assert_no_source_is_silent", sql) == [says]
    assert corner.remarks() == [], "what holds is told once"


def test_a_late_source_is_told_and_holds_nothing(corner):
    sql = coverage(corner, "late", awaited_on="2026-05-02")
    assert corner.why("assert_no_source_is_silent", sql) == []
    assert corner.remarks() == [
        "till has not delivered its orders of 2026-05-02, or only a few of them: figures wait for"
        " it. From 3 missed days on it holds the publication up."
    ]
    (corner.folder / "dbt_project.yml").write_text(VARIABLES + "  as_of_date: 2026-05-04\n")
    assert "or only a few of them: figures lack them." in corner.remarks()[0]


def test_rare_lines_are_told_with_their_money_and_an_example(corner):
    corner.deliver(sales="may")
    corner.order_lines(
        ("may", 2, None, "accepted"),
        ("may", 3, None, "accepted", 900, 77183.6, True),
        ("may", 4, "amount_beyond_reason", "quarantined", 1, 999999999999.99, True),
        ("may", 5, None, "accepted", 0, 12.5, False),
        ("may", 6, None, "accepted", 0, 12.5, False),
        ("may", 7, None, "accepted", 0, 0, False),
    )
    assert corner.remarks()[:2] == [
        "till: 2 lines of quantity 0, together 25.00 (may.csv, line 5): they count; are they real?",
        "till: 1 line worth far more than is typical of it, together 77,183.60 (may.csv, line 3):"
        " they count; are they real?",
    ]


def test_births_to_come_are_told(corner):
    (corner.folder / "dbt_project.yml").write_text(
        VARIABLES.replace("orders, order", "accounts, order")
    )
    corner.deliver(members="may")
    corner.table(
        "entities",
        "int_accounts_validated",
        "select 'till' as source_system, 'may' as _batch, 2 as _line, null as reason_code,"
        " 'accepted' as row_status, 1 as delivery_number, timestamp '2026-05-01' as _landed_at,"
        " date '2026-05-01' + age::int as birth_date from range(5) as ages(age)",
    )
    assert corner.remarks() == [
        "till: 3 days of birth after the day of delivery, taken for unknown: is `year_pivot` or"
        " the format of dates right?"
    ]


def test_withdrawals_from_what_nobody_knows_are_told(corner):
    """Of a purpose, of a channel that was refused, and two that are known; a yes is none."""
    (corner.folder / "dbt_project.yml").write_text(
        VARIABLES.replace("orders, order", "consents, order") + "  consent_purposes: [marketing]\n"
    )
    corner.deliver(answers="may")
    corner.table("reference", "contact_channels", "select unnest(['sms', 'email']) as channel")
    corner.table(
        "entities",
        "int_consents_validated",
        "select 'till' as source_system, 'may' as _batch, 1 as delivery_number, 'till:1' as"
        " account_id, * from (values (2, 'letters', 'sms', 'withdrawn', 'accepted', null),"
        " (3, null, 'pigeon', null, 'quarantined', 'status_unknown'),"
        " (4, 'marketing', 'sms', 'withdrawn', 'accepted', null),"
        " (5, 'personalisation', null, 'withdrawn', 'accepted', null),"
        " (6, 'letters', 'pigeon', 'granted', 'accepted', null)) as answers"
        " (_line, purpose, channel, consent_status, row_status, reason_code)",
    )
    assert corner.remarks()[0] == (
        "till: 2 withdrawals of a purpose or channel that is not declared (may.csv, line 2), taken"
        " for one of all: declare purposes in consent_purposes and channels in the seed"
        " contact_channels."
    )


def test_suppressions_that_leave_nobody_alone_are_told(corner):
    corner.deliver(orders="may")
    corner.table("reference", "suppressions", "select unnest(['crm:M1', 'crm:M01']) as account_id")
    corner.table("intermediate", "int_account_customers", "select 'crm:M1' as account_id")
    assert corner.remarks() == [
        "seeds/suppressions.csv: 1 line of no such account, so that nobody is left alone by it:"
        " write ids as in the mart customer_accounts."
    ]
