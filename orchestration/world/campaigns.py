"""Campaigns with known potential outcomes: what each person would buy with and without them.

The purchases that `buying` makes are what happens without any campaign. A campaign can add one
order in its window to a person who is still alive, or take away all that they would have bought
there. Windows don't overlap, so that both outcomes of every person are known, and the recorded one
is that of the arm.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.world.buying import Lives, Purchases
from orchestration.world.calendar import Calendar
from orchestration.world.people import People
from orchestration.world.scale import World

WINDOW_DAYS = 28
LAPSED_DAYS = 60  # of silence
LUNCH_HOURS = (11, 14)
LUNCH_DISCOUNT = 0.4
LUNCH_REDEEMS = 0.6  # share of the purchases at which the coupon may be used
NOBODY = -1


@dataclass(frozen=True)
class Campaign:
    """`lift` is the chance of one more order for a person alive, `lift_price_sensitive` for one who
    minds prices; `loss` the chance that a person alive buys nothing in the window because of it."""

    code: str
    name: str
    objective: str
    channel: str
    starts_at: float
    audience: str
    lift: float
    lift_price_sensitive: float
    loss: float = 0.0
    is_randomised: bool = True
    is_lunch_coupon: bool = False

    def starts(self, world: World) -> int:
        return int(world.days * self.starts_at)


CAMPAIGNS = (
    Campaign("C01", "周末短信", "activation", "sms", 0.30, "all", 0.09, 0.09),
    # No effect.
    Campaign("C02", "每月通讯", "retention", "email", 0.40, "all", 0, 0),
    # Sleeping dogs: who is called stays away.
    Campaign("C03", "回访电话", "winback", "phone", 0.50, "lapsed", 0.02, 0.02, loss=0.5),
    # More orders, yet not more revenue.
    Campaign("C04", "午餐", "frequency", "push", 0.58, "members", 0.10, 0.10, is_lunch_coupon=True),
    # For those who mind prices above all.
    Campaign("C05", "沉睡唤醒短信", "winback", "sms", 0.68, "lapsed", 0.15, 0.45),
    # No effect, but its audience buys more than the others anyway.
    Campaign("C06", "贵宾礼遇", "loyalty", "push", 0.78, "best", 0, 0, is_randomised=False),
    # An effect, but its audience buys less than the others anyway.
    Campaign("C07", "老客目录", "winback", "email", 0.86, "lapsed", 0.2, 0.2, is_randomised=False),
)


@dataclass(frozen=True)
class Orders:
    """All orders that could have come about, in the order of people, then days.

    `campaign` is the campaign in whose window the order of a person of the audience lies, else
    NOBODY; the order comes about `if_untreated`, `if_treated`, and in truth when `is_real`. A lunch
    coupon is used on it by a treated person when `may_redeem`.
    """

    purchases: Purchases
    second: np.ndarray
    campaign: np.ndarray
    if_untreated: np.ndarray
    if_treated: np.ndarray
    is_treated: np.ndarray
    is_real: np.ndarray
    may_redeem: np.ndarray

    def __len__(self) -> int:
        return len(self.campaign)


@dataclass(frozen=True)
class Arms:
    """One row a campaign and person of its audience: `person` is a position in the chunk."""

    campaign: np.ndarray
    person: np.ndarray
    is_treated: np.ndarray


def run_campaigns(
    world: World,
    chunk: int,
    calendar: Calendar,
    people: People,
    known_from: np.ndarray,
    bought: Purchases,
    lives: Lives,
) -> tuple[Orders, Arms]:
    """Assigns the arms and says which orders come about in which of them.

    `known_from` is the day from which each person has an account.
    """
    random = world.random("campaigns", chunk)
    arms, extras = [], []
    campaign_of = np.full(len(bought), NOBODY)
    lost = np.zeros(len(bought), dtype=bool)
    treated = np.zeros((len(CAMPAIGNS), len(people)), dtype=bool)
    for number, campaign in enumerate(CAMPAIGNS):
        start = campaign.starts(world)
        audience = _audience(campaign.audience, start, people, bought) & (known_from < start)
        treated[number] = audience & (
            (random.random(len(people)) < 0.5) if campaign.is_randomised else True
        )
        person = np.flatnonzero(audience)
        arms.append(Arms(np.full(len(person), number), person, treated[number][person]))
        inside = (bought.day >= start) & (bought.day < start + WINDOW_DAYS)
        inside &= audience[bought.person]
        campaign_of[inside] = number
        lost |= inside & (random.random(len(people)) < campaign.loss)[bought.person]
        extras.append((number, *_extra(random, calendar, campaign, start, people, lives, audience)))
    return (
        _orders(random, calendar, people, bought, campaign_of, lost, extras, treated),
        Arms(*(np.concatenate([getattr(arm, name) for arm in arms]) for name in vars(arms[0]))),
    )


def _audience(which: str, start: int, people: People, bought: Purchases) -> np.ndarray:
    """Who may be contacted and fits, by what had been bought when the campaign started."""
    before = bought.day < start
    count = np.bincount(bought.person[before], minlength=len(people))
    last = np.full(len(people), -1)
    np.maximum.at(last, bought.person[before], bought.day[before])
    silence = start - last
    fits = {
        "all": count > 0,
        "members": people.is_member & (count > 0),
        "lapsed": (count > 0) & (silence >= LAPSED_DAYS),
        "best": (count >= 6) & (silence < LAPSED_DAYS),
    }[which]
    return fits & people.may_be_contacted(start)


def _extra(
    random: np.random.Generator,
    calendar: Calendar,
    campaign: Campaign,
    start: int,
    people: People,
    lives: Lives,
    audience: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Who would buy once more because of the campaign, and when."""
    lift = np.where(people.is_price_sensitive, campaign.lift_price_sensitive, campaign.lift)
    persuaded = np.flatnonzero(audience & (random.random(len(people)) < lift))
    day = start + random.integers(0, WINDOW_DAYS, len(persuaded))
    if campaign.is_lunch_coupon:
        weekend = calendar.weekdays[day] >= 5
        day = np.where(weekend & (day + 2 < start + WINDOW_DAYS), day + 2, day - 2 * weekend)
    alive = day < lives.left[persuaded]
    return persuaded[alive], day[alive]


