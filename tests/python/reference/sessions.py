"""Sessions and visitors from events, one event after another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise


@dataclass(frozen=True)
class Event:
    """What happened on a track, which is a device, or an account that tells no device; and the
    customer who was logged in, if any."""

    event_id: str
    occurred_at: datetime
    track: str
    customer_id: str | None = None


@dataclass
class Session:
    """Events of one visitor, none of them long after the one before."""

    events: list[Event]
    customer_id: str | None = None
    identified_by: str | None = None

    @property
    def logged_in(self) -> set[str]:
        return {event.customer_id for event in self.events if event.customer_id}

    def is_near(self, other: Session, window: timedelta) -> bool:
        """Whether either began within the window of the other's end."""
        apart = max(self.events[0].occurred_at, other.events[0].occurred_at) - min(
            self.events[-1].occurred_at, other.events[-1].occurred_at
        )
        return apart <= window


def sessions_of(
    events: Iterable[Event],
    shared: Collection[str] = (),
    gap: timedelta = timedelta(minutes=30),
    window: timedelta = timedelta(days=30),
) -> list[Session]:
    """All sessions, each with its customer where an account in it, or another visit of a device
    that is one customer's alone, says who it was. Devices that are `shared` say nothing."""
    tracks = defaultdict(list)
    for event in sorted(events, key=lambda event: (event.occurred_at, event.event_id)):
        tracks[event.track].append(event)
    found = []
    for name, track in tracks.items():
        visits = [
            Session(part)
            for visit in _cut_at_gaps(track, gap)
            for part in _cut_at_logins(visit, gap)
        ]
        _identify(visits, window, name in shared)
        found += visits
    return found


def _cut_at_gaps(track: list[Event], gap: timedelta) -> list[list[Event]]:
    """What happened on one device, or by one account without a device, by visits."""
    visits = [[track[0]]]
    for before, event in pairwise(track):
        if event.occurred_at - before.occurred_at > gap:
            visits.append([])
        visits[-1].append(event)
    return visits


def _cut_at_logins(visit: list[Event], gap: timedelta) -> list[list[Event]]:
    """A visit cut where somebody else logs in soon after who was logged in."""
    parts: list[list[Event]] = [[]]
    last: Event | None = None
    for event in visit:
        if event.customer_id:
            is_another = last is not None and last.customer_id != event.customer_id
            if is_another and event.occurred_at - last.occurred_at <= gap:
                parts.append([])
            last = event
        parts[-1].append(event)
    return parts


def _identify(visits: list[Session], window: timedelta, is_shared: bool) -> None:
    """Says whose the visits of one device are; of one in which two people were, nobody."""
    owners = set().union(*(visit.logged_in for visit in visits))
    known = [visit for visit in visits if visit.logged_in]
    for visit in visits:
        if len(visit.logged_in) == 1:
            [visit.customer_id], visit.identified_by = visit.logged_in, "account"
        elif (
            len(owners) == 1
            and not is_shared
            and any(visit.is_near(each, window) for each in known)
        ):
            [visit.customer_id], visit.identified_by = owners, "device"
