"""What looks wrong though it was accepted: replaced rows, unknown numbers, skipped clocks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from orchestration.duck import literal
from orchestration.progress import counted
from orchestration.remarks.built import Built, named

# What a reference numbers, and the entity that its issuer delivers of it.
NUMBERED = {
    "account_id": ("customer", "accounts"),
    "store_id": ("store", "stores"),
    "product_id": ("product", "products"),
}


def replaced_rows(built: Built) -> Iterator[str]:
    """Files whose later lines have replaced earlier ones, where rows are facts or carry money.

    Records of people, products and stores are there to be replaced by later ones.
    """
    found = built.rows(
        "int_delivery_quality",
        "select * from {table} where rows_replaced > 0 order by source_system, entity, batch",
    )
    replaced: dict[tuple, list[dict[str, Any]]] = defaultdict(list)
    for row in found:
        if row["entity"] in built.facts:
            feed = built.event(row["batch"]).feed
            replaced[row["source_system"], feed, row["entity"]].append(row)
    for (source, feed, entity), rows in replaced.items():
        count, amount = (
            sum(row[name] for row in rows) for name in ("rows_replaced", "amount_replaced")
        )
        worth = f" worth {amount:,}" if amount else ""
        files = named(built.files[row["batch"]] for row in rows)
        if entity == "orders":
            why = "lines of one order differ in what they tell of it, and the last one counts."
        else:
            why = (
                "their key repeats. Unless these are corrections, give each line a key of its own, "
                "with place_within where it has no number."
            )
        yield (
            f"{source} {feed}: {counted(count, 'row')} of {entity}{worth} of {files} were replaced "
            f"by later lines of the same file: {why}"
        )


@dataclass(frozen=True)
class Numbers:
    """How many different numbers of one kind a file names, and how many of these are known."""

    batch: str
    named: int
    known: int

    @property
    def share(self) -> float:
        return self.known / self.named


@dataclass(frozen=True)
class Limits:
    """From when on a file is told of: the variables of the same names."""

    known_min_ratio: float
    known_min_share: float
    known_min_numbers: int


def unknown_numbers(built: Built) -> Iterator[str]:
    """Feeds with files that know hardly any of the customers, stores or products they name."""
    found = built.rows(
        "int_delivery_references",
        "select counted.* from {table} as counted"
        f" inner join {built.tables.get('int_current_deliveries')} as deliveries using (batch)"
        " order by reference, delivery_number",
    )
    feeds: dict[tuple, list[Numbers]] = defaultdict(list)
    for row in found:
        event = built.event(row["batch"])
        numbers = Numbers(row["batch"], row["number_count"], row["known_count"])
        feeds[event.source, event.feed, row["reference"]].append(numbers)
    for (source, feed, reference), files in feeds.items():
        limits = Limits(**{name: built.variables[name] for name in Limits.__annotations__})
        if strange := files_of_strangers(files, limits):
            what, entity = NUMBERED[reference]
            shares = _shares(built, what, strange)
            yield (
                f"{source} {feed}: {shares}: are they written as {entity} have them (leading "
                f"zeros, `13085.0`), and is it their issuer that source_key names for {reference}?"
            )


def _shares(built: Built, what: str, strange: Sequence[tuple[Numbers, float | None]]) -> str:
    """What is known of the last of these files, as against those before it."""
    last, former = strange[-1]
    parts = [
        f"{last.share:.0%} of the {what} numbers of {named([built.files[last.batch]])} are known"
    ]
    if former is not None:
        parts.append(f"those of the files before it had {former:.0%}")
    if others := len(strange) - 1:
        parts.append(f"{counted(others, 'other file')} likewise")
    return "; ".join(parts)


def files_of_strangers(
    files: Sequence[Numbers], limits: Limits
) -> list[tuple[Numbers, float | None]]:
    """Which of a feed's files, in their order, know hardly any number, with the share before.

    That share is None where too few numbers came before. What is told of is no measure of what
    comes later.
    """
    strange, named_before, known_before = [], 0, 0
    for file in files:
        is_measured = named_before >= limits.known_min_numbers
        former = known_before / named_before if is_measured else None
        least = limits.known_min_ratio * former if is_measured else limits.known_min_share
        if file.named >= limits.known_min_numbers and file.share < least:
            strange.append((file, former))
        else:
            named_before, known_before = named_before + file.named, known_before + file.known
    return strange


def skipped_clocks(built: Built) -> Iterator[str]:
    """Orders at a local time that did not exist, since clocks were put forward that night."""
    found = built.rows(
        "int_orders_validated",
        "select source_system, count(*) as row_count from {table}"
        " where row_status = 'accepted' and ordered_at_is_skipped group by all order by 1",
    )
    for row in found:
        yield (
            f"{row['source_system']}: {counted(row['row_count'], 'order')} at a local time that "
            "clocks skipped that night, read as an hour later: is the feed's time zone right?"
        )


def rare_lines(built: Built) -> Iterator[str]:
    """Lines that count, though their money is rare, or their quantity none."""
    found = built.rows(
        "int_order_lines_validated",
        "select source_system, is_outlier, count(*) as row_count, sum(delivered_amount) as amount,"
        " min_by(_batch, (delivery_number, _line)) as batch,"
        " min_by(_line, (delivery_number, _line)) as line"
        " from {table} where row_status = 'accepted'"
        " and (is_outlier or quantity = 0 and delivered_amount <> 0) group by all order by 1, 2",
    )
    for row in found:
        what = "worth far more than is typical of it" if row["is_outlier"] else "of quantity 0"
        yield (
            f"{row['source_system']}: {counted(row['row_count'], 'line')} {what}, together "
            f"{row['amount']:,} ({named([built.files[row['batch']]])}, line {row['line']:,}): "
            "they count; are they real?"
        )


def births_to_come(built: Built) -> Iterator[str]:
    """Accounts of which the day of birth lies after their delivery, which is taken for unknown."""
    found = built.rows(
        "int_accounts_validated",
        "select source_system, count(*) as row_count from {table} where row_status = 'accepted'"
        " and birth_date > cast(_landed_at + interval 1 day as date) group by all order by 1",
    )
    for row in found:
        yield (
            f"{row['source_system']}: {counted(row['row_count'], 'day')} of birth after the day of "
            "delivery, taken for unknown: is `year_pivot` or the format of dates right?"
        )


def withdrawals_from_the_unknown(built: Built) -> Iterator[str]:
    """Noes to a purpose or a channel that nobody has declared, which count for all of them."""
    purposes = map(literal, [*built.variables.get("consent_purposes", ()), "personalisation"])
    found = built.rows(
        "int_consents_validated",
        "select source_system, count(*) as row_count,"
        " min_by(_batch, (delivery_number, _line)) as batch,"
        " min_by(_line, (delivery_number, _line)) as line"
        " from {table} where row_status in ('accepted', 'quarantined')"
        " and account_id is not null and consent_status is distinct from 'granted'"
        f" and (purpose not in ({', '.join(purposes)}) or channel not in"
        " (select channel from warehouse.reference.contact_channels)) group by all order by 1",
    )
    for row in found:
        yield (
            f"{row['source_system']}: {counted(row['row_count'], 'withdrawal')} of a purpose or "
            f"channel that is not declared ({named([built.files[row['batch']]])}, line "
            f"{row['line']:,}), taken for one of all: declare purposes in consent_purposes and "
            "channels in the seed contact_channels."
        )


def unknown_suppressions(built: Built) -> Iterator[str]:
    """Lines of the seed `suppressions` that leave nobody alone, since no account is called so."""
    accounts = built.tables.get("int_account_customers")
    seeds = built.ask(
        "select 1 as found from information_schema.tables"
        " where table_schema = 'reference' and table_name = 'suppressions'"
    )
    if not accounts or not seeds:
        return
    [unknown] = built.ask(
        "select count(*) as lines from reference.suppressions"
        f" anti join {accounts} as accounts using (account_id)"
    )
    if unknown["lines"]:
        yield (
            f"seeds/suppressions.csv: {counted(unknown['lines'], 'line')} of no such account, so "
            "that nobody is left alone by it: write ids as in the mart customer_accounts."
        )
