"""The staging models of a source: which entity each delivers, and each column in SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from orchestration.new_source.decisions import Decisions, SalesRules, rows_of, with_accounts
from orchestration.new_source.facts import Fact, Model, Source, always, cents
from orchestration.new_source.jinja import plain
from orchestration.new_source.levels import Levels
from orchestration.new_source.records import accounts_of_orders, models_of_records
from orchestration.new_source.sales import BEYOND_LINES
from orchestration.new_source.tables import Column

ZERO = "cast(0 as decimal(18,2))"
KINDS_OF_ADJUSTMENTS = {"order_discount": "discount"}


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
        rows[rules.sales.orders.name] = rows_of(rules, readers)
    models = tuple(
        replace(model, has_row_kind=model.entity in rows.get(model.table.name, {}))
        for _, model in named
    )
    fill_down = {r.sales.orders.name for r in decisions.sales if r.continuation.lacks_number}
    return Staging(models, rows, frozenset(fill_down))


def _models(decisions: Decisions) -> Iterator[tuple[SalesRules | None, Model]]:
    for rules in decisions.sales:
        source = Source(decisions, rules.sales.orders)
        yield rules, _orders(source, rules)
        yield from ((rules, model) for model in _lines(decisions, rules))
        if rules.refunds:
            yield rules, _refunds_of_sales(source, rules)
        if adjustments := _adjustments(source, rules):
            yield rules, adjustments
        if adjustments := _adjustments_of_lines(decisions, rules):
            yield rules, adjustments
        if with_accounts(rules, decisions.tables):
            yield rules, accounts_of_orders(source, rules)
    for table in decisions.tables:
        yield from ((None, model) for model in models_of_records(Source(decisions, table)))


def _orders(source: Source, rules: SalesRules) -> Model:
    name, has_channel = source.decisions.name, source.table.has("channel")
    facts = [
        *source.key("order_id", rules.key_issuer, "order_number"),
        *source.bare_key("source_order_id", "order_number"),
        *source.key("account_id", rules.customer_issuer, "customer_number"),
        *source.text("contact_phone", "contact_phone"),
        *source.text("contact_email", "contact_email"),
        *source.key("store_id", name, "store_number"),
        *(source.text("channel", "channel") if has_channel else [always("channel", name)]),
        *source.instant("ordered_at", "ordered_at"),
        *source.day("ordered_on", "ordered_at"),
        *source.hour("ordered_hour", "ordered_at"),
        _status(source, rules),
        *source.day("cancelled_on", "cancelled_at"),
        *source.currency(),
    ]
    return Model("orders", source.table, tuple(facts), f"Orders of {name}")


def _status(source: Source, rules: SalesRules) -> Fact:
    """What is told of an order, but for one that has a day of cancellation: it is cancelled."""
    told = _told_status(source, rules)
    cancelled = next(source.day("cancelled_on", "cancelled_at"), None)
    if cancelled is None:
        return told
    otherwise = told.sql.replace("\n", "\n    ")
    return Fact(
        "order_status",
        f"case\n            when {cancelled.sql} is not null then 'cancelled'"
        f"\n            else {otherwise}\n        end",
        (*cancelled.reads, *told.reads),
        lambda row: "cancelled" if cancelled.expected(row) else None,
    )


def _told_status(source: Source, rules: SalesRules) -> Fact:
    column = source.table.of("order_status")
    if not rules.statuses or column is None:
        return always("order_status", "paid")
    branches = "\n".join(
        f"            when '{plain(word).replace(chr(39), chr(39) * 2)}' then '{status}'"
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
            yield _line_of_an_order(Source(decisions, rules.sales.orders), rules)
        return
    source = Source(decisions, rules.sales.lines)
    table = source.table
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
        _gross(source, rules),
        _discount(source, discount, rules)
        if discount and rules.money.has_discount
        else Fact("discount_amount", ZERO, (), lambda row: "0.00"),
    ]
    yield Model("order_lines", table, tuple(facts), f"Lines of the orders of {decisions.name}")


def _discount(source: Source, column: Column, rules: SalesRules) -> Fact:
    if rules.money.share:
        gross = _gross(source, rules)
        return Fact(
            "discount_amount",
            f"cast(\n            {gross.sql}"
            f"\n            * {{{{ {source.number(column, 6, is_blank_zero=True)} }}}}"
            "\n            as decimal(18,2)\n        )",
            (*gross.reads, column.name),
            lambda row: cents(Decimal(gross.expected(row)) * row.number(column)),
        )
    if rules.money.discount_is_negative:
        return source.money("discount_amount", column, "cast(-{{ %s }} as decimal(18,2))", -1)
    return source.money("discount_amount", column)


def _line_key(source: Source, rules: SalesRules, name: str) -> Fact:
    """The order's key with the line's number, or with the place of the row where it has none."""
    order, line = source.table.of("order_number"), source.table.of("line_number")
    if line is None or not rules.has_line_numbers:
        return source.place_of(name, rules.key_issuer, order)
    return Fact(
        name,
        f"{{{{ source_key('{rules.key_issuer}', {order.argument}) }}}}"
        f" || ':' || {{{{ clean_key('{line.name}') }}}}",
        (*order.reads, line.name),
        lambda row: f"{rules.key_issuer}:{row.text(order)}:{row.text(line)}",
    )


def _gross(source: Source, rules: SalesRules) -> Fact:
    """The worth of a line before discounts."""
    table = source.table
    quantity, price, total = map(table.of, ("quantity", "unit_price", "line_total"))
    match rules.money.gross:
        case "unit_price":
            amounts = f"{source.number(quantity, 3)}, {source.number(price, 6)}"
            return Fact(
                "gross_amount",
                f"{{{{ line_worth({amounts}) }}}}",
                (quantity.name, price.name),
                lambda row: cents(row.number(quantity) * row.number(price)),
            )
        case "line_price":
            return source.money("gross_amount", price)
        case "after_discount":
            discount = table.of("line_discount")
            sign = -1 if rules.money.discount_is_negative else 1
            return Fact(
                "gross_amount",
                f"cast(\n            {{{{ {source.number(total)} }}}}"
                f"\n            {'-' if sign < 0 else '+'}"
                f" {{{{ {source.number(discount, is_blank_zero=True)} }}}}"
                "\n            as decimal(18,2)\n        )",
                (total.name, discount.name),
                lambda row: cents(row.number(total) + sign * row.number(discount)),
            )
    return source.money("gross_amount", total)


def _line_of_an_order(source: Source, rules: SalesRules) -> Model:
    """Where nobody delivers lines, an order is one line of its total."""
    order = source.table.of("order_number")
    facts = [
        Fact(
            "order_line_id",
            f"{{{{ source_key('{rules.key_issuer}', {order.argument}) }}}} || ':1'",
            order.reads,
            lambda row: f"{rules.key_issuer}:{row.text(order)}:1",
        ),
        *source.key("order_id", rules.key_issuer, "order_number"),
        Fact("quantity", "cast(1 as decimal(18,3))", (), lambda row: "1"),
        source.money("gross_amount", source.table.of("order_total")),
        Fact("discount_amount", ZERO, (), lambda row: "0.00"),
    ]
    about = f"Orders of {source.decisions.name} once more, each as its one line"
    return Model("order_lines", source.table, tuple(facts), about)


def _refunds_of_sales(source: Source, rules: SalesRules) -> Model:
    """What went back, told by rows of the sales or by a column of the order."""
    name = source.decisions.name
    order = source.table.of("order_number")
    if rules.refunds == "column":
        key = Fact(
            "refund_id",
            f"{{{{ source_key('{rules.key_issuer}', {order.argument}) }}}} || ':refund'",
            order.reads,
            lambda row: f"{rules.key_issuer}:{row.text(order)}:refund",
        )
        amount = source.money("refund_amount", source.table.of("refunded"))
    else:
        key, amount = _line_key(source, rules, "refund_id"), _given_back(source, rules)
    facts = [
        key,
        *_order_of_a_refund(source, rules),
        *_account_of_a_refund(source, rules),
        *source.day("refunded_on", "ordered_at"),
        amount,
        *source.currency(),
    ]
    return Model("refunds", source.table, tuple(facts), f"Money that {name} gave back")


def _order_of_a_refund(source: Source, rules: SalesRules) -> Iterator[Fact]:
    """The number in front of it is that of its order, unless it is one of its own."""
    if source.table.has("original_order_number"):
        yield from source.key("order_id", rules.key_issuer, "original_order_number")
    elif not (rules.refunds == "rows" and rules.kinds.have_own_numbers):
        yield from source.key("order_id", rules.key_issuer, "order_number")


def _account_of_a_refund(source: Source, rules: SalesRules) -> Iterator[Fact]:
    """Where it stands in the row of its order, the order knows."""
    if rules.refunds == "rows":
        yield from source.key("account_id", rules.customer_issuer, "customer_number")


def _given_back(source: Source, rules: SalesRules) -> Fact:
    if rules.money.gross == "after_discount":
        gross = source.money("refund_amount", source.table.of("line_total"))  # what was paid
    else:
        gross = replace(_gross(source, rules), name="refund_amount")
    if rules.kinds.refunds_are_positive:
        return gross
    return replace(
        gross,
        sql=f"cast(-{gross.sql} as decimal(18,2))",
        expected=lambda row: cents(-Decimal(gross.expected(row))),
    )


def _adjustments(source: Source, rules: SalesRules) -> Model | None:
    """Money of an order beyond its lines, where there is any."""
    beyond = [
        each
        for each in BEYOND_LINES
        if source.table.has(each)
        and (each in rules.money.beyond or (each == "tax" and not rules.tax_is_included))
        and rules.sales.lines is not None
    ]
    order = source.table.of("order_number")
    key = f"{{{{ source_key('{rules.key_issuer}', {order.argument}) }}}}"
    if not rules.books_rest:
        return _beyond_lines(source, rules, key, order.reads, beyond) if beyond else None
    rest, read = _rest(source, rules, beyond)
    line = _line_key(source, rules, "line_key")
    model = _beyond_lines(source, rules, key, (*line.reads, *read), beyond)
    return replace(
        model,
        rest=rest,
        line_key=line.sql,
        adjustments=(*model.adjustments, ("discount", "rest")),
    )


def _rest(source: Source, rules: SalesRules, beyond: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """What the total of an order is less than its lines with what stands beyond them, in SQL, and
    the columns that it reads. A total or an amount that can't be read says nothing."""
    table, gross = source.table, _gross(source, rules)
    order, total, discount = map(table.of, ("order_number", "order_total", "line_discount"))
    amounts, read = [gross.sql.replace("\n        ", "\n    ")], [total.name, *gross.reads]
    if discount and rules.money.has_discount:
        off = _discount(source, discount, rules)
        amounts.append(off.sql.replace("\n        ", "\n    "))
        read += off.reads
    others = (
        f"\n        {'-' if BEYOND_LINES[each] > 0 else '+'}"
        f" {{{{ {source.number(table.of(each), is_blank_zero=True)} }}}}"
        for each in beyond
    )
    rest = (
        f"cast(least(\n        {{{{ {source.number(total)} }}}}"
        f"\n        - sum(case when is_told_last then {' - '.join(amounts)} end)"
        f"\n            over (partition by _batch, {{{{ clean_key({order.argument}) }}}})"
        f"{''.join(others)},\n        0\n    ) as decimal(18,2))"
    )
    return rest, tuple(read)


