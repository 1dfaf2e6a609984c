"""What people do in each visit: page by page, until they leave, get stuck, or buy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.world.baskets import Baskets
from orchestration.world.identity import SHOP, Accounts
from orchestration.world.market import Market
from orchestration.world.people import People
from orchestration.world.scale import World
from orchestration.world.trade import Sales
from orchestration.world.visits import (
    ADVERTISED,
    BEFORE_STORE,
    BROKEN_ENTRY,
    DIRECT,
    DISCOVERY,
    DOUYIN,
    EMAIL,
    LOOK,
    MAILED,
    ORDER,
    PUSH,
    SEARCH,
    STILL_WORKS,
    STUCK,
    WECHAT,
    Visits,
    breaks_on,
)

EVENTS = ("view", "click", "search", "cart", "favourite", "checkout")
VIEW, CLICK, SEARCHING, CART, FAVOURITE, CHECKOUT = range(len(EVENTS))
PAGES = (
    *("home", "list", "product", "search", "cart"),
    *("checkout", "confirmation", "account", "content"),
)
HOME, LIST, PRODUCT, RESULTS, CART_PAGE, PAYING, CONFIRMATION, ACCOUNT, CONTENT = range(len(PAGES))
# Where each channel brings its visitors: two pages, and the share of the first.
LANDS_ON = {
    DIRECT: (HOME, PRODUCT, 0.75),
    SEARCH: (LIST, PRODUCT, 0.5),
    WECHAT: (CONTENT, PRODUCT, 0.5),
    DOUYIN: (CONTENT, PRODUCT, 0.3),
    EMAIL: (LIST, PRODUCT, 0.6),
    PUSH: (HOME, PRODUCT, 0.4),
}
# Mean number of events of a visit in which people stroll about.
EVENTS_OF = {LOOK: 4.0, ADVERTISED: 2.6, BEFORE_STORE: 2.0, DISCOVERY: 2.2, MAILED: 2.2}
LOOKING = (0.55, 0.14, 0.15, 0.09, 0.07)  # share of each kind of event after the first
LURED = (0.42, 0.10, 0.06, 0.38, 0.04)  # of visitors from an advertisement
VIEWED = ((PRODUCT, 0.66), (LIST, 0.22), (ACCOUNT, 0.06), (CONTENT, 0.06))  # pages that are viewed
PAGE_OF = {CLICK: LIST, SEARCHING: RESULTS, CART: CART_PAGE, FAVOURITE: PRODUCT, CHECKOUT: PAYING}
TRIES_TO_PAY = 0.6  # share of visits with a cart that go on to the checkout, and buy nothing
VIEWED_OF_BASKET = 3  # products that are looked at, and put into the cart, on the way to an order
CONFIRMED = 0.85  # share of orders whose confirmation is looked at
MEDIAN_PAUSE, PAUSE_SPREAD = 35, 0.9  # seconds between two events: log-normal
LONGEST_PAUSE = 1_300  # well below half an hour …
INTERRUPTED, INTERRUPTION = 0.001, (1_900, 5_400)  # … but for few, who are called away
PAYS_AFTER, CONFIRMED_AFTER = (20, 150), (5, 40)  # seconds from the checkout to the order, and on
APART = 2_100  # seconds between two visits of a person …
COLLIDES = 0.1  # … but for this share of those that are nearer to another
# How many are logged in, of those whom nobody sent and others; of them, who logs in midway.
LOGGED_IN, LOGGED_IN_WHEN_SENT = 0.8, 0.6
LOGS_IN_LATER, LOGS_IN_LATER_TO_BUY = 0.15, 0.35
UNTOLD = 0.02  # share of visits of which the log does not say how the visitor came
# Places of what is done on purpose, behind all strolling.
_VIEWS, _CARTS, _PAYS, _CONFIRMS, _TRIES = 1_000, 1_100, 1_200, 1_201, 1_300


@dataclass(frozen=True)
class Events:
    """Events in the order of visits: `visit` is a position in the visits, `session` the position of
    its first event, `account` a position or -1 when nobody is logged in, `second` counts from the
    beginning of the day in Shanghai. `entry` is -1 where the log does not say it."""

    visit: np.ndarray
    session: np.ndarray
    account: np.ndarray
    device: np.ndarray
    entry: np.ndarray
    kind: np.ndarray
    page: np.ndarray
    product: np.ndarray
    dwell: np.ndarray
    day: np.ndarray
    second: np.ndarray


@dataclass(frozen=True)
class _Steps:
    """Events before they have a time: `place` is their order within the visit."""

    visit: np.ndarray
    place: np.ndarray
    kind: np.ndarray
    page: np.ndarray
    product: np.ndarray

    @classmethod
    def all(cls, visit: np.ndarray, place: int, kind: int, page: int) -> _Steps:
        """The same step of some visits, at which no product is shown."""
        n = len(visit)
        return cls(visit, *(np.full(n, each) for each in (place, kind, page, -1)))

    @classmethod
    def joined(cls, parts: list[_Steps]) -> _Steps:
        """The steps of all parts, in the order of visits and places."""
        columns = {
            name: np.concatenate([vars(part)[name] for part in parts]) for name in vars(parts[0])
        }
        order = np.lexsort((columns["place"], columns["visit"]))
        return cls(**{name: column[order] for name, column in columns.items()})

    def bounds(self, visits: int) -> tuple[np.ndarray, np.ndarray]:
        """The positions of each visit's first step, and of the one behind its last."""
        numbers = np.arange(visits)
        return np.searchsorted(self.visit, numbers), np.searchsorted(self.visit, numbers, "right")


