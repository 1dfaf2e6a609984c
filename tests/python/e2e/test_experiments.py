"""What the marts say of campaigns, against the truth of the demo world."""

from __future__ import annotations

import pytest
from conftest import Shop

from orchestration.duck import literal


def truth(world: Shop, name: str) -> str:
    return literal(world.data / "truth" / f"{name}.parquet")


def test_arms_are_those_of_the_truth_and_bought_as_much(world: Shop) -> None:
    """But for the few people who are taken for two customers, or two for one."""
    found = world.query(f"""
        with persons as (
            select campaign_id, arm, count(*) as people,
                avg(if(arm = 'treatment', orders_1, orders_0)) as orders
            from {truth(world, "potential_outcomes")} group by all
        )
        select results.member_count, results.arm_mean, persons.people, persons.orders
        from marts.experiment_results as results
        inner join persons on results.experiment_id = persons.campaign_id
            and results.arm = persons.arm
        where metric = 'orders' and segment_type = 'all' and observation = 'campaign'
    """)
    assert len(found) == 10
    for members, orders, people, true_orders in found:
        assert members == pytest.approx(people, rel=0.01)
        assert orders == pytest.approx(true_orders, abs=0.02)


def test_intervals_hold_what_is_true(world: Shop) -> None:
    """Of orders, revenue and buyers in five campaigns, all but two, and one of too few buyers."""
    found = world.query(f"""
        with effects as (
            select campaign_id,
                avg(orders_1 - orders_0) as orders,
                avg((revenue_1 - revenue_0)::double) as revenue,
                avg((orders_1 > 0)::int - (orders_0 > 0)::int) as buyers
            from {truth(world, "potential_outcomes")} group by all
        ),
        told as (unpivot effects on orders, revenue, buyers into name metric value effect)
        select results.experiment_id, told.metric, effect, verdict,
            effect between low_difference and high_difference as is_inside,
            effect between low_adjusted_difference and high_adjusted_difference as is_inside_too
        from marts.experiment_results as results
        inner join told on results.experiment_id = told.campaign_id and results.metric = told.metric
        where segment_type = 'all' and observation = 'campaign' and arm = 'treatment'
    """)
    assert len(found) == 15
    told = [row for row in found if row[3] != "too_few"]
    assert {row[0] for row in found if row[3] == "too_few"} <= {"marketing:C03"}
    outside = [row for row in told if not row[4] or row[5] is False]
    assert len(outside) <= 2, outside
    assert not [row for row in found if row[2] == 0 and row[3] in ("better", "worse")]


def test_a_campaign_that_left_nobody_out_is_not_measurable(world: Shop) -> None:
    assert world.query("""
        select assignment, is_measurable, orders_difference is not null, count(*)
        from marts.campaign_results group by all order by assignment
    """) == [
        ("broadcast", False, False, 2),
        ("randomised", True, True, 5),
        ("targeted", False, False, 2),
    ]


def test_the_coupon_was_used_mostly_on_what_would_have_come_anyway(world: Shop) -> None:
    """Six of ten lunches that would have come anyway use it; most would."""
    [(issued, redeemed, cannibalised, low, high)] = world.query("""
        select issued_count, redeemed_order_count, cannibalised_share, low_cannibalised_share,
            high_cannibalised_share
        from marts.coupon_results
    """)
    [(true_share,)] = world.query(f"""
        select 1 - sum(orders_1 - orders_0) / {redeemed}
        from {truth(world, "potential_outcomes")}
        where campaign_id = 'marketing:C04' and arm = 'treatment'
    """)
    assert issued > 400 and redeemed > 40
    assert low <= cannibalised <= high
    assert low - 0.02 <= true_share <= high + 0.02


def test_the_naive_comparison_stands_beside_what_would_have_happened_anyway(world: Shop) -> None:
    """C05 and C07 went to the silent, who come back of themselves."""
    found = dict(
        (code, (naive, usual))
        for code, naive, usual in world.query("""
            select campaign_id, naive_orders_change, usual_orders_change
            from marts.campaign_results where usual_orders_change is not null
        """)
    )
    assert len(found) == 7
    for code in ("marketing:C05", "marketing:C07"):
        naive, usual = found[code]
        assert naive > 0 and 0.2 * naive < usual
    assert found["marketing:C06"][1] < 0
