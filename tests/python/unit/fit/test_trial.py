"""The range of four of five and the error of sums, by hand and on customers who are drawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.fit.trial import HOLDOUT, Range, Trial, compared, figures, learn_range

DAY = date(2026, 1, 1)
# What sums are taken to be off by at least, by fifth.
TENTHS = [0.5, 0.4, 0.3, 0.2, 0.1]


def trial(transactions, came, days: int = 182, amount: float = 10) -> Trial:
    """Customers of whom so many purchase days were expected, `amount` each, and what they spent."""
    expected = np.array(transactions, dtype=float)
    spent = np.array(came, dtype=float)
    return Trial(DAY, days, True, expected, expected * amount, spent > 0, spent)


def drawn(customers: int, days: int = 182, seed: int = 1) -> Trial:
    """Customers who buy at a pace of their own, which nobody knows but to a half of itself."""
    random = np.random.default_rng(seed)
    expected = random.gamma(0.6, 5, customers) * days / 182 + 0.01
    pace = expected * random.gamma(4, 1 / 4, customers)
    bought = random.poisson(pace)
    spent = random.gamma(np.maximum(2 * bought, 1e-9), 5)
    return Trial(DAY, days, True, expected, expected * 10, bought, np.where(bought, spent, 0.0))


def by_name(rows: list[tuple]) -> list[dict]:
    return [dict(zip(HOLDOUT, row, strict=True)) for row in rows]


def test_the_range_begins_at_the_lowest_tenth_and_holds_four_of_five():
    """0.1, 0.2 … 10 times as much as expected, in 5 groups of 100: the tenth lowest is passed over,
    and of 101, who are the 100 and the next one, 81 are held."""
    expected = np.repeat([1.0, 2, 3, 4, 5], 100)
    found = learn_range(trial(expected, expected * np.tile(np.arange(1, 101), 5)))
    assert found.knots.tolist() == [1, 2, 3, 4, 5]
    assert found.low == pytest.approx(np.full(5, 1.1))
    assert found.high == pytest.approx(np.full(5, 9.1))


def test_where_many_spend_nothing_the_range_begins_at_nothing_and_ends_earlier():
    """Half of a group spends nothing, and the other 1 to 50 times ten: 31 of those are held."""
    spent = np.concatenate([np.zeros(50), np.arange(1, 51)]) * 10
    found = learn_range(trial(np.ones(500), np.tile(spent, 5)))
    assert (found.low.tolist(), found.high.tolist()) == ([0], [31])


def test_where_most_spend_nothing_that_is_the_range():
    spent = np.concatenate([np.zeros(90), np.arange(1, 11)])
    found = learn_range(trial(np.ones(500), np.tile(spent, 5)))
    assert (found.low.tolist(), found.high.tolist()) == ([0], [0])


def test_nobody_is_in_a_range_below_nothing():
    """A fifth brought back more than they bought since; of the others all are held."""
    spent = np.concatenate([np.full(20, -5.0), np.arange(1, 81)])
    found = learn_range(trial(np.ones(500), np.tile(spent, 5)))
    assert found.low.tolist() == [0]
    assert found.high == pytest.approx([8])


def test_of_too_few_customers_no_range_is_learnt():
    assert learn_range(trial(np.ones(249), np.ones(249))) is None
    assert learn_range(trial(np.ones(250), np.ones(250))).knots.tolist() == [1]


def test_customers_of_equal_expectations_share_a_group():
    expected = np.repeat([0.5, 1, 2, 4, 8, 16], 100)
    found = learn_range(trial(expected, expected * 10))
    assert set(found.knots) <= {0.5, 1, 2, 4, 8, 16}


def test_where_purchases_are_many_people_who_change_have_a_say():
    """As the unit tests of int_ltv_ranges have it: at 3, and at 1.5 of half the time."""
    known = Range(182, np.array([1.0, 2, 4]), np.array([0, 0, 0.5]), np.array([3.0, 2, 2]))
    low, high = known.multiples(np.array([3, 2, 0.5, 4, 40]), 364)
    assert (low.tolist(), high.tolist()) == ([0, 0, 0, 0, 0.5], [2.25, 2, 3, 2, 2])


def test_a_range_of_half_the_time_holds_four_of_five_customers():
    before, after = drawn(4000, days=91), drawn(4000, days=182, seed=2)
    for row in by_name(compared(after, before, [0] * 5)):
        # These stay as they are, and the say of people who change makes the range too wide.
        assert -0.02 < row["covered_share"] - row["expected_covered_share"] < 0.06


def test_ten_times_the_money_has_the_same_range_and_ten_times_the_error():
    before, after = drawn(1000, days=91), drawn(1000)
    tenfold = [
        replace(one, amount=one.amount * 10, came_amount=one.came_amount * 10)
        for one in (before, after)
    ]
    assert learn_range(tenfold[0]).high == pytest.approx(learn_range(before).high)
    one, ten = by_name(compared(after, before, TENTHS)), by_name(compared(*tenfold[::-1], TENTHS))
    for name in ("predicted_amount", "predicted_amount_standard_error", "actual_amount"):
        assert [row[name] for row in ten] == pytest.approx([10 * row[name] for row in one], abs=0.1)
    assert [row["covered_share"] for row in ten] == [row["covered_share"] for row in one]


def test_the_error_of_a_sum_is_chance_and_what_all_have_in_common():
    """Of 100 customers of a fifth, half spend 20 and half nothing where 10 were expected: chance is
    √100 × 10 = 100, and a tenth of 1,000 is 100 in common: √(100² + 100²) = 141.42."""
    [*_, last] = by_name(compared(trial(np.ones(500), np.tile([0, 20], 250)), None, TENTHS))
    assert last["predicted_amount"] == last["actual_amount"] == 1000
    assert last["predicted_amount_standard_error"] == pytest.approx(141.421356)
    assert (last["zero_spend_share"], last["covered_share"]) == (0.5, None)
    assert last["expected_covered_share"] == 0.8


def test_what_was_off_before_may_be_off_again():
    """In the trial before 20 were spent where 10 were expected: 100 % in common."""
    before = trial(np.ones(500), np.full(500, 20), days=91)
    [*_, last] = by_name(compared(trial(np.ones(500), np.full(500, 15)), before, TENTHS))
    assert last["predicted_amount_standard_error"] == pytest.approx(1000)


@settings(max_examples=50, deadline=None)
@given(
    came=st.lists(st.floats(-100, 1000).map(lambda x: round(x, 2)), min_size=250, max_size=400),
    seed=st.integers(0, 9),
)
def test_the_range_holds_four_of_five_of_those_it_was_learnt_from(came, seed):
    """Whatever they spend, in every group, but for those who spend less than nothing."""
    expected = np.random.default_rng(seed).choice([0.1, 1, 2, 5, 9], len(came))
    learnt = trial(expected, came)
    found = learn_range(learnt)
    low, high = found.multiples(learnt.transactions, learnt.days)
    assert np.all((low >= 0) & (low <= high))
    multiples = learnt.came_amount / learnt.amount
    for knot in found.knots:
        group = np.isclose(learnt.transactions, knot)
        held = (low <= multiples + 1e-9) & (multiples <= high + 1e-9)
        if group.any():
            assert np.mean(held[group] | (multiples[group] < 0)) >= 0.8


def test_the_figures_are_those_of_the_quintiles_together():
    before, after = drawn(1000, days=91), drawn(1000)
    rows = compared(after, before, TENTHS)
    found = figures(after, rows)
    shares = [row["covered_share"] for row in by_name(rows)]
    assert found["holdout_covered_share"] == pytest.approx(np.mean(shares))
    assert found["holdout_amount_came"] == pytest.approx(after.came_amount.sum())
    assert found["holdout_days"] == 182


def test_where_nothing_came_there_is_no_share_of_it():
    after = trial(np.ones(500), np.zeros(500))
    found = figures(after, compared(after, None, TENTHS))
    assert not {"holdout_amount_total_error", "holdout_amount_correlation"} & found.keys()
    assert found["holdout_amount_came"] == 0
    assert "holdout_covered_share" not in found
