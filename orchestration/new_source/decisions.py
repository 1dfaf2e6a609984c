"""What is decided of a source: what its files say by themselves, and what a person answers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from orchestration.new_source import vocabulary
from orchestration.new_source.kinds import BLANKS, MOST_KINDS, Kinds, kinds_of
from orchestration.new_source.questions import Answers, Question
from orchestration.new_source.sales import (
    Continuation,
    Missed,
    Money,
    Sales,
    continuation_of,
    lines_are_numbered,
    missed_totals,
    money_of,
    numbers,
    sales_of,
)
from orchestration.new_source.tables import CLOCK, NOTHING, Column, Table, bare, share_known
from orchestration.new_source.times import TimeFormat

FACTS_OF_ORDERS = (
    "ordered_at", CLOCK, "cancelled_at", "customer_number", "contact_email", "contact_phone",
    "contact_name", "address", "order_status", "currency", "channel", "store_number", "order_total",
    "shipping", "tax", "tip", "order_discount", "refunded",
)  # fmt: skip


# How many of some numbers of customers a source has delivered, in whatever column (0-1): as they
# are written, or, where the second says so, without zeros in front.
Acquaintance = Callable[[Sequence[str], bool], float]
UNKNOWN = 0.3  # share of the numbers of customers below which hardly any is known


@dataclass(frozen=True)
class SalesRules:
    """How one pair of tables of orders and lines is read.

    `kinds` says which rows are which, where orders and lines are one table. `statuses`
    maps words to those of the entity.
    `refunds` is where money given back stands: None, `rows` or `column`. `books_rest` says
    that what an order's total is less than its lines is a discount, which no column tells.
    """

    sales: Sales
    money: Money
    key_issuer: str
    customer_issuer: str
    has_line_numbers: bool
    continuation: Continuation
    kinds: Kinds
    statuses: Mapping[str, str]
    refunds: str | None
    tax_is_included: bool
    books_rest: bool = False

    @property
    def missed(self) -> Missed:
        """The totals that lines miss, with what is counted beyond them."""
        counts_tax = self.sales.orders.has("tax") and not self.tax_is_included
        return missed_totals(self.sales, self.money, counts_tax)


@dataclass(frozen=True)
class Decisions:
    """All that the files of a source will be read by; times by the name of the table.

    Zeros in front mean nothing in numbers of `issuers_without_zeros`: some files lack them.
    """

    name: str
    tables: tuple[Table, ...]
    sales: tuple[SalesRules, ...]
    currency: str
    time_zone: str
    times: Mapping[str, Mapping[str, TimeFormat]]
    issuers_without_zeros: tuple[str, ...] = ()


def decide(
    name: str,
    tables: Sequence[Table],
    currency: str,
    issuers: Mapping[str, Acquaintance],
    answers: Answers,
) -> Decisions:
    """Settles everything; asks what the files don't say.

    `issuers` are the other sources, which may have given customers their numbers.
    """
    of_sales = sales_of(tables)
    times = {table.name: dict(_times(table, answers)) for table in tables}
    zone = _time_zone(tables, times, currency, answers)
    rules = tuple(
        _sales_rules(name, each, len(of_sales) > 1, tables, issuers, answers) for each in of_sales
    )
    without = dict.fromkeys(
        each.customer_issuer for each in rules if _lacks_zeros(name, each, tables, issuers, answers)
    )
    return Decisions(name, tuple(tables), rules, currency, zone, times, tuple(without))


def _lacks_zeros(
    name: str,
    rules: SalesRules,
    tables: Sequence[Table],
    issuers: Mapping[str, Acquaintance],
    answers: Answers,
) -> bool:
    """Whether the customers of orders are known only without the zeros in front of numbers: columns
    of numbers drop them."""
    orders, issuer = rules.sales.orders, rules.customer_issuer
    column = orders.of("customer_number")
    if column is None:
        return False
    known = issuers[issuer] if issuer != name else _of_accounts(tables)
    if known(column.present, False) > UNKNOWN or known(column.present, True) < 1 - UNKNOWN:
        return False
    return answers.is_yes(
        _named(orders, tables, "zeros_are_dropped"),
        f"The numbers of {column.headers[0]} are those of {issuer} only without the zeros in front."
        " Do these mean nothing?",
        True,
        column.examples,
    )


def _of_accounts(tables: Iterable[Table]) -> Acquaintance:
    """The numbers of customers whom files of the source itself tell of."""
    columns = [t.of("customer_number") for t in tables if t.nature == "accounts"]
    known = {bare(value) for column in columns for value in column.present}
    return lambda values, without_zeros: share_known(set(map(bare, values)), known, without_zeros)


def _named(table: Table, tables: Sequence[Table], topic: str) -> str:
    """The id of a question: with its table where there are several."""
    return topic if len(tables) == 1 else f"{table.name}.{topic}"


def currency_of(tables: Sequence[Table], reporting_currency: str, answers: Answers) -> str:
    """The currency of amounts that name none, or the one that most name."""
    of_money = [t for t in tables if t.nature in ("sales", "refunds")]
    with_column = [t.of("currency") for t in of_money if t.has("currency")]
    if with_column:
        codes = Counter(value.upper() for column in with_column for value in column.present)
        return codes.most_common(1)[0][0]
    if not of_money:
        return reporting_currency
    signs = [s for t in of_money for s in t.amounts.currency_signs]
    country = usual_in(tables)
    if signs:
        default = vocabulary.currency_signs()[signs[0]]
    else:
        default = country.currency if country else reporting_currency
    shown = next(filter(None, (_amount_column(table) for table in of_money)), None)
    return answers.to(
        Question(
            "currency",
            "In which currency are the amounts? Its code of three letters",
            default,
            examples=shown.examples if shown else "",
            is_right=lambda answer: bool(re.fullmatch("[A-Za-z]{3}", answer)),
        )
    ).upper()


def _amount_column(table: Table) -> Column | None:
    money = ("unit_price", "line_total", "order_total", "refund_amount")
    return next(filter(None, map(table.of, money)), None)


def usual_in(tables: Iterable[Table]) -> vocabulary.Country | None:
    """What is usual in the country that most rows name, or where people write headers so."""
    tables = list(tables)
    named = Counter(v for t in tables if t.has("country") for v in t.of("country").present)
    country = vocabulary.country_of(named.most_common(1)[0][0]) if named else None
    headers = (header for t in tables for column in t.columns for header in column.headers)
    return country or vocabulary.country_of_headers(headers)


def _times(table: Table, answers: Answers) -> Iterator[tuple[str, TimeFormat]]:
    """How the columns of times of a table are written, by meaning."""
    found = {
        column.meaning: column
        for column in table.columns
        if column.meaning
        and column.meaning.endswith(("_at", "birth_date"))
        and column.time_format is not None
    }
    formats = {meaning: column.time_format for meaning, column in found.items()}
    settled = [each for each in formats.values() if "%d" in "".join(each.formats)]
    for meaning, format_ in formats.items():
        if format_.is_mixed:
            raise ValueError(
                f"{found[meaning].headers[0]} has the day first in some rows and the month first"
                " in others, and no rule can tell them apart: give the files of each as a source of"
                " their own."
            )
        if format_.is_ambiguous:
            by_another = next((e for e in settled if "/" in "".join(e.formats)), None)
            day_first = (
                by_another.day_first
                if by_another
                else _asked_day_first(found[meaning], format_, table, answers)
            )
            format_ = format_.with_day_first(day_first)
            settled.append(format_)
        clock = table.of(CLOCK)
        if meaning == "ordered_at" and clock and not format_.tells_hours:
            format_ = replace(format_, beside=clock.clock_formats)
        yield meaning, format_


def _asked_day_first(column: Column, format_: TimeFormat, table: Table, answers: Answers) -> bool:
    question = Question(
        f"{table.name}.day_or_month_first",
        f"What comes first in {column.headers[0]}? No value tells",
        "day" if format_.day_first else "month",
        ("day", "month"),
        column.examples,
    )
    return answers.to(question) == "day"


def _time_zone(
    tables: Sequence[Table],
    times: Mapping[str, Mapping[str, TimeFormat]],
    currency: str,
    answers: Answers,
) -> str:
    """The clock by which days are counted; dates without a clock time need none."""
    country = usual_in(tables)
    usual = country.time_zone if country else vocabulary.time_zone_of(currency) or "UTC"
    with_clock = [
        table.of(meaning)
        for table in tables
        for meaning, format_ in times[table.name].items()
        if (format_.has_clock or format_.beside) and meaning != "birth_date"
    ]
    if not with_clock:
        return usual
    question = Question(
        "time_zone",
        f"By which clock are the times of {with_clock[0].headers[0]}, and its days counted?"
        " A zone such as Europe/London",
        usual,
        examples=with_clock[0].examples,
        is_right=_is_zone,
    )
    return answers.to(question)


def _is_zone(name: str) -> bool:
    try:
        return bool(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def _sales_rules(
    name: str,
    sales: Sales,
    is_one_of_several: bool,
    tables: Sequence[Table],
    issuers: Mapping[str, Acquaintance],
    answers: Answers,
) -> SalesRules:
    money = _with_discount(sales, money_of(sales), tables, answers)
    key_issuer = f"{name}:{sales.orders.name}" if is_one_of_several else name
    continuation = continuation_of(sales)
    body = sales.lines or sales.orders
    kinds = Kinds()
    if sales.is_one_table:
        kinds = kinds_of(body, lambda topic: _named(body, tables, topic), answers)
    refunded = sales.orders.of("refunded")
    has_refunds = bool(kinds.is_refund)
    by_column = refunded is not None and not has_refunds and _has_amounts(sales.orders, "refunded")
    refunds = "rows" if has_refunds else "column" if by_column else None
    rules = SalesRules(
        sales,
        money,
        key_issuer,
        _issuer(name, sales.orders, tables, issuers, answers),
        bool(sales.lines) and lines_are_numbered(sales.lines),
        continuation,
        kinds,
        _statuses(sales.orders, tables, refunds is not None, answers),
        refunds,
        _tax_is_included(sales, money, tables, answers),
    )
    return replace(rules, books_rest=_books_rest(rules, tables, answers))


def _books_rest(rules: SalesRules, tables: Sequence[Table], answers: Answers) -> bool:
    """Whether totals below the lines are so by a discount: asked where the rows of one file tell
    lines and totals, and nothing else can explain it, as returns and columns of discounts can."""
    orders = rules.sales.orders
    is_plain = rules.kinds == Kinds() and not rules.refunds and not orders.has("order_discount")
    if not (rules.sales.is_one_table and is_plain):
        return False
    missed = rules.missed
    if not missed.below:
        return False
    total = orders.of("order_total")
    return answers.is_yes(
        _named(orders, tables, "rest_is_discount"),
        f"In {len(missed.below):,} of {missed.count:,} orders {total.headers[0]} is less than their"
        f" lines come to, by {-sum(missed.below):,.2f} in all, and no column says why. Is that a"
        " discount on the order?",
        missed.are_like_discounts,
        total.examples,
    )


def _with_discount(sales: Sales, money: Money, tables: Sequence[Table], answers: Answers) -> Money:
    """The money with the meaning of discounts that are all from 0 to 1 settled."""
    if money.share in (None, "taken"):
        return money
    column = sales.lines.of("line_discount")
    amount = next(filter(None, map(sales.lines.of, ("line_total", "unit_price"))))
    question = Question(
        _named(sales.lines, tables, "discount"),
        f"{column.headers[0]} is never above 1. Is 0.2 a fifth that {amount.headers[0]} has lost"
        f" already (share_taken), a fifth still to take off (share_to_take), or money (amount)?",
        "share_to_take" if money.share == "to_take" else "share_taken",
        ("share_taken", "share_to_take", "amount"),
        " · ".join(list(dict.fromkeys(v for v in column.present if v.strip("0.")))[:3]),
    )
    answer = answers.to(question)
    if answer == "amount":
        return replace(money, has_discount=True, share=None)
    return replace(
        money, has_discount=answer == "share_to_take", share=answer.removeprefix("share_")
    )


def _has_amounts(table: Table, meaning: str) -> bool:
    return any(numbers(table, meaning))


def _statuses(
    table: Table, tables: Sequence[Table], has_refunds: bool, answers: Answers
) -> dict[str, str]:
    """What each word for a status means; none where the column has too many to be statuses."""
    column = table.of("order_status")
    values = Counter(column.present) if column else Counter()
    if not 0 < len(values) <= MOST_KINDS:
        return {}
    found = {}
    for value, count in values.most_common():
        known = vocabulary.status_of(value)
        if known == "refunded":
            known = "paid" if has_refunds else "cancelled"  # or it would go back twice
        found[value] = known or answers.to(
            Question(
                _named(table, tables, f"status.{value}"),
                f"{count:,} orders have the {column.headers[0]} '{value}'. What does it mean?",
                "paid",
                ("paid", "unpaid", "cancelled"),
            )
        )
    return found


def _issuer(
    name: str,
    table: Table,
    tables: Sequence[Table],
    issuers: Mapping[str, Acquaintance],
    answers: Answers,
) -> str:
    """Who issues the numbers of customers: this source, where it tells of them or is alone."""
    column = table.of("customer_number")
    is_own = any(each.nature == "accounts" and each.has("customer_number") for each in tables)
    if column is None or is_own or not issuers:
        return name
    shares = {
        each: max(share_of(column.present, without_zeros) for without_zeros in (False, True))
        for each, share_of in issuers.items()
    }
    likeliest = max(shares, key=shares.get)
    question = Question(
        _named(table, tables, "issuer"),
        f"Who issues the numbers of {column.headers[0]}? A source that has the same customers"
        f" under the same numbers ({', '.join(shares)}), or {name} itself",
        likeliest if shares[likeliest] > UNKNOWN else name,
        (name, *shares),
        column.examples,
    )
    return answers.to(question)


def _tax_is_included(sales: Sales, money: Money, tables: Sequence[Table], answers: Answers) -> bool:
    if not sales.orders.has("tax") or sales.lines is None:
        return False  # the total of an order is all that is paid
    if money.tax_is_included is not None:
        return money.tax_is_included
    column = sales.orders.of("tax")
    return answers.is_yes(
        _named(sales.orders, tables, "tax_is_included"),
        f"Do the amounts of lines include {column.headers[0]}?",
        True,
        column.examples,
    )


def with_accounts(rules: SalesRules, tables: Iterable[Table]) -> bool:
    """Whether the rows of orders tell of persons by number, and no table of its own does."""
    is_told = any(table.nature == "accounts" for table in tables)
    orders = rules.sales.orders
    contacts = ("contact_email", "contact_phone", "contact_name")
    return not is_told and orders.has("customer_number") and any(map(orders.of, contacts))


def rows_of(rules: SalesRules, entities: Sequence[str]) -> dict[str, str]:
    """The `rows` of the feed: a condition for each entity that reads it; none if all are of all."""
    kinds, orders = rules.kinds, rules.sales.orders
    conditions = dict.fromkeys(entities, kinds.is_sale)
    if head := rules.continuation.head:
        is_head = f"{head.name} is not null"
        for entity in entities:
            if entity.split("__")[0] != "order_lines":
                parts = [is_head] if kinds.is_sale == "true" else [is_head, kinds.is_sale]
                conditions[entity] = " and ".join(parts)
    for entity in entities:
        if entity.split("__")[0] == "accounts":
            # Guests have no number, and are no accounts.
            named = f"{orders.of('customer_number').name} is not null"
            said = conditions[entity]
            conditions[entity] = named if said == "true" else f"{said} and {named}"
        if entity.split("__")[0] == "refunds":
            conditions[entity] = kinds.is_refund if rules.refunds == "rows" else _gives_back(orders)
    if kinds.is_ignored:
        conditions["ignored"] = kinds.is_ignored
    return {} if set(conditions.values()) == {"true"} else conditions


def _gives_back(orders: Table) -> str:
    """Whether something was refunded: zero is written ￥0.00, 0,00 or - as well, and no refund."""
    column = orders.of("refunded")
    nothing = f"0.,-+(){BLANKS}{''.join(orders.amounts.currency_signs)}"
    left = f"translate(coalesce({column.name}, ''), '{nothing}', '')"
    written = {(value or "").strip() for value in column.values}
    words = sorted(each for each in written if each.casefold() in NOTHING - {"", "-"})
    quoted = ", ".join(f"'{each}'" for each in ("", *words))
    return f"{left} not in ({quoted})"
