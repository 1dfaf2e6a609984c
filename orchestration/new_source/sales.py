"""What files of orders say as a whole: where orders and lines stand, and which money is which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import combinations

from orchestration.new_source.levels import Levels
from orchestration.new_source.tables import Column, Table, bare, share_known
from orchestration.new_source.vocabulary import plain

HOLDS = 0.95  # share of rows of which an identity must be true to be taken for a rule
CENT = Decimal("0.011")
MOST_TAX = Decimal("0.22")  # of prices: a rate of 28 per hundred on top of them
ALIKE = Decimal("0.01")  # how far shares that are meant to be one lie apart
# What may stand between the lines of an order and its total, with the sign it then has.
BEYOND_LINES = {"shipping": 1, "tax": 1, "tip": 1, "order_discount": -1}
MONEY_OF_LINES = {"unit_price", "line_total"}  # a quantity alone is worth nothing


@dataclass(frozen=True)
class Sales:
    """Where orders stand and where their lines do, which may be the same table, or nowhere."""

    orders: Table
    lines: Table | None

    @property
    def is_one_table(self) -> bool:
        return self.orders is self.lines


def sales_of(tables: Iterable[Table]) -> list[Sales]:
    """Puts tables of orders and tables of lines together, by the order numbers they share."""
    of_sales = [table for table in tables if table.nature == "sales"]
    bodies = [t for t in of_sales if MONEY_OF_LINES & {column.meaning for column in t.columns}]
    heads = [t for t in of_sales if t.has("ordered_at")]
    found, taken = [], set()
    for body in bodies:
        others = [
            head
            for head in heads
            if head is not body
            and is_once_an_order(head)
            # Who has a day and lines is complete, and goes together only with what lacks lines.
            and not (body.has("ordered_at") and head in bodies)
        ]
        best = max(others, key=lambda head: _shared(body, head), default=None)
        if best and _shared(body, best) > 0.5:
            found.append(Sales(best, body))
            taken.add(best.name)
        elif body.has("ordered_at"):
            found.append(Sales(body, body))
    found = [each for each in found if not (each.is_one_table and each.orders.name in taken)]
    known = {each.orders.name for each in found}
    return [*found, *(Sales(head, None) for head in heads if head.name not in known)]


def left_out(tables: Iterable[Table]) -> list[Table]:
    """Tables that have numbers of orders, but neither a day nor another table that has it."""
    tables = list(tables)
    used = {t.name for each in sales_of(tables) for t in (each.orders, each.lines) if t}
    worthless = {table.name for table in without_worth(tables)}
    return [t for t in tables if t.nature == "sales" and t.name not in used | worthless]


def without_worth(tables: Iterable[Table]) -> list[Table]:
    """Tables of orders, or of quantities, of which no column says what they are worth."""
    tables = list(tables)
    sales = sales_of(tables)
    told = {each.orders.name for each in sales if each.lines}
    dated = {each.orders.name for each in sales}
    return [
        table
        for table in tables
        if table.nature == "sales"
        and table.name not in told
        and (table.name in dated or table.has("quantity"))
        and not any(map(table.of, ("order_total", *MONEY_OF_LINES)))
    ]


def _shared(body: Table, head: Table) -> float:
    known = set(map(bare, head.of("order_number").present))
    return share_known(set(map(bare, body.of("order_number").present)), known, False)


def is_once_an_order(table: Table) -> bool:
    """Whether each file of a table has each order number once, as a table of orders has."""
    keys = [
        (file, key)
        for file, key in zip(table.file_of_row, table.of("order_number").values, strict=True)
        if key
    ]
    return len(set(keys)) > 0.999 * len(keys)


def numbers(table: Table, meaning: str) -> list[Decimal | None]:
    """The numbers of the column of this meaning; all None where there is none."""
    column = table.of(meaning)
    if column is None:
        return [None] * len(table.file_of_row)
    return [table.amounts.read(value) for value in column.values]


@dataclass(frozen=True)
class Money:
    """How the money of lines is read.

    `gross` is `unit_price` (times quantity), `line_total`, `after_discount` (a total to which the
    discount is added) or `order_total`. `beyond` are the columns between lines and total that
    count, `is_proved` says that totals agree, and `tax_is_included` is None where nothing tells.
    `share` is of a discount that looks like a share of the price: "taken" where the gross has lost
    it already, "to_take" where it has not, "unknown", or None for an amount of money.
    """

    gross: str
    has_discount: bool
    discount_is_negative: bool
    beyond: tuple[str, ...]
    is_proved: bool
    tax_is_included: bool | None
    agreement: str
    share: str | None = None


def money_of(sales: Sales) -> Money:
    """Tries which identity the numbers of a sample obey."""
    if sales.lines is None:
        has_total = sales.orders.has("order_total")
        said = "one line an order: its total" if has_total else "no column says what it is worth"
        return Money("order_total", False, False, (), False, None, said)
    found = LineMoney(sales.lines)
    gross, has_discount, agreement = found.reading()
    beyond, rest = _beyond_lines(sales, found, gross, has_discount)
    if beyond is None:
        usual = tuple(e for e in BEYOND_LINES if sales.orders.has(e) and e != "tax")
        return Money(
            gross, has_discount, found.is_negative, usual, False, None, agreement, found.share
        )
    if has_discount and rest is False and gross != "unit_price":
        gross = "after_discount"  # totals are those of the lines as they stand
    if rest and gross == "after_discount":
        gross, agreement = "line_total", "a line has its total"  # whatever its header says
    has_tax = sales.orders.has("tax")
    return Money(
        gross,
        has_discount,
        found.is_negative,
        beyond,
        True,
        ("tax" not in beyond) if has_tax else None,
        f"{agreement}; order totals agree",
        # Totals of orders count nothing but what is left to pay.
        found.share and "taken",
    )


class LineMoney:
    """The numbers of the lines of a table."""

    def __init__(self, table: Table):
        self.table = table
        self.quantity = numbers(table, "quantity")
        self.price = numbers(table, "unit_price")
        self.total = numbers(table, "line_total")
        discount = numbers(table, "line_discount")
        self.is_negative = sum(1 for d in discount if d and d < 0) > sum(
            1 for d in discount if d and d > 0
        )
        self.discount = [d if d is None else abs(d) for d in discount]

    @cached_property
    def product(self) -> list[Decimal | None]:
        return [
            None if q is None or p is None else q * p
            for q, p in zip(self.quantity, self.price, strict=True)
        ]

    @cached_property
    def share(self) -> str | None:
        """Whether discounts are shares of the price (0.2 is a fifth), and whether totals are after
        them; as `Money` says it."""
        given = [each for each in self.discount if each]
        if not given or max(given) > 1 or self._holds(lambda product, discount: product - discount):
            return None
        if self._holds(lambda product, discount: product * (1 - discount)):
            return "taken"
        is_before = not self.table.has("line_total") or self._holds(lambda product, _: product)
        return "to_take" if is_before else "unknown"

    @property
    def _is_net(self) -> bool:
        """Whether a header says of the total that something was taken off."""
        return any("net" in plain(each).split() for each in self.table.of("line_total").headers)

    def reading(self) -> tuple[str, bool, str]:
        """How gross is read, whether there are discounts in money, and what shows it."""
        has_discount = self.table.has("line_discount") and not self.share
        if not self.table.has("line_total"):
            if not self.table.has("quantity"):
                return "line_price", has_discount, "the price is that of the line"
            return "unit_price", has_discount, "a line is worth quantity × unit price"
        if not self.table.has("unit_price", "quantity"):
            if has_discount and self._is_net:
                return "after_discount", True, "a line has its total, after its discount"
            return "line_total", has_discount, "a line has its total"
        if self._holds(lambda product, _: product):
            return "line_total", has_discount, "line total = quantity × unit price"
        if self.share == "taken":
            return "line_total", False, "line total = quantity × unit price × (1 − discount)"
        if has_discount and self._holds(lambda product, discount: product - discount):
            return "unit_price", True, "line total = quantity × unit price − discount"
        return "line_total", has_discount, "the line total is not quantity × unit price"

    def _holds(self, rule: Callable[[Decimal, Decimal], Decimal]) -> bool:
        known = [
            (t, p, d or Decimal(0))
            for t, p, d in zip(self.total, self.product, self.discount, strict=True)
            if t is not None and p is not None
        ]
        true = sum(abs(total - rule(worth, discount)) < CENT for total, worth, discount in known)
        return bool(known) and true >= HOLDS * len(known)

    def worth(self, gross: str) -> Sequence[Decimal | None]:
        """The gross amount of each line."""
        return {"unit_price": self.product, "line_price": self.price}.get(gross, self.total)


def _beyond_lines(
    sales: Sales, found: LineMoney, gross: str, has_discount: bool
) -> tuple[tuple[str, ...] | None, bool | None]:
    """Which columns stand between lines and totals, the fewest that explain them; None if none do.

    The second says whether totals are less by the discounts of the lines; None if there are none.
    """
    if not sales.orders.has("order_total"):
        return None, None
    candidates = [each for each in BEYOND_LINES if sales.orders.has(each)]
    facts = list(_order_facts(sales, found, gross, candidates))
    choices = [*candidates, *(["line_discount"] if has_discount else [])]
    for size in range(len(choices) + 1):
        for chosen in combinations(choices, size):
            true = sum(abs(_unexplained(chosen, each)) < 2 * CENT for each in facts)
            if facts and true >= HOLDS * len(facts):
                # What is nothing in all these orders may be something in the next.
                counted = {*chosen, *(e for e in candidates if not any(f.beyond[e] for f in facts))}
                has_discounts = any(each.off for each in facts)
                beyond = tuple(each for each in candidates if each in counted)
                return beyond, "line_discount" in chosen if has_discounts else None
    return None, None


@dataclass(frozen=True)
class Missed:
    """How many orders have a total, and by how much it differs from what is counted of those where
    it does: the lines, with what stands beyond them. `shares` are those of what is counted."""

    count: int = 0
    rests: tuple[Decimal, ...] = ()
    shares: tuple[Decimal, ...] = ()

    @property
    def below(self) -> list[Decimal]:
        """By how much totals are less, of those that are."""
        return [rest for rest in self.rests if rest < 0]

    @property
    def above(self) -> list[Decimal]:
        return [rest for rest in self.rests if rest > 0]

    @property
    def are_like_discounts(self) -> bool:
        """Whether hardly any total is more, and not all are less as a tax within prices makes them,
        or by the same share, as where lines are told twice."""
        if len(self.below) < 0.9 * len(self.rests):
            return False
        if len(self.rests) < HOLDS * self.count:
            return True
        middle = sorted(self.shares)[len(self.shares) // 20 : -(len(self.shares) // 20) or None]
        return bool(middle) and middle[0] < -MOST_TAX and middle[-1] - middle[0] > ALIKE


def missed_totals(sales: Sales, money: Money, counts_tax: bool) -> Missed:
    """The totals that the lines miss; none where totals are known to agree, or nothing is known."""
    is_known = sales.lines and sales.orders.has("order_total") and not money.share
    if money.is_proved or not is_known:
        return Missed()
    chosen = [*money.beyond, *(["tax"] if counts_tax and "tax" not in money.beyond else [])]
    candidates = [each for each in BEYOND_LINES if sales.orders.has(each)]
    if money.has_discount and money.gross != "after_discount":
        chosen.append("line_discount")
    facts = list(_order_facts(sales, LineMoney(sales.lines), money.gross, candidates))
    rests = [(_unexplained(chosen, each), each.total) for each in facts]
    missed = [(rest, total - rest) for rest, total in rests if abs(rest) >= 2 * CENT]
    shares = tuple(rest / counted for rest, counted in missed if counted)
    return Missed(len(facts), tuple(rest for rest, _ in missed), shares)


@dataclass(frozen=True)
class _OrderFacts:
    """Of an order its total, that less the lines, the lines' discounts, and what may explain it."""

    total: Decimal
    rest: Decimal
    off: Decimal
    beyond: dict[str, Decimal]