def _orders(
    random: np.random.Generator,
    calendar: Calendar,
    people: People,
    bought: Purchases,
    campaign_of: np.ndarray,
    lost: np.ndarray,
    extras: list[tuple[int, np.ndarray, np.ndarray]],
    treated: np.ndarray,
) -> Orders:
    """The purchases of a world without campaigns and the additional ones, in one order."""
    campaign = np.concatenate(
        [campaign_of, *(np.full(len(person), number) for number, person, _ in extras)]
    )
    person = np.concatenate([bought.person, *(person for _, person, _ in extras)])
    day = np.concatenate([bought.day, *(day for *_, day in extras)])
    added = np.arange(len(person)) >= len(bought)
    is_lunch = np.isin(campaign, [n for n, each in enumerate(CAMPAIGNS) if each.is_lunch_coupon])
    nothing = np.zeros(added.sum(), dtype=bool)
    is_online = np.concatenate([bought.is_online, nothing])
    is_online[added] = random.random(added.sum()) < people.online[person[added]]
    is_online[added & is_lunch] = False
    purchases = Purchases(
        person,
        day,
        is_online,
        np.concatenate([bought.is_late, nothing]),
        np.concatenate([bought.is_complaint, nothing]),
    )
    if_untreated, if_treated = ~added, np.concatenate([~lost, ~nothing])
    is_treated = treated[campaign, person] & (campaign != NOBODY)
    second = calendar.seconds(random, people.format[person])
    may_redeem = is_lunch & ~is_online & (calendar.weekdays[day] < 5)
    may_redeem &= added | (random.random(len(person)) < LUNCH_REDEEMS)
    lunch = random.integers(LUNCH_HOURS[0] * 3600, LUNCH_HOURS[1] * 3600, len(person))
    order = np.lexsort((second, day, person))
    orders = Orders(
        purchases,
        np.where(may_redeem, lunch, second),
        campaign,
        if_untreated,
        if_treated,
        is_treated,
        np.where(is_treated, if_treated, if_untreated),
        may_redeem,
    )
    return Orders(
        orders.purchases.chosen(order),
        *(getattr(orders, name)[order] for name in list(vars(orders))[1:]),
    )
