"""Two accounts and all that was weighed of them, and the strongest links that join accounts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from orchestration.labels import Text


@dataclass(frozen=True)
class Comparison:
    """One attribute of two accounts: the level that holds, and its weight in bits.

    `level` is -1 where a value is missing, 0 where they differ, and the number of `conditions`
    where they are equal. `share` (0-1) is that of the accounts that have the same value.
    """

    name: str
    level: int
    conditions: tuple[str, ...]
    weight: float
    share: float | None
    values: tuple[str | None, str | None]

    @property
    def is_equal(self) -> bool:
        return self.level == len(self.conditions)

    @property
    def condition(self) -> str:
        """The condition of a level above 0."""
        return self.conditions[len(self.conditions) - self.level]


@dataclass(frozen=True)
class Shared:
    """An identifier that two accounts share, and what it weighs in bits unless it has expired."""

    identifier_type: str
    evidence_weight: float
    is_expired: bool

    @property
    def weight(self) -> float:
        return 0 if self.is_expired else self.evidence_weight


@dataclass(frozen=True)
class Decision:
    """What a person has decided of two accounts, who that was, and why."""

    decided_by: str | None
    note: str | None


@dataclass(frozen=True)
class Pair:
    """Two accounts that were compared, or of which a person has decided, and what came of it.

    `refusal` is None where they are linked. `prior_weight` is None where nothing was compared.
    """

    account_id: str
    other_account_id: str
    customer_id: str
    other_customer_id: str
    link_type: str
    refusal: Text | None
    match_weight: float
    prior_weight: float | None
    comparisons: tuple[Comparison, ...]
    shared: tuple[Shared, ...]
    decision: Decision | None

    @property
    def accounts(self) -> tuple[str, str]:
        return self.account_id, self.other_account_id

    @property
    def total(self) -> float:
        """The sum of the terms that are shown, which is `match_weight`."""
        terms = [*self.comparisons, *self.shared]
        return (self.prior_weight or 0) + sum(term.weight for term in terms)


@dataclass(frozen=True)
class Branch:
    """An account of a tree, its parent, and the link between the two; the root has neither."""

    account_id: str
    parent: str | None = None
    link: Pair | None = None


def strongest_tree(root: str, links: Iterable[Pair]) -> dict[str, Branch]:
    """The strongest links that join accounts to `root`, each account after its parent.

    This is Prim's maximum spanning tree: the weakest link on the way between two accounts is as
    strong as it can be. A person's decision is stronger than any weight; of equal links the first
    by account counts.
    """
    tree = {root: Branch(root)}
    waiting = sorted(links, key=_strongest_first)
    while link := next((each for each in waiting if _reaches_one(each, tree)), None):
        parent, account = sorted(link.accounts, key=lambda account: account not in tree)
        tree[account] = Branch(account, parent, link)
    return tree


def path(tree: dict[str, Branch], start: str, end: str) -> list[Pair]:
    """The links of the tree from one account to another."""
    up, down = _way_to_root(tree, start), _way_to_root(tree, end)
    while up and down and up[-1] is down[-1]:
        up.pop()
        down.pop()
    return [*up, *reversed(down)]


def _strongest_first(link: Pair) -> tuple[bool, float, tuple[str, str]]:
    return link.link_type != "manual_decision", -link.match_weight, link.accounts


def _reaches_one(link: Pair, tree: dict[str, Branch]) -> bool:
    return (link.account_id in tree) != (link.other_account_id in tree)


def _way_to_root(tree: dict[str, Branch], account: str) -> list[Pair]:
    links = []
    while link := tree[account].link:
        links.append(link)
        account = tree[account].parent
    return links
