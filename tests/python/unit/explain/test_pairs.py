"""The strongest links that join accounts, on graphs that one checks by eye and on random ones."""

from __future__ import annotations

import random
from itertools import combinations

import pytest

from orchestration.explain.pairs import Comparison, Pair, Shared, path, strongest_tree


def link(account: str, other: str, weight: float, link_type: str = "identifier") -> Pair:
    return Pair(
        account_id=account,
        other_account_id=other,
        customer_id="x",
        other_customer_id="x",
        link_type=link_type,
        refusal=None,
        match_weight=weight,
        prior_weight=-12,
        comparisons=(),
        shared=(),
        decision=None,
    )


def edges(tree) -> list[tuple[str | None, str]]:
    return [(branch.parent, branch.account_id) for branch in tree.values()]


def test_each_account_is_reached_by_the_strongest_link():
    """The weak link from a to c is not needed, since b joins them."""
    tree = strongest_tree("a", [link("a", "b", 9), link("a", "c", 1), link("b", "c", 5)])
    assert edges(tree) == [(None, "a"), ("a", "b"), ("b", "c")]


def test_of_equal_links_the_first_by_account_counts():
    tree = strongest_tree("b", [link("c", "d", 5), link("b", "d", 5), link("b", "c", 5)])
    assert edges(tree) == [(None, "b"), ("b", "c"), ("b", "d")]


def test_a_decision_is_stronger_than_any_weight():
    links = [link("a", "b", 0, "manual_decision"), link("a", "c", 40), link("b", "c", 30)]
    assert edges(strongest_tree("a", links)) == [(None, "a"), ("a", "b"), ("a", "c")]


def test_one_account_needs_no_link():
    assert edges(strongest_tree("a", [])) == [(None, "a")]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("a", "d", ["ab", "bd"]),
        ("d", "a", ["bd", "ab"]),
        ("c", "d", ["bc", "bd"]),
        ("e", "c", ["ae", "ab", "bc"]),
        ("b", "b", []),
    ],
)
def test_a_path_follows_the_tree(start, end, expected):
    """a – b, with c and d below b, and a – e."""
    tree = strongest_tree("a", [link(*ends, 5) for ends in ("ab", "ae", "bc", "bd")])
    assert ["".join(each.accounts) for each in path(tree, start, end)] == expected


def test_no_other_path_has_a_stronger_weakest_link():
    draw = random.Random(7)
    for _ in range(50):
        accounts = [f"{number:02}" for number in range(draw.randint(2, 9))]
        backbone = [(draw.choice(accounts[:n]), accounts[n]) for n in range(1, len(accounts))]
        extra = [pair for pair in combinations(accounts, 2) if draw.random() < 0.4]
        links = [link(*pair, draw.randint(-6, 30)) for pair in sorted({*backbone, *extra})]
        tree = strongest_tree(accounts[0], links)
        assert sorted(tree) == accounts
        for start, end in combinations(accounts, 2):
            weakest = min(each.match_weight for each in path(tree, start, end))
            assert weakest == widest(links, start, end)


def widest(links: list[Pair], start: str, end: str) -> float:
    """The greatest weight at which links of this weight and more still join the two accounts."""
    for weight in sorted({each.match_weight for each in links}, reverse=True):
        group = {start}
        for _ in links:
            for each in links:
                if each.match_weight >= weight and group & set(each.accounts):
                    group.update(each.accounts)
        if end in group:
            return weight
    raise AssertionError(f"{start} and {end} are not joined")


def test_the_total_counts_what_has_not_expired():
    pair = link("a", "b", 0)
    phone = Comparison("phone", 0, ("phone_l = phone_r",), -6, None, ("1", "2"))
    shared = (Shared("card_token", 12, False), Shared("device", 6, True))
    judged = Pair(**{**vars(pair), "comparisons": (phone,), "shared": shared})
    assert judged.total == -12 - 6 + 12
    assert Pair(**{**vars(judged), "prior_weight": None, "comparisons": ()}).total == 12


@pytest.mark.parametrize(
    ("level", "is_equal", "condition"), [(2, True, "equal"), (1, False, "alike")]
)
def test_levels_count_from_the_last_condition(level, is_equal, condition):
    comparison = Comparison("phone", level, ("equal", "alike"), 1, None, (None, None))
    assert (comparison.is_equal, comparison.condition) == (is_equal, condition)
