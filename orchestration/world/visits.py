"""Who visits the app or the web shop, when, by which way, and which purchases a visit causes.

Purchases are a Poisson process. Each is marked, by lot, as caused by an advertisement or as one
that would have come anyway; a caused one gets the visit that caused it, and visits that cause
nothing are added at a rate in proportion. Marking splits a Poisson process into independent ones,
so this is the world in which such visits come at random and each causes a purchase with the stated
chance: what people would have bought without the channel is what is not marked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.world.buying import Lives
from orchestration.world.calendar import ONLINE, Calendar
from orchestration.world.campaigns import Orders
from orchestration.world.identity import SHOP, Accounts, Selves
from orchestration.world.newsletters import NEWSLETTERS, Mail
from orchestration.world.people import CHANNELS, People
from orchestration.world.scale import World
from orchestration.world.trade import Sales

# How a visitor comes to a visit.
ENTRIES = ("direct", "search", "wechat", "douyin", "email", "push")
DIRECT, SEARCH, WECHAT, DOUYIN, EMAIL, PUSH = range(len(ENTRIES))
OF_NEWSLETTER = tuple(ENTRIES.index(each.channel) for each in NEWSLETTERS)
# Channels that cause purchases: the share of online purchases that they cause, and the chance that
# one visit does. Search only harvests: who clicks its advertisement was about to buy, or to look.
CAUSING = {WECHAT: (0.10, 0.04), DOUYIN: (0.05, 0.05)}
BUYS_AT_ONCE = 0.6  # share of caused purchases that end the very visit that caused them
WAITS_DAYS, LONGEST_WAIT = 2.0, 6
HARVESTED = 0.45  # share of visits by which people come to a purchase of their own that search gets
SEARCHED = 0.3  # share of the visits in which they look around
LEAVES_TRACE = 0.96  # share of online purchases with a visit in the log
LOOKS_PER_PURCHASE = 2.5  # visits to look around for each purchase online
LOOKS_PER_DAY = 0.01  # besides, whoever it is
WITHOUT_APP = 0.4  # of that, for people who do not use the app
LEAVING_DAYS, STILL_LOOKING = 45, 0.35  # before leaving people look around less often
# Share of purchases in stores, of who has an account of the shop, with a look online before.
BROWSES_FIRST, BROWSES_DAYS = 0.2, 6
SEEN_IN_STORE = 0.12  # share of own online purchases after a look in a store, which leaves no trace
DISCOVERS, DISCOVERY_DAYS = 0.6, 30  # share of people who look around before they register
# From some day on the checkout of one channel's visits fails two times of three.
BROKEN_ENTRY, BREAK_DAYS, STILL_WORKS = WECHAT, 42, 1 / 3
COMES_BACK = (2_700, 10_800)  # seconds after which who was stuck comes back directly
# Where each way of winning customers brings them first.
FIRST_ENTRY = {"wechat": WECHAT, "douyin": DOUYIN, "search": SEARCH}
SHARES_DEVICE = 0.5  # share of families with a device in common
SECOND_DEVICE, ON_SECOND = 0.35, 0.4  # share of people with another one, and of their visits on it
OTHER_DEVICE = 500_000_000  # from here on second devices are numbered

LOOK, ADVERTISED, ORDER, STUCK, BEFORE_STORE, DISCOVERY, MAILED = range(7)


@dataclass(frozen=True)
class Visits:
    """One row a visit: `person` and `sale` are positions in the chunk, `sale` and `causes` -1 for
    none. `sale` is the purchase that an ORDER ends with, and whose products a STUCK visit or one
    BEFORE_STORE looks at; `causes` the purchase that would not have come without the visit.
    `second` of an ORDER is that of the purchase, of others that at which they begin."""

    purpose: np.ndarray
    entry: np.ndarray
    person: np.ndarray
    device: np.ndarray
    day: np.ndarray
    second: np.ndarray
    sale: np.ndarray
    causes: np.ndarray

    def __len__(self) -> int:
        return len(self.purpose)


@dataclass(frozen=True)
class Origins:
    """How the purchases of a chunk came about, a row a sale: the channel that caused it, -1 for one
    that would have come anyway, and whether it was looked at in the other world before."""

    caused_by: np.ndarray
    is_browsed_before: np.ndarray
    is_seen_in_store: np.ndarray


def breaks_on(world: World) -> int:
    """The day from which the checkout is broken for one channel; past the last in a calm world."""
    return world.days if world.is_calm else world.days - BREAK_DAYS


def visit(
    random: np.random.Generator,
    world: World,
    calendar: Calendar,
    people: People,
    selves: Selves,
    accounts: Accounts,
    lives: Lives,
    orders: Orders,
    sales: Sales,
    mail: Mail,
) -> tuple[Visits, Origins]:
    """Every visit of the people of a chunk."""
    origins = _origins(random, people, orders, sales)
    parts = [
        *_for_orders(random, world, calendar, sales, origins),
        _advertised(random, calendar, people, lives),
        _looks(random, world, calendar, people, lives, accounts),
        _before_stores(random, sales, origins),
        _discoveries(random, calendar, people, accounts),
        _from_newsletters(mail),
    ]
    columns = {
        name: np.concatenate([part[name] for part in parts])
        for name in ("purpose", "entry", "person", "day", "second", "sale", "causes")
    }
    device = _devices(random, people, selves, columns["person"])
    return Visits(device=device, **columns), origins


def _rows(count: int, **columns: np.ndarray | int) -> dict[str, np.ndarray]:
    given = {"sale": -1, "causes": -1, **columns}
    return {name: np.broadcast_to(column, count) for name, column in given.items()}


def _origins(random: np.random.Generator, people: People, orders: Orders, sales: Sales) -> Origins:
    """Marks purchases by lot; what a campaign added is caused by the campaign."""
    n = len(sales)
    counts = sales.is_purchase & ~sales.is_giant
    is_online = counts & (sales.store < 0)
    may_be_caused = is_online & orders.if_untreated[sales.basket]
    luck, caused_by = random.random(n), np.full(n, -1)
    passed = 0.0
    for entry, (share, _) in CAUSING.items():
        caused_by[may_be_caused & (luck >= passed) & (luck < passed + share)] = entry
        passed += share
    has_account = people.is_shopper[sales.person]
    return Origins(
        caused_by=caused_by,
        is_browsed_before=counts
        & (sales.store >= 0)
        & has_account
        & (random.random(n) < BROWSES_FIRST),
        is_seen_in_store=is_online & (caused_by < 0) & (random.random(n) < SEEN_IN_STORE),
    )


def _for_orders(
    random: np.random.Generator, world: World, calendar: Calendar, sales: Sales, origins: Origins
) -> list[dict[str, np.ndarray]]:
    """The visit in which each online purchase is made, and the one that caused it where that is
    another. Where the checkout fails, who wants to buy is stuck, and comes back directly."""
    bought = np.flatnonzero(sales.is_purchase & (sales.store < 0))
    traced = bought[(random.random(len(bought)) < LEAVES_TRACE) | (origins.caused_by[bought] >= 0)]
    caused_by, day = origins.caused_by[traced], sales.day[traced]
    n = len(traced)
    wait = 1 + random.exponential(WAITS_DAYS, n).astype(int).clip(max=LONGEST_WAIT - 1)
    waits = (caused_by >= 0) & (random.random(n) >= BUYS_AT_ONCE) & (wait <= day)
    own = np.where(random.random(n) < HARVESTED, SEARCH, DIRECT)
    at_once = (caused_by >= 0) & ~waits
    entry = np.where(at_once, caused_by, own)
    fails = (entry == BROKEN_ENTRY) & (random.random(n) >= STILL_WORKS)
    fails &= day >= breaks_on(world)
    earlier = random.integers(*COMES_BACK, n)
    return [
        _rows(
            n,
            purpose=ORDER,
            entry=np.where(fails, DIRECT, entry),
            person=sales.person[traced],
            day=day,
            second=sales.second[traced],
            sale=traced,
            causes=np.where(at_once & ~fails, traced, -1),
        ),
        _rows(
            int(fails.sum()),
            purpose=STUCK,
            entry=BROKEN_ENTRY,
            person=sales.person[traced][fails],
            day=day[fails],
            second=(sales.second[traced] - earlier)[fails],
            sale=traced[fails],
            causes=traced[fails],
        ),
        _rows(
            int(waits.sum()),
            purpose=ADVERTISED,
            entry=caused_by[waits],
            person=sales.person[traced][waits],
            day=(day - wait)[waits],
            second=calendar.seconds(random, np.full(int(waits.sum()), ONLINE)),
            causes=traced[waits],
        ),
    ]


def _advertised(
    random: np.random.Generator, calendar: Calendar, people: People, lives: Lives
) -> dict[str, np.ndarray]:
    """Visits that an advertisement brings, and that cause nothing: in the traffic in which people
    buy, from their first day until they leave."""
    begins = calendar.traffic_at(people.format, np.maximum(people.acquired, 0))
    left = np.maximum(lives.left, np.maximum(people.acquired, 0))
    ends = calendar.traffic_at(people.format, left)
    online = np.where(people.never_buys, 0, people.rate * people.online) * (ends - begins)
    person, entry = [], []
    for channel, (share, chance) in CAUSING.items():
        who = np.repeat(
            np.arange(len(people)), random.poisson(online * share / chance * (1 - chance))
        )
        person.append(who)
        entry.append(np.full(len(who), channel))
    who = np.concatenate(person)
    traffic = random.uniform(begins[who], ends[who])
    day = calendar.day_of(people.format[who], traffic)
    return _rows(
        len(who),
        purpose=ADVERTISED,
        entry=np.concatenate(entry),
        person=who,
        day=np.minimum(day, len(calendar.weekdays) - 1),
        second=calendar.seconds(random, np.full(len(who), ONLINE)),
    )


def _looks(
    random: np.random.Generator,
    world: World,
    calendar: Calendar,
    people: People,
    lives: Lives,
    accounts: Accounts,
) -> dict[str, np.ndarray]:
    """Visits to look around, from the first day to the leaving."""
    starts = np.maximum(people.acquired, 0)
    ends = np.where(people.never_buys, np.minimum(starts + 60, world.days), lives.left)
    rate = LOOKS_PER_DAY + LOOKS_PER_PURCHASE * people.rate * people.online
    rate = rate * np.where(people.uses_app, 1, WITHOUT_APP)
    has_account = np.bincount(accounts.person[accounts.system == SHOP], minlength=len(people)) > 0
    looks = has_account * rate * np.maximum(ends - starts, 0)
    person = np.repeat(np.arange(len(people)), random.poisson(looks))
    day = random.uniform(starts[person], ends[person]).astype(int)
    has_left = lives.left[person] < world.days
    fading = has_left & (lives.left[person] - day < LEAVING_DAYS)
    kept = ~fading | (random.random(len(person)) < STILL_LOOKING)
    person, day = person[kept], day[kept]
    n = len(person)
    return _rows(
        n,
        purpose=LOOK,
        entry=np.where(random.random(n) < SEARCHED, SEARCH, DIRECT),
        person=person,
        day=day,
        second=calendar.seconds(random, np.full(n, ONLINE)),
    )


def _before_stores(
    random: np.random.Generator, sales: Sales, origins: Origins
) -> dict[str, np.ndarray]:
    """Looks at what is then bought in a store, on the same day or some days before."""
    sale = np.flatnonzero(origins.is_browsed_before)
    n = len(sale)
    before = random.integers(0, BROWSES_DAYS, n)
    second = np.where(
        before == 0,
        sales.second[sale] - random.integers(3_600, 14_400, n),
        random.integers(32_400, 82_800, n),
    )
    return _rows(
        n,
        purpose=BEFORE_STORE,
        entry=np.where(random.random(n) < SEARCHED, SEARCH, DIRECT),
        person=sales.person[sale],
        day=sales.day[sale] - before,
        second=second,
        sale=sale,
    )


def _discoveries(
    random: np.random.Generator, calendar: Calendar, people: People, accounts: Accounts
) -> dict[str, np.ndarray]:
    """What people look at before they register with the shop, by the channel that wins them."""
    first = np.full(len(people), -1)
    of_shop = np.flatnonzero(accounts.system == SHOP)[::-1]
    first[accounts.person[of_shop]] = accounts.registered[of_shop]
    times = (first > 0) * (random.random(len(people)) < DISCOVERS)
    person = np.repeat(np.arange(len(people)), times * random.integers(1, 3, len(people)))
    day = first[person] - random.integers(1, DISCOVERY_DAYS + 1, len(person))
    person, day = person[day >= 0], day[day >= 0]
    entries = np.array([FIRST_ENTRY.get(name, DIRECT) for name in CHANNELS])
    return _rows(
        len(person),
        purpose=DISCOVERY,
        entry=entries[people.channel[person]],
        person=person,
        day=day,
        second=calendar.seconds(random, np.full(len(person), ONLINE)),
    )


def _from_newsletters(mail: Mail) -> dict[str, np.ndarray]:
    """A click on a newsletter opens the app or the web shop."""
    clicked = np.flatnonzero(mail.is_clicked)
    return _rows(
        len(clicked),
        purpose=MAILED,
        entry=np.take(OF_NEWSLETTER, mail.newsletter[clicked]),
        person=mail.person[clicked],
        day=mail.read_day[clicked],
        second=mail.read_second[clicked] + 60,
    )


def _devices(
    random: np.random.Generator, people: People, selves: Selves, person: np.ndarray
) -> np.ndarray:
    """The device of each visit: a person's own, that of the family, or the second one."""
    lot = random.random(len(people))
    first_of_family = selves.device - people.number[0]
    shares = lot[first_of_family] < SHARES_DEVICE
    main = np.where(shares, selves.device, people.number)
    has_second = random.random(len(people)) < SECOND_DEVICE
    on_second = has_second[person] & (random.random(len(person)) < ON_SECOND)
    return np.where(on_second, OTHER_DEVICE + people.number[person], main[person])
