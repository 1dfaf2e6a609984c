"""The staging models of a source: which entity each delivers, and each column in SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from orchestration.new_source.decisions import Decisions, SalesRules, rows_of, with_accounts
from orchestration.new_source.invented import Invented
from orchestration.new_source.sales import BEYOND_LINES
from orchestration.new_source.tables import Column, Table

Expected = Callable[[Invented], str | None]
ZERO = "cast(0 as decimal(18,2))"
# The contract's names of what accounts tell in plain text.
TEXTS_OF_ACCOUNTS = (
    "phone", "email", "union_id", "full_name", "gender", "city", "address", "postcode",
    "membership_tier", "acquisition_channel",
)  # fmt: skip
KINDS_OF_ADJUSTMENTS = {"order_discount": "discount"}


@dataclass(frozen=True)
class Fact:
    """A column of an entity: its SQL, the landed columns it reads, and what it makes of a row that
    is invented for its unit test, None where that isn't foretold."""

    name: str
    sql: str
    reads: tuple[str, ...] = ()
    expected: Expected | None = None


@dataclass(frozen=True)
class Model:
    """A staging model. `adjustments` are kinds of money with their SQL, of each a row is made."""

    entity: str
    table: Table
    facts: tuple[Fact, ...]
    about: str
    adjustments: tuple[tuple[str, str], ...] = ()
    has_row_kind: bool = False

    @property
    def reads(self) -> set[str]:
        return {name for fact in self.facts for name in fact.reads}


@dataclass(frozen=True)
class Staging:
    """All models of a source, the conditions of rows by table, and the tables whose rows go on with
    the order above where they name none."""

    models: tuple[Model, ...]
    rows: Mapping[str, Mapping[str, str]]
    fill_down: frozenset[str]


def staging_of(decisions: Decisions) -> Staging:
    """The models that deliver what was decided."""
    made = [(rules, model) for rules, model in _models(decisions)]
    times = Counter(model.entity for _, model in made)
    named = [
        (rules, replace(m, entity=f"{m.entity}__{m.table.name}") if times[m.entity] > 1 else m)
        for rules, m in made
    ]
    rows: dict[str, Mapping[str, str]] = {}
    for rules in decisions.sales:
        readers = [m.entity for r, m in named if r is rules and m.table is rules.sales.orders]
        if rules.sales.is_one_table or rules.refunds == "column":
            rows[rules.sales.orders.name] = rows_of(rules, readers)
    models = tuple(
        replace(model, has_row_kind=model.entity in rows.get(model.table.name, {}))
        for _, model in named
    )
    fill_down = {r.sales.orders.name for r in decisions.sales if r.continuation.lacks_number}
    return Staging(models, rows, frozenset(fill_down))


def _models(decisions: Decisions) -> Iterator[tuple[SalesRules | None, Model]]:
    for rules in decisions.sales:
        source = _Source(decisions, rules.sales.orders)
        yield rules, _orders(source, rules)
        yield from ((rules, model) for model in _lines(decisions, rules))
        if rules.refunds:
            yield rules, _refunds_of_sales(source, rules)
        if adjustments := _adjustments(source, rules):
            yield rules, adjustments
        if with_accounts(rules, decisions.tables):
            yield rules, _accounts_of_orders(source, rules)
    for table in decisions.tables:
        source = _Source(decisions, table)
        if table.nature == "accounts":
            yield None, _accounts(source)
        elif table.nature == "refunds":
            yield None, _refunds(source)
        elif table.nature == "products":
            yield None, _products(source)


