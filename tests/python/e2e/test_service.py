"""What the marts say of service and loyalty, against the truth of the demo world."""

from __future__ import annotations

import pytest
from conftest import Shop

from benchmarks.service import Comparison, compare, with_table
from orchestration.duck import connect
from orchestration.warehouse import attach


@pytest.fixture(scope="module")
def found(world: Shop) -> list[Comparison]:
    with connect() as connection:
        attach(connection, world.warehouse)
        return compare(connection, world.data / "truth")


def test_what_complaints_truly_do_lies_within_what_is_found(found: list[Comparison]) -> None:
    everything = found[0]
    assert everything.reason == "all" and everything.is_inside
    assert everything.high_difference < 0
    assert sum(each.is_inside for each in found) >= len(found) - 1


def test_purchases_with_a_complaint_have_others_alike(found: list[Comparison]) -> None:
    everything = found[0]
    assert everything.matched_ticket_count >= 0.8 * everything.ticket_count
    assert everything.imbalance <= 0.1


def test_a_third_of_the_surveys_that_were_sent_are_answered(world: Shop) -> None:
    """5 % of the purchases are answered for, and for 11 % of the others nobody does. After 10 %
    people are asked whether they would recommend, and a third answer."""
    [(sent, answered)] = world.query("""
        select sum(invited_count), sum(invited_answer_count) from marts.satisfaction
        where segment_code = 'all' and touchpoint = 'all'
    """)
    assert answered / sent == pytest.approx(0.05 / (0.05 + 0.95 * 0.11), abs=0.05)


def test_buyers_would_recommend_and_who_left_would_not(world: Shop) -> None:
    """Planted are +30 where all went well and −70 where it did not; who left names no order."""
    found = dict(
        world.query("""
            select touchpoint = 'unknown',
                100.0 * sum(promoter_count - detractor_count) / sum(nps_count)
            from marts.satisfaction
            where segment_code = 'all' and touchpoint <> 'all' and nps_count > 0
            group by touchpoint = 'unknown'
        """)
    )
    assert found[True] == -100
    assert 10 <= found[False] <= 40


def test_the_phone_answers_before_the_chat_and_the_chat_before_a_store(world: Shop) -> None:
    answers = world.query("""
        select channel, sum(median_answer_hours * ticket_count) / sum(ticket_count) as hours
        from marts.service_quality
        where reason = 'all' and channel <> 'all' and store_id = 'all'
        group by channel order by hours
    """)
    assert [channel for channel, _ in answers] == ["phone", "chat", "store"]


def test_who_is_about_to_rise_rises_sooner_than_others(world: Shop) -> None:
    shares = dict(
        world.query("""
            with followed as (
                select is_about_to_rise, next_tier, lead(tier_move = 'risen') over months as rises
                from marts.loyalty_members
                window months as (partition by customer_id order by calendar_month)
            )
            select is_about_to_rise, avg(rises::int) from followed
            where rises is not null and next_tier is not null group by is_about_to_rise
        """)
    )
    assert shares[True] > 5 * shares[False]


def test_a_page_takes_what_was_measured() -> None:
    page = "<!-- make proof writes this table -->\nold\n<!-- until here -->\nafter"
    written = with_table(page, [(7, Comparison("all", -0.3, -0.25, -0.4, -0.1, 9, 8, 0.05))])
    assert "| 7 | all | -30.0 | -25.0 | -40.0 | -10.0 | yes | 8 | 9 | 0.05 |" in written
    assert "old" not in written and written.endswith("after")