def _adjustments_of_lines(decisions: Decisions, rules: SalesRules) -> Model | None:
    """Such money where lines tell it, each for itself, and orders don't."""
    orders, lines = rules.sales.orders, rules.sales.lines
    if lines is None or rules.sales.is_one_table:
        return None
    levels = Levels(lines)
    beyond = [
        each
        for each in ("shipping", "tip")
        if lines.has(each) and not orders.has(each) and not levels.is_the_same(lines.of(each))
    ]
    source = Source(decisions, lines)
    key = _line_key(source, rules, "adjustment_id")
    return _beyond_lines(source, rules, key.sql, key.reads, beyond) if beyond else None


def _beyond_lines(
    source: Source, rules: SalesRules, key: str, reads: tuple[str, ...], beyond: Sequence[str]
) -> Model:
    """A row for each of these kinds of money of what has this key."""
    calls = []
    for each in beyond:
        call = source.number(source.table.of(each), is_blank_zero=True)
        if BEYOND_LINES[each] < 0:
            call = f"'cast(-abs(' ~ {call} ~ ') as decimal(18,2))'"
        calls.append((KINDS_OF_ADJUSTMENTS.get(each, each), call))
    facts = [
        Fact(
            "adjustment_id",
            f"{key} || ':{{{{ kind }}}}'",
            (*reads, *(source.table.of(each).name for each in beyond)),
        ),
        *source.key("order_id", rules.key_issuer, "order_number"),
        Fact("adjustment_kind", "'{{ kind }}'"),
        Fact("adjustment_amount", "{{ amount }}"),
    ]
    about = f"Money of the orders of {source.decisions.name} beyond their lines"
    return Model("order_adjustments", source.table, tuple(facts), about, tuple(calls))