def _order_facts(
    sales: Sales, found: LineMoney, gross: str, candidates: Sequence[str]
) -> Iterator[_OrderFacts]:
    """What is told of each order that has lines and a total."""
    of_order: dict[str, Decimal] = defaultdict(Decimal)
    off_order: dict[str, Decimal] = defaultdict(Decimal)
    keys = sales.lines.of("order_number").values
    for key, worth, discount in zip(keys, found.worth(gross), found.discount, strict=True):
        if key and worth is not None:
            of_order[bare(key)] += worth
            off_order[bare(key)] += discount or 0
    orders = sales.orders
    columns = {each: numbers(orders, each) for each in ("order_total", *candidates)}
    seen = set()
    for at, key in enumerate(orders.of("order_number").values):
        total = columns["order_total"][at]
        if key and bare(key) in of_order and key not in seen and total is not None:
            seen.add(key)
            beyond = {e: columns[e][at] or Decimal(0) for e in candidates}
            yield _OrderFacts(total, total - of_order[bare(key)], off_order[bare(key)], beyond)


def _unexplained(chosen: Iterable[str], order: _OrderFacts) -> Decimal:
    """What of the rest these columns leave."""
    each_of = (
        -order.off if each == "line_discount" else BEYOND_LINES[each] * abs(order.beyond[each])
        for each in chosen
    )
    return order.rest - sum(each_of, Decimal(0))