@dataclass(frozen=True)
class _Source:
    """A table, and how its columns are read."""

    decisions: Decisions
    table: Table

    def key(self, name: str, issuer: str, meaning: str) -> Iterator[Fact]:
        if column := self.table.of(meaning):
            yield Fact(
                name,
                f"{{{{ source_key('{issuer}', '{column.name}') }}}}",
                (column.name,),
                lambda row: f"{issuer}:{row.text(column)}",
            )

    def bare_key(self, name: str, meaning: str) -> Iterator[Fact]:
        if column := self.table.of(meaning):
            yield Fact(
                name, f"{{{{ clean_key('{column.name}') }}}}", (column.name,), _as_it_is(column)
            )

    def text(self, name: str, meaning: str) -> Iterator[Fact]:
        if column := self.table.of(meaning):
            yield Fact(
                name, f"{{{{ clean_text('{column.name}') }}}}", (column.name,), _as_it_is(column)
            )

    def instant(self, name: str, meaning: str) -> Iterator[Fact]:
        if column := self._timed(meaning):
            yield Fact(
                name,
                f"{{{{ utc_instant('{column.name}', feed) }}}}",
                (column.name,),
                lambda row: row.instant(column),
            )

    def day(self, name: str, meaning: str) -> Iterator[Fact]:
        if column := self._timed(meaning):
            yield Fact(
                name,
                f"{{{{ business_date('{column.name}', feed) }}}}",
                (column.name,),
                lambda row: row.day(column),
            )

    def birthday(self, name: str, meaning: str) -> Iterator[Fact]:
        if column := self._timed(meaning):
            yield Fact(
                name,
                f"{{{{ parse_date('{column.name}', feed) }}}}",
                (column.name,),
                lambda row: row.day(column),
            )

    def _timed(self, meaning: str) -> Column | None:
        column = self.table.of(meaning)
        return column if column and meaning in self.decisions.times[self.table.name] else None

    def number(self, column: Column, scale: int = 2, is_blank_zero: bool = False) -> str:
        """A macro's call, without braces, that reads a number as the feed writes it."""
        text = f"'{column.name}'"
        if is_blank_zero:
            text = f"\"coalesce(\" ~ clean_text('{column.name}') ~ \", '0')\""
        if self.table.amounts.is_plain:
            return f"parse_decimal({text}, {scale})"
        return f"parse_amount({text}, feed, {scale})"

    def money(self, name: str, column: Column, form: str = "{{ %s }}", sign: int = 1) -> Fact:
        """An amount; `form` is SQL around it."""
        return Fact(
            name,
            form % self.number(column, is_blank_zero=name == "discount_amount"),
            (column.name,),
            lambda row: _cents(sign * row.number(column)),
        )

    def currency(self) -> Iterator[Fact]:
        if self.table.has("currency"):
            yield from self.text("currency", "currency")
        else:
            code = self.decisions.currency
            yield Fact("currency", f"'{code}'", (), lambda row: code)


def _as_it_is(column: Column) -> Expected:
    return lambda row: row.text(column)


def _cents(amount: Decimal) -> str:
    return str(amount.quantize(Decimal("0.01"), ROUND_HALF_UP))


def _orders(source: _Source, rules: SalesRules) -> Model:
    name = source.decisions.name
    facts = [
        *source.key("order_id", rules.key_issuer, "order_number"),
        *source.bare_key("source_order_id", "order_number"),
        *source.key("account_id", rules.customer_issuer, "customer_number"),
        *source.text("contact_phone", "contact_phone"),
        *source.text("contact_email", "contact_email"),
        *source.key("store_id", name, "store_number"),
        *(source.text("channel", "channel") or []),
    ]
    if not source.table.has("channel"):
        facts.append(Fact("channel", f"'{name}'", (), lambda row: name))
    facts += [
        *source.instant("ordered_at", "ordered_at"),
        *source.day("ordered_on", "ordered_at"),
        _status(source, rules),
        *(source.day("cancelled_on", "cancelled_at")),
        *source.currency(),
    ]
    return Model("orders", source.table, tuple(facts), f"Orders of {name}")


def _status(source: _Source, rules: SalesRules) -> Fact:
    column = source.table.of("order_status")
    if not rules.statuses or column is None:
        return Fact("order_status", "'paid'", (), lambda row: "paid")
    branches = "\n".join(
        f"            when '{word.replace(chr(39), chr(39) * 2)}' then '{status}'"
        for word, status in rules.statuses.items()
    )
    return Fact(
        "order_status",
        f"case {{{{ clean_text('{column.name}') }}}}\n{branches}\n        end",
        (column.name,),
        lambda row: rules.statuses.get(row.text(column)),
    )


def _lines(decisions: Decisions, rules: SalesRules) -> Iterator[Model]:
    if rules.sales.lines is None:
        if rules.sales.orders.has("order_total"):
            yield _line_of_an_order(_Source(decisions, rules.sales.orders), rules)
        return
    source = _Source(decisions, rules.sales.lines)
    table = source.table
    gross, worth = _gross(source, rules)
    discount = table.of("line_discount")
    product = "product_number" if table.has("product_number") else "product_name"
    quantity = table.of("quantity")
    facts = [
        _line_key(source, rules, "order_line_id"),
        *source.key("order_id", rules.key_issuer, "order_number"),
        *source.key("product_id", decisions.name, product),
        Fact(
            "quantity",
            f"{{{{ {source.number(quantity, 3)} }}}}" if quantity else "cast(1 as decimal(18,3))",
            (quantity.name,) if quantity else (),
            lambda row: str(row.number(quantity)) if quantity else "1",
        ),
        Fact("gross_amount", gross, worth[0], worth[1]),
        _discount(source, discount, rules)
        if discount and rules.money.has_discount
        else Fact("discount_amount", ZERO, (), lambda row: "0.00"),
    ]
    yield Model("order_lines", table, tuple(facts), f"Lines of the orders of {decisions.name}")


