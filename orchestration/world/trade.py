"""What tills and shop record of the orders: account, store, money received and given back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.world.baskets import Baskets
from orchestration.world.calendar import Calendar
from orchestration.world.campaigns import Orders
from orchestration.world.identity import CRM, SHOP, Accounts, Selves
from orchestration.world.market import Market
from orchestration.world.people import People

SELLS_IN = ("store", "app", "mini_program", "web")
PAID, UNPAID, CANCELLED = 0, 1, 2
AWAY_FROM_HOME_STORE = 0.15
CARD_FORGOTTEN, GUEST_CHECKOUT = 0.09, 0.07  # share of orders without an account
GUEST_LEAVES_OWN_PHONE = 0.7  # the rest leaves somebody else's
NOT_PAID, CLOSED = 0.02, 0.015  # orders in the shop that come to nothing, beside the purchases
VOIDED = 0.004  # receipts that are cancelled at the till, beside the purchases
GIANTS_PER_ORDER = 1 / 4_000
GIANT_UNITS = 900
LATE_DAYS = 4
METHODS = ("cash", "wechat_pay", "alipay", "bank_card", "stored_value")
STORE_METHODS, SHOP_METHODS = (0.12, 0.42, 0.28, 0.14, 0.04), (0, 0.55, 0.35, 0.10, 0)
SPLIT_TENDERS = 0.06
RETURNED_FROM_STORE, RETURNED_ONLINE = 0.06, 0.12
RETURNED_WHOLE = 0.2
RETURNED_ACROSS = 0.15  # share of returns of web orders that are brought to a store
WITHOUT_RECEIPT = 0.05
RETURN_DAYS = 7
TIERS, TIER_SPEND = ("basic", "silver", "gold"), (150_000, 600_000)  # fen
POINTS_REDEEMED = 0.05


@dataclass(frozen=True)
class Sales:
    """Orders as recorded, real ones and those that came to nothing. `basket` is the order of the
    world whose basket each has, `account` a position in the chunk's accounts or -1 for a guest."""

    serial: np.ndarray
    basket: np.ndarray
    person: np.ndarray
    account: np.ndarray
    store: np.ndarray
    region: np.ndarray
    sells_in: np.ndarray
    day: np.ndarray
    second: np.ndarray
    status: np.ndarray
    is_giant: np.ndarray
    redeems: np.ndarray
    contact: np.ndarray
    promised: np.ndarray
    delivered: np.ndarray

    def __len__(self) -> int:
        return len(self.serial)

    @property
    def is_purchase(self) -> np.ndarray:
        return self.status == PAID


def choose_stores(
    random: np.random.Generator, market: Market, people: People, orders: Orders
) -> np.ndarray:
    """The store of each order, -1 online: the one at home, at times another of the region."""
    person = orders.purchases.person
    store = people.store[person]
    for region in range(int(market.store_region.max()) + 1):
        away = (people.region[person] == region) & (
            random.random(len(orders)) < AWAY_FROM_HOME_STORE
        )
        store[away] = random.choice(market.stores_in(region), away.sum())
    return np.where(orders.purchases.is_online, -1, store)


def record_sales(
    random: np.random.Generator,
    people: People,
    selves: Selves,
    accounts: Accounts,
    orders: Orders,
    store: np.ndarray,
    first_serial: int,
) -> Sales:
    """Writes down the real orders, and beside them some that are never paid or are cancelled."""
    real = np.flatnonzero(orders.is_real)
    is_online = orders.purchases.is_online[real]
    luck = random.random(len(real))
    unpaid = real[is_online & (luck < NOT_PAID)]
    closed = real[is_online & (luck >= NOT_PAID) & (luck < NOT_PAID + CLOSED)]
    voided = real[~is_online & (luck < VOIDED)]
    giants = random.choice(real, max(1, round(len(real) * GIANTS_PER_ORDER)), replace=False)
    basket = np.concatenate([real, unpaid, closed, voided, giants])
    status = np.repeat(
        [PAID, UNPAID, CANCELLED], [len(real), len(unpaid), len(closed) + len(voided) + len(giants)]
    )
    is_giant = np.arange(len(basket)) >= len(basket) - len(giants)
    person, day = orders.purchases.person[basket], orders.purchases.day[basket]
    online, at = orders.purchases.is_online[basket], store[basket]
    # What comes to nothing is tried some minutes before the order that its basket is from.
    second = orders.second[basket] - np.where(
        status == PAID, 0, random.integers(60, 1800, len(basket))
    )
    account = _accounts_of(random, people, accounts, person, day, online)
    sells_in = np.where(
        online, np.where(people.uses_app[person], 1, random.integers(2, 4, len(basket))), 0
    )
    own = random.random(len(basket)) < GUEST_LEAVES_OWN_PHONE
    contact = np.where(
        own, _phone_on(selves, person, day), 13_000_000_000 + first_serial + np.arange(len(basket))
    )
    promised = day + random.integers(1, 4, len(basket))
    late = orders.purchases.is_late[basket]
    delivered = promised + np.where(
        late, random.integers(1, LATE_DAYS + 1, len(basket)), -random.integers(0, 2, len(basket))
    )
    return Sales(
        serial=np.arange(len(basket)) + first_serial,
        basket=basket,
        person=person,
        account=account,
        store=at,
        region=people.region[person],
        sells_in=sells_in,
        day=day,
        second=np.maximum(second, 0),
        status=status,
        is_giant=is_giant,
        redeems=orders.may_redeem[basket] & orders.is_treated[basket],
        contact=contact,
        promised=promised,
        delivered=np.maximum(delivered, day + 1),
    )