def browse(
    random: np.random.Generator,
    world: World,
    market: Market,
    people: People,
    accounts: Accounts,
    visits: Visits,
    baskets: Baskets,
    looks: np.ndarray,
    sales: Sales,
) -> Events:
    """Every event of the visits of a chunk; `looks` is how many lines of each order people want
    who don't know its prices yet, so that prices change nothing of how they go from page to page.
    """
    steps = _Steps.joined(
        [
            _arrivals(random, market, people, visits),
            _strolls(random, market, people, visits),
            *_errands(random, visits, baskets, looks, sales),
        ]
    )
    steps = _Steps.joined([steps, _tries(random, world, visits, steps)])
    at, dwell = _times(random, visits, steps)
    day, second = at // 86_400, at % 86_400
    kept = _are_made(random, visits, steps, at)[steps.visit] & (day >= 0) & (day < world.days)
    account = _logins(random, people, accounts, visits, sales, steps, day)
    entry = np.where(random.random(len(visits)) < UNTOLD, -1, visits.entry)
    visit = steps.visit[kept]
    return Events(
        visit=visit,
        session=np.searchsorted(visit, visit),
        account=account[kept],
        device=visits.device[visit],
        entry=entry[visit],
        kind=steps.kind[kept],
        page=steps.page[kept],
        product=market.on_sale(steps.product[kept], day[kept]),
        dwell=dwell[kept],
        day=day[kept],
        second=second[kept],
    )


def _wanted(
    random: np.random.Generator, market: Market, people: People, person: np.ndarray
) -> np.ndarray:
    """A product that each of these people may look at."""
    return market.choose_products(
        random, people.missions[person, random.integers(0, 2, len(person))]
    )


def _arrivals(
    random: np.random.Generator, market: Market, people: People, visits: Visits
) -> _Steps:
    """The first event of each visit: a view of a page to which its channel leads."""
    n = len(visits)
    first, second, share = np.array([LANDS_ON[entry] for entry in range(len(LANDS_ON))]).T
    entry = visits.entry
    page = np.where(random.random(n) < share[entry], first[entry], second[entry]).astype(int)
    product = np.where(page == PRODUCT, _wanted(random, market, people, visits.person), -1)
    return _Steps(np.arange(n), np.zeros(n, dtype=int), np.full(n, VIEW), page, product)


def _strolls(random: np.random.Generator, market: Market, people: People, visits: Visits) -> _Steps:
    """What visitors do after the first event who don't come for an order."""
    means = np.zeros(len(visits))
    for purpose, mean in EVENTS_OF.items():
        means[visits.purpose == purpose] = mean - 1
    count = random.poisson(means)
    visit = np.repeat(np.arange(len(visits)), count)
    n, luck = len(visit), random.random(len(visit))
    kind = np.where(
        visits.purpose[visit] == ADVERTISED,
        np.searchsorted(np.cumsum(LURED)[:-1], luck, side="right"),
        np.searchsorted(np.cumsum(LOOKING)[:-1], luck, side="right"),
    )
    pages, shares = zip(*VIEWED, strict=True)
    page = random.choice(pages, n, p=shares)
    for of_kind, its_page in PAGE_OF.items():
        page[kind == of_kind] = its_page
    shows = np.isin(page, [PRODUCT, LIST, CART_PAGE])
    product = np.where(shows, _wanted(random, market, people, visits.person[visit]), -1)
    place = 1 + np.arange(n) - np.repeat(count.cumsum() - count, count)
    return _Steps(visit, place, kind, page, product)


def _errands(
    random: np.random.Generator,
    visits: Visits,
    baskets: Baskets,
    looks: np.ndarray,
    sales: Sales,
) -> list[_Steps]:
    """Views of products that are bought. Then, but for what is bought in a store, the cart; then,
    but for who is stuck, the checkout and mostly its confirmation."""
    at = np.flatnonzero(visits.sale >= 0)
    basket, purpose = sales.basket[visits.sale[at]], visits.purpose[at]
    first = np.searchsorted(baskets.order, basket, side="left")
    last = np.searchsorted(baskets.order, basket, side="right") - 1
    parts = []
    for number in range(VIEWED_OF_BASKET):
        views = looks[basket] > number
        for which, place, kind, page in (
            (views, _VIEWS, VIEW, PRODUCT),
            (views & (purpose != BEFORE_STORE), _CARTS, CART, CART_PAGE),
        ):
            step = vars(_Steps.all(at[which], place + number, kind, page))
            line = np.minimum(first[which] + number, last[which])
            parts.append(_Steps(**{**step, "product": baskets.product[line]}))
    pays = at[purpose == ORDER]
    parts.append(_Steps.all(pays, _PAYS, CHECKOUT, PAYING))
    confirms = pays[random.random(len(pays)) < CONFIRMED]
    parts.append(_Steps.all(confirms, _CONFIRMS, VIEW, CONFIRMATION))
    return parts


