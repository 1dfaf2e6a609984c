"""Which landed rows are a person's, and what of them stays: of a sale all but the person.

A row of which staging makes a sale (an order, its lines, payments, refunds and adjustments) is
kept, since a shop must account for what it sold. It loses every column that the sale does not need.
All other rows of a person go.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from orchestration.duck import identifier
from orchestration.erasure.marks import KINDS
from orchestration.landing.feeds import Feed
from orchestration.person import Person
from orchestration.staged import Staged, Staging

SALES = ("orders", "order_lines", "order_adjustments", "payments", "refunds")
PEOPLE = (
    *("accounts", "events", "interactions", "touches", "consents"),
    *("loyalty_ledger", "membership_tiers"),
)
# What staging says of a sale that tells whose it is. All else that it says is the sale.
PERSONAL = ("account_id", "contact_phone", "contact_email", "card_token")
# Columns that say whose a row is that names no account.
CONTACTS = ("phone", "email", "contact_phone", "contact_email")
# In which column staging tells by what a row is found.
COLUMNS = {"account": "account_id", "order": "order_id", "device": "device_id"} | {
    "card_token": "card_token"
}


@dataclass(frozen=True)
class Identifying:
    """By what rows are found, by kind: account, order, device, card_token, contact.

    Devices, cards and contacts are those that nobody else uses, contacts also as they were
    delivered. They find records of people without an account number, and lines that are no record.
    """

    values: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, person: Person, contacts: Iterable[str]) -> Self:
        return cls(
            {
                "account": frozenset(person.account_ids),
                "order": frozenset(person.orders),
                "device": frozenset(person.own("device")),
                "card_token": frozenset(person.own("card_token")),
                "contact": frozenset(contacts),
            }
        )

    @classmethod
    def of_all(cls, each: Sequence[Self]) -> Self:
        """By what the rows of any of several persons are found."""
        return cls({kind: frozenset().union(*(one.values[kind] for one in each)) for kind in KINDS})


@dataclass
class Changes:
    """What becomes of the rows of one batch: lines that go, and lines that lose some columns.

    `rejected` are lines that were set aside when the file landed, and go.
    """

    removed: set[int] = field(default_factory=set)
    blanked: set[int] = field(default_factory=set)
    columns: tuple[str, ...] = ()
    rejected: set[int] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.removed or self.blanked or self.rejected)

    def and_also(self, other: Changes) -> Changes:
        """Both, of one batch: of what either needs for a sale nothing goes."""
        columns = [each.columns for each in (self, other) if each.blanked]
        removed = self.removed | other.removed
        return Changes(
            removed,
            (self.blanked | other.blanked) - removed,
            tuple(name for name in (columns or [()])[0] if all(name in each for each in columns)),
            self.rejected | other.rejected,
        )


def changes_of(staged: Staged, feed: Feed, wanted: Identifying) -> dict[str, Changes]:
    """What becomes of the rows of a feed that are staged, by batch.

    Orders of the person that only the rows themselves tell must be among the `wanted` already.
    """
    stagings = [each for each in staged.rules.of_feed(feed.relation) if _is_asked(each)]
    if not stagings:
        return {}
    _put(staged, wanted)
    asked = " union ".join(_rows_of(staged, rule) for rule in stagings)
    staged.connection.execute(
        f"create or replace temp table hits as select *, false as is_sale from ({asked})"
    )
    sales = [rule for rule in stagings if rule.entity in SALES]
    for rule in sales:
        is_of_it = "where _row_kind is null" if "_row_kind" in staged.columns(rule) else ""
        staged.connection.execute(
            "update hits set is_sale = true from"
            f" (select _batch, _line from {_view(rule)} {is_of_it}) as sales"
            " where hits._batch = sales._batch and hits._line = sales._line"
        )
    lines: dict[str, dict[bool, set[int]]] = defaultdict(lambda: {True: set(), False: set()})
    for batch, line, is_sale in staged.connection.execute("from hits order by all").fetchall():
        lines[batch][is_sale].add(line)
    return {batch: _changes(staged, feed, sales, batch, found) for batch, found in lines.items()}


def _changes(
    staged: Staged, feed: Feed, sales: list[Staging], batch: str, lines: dict[bool, set[int]]
) -> Changes:
    """What becomes of the rows of a batch that are the person's, by whether each is a sale.

    Batch by batch, so that the same file, delivered again, becomes the same again.
    """
    if not lines[True]:
        return Changes(lines[False])
    needed, lost = _columns(staged, feed, sales, batch)
    blank = tuple(column.name for column in feed.columns if column.name not in needed)
    return Changes(lines[False] | lost, lines[True] - lost, blank)


def orders_of(staged: Staged, relation: str, accounts: Iterable[str]) -> set[str]:
    """The orders that the staged rows of a feed name with one of these accounts."""
    _put(staged, Identifying({"account": frozenset(accounts)}))
    return {
        order
        for rule in staged.rules.of_feed(relation)
        if rule.entity == "orders"
        for (order,) in staged.connection.execute(
            f"select distinct order_id from {_view(rule)} where account_id in"
            f" ({_wanted('account')}) and order_id is not null"
        ).fetchall()
    }


def identified(staged: Staged, relation: str) -> Iterator[tuple[str, list[str]]]:
    """A kind, and some of the values of it by which the staged rows of a feed might be found."""
    for rule in staged.rules.of_feed(relation):
        if not _is_asked(rule):
            continue
        there = staged.columns(rule)
        named = [(kind, column, "true") for kind, column in COLUMNS.items()]
        is_nameless = "account_id is null" if "account_id" in there else "true"
        for kind, column, condition in [*named, *(("contact", c, is_nameless) for c in CONTACTS)]:
            if column in there:
                asked = staged.connection.cursor().execute(
                    f"select distinct {column} from {_qualified(rule)}"
                    f" where {column} is not null and {condition}"
                )
                while some := asked.fetchmany(100_000):
                    yield kind, [value for (value,) in some]


def _is_asked(rule: Staging) -> bool:
    return rule.entity in (*SALES, *PEOPLE)


def _put(staged: Staged, wanted: Identifying) -> None:
    staged.connection.execute("create or replace temp table wanted (kind varchar, value varchar)")
    pairs = [[kind, value] for kind, values in wanted.values.items() for value in values]
    if pairs:
        staged.connection.executemany("insert into wanted values ($1, $2)", pairs)


def _rows_of(staged: Staged, rule: Staging) -> str:
    """The rows of a staging model that are the person's.

    A row that names somebody else's account is theirs, whatever else it shares with the person.
    """
    columns = staged.columns(rule)
    nameless = []
    for kind, column in COLUMNS.items():
        if kind != "account" and column in columns:
            nameless.append(f"{column} in ({_wanted(kind)})")
    nameless += [f"{c} in ({_wanted('contact')})" for c in CONTACTS if c in columns]
    condition = " or ".join(nameless) or "false"
    if "account_id" in columns:
        condition = (
            f"account_id in ({_wanted('account')}) or (account_id is null and ({condition}))"
        )
    return f"select _batch, _line from {_view(rule)} where {condition}"


def _columns(
    staged: Staged, feed: Feed, sales: list[Staging], batch: str
) -> tuple[set[str], set[int]]:
    """The columns that the sales of a batch need, and the lines of those that can't be without the
    person.

    Tried out on the rows themselves: a column is needed if without it staging says something else
    of one of the sales. One column after the other is left out.
    """
    raw = f"warehouse.raw.{identifier(feed.relation)}"
    kept = staged.connection.execute(
        f"select rows.* from {raw} as rows semi join (from hits where is_sale) as hits"
        " on rows._batch = hits._batch and rows._line = hits._line where rows._batch = $1",
        [batch],
    )
    names, rows = [column[0] for column in kept.description], kept.fetchall()
    trial = Staged(staged.rules, staged.temporary)
    try:
        trial.stage(feed.relation, f"table raw.{identifier(feed.relation)} ({_typed(feed)})")
        listed, marks = ", ".join(map(identifier, names)), ", ".join("?" for _ in names)
        trial.connection.executemany(f"insert into {raw} ({listed}) values ({marks})", rows)
        asked = [_facts(trial, rule) for rule in sales]
        facts = _answers(trial, asked)
        needed = set()
        for column in feed.columns:
            trial.connection.execute(f"create or replace temp table before as from {raw}")
            trial.connection.execute(f"update {raw} set {identifier(column.name)} = null")
            if _answers(trial, asked) != facts:
                needed.add(column.name)
                trial.connection.execute(f"delete from {raw}")
                trial.connection.execute(f"insert into {raw} from before")
        return needed, _still_personal(trial, sales)
    finally:
        trial.close()


def _still_personal(trial: Staged, sales: list[Staging]) -> set[int]:
    """The lines of sales that tell the person still."""
    found = set()
    for rule in sales:
        there = [column for column in PERSONAL if column in trial.columns(rule)]
        if there:
            told = " or ".join(f"{column} is not null" for column in there)
            asked = trial.connection.execute(f"select _line from {_view(rule)} where {told}")
            found |= {line for (line,) in asked.fetchall()}
    return found


def _facts(trial: Staged, rule: Staging) -> str:
    there = trial.columns(rule)
    facts = ", ".join(identifier(column) for column in there if column not in PERSONAL)
    return f"select {facts} from {_view(rule)}"


def _answers(trial: Staged, queries: list[str]) -> list[list[str]]:
    return [sorted(map(repr, trial.connection.execute(each).fetchall())) for each in queries]


def _typed(feed: Feed) -> str:
    typed = [f"{identifier(column.name)} varchar" for column in feed.columns]
    return ", ".join([*typed, "_file varchar, _line bigint, _batch varchar, _landed_at timestamp"])


def _wanted(kind: str) -> str:
    return f"select value from wanted where kind = '{kind}'"


def _view(rule: Staging) -> str:
    return f"staging.{identifier(rule.model)}"


def _qualified(rule: Staging) -> str:
    return f"warehouse.{_view(rule)}"
