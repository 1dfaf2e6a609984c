"""The reference of attribution by hand."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from reference.attribution import MODELS, Purchase, Touch, touches_of, weights

ORDERED_ON = date(2026, 6, 29)
# Four touches, 21, 14, 7 and 0 days before the order: by half-lives of a week 1, 2, 4 and 8.
TOUCHES = [
    Touch("a", "search", date(2026, 6, 8)),
    Touch("b", "email", date(2026, 6, 15)),
    Touch("c", "search", date(2026, 6, 22)),
    Touch("d", "direct", date(2026, 6, 29)),
]
EFFECTS = {"search": 0.5, "email": 0.25, "direct": 0.25}


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("first", [1, 0, 0, 0]),
        ("last", [0, 0, 0, 1]),
        ("last_non_direct", [0, 0, 1, 0]),
        ("linear", [1 / 4] * 4),
        ("time_decay", [1 / 15, 2 / 15, 4 / 15, 8 / 15]),
        ("position_based", [0.4, 0.1, 0.1, 0.4]),
        ("markov", [1 / 4] * 4),
    ],
)
def test_weights_by_hand(model: str, expected: list[float]) -> None:
    assert weights(model, TOUCHES, ORDERED_ON, EFFECTS) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("model", MODELS)
def test_one_touch_gets_all_and_none_nothing(model: str) -> None:
    assert weights(model, TOUCHES[:1], ORDERED_ON, EFFECTS) == [1]
    assert weights(model, TOUCHES[3:], ORDERED_ON, EFFECTS) == [1]
    assert weights(model, [], ORDERED_ON, EFFECTS) == []


def test_two_touches_share_the_ends_alike() -> None:
    assert weights("position_based", TOUCHES[:2], ORDERED_ON, {}) == [0.5, 0.5]


def test_channels_of_which_nothing_is_known_share_alike() -> None:
    assert weights("markov", TOUCHES[:3], ORDERED_ON, {}) == [0.25, 0.5, 0.25]


def test_a_purchase_comes_from_what_touched_its_customer_since_the_one_before() -> None:
    """Touch a is too old, b led to the purchase before; receipts of a day share its touches, but
    not one that came between them."""
    noon, evening = (datetime(2026, 6, 29, hour) for hour in (12, 18))
    between = Touch("e", "email", ORDERED_ON, datetime(2026, 6, 29, 15))
    before = Purchase("before", date(2026, 6, 15))
    first, second = Purchase("first", ORDERED_ON, noon), Purchase("second", ORDERED_ON, evening)
    known = [between, *TOUCHES]
    purchases = [before, first, second]

    def found(purchase: Purchase, days: int) -> str:
        return "".join(touch.touch_id for touch in touches_of(purchase, known, purchases, days))

    assert found(first, 30) == "cd"
    assert found(second, 30) == "cde"
    assert found(first, 6) == "d"
    assert found(before, 30) == "ab"
    assert found(before, 6) == "b"
