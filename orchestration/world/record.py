"""Writes down what the people of each chunk did, and what only the whole adds up to."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from orchestration.world.baskets import Baskets
from orchestration.world.browsing import Events
from orchestration.world.buying import Lives
from orchestration.world.campaigns import CAMPAIGNS, Arms, Orders
from orchestration.world.hours import WEEKEND
from orchestration.world.identity import Accounts, Selves
from orchestration.world.market import (
    COMPETITOR_REGION,
    COMPETITORS,
    REGIONS,
)
from orchestration.world.newsletters import NEWSLETTERS, Tastes
from orchestration.world.offers import COUNTED, FORTNIGHT, KNOWN_AHEAD
from orchestration.world.people import CHANNELS, People
from orchestration.world.retailer import Retailer
from orchestration.world.service import Consents, Said
from orchestration.world.spool import Spool
from orchestration.world.touches import Touches
from orchestration.world.trade import Payments, Points, Refunds, SaleLines, Sales, Tiers
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
    lunchers: np.ndarray
    accounts: Accounts
    lives: Lives
    orders: Orders
    arms: Arms
    baskets: Baskets
    effects: np.ndarray
    followed: dict[str, np.ndarray]
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
    """Counts what has been numbered, and adds up acquisitions, visits and what leaflets did: arrays
    of days by channel, of leaflets by mission."""

    retailer: Retailer
    spool: Spool
    accounts: int = 0
    sales: int = 0
    numbers: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.effects = np.zeros((len(COUNTED), *self.retailer.offers.taken.shape), dtype=np.int64)
        self.acquired = np.zeros((len(CHANNELS), self.retailer.world.days), dtype=np.int64)
        self.visited = np.zeros((len(ENTRIES), self.retailer.world.days), dtype=np.int64)

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
        self.spool.write("followed", chunk.followed, chunk.number)
        self.effects += chunk.effects
        self.accounts += len(accounts)
        self.sales += len(sales)

    def finish(self) -> None:
        """Writes the tables of the retailer as a whole."""
        market, days = self.retailer.market, self.retailer.world.days
        self.spool.write(
            "stores",
            {
                "store": np.arange(len(market.store_region)),
                "region": market.store_region,
                "format": market.store_format,
                "quarter": self.retailer.hours.quarter,
                "opens": self.retailer.hours.opens,
                "closes": self.retailer.hours.closes,
            },
        )
        expected = self.retailer.hours.expected
        store, kind, hour = np.indices(expected.shape)
        self.spool.write(
            "store_hours",
            {
                "store": store.ravel(),
                "is_weekend": kind.ravel() == WEEKEND,
                "hour": hour.ravel(),
                "expected": expected.ravel(),
            },
        )
        self.spool.write(
            "products",
            {
                "product": np.arange(len(market.price)),
                "mission": market.mission,
                "price": market.price,
                "lead_time": market.lead_time,
                "launched_on": market.launched_on,
            },
        )
        random = self.retailer.world.random("whole")
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
        self._offers()
        self._habits()
        self._stock()

    def _people(self, chunk: Chunk) -> None:
        people, lives = chunk.people, chunk.lives
        names = ("number", "channel", "acquired", "never_buys", "rate", "drift", "region", "online")
        columns = {name: vars(people)[name] for name in names}
        columns |= {
            "is_price_sensitive": people.is_price_sensitive,
            "first_mission": people.missions[:, 0],
            "second_mission": people.missions[:, 1],
            "basket_size": people.lines,
            "gender": chunk.selves.gender,
            "is_luncher": chunk.lunchers,
            "quarter": self.retailer.hours.quarter[people.store],
            "kind": people.kind,
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
        random = self.retailer.world.random("advertisements")
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
        opened &= day >= self.retailer.market.competitor_opens
        kept = (competitor == 0) | opened
        ours = self.retailer.market.price_on(product, day)
        ratio = np.where(opened, UNDERCUTS_NEARBY, UNDERCUTS) * random.uniform(0.95, 1.05, len(day))
        columns = {"day": day, "region": region, "competitor": competitor, "product": product}
        columns["price"] = np.round(ours * ratio / 10).astype(np.int64) * 10
        self.spool.write("competitor_prices", {name: c[kept] for name, c in columns.items()})

    def _offers(self) -> None:
        """The leaflets that were announced, and what those that began did."""
        offers, days = self.retailer.offers, self.retailer.world.days
        product, leaflet = np.nonzero(offers.depth)
        announced = offers.begins - KNOWN_AHEAD
        known = announced[leaflet] < days
        product, leaflet = product[known], leaflet[known]
        self.spool.write(
            "offers",
            {
                "leaflet": leaflet,
                "product": product,
                "day": np.maximum(announced[leaflet], 0),
                "announced": announced[leaflet],
                "begins": offers.begins[leaflet],
                "ends": offers.begins[leaflet] + FORTNIGHT - 1,
                "depth": offers.depth[product, leaflet],
            },
        )
        mission, leaflet = np.indices(self.effects.shape[1:])
        columns = {
            "leaflet": leaflet.ravel(),
            "mission": mission.ravel(),
            "begins": offers.begins[leaflet.ravel()],
        }
        columns |= {name: units.ravel() for name, units in zip(COUNTED, self.effects, strict=True)}
        self.spool.write("effects", columns)
        elasticity = {"mission": np.arange(len(offers.elasticity)), "elasticity": offers.elasticity}
        self.spool.write("elasticities", elasticity)

    def _habits(self) -> None:
        self.spool.write(
            "habits",
            {"habit": np.arange(len(self.retailer.habits.first)), **vars(self.retailer.habits)},
        )

    def _stock(self) -> None:
        """Shelves at closing time, what was sold and missed of them, and what was ordered."""
        shelves = self.retailer.shelves
        for store in range(len(shelves.wanted)):
            product, day = np.indices(shelves.wanted[store].shape)
            columns = {"product": product.ravel(), "day": day.ravel()}
            columns |= {
                "store": np.full(product.size, store),
                "on_hand": shelves.evening[store].ravel(),
                "sold": shelves.sold[store].ravel(),
                "missed": shelves.missed[store].ravel(),
                "expected": self.retailer.expected.of_store(store).ravel(),
            }
            self.spool.write("stock", columns, store, "day, product")
        columns = dict(shelves.supplier_orders)
        product = columns["product"]
        cost = (
            self.retailer.market.price_on(product, columns["day"])
            * self.retailer.market.cost_share[product]
        )
        columns["cost"] = np.round(cost).astype(np.int64)
        self._numbered("supplier_orders", columns, 0)