def _discount(source: _Source, column: Column, rules: SalesRules) -> Fact:
    if rules.money.discount_is_negative:
        return source.money("discount_amount", column, "cast(-{{ %s }} as decimal(18,2))", -1)
    return source.money("discount_amount", column)


def _line_key(source: _Source, rules: SalesRules, name: str) -> Fact:
    """The order's key with the line's number, or with the place of the row where it has none."""
    order, line = source.table.of("order_number"), source.table.of("line_number")
    key = f"{{{{ source_key('{rules.key_issuer}', '{order.name}') }}}} || ':'"
    if rules.has_line_numbers and line:
        return Fact(
            name,
            f"{key} || {{{{ clean_key('{line.name}') }}}}",
            (order.name, line.name),
            lambda row: f"{rules.key_issuer}:{row.text(order)}:{row.text(line)}",
        )
    return Fact(
        name,
        f"{key}\n            || cast({{{{ place_within('{order.name}') }}}} as string)",
        (order.name,),
        lambda row: f"{rules.key_issuer}:{row.text(order)}:1",
    )


def _gross(source: _Source, rules: SalesRules) -> tuple[str, tuple[tuple[str, ...], Expected]]:
    """The worth of a line in SQL, what it reads, and what it makes of an invented row."""
    table = source.table
    quantity, price, total = map(table.of, ("quantity", "unit_price", "line_total"))
    match rules.money.gross:
        case "unit_price":
            sql = f"{{{{ line_worth({source.number(quantity, 3)}, {source.number(price, 6)}) }}}}"
            reads = (quantity.name, price.name)
            return sql, (reads, lambda row: _cents(row.number(quantity) * row.number(price)))
        case "line_price":
            return f"{{{{ {source.number(price)} }}}}", (
                (price.name,),
                lambda row: _cents(row.number(price)),
            )
        case "after_discount":
            discount = table.of("line_discount")
            sign = -1 if rules.money.discount_is_negative else 1
            sql = (
                f"cast(\n            {{{{ {source.number(total)} }}}}"
                f"\n            {'-' if sign < 0 else '+'}"
                f" {{{{ {source.number(discount, is_blank_zero=True)} }}}}"
                "\n            as decimal(18,2)\n        )"
            )
            return sql, (
                (total.name, discount.name),
                lambda row: _cents(row.number(total) + sign * row.number(discount)),
            )
    return f"{{{{ {source.number(total)} }}}}", (
        (total.name,),
        lambda row: _cents(row.number(total)),
    )


def _line_of_an_order(source: _Source, rules: SalesRules) -> Model:
    """Where nobody delivers lines, an order is one line of its total."""
    order = source.table.of("order_number")
    facts = [
        Fact(
            "order_line_id",
            f"{{{{ source_key('{rules.key_issuer}', '{order.name}') }}}} || ':1'",
            (order.name,),
            lambda row: f"{rules.key_issuer}:{row.text(order)}:1",
        ),
        *source.key("order_id", rules.key_issuer, "order_number"),
        Fact("quantity", "cast(1 as decimal(18,3))", (), lambda row: "1"),
        source.money("gross_amount", source.table.of("order_total")),
        Fact("discount_amount", ZERO, (), lambda row: "0.00"),
    ]
    about = f"Orders of {source.decisions.name} once more, each as its one line"
    return Model("order_lines", source.table, tuple(facts), about)


def _refunds_of_sales(source: _Source, rules: SalesRules) -> Model:
    """What went back, told by rows of the sales or by a column of the order."""
    name = source.decisions.name
    order = source.table.of("order_number")
    original = source.table.of("original_order_number")
    of_order = "original_order_number" if original else "order_number"
    if rules.refunds == "column":
        key = Fact(
            "refund_id",
            f"{{{{ source_key('{rules.key_issuer}', '{order.name}') }}}} || ':refund'",
            (order.name,),
            lambda row: f"{rules.key_issuer}:{row.text(order)}:refund",
        )
        amount = source.money("refund_amount", source.table.of("refunded"))
    else:
        key, amount = _line_key(source, rules, "refund_id"), _given_back(source, rules)
    facts = [
        key,
        *source.key("order_id", rules.key_issuer, of_order),
        *source.day("refunded_on", "ordered_at"),
        amount,
        *source.currency(),
    ]
    return Model("refunds", source.table, tuple(facts), f"Money that {name} gave back")


