"""What a person should know of the files that were read, and can't see in what was written."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from orchestration.landing.text import listed
from orchestration.new_source.decisions import SalesRules
from orchestration.new_source.sales import left_out, without_worth
from orchestration.new_source.tables import Table, bare

# What stands before the sums in a last row.
TOTALS = {
    *("total", "totals", "grand total", "sum", "summe", "gesamt", "totale", "totaal"),
    *("合计", "总计", "共计", "合計"),
}


def remarks(
    tables: Sequence[Table], has_unread_phones: bool, assumed: Iterable[str], seeds: Path
) -> Iterator[str]:
    """A sentence for each thing that the files have and the marts won't, file by file.

    `assumed` are the ids of questions that nobody answered.
    """
    most_accounts = _most_accounts(seeds)
    without_day = {table.name for table in left_out(tables)}
    worthless = {table.name for table in without_worth(tables)}
    for sample in (sample for table in tables for sample in table.samples):
        if sample.sheets_left_out:
            yield (
                f"{sample.path.name}: only its first sheet is read. If"
                f" {listed(sample.sheets_left_out)} should count too, save each sheet as a file of"
                " its own, take this folder and the copied file away, and give all of them to"
                " `regulars new-source` together."
            )
    for table in tables:
        names = ", ".join(sample.path.name for sample in table.samples)
        if not table.nature:
            yield f"{names}: it can't be told what it holds; it was left out."
        elif table.name in worthless:
            yield (
                f"{names}: no column says what its orders or lines are worth, so that no money"
                " comes of it. If one does, call it unit price, line total or order total, take"
                " this folder and the copied files away, and try again."
            )
        elif table.name in without_day:
            yield (
                f"{names}: left out, for no column says when its orders were made, and no other"
                " file has days of orders with these numbers."
            )
        elif table.nature == "refunds" and not table.has("order_number"):
            yield (
                f"{names}: no column says which order was refunded, so that this money is taken off"
                f" {_who_bears(table)}."
            )
        yield from _of_persons(table, names, most_accounts)
        yield from _of_rows_of_totals(table)
        yield from _of_rounded_keys(table, names)
        if side_by_side := _side_by_side(table):
            yield (
                f"{names}: columns such as {listed(side_by_side)} repeat each other, and nothing is"
                " read of them. If they are the lines of orders, deliver one row for each."
            )
        for column in table.columns:
            if not column.meaning and column.holds_lists:
                yield (
                    f"{names}: {column.headers[0]} holds lists, of which nothing is read. If they"
                    " are the lines of orders, deliver one object for each of them."
                )
    if has_unread_phones:
        yield (
            "Its phones are not those of the country of phone_country_code: set it, phone_mobile"
            " and phone_landline in dbt_project.yml, else they link nobody."
        )
    if statuses := [each.split("status.", 1)[1] for each in assumed if "status." in each]:
        yield (
            f"Nobody said what {listed(statuses)} {'means' if len(statuses) == 1 else 'mean'}: such"
            " orders count as paid. If they are unpaid or cancelled, say so in the model of orders."
        )


def _of_rows_of_totals(table: Table) -> Iterator[str]:
    """Below sales they have no day, and are refused; a person or a product needs none."""
    for sample in table.samples if table.nature in ("accounts", "products") else ():
        said = [each.strip() for each in sample.rows[-1] if each]
        if total := next((each for each in said if each.casefold() in TOTALS), None):
            yield (
                f"{sample.path.name}: its last row is one of totals ({total}), and would count as"
                " one more: delete it, here and in the landing folder."
            )


def _of_rounded_keys(table: Table, names: str) -> Iterator[str]:
    """A spreadsheet shows long numbers as 2.14E+18, and saves what it shows."""
    for column in table.columns:
        if not column.meaning or not column.meaning.endswith("_number") or column.parts:
            continue
        rounded = [each for each in column.present if _has_lost_digits(bare(each))]
        if rounded:
            yield (
                f"{names}: {len(rounded):,} of {len(column.present):,} rows have a"
                f" {column.headers[0]} such as {rounded[0]}, of which a spreadsheet has dropped"
                " digits: none can be read. Export it again, and do not save it in a spreadsheet."
            )


def _has_lost_digits(key: str) -> bool:
    found = re.fullmatch("[0-9](?:[.,]([0-9]+))?[eE][+]?([0-9]{1,2})", key)
    return bool(found) and len(found[1] or "") != int(found[2])


def _side_by_side(table: Table) -> list[str]:
    """Two columns of many that differ by a number alone, as where an order's lines are columns:
    three kinds of them at least, since an address has two lines as well."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for column in table.unknown if table.nature == "sales" else ():
        if re.search("[0-9]", column.headers[0]):
            kinds[re.sub("[0-9]+", "#", column.headers[0])].append(column.headers[0])
    several = [headers for headers in kinds.values() if len(headers) > 1]
    return several[0][:2] if len(several) > 2 else []


def of_totals(sales: Iterable[SalesRules]) -> Iterator[str]:
    """A sentence for each table of orders whose totals are not what the marts will count."""
    for rules in sales:
        orders, missed = rules.sales.orders, rules.missed
        if not missed.rests:
            continue
        names = ", ".join(sample.path.name for sample in orders.samples)
        beyond = [orders.of(each).headers[0] for each in rules.money.beyond]
        summed = f"their lines with {listed(beyond)}" if beyond else "their lines"
        total = orders.of("order_total").headers[0]
        if rules.books_rest:
            yield (
                f"{names}: in {len(missed.below):,} of {missed.count:,} orders {total} is less than"
                f" the sum of {summed}, by {-sum(missed.below):,.2f} in all, which counts as a"
                " discount on the order."
            )
        rests = missed.above if rules.books_rest else missed.rests
        if not rests:
            continue
        differs = "more than" if rules.books_rest else "not"
        yield (
            f"{names}: in {len(rests):,} of {missed.count:,} orders {total} is {differs}"
            f" the sum of {summed}, by {sum(rests):+,.2f} in all, and the marts count that"
            " sum. If a column tells the rest, call it order discount, shipping, tax or tip, take"
            " this folder and the copied files away, and try again; else write a model of"
            " order_adjustments."
        )


def _most_accounts(seeds: Path) -> int:
    """How many accounts one number of a person may join."""
    text = (seeds / "identifier_rules.csv").read_text(encoding="utf-8")
    rules = csv.DictReader(text.splitlines())
    return next(int(e["max_accounts"]) for e in rules if e["identifier_type"] == "union_id")


def _who_bears(table: Table) -> str:
    if table.has("customer_number"):
        return "the customer's latest order that had as much left, or else off the customer alone"
    return "no order and no customer"


def _of_persons(table: Table, names: str, most_accounts: int) -> Iterator[str]:
    """Systems that open an account for every order have many of one person."""
    column = table.of("union_id") if table.nature == "accounts" else None
    [(value, times)] = Counter(column.present).most_common(1) if column else [("", 0)]
    if times > most_accounts:
        yield (
            f"{names}: {column.headers[0]} {value} stands at {times} accounts, and more than"
            f" {most_accounts} are not joined: raise max_accounts of union_id in"
            " seeds/identifier_rules.csv."
        )
