"""Why revenue changed, by rows that can be reckoned by hand."""

from __future__ import annotations

import math
import random
from decimal import Decimal

import pytest

from orchestration.report.monday.movers import Sales, contributions

BEFORE = Sales(buyers=10, orders=20, units=40, amount=Decimal(100))


def test_a_factor_that_alone_has_grown_gets_all_of_the_change():
    """Twice the buyers, and of each as many purchases, units and as much money."""
    after = Sales(buyers=20, orders=40, units=80, amount=Decimal(200))
    assert contributions(BEFORE, after) == {
        "buyers": 100,
        "frequency": 0,
        "items": 0,
        "price": 0,
        "guests": 0,
        "returns": 0,
    }


def test_two_factors_that_grow_alike_share_the_change():
    """Twice the buyers at twice the price: of 300 more each brought one half."""
    after = Sales(buyers=20, orders=40, units=80, amount=Decimal(400))
    parts = contributions(BEFORE, after)
    assert (parts["buyers"], parts["price"], parts["items"]) == (150, 150, 0)


def test_parts_are_those_of_the_logarithmic_mean():
    """From 100 to 120 the mean is 20 ÷ ln 1.2 = 109.696. Buyers grew by 1.5: × ln 1.5 = 44.48.
    Purchases each fell to 4/5 (−24.48); units each and price stayed."""
    after = Sales(buyers=15, orders=24, units=48, amount=Decimal(120))
    parts = contributions(BEFORE, after)
    assert (
        parts["buyers"] == Decimal("44.48") == round(Decimal(20 / math.log(1.2) * math.log(1.5)), 2)
    )
    assert parts["frequency"] == Decimal("-24.48")
    assert parts["items"] == parts["price"] == 0


def test_where_visitors_are_counted_buyers_are_visitors_times_the_share_who_buy():
    """Twice the visitors of whom half as many buy: as many buyers, and no change in all."""
    before = Sales(visitors=50, buyers=10, orders=10, units=10, amount=Decimal(100))
    after = Sales(visitors=100, buyers=10, orders=10, units=10, amount=Decimal(100))
    parts = contributions(before, after)
    assert parts["visitors"] == -parts["conversion"] == Decimal("69.31")
    assert "buyers" not in parts


def test_guests_and_returns_are_added():
    before = Sales(buyers=1, orders=1, units=1, amount=Decimal(10), guest_amount=Decimal(5))
    after = Sales(buyers=1, orders=1, units=1, amount=Decimal(10), other_amount=Decimal("-2.50"))
    parts = contributions(before, after)
    assert (parts["guests"], parts["returns"]) == (-5, Decimal("-2.50"))


@pytest.mark.parametrize(("before", "after"), [(Sales(), BEFORE), (BEFORE, Sales())])
def test_where_nobody_bought_it_is_all_due_to_the_buyers(before, after):
    assert contributions(before, after)["buyers"] == after.amount - before.amount


def test_what_units_nobody_counted_is_the_price_of_a_purchase():
    before = Sales(buyers=1, orders=1, amount=Decimal(10))
    after = Sales(buyers=1, orders=1, amount=Decimal(30))
    assert contributions(before, after)["price"] == 20


def test_whatever_moves_the_parts_add_up_to_the_change_to_the_cent():
    chance = random.Random(21)

    def sales() -> Sales:
        buyers = chance.randint(0, 9)
        return Sales(
            visitors=chance.choice([None, 0, buyers + 7]),
            buyers=buyers,
            orders=buyers * chance.randint(1, 4),
            units=buyers * chance.choice([0, 2.5, 1000]),
            amount=Decimal(buyers * chance.randint(1, 10**7)) / 100,
            guest_amount=Decimal(chance.randint(0, 10**6)) / 100,
            other_amount=-Decimal(chance.randint(0, 10**4)) / 100,
        )

    for _ in range(500):
        before, after = sales(), sales()
        parts = contributions(before, after)
        assert sum(parts.values()) == after.net_amount - before.net_amount
        assert all(part == round(part, 2) for part in parts.values())
