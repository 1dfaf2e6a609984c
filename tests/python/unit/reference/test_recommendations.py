"""The references of the next basket, by hand."""

from __future__ import annotations

import numpy as np
import pytest
from reference.recommendations import Purchases, tifu_knn, up_cf

# Of three products 0 has bought 0 and 1, and before that 0; 1 has bought 0 and 2; 2 has bought 1.
PURCHASES = Purchases(
    customer=np.array([0, 0, 0, 1, 1, 2]),
    product=np.array([0, 1, 0, 0, 2, 1]),
    age=np.array([0, 0, 1, 0, 0, 0]),
    customer_count=3,
    product_count=3,
)


def test_others_count_by_what_they_share_with_a_customer() -> None:
    """0 shares one of two products with 1, and one with 2, who has one: cosines ½ and 1 ÷ √2."""
    scores = up_cf(PURCHASES, recent=2, asymmetry=0.5, locality=1)
    alike = 1 / np.sqrt(2)
    assert scores[0] == pytest.approx([1 + 0.5, 0.5 + alike, 0.5])


def test_older_baskets_count_less_and_the_nearest_counts() -> None:
    """0 has product 0 in both baskets, weights ½ and ¼ of a group of two, and 1 in the latest."""
    alone = tifu_knn(PURCHASES, group_size=2, within=0.5, between=1, neighbours=1, own=1)
    assert alone[0] == pytest.approx([0.75, 0.5, 0])
    # The nearest of 0 is 2, who is 0.75 and 0.5 away; 1 is 0.25, 0.5 and 1 away.
    half = tifu_knn(PURCHASES, group_size=2, within=0.5, between=1, neighbours=1, own=0.5)
    assert half[0] == pytest.approx([0.375, 0.75, 0])
