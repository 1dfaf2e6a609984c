"""What the marketing system records of campaigns: arms, messages, coupons."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.world.campaigns import CAMPAIGNS, Arms
from orchestration.world.identity import Accounts
from orchestration.world.newsletters import Mail
from orchestration.world.people import People
from orchestration.world.scale import World
from orchestration.world.trade import Sales

KINDS = ("assigned", "sent", "opened", "clicked", "coupon_issued", "coupon_redeemed")
ASSIGNED, SENT, OPENED, CLICKED, ISSUED, REDEEMED = range(len(KINDS))
OPENS = {"email": 0.32, "push": 0.25, "sms": 0.0, "phone": 0.0}  # share of what is sent
CLICKS = 0.3  # share of what is opened


@dataclass(frozen=True)
class Touches:
    """`account` and `sale` are positions, -1 for no sale; `campaign` goes on behind the campaigns
    with the newsletters, of which nobody is held back as a control."""

    campaign: np.ndarray
    account: np.ndarray
    kind: np.ndarray
    is_treated: np.ndarray
    day: np.ndarray
    second: np.ndarray
    sale: np.ndarray


def touch(
    random: np.random.Generator,
    world: World,
    people: People,
    accounts: Accounts,
    arms: Arms,
    sales: Sales,
    mail: Mail,
) -> Touches:
    """Each arm that was drawn, each message to the treated, what came of it, each coupon used; then
    the newsletters."""
    oldest = _oldest_account(people, accounts)
    parts = [_messages(random, world, oldest, arms, number) for number in range(len(CAMPAIGNS))]
    lunch = next(n for n, campaign in enumerate(CAMPAIGNS) if campaign.is_lunch_coupon)
    used = np.flatnonzero(sales.redeems & sales.is_purchase)
    count = len(used)
    parts.append(
        Touches(
            campaign=np.full(count, lunch),
            account=oldest[sales.person[used]],
            kind=np.full(count, REDEEMED),
            is_treated=np.ones(count, dtype=bool),
            day=sales.day[used],
            second=sales.second[used],
            sale=used,
        )
    )
    parts.append(_newsletters(random, oldest, mail))
    return Touches(
        *(np.concatenate([vars(part)[name] for part in parts]) for name in vars(parts[0]))
    )


def _messages(
    random: np.random.Generator, world: World, oldest: np.ndarray, arms: Arms, number: int
) -> Touches:
    campaign = CAMPAIGNS[number]
    mine = arms.campaign == number
    account, treated = oldest[arms.person[mine]], arms.is_treated[mine]
    n, start = len(account), campaign.starts(world)
    opened = treated & (random.random(n) < OPENS[campaign.channel])
    clicked = opened & (random.random(n) < CLICKS)
    kinds = {
        ASSIGNED: np.full(n, campaign.is_randomised),
        SENT: treated,
        OPENED: opened,
        CLICKED: clicked,
        ISSUED: treated & campaign.is_lunch_coupon,
    }
    kind = np.repeat(list(kinds), [which.sum() for which in kinds.values()])
    at = np.concatenate([np.flatnonzero(which) for which in kinds.values()])
    late = np.isin(kind, [OPENED, CLICKED])
    sent = random.integers(36_000, 64_800, n)[at]
    read = random.integers(60, 18_000, n)[at] + np.where(kind == CLICKED, 30, 0)
    return Touches(
        campaign=np.full(len(at), number),
        account=account[at],
        kind=kind,
        is_treated=treated[at],
        day=np.full(len(at), start) - (kind == ASSIGNED),
        second=sent + np.where(late, read, 0),
        sale=np.full(len(at), -1),
    )


def _newsletters(random: np.random.Generator, oldest: np.ndarray, mail: Mail) -> Touches:
    """A click comes some seconds after the opening."""
    everything = np.arange(len(mail.person))
    opened, clicked = np.flatnonzero(mail.is_opened), np.flatnonzero(mail.is_clicked)
    at = np.concatenate([everything, opened, clicked])
    kind = np.repeat([SENT, OPENED, CLICKED], [len(everything), len(opened), len(clicked)])
    is_read = kind != SENT
    return Touches(
        campaign=len(CAMPAIGNS) + mail.newsletter[at],
        account=oldest[mail.person[at]],
        kind=kind,
        is_treated=np.ones(len(at), dtype=bool),
        day=np.where(is_read, mail.read_day[at], mail.day[at]),
        second=np.where(is_read, mail.read_second[at], mail.second[at])
        + np.where(kind == CLICKED, random.integers(5, 55, len(at)), 0),
        sale=np.full(len(at), -1),
    )


def _oldest_account(people: People, accounts: Accounts) -> np.ndarray:
    """The position of each person's oldest account, -1 where they have none."""
    order = np.lexsort((accounts.registered, accounts.person))[::-1]
    found = np.full(len(people), -1)
    found[accounts.person[order]] = order
    return found
