"""What marketing sends every week: how often each person gets it, and who opens and clicks it.

Nobody buys because of a newsletter. How often a person is written to is drawn by lot every eight
weeks, so that what frequent mail does to opening can be told from what the people are like.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.world.calendar import ONLINE, Calendar
from orchestration.world.campaigns import Arms
from orchestration.world.people import People


@dataclass(frozen=True)
class Newsletter:
    """`weekday` is 0 on Mondays; `opened` the share that an average person opens, unwearied."""

    code: str
    name: str
    channel: str
    weekday: int
    opened: float


NEWSLETTERS = (
    Newsletter("N01", "每周邮件", "email", 1, 0.34),
    Newsletter("N02", "每周推送", "push", 4, 0.26),
)
PACES = (0.04, 0.12, 0.4)  # share of the weeks in which a person gets a newsletter: drawn by lot
PACE_DAYS = 56  # after which it is drawn again
FATIGUE, FATIGUE_DAYS = 0.12, 30  # each message of the last days takes so much off the opening
STILL_OPENING = 0.3  # against before, of people who have left
TASTE = 0.5  # spread (of the logarithm) of what people think of a channel
CLICKED = 0.28  # share of what is opened
SENT_AT, SENDING_SECONDS = 35_400, 900
HOUR_SPREAD = 3_600  # seconds around the time of day at which a person reads


@dataclass(frozen=True)
class Tastes:
    """What people think of the newsletters: `opening` (newsletters, people) is the chance that an
    unwearied person opens one, `reads_at` the second of the day around which a person reads."""

    opening: np.ndarray
    reads_at: np.ndarray


@dataclass(frozen=True)
class Mail:
    """One row a newsletter sent to a person; `contacts` counts the messages of the days before.
    `read_day` and `read_second` say when it is opened, if it is."""

    newsletter: np.ndarray
    person: np.ndarray
    day: np.ndarray
    second: np.ndarray
    contacts: np.ndarray
    is_opened: np.ndarray
    is_clicked: np.ndarray
    read_day: np.ndarray
    read_second: np.ndarray


def have_tastes(random: np.random.Generator, calendar: Calendar, people: People) -> Tastes:
    """Draws what each person thinks of each newsletter, and when they read."""
    liking = np.exp(random.normal(-TASTE * TASTE / 2, TASTE, (len(NEWSLETTERS), len(people))))
    usual = np.array([each.opened for each in NEWSLETTERS])[:, None]
    reads_at = calendar.seconds(random, np.full(len(people), ONLINE))
    return Tastes(np.minimum(usual * liking, 0.95), reads_at)


def send_newsletters(
    random: np.random.Generator,
    calendar: Calendar,
    people: People,
    tastes: Tastes,
    known_from: np.ndarray,
    left: np.ndarray,
    arms: Arms,
    starts: np.ndarray,
) -> Mail:
    """Writes to members who have consented, `known_from` a day on; `starts` is the day of each
    campaign, whose messages weary as well."""
    days = len(calendar.weekdays)
    newsletter, person, day = _sent(random, calendar, people, known_from)
    contacts = _contacts_before(person, day, arms, starts, days)
    chance = tastes.opening[newsletter, person] * np.exp(-FATIGUE * contacts)
    chance *= np.where(day < left[person], 1, STILL_OPENING)
    second = SENT_AT + random.integers(0, SENDING_SECONDS, len(person))
    read = tastes.reads_at[person] + random.normal(0, HOUR_SPREAD, len(person)).astype(int)
    read = np.where(read > second, read, read + 86_400)
    read_day = day + read // 86_400
    is_opened = (random.random(len(person)) < chance) & (read_day < days)
    return Mail(
        newsletter=newsletter,
        person=person,
        day=day,
        second=second,
        contacts=contacts,
        is_opened=is_opened,
        is_clicked=is_opened & (random.random(len(person)) < CLICKED),
        read_day=read_day,
        read_second=read % 86_400,
    )


def _sent(
    random: np.random.Generator, calendar: Calendar, people: People, known_from: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Newsletter, person and day of each that is sent."""
    days = len(calendar.weekdays)
    pace = random.choice(PACES, (len(people), days // PACE_DAYS + 1))
    until = np.where(people.withdraws < 0, days, people.withdraws)
    found = []
    for number, each in enumerate(NEWSLETTERS):
        reached = people.is_member & people.consents & (people.uses_app | (each.channel != "push"))
        person = np.flatnonzero(reached)
        on = np.flatnonzero(calendar.weekdays == each.weekday)
        drawn = random.random((len(person), len(on))) < pace[person][:, on // PACE_DAYS]
        drawn &= (on > known_from[person][:, None]) & (on < until[person][:, None])
        who, when = np.nonzero(drawn)
        found.append((np.full(len(who), number), person[who], on[when]))
    newsletter, person, day = (np.concatenate(column) for column in zip(*found, strict=True))
    return newsletter, person, day


def _contacts_before(
    person: np.ndarray, day: np.ndarray, arms: Arms, starts: np.ndarray, days: int
) -> np.ndarray:
    """How many messages each person had got in the days before each newsletter."""
    reached = arms.is_treated
    sent = np.concatenate(
        [
            person * (days + FATIGUE_DAYS) + day,
            arms.person[reached] * (days + FATIGUE_DAYS) + starts[arms.campaign[reached]],
        ]
    )
    sent.sort()
    now = person * (days + FATIGUE_DAYS) + day
    # The days of one person end FATIGUE_DAYS before the next one's begin.
    return np.searchsorted(sent, now) - np.searchsorted(sent, now - FATIGUE_DAYS)