def _phone_on(selves: Selves, person: np.ndarray, day: np.ndarray) -> np.ndarray:
    return np.where(
        day >= selves.changes_phone[person], selves.next_phone[person], selves.phone[person]
    )


def _accounts_of(
    random: np.random.Generator,
    people: People,
    accounts: Accounts,
    person: np.ndarray,
    day: np.ndarray,
    is_online: np.ndarray,
) -> np.ndarray:
    """The account under which each order runs, -1 for a guest: the card in stores, an account of
    the shop online, if the person had registered it by then."""
    chosen = np.full(len(person), -1)
    guest = random.random(len(person)) < np.where(is_online, GUEST_CHECKOUT, CARD_FORGOTTEN)
    for system, here in ((CRM, ~is_online), (SHOP, is_online)):
        positions = np.flatnonzero(accounts.system == system)
        first = np.searchsorted(accounts.person[positions], np.arange(len(people)))
        count = np.bincount(accounts.person[positions], minlength=len(people))
        # People who have several accounts mostly use the first.
        which = np.minimum(random.poisson(0.4, len(person)), np.maximum(count[person] - 1, 0))
        has = here & ~guest & (count[person] > 0)
        position = positions[(first[person] + which)[has]]
        position = np.where(
            accounts.registered[position] <= day[has], position, positions[first[person][has]]
        )
        chosen[has] = np.where(accounts.registered[position] <= day[has], position, -1)
    return chosen


@dataclass(frozen=True)
class SaleLines:
    """Lines of the sales, of which `sale` is the position; the coupon is part of the discount."""

    sale: np.ndarray
    line: np.ndarray
    product: np.ndarray
    quantity: np.ndarray
    price: np.ndarray
    discount: np.ndarray

    def net(self, sales: int) -> np.ndarray:
        """What each sale is worth in fen."""
        worth = self.price * self.quantity - self.discount
        return np.bincount(self.sale, worth, minlength=sales).astype(np.int64)


def lines_of(baskets: Baskets, sales: Sales) -> SaleLines:
    """The lines of each sale's basket; a giant has its first line alone, in absurd quantity."""
    first = np.searchsorted(baskets.order, sales.basket, side="left")
    end = np.searchsorted(baskets.order, sales.basket, side="right")
    count = np.where(sales.is_giant, 1, end - first)
    sale = np.repeat(np.arange(len(sales)), count)
    at = np.arange(len(sale)) - np.repeat(count.cumsum() - count, count) + first[sale]
    giant = sales.is_giant[sale]
    discount = baskets.discount[at] + np.where(sales.redeems[sale], baskets.coupon[at], 0)
    return SaleLines(
        sale=sale,
        line=baskets.line[at],
        product=baskets.product[at],
        quantity=np.where(giant, GIANT_UNITS, baskets.quantity[at]),
        price=baskets.price[at],
        discount=np.where(giant, 0, discount),
    )


@dataclass(frozen=True)
class Payments:
    """`sale` is a position in the sales, `token` the number of a card or wallet, -1 for none."""

    sale: np.ndarray
    number: np.ndarray
    method: np.ndarray
    amount: np.ndarray
    token: np.ndarray


