"""Two recommenders of the next basket, as their papers have them, beside which ours is judged.

Both know a customer by what was bought in which of the last baskets, and ask others who are alike.
They compare everybody with everybody: for thousands of customers, not for millions.

UP-CF@r: Faggioli, Polato and Aiolli (2020), Recency aware collaborative filtering for next basket
recommendation. TIFU-KNN: Hu, He, Gao and Zhang (2020), Modeling personalized item frequency
information for next-basket recommendation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from orchestration.fit.arrays import Array

Matrix = sparse.csr_matrix


@dataclass(frozen=True)
class Purchases:
    """Arrays of one length, a row a customer, product and basket; customers and products are
    numbers from 0 on. `age` is the place of the basket among the customer's, the latest 0."""

    customer: Array
    product: Array
    age: Array
    customer_count: int
    product_count: int

    def weighed(self, weight: Array) -> Matrix:
        """Customers × products, with the sum of these weights of the rows."""
        shape = self.customer_count, self.product_count
        return sparse.csr_matrix((weight, (self.customer, self.product)), shape=shape)

    def baskets(self) -> Array:
        """How many baskets each customer has."""
        counts = np.zeros(self.customer_count, dtype=int)
        np.maximum.at(counts, self.customer, self.age + 1)
        return counts


def up_cf(
    purchases: Purchases, recent: int = 25, asymmetry: float = 0.25, locality: float = 5
) -> Array:
    """Scores, customers × products: what others bought in their `recent` last baskets.

    Others count by the asymmetric cosine of what they ever bought, to the power `locality`: the
    higher, the more the closest of them, the customer above all.
    """
    ever = purchases.weighed(np.ones(len(purchases.age)))
    ever.data[:] = 1
    size = np.asarray(ever.sum(axis=1)).ravel()
    shared = (ever @ ever.T).toarray()
    alike = (shared / (size[:, None] ** asymmetry * size ** (1 - asymmetry))) ** locality
    among = np.minimum(recent, purchases.baskets())[purchases.customer]
    popularity = purchases.weighed((purchases.age < recent) / among)
    return (popularity.T @ alike.T).T


def tifu_knn(
    purchases: Purchases,
    group_size: int = 3,
    within: float = 0.9,
    between: float = 0.9,
    neighbours: int = 300,
    own: float = 0.7,
) -> Array:
    """Scores, customers × products: personal frequency, blended with that of the nearest others.

    Baskets are grouped from the latest on; a basket counts `within` times as much as the next one
    of its group, a group `between` times as much as the next one.
    """
    vectors = purchases.weighed(_frequency_weight(purchases, group_size, within, between))
    square = np.asarray(vectors.multiply(vectors).sum(axis=1)).ravel()
    distance = square[:, None] + square - 2 * (vectors @ vectors.T).toarray()
    np.fill_diagonal(distance, np.inf)
    count = min(neighbours, purchases.customer_count - 1)
    nearest = np.argsort(distance, axis=1, kind="stable")[:, :count]
    rows = np.repeat(np.arange(purchases.customer_count), count)
    everybody = purchases.customer_count, purchases.customer_count
    shares = np.full(rows.size, 1 / count)
    mean = sparse.csr_matrix((shares, (rows, nearest.ravel())), shape=everybody) @ vectors
    return (own * vectors + (1 - own) * mean).toarray()


def _frequency_weight(
    purchases: Purchases, group_size: int, within: float, between: float
) -> Array:
    """Of a row, such that a product in every basket of a customer without decay would have 1."""
    baskets = purchases.baskets()[purchases.customer]
    group, place = np.divmod(purchases.age, group_size)
    groups = -(-baskets // group_size)
    size = np.where(group == groups - 1, baskets - (groups - 1) * group_size, group_size)
    return within**place / size * between**group / groups
