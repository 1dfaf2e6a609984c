"""The reference of attribution by hand."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference.attribution import MODELS, Touch, cents, weights

ORDERED_AT = datetime(2026, 6, 29)
# Four touches, 21, 14, 7 and 0 days before the order: by half-lives of a week 1, 2, 4 and 8.
TOUCHES = [
    Touch("search", datetime(2026, 6, 8)),
    Touch("email", datetime(2026, 6, 15)),
    Touch("search", datetime(2026, 6, 22)),
    Touch("direct", datetime(2026, 6, 29)),
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
    assert weights(model, TOUCHES, ORDERED_AT, EFFECTS) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("model", MODELS)
def test_one_touch_gets_all_and_none_nothing(model: str) -> None:
    assert weights(model, TOUCHES[:1], ORDERED_AT, EFFECTS) == [1]
    assert weights(model, TOUCHES[3:], ORDERED_AT, EFFECTS) == [1]


def test_two_touches_share_the_ends_alike() -> None:
    assert weights("position_based", TOUCHES[:2], ORDERED_AT, {}) == [0.5, 0.5]


def test_channels_of_which_nothing_is_known_share_alike() -> None:
    assert weights("markov", TOUCHES[:3], ORDERED_AT, {}) == [0.25, 0.5, 0.25]


def test_cents_left_over_go_to_the_largest_remainders_and_then_to_the_earliest() -> None:
    assert cents(100, [1 / 2, 1 / 4, 1 / 4]) == [50, 25, 25]
    assert cents(1, [1 / 2, 1 / 2]) == [1, 0]
    assert cents(-1, [1 / 4, 3 / 4]) == [0, -1]
    assert cents(0, [1 / 2, 1 / 2]) == [0, 0]


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(1, 1000), min_size=1, max_size=9))
def test_cents_add_up_to_the_amount(amount: int, parts: list[int]) -> None:
    shares = [part / sum(parts) for part in parts]
    found = cents(amount, shares)
    assert sum(found) == amount
    assert all(
        abs(cent - amount * share) < 1 + 1e-3 for cent, share in zip(found, shares, strict=True)
    )