@dataclass(frozen=True)
class Continuation:
    """How rows go on with an order: without its number, which is to be filled in from above, or
    without its facts, of which `head` is one that only the first row has."""

    lacks_number: bool = False
    head: Column | None = None


def continuation_of(sales: Sales) -> Continuation:
    """How the rows of one table of orders and lines continue an order; all usual where they repeat
    everything."""
    if not sales.is_one_table:
        return Continuation()
    table = sales.orders
    if table.of("order_number").parts:
        return Continuation()  # a row without them is a guest's
    body = next(c for c in map(table.of, ("quantity", "unit_price", "line_total")) if c)
    rows = zip(table.of("order_number").values, body.values, strict=True)
    without = sum(bool(value) for key, value in rows if not key)
    if without > 0.01 * len(body.values):
        return Continuation(lacks_number=True)
    return Continuation(head=Levels(table).head())


def lines_are_numbered(table: Table) -> bool:
    """Whether the line number tells the lines of an order apart."""
    column = table.of("line_number")
    if column is None:
        return False
    rows = zip(table.file_of_row, table.of("order_number").values, column.values, strict=True)
    keys = [row for row in rows if row[1] and row[2]]
    return len(keys) > 0.99 * len(column.values) and len(set(keys)) > 0.999 * len(keys)


def signed_column(table: Table) -> Column | None:
    """The column whose sign tells what goes back: the quantity, else the amount."""
    with_signs = [
        column
        for meaning in ("quantity", "line_total", "unit_price")
        if (column := table.of(meaning))
        and any((number or 0) < 0 for number in map(table.amounts.read, column.values))
    ]
    return with_signs[0] if with_signs else None
