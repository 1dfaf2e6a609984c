"""Sessions and the funnel of the demo world, against what people truly did."""

from __future__ import annotations

from datetime import timedelta
from textwrap import dedent

from e2e.test_world import truth

# The person of a customer; one of several accounts that nothing links is several customers.
PERSONS = """
    select distinct person_id, customer_id
    from {person_accounts} as accounts
    inner join intermediate.int_account_customers using (account_id)
"""


def visited(world) -> str:
    """Each event with its session, its true visit, and whether it is given to the right person."""
    return dedent(f"""
        select
            events.session_id,
            true_events.visit_id,
            visits.is_logged_in,
            delivered.account_id,
            events.customer_id,
            persons.person_id is not null as is_right
        from intermediate.int_session_events as events
        inner join {truth(world, "events")} as true_events using (event_id)
        inner join {truth(world, "visits")} as visits using (visit_id)
        inner join entities.int_events_validated as delivered
            on events.event_id = delivered.event_id and delivered.row_status = 'accepted'
        left join ({PERSONS.format(person_accounts=truth(world, "person_accounts"))}) as persons
            on true_events.person_id = persons.person_id
            and events.customer_id = persons.customer_id
    """)


def test_sessions_are_the_visits_that_people_made(world):
    """Of an event's session and visit neither has an event of another."""
    [(share,)] = world.query(
        f"""
        with events as ({visited(world)}),
        sessions as (
            select session_id from events group by session_id having count(distinct visit_id) = 1
        ),
        visits as (
            select visit_id from events group by visit_id having count(distinct session_id) = 1
        )
        select
            count(*) filter (
                where session_id in (from sessions) and visit_id in (from visits)
            ) / count(*)
        from events
        """,
        world.warehouse,
    )
    assert share >= 0.99, share


def test_visitors_before_the_login_are_given_to_the_right_person(world):
    """What was done in a visit before or after the login; of visits without one, who is named."""
    [(before, others, wrong)] = world.query(
        f"""
        select
            count(*) filter (where is_logged_in and is_right)
                / count(*) filter (where is_logged_in),
            count(*) filter (where not is_logged_in and is_right)
                / count(*) filter (where not is_logged_in and customer_id is not null),
            count(*) filter (where customer_id is not null and not is_right) / count(*)
        from ({visited(world)})
        where account_id is null
        """,
        world.warehouse,
    )
    assert min(before, others) >= 0.98, (before, others)
    assert wrong <= 0.005, wrong


def test_purchases_that_were_made_in_visits_are_found_there(world):
    """But for those of the silent day, and of customers who are not known as one person."""
    [(share,)] = world.query(
        f"""
        select count(purchases.session_id) / count(*)
        from {truth(world, "visits")} as visits
        inner join intermediate.int_purchase_sessions as purchases using (order_id)
        """,
        world.warehouse,
    )
    assert share >= 0.95, share


def test_the_planted_break_is_the_top_finding_of_its_week_and_alone_claimed_while_it_lasts(world):
    [(channel, step, starts_on)] = world.query(
        f"select channel, step, starts_on from {truth(world, 'funnel_breaks')}"
    )
    week_later = starts_on + timedelta(days=6)
    [top] = world.query(f"""
        select channel, step
        from marts.funnel_daily
        where started_on = date '{week_later}'
            and funnel_form = 'session'
        group by channel, step
        order by min(week_deviations) nulls last
        limit 1
    """)
    assert top == (channel, step)
    claimed = world.query("""
        select channel, step, min(started_on), max(started_on), count(distinct started_on)
        from marts.funnel_daily
        where is_broken
        group by channel, step
    """)
    assert [(each[0], each[1]) for each in claimed] == [(channel, step)]
    [(_, _, first, last, days)] = claimed
    assert starts_on <= first <= week_later
    assert days == (last - first).days + 1
    [(today,)] = world.query("select max(started_on) from marts.funnel_daily")
    assert last == today
