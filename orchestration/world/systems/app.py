"""The app: what people look at, one Parquet file a day."""

from __future__ import annotations

from orchestration.world.browsing import EVENTS, PAGES
from orchestration.world.faults import Ghost
from orchestration.world.scale import World
from orchestration.world.systems.feed import Feed, listed
from orchestration.world.visits import ENTRIES


def feeds(world: World) -> list[Feed]:
    return [
        Feed(
            "app", "events", "events",
            f"""
            select numbered('X', serial) as event_id, 'D' || scrambled(device) as device_id,
                user_id(account) as user_id, numbered('Z', session) as session_id,
                {listed(EVENTS)}[kind + 1] as event_type,
                clock(day, second) - interval '8' hour as occurred_at, sku(product) as sku,
                case when dwell >= 0 then dwell end as dwell_seconds,
                case when entry >= 0 then {listed(ENTRIES)}[entry + 1] end as channel,
                {listed(PAGES)}[page + 1] as page_kind,
                day as _day, luck as _luck, serial as _key
            from events
            """,
            format="parquet",
            cut="day",
            ghosts=(
                Ghost("unknown_event", "type_unknown",
                      {"event_id": "'X9' || event_id", "event_type": "'teleport'"}),
                Ghost("future_date", "after_delivery",
                      {"event_id": "'X8' || event_id",
                       "occurred_at": "occurred_at + interval '900' month"}),
            ),
            silent_day=0.62,
        ),
    ]  # fmt: skip
