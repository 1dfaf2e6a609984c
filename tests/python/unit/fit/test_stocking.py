"""The simulated shelf: an hour's work by hand for a few days."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from orchestration.fit.demand import SIZES, SPANS, Calendar
from orchestration.fit.rates import KINDS, Rules
from orchestration.fit.stocking import WARM_UP, Policy, Shelves, done, followed, monthly

WEEKS = 20
RULES = Rules(min_weeks=2, new_weeks=3, interval=1.32, prior_days=4)
POLICY = Policy(
    {kind: {"decay_0": 1.0} for kind in KINDS},
    {span: np.zeros(len(SIZES) + 1) for span in SPANS},
    RULES,
    review_days=7,
    order_weeks=2,
)
CALENDAR = Calendar(
    date(2026, 1, 5),
    WEEKS,
    np.arange((WEEKS + 8) * 7) % 7,
    np.full((WEEKS + 8) * 7, -1),
    np.ones((WEEKS + 8) * 7),
)


def shelves(
    demand: list[float],
    counted: list[float],
    start_week: int,
    lead_days: int = 3,
    missed: list[float] | None = None,
) -> Shelves:
    """One shelf that sells the same each day, a unit of which costs 3 and sells for 5."""
    wanted = np.full((1, WEEKS), 7 * demand[0])
    return Shelves(
        np.array(["x"]),
        np.array([lead_days]),
        np.array([5.0]),
        np.array([3.0]),
        wanted,
        wanted,
        start_week * 7,
        np.array([demand], dtype=float),
        np.array([missed or [0] * len(demand)], dtype=float),
        np.array([counted], dtype=float),
    )


def test_what_was_done_is_what_was_counted() -> None:
    """Two a day are sold; of the last one is left for two, and on the next day twelve come."""
    course = done(shelves([2, 2, 2, 2, 2], [5, 3, 1, 0, 10], 10, missed=[0, 0, 0, 1, 0]))
    assert course.stock.tolist() == [[5, 3, 1, 0, 10]]
    assert course.lost.tolist() == [[0, 0, 0, 1, 0]]
    assert course.ordered.tolist() == [[0, 0, 0, 0, 1]]


def test_what_came_and_was_sold_on_one_day_was_ordered_and_not_missed() -> None:
    """Of two pieces and ten that come twelve are sold; the day after nothing is asked for."""
    course = done(shelves([0, 12, 0], [2, 0, 0], start_week=10))
    assert course.lost.tolist() == [[0, 0, 0]]
    assert course.ordered.tolist() == [[0, 1, 0]]


def test_the_rule_orders_at_its_look_what_comes_after_the_lead_time() -> None:
    """Seven a week: in ten days ten are sold, and two weeks on top make 24. On Sunday six are left:
    eighteen are ordered, and come on Thursday morning; a week later ten are left, and none is
    needed until then."""
    course = followed(shelves([1] * 28, [12] * 28, start_week=10), CALENDAR, POLICY)
    assert course.ordered[0].nonzero()[0].tolist() == [6, 20]
    assert course.stock[0, :12].tolist() == [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 20, 19]
    assert course.lost.sum() == 0


def test_what_nobody_wants_is_not_ordered() -> None:
    course = followed(shelves([0] * 14, [0] * 14, start_week=10), CALENDAR, POLICY)
    assert course.ordered.sum() == 0
    assert course.stock.sum() == 0


def test_months_count_after_the_warm_up() -> None:
    days = (WEEKS - 10) * 7
    each = shelves([1] * days, [12] * days, start_week=10)
    sums = dict(monthly(each, CALENDAR, (done(each), followed(each, CALENDAR, POLICY))))
    assert list(sums) == [(date(2026, 5, 1), "x", 14)]
    [(shelf_count, demand, stock, lost, margin, orders, *_)] = sums.values()
    assert days == WARM_UP * 7 + 14
    assert (shelf_count, demand, stock) == (1, 70, 36)
    assert (lost, margin) == (0, 0)
    assert orders == pytest.approx(14), "counts that stay while a unit is sold are deliveries"
