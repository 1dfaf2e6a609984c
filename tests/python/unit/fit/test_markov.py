"""Removal effects of a Markov chain: by hand, and against the second telling of them."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import markov as told_again

from orchestration.fit.markov import BEGIN, NOTHING, PURCHASE, fit_markov, removal_effects
from orchestration.fit.store import TooFew

Paths = list[tuple[list[str], bool]]


def counted(paths: Paths) -> Counter[tuple[str, str]]:
    """The transitions of the paths, as `int_channel_transitions` counts them."""
    return Counter(
        step
        for channels, bought in paths
        for step in pairwise([BEGIN, *channels, PURCHASE if bought else NOTHING])
    )


def test_a_graph_followed_by_hand() -> None:
    """Half begin at a, half at b, and from each a third buys, leaves, or goes to the other.

    So p = 1/3 + p/3 = 1/2. Without a, only the half that begins at b can buy, a third of them: 1/6,
    and two thirds of the purchases are lost. So it is without b.
    """
    paths = [(["a"], True), (["a", "b"], True), (["b"], False), (["b", "a"], False)]
    assert removal_effects(counted(paths)) == pytest.approx({"a": 2 / 3, "b": 2 / 3}, abs=1e-12)


def test_a_channel_through_which_all_go_loses_all() -> None:
    """One path of three buys. Without c1 a sixth of the beginnings would, without others none."""
    paths = [(["c1", "c2", "c3"], True), (["c1"], False), (["c2", "c3"], False)]
    expected = {"c1": 0.5, "c2": 1, "c3": 1}
    assert removal_effects(counted(paths)) == pytest.approx(expected, abs=1e-12)


@given(
    st.lists(
        st.tuples(st.lists(st.sampled_from("abcde"), min_size=1, max_size=6), st.booleans()),
        min_size=1,
    )
)
def test_effects_are_those_of_the_reference(paths: Paths) -> None:
    paths = [*paths, (["a"], True)]
    effects, expected = removal_effects(counted(paths)), told_again.removal_effects(paths)
    assert effects == pytest.approx(expected, abs=1e-9)


def warehouse(paths: Paths) -> duckdb.DuckDBPyConnection:
    """What the fit reads, with one customer a path."""
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as warehouse; create schema warehouse.intermediate")
    connection.execute("""
        create table warehouse.intermediate.int_channel_transitions (
            from_step varchar, to_step varchar, transition_count bigint
        );
        create table warehouse.intermediate.int_touch_paths (customer_id varchar);
        create table warehouse.intermediate.int_as_of_dates as
        select date '2026-07-01' as as_of_date, true as is_latest;
    """)
    for (before, after), count in counted(paths).items():
        connection.execute(
            "insert into warehouse.intermediate.int_channel_transitions values (?, ?, ?)",
            [before, after, count],
        )
    connection.execute(
        f"insert into warehouse.intermediate.int_touch_paths from range({len(paths)})"
    )
    return connection


def test_a_channel_that_comes_later_counts_as_much_as_the_others_on_average() -> None:
    paths = [(["a", "b"], True)] * 60 + [(["b"], True)] * 40 + [(["a"], False)] * 100
    [fit] = fit_markov(warehouse(paths), {}).fits
    values = {parameter.feature: parameter.value for parameter in fit.parameters}
    assert values == pytest.approx({"a": 0.6, "b": 1, None: 0.8}, abs=1e-9)
    assert fit.is_promoted
    assert fit.customer_count == 200
    assert fit.metrics["purchase_share"] == 0.5


def test_of_few_purchases_nothing_is_fitted() -> None:
    paths = [(["a"], True)] * 99 + [(["b"], False)] * 1000
    with pytest.raises(TooFew, match="99 paths ended in a purchase where 100 are needed"):
        fit_markov(warehouse(paths), {})
