"""Writes down what the people of each chunk did, and what only the whole adds up to."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from orchestration.world.baskets import Baskets, Missed
from orchestration.world.browsing import Events
from orchestration.world.buying import Lives
from orchestration.world.campaigns import CAMPAIGNS, Arms, Orders
from orchestration.world.identity import Accounts, Selves
from orchestration.world.market import (
    COMPETITOR_REGION,
    COMPETITORS,
    REGIONS,
    STOCKED,
    Market,
)
from orchestration.world.newsletters import NEWSLETTERS, Tastes
from orchestration.world.people import CHANNELS, People
from orchestration.world.scale import World
from orchestration.world.service import Consents, Said
from orchestration.world.spool import Spool
from orchestration.world.touches import Touches
from orchestration.world.trade import PAID, Payments, Points, Refunds, SaleLines, Sales, Tiers
from orchestration.world.visits import ENTRIES, ORDER, Origins, Visits

WATCHED = 20  # products whose prices at competitors are looked at
UNDERCUTS, UNDERCUTS_NEARBY = 0.98, 0.88  # a competitor's price against ours
# Channels whose advertisements are counted: how many who see one click, and of clicks arrive.
CLICK_RATES, ARRIVE = {"wechat": 0.012, "douyin": 0.008, "search": 0.05}, 0.85


@dataclass(frozen=True)
class Chunk:
    """All that the people of one chunk are and do."""

    number: int
    people: People
    selves: Selves
    accounts: Accounts
    lives: Lives
    orders: Orders
    arms: Arms
    baskets: Baskets
    missed: Missed
    sales: Sales
    lines: SaleLines
    net: np.ndarray
    payments: Payments
    refunds: Refunds
    points: Points
    tiers: Tiers
    touches: Touches
    consents: Consents
    tickets: Said
    reviews: Said
    surveys: Said
    comments: Said
    tastes: Tastes
    visits: Visits
    origins: Origins
    events: Events


@dataclass
class Record:
    """Counts what has been numbered, and adds up acquisitions, visits and demand: arrays of days by
    channel and by stocked product of a store, the only things that grow with the size of the
    retailer."""

    world: World
    market: Market
    spool: Spool
    accounts: int = 0
    sales: int = 0
    numbers: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shape = self.market.is_empty.shape
        self.sold = np.zeros(shape, dtype=np.int32)
        self.missed = np.zeros(shape, dtype=np.int32)
        self.acquired = np.zeros((len(CHANNELS), self.world.days), dtype=np.int64)
        self.visited = np.zeros((len(ENTRIES), self.world.days), dtype=np.int64)

    def write(self, chunk: Chunk) -> None:
        """Writes the tables of a chunk."""
        self._people(chunk)
        self._accounts(chunk)
        self._sales(chunk)
        self._outcomes(chunk)
        self._visits(chunk)
        accounts, sales = chunk.accounts, chunk.sales
        for table, rows in {
            "points": chunk.points,
            "tickets": chunk.tickets,
            "reviews": chunk.reviews,
            "surveys": chunk.surveys,
            "comments": chunk.comments,
            "touches": chunk.touches,
            "consents": chunk.consents,
            "tiers": chunk.tiers,
            "events": chunk.events,
        }.items():
            columns = dict(vars(rows))
            if "sale" in columns:
                sale = columns["sale"]
                columns["in_store"] = (sale >= 0) & (sales.store[sale] >= 0)
                columns.setdefault("account", np.where(sale >= 0, sales.account[sale], -1))
                columns.setdefault("day", sales.day[sale])
                columns["product"] = self._first_products(chunk, sale)
                columns["sale"] = np.where(sale >= 0, sales.serial[sale], -1)
            account = columns["account"]
            columns["system"] = np.where(account >= 0, accounts.system[account], -1)
            columns["account"] = np.where(account >= 0, accounts.serial[account], -1)
            if "session" in columns:
                columns["session"] = columns["session"] + self.numbers.get(table, 0)
            self._numbered(table, columns, chunk.number)
        self.accounts += len(accounts)
        self.sales += len(sales)

    def finish(self) -> None:
        """Writes the tables of the retailer as a whole."""
        market, days = self.market, self.world.days
        self.spool.write(
            "stores",
            {
                "store": np.arange(len(market.store_region)),
                "region": market.store_region,
                "format": market.store_format,
            },
        )
        self.spool.write(
            "products",
            {
                "product": np.arange(len(market.price)),
                "mission": market.mission,
                "price": market.price,
                "lead_time": market.lead_time,
            },
        )
        random = self.world.random("whole")
        cost = np.array([cost for *_, cost in CHANNELS.values()])[:, None]
        spend = (self.acquired + 0.2) * cost * 100 * random.uniform(0.8, 1.2, self.acquired.shape)
        channel, day = np.indices(self.acquired.shape)
        self.spool.write(
            "spend",
            {
                "channel": channel.ravel(),
                "day": day.ravel(),
                "amount": np.round(spend).astype(np.int64).ravel(),
                **self._advertisements(),
            },
        )
        self._competitors(random, days)
        self._stock(random)

    def _people(self, chunk: Chunk) -> None:
        people, lives = chunk.people, chunk.lives
        names = ("number", "channel", "acquired", "never_buys", "rate", "drift", "region", "online")
        columns = {name: vars(people)[name] for name in names}
        columns |= {
            "is_price_sensitive": people.is_price_sensitive,
            "left_on": lives.left,
            "cause": lives.cause,
            "household": chunk.selves.household,
            "reads_at": chunk.tastes.reads_at,
            **{
                f"opens_{each.channel}": opening
                for each, opening in zip(NEWSLETTERS, chunk.tastes.opening, strict=True)
            },
            "is_twin": chunk.selves.is_twin,
        }
        self.spool.write("people", columns, chunk.number)
        new = people.acquired >= 0
        np.add.at(self.acquired, (people.channel[new], people.acquired[new]), 1)

    def _accounts(self, chunk: Chunk) -> None:
        accounts, tiers = chunk.accounts, chunk.tiers
        tier = np.zeros(len(accounts), dtype=int)
        np.maximum.at(tier, tiers.account, tiers.tier)
        columns = {
            **vars(accounts),
            "person": chunk.people.number[accounts.person],
            "channel": chunk.people.channel[accounts.person],
            "tier": tier,
            "day": np.maximum(accounts.registered, 0),
        }
        self.spool.write("accounts", columns, chunk.number, "serial")

    def _sales(self, chunk: Chunk) -> None:
        accounts, sales, lines = chunk.accounts, chunk.sales, chunk.lines
        account = np.where(sales.account >= 0, accounts.serial[sales.account], -1)
        of_sale = {"in_store": sales.store >= 0, "region": sales.region, "day": sales.day}
        columns = {
            **vars(sales),
            **of_sale,
            "account": account,
            "person": chunk.people.number[sales.person],
            "net": chunk.net,
            **vars(chunk.origins),
        }
        del columns["basket"]
        self.spool.write("sales", columns, chunk.number, "region, day, serial")
        for table, rows in {"sale_lines": lines, "payments": chunk.payments}.items():
            columns = dict(vars(rows))
            sale = columns.pop("sale")
            columns |= {name: column[sale] for name, column in of_sale.items()}
            columns["sale"] = sales.serial[sale]
            self.spool.write(table, columns, chunk.number, "region, day, sale")
        refunds = chunk.refunds
        columns = {
            **vars(refunds),
            "sale": sales.serial[refunds.sale],
            "was_online": sales.store[refunds.sale] < 0,
            "region": sales.region[refunds.sale],
        }
        self._numbered("refunds", columns, chunk.number)
        self._demand(chunk)

    def _demand(self, chunk: Chunk) -> None:
        """Adds up what stocked products sold and missed; what is cancelled never left the shelf."""
        sales, lines = chunk.sales, chunk.lines
        store, day = sales.store[lines.sale], sales.day[lines.sale]
        counts = (store >= 0) & (lines.product < STOCKED) & (sales.status[lines.sale] == PAID)
        np.add.at(
            self.sold, (store[counts], lines.product[counts], day[counts]), lines.quantity[counts]
        )
        missed = chunk.missed
        np.add.at(self.missed, (missed.store, missed.product, missed.day), 1)

    def _outcomes(self, chunk: Chunk) -> None:
        """What each person of a campaign's audience would order and spend in either arm."""
        orders, arms, people = chunk.orders, chunk.arms, len(chunk.people)
        net = chunk.baskets.total(chunk.baskets.amount - chunk.baskets.discount, len(orders))
        less = chunk.baskets.total(chunk.baskets.coupon, len(orders))
        cell = orders.campaign * people + orders.purchases.person
        asked = arms.campaign * people + arms.person
        inside = orders.campaign >= 0

        def per_person(which: np.ndarray, worth: np.ndarray) -> np.ndarray:
            counted = np.bincount(
                cell[inside & which], worth[inside & which], minlength=len(CAMPAIGNS) * people
            )
            return counted.astype(np.int64)[asked]

        one = np.ones(len(orders))
        columns = {
            "campaign": arms.campaign,
            "person": chunk.people.number[arms.person],
            "is_treated": arms.is_treated,
            "orders_0": per_person(orders.if_untreated, one),
            "orders_1": per_person(orders.if_treated, one),
            "revenue_0": per_person(orders.if_untreated, net),
            "revenue_1": per_person(orders.if_treated, net - less),
        }
        self.spool.write("outcomes", columns, chunk.number)

    def _visits(self, chunk: Chunk) -> None:
        """What nobody is told: of whom each visit is, what came of it, and what it caused. Called
        before the events are numbered, with whose first one a visit shares its number."""
        visits, events, sales = chunk.visits, chunk.events, chunk.sales
        first = np.unique(events.session)
        visit = events.visit[first]
        sale, causes = visits.sale[visit], visits.causes[visit]
        sale = np.where(visits.purpose[visit] == ORDER, sale, -1)
        columns = {
            "session": first + self.numbers.get("events", 0),
            "person": chunk.people.number[visits.person[visit]],
            "entry": visits.entry[visit],
            "sale": np.where(sale >= 0, sales.serial[sale], -1),
            "causes": np.where(causes >= 0, sales.serial[causes], -1),
        }
        self.spool.write("visits", columns, chunk.number)
        np.add.at(self.visited, (visits.entry[visit], events.day[first]), 1)

    def _advertisements(self) -> dict[str, np.ndarray]:
        """Impressions and clicks by channel and day, -1 where nobody counts them."""
        random = self.world.random("advertisements")
        counts = {name: np.full(self.acquired.shape, -1) for name in ("impressions", "clicks")}
        for channel, name in enumerate(CHANNELS):
            if name in CLICK_RATES:
                visited = self.visited[ENTRIES.index(name)]
                lost = random.poisson(visited * (1 / ARRIVE - 1))
                counts["clicks"][channel] = visited + lost
                seen = random.poisson((visited + lost + 0.5) / CLICK_RATES[name])
                counts["impressions"][channel] = np.maximum(seen, visited + lost)
        return {name: count.ravel() for name, count in counts.items()}

    def _first_products(self, chunk: Chunk, sale: np.ndarray) -> np.ndarray:
        first = np.searchsorted(chunk.lines.sale, sale)
        return np.where(
            sale >= 0, chunk.lines.product[np.minimum(first, len(chunk.lines.sale) - 1)], -1
        )

    def _numbered(self, table: str, columns: dict[str, np.ndarray], chunk: int) -> None:
        """Gives the rows numbers that go on from chunk to chunk."""
        first, count = self.numbers.get(table, 0), len(columns["day"])
        self.numbers[table] = first + count
        self.spool.write(
            table, {"serial": np.arange(count) + first, **columns}, chunk, "day, serial"
        )

    def _competitors(self, random: np.random.Generator, days: int) -> None:
        """Weekly looks at competitors' shelves; the new one in its region undercuts ours."""
        day, region, competitor, product = (
            axis.ravel()
            for axis in np.meshgrid(
                np.arange(0, days, 7),
                np.arange(len(REGIONS)),
                np.arange(len(COMPETITORS)),
                np.arange(WATCHED),
                indexing="ij",
            )
        )
        opened = (competitor == 1) & (region == COMPETITOR_REGION)
        opened &= day >= self.market.competitor_opens
        kept = (competitor == 0) | opened
        ours = self.market.price_on(product, day)
        ratio = np.where(opened, UNDERCUTS_NEARBY, UNDERCUTS) * random.uniform(0.95, 1.05, len(day))
        columns = {"day": day, "region": region, "competitor": competitor, "product": product}
        columns["price"] = np.round(ours * ratio / 10).astype(np.int64) * 10
        self.spool.write("competitor_prices", {name: c[kept] for name, c in columns.items()})

    def _stock(self, random: np.random.Generator) -> None:
        """Shelves at closing time: sold from, filled up when low, empty when they were empty."""
        usual = self.sold.mean(axis=2)
        full = np.ceil(usual * 14 + 12).astype(int)
        shelf = full - random.integers(0, 6, full.shape)
        on_hand = np.empty(self.sold.shape, dtype=np.int32)
        for day in range(self.world.days):
            shelf = shelf - self.sold[:, :, day]
            shelf = np.where(shelf < full // 4, full, shelf)
            shelf = np.where(self.market.is_empty[:, :, day], 0, shelf)
            on_hand[:, :, day] = shelf
        for store in range(len(on_hand)):
            product, day = np.indices(on_hand[store].shape)
            columns = {"product": product.ravel(), "day": day.ravel()}
            columns |= {
                "store": np.full(product.size, store),
                "on_hand": on_hand[store].ravel(),
                "sold": self.sold[store].ravel(),
                "missed": self.missed[store].ravel(),
            }
            self.spool.write("stock", columns, store, "day, product")
