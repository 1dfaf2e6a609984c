"""A retailer's tills of any size, made by DuckDB: what `make bench` grows on.

    python -m benchmarks.tills 10000000 /somewhere/large

It writes what a landing folder gets from tills (`pos`), a loyalty programme (`crm`) and a catalogue
(`erp`): three years of receipts by month, and one more day, to be delivered afterwards, on which a
member joins for each thousand. A customer has some forty lines at any size; they joined over the
years, and most money is spent by few; a fifth of the receipts name nobody. Products sell by a long
tail, in seasons. One receipt in two hundred comes a month late, one in three hundred is told again,
one in a hundred is void, and of one in fifty something is given back.

All is drawn by hashes of running numbers: the same size is the same to the byte, on any number of
threads, and no rows pass through Python.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb

from orchestration.duck import connect, literal

FIRST_DAY, DAYS = date(2023, 1, 1), 3 * 365
LINES_A_RECEIPT, LINES_A_MEMBER, PRODUCTS, STORES = 3, 40, 20_000, 200
CATEGORIES = ("dairy", "bakery", "fruit", "vegetables", "meat", "staples", "snacks", "drinks")
# Which sources of `dbt_project.yml` read it.
SOURCES = {
    "pos": ["orders", "order_lines", "refunds"],
    "crm": ["accounts"],
    "erp": ["products", "stores"],
}

MEMBERS = f"""
    create or replace table members as
    select
        member,
        'M' || lpad(member::varchar, 9, '0') as member_no,
        {{first_day}} + case
            when member < {{members}} then (pow({{joined}}, 1.5) * {DAYS - 30})::integer
            else {DAYS - 1}
        end as joined_on
    from range({{members}} + {{members}} // 1000 + 1) as members (member)"""

# The day is one of those since the member joined, by a clock that slows before New Year.
RECEIPTS = f"""
    create or replace table receipts as
    with drawn as (
        select
            receipt,
            case when {{named}} >= 0.2 then floor(pow({{whose}}, 1.7) * {{members}})::bigint end
                as member,
            {{when}} as moment
        from range({{receipts}}) as receipts (receipt)
    ),

    dated as (
        select
            receipt,
            members.member_no,
            coalesce(members.joined_on, {{first_day}}) as since,
            {{first_day}} + {DAYS - 1} - coalesce(members.joined_on, {{first_day}}) as span,
            moment + 0.02 * sin(6 * pi() * moment) as moment
        from drawn
        left join members using (member)
    )

    select
        receipt,
        'R' || lpad((receipt * 7368787 % 9999999967)::varchar, 10, '0') as receipt_no,
        'S' || lpad((pow({{where}}, 1.5) * {STORES})::integer::varchar, 3, '0') as store_code,
        member_no,
        since + (greatest(moment, 0) * span)::integer as sold_on,
        8 * 3600 + ({{clock}} * 13 * 3600)::integer as second_of_day,
        1 + floor({{size}} * {2 * LINES_A_RECEIPT - 1})::integer as line_count,
        {{void}} < 0.01 as is_void,
        {{returned}} < 0.02 as is_returned,
        case when {{late}} < 0.005 then 1 else 0 end as months_late,
        {{again}} < 0.0033 as is_told_again
    from dated"""

LINES = f"""
    create or replace view lines as
    select
        receipts.*,
        line_no,
        (pow({{which}}, 2.5) * {PRODUCTS})::integer as product,
        1 + floor(pow({{units}}, 4) * 5)::integer as quantity
    from receipts, range(1, line_count + 1) as lines (line_no)"""

PRICE = "round(2 + pow(hash(product, 'price') % 10000 / 10000, 3) * 200, 2)"
DISCOUNT = "case when hash(receipt, line_no, 'offer') % 7 = 0 then 0.15 else 0 end"
FILES = {
    "pos/receipts": """
        select receipt_no, store_code, member_no as card_no,
            strftime(sold_on + to_seconds(second_of_day), '%Y-%m-%d %H:%M:%S') as sold_at,
            case when is_void then strftime(sold_on, '%Y-%m-%d') end as voided_at,
            'Asia/Shanghai' as clock_zone
        from receipts where {told}""",
    "pos/receipt_lines": f"""
        select receipt_no, line_no, 'SKU' || lpad(product::varchar, 5, '0') as sku, quantity,
            (quantity * {PRICE})::decimal(18,2) as amount,
            (quantity * {PRICE} * {DISCOUNT})::decimal(18,2) as discount
        from lines where {{told}}""",
    "pos/returns": f"""
        select 'V' || receipt_no as return_no, receipt_no, null as web_order_no,
            strftime(sold_on + 1, '%d/%m/%Y') as returned_on,
            (quantity * {PRICE} * (1 - {DISCOUNT}))::decimal(18,2) as amount
        from lines where line_no = 1 and is_returned and not is_void and {{told}}""",
}


def deliver(landing: Path, lines: int) -> Iterator[str]:
    """Writes some `lines` order lines, with all they refer to; tells of each month of files."""
    with connect() as connection:
        _draw(connection, lines)
        _write_catalogue(connection, landing)
        last = FIRST_DAY + timedelta(DAYS - 1)
        _write_members(connection, landing, "members", f"joined_on < {_day(last)}")
        for month in _months():
            told = (
                f"sold_on < {_day(last)} and (month_of_file = {_day(month)}"
                f" or is_told_again and month_of_file = {_day(month)} - interval 1 month)"
            )
            _write(connection, landing, f"{month:%Y-%m}", told)
            yield f"{month:%Y-%m}"


def deliver_day(landing: Path, lines: int) -> None:
    """Writes what the last day sold, which `deliver` keeps back, told again, and who joined."""
    with connect() as connection:
        _draw(connection, lines)
        last = FIRST_DAY + timedelta(DAYS - 1)
        told = f"sold_on = {_day(last)} or is_told_again and sold_on = {_day(last)} - 1"
        _write(connection, landing, f"{last:%Y-%m-%d}", told)
        _write_members(connection, landing, f"{last:%Y-%m-%d}", f"joined_on = {_day(last)}")


def write_typed_lines(file: Path, lines: int) -> None:
    """Writes as Parquet what members bought, a line each, as if it had been landed and typed."""
    with connect() as connection:
        _draw(connection, lines)
        connection.execute(
            f"""
            copy (
                select 'pos:' || receipt_no as order_id, 'crm:' || member_no as customer_id,
                    sold_on as ordered_on,
                    (quantity * {PRICE} * (1 - {DISCOUNT}))::decimal(18,2) as net_amount
                from lines
                where not is_void and member_no is not null
            ) to {literal(file)} (format parquet)"""
        )


def _draw(connection: duckdb.DuckDBPyConnection, lines: int) -> None:
    members, receipts = max(lines // LINES_A_MEMBER, 1), max(lines // LINES_A_RECEIPT, 1)
    facts = {"members": members, "receipts": receipts, "first_day": _day(FIRST_DAY)}
    for query in (MEMBERS, RECEIPTS, LINES):
        connection.execute(_drawn(query, facts))


def _drawn(query: str, facts: dict[str, object]) -> str:
    """The query, in which each other name in braces is a number from 0 to 1 of its own."""
    number = {MEMBERS: "member", RECEIPTS: "receipt", LINES: "receipt, line_no"}[query]

    class Draws(dict):
        def __missing__(self, name: str) -> str:
            return f"(hash({number}, '{name}') % 1000000007 / 1000000007)"

    return query.format_map(Draws(facts))


def _day(day: date) -> str:
    return f"date {literal(day)}"


def _months() -> Iterator[date]:
    for number in range(DAYS // 365 * 12):
        yield date(FIRST_DAY.year + number // 12, number % 12 + 1, 1)


def _write(connection: duckdb.DuckDBPyConnection, landing: Path, name: str, told: str) -> None:
    told = f"({told})".replace(
        "month_of_file", "(date_trunc('month', sold_on) + to_months(months_late))"
    )
    for feed, query in FILES.items():
        _copy(connection, landing / feed / f"{name}.csv", query.format(told=told))


def _write_catalogue(connection: duckdb.DuckDBPyConnection, landing: Path) -> None:
    categories = ", ".join(map(literal, CATEGORIES))
    _copy(
        connection,
        landing / "erp/products/products.csv",
        f"""
        select 'SKU' || lpad(product::varchar, 5, '0') as sku,
            'Product ' || product as product_name, 'Brand ' || product % 300 as brand,
            'Food' as department,
            [{categories}][1 + product % {len(CATEGORIES)}] as category
        from range({PRODUCTS + 1}) as products (product)""",
    )
    _copy(
        connection,
        landing / "erp/stores/stores.csv",
        f"""
        select 'S' || lpad(store::varchar, 3, '0') as store_code, 'Store ' || store as store_name,
            'City ' || store % 30 as city, 'supermarket' as retail_type
        from range({STORES + 1}) as stores (store)""",
    )


def _write_members(
    connection: duckdb.DuckDBPyConnection, landing: Path, name: str, told: str
) -> None:
    _copy(
        connection,
        landing / f"crm/members/{name}.csv",
        f"""
        select member_no, strftime(joined_on, '%Y/%m/%d') as joined,
            '1' || (3000000000 + member * 7919 % 6999999967) as mobile, null as email,
            null as full_name, null as birthday,
            case hash(member) % 2 when 0 then 'F' else 'M' end as gender,
            'City ' || member % 30 as city, 'basic' as tier, null as valid_until
        from members where {told}""",
        "delimiter ';',",
    )


def _copy(connection: duckdb.DuckDBPyConnection, file: Path, query: str, how: str = "") -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    connection.execute(f"copy ({query}) to {literal(file)} (format csv, {how} header)")


if __name__ == "__main__":
    for month_told in deliver(Path(sys.argv[2]), int(sys.argv[1])):
        print(month_told, flush=True)