def _tries(random: np.random.Generator, world: World, visits: Visits, steps: _Steps) -> _Steps:
    """Some who have something in the cart see the checkout, and go. Where it is broken, two of
    three don't get there."""
    n = len(visits)
    has_cart = np.bincount(steps.visit[steps.kind == CART], minlength=n) > 0
    tries = has_cart & ~np.isin(visits.purpose, [ORDER, STUCK])
    tries &= random.random(n) < TRIES_TO_PAY
    is_broken = (visits.entry == BROKEN_ENTRY) & (visits.day >= breaks_on(world))
    tries &= ~is_broken | (random.random(n) < STILL_WORKS)
    return _Steps.all(np.flatnonzero(tries), _TRIES, CHECKOUT, PAYING)


def _times(
    random: np.random.Generator, visits: Visits, steps: _Steps
) -> tuple[np.ndarray, np.ndarray]:
    """When each event happens, in seconds since the first day began, and how long each page was
    viewed (-1 for what is no view). An order comes between its checkout and the confirmation."""
    n = len(steps.visit)
    pause = np.exp(random.normal(np.log(MEDIAN_PAUSE), PAUSE_SPREAD, n)).clip(2, LONGEST_PAUSE)
    is_called_away = random.random(n) < INTERRUPTED
    pause = np.where(is_called_away, random.integers(*INTERRUPTION, n), pause).astype(int)
    pays = np.flatnonzero((steps.kind == CHECKOUT) & (visits.purpose[steps.visit] == ORDER))
    pays_after = random.integers(*PAYS_AFTER, len(pays))
    pause[pays] = pays_after + random.integers(*CONFIRMED_AFTER, len(pays))
    passed = pause.cumsum() - pause
    first, _ = steps.bounds(len(visits))
    passed -= passed[first][steps.visit]
    begins = visits.day * 86_400 + visits.second
    begins[steps.visit[pays]] -= passed[pays] + pays_after
    return begins[steps.visit] + passed, np.where(steps.kind == VIEW, pause.clip(max=1_800), -1)


def _are_made(
    random: np.random.Generator, visits: Visits, steps: _Steps, at: np.ndarray
) -> np.ndarray:
    """Whether each visit is made: two of a person hardly ever follow each other within minutes.
    Those on which a purchase hangs are."""
    first, end = steps.bounds(len(visits))
    begins, ends = at[first], at[end - 1]
    order = np.lexsort((begins, visits.person))
    earlier, later = order[:-1], order[1:]
    is_near = visits.person[earlier] == visits.person[later]
    is_near &= begins[later] - ends[earlier] < APART
    collides = np.zeros(len(visits), dtype=bool)
    collides[earlier[is_near]] = collides[later[is_near]] = True
    hangs_on = np.isin(visits.purpose, [ORDER, STUCK]) | (visits.causes >= 0)
    return hangs_on | ~collides | (random.random(len(visits)) < COLLIDES)


def _logins(
    random: np.random.Generator,
    people: People,
    accounts: Accounts,
    visits: Visits,
    sales: Sales,
    steps: _Steps,
    day: np.ndarray,
) -> np.ndarray:
    """The account of each event: -1 before the login, of guests, and before it is registered. Some
    log in midway; who buys with an account does so before the checkout."""
    n, buys = len(visits), visits.purpose == ORDER
    own = _account_of_person(people, accounts)[visits.person]
    account = np.where(buys, sales.account[visits.sale], own)
    is_sent = np.isin(visits.purpose, [ADVERTISED, MAILED])
    willing = np.select(
        [buys, visits.purpose == DISCOVERY, is_sent], [1, 0, LOGGED_IN_WHEN_SENT], LOGGED_IN
    )
    logs_in = (account >= 0) & (random.random(n) < willing)
    is_later = random.random(n) < np.where(buys, LOGS_IN_LATER_TO_BUY, LOGS_IN_LATER)
    first, end = steps.bounds(n)
    # An order's last two events may be the checkout and its confirmation.
    latest = np.maximum(end - first - np.where(buys, 2, 1), 0)
    login = np.where(is_later, np.ceil(random.random(n) * latest), 0)
    place = np.arange(len(steps.visit)) - first[steps.visit]
    is_known = logs_in[steps.visit] & (place >= login[steps.visit])
    found = np.where(is_known, account[steps.visit], -1)
    return np.where((found >= 0) & (accounts.registered[found] <= day), found, -1)


def _account_of_person(people: People, accounts: Accounts) -> np.ndarray:
    """The position of each person's first account in the shop, -1 where they have none."""
    found = np.full(len(people), -1)
    positions = np.flatnonzero(accounts.system == SHOP)[::-1]
    found[accounts.person[positions]] = positions
    return found
