"""What tags say of customers, against the truth of the demo world."""

from __future__ import annotations

import pytest
from conftest import Shop

from benchmarks.profile import Precision, compare, with_table
from orchestration.duck import connect
from orchestration.warehouse import attach

# Of fewer tags a share tells nothing; of each rule whose truth is planted there are as many.
LEAST = 10


@pytest.fixture(scope="module")
def found(world: Shop) -> list[Precision]:
    with connect() as connection:
        attach(connection, world.warehouse)
        return compare(connection, world.data / "truth")


def test_nine_in_ten_tags_are_right(found: list[Precision]) -> None:
    asked = {"basket_large", "basket_small", "category_affinity", "channel_preference"}
    asked |= {"gender", "moment_habit", "region"}
    assert asked <= {each.rule for each in found if each.tag_count >= LEAST}
    wrong = [each for each in found if each.tag_count >= LEAST and each.precision < 0.9]
    assert not wrong


def test_who_was_a_high_spender_in_may_is_one_condition(world: Shop) -> None:
    asked, scored = world.query("""
        select count(distinct customer_id) from marts.customer_tags
        where tag = 'high_spender' and valid_from <= '2026-06-01'
            and (valid_to > '2026-06-01' or valid_to is null)
        union all
        select count(*) from marts.customer_rfm
        where as_of_date = '2026-06-01' and m_score = 5 and frequency >= 2
    """)
    assert asked == scored and asked[0] > 0


def test_affinities_of_a_year_ago_foretell_what_is_bought_since(world: Shop) -> None:
    """Who liked a category then buys it in a larger share of their purchases than everybody."""
    [(liked, usual)] = world.query("""
        with likers as (
            select customer_id, value as category, valid_from, valid_to
            from marts.customer_tags where rule = 'category_affinity'
        ), day as (
            select max(as_of_date) as day from marts.customer_rfm
            where as_of_date < (select as_of_date - 180 from marts.key_figures)
        ), later as (
            select orders.customer_id, order_id from marts.orders cross join day
            where is_purchase and orders.customer_id is not null and ordered_on >= day
        ), bought as (
            select distinct order_id, category
            from marts.order_lines inner join marts.products using (product_id)
        ), shares as (
            select category, count(*) / (select count(*) from later) as share
            from later inner join bought using (order_id) group by category
        ), judged as (
            select likers.category, later.order_id in (
                select order_id from bought where bought.category = likers.category
            ) as has_it
            from likers cross join day inner join later using (customer_id)
            where valid_from <= day and (valid_to > day or valid_to is null)
        )
        select avg(has_it::int), avg(share) from judged inner join shares using (category)
    """)
    assert liked > 1.5 * usual


def test_the_table_of_the_proof_shows_each_rule() -> None:
    page = with_table("", [(7, Precision("gender", 1_200, 0.9912))])
    assert "| 7 | gender | 1,200 | 99.1% |" in page
