"""What goes together, what follows, and what is recommended, in the demo world."""

from __future__ import annotations

import re

from conftest import Shop

from orchestration.duck import literal


def test_pairs_that_are_planted_are_the_first_of_their_items(world: Shop) -> None:
    """By the better of both sides: missions make thousands of pairs besides."""
    truth = literal(world.data / "truth" / "affinities.parquet")
    places = world.query(f"""
        select min(affinities.affinity_rank)
        from {truth} as planted
        left join marts.product_affinities as affinities
            on affinities.item_kind = 'product'
            and (affinities.item_id, affinities.other_item_id) in (
                (planted.product_a_id, planted.product_b_id),
                (planted.product_b_id, planted.product_a_id)
            )
        group by planted.product_a_id, planted.product_b_id
    """)
    assert len(places) == 10
    assert all(place and place <= 2 for (place,) in places)


def test_sequences_that_are_planted_follow_first_and_in_their_time(world: Shop) -> None:
    truth = literal(world.data / "truth" / "sequences.parquet")
    found = world.query(f"""
        select sequence_rank, forward_share, abs(median_days - bought_after_days)
        from {truth} as planted
        left join marts.product_sequences as sequences
            on sequences.item_kind = 'product'
            and planted.product_a_id = sequences.item_id
            and planted.product_b_id = sequences.next_item_id
    """)
    assert len(found) == 5
    assert all(rank == 1 and share > 0.6 and days <= 5 for rank, share, days in found)


def test_who_said_no_is_recommended_nothing(world: Shop) -> None:
    """Asked of what was delivered, by the last answer of each account, of which one that can't be
    read is a no. All others find something, nearly all of them ten; a few have just bought what
    there is."""
    [(refused, shown, least, short)] = world.query(
        """
        with answers as (
            select account_id, max_by(answer, (changed_at, answer)) as answer
            from (
                select *, if(consent_status = 'granted', 'granted', 'withdrawn') as answer
                from entities.int_consents_validated
            )
            where purpose = 'personalisation'
                and (row_status = 'accepted' or row_status = 'quarantined' and answer = 'withdrawn')
                and changed_on < (select max(as_of_date) from intermediate.int_as_of_dates)
            group by account_id, channel
        ),
        refused as (
            select distinct customer_id from answers
            inner join intermediate.int_account_customers using (account_id)
            where answer = 'withdrawn'
        ),
        home as (
            select customer_id, count(recommendations.customer_id) as items
            from marts.customers
            left join marts.customer_recommendations as recommendations
                using (customer_id)
            where coalesce(recommendations.scene, 'home') = 'home'
            group by customer_id
        )
        select
            count(*) filter (where refused.customer_id is not null),
            sum(items) filter (where refused.customer_id is not null),
            min(items) filter (where refused.customer_id is null),
            count(*) filter (where refused.customer_id is null and items < 10)
        from home left join refused using (customer_id)
        """,
        world.warehouse,
    )
    assert refused > 50
    assert shown == 0 and least > 0 and short < 10


def test_nothing_is_shown_twice_in_a_list(world: Shop) -> None:
    [(rows, products)] = world.query(
        "select count(*), count(distinct (customer_id, scene, product_id))"
        " from marts.customer_recommendations"
    )
    assert rows == products > 10_000


def test_the_words_of_a_reason_have_its_number(world: Shop) -> None:
    reasons = world.query("""
        select distinct method, reason_number, reason_en, reason_zh
        from marts.customer_recommendations where method <> 'together'
    """)
    assert {method for method, *_ in reasons} >= {"own", "again", "alike"}
    for method, number, *sentences in reasons:
        told = number * 100 if method == "own" else number
        for sentence in sentences:
            [said] = re.findall("[0-9]+", sentence)
            assert abs(int(said) - told) <= 0.5 + 1e-9, sentence


def test_what_is_recommended_finds_more_than_what_each_customer_buys_most(world: Shop) -> None:
    """By the plain list, on the last cut-off: else the fit would not have put it in use."""
    [(status, reason)] = world.query(
        "select status, reason from intermediate.int_model_versions"
        " where model = 'recommendations' and version = 1",
        world.warehouse,
    )
    assert status == "current", reason
