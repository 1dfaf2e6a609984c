"""Sessions and attribution of the demo world, against what plain Python says of the same rows."""

from __future__ import annotations

from collections import defaultdict

import pytest
from conftest import Shop
from reference.attribution import MODELS, Purchase, Touch, touches_of, weights
from reference.markov import removal_effects
from reference.sessions import Event, sessions_of


def by_customer(rows: list[tuple]) -> dict[str, list[tuple]]:
    """What follows the first column, by it."""
    found = defaultdict(list)
    for customer_id, *rest in rows:
        found[customer_id].append(tuple(rest))
    return found


@pytest.fixture(scope="module")
def effects(world: Shop) -> dict[str, float]:
    """The removal effects by which orders are attributed."""
    return dict(
        world.query("""
            select feature, value from marts.model_parameters
            where model = 'markov' and status = 'current' and feature is not null
        """)
    )


def test_every_event_is_of_the_session_and_the_customer_that_a_plain_loop_finds(
    world: Shop,
) -> None:
    events = world.query(
        """
        select event_id, occurred_at, coalesce(device_id, account_id), customer_id
        from entities.int_events_validated
        left join intermediate.int_account_customers using (account_id)
        where row_status = 'accepted' and coalesce(device_id, account_id) is not null
        """,
        world.warehouse,
    )
    shared = world.query(
        """
        select identifier_value from intermediate.int_identifier_verdicts
        where identifier_type = 'device' and refusal_reason is not null
        """,
        world.warehouse,
    )
    expected = {
        (event.event_id, number, len(session.events), session.customer_id, session.identified_by)
        for session in sessions_of((Event(*row) for row in events), {value for (value,) in shared})
        for number, event in enumerate(session.events, start=1)
    }
    found = world.query(
        """
        select event_id, event_number, event_count, sessions.customer_id, identified_by
        from intermediate.int_session_events
        inner join intermediate.int_sessions as sessions using (session_id)
        """,
        world.warehouse,
    )
    assert len(found) == len(events)
    assert set(found) == expected


def test_removal_effects_are_those_of_the_paths(world: Shop, effects: dict[str, float]) -> None:
    """Paths whose customers have had the whole look-back to buy, each with its end."""
    steps = world.query(
        """
        select customer_id, path_number, channel, purchased_on is not null
        from intermediate.int_touch_paths
        qualify max(touched_on) over (partition by customer_id, path_number)
            < (select max(as_of_date) from intermediate.int_as_of_dates) - 30
        order by customer_id, path_number, touch_number
        """,
        world.warehouse,
    )
    paths: dict[tuple, list[str]] = defaultdict(list)
    for customer_id, path_number, channel, bought in steps:
        paths[customer_id, path_number, bought].append(channel)
    expected = removal_effects([(path, bought) for (*_, bought), path in paths.items()])
    assert effects == pytest.approx(expected, abs=1e-6)


def test_every_touch_gets_of_an_order_what_its_model_says(
    world: Shop, effects: dict[str, float]
) -> None:
    touches = by_customer(
        world.query(
            "select customer_id, touch_id, channel, touched_on, touched_at"
            " from intermediate.int_channel_touches",
            world.warehouse,
        )
    )
    purchases = by_customer(
        world.query(
            "select customer_id, order_id, ordered_on, ordered_at from marts.orders"
            " where is_purchase and customer_id is not null"
        )
    )
    others = sum(effects.values()) / len(effects)
    expected = {}
    for customer_id, bought in purchases.items():
        known = [Touch(*row) for row in touches[customer_id]]
        effect = {touch.channel: effects.get(touch.channel, others) for touch in known}
        orders = [Purchase(*row) for row in bought]
        for order in orders:
            came_from = touches_of(order, known, orders)
            for model in MODELS:
                shares = weights(model, came_from, order.ordered_on, effect)
                for touch, share in zip(came_from, shares, strict=True):
                    if share:
                        expected[order.order_id, touch.touch_id, model] = share
    found = {
        tuple(key): weight
        for *key, weight in world.query("""
            select order_id, touch_id, attribution_model, weight
            from marts.order_attribution where touch_id is not null
        """)
    }
    assert len(found) > 10_000
    assert found == pytest.approx(expected, abs=1e-9)