def _given_back(source: _Source, rules: SalesRules) -> Fact:
    gross, (reads, expected) = _gross(source, rules)
    if not rules.refunds_are_negative:
        return Fact("refund_amount", gross, reads, expected)
    return Fact(
        "refund_amount",
        f"cast(-{gross} as decimal(18,2))",
        reads,
        lambda row: _cents(-Decimal(expected(row))),
    )


def _adjustments(source: _Source, rules: SalesRules) -> Model | None:
    """Money of an order beyond its lines, where there is any."""
    beyond = [
        each
        for each in BEYOND_LINES
        if source.table.has(each)
        and (each in rules.money.beyond or (each == "tax" and not rules.tax_is_included))
        and rules.sales.lines is not None
    ]
    if not beyond:
        return None
    calls = []
    for each in beyond:
        call = source.number(source.table.of(each), is_blank_zero=True)
        if BEYOND_LINES[each] < 0:
            call = f"'cast(-abs(' ~ {call} ~ ') as decimal(18,2))'"
        calls.append((KINDS_OF_ADJUSTMENTS.get(each, each), call))
    facts = [
        Fact(
            "adjustment_id",
            f"{{{{ source_key('{rules.key_issuer}', '{source.table.of('order_number').name}') }}}}"
            " || ':{{ kind }}'",
            tuple(source.table.of(each).name for each in ("order_number", *beyond)),
        ),
        *source.key("order_id", rules.key_issuer, "order_number"),
        Fact("adjustment_kind", "'{{ kind }}'"),
        Fact("adjustment_amount", "{{ amount }}"),
    ]
    about = f"Money of the orders of {source.decisions.name} beyond their lines"
    return Model("order_adjustments", source.table, tuple(facts), about, tuple(calls))


def _accounts_of_orders(source: _Source, rules: SalesRules) -> Model:
    facts = [
        *source.key("account_id", rules.customer_issuer, "customer_number"),
        *source.bare_key("source_account_id", "customer_number"),
        *source.text("phone", "contact_phone"),
        *source.text("email", "contact_email"),
        *source.text("full_name", "contact_name"),
        *source.text("address", "address"),
    ]
    about = f"Persons whom the orders of {source.decisions.name} name"
    return Model("accounts", source.table, tuple(facts), about)


def _accounts(source: _Source) -> Model:
    name = source.decisions.name
    facts = [
        *source.key("account_id", name, "customer_number"),
        *source.bare_key("source_account_id", "customer_number"),
        *source.day("registered_on", "registered_at"),
        *(fact for meaning in TEXTS_OF_ACCOUNTS for fact in source.text(meaning, meaning)),
        *source.birthday("birth_date", "birth_date"),
    ]
    given, family = source.table.of("given_name"), source.table.of("family_name")
    if given and family and not source.table.has("full_name"):
        facts.append(
            Fact(
                "full_name",
                f"{{{{ clean_text(\"coalesce({given.name}, '') || ' ' || "
                f"coalesce({family.name}, '')\") }}}}",
                (given.name, family.name),
                lambda row: f"{row.text(given)} {row.text(family)}",
            )
        )
    return Model("accounts", source.table, tuple(facts), f"Persons known to {name}")


def _refunds(source: _Source) -> Model:
    name = source.decisions.name
    key = "refund_number" if source.table.has("refund_number") else "order_number"
    facts = [
        *source.key("refund_id", name, key),
        *source.key("order_id", name, "order_number"),
        *source.day("refunded_on", "refunded_at"),
        source.money("refund_amount", source.table.of("refund_amount")),
        *source.currency(),
    ]
    return Model("refunds", source.table, tuple(facts), f"Money that {name} gave back")


def _products(source: _Source) -> Model:
    name = source.decisions.name
    price = source.table.of("list_price")
    facts = [
        *source.key("product_id", name, "product_number"),
        *source.bare_key("source_product_id", "product_number"),
        *source.text("product_name", "product_name"),
        *source.text("brand", "brand"),
        *source.text("department", "department"),
        *source.text("category", "category"),
        *([source.money("list_price", price)] if price else []),
    ]
    return Model("products", source.table, tuple(facts), f"What {name} sells")
