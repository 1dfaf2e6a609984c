"""The files that are written: what the lander and dbt read in them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from orchestration.landing import read_feeds
from orchestration.new_source.decisions import currency_of, decide
from orchestration.new_source.levels import settled
from orchestration.new_source.questions import Answers
from orchestration.new_source.samples import read_sample
from orchestration.new_source.staging import staging_of
from orchestration.new_source.tables import tables_of
from orchestration.new_source.writing import files_of

BOOK = "Order;Date;Customer;Article;Qty;Amount\n" + "".join(
    f"{n};{n + 12}.03.26 09:05;C1;A;1;1.200,50\n;;;B;2;2,00\n" for n in range(1, 13)
)


def written(tmp_path: Path, text: str, file: str = "book.csv", **answers: str) -> dict[str, str]:
    """The files of the source `market`, which has one sample."""
    (tmp_path / file).write_text(text, encoding="utf-8")
    tables = [settled(table) for table in tables_of([read_sample(tmp_path / file)], "market")]
    given = Answers(answers)
    known = {"crm": lambda numbers, without_zeros: 0.9}
    decisions = decide("market", tables, currency_of(tables, "CNY", given), known, given)
    given.refuse_unknown()
    return dict(files_of(decisions, staging_of(decisions), tmp_path / "landing"))


def test_the_lander_reads_what_was_seen_of_the_files(tmp_path: Path) -> None:
    files = written(tmp_path, BOOK)
    folder = tmp_path / "staging" / "market"
    folder.mkdir(parents=True)
    (folder / "_market__sources.yml").write_text(files["_market__sources.yml"])
    [feed] = read_feeds(tmp_path / "staging", ["market"])
    assert (feed.relation, feed.formats, feed.delimiter) == ("market__book", ("csv",), ";")
    assert [(c.name, c.headers, c.fill_down) for c in feed.columns] == [
        ("order_number", ("Order",), True),
        ("ordered_at", ("Date",), True),
        ("customer", ("Customer",), True),
        ("article", ("Article",), False),
        ("qty", ("Qty",), False),
        ("amount", ("Amount",), False),
    ]


def test_the_name_of_a_file_is_no_jinja(tmp_path: Path) -> None:
    files = written(tmp_path, BOOK, "{{ env_var('HOME') }} {% x.csv")
    [source] = yaml.safe_load(files["_market__sources.yml"])["sources"]
    assert source["description"] == "Files such as (( env_var('HOME') )) (% x.csv."


@pytest.mark.parametrize("mark", ["{{", "{%", "{#"])
def test_words_that_dbt_would_render_are_refused(tmp_path: Path, mark: str) -> None:
    status = BOOK.replace("Amount\n", "Amount;Status\n").replace(",50\n", f",50;paid {mark}\n")
    for text in (BOOK.replace("Article", f"Article {mark}"), status.replace("00\n", "00;\n")):
        with pytest.raises(ValueError, match="dbt takes what follows on {. for Jinja"):
            written(tmp_path, text)


def test_staging_reads_how_values_are_written(tmp_path: Path) -> None:
    files = written(tmp_path, BOOK)
    [source] = yaml.safe_load(files["_market__sources.yml"])["sources"]
    meta = source["tables"][0]["config"]["meta"]
    assert meta["timestamp_format"] == "%d.%m.%y %H:%M"
    assert meta["year_pivot"] == 68
    assert meta["amounts"] == {"decimal_sign": ",", "grouping_sign": "."}


def test_a_source_that_knows_the_numbers_is_likely_their_issuer(tmp_path: Path) -> None:
    files = written(tmp_path, BOOK)
    assert "source_key('crm', 'customer')" in files["stg_market__orders.sql"]
    files = written(tmp_path, BOOK, issuer="market")
    assert "source_key('market', 'customer')" in files["stg_market__orders.sql"]


def test_a_model_reads_like_one_that_was_written_by_hand(tmp_path: Path) -> None:
    files = written(tmp_path, BOOK, issuer="market", currency="EUR", time_zone="Europe/Berlin")
    assert (
        files["stg_market__order_lines.sql"]
        == """\
{%- set feed = feed('market', 'book') -%}

with source as (

    select * from {{ source('market', 'book') }}

),