def receive_payments(
    random: np.random.Generator, people: People, sales: Sales, net: np.ndarray
) -> Payments:
    """The tenders of receipts, now and then two of them, and a payment of each paid web order."""
    in_store = sales.store >= 0
    paid = np.flatnonzero((net > 0) & (in_store | (sales.status == PAID)))
    is_split = in_store[paid] & (random.random(len(paid)) < SPLIT_TENDERS) & (net[paid] > 100)
    part = np.where(is_split, (net[paid] * random.uniform(0.2, 0.8, len(paid))).astype(int), 0)
    sale = np.concatenate([paid, paid[is_split]])
    amount = np.concatenate([net[paid] - part, part[is_split]])
    number = np.concatenate([np.ones(len(paid)), np.full(is_split.sum(), 2)]).astype(int)
    method = np.where(
        in_store[sale],
        random.choice(len(METHODS), len(sale), p=STORE_METHODS),
        random.choice(len(METHODS), len(sale), p=SHOP_METHODS),
    )
    has_token = np.isin(method, [1, 2, 3])
    token = np.where(has_token, people.number[sales.person[sale]] * 4 + method, -1)
    order = np.lexsort((number, sale))
    return Payments(sale[order], number[order], method[order], amount[order], token[order])


@dataclass(frozen=True)
class Refunds:
    """Money given back; `in_store` says where, `has_receipt` whether it names its order."""

    sale: np.ndarray
    day: np.ndarray
    second: np.ndarray
    amount: np.ndarray
    in_store: np.ndarray
    has_receipt: np.ndarray


def give_refunds(
    random: np.random.Generator, calendar: Calendar, sales: Sales, net: np.ndarray, days: int
) -> Refunds:
    """Some purchases are returned some days later, in part or as a whole."""
    is_online = sales.store < 0
    share = np.where(is_online, RETURNED_ONLINE, RETURNED_FROM_STORE)
    day = sales.day + 1 + random.exponential(RETURN_DAYS, len(sales)).astype(int)
    returned = sales.is_purchase & (random.random(len(sales)) < share) & (net > 200) & (day < days)
    sale = np.flatnonzero(returned)
    part = random.uniform(0.05, 0.7, len(sale))
    whole = random.random(len(sale)) < RETURNED_WHOLE
    amount = np.where(whole, net[sale], np.maximum((net[sale] * part).astype(int), 1))
    in_store = ~is_online[sale] | (random.random(len(sale)) < RETURNED_ACROSS)
    formats = np.where(in_store, 0, len(calendar.hours) - 1)
    return Refunds(
        sale=sale,
        day=day[sale],
        second=calendar.seconds(random, formats),
        amount=amount,
        in_store=in_store,
        has_receipt=~in_store | (random.random(len(sale)) >= WITHOUT_RECEIPT),
    )


@dataclass(frozen=True)
class Points:
    """Entries of the points ledger; `kind` indexes earn, redeem."""

    sale: np.ndarray
    kind: np.ndarray
    points: np.ndarray


def book_points(random: np.random.Generator, sales: Sales, net: np.ndarray) -> Points:
    """A point for each yuan at the till; some are redeemed there."""
    shown = np.flatnonzero((sales.store >= 0) & (sales.account >= 0) & sales.is_purchase)
    earned = shown[net[shown] >= 100]
    redeemed = earned[random.random(len(earned)) < POINTS_REDEEMED]
    sale = np.concatenate([earned, redeemed])
    points = np.concatenate([net[earned] // 100, -(net[redeemed] // 200 + 1)])
    return Points(sale, np.repeat([0, 1], [len(earned), len(redeemed)]), points)


@dataclass(frozen=True)
class Tiers:
    """The day from which an account has a tier."""

    account: np.ndarray
    tier: np.ndarray
    day: np.ndarray


def reach_tiers(accounts: Accounts, sales: Sales, net: np.ndarray) -> Tiers:
    """Every member begins in the lowest tier, and rises when their spend at tills has added up."""
    members = np.flatnonzero(accounts.system == CRM)
    reached = [(members, np.zeros(len(members), dtype=int), accounts.registered[members])]
    spent = np.flatnonzero(sales.is_purchase & (sales.account >= 0) & (sales.store >= 0))
    spent = spent[np.lexsort((sales.second[spent], sales.day[spent], sales.account[spent]))]
    account = sales.account[spent]
    running = net[spent].cumsum()
    start = np.searchsorted(account, account)
    running = running - (running - net[spent])[start] if len(spent) else running
    for tier, threshold in enumerate(TIER_SPEND, start=1):
        above = running >= threshold
        risen, first = np.unique(account[above], return_index=True)
        # A tier holds from the day after.
        reached.append((risen, np.full(len(risen), tier), sales.day[spent][above][first] + 1))
    return Tiers(*(np.concatenate(column) for column in zip(*reached, strict=True)))
