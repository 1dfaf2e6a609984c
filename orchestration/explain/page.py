"""What a person reads of one customer on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from orchestration.explain.evidence import Customer
from orchestration.explain.pairs import Branch, Comparison, Pair, path, strongest_tree
from orchestration.labels import Text, read_labels


@cache
def labels() -> Mapping[str, Any]:
    """The words of the page."""
    return read_labels(Path(__file__).with_name("labels.yml"))


@dataclass(frozen=True)
class Page:
    """The words on one customer in one language, `en` or `zh`.

    What accounts say of a person, such as names and phones, is masked unless `is_revealed`.
    """

    customer: Customer
    language: str = "en"
    is_revealed: bool = False

    def lines(self) -> Iterator[str]:
        """Everything of the customer; of its links the strongest that join all accounts."""
        yield self._say("customer", customer_id=self.customer.customer_id)
        yield from self._section("accounts", self._accounts())
        yield from self._section("standing", self._standing())
        yield from self._section("tree", self._branches())
        links = [branch.link for branch in self._tree.values() if branch.link]
        yield from self._section("links", self._links(links))
        yield from self._section("near_misses", map(self._near_miss, self.customer.near_misses))
        yield from self._section("refused_identifiers", self._refused_identifiers())

    def path_lines(self, account_id: str, other_account_id: str) -> Iterator[str]:
        """The links on the path between two accounts.

        Raises `ValueError` when one of them is no account of the customer, or no link leads to it.
        """
        known = {account.account_id for account in self.customer.accounts}
        for account in (account_id, other_account_id):
            if account not in known:
                raise ValueError(
                    f"'{account}' is no account of the customer {self.customer.customer_id}."
                )
            if account not in self._tree:
                raise ValueError(
                    f"No path leads to '{account}': it is the customer's by a contact on orders, "
                    "and was compared with no other account."
                )
        yield self._say("customer", customer_id=self.customer.customer_id)
        links = path(self._tree, account_id, other_account_id)
        yield from self._section("path", self._links(links))

    @cached_property
    def _tree(self) -> dict[str, Branch]:
        return strongest_tree(self.customer.accounts[0].account_id, self.customer.links)

    def _section(self, title: str, lines: Iterable[str]) -> Iterator[str]:
        """The lines below their title; nothing where there are none."""
        lines = list(lines)
        if lines:
            yield from ("", self._say(title), *(f"  {line}".rstrip() for line in lines))

    def _accounts(self) -> Iterator[str]:
        width = max(len(account.account_id) for account in self.customer.accounts)
        for account in self.customer.accounts:
            linked = (
                self._say("linked_by", names=self._names(account.linked_by))
                if account.linked_by
                else self._say("alone")
            )
            facts = (account.source_system, str(account.registered_on or "–"), linked)
            yield "  ".join((account.account_id.ljust(width), *facts))

    def _standing(self) -> Iterator[str]:
        standing = self.customer.standing
        facts = {
            "as_of": (standing.as_of_date,),
            "segment": (standing.segment,),
            "suggested_action": (standing.suggested_action,),
            "lifecycle": (standing.stage, standing.state),
            "churn_risk": (standing.churn_level,),
            "churn_reasons": standing.churn_reasons,
        }
        for name, values in facts.items():
            if told := [self._text(value) for value in values if value]:
                yield self._fact(self._say(name), self._say("separator").join(told))

    def _branches(self) -> Iterator[str]:
        """The tree as an outline: each account below the one that it is reached from."""
        children: dict[str | None, list[Branch]] = {}
        for branch in self._tree.values():
            children.setdefault(branch.parent, []).append(branch)

        def outline(branch: Branch, indent: str) -> Iterator[str]:
            link = branch.link
            by = f"  {self._link_names(link)}  {link.match_weight:+.2f}" if link else ""
            yield f"{indent}{branch.account_id}{by}"
            for child in children.get(branch.account_id, []):
                yield from outline(child, f"{indent}  ")

        if len(self._tree) > 1:
            yield from outline(children[None][0], "")

    def _link_names(self, link: Pair) -> str:
        if link.link_type == "identifier":
            return self._names(one.identifier_type for one in link.shared if not one.is_expired)
        return self._names([link.link_type])

    def _links(self, links: Iterable[Pair]) -> Iterator[str]:
        for number, link in enumerate(links):
            if number:
                yield ""
            yield f"{link.account_id} – {link.other_account_id}"
            yield f"  {self._text(labels()['link'][link.link_type])}"
            if link.decision:
                by, note = link.decision.decided_by or "–", link.decision.note or "–"
                yield f"  {self._say('decided_by', name=by, note=note)}"
            yield from (f"  {term}" for term in self._terms(link))

    def _terms(self, link: Pair) -> Iterator[str]:
        """What was weighed, one term a line, and the sum of these weights."""
        if link.prior_weight is not None:
            yield f"{link.prior_weight:+8.2f}  {self._say('prior')}"
        for comparison in link.comparisons:
            yield f"{comparison.weight:+8.2f}  {self._compared(comparison)}"
        for one in link.shared:
            expired = f" ({self._say('expired')})" if one.is_expired else ""
            name = self._name(one.identifier_type)
            yield f"{one.weight:+8.2f}  {self._say('shared', name=name)}{expired}"
        threshold = f"{self.customer.link_threshold:+g}"
        shared_threshold = f"{self.customer.shared_identifier_threshold:+g}"
        total = self._say("total", threshold=threshold, shared_threshold=shared_threshold)
        yield f"{link.total:+8.2f}  {total}"

    def _compared(self, comparison: Comparison) -> str:
        level = labels()["level"]
        if comparison.level == -1:
            text, values = level["missing"], ()
        elif comparison.level == 0:
            text, values = level["different"], comparison.values
        elif not comparison.is_equal:
            text, values = level["alike"].format(condition=comparison.condition), comparison.values
        elif comparison.share is None:
            text, values = level["equal"], comparison.values[:1]
        else:
            share = f"{comparison.share:.2%}"
            text, values = level["equally_rare"].format(share=share), comparison.values[:1]
        shown = " | ".join(map(self._shown, values))
        return self._fact(self._name(comparison.name), f"{self._text(text)}  {shown}".rstrip())

    def _near_miss(self, pair: Pair) -> str:
        told = [self._text(pair.refusal)]
        if pair.shared:
            names = self._names(one.identifier_type for one in pair.shared)
            told.append(self._say("shared", name=names))
        told.append(self._say("weight", weight=f"{pair.match_weight:+.2f}"))
        accounts = f"{pair.account_id} – {pair.other_account_id}"
        return self._fact(accounts, self._say("separator").join(told))

    def _refused_identifiers(self) -> Iterator[str]:
        for one in self.customer.refused_identifiers:
            name, value = self._name(one.identifier_type), self._shown(one.identifier_value)
            yield self._fact(f"{one.account_id}  {name} {value}", self._text(one.refusal))

    def _fact(self, name: str, value: str) -> str:
        return self._say("fact", name=name, value=value)

    def _say(self, label: str, /, **words: object) -> str:
        return self._text(labels()[label].format(**words))

    def _text(self, value: object) -> str:
        return getattr(value, self.language) if isinstance(value, Text) else str(value)

    def _names(self, codes: Iterable[str]) -> str:
        return self._say("separator").join(map(self._name, codes))

    def _name(self, code: str) -> str:
        """The name of a comparison, an identifier or a type of link; the code where it has none."""
        return self._text(labels()["names"].get(code, code))

    def _shown(self, value: str) -> str:
        return value if self.is_revealed else masked(value)


def masked(value: str) -> str:
    """The first and the last character; of two characters only the first."""
    return f"{value[:1]}…{value[-1] if len(value) > 2 else ''}" if len(value) > 1 else "…"