renamed as (

    select
        {{ source_key('market', 'order_number') }} || ':'
            || cast({{ place_within('order_number') }} as string) as order_line_id,
        {{ source_key('market', 'order_number') }} as order_id,
        {{ source_key('market', 'article') }} as product_id,
        {{ parse_amount('qty', feed, 3) }} as quantity,
        {{ parse_amount('amount', feed, 2) }} as gross_amount,
        cast(0 as decimal(18,2)) as discount_amount,
        _line, _batch, _landed_at
    from source

)

select * from renamed
"""
    )


def test_a_unit_test_expects_what_the_rules_make_of_invented_rows(tmp_path: Path) -> None:
    files = written(tmp_path, BOOK, currency="EUR", time_zone="Europe/Berlin")
    [test] = yaml.safe_load(files["stg_market__orders.yml"])["unit_tests"]
    assert test["given"][0]["rows"][0] == {
        "order_number": "1001",
        "ordered_at": "17.03.26 14:07",
        "customer": "701",
    }
    first = test["expect"]["rows"][0]
    assert (first["order_id"], first["account_id"]) == ("market:1001", "crm:701")
    assert (first["ordered_at"], first["ordered_on"]) == ("2026-03-17 13:07:00", "2026-03-17")


@pytest.mark.parametrize("clock", ["", " 00:00"])
def test_a_day_alone_is_no_instant(tmp_path: Path, clock: str) -> None:
    """What is known by its day is at the end of it, and midnight would be at its beginning."""
    days = BOOK.replace(" 09:05", clock)
    files = written(tmp_path, days, currency="EUR")
    orders = files["stg_market__orders.sql"]
    assert "as ordered_on" in orders
    assert "as ordered_at" not in orders
    assert "as ordered_hour" not in orders
    [test] = yaml.safe_load(files["stg_market__orders.yml"])["unit_tests"]
    first = test["expect"]["rows"][0]
    assert "ordered_at" not in first
    assert first["ordered_on"] == "2026-03-17"


@pytest.mark.parametrize(
    ("headers", "rows", "format_", "row"),
    [
        (
            "Bonnr;Datum;Uhrzeit;Artikel;Menge;Einzelpreis",
            "{n};{d}.03.2026;9:{d}",
            "%H:%M",
            "14:07",
        ),
        (
            "小票号;交易日期;交易时间;商品编码;数量;单价",
            "{n};2026-03-{d};09:{d}:10",
            "%H:%M:%S",
            "14:07:00",
        ),
        ("Receipt No;Date;Time;SKU;Qty;Price", "{n};2026-03-{d};2:{d} PM", "%I:%M %p", "02:07 PM"),
        ("单号;日期;时间;商品编码;数量;单价", "{n};2026-03-{d} 00:00:00;13{d}", "%H%M", "1407"),
        (
            "Ticket;Date;Time;SKU;Qty;Price",
            "{n};2026-03-{d};0.58{d}56",
            "day_fraction",
            "0.5881944444",
        ),
        (
            "Ticket;Date;Time;SKU;Qty;Price",
            "{n};2026-03-{d};1899-12-30 13:{d}:00",
            "1899-12-30 %H:%M:%S",
            "1899-12-30 14:07:00",
        ),
    ],
)
def test_a_day_and_the_time_beside_it_are_one_instant(
    tmp_path: Path, headers: str, rows: str, format_: str, row: str
) -> None:
    text = f"{headers}\n" + "".join(
        f"{rows.format(n=n, d=n + 12)};A{n};1;2.50\n" for n in range(12)
    )
    files = written(tmp_path, text, "sales.csv", currency="EUR", time_zone="Europe/Berlin")
    [source] = yaml.safe_load(files["_market__sources.yml"])["sources"]
    assert source["tables"][0]["config"]["meta"]["clock_format"] == format_
    orders = files["stg_market__orders.sql"]
    [call] = re.findall(
        "{{ clocked_instant\\('([^']+)', '([^']+)', feed\\) }} as ordered_at", orders
    )
    day, clock = call
    assert f"{{{{ business_date('{day}', feed) }}}} as ordered_on" in orders
    assert f"{{{{ clocked_hour('{day}', '{clock}', feed) }}}} as ordered_hour" in orders
    [test] = yaml.safe_load(files["stg_market__orders.yml"])["unit_tests"]
    assert test["given"][0]["rows"][0][clock] == row
    first = test["expect"]["rows"][0]
    assert (first["ordered_at"], first["ordered_on"], first["ordered_hour"]) == (
        "2026-03-17 13:07:00",
        "2026-03-17",
        "14",
    )


@pytest.mark.parametrize(
    ("headers", "row", "is_used"),
    [
        # The column has the day as well, and is what it was without the other.
        ("单号,时间,商品编码,数量,单价", "{n},2026-03-{d} 14:05:00,A,1,2.50", True),
        ("Ticket,Time,SKU,Qty,Price", "{n},2026-03-{d}T14:05:00Z,A,1,2.50", True),
        ("Ticket,Date,Time,SKU,Qty,Price", "{n},2026-03-{d} 14:05:00,14:05,A,1,2.50", True),
        ("Ticket,Date,Time,SKU,Qty,Price", "{n},2026-03-{d},2026-03-{d} 14:05:00,A,1,2.50", True),
        ("Ticket,Date,Time,SKU,Qty,Price", "{n},2026-03-{d},2026-04-01 14:05:00,A,1,2.50", False),
        # How long something took, and when something else was.
        ("Ticket,Date,Processing Time,SKU,Qty,Price", "{n},2026-03-{d},14:05,A,1,2.50", False),
        ("Ticket,Date,Delivery Time,SKU,Qty,Price", "{n},2026-03-{d},25,A,1,2.50", False),
        ("Ticket,Date,Order Time Limit,SKU,Qty,Price", "{n},2026-03-{d},14:05,A,1,2.50", False),
        ("单号,日期,处理时间,商品编码,数量,单价", "{n},2026-03-{d},14:05,A,1,2.50", False),
        ("单号,日期,时间,商品编码,数量,单价", "{n},2026-03-{d},{d},A,1,2.50", False),
    ],
)
def test_a_time_that_has_its_day_or_tells_of_something_else_is_no_second_column(
    tmp_path: Path, headers: str, row: str, is_used: bool
) -> None:
    text = f"{headers}\n" + "".join(f"{row.format(n=n, d=n + 12)}\n" for n in range(12))
    files = written(tmp_path, text, "sales.csv", currency="EUR")
    assert "clock" not in "".join(files.values())
    assert ("as ordered_at" in files["stg_market__orders.sql"]) == is_used


def test_what_a_customer_buys_at_one_time_is_of_one_day_and_time(tmp_path: Path) -> None:
    text = "Customer,Date,Time,Amount\n" + "".join(
        f"C{n % 3},2026-03-{n + 12},14:{n:02},2.50\n" for n in range(12)
    )
    files = written(tmp_path, text, "sales.csv", currency="EUR", time_zone="Europe/Berlin")
    key = "\"(customer || ':' || ordered_at || ':' || coalesce(ordered_time, ''))\""
    assert f"source_key('market', {key})" in files["stg_market__orders.sql"]
    [test] = yaml.safe_load(files["stg_market__orders.yml"])["unit_tests"]
    assert test["expect"]["rows"][0]["order_id"] == "market:701:2026-03-17:14:07"


def test_a_row_with_a_day_of_cancellation_is_foretold_as_cancelled(tmp_path: Path) -> None:
    text = "Order No,Date,Cancelled At,State,Total\n" + "".join(
        f"{n},2026-05-13,{'2026-05-14' * (n == 3)},paid,3.00\n" for n in range(9)
    )
    files = written(tmp_path, text, "orders.csv", currency="EUR")
    [test] = yaml.safe_load(files["stg_market__orders.yml"])["unit_tests"]
    first = test["expect"]["rows"][0]
    assert (first["order_status"], first["cancelled_on"]) == ("cancelled", "2026-03-17")
    assert """
        case
            when {{ business_date('cancelled_at', feed) }} is not null then 'cancelled'
            else case {{ clean_text('state') }}
                when 'paid' then 'paid'
            end
        end as order_status,
""" in files["stg_market__orders.sql"]


@pytest.mark.parametrize(
    ("clock", "read"), [(" 00:00:00", "substring(birthday, 1, 10)"), ("", "birthday")]
)
def test_a_birthday_is_read_without_its_time_of_day(tmp_path: Path, clock: str, read: str) -> None:
    text = "customer_id,name,birthday\n" + "".join(
        f"{n},Wei,1990-05-{n + 10}{clock}\n" for n in range(9)
    )
    files = written(tmp_path, text, "members.csv")
    assert f"parse_date('{read}', feed) }}}} as birth_date" in files["stg_market__accounts.sql"]
