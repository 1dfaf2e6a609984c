"""What people do in the app: looking around while they are alive, and the way to each app order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.world.baskets import Baskets
from orchestration.world.buying import Lives
from orchestration.world.calendar import ONLINE, Calendar
from orchestration.world.identity import SHOP, Accounts, Selves
from orchestration.world.market import Market
from orchestration.world.people import People
from orchestration.world.trade import SELLS_IN, Sales

EVENTS = ("view", "click", "search", "cart", "favourite", "checkout")
VIEW, CLICK, SEARCH, CART, FAVOURITE, CHECKOUT = range(len(EVENTS))
LOOKS_PER_PURCHASE = 2.5  # sessions without an order for each one with
LOOKS_PER_DAY = 0.01  # besides, whoever it is
LEAVING_DAYS, STILL_LOOKING = 45, 0.35  # before leaving people look around less often
EVENTS_OF_LOOK = 4
LOOKING = (0.55, 0.14, 0.15, 0.09, 0.07)
LOGGED_IN = 0.8
MEDIAN_DWELL = 14  # seconds on a page
SLOWEST_CHECKOUT = 600  # seconds from the cart to the order


@dataclass(frozen=True)
class Events:
    """Events in the order of sessions: `session` is the position of its first event, `account` a
    position or -1 when nobody is logged in, `second` counts from the beginning of the day in
    Shanghai."""

    session: np.ndarray
    account: np.ndarray
    device: np.ndarray
    kind: np.ndarray
    product: np.ndarray
    dwell: np.ndarray
    day: np.ndarray
    second: np.ndarray


def browse(
    random: np.random.Generator,
    calendar: Calendar,
    market: Market,
    people: People,
    selves: Selves,
    accounts: Accounts,
    lives: Lives,
    baskets: Baskets,
    sales: Sales,
) -> Events:
    """Every session of the people of a chunk."""
    account = _account_of_person(people, accounts)
    person, day = _looks(random, market, people, lives, account)
    formats = np.full(len(person), ONLINE)
    starts = calendar.seconds(random, formats)
    count = 1 + random.poisson(EVENTS_OF_LOOK - 1, len(person))
    look = np.repeat(np.arange(len(person)), count)
    kind = random.choice(len(LOOKING), len(look), p=LOOKING)
    mission = people.missions[person[look], random.integers(0, 2, len(look))]
    product = np.where(kind == SEARCH, -1, market.choose_products(random, mission))

    bought = np.flatnonzero((sales.sells_in == SELLS_IN.index("app")) & sales.is_purchase)
    session, step, wanted = _way_to_order(baskets, sales.basket[bought])
    ordered = bought[session]

    is_registered = accounts.registered[account[person]] <= day
    logged_in = is_registered & (random.random(len(person)) < LOGGED_IN)
    at = np.concatenate(
        [
            starts[look] + random.integers(0, 300, len(look)),
            sales.second[ordered] - SLOWEST_CHECKOUT // 10 * (9 - np.minimum(step, 8)),
        ]
    )
    columns = {
        "session": np.concatenate([look, len(person) + session]),
        "account": np.concatenate(
            [np.where(logged_in, account[person], -1)[look], sales.account[ordered]]
        ),
        "kind": np.concatenate(
            [kind, np.take([VIEW, VIEW, VIEW, CART, CART, CART, CHECKOUT], np.minimum(step, 6))]
        ),
        "product": np.concatenate([product, wanted]),
        "day": np.concatenate([day[look], sales.day[ordered]]),
        "second": np.clip(at, 0, 86_399),
    }
    columns["device"] = selves.device[np.concatenate([person[look], sales.person[ordered]])]
    seconds = np.round(MEDIAN_DWELL * np.exp(random.normal(0, 1, len(at)))).clip(1, 1800)
    columns["dwell"] = np.where(columns["kind"] == VIEW, seconds, -1).astype(int)
    order = np.lexsort((columns["kind"], columns["second"], columns["session"]))
    events = {name: column[order] for name, column in columns.items()}
    events["session"] = np.searchsorted(events["session"], events["session"])
    return Events(**events)


def _account_of_person(people: People, accounts: Accounts) -> np.ndarray:
    """The position of each person's first account in the shop, -1 where they have none."""
    found = np.full(len(people), -1)
    positions = np.flatnonzero(accounts.system == SHOP)[::-1]
    found[accounts.person[positions]] = positions
    return found


def _looks(
    random: np.random.Generator,
    market: Market,
    people: People,
    lives: Lives,
    account: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Person and day of each session without an order, from the first day to the leaving."""
    starts = np.maximum(people.acquired, 0)
    ends = np.where(people.never_buys, np.minimum(starts + 60, market.world.days), lives.left)
    rate = LOOKS_PER_DAY + LOOKS_PER_PURCHASE * people.rate * people.online
    looks = (people.uses_app & (account >= 0)) * rate * np.maximum(ends - starts, 0)
    person = np.repeat(np.arange(len(people)), random.poisson(looks))
    day = random.uniform(starts[person], ends[person]).astype(int)
    has_left = lives.left[person] < market.world.days
    fading = has_left & (lives.left[person] - day < LEAVING_DAYS)
    kept = ~fading | (random.random(len(person)) < STILL_LOOKING)
    return person[kept], day[kept]


def _way_to_order(
    baskets: Baskets, basket: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Up to three products are viewed and put into the cart, then comes the checkout.

    Returns the session (a position in `basket`), the step (0 to 2 views, 3 to 5 cart, 6 checkout)
    and the product, -1 at the checkout.
    """
    first = np.searchsorted(baskets.order, basket, side="left")
    count = np.minimum(np.searchsorted(baskets.order, basket, side="right") - first, 3)
    session = np.repeat(np.arange(len(basket)), 2 * count + 1)
    place = np.arange(len(session)) - np.repeat(
        (2 * count + 1).cumsum() - 2 * count - 1, 2 * count + 1
    )
    of = count[session]
    step = np.select([place < of, place < 2 * of], [place, 3 + place - of], 6)
    line = np.where(step < 6, first[session] + step % 3, 0)
    return session, step, np.where(step < 6, baskets.product[line], -1)
