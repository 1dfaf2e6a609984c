"""Makes a world: people by people what happens, then feed by feed what is delivered of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np

from orchestration.duck import connect, literal
from orchestration.landing import claim
from orchestration.world.baskets import fill_baskets
from orchestration.world.browsing import browse
from orchestration.world.buying import live
from orchestration.world.calendar import Calendar
from orchestration.world.campaigns import CAMPAIGNS, run_campaigns
from orchestration.world.delivery import Progress, deliver
from orchestration.world.identity import make_accounts, make_selves
from orchestration.world.market import Market
from orchestration.world.newsletters import have_tastes, send_newsletters
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
        calendar, market = Calendar.of(world), Market.of(world)
        record = Record(world, market, spool)
        for chunk in range(world.chunks):
            progress(f"World: customers {world.people_of(chunk)[-1] + 1:,} of {world.customers:,}")
            record.write(_live(world, calendar, market, chunk, record))
        record.finish()
        spool.name_tables()
        deliver(world, connection, out / "landing", progress)
        progress("World: the truth")
        truth.write(connection)
    shutil.rmtree(work)


def _live(world: World, calendar: Calendar, market: Market, chunk: int, record: Record) -> Chunk:
    """All that the people of one chunk do."""
    people = People.of(world, market, chunk)
    selves = make_selves(world, people, chunk)
    accounts = make_accounts(world, people, selves, chunk, record.accounts)
    bought, lives = live(world.random("buying", chunk), calendar, market, people)
    known_from = accounts.known_from(len(people))
    orders, arms = run_campaigns(world, chunk, calendar, people, known_from, bought, lives)
    random = world.random("trade", chunk)
    store = choose_stores(random, market, people, orders)
    baskets, missed = fill_baskets(random, calendar, market, people, orders, store)
    sales = record_sales(random, people, selves, accounts, orders, store, record.sales)
    lines = lines_of(baskets, sales)
    net = lines.net(len(sales))
    said = world.random("said", chunk)
    random = world.random("newsletters", chunk)
    tastes = have_tastes(random, calendar, people)
    starts = np.array([campaign.starts(world) for campaign in CAMPAIGNS])
    mail = send_newsletters(random, calendar, people, tastes, known_from, lives.left, arms, starts)
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
        missed=missed,
        sales=sales,
        lines=lines,
        net=net,
        payments=receive_payments(random, people, sales, net),
        refunds=give_refunds(random, calendar, sales, net, world.days),
        points=book_points(random, sales, net),
        tiers=reach_tiers(accounts, sales, net),
        touches=touch(said, world, people, accounts, arms, sales, mail),
        consents=ask_consent(people, accounts, world.days),
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
