"""When the day of analysis waits for a source, and when a source holds the publication up: the
models as the demo world compiled them, over its own days with faults put in, and over small shops
whose orders come by chance."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import ROOT, Shop

from orchestration import build, dbt
from orchestration.artifacts import Artifacts
from orchestration.duck import connect
from orchestration.failures import RefreshFailed
from orchestration.project import Project
from orchestration.request import Request

MODELS = (
    *("int_trading_days", "int_source_days", "int_source_volumes"),
    *("int_source_coverage", "int_as_of_dates"),
)
DAYS = 400
FIRST_DAY = date(2025, 1, 6)

Counts = Mapping[tuple[str, date], int]


@dataclass(frozen=True)
class Lab:
    """The compiled models, over any numbers of orders by source and day."""

    connection: duckdb.DuckDBPyConnection
    compiled: Mapping[str, str]
    world: Counts

    def build(self, counts: Counts) -> None:
        rows = ", ".join(
            f"('{source}', date '{day}', {count})"
            for (source, day), count in counts.items()
            if count
        )
        self.connection.execute(
            "create or replace table counts as"
            f" select * from (values {rows}) as counts (source, day, n)"
        )
        self.connection.execute(
            "create or replace table entities.int_orders as"
            " select source as source_system, day as ordered_on from counts, range(n)"
        )
        for model in MODELS:
            self.connection.execute(
                f"create or replace table intermediate.{model} as {self.compiled[model]}"
            )

    def ask(self, query: str) -> list[tuple]:
        return self.connection.execute(query).fetchall()

    @property
    def latest(self) -> date:
        [(day,)] = self.ask("select as_of_date from intermediate.int_as_of_dates where is_latest")
        return day

    @property
    def coverage(self) -> dict[str, str]:
        rows = self.ask("select source_system, coverage from intermediate.int_source_coverage")
        return dict(rows)

    def odd_days(self) -> list[tuple]:
        return self.ask(
            "select source_system, business_on from intermediate.int_source_volumes"
            " where is_collapsed or is_exploded order by all"
        )


@pytest.fixture(scope="module")
def lab(world: Shop) -> Lab:
    folder = world.data / "target" / "compiled"
    compiled = {
        path.stem: path.read_text() for path in folder.rglob("*.sql") if path.stem in MODELS
    }
    orders = world.query(
        "select source_system, ordered_on, count(*) from marts.orders group by all"
    )
    connection = duckdb.connect()
    connection.execute("set threads = 1; attach ':memory:' as warehouse; use warehouse")
    for schema in ("entities", "intermediate"):
        connection.execute(f"create schema {schema}")
    return Lab(connection, compiled, {(source, day): count for source, day, count in orders})


def changed(counts: Counts, source: str, since: date, size: Callable[[int], Any]) -> Counts:
    """The counts, but for those of one source from a day on."""
    return {
        key: int(size(count)) if key[0] == source and key[1] >= since else count
        for key, count in counts.items()
    }


def test_no_day_of_the_demo_world_is_odd_whatever_its_season(lab: Lab) -> None:
    lab.build(lab.world)
    assert lab.odd_days() == []
    assert lab.coverage == {"pos": "on_time", "shop": "on_time"}
    assert lab.latest == max(day for _, day in lab.world) + timedelta(1)


@pytest.mark.parametrize(
    ("missing", "said"), [(1, "late"), (2, "late"), (3, "silent"), (120, "silent")]
)
def test_the_day_of_analysis_stays_where_a_source_has_stopped(
    lab: Lab, missing: int, said: str
) -> None:
    since = lab_end(lab) - timedelta(missing - 1)
    lab.build(changed(lab.world, "pos", since, lambda count: 0))
    assert lab.coverage["pos"] == said
    assert lab.latest == since


def test_a_silent_source_holds_the_publication_up_and_is_named(
    lab: Lab, world: Shop, parsed: Any, tmp_path: Path
) -> None:
    """Of a copy of the demo world, whose tills stopped ten days before its end, only what tells of
    it is built again, and all is judged as one refresh; so the rest, which stands, does not fit."""
    request = Request(Project(ROOT, tmp_path / "data"))
    shutil.copytree(world.data / "target", request.project.target)
    shutil.copy2(world.warehouse, request.project.warehouse)
    since = lab_end(lab) - timedelta(9)
    with connect(request.project.warehouse) as connection:
        connection.execute(
            "delete from entities.int_orders_validated"
            f" where source_system = 'pos' and ordered_on >= '{since}'"
        )
        connection.execute("drop table kept.nodes")  # what was made by hand, no record knows
    before = Artifacts.read(request.project.target)
    session = dbt.Session(request.project, {}, request.project.target, manifest=parsed)
    told_by = ("--select", *MODELS, "feed_freshness", "assert_no_source_is_silent")
    assert [node.name for node in build.nodes(request, session, (*dbt.BUILD, *told_by))]
    build.artifacts(request).after(before).write_results(request.project.target)
    with pytest.raises(RefreshFailed) as held:
        build.audited(request)
    said = f"pos has delivered no orders since {since - timedelta(1)}, although others traded on"
    assert any(reason.startswith(said) for reason in held.value.reasons)


def test_two_orders_a_day_of_one_channel_move_nothing(lab: Lab) -> None:
    """For four months the other one is silent: that made eight of ten customers lost."""
    since = lab_end(lab) - timedelta(120)
    silent = changed(lab.world, "pos", since, lambda count: 0)
    lab.build(changed(silent, "shop", since, lambda count: min(2, count)))
    assert lab.coverage["pos"] == "silent"
    assert lab.latest == since


@pytest.mark.parametrize("days", [10, 120])
def test_a_fifth_of_the_orders_for_longer_than_a_week_is_a_collapse(lab: Lab, days: int) -> None:
    since = lab_end(lab) - timedelta(days - 1)
    lab.build(changed(lab.world, "pos", since, lambda count: max(1, round(count / 5))))
    assert lab.coverage["pos"] == "collapsed"
    assert since <= lab.latest <= since + timedelta(7)


def test_five_times_the_orders_of_a_day_are_an_explosion(lab: Lab) -> None:
    lab.build(changed(lab.world, "pos", lab_end(lab), lambda count: 5 * max(count, 9)))
    assert lab.coverage["pos"] == "exploded"
    assert lab.odd_days() == [("pos", lab_end(lab))]


def test_a_large_source_is_missed_on_its_first_bad_day(lab: Lab) -> None:
    """A fifth of 200 orders is no chance; what comes the day after does not heal it."""
    last = FIRST_DAY + timedelta(DAYS - 1)
    large = by_chance({"web": 200}, random.Random(7))
    lab.build({**large, ("web", last): 40})
    assert (lab.coverage["web"], lab.latest) == ("late", last)
    lab.build({**large, ("web", last - timedelta(1)): 40})
    assert (lab.coverage["web"], lab.latest) == ("collapsed", last + timedelta(1))


@pytest.mark.parametrize("rates", [{"a": 3, "b": 2}, {"a": 20, "b": 5}, {"a": 3, "b": 0.4}])
def test_chance_holds_no_small_shop_up(lab: Lab, rates: Mapping[str, float]) -> None:
    for seed in range(3):
        lab.build(by_chance(rates, random.Random(seed)))
        assert lab.odd_days() == []
        assert set(lab.coverage.values()) <= {"on_time", "late"}


def test_who_trades_on_saturdays_is_waited_for_on_saturdays(lab: Lab) -> None:
    """A stall of 90 orders each Saturday, beside a shop of 20 a day: it never trades on others."""
    last = FIRST_DAY + timedelta(DAYS - 1)
    days = [FIRST_DAY + timedelta(number) for number in range(DAYS)]
    shop = {("web", day): 20 for day in days}
    saturdays = [day for day in days if day.isoweekday() == 6]
    lab.build({**shop, **{("stall", day): 90 for day in saturdays}})
    assert (lab.coverage["stall"], lab.latest) == ("on_time", last + timedelta(1))
    lab.build({**shop, **{("stall", day): 90 for day in saturdays[:-1]}})
    assert (lab.coverage["stall"], lab.latest) == ("late", saturdays[-1])
    lab.build({**shop, **{("stall", day): 90 for day in saturdays[:-3]}})
    assert (lab.coverage["stall"], lab.latest) == ("silent", saturdays[-3])


def lab_end(lab: Lab) -> date:
    """The last day of the demo world."""
    return max(day for _, day in lab.world)


def by_chance(rates: Mapping[str, float], dice: random.Random) -> Counts:
    """Orders that come independently of each other, so many a day on average, more on Saturdays."""
    counts = {}
    for source, rate in rates.items():
        for number in range(DAYS):
            day = FIRST_DAY + timedelta(number)
            expected = rate * (1.5 if day.isoweekday() == 6 else 1)
            counts[source, day] = arrivals(expected, dice)
    return counts


def arrivals(expected: float, dice: random.Random) -> int:
    """How many come in a day when the waits between them are exponential (Poisson)."""
    passed, count = dice.expovariate(expected), 0
    while passed < 1:
        passed, count = passed + dice.expovariate(expected), count + 1
    return count
