"""What the marts say of channels, against the truth of the demo world."""

from __future__ import annotations

import pytest
from e2e.test_world import truth


def tastes(world) -> str:
    """What is said of a customer and a channel of newsletters, beside what the person thinks."""
    return f"""
        with people as (
            select distinct customer_id, person_id
            from marts.customer_accounts
            inner join {truth(world, "person_accounts")} using (account_id)
        )
        select
            said.*,
            if(channel = 'email', email_opening, push_opening) as true_opening,
            if(channel = 'email', push_opening, email_opening) as other_opening,
            reads_at_hour
        from marts.customer_channel_preference as said
        inner join people using (customer_id)
        inner join {truth(world, "newsletter_tastes")} using (person_id)
        where channel in ('email', 'push')
    """


def test_the_best_channel_is_the_one_that_the_person_opens(world):
    [(known, right)] = world.query(f"""
        select count(*), count(*) filter (where true_opening > other_opening)
        from ({tastes(world)})
        where best_by = 'opening'
    """)
    assert known >= 20
    assert right / known >= 0.85


def test_the_best_hour_is_the_one_at_which_the_person_reads(world):
    [(known, right)] = world.query(f"""
        select
            count(*),
            count(*) filter (where least(apart, 24 - apart) <= 1.5)
        from (select best_hour, abs(best_hour - reads_at_hour) as apart from ({tastes(world)}))
        where best_hour is not null
    """)
    assert known >= 50
    assert right / known >= 0.9


def test_newsletters_of_one_weekday_tell_no_weekday(world):
    weekdays = world.query("select count(best_weekday) from marts.customer_channel_preference")
    assert weekdays == [(0,)]


@pytest.mark.parametrize("channel", ["email", "push"])
def test_expected_shares_are_nearer_to_the_truth_than_shares_of_few_messages(world, channel):
    [(expected, own)] = world.query(f"""
        select
            corr(expected_opened_share, true_opening),
            corr(opened_count / sent_count, true_opening)
        from ({tastes(world)})
        where channel = '{channel}'
    """)
    assert expected > own + 0.1


@pytest.mark.parametrize("channel", ["email", "push"])
def test_the_same_people_open_less_when_they_are_written_to_often(world, channel):
    """Each message takes 12 % off the opening: two and more of them about a quarter."""
    [(rested, pressed)] = world.query(f"""
        select
            sum(rested_opened_count) / sum(rested_sent_count),
            sum(pressed_opened_count) / sum(pressed_sent_count)
        from marts.customer_channel_preference
        where channel = '{channel}' and rested_sent_count > 0 and pressed_sent_count > 0
    """)
    assert 0.6 <= pressed / rested <= 0.85


def test_nobody_prefers_what_they_did_not_agree_to(world):
    """By the answers that were accepted, and not by the model that says who may be written to."""
    assert (
        world.query(
            """
            select customer_id, preferred.channel
            from marts.customer_channel_preference as preferred
            inner join marts.customer_accounts using (customer_id)
            inner join entities.int_consents_validated as consents using (account_id)
            where preferred.is_best_channel
                and consents.channel = preferred.channel
                and consents.row_status = 'accepted'
            qualify row_number() over (
                partition by account_id, purpose, consents.channel order by changed_at desc
            ) = 1
                and consent_status <> 'granted'
            """,
            world.warehouse,
        )
        == []
    )


def test_most_purchases_that_were_browsed_online_are_known_as_such(world):
    """The others browsed logged out, on a device that is nobody's."""
    [(browsed, found)] = world.query(
        f"""
        select count(*), count(*) filter (where browsed_days <= 14)
        from intermediate.int_channel_traces
        inner join {truth(world, "order_origins")} using (order_id)
        where is_in_store and is_browsed_before_store
        """,
        world.warehouse,
    )
    assert browsed > 500
    assert found / browsed >= 0.75


def test_customers_of_both_kinds_of_channel_look_better_than_they_are(world):
    """Nobody spends more for coming to two kinds: the naive difference says so, the matched not."""
    [(naive, matched)] = world.query("""
        select avg(later_amount - single_kind_amount), avg(later_amount - matched_amount)
        from marts.cross_channel_customers
        where earlier_kind = 'both'
    """)
    assert naive > 200
    assert matched < naive / 2
