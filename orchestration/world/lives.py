"""The people of one chunk: what they want, and, once the shelves are filled, all that they do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.world.baskets import Wanted, fill_baskets, want
from orchestration.world.browsing import browse
from orchestration.world.buying import Lives, live
from orchestration.world.campaigns import CAMPAIGNS, Arms, Orders, run_campaigns
from orchestration.world.identity import Accounts, Selves, make_accounts, make_selves
from orchestration.world.kinds import with_kinds
from orchestration.world.newsletters import have_tastes, send_newsletters
from orchestration.world.people import People
from orchestration.world.record import Chunk
from orchestration.world.retailer import Retailer
from orchestration.world.service import (
    answer_surveys,
    ask_consent,
    comment_in_public,
    open_tickets,
    write_reviews,
)
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
from orchestration.world.visits import visit


@dataclass(frozen=True)
class Life:
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
    lunchers: np.ndarray
    wanted: Wanted
    random: np.random.Generator

    @classmethod
    def of(cls, retailer: Retailer, chunk: int, first_account: int = 0) -> Life:
        world, calendar, market = retailer.world, retailer.calendar, retailer.market
        people = with_kinds(world, market, chunk, People.of(world, market, chunk))
        selves = make_selves(world, people, chunk)
        accounts = make_accounts(world, people, selves, chunk, first_account)
        bought, lives = live(world.random("buying", chunk), calendar, market, people)
        known_from = accounts.known_from(len(people))
        orders, arms = run_campaigns(world, chunk, calendar, people, known_from, bought, lives)
        random = world.random("trade", chunk)
        store = choose_stores(random, market, people, orders)
        hours, clock = retailer.hours, world.random("hours", chunk)
        lunchers = hours.lunchers(clock, people, selves)
        chances = hours.chances_of(calendar, people, lunchers, orders, store)
        orders = hours.keep(clock, orders, store, chances)
        wanted = want(
            random, world.random("prices", chunk),
            calendar, market, retailer.offers, people, orders, store,
        )  # fmt: skip
        return cls(
            people,
            selves,
            accounts,
            known_from,
            lives,
            orders,
            arms,
            store,
            lunchers,
            wanted,
            random,
        )


def learn(retailer: Retailer, life: Life) -> None:
    """Adds what the people of one chunk want of the shelves and when they come, and its mean."""
    lines, cell = life.wanted.on_shelves(life.orders, life.store)
    retailer.shelves.want(cell, life.wanted.quantity[lines])
    retailer.expected.add(life.people, life.lives, life.arms)
    hours, calendar = retailer.hours, retailer.calendar
    chances = hours.chances_of(calendar, life.people, life.lunchers, life.orders, life.store)
    hours.expect(calendar, life.orders, life.store, chances)


def act(retailer: Retailer, chunk: int, life: Life, first_sale: int) -> Chunk:
    """All that the people of one chunk do."""
    world, calendar, market = retailer.world, retailer.calendar, retailer.market
    people, selves, accounts, lives = life.people, life.selves, life.accounts, life.lives
    orders, arms, random = life.orders, life.arms, life.random
    baskets, followed = fill_baskets(
        world.random("followed", chunk),
        market, retailer.offers, retailer.habits, retailer.shelves, orders, life.store, life.wanted,
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
        lunchers=life.lunchers,
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
        surveys=answer_surveys(
            said, world.random("recommending", chunk),
            people, lives, orders, accounts, sales, world.days,
        ),
        comments=comment_in_public(said, orders, sales, world.days),
        tastes=tastes,
        visits=visits,
        origins=origins,
        events=browse(
            world.random("browsing", chunk),
            world, market, people, accounts, visits, baskets, life.wanted.before_prices, sales,
        ),
    )  # fmt: skip
