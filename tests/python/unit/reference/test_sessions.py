"""The reference of sessions and visitors by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

from reference.sessions import Event, Session, sessions_of

BEGIN = datetime(2026, 6, 1)


def event(event_id: str, minute: int, customer_id: str | None = None, track: str = "d") -> Event:
    return Event(event_id, BEGIN + timedelta(minutes=minute), track, customer_id)


def found(*events: Event, shared: tuple[str, ...] = ()) -> list[tuple[str, str | None, str | None]]:
    """The events of each session, whose it is and how that is known."""

    def told(session: Session) -> tuple[str, str | None, str | None]:
        ids = "".join(event.event_id for event in session.events)
        return ids, session.customer_id, session.identified_by

    return [told(session) for session in sessions_of(events, shared)]


def test_a_visit_ends_where_nothing_happens_for_more_than_half_an_hour() -> None:
    assert found(event("c", 61), event("a", 0), event("b", 30)) == [
        ("ab", None, None),
        ("c", None, None),
    ]


def test_a_visit_is_whose_account_was_logged_in_at_any_time_of_it() -> None:
    assert found(event("a", 0), event("b", 5, "x"), event("c", 10)) == [("abc", "x", "account")]


def test_other_visits_of_the_device_within_a_month_are_its_only_customers() -> None:
    month = 30 * 24 * 60
    assert found(
        event("a", 0), event("b", month, "x"), event("c", 2 * month), event("d", 2 * month + 31)
    ) == [("a", "x", "device"), ("b", "x", "account"), ("c", "x", "device"), ("d", None, None)]


def test_a_device_of_two_people_or_known_to_be_shared_says_nothing() -> None:
    assert found(event("a", 0), event("b", 40, "x"), event("c", 80, "y")) == [
        ("a", None, None),
        ("b", "x", "account"),
        ("c", "y", "account"),
    ]
    assert found(event("a", 0), event("b", 40, "x"), shared=("d",))[0] == ("a", None, None)


def test_where_the_next_one_logs_in_soon_a_session_of_theirs_begins() -> None:
    assert found(event("a", 0, "x"), event("b", 5), event("c", 10, "y"), event("d", 15)) == [
        ("ab", "x", "account"),
        ("cd", "y", "account"),
    ]


def test_of_a_visit_in_which_two_people_were_it_is_not_guessed_whose_it_was() -> None:
    assert found(event("a", 0, "x"), event("b", 20), event("c", 40, "y")) == [("abc", None, None)]


def test_tracks_are_apart() -> None:
    assert found(event("a", 0), event("b", 1, track="e")) == [
        ("a", None, None),
        ("b", None, None),
    ]
