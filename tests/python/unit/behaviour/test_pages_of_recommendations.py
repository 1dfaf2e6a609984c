"""What is left out unseen would not have been shown: pages of random lists, told a second time.

The models look at as much of a cluster's list as can come to be shown; Python looks at all of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

import duckdb
import pytest
from conftest import Compile
from hypothesis import given, settings
from hypothesis import strategies as st

MODELS = [
    *("int_cluster_products", "int_recommendation_scores"),
    *("int_new_product_offers", "int_recommended_products"),
]
ITEMS, OF_A_CATEGORY, CANDIDATES = 3, 1, 9
VARIABLES = {
    "recommendation_max_items": ITEMS,
    "recommendation_max_per_category": OF_A_CATEGORY,
    "recommendation_candidates": CANDIDATES,
}
OWN_WEIGHT = 0.5
# Few sixteenths, so that equal scores are frequent, and few categories, so that many come last.
Bought = dict[int, tuple[int, bool]]
CATEGORIES = st.lists(st.integers(1, 4), min_size=12, max_size=12)
CUSTOMERS = st.lists(
    st.dictionaries(
        st.integers(1, 12), st.tuples(st.integers(1, 4), st.booleans()), min_size=1, max_size=9
    ),
    min_size=2,
    max_size=5,
)
Pages = dict[tuple[int, str], list[int]]


@pytest.fixture(scope="module")
def shown(compiled: Compile) -> Callable[[list[int], list[Bought]], tuple[Pages, dict]]:
    """Pages by the models, and the scores of the cluster's products, in the order of its list."""
    queries = compiled(MODELS, VARIABLES)
    connection = duckdb.connect()
    connection.execute(f"""
        set threads = 1; attach ':memory:' as warehouse; use warehouse; create schema intermediate;
        create table intermediate.int_current_parameters as
        select 'recommendations' as model, * from (values
            ('own_weight', {OWN_WEIGHT}::double), ('late_weight', 0), ('alike_weight', 0.25)
        ) as weights (parameter, value);
    """)

    def make(categories: list[int], customers: list[Bought]) -> tuple[Pages, dict]:
        products = ", ".join(
            f"({product}, {category})" for product, category in enumerate(categories, 1)
        )
        people = ", ".join(f"({customer}, 1)" for customer in range(len(customers)))
        bought = ", ".join(
            f"({customer}, {product}, {share / 16}::double, {is_resting})"
            for customer, basket in enumerate(customers)
            for product, (share, is_resting) in basket.items()
        )
        connection.execute(f"""
            create or replace table intermediate.int_recommendable_products as
            select *, category_number::text as category, null as brand, 1 as price_band,
                false as is_new, 1 as recent_basket_count, 0::double as recent_basket_share
            from (values {products}) as products (product_number, category_number);
            create or replace table intermediate.int_personalised_customers as
            select * from (values {people}) as people (customer_number, cluster);
            create or replace table intermediate.int_repurchase_rhythms as
            select *, 1 as cluster, 7::double as gap_days, date '2026-01-01' as due_on,
                row_number() over (
                    partition by customer_number order by basket_share desc, product_number
                ) as product_rank
            from (values {bought})
                as bought (customer_number, product_number, basket_share, is_resting);
        """)
        for model in MODELS:
            connection.execute(f"create or replace table intermediate.{model} as {queries[model]}")
        pages: Pages = {}
        for customer, scene, product in connection.execute("""
            select customer_number, scene, product_number from intermediate.int_recommended_products
            order by customer_number, scene, recommendation_rank
        """).fetchall():
            pages.setdefault((customer, scene), []).append(product)
        scores = connection.execute("""
            select product_number, alike_score from intermediate.int_cluster_products
            where cluster = 1 order by product_rank
        """).fetchall()
        return pages, dict(scores)

    return make


def page(scores: dict[int, float], categories: list[int], most: int) -> list[int]:
    """The first of these products: of a category `most` before everything else."""
    seen: Counter[int] = Counter()
    places = []
    for product in sorted(scores, key=lambda product: (-round(scores[product], 12), product)):
        category = categories[product - 1]
        seen[category] += 1
        places.append((seen[category] > most, len(places), product))
    return [product for *_, product in sorted(places)][:ITEMS]


def first(products: Iterable[int]) -> set[int]:
    return set(list(products)[:CANDIDATES])


@settings(max_examples=60, deadline=None)
@given(CATEGORIES, CUSTOMERS)
def test_what_is_not_looked_at_would_not_have_been_shown(shown, categories, customers) -> None:
    pages, alike = shown(categories, customers)
    for customer, basket in enumerate(customers):
        mine = first(sorted(basket, key=lambda product: (-basket[product][0], product)))
        mine |= first(alike) & set(basket)
        own = {
            product: OWN_WEIGHT * basket[product][0] / 16 + alike[product]
            for product in mine
            if not basket[product][1]
        }
        fresh = {product: alike[product] for product in first(alike) if product not in basket}
        assert pages.get((customer, "home"), []) == page(own | fresh, categories, OF_A_CATEGORY)
        assert pages.get((customer, "buy_again"), []) == page(own, categories, len(categories))
