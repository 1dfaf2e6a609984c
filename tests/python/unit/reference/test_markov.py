"""The reference of Markov attribution against graphs that others published with their results, and
against one followed by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference.markov import removal_effects

Paths = list[tuple[list[str], bool]]

# Three paths by S. Bryl (AnalyzeCore, 2016), from which libraries take their tests: a third buys,
# without C1 a sixth, without C2 or C3 nobody.
BRYL = ([(["C1", "C2", "C3"], True), (["C1"], False), (["C2", "C3"], False)], [1 / 2, 1, 1])
# S. Puzyrov (2019): of four in five who come by the advertisement, three quarters buy in the end.
PUZYROV = (
    [(["ad"], True)] * 2 + [(["mail"], True), (["ad", "mail"], True), (["ad"], False)],
    [3 / 4, 1 / 2],
)
# The example of pychattr, with channels that repeat, and nobody who leaves. Its simulation gives A
# and B 1.99 and 1.01 of the three purchases: two thirds and a third.
PYCHATTR = ([(list("ABABBA"), True), (list("ABBAA"), True), (list("AA"), True)], [1, 1 / 2])
# By hand: half begin at a and half at b. From a, one of three buys, one goes to b, one leaves; from
# b, one of three buys, one goes to a, one leaves. So p = 1/3 + p/3 = 1/2, and without either it is
# 1/2 × 1/3 = 1/6: two thirds are lost.
LOOP = (
    [(["a"], True), (["a", "b"], True), (["b"], False), (["b", "a"], False)],
    [2 / 3, 2 / 3],
)


@pytest.mark.parametrize(("paths", "expected"), [BRYL, PUZYROV, PYCHATTR, LOOP])
def test_effects_are_those_of_the_literature(paths: Paths, expected: list[float]) -> None:
    assert list(removal_effects(paths).values()) == pytest.approx(expected, abs=1e-12)


def test_where_nobody_buys_no_channel_has_an_effect() -> None:
    assert removal_effects([(["a", "b"], False), ([], True)][:1]) == {"a": 0, "b": 0}
    assert removal_effects([]) == {}


def test_what_nobody_came_by_before_buying_has_no_effect() -> None:
    assert removal_effects([(["a"], True), (["b"], False)]) == {"a": 1, "b": 0}


@given(
    st.lists(st.tuples(st.lists(st.sampled_from("abcd"), min_size=1, max_size=5), st.booleans()))
)
def test_effects_are_shares_and_a_chain_remembers_no_order(paths: Paths) -> None:
    effects = removal_effects(paths)
    assert all(0 <= effect <= 1 for effect in effects.values())
    assert effects == removal_effects(paths[::-1])
    repeated = [([each for each in path for _ in range(2)], bought) for path, bought in paths]
    assert removal_effects(repeated) == pytest.approx(effects, abs=1e-12)
