"""Makes a world: people by people what happens, then feed by feed what is delivered of it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from orchestration.duck import connect, literal
from orchestration.landing import claim
from orchestration.world.baskets import Wanted, fill_baskets, want
from orchestration.world.browsing import browse
from orchestration.world.buying import Lives, live
from orchestration.world.calendar import Calendar
from orchestration.world.campaigns import CAMPAIGNS, Arms, Orders, run_campaigns
from orchestration.world.delivery import Progress, deliver
from orchestration.world.expected import Expected
from orchestration.world.habits import Habits
from orchestration.world.identity import Accounts, Selves, make_accounts, make_selves
from orchestration.world.market import Market
from orchestration.world.newsletters import have_tastes, send_newsletters
from orchestration.world.offers import Offers
from orchestration.world.people import People
from orchestration.world.record import Chunk, Record
from orchestration.world.scale import World
from orchestration.world.service import (
    answer_surveys,
    ask_consent,
    comment_in_public,
    open_tickets,
    write_reviews,
)
from orchestration.world.shelves import Shelves
from orchestration.world.spool import Spool
from orchestration.world.systems import SYSTEMS
from orchestration.world.touches import touch
from orchestration.world.trade import (
    book_points,
    choose_stores,
    give_refunds,
    lines_of,
    reach_tiers,
    receive_payments,
    record_sales,
)
from orchestration.world.truth import Truth
from orchestration.world.visits import visit

MEMORY = "2GB"  # what DuckDB may take before it sorts on disk


def make_world(world: World, out: Path, progress: Progress) -> None:
    """Writes `out/landing/<source>/…`, the files that seven systems deliver, and `out/truth/`.

    The same world gives the same bytes, and is not made twice. Memory does not grow with the number
    of customers: they are simulated in chunks, and DuckDB sorts what they did on disk. Raises
    `ValueError` where another world or files of others lie.
    """
    truth = Truth(world, out / "truth")
    if truth.is_complete():
        progress("World: it is there already")
        return
    claim(out / "landing", out / "raw", SYSTEMS, "world")
    truth.begin()
    work = out / ".world"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    with connect() as connection:
        connection.execute(f"set temp_directory = {literal(work / 'spill')}")
        connection.execute(f"set memory_limit = '{MEMORY}'")
        spool = Spool(world, work / "spool", connection)
        shop = _Shop.of(world)
        # What the stores order depends on what all people want. So these live twice, and alike: at
        # first they only want, then they find what is there. Few people need not do it again.
        for chunk in range(world.chunks):
            progress(f"World: wishes of {_up_to(world, chunk)}")
            life = _Life.of(shop, chunk)
            shop.learn(life)
        shop.shelves.replenish()
        record = Record(world, shop.market, shop.offers, shop.habits, shop.shelves, spool)
        for chunk in range(world.chunks):
            progress(f"World: {_up_to(world, chunk)}")
            life = life if world.chunks == 1 else _Life.of(shop, chunk, record.accounts)
            record.write(_do(shop, chunk, life, record.sales))
        record.finish(shop.expected)
        spool.name_tables()
        deliver(world, connection, out / "landing", progress)
        progress("World: the truth")
        truth.write(connection)
    shutil.rmtree(work)


def _up_to(world: World, chunk: int) -> str:
    return f"customers {world.people_of(chunk)[-1] + 1:,} of {world.customers:,}"


@dataclass(frozen=True)
class _Shop:
    """The retailer, of which there is one for all people."""

    world: World
    calendar: Calendar
    market: Market
    offers: Offers
    habits: Habits
    shelves: Shelves
    expected: Expected

    @classmethod
    def of(cls, world: World) -> _Shop:
        calendar, market = Calendar.of(world), Market.of(world)
        offers = Offers.of(market)
        return cls(
            world, calendar, market, offers, Habits.of(market), Shelves(market),
            Expected(calendar, market, offers),
        )  # fmt: skip

    def learn(self, life: _Life) -> None:
        """What the people of one chunk want of the shelves."""
        lines, cell = life.wanted.on_shelves(life.orders, life.store)
        self.shelves.want(cell, life.wanted.quantity[lines])
        self.expected.add(life.people, life.lives, life.arms)


@dataclass(frozen=True)
class _Life:
    """What the people of one chunk are, when they buy, and what they want. `random` is that of
    their trade, of which they go on to draw."""

    people: People
    selves: Selves
    accounts: Accounts
    known_from: np.ndarray
    lives: Lives
    orders: Orders
    arms: Arms
    store: np.ndarray
    wanted: Wanted
    random: np.random.Generator

    @classmethod
    def of(cls, shop: _Shop, chunk: int, first_account: int = 0) -> _Life:
        world, calendar, market = shop.world, shop.calendar, shop.market
        people = People.of(world, market, chunk)
        selves = make_selves(world, people, chunk)
        accounts = make_accounts(world, people, selves, chunk, first_account)
        bought, lives = live(world.random("buying", chunk), calendar, market, people)
        known_from = accounts.known_from(len(people))
        orders, arms = run_campaigns(world, chunk, calendar, people, known_from, bought, lives)
        random = world.random("trade", chunk)
        store = choose_stores(random, market, people, orders)
        wanted = want(
            random, world.random("prices", chunk),
            calendar, market, shop.offers, people, orders, store,
        )  # fmt: skip
        return cls(people, selves, accounts, known_from, lives, orders, arms, store, wanted, random)


def _do(shop: _Shop, chunk: int, life: _Life, first_sale: int) -> Chunk:
    """All that the people of one chunk do."""
    world, calendar, market = shop.world, shop.calendar, shop.market
    people, selves, accounts, lives = life.people, life.selves, life.accounts, life.lives
    orders, arms, random = life.orders, life.arms, life.random
    baskets, followed = fill_baskets(
        world.random("followed", chunk),
        market, shop.offers, shop.habits, shop.shelves, orders, life.store, life.wanted,
    )  # fmt: skip
    sales = record_sales(random, people, selves, accounts, orders, life.store, first_sale)
    lines = lines_of(baskets, sales)
    net = lines.net(len(sales))
    said = world.random("said", chunk)
    posted = world.random("newsletters", chunk)
    tastes = have_tastes(posted, calendar, people)
    starts = np.array([campaign.starts(world) for campaign in CAMPAIGNS])
    mail = send_newsletters(
        posted, calendar, people, tastes, life.known_from, lives.left, arms, starts
    )
    visits, origins = visit(
        world.random("visits", chunk),
        world, calendar, people, selves, accounts, lives, orders, sales, mail,
    )  # fmt: skip
    return Chunk(
        number=chunk,
        people=people,
        selves=selves,
        accounts=accounts,
        lives=lives,
        orders=orders,
        arms=arms,
        baskets=baskets,
        effects=life.wanted.effects,
        followed=followed,
        sales=sales,
        lines=lines,
        net=net,
        payments=receive_payments(random, people, sales, net),
        refunds=give_refunds(random, calendar, sales, net, world.days),
        points=book_points(random, sales, net),
        tiers=reach_tiers(accounts, sales, net),
        touches=touch(said, world, people, accounts, arms, sales, mail),
        consents=ask_consent(world.random("consents", chunk), people, accounts, world.days),
        tickets=open_tickets(said, orders, accounts, sales, world.days),
        reviews=write_reviews(said, orders, sales, world.days),
        surveys=answer_surveys(said, people, lives, orders, accounts, sales, world.days),
        comments=comment_in_public(said, orders, sales, world.days),
        tastes=tastes,
        visits=visits,
        origins=origins,
        events=browse(
            world.random("browsing", chunk),
            world, market, people, accounts, visits, baskets, sales,
        ),
    )  # fmt: skip
