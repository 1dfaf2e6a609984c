"""Pieces of the demo world in which a mistake would be silent."""

from __future__ import annotations

import zipfile
from datetime import date, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from types import SimpleNamespace

import duckdb
import numpy as np
import openpyxl
import pytest

from orchestration.world import World
from orchestration.world.calendar import FORMATS, MID_AUTUMN, NEW_YEAR, ONLINE, Calendar
from orchestration.world.faults import CUT_LINE, GBK_LINE, OPEN_QUOTE, damage_lines
from orchestration.world.identity import phone_number
from orchestration.world.market import (
    MISSIONS,
    PRICE_RISE,
    RISING_MISSIONS,
    STOCKED,
    Market,
)
from orchestration.world.names import SPELLINGS, mistaken, spell_phone
from orchestration.world.scale import LAST_DAY, MAX_DAYS
from orchestration.world.workbook import write_workbook

WORLD = World(customers=1_000, days=730, seed=7)
# The longest world knows every festival that a shorter one can have.
LONGEST = World(customers=200, days=MAX_DAYS, seed=0)


@pytest.fixture(scope="module")
def market() -> Market:
    return Market.of(WORLD)


def day_number(world: World, day: date) -> int:
    return (day - world.first_day).days


# Phones


def test_no_two_phone_numbers_meet():
    """From ten places of the whole range, where a bad scrambling would repeat itself."""
    serials = np.concatenate([np.arange(200_000) + at * 250_000_000 for at in range(10)])
    assert len(np.unique(phone_number(serials))) == len(serials)


def test_phone_numbers_look_like_chinese_mobiles():
    """Eleven digits; never one of the placeholders, the clerk's, or a stranger's, which are 13…"""
    numbers = phone_number(np.arange(1_000_000))
    assert {str(number)[:2] for number in numbers} == {"15", "17", "19"}
    assert {len(str(number)) for number in numbers} == {11}


def test_a_phone_is_the_same_in_every_spelling_but_the_last():
    spellings = [spell_phone("15012345678", way) for way in range(SPELLINGS)]
    digits = ["".join(each for each in text if each in "0123456789") for text in spellings]
    assert spellings[0] == "15012345678"
    assert len(set(spellings)) == SPELLINGS
    assert {text.removeprefix("00").removeprefix("86") for text in digits[:-1]} == {"15012345678"}
    assert spellings[-1] == "１５０１２３４５６７８"


@pytest.mark.parametrize(
    "name, written",
    [("王伟", "王炜"), ("张志强", "张智强"), ("李芳静", "李芳晶"), ("孙鹏宇", "孙宇鹏")],
)
def test_a_clerk_mistakes_one_character_or_swaps_two(name, written):
    assert mistaken(name) == written


# Calendar


@pytest.mark.parametrize("world", [WORLD, LONGEST], ids=["two years", "the longest"])
def test_traffic_has_a_mean_of_one_and_a_day_has_all_its_hours(world):
    calendar = Calendar.of(world)
    assert calendar.rates.shape == (len(FORMATS), world.days)
    assert np.allclose(calendar.rates.mean(axis=1), 1)
    assert (calendar.rates > 0).all()
    assert np.allclose(calendar.hours.sum(axis=1), 1)
    assert (calendar.hours > 0).all()


def test_weekdays_are_those_of_the_calendar():
    calendar = Calendar.of(WORLD)
    days = [WORLD.first_day + timedelta(days=number) for number in range(WORLD.days)]
    assert calendar.weekdays.tolist() == [day.weekday() for day in days]
    assert days[-1] == LAST_DAY


# A new moon, and the days from one to the next.
NEW_MOON, MONTH = date(2000, 1, 6), 29.530588


@pytest.mark.parametrize(
    "days, age", [(NEW_YEAR, 0), (MID_AUTUMN, 14)], ids=["New Year", "Mid-Autumn"]
)
def test_festivals_follow_the_moon(days, age):
    """The year begins with a new moon, and Mid-Autumn is on the fifteenth of its month."""
    assert [day.year for day in days] == list(range(2019, 2019 + len(days)))
    for day in days:
        off = ((day - NEW_MOON).days - age + MONTH / 2) % MONTH - MONTH / 2
        assert abs(off) < 1.5, day


def same_weekdays(rates: np.ndarray, start: int, days: int) -> np.ndarray:
    """Traffic of some days against that of the same days of the week, three weeks later."""
    return rates[:, start : start + days] / rates[:, start + 21 : start + 21 + days]


@pytest.mark.parametrize("new_year", NEW_YEAR, ids=str)
def test_at_new_year_stores_are_quiet_after_a_rush(new_year):
    """Against three weeks later, when the festival is over; every year, wherever it falls."""
    rates = Calendar.of(LONGEST).rates
    first = day_number(LONGEST, new_year)
    assert (same_weekdays(rates, first, 6) < 0.6).all()
    stores = np.delete(same_weekdays(rates, first - 14, 14), ONLINE, axis=0)
    assert (stores > 1.2).all()


def test_on_the_eleventh_of_november_the_shop_is_busiest():
    calendar = Calendar.of(WORLD)
    online, stores = calendar.rates[ONLINE], np.delete(calendar.rates, ONLINE, axis=0)
    for year in (2024, 2025):
        number = day_number(WORLD, date(year, 11, 11))
        assert online[number] > 2.5
        assert online[number - 30 : number + 31].max() == online[number - 2 : number + 1].max()
        assert (stores[:, number] < 2).all()


def test_cafes_live_on_workday_lunches_and_supermarkets_on_weekend_evenings():
    calendar = Calendar.of(WORLD)
    cafe, supermarket = FORMATS.index("cafe"), FORMATS.index("supermarket")
    is_weekend = calendar.weekdays >= 5
    weekend, workdays = (
        calendar.rates[:, which].mean(axis=1) for which in (is_weekend, ~is_weekend)
    )
    assert weekend[cafe] < 0.6 * workdays[cafe]
    assert weekend[supermarket] > 1.3 * workdays[supermarket]
    assert calendar.hours[cafe].argmax() == 12
    assert calendar.hours[supermarket].argmax() == 18
    assert calendar.hours[ONLINE].argmax() in (20, 21)


def test_the_day_of_some_traffic_is_the_day_on_which_it_passes():
    """`day_of` undoes `traffic_at`: at a day's beginning, within the day, and past the end."""
    calendar = Calendar.of(WORLD)
    days = np.arange(WORLD.days)
    for number in range(len(FORMATS)):
        formats = np.full(WORLD.days, number)
        begun = calendar.traffic_at(formats, days)
        assert (calendar.day_of(formats, begun) == days).all()
        assert (calendar.day_of(formats, begun + 0.999 * calendar.rates[number]) == days).all()
        past = np.array([calendar.passed[number][-1], 1e9])
        assert (calendar.day_of(formats[:2], past) == WORLD.days).all()


def test_times_of_day_follow_the_hours():
    calendar = Calendar.of(WORLD)
    for number in range(len(FORMATS)):
        drawn = calendar.seconds(WORLD.random("test"), np.full(50_000, number))
        assert 0 <= drawn.min() <= drawn.max() < 86_400
        share = np.bincount(drawn // 3600, minlength=24) / len(drawn)
        assert np.abs(share - calendar.hours[number]).max() < 0.01


# Market


def test_prices_rise_on_their_day_and_only_those_of_rising_missions(market):
    names, last = list(MISSIONS), WORLD.days - 1
    products = np.arange(len(market.price))
    of_rise = dict(zip(market.price_rise_days, RISING_MISSIONS, strict=True))
    rising = [mission for missions in of_rise.values() for mission in missions]
    for day, missions in of_rise.items():
        mine = products[np.isin(market.mission, [names.index(name) for name in missions])]
        assert len(mine) > 20
        before, after = (market.price_on(mine, np.full(len(mine), d)) for d in (day - 1, day))
        assert (before == market.price[mine]).all()
        assert (np.abs(after - before * (1 + PRICE_RISE)) <= 5).all()  # whole jiao
        assert (after == market.price_on(mine, np.full(len(mine), last))).all()
    never = products[~np.isin(market.mission, [names.index(name) for name in rising])]
    for day in (0, *market.price_rise_days, last):
        assert (market.price_on(never, np.full(len(never), day)) == market.price[never]).all()


def test_prices_are_whole_jiao_above_nothing(market):
    assert (market.price % 10 == 0).all()
    assert market.price.min() >= 100


@pytest.mark.parametrize("customers, stores", [(200, 8), (2_500, 10), (1_000_000, 200)])
def test_every_region_and_format_has_a_store(customers, stores):
    market = Market.of(World(customers, 365, 1))
    assert len(market.store_region) == stores
    assert set(market.store_region) == {0, 1, 2}
    assert set(market.store_format) == set(range(len(FORMATS) - 1))
    assert all(len(market.stores_in(region)) for region in range(3))


def test_shelves_are_empty_for_some_days_now_and_then(market):
    assert market.is_empty.shape == (len(market.store_region), STOCKED, WORLD.days)
    assert 0.005 < market.is_empty.mean() < 0.05


def test_products_are_chosen_by_mission_and_popularity(market):
    mission = np.full(50_000, list(MISSIONS).index("fruit"))
    chosen = market.choose_products(WORLD.random("test"), mission)
    assert 0 <= chosen.min() <= chosen.max() < len(market.price)
    assert 0.7 < (market.mission[chosen] == mission).mean() < 0.85
    count = np.bincount(chosen // len(MISSIONS), minlength=len(market.price) // len(MISSIONS))
    assert (np.diff(count[:3]) < 0).all(), "the best sellers come first"
    assert np.sum(count > 0) == len(count), "and all of the long tail sells"


# Random numbers


def test_each_part_has_random_numbers_of_its_own():
    draws = {
        (part, chunk, seed): tuple(World(200, 365, seed).random(part, chunk).random(4))
        for part in ("people", "buying", "elpoep")
        for chunk in (0, 1)
        for seed in (0, 1)
    }
    assert len(set(draws.values())) == len(draws)
    assert draws["people", 0, 1] == tuple(World(999, 700, 1).random("people").random(4))


# Files


def test_damage_breaks_the_lines_that_are_named_and_no_others(tmp_path):
    """Counted from 1, the header among them; the line breaks stay, except of what is cut."""
    path = tmp_path / "lines.csv"
    lines = [b"no,line,sku,amount", "R1,1,SKU1,王".encode(), b"R2,1,SKU2,2.00", b"R3,1,SKU3,3.00"]
    path.write_bytes(b"\n".join([*lines, b""]))
    damage_lines(path, {2: GBK_LINE, 3: OPEN_QUOTE, 4: CUT_LINE})
    assert path.read_bytes().split(b"\n") == [
        lines[0],
        "R1,1,SKU1,王".encode("gb18030"),
        b'R2,1,"SKU2,2.00',
        b"R3,1,SK",
    ]
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_without_damage_keeps_its_bytes(tmp_path):
    path = tmp_path / "lines.csv"
    path.write_bytes(b"a\r\nb\n\xff\nno line break at the end")
    damage_lines(path, {})
    assert path.read_bytes() == b"a\r\nb\n\xff\nno line break at the end"


ROWS = """
select * from (values ('QuickMart', '57.90', null), ('悦邻', 'sold out', '2026-06-01'))
as t (competitor, price, observed_on)
"""


def written(path: Path) -> Path:
    with duckdb.connect() as connection:
        write_workbook(path, connection.execute(ROWS))
    return path


def test_a_workbook_holds_the_rows_below_their_header(tmp_path):
    book = openpyxl.load_workbook(written(tmp_path / "book.xlsx"))
    assert book.sheetnames == ["Sheet1"]
    assert list(book["Sheet1"].values) == [
        ("competitor", "price", "observed_on"),
        ("QuickMart", "57.90", None),
        ("悦邻", "sold out", "2026-06-01"),
    ]


class In2031(datetime):
    """A clock that shows another time than the test's."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return datetime(2031, 2, 3, 4, 5, 6, tzinfo=tz)


def test_a_workbook_has_the_same_bytes_at_any_time(tmp_path, monkeypatch):
    """Neither the archive nor the properties of the document say when it was written."""
    now = written(tmp_path / "now.xlsx")
    in_2031 = SimpleNamespace(datetime=In2031, timezone=timezone)
    monkeypatch.setattr("openpyxl.packaging.core.datetime", in_2031)
    monkeypatch.setattr("zipfile.time.localtime", lambda *_: In2031.now().timetuple())
    later = written(tmp_path / "later.xlsx")
    assert now.read_bytes() == later.read_bytes()
    with zipfile.ZipFile(now) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"1980-01-01T00:00:00Z" in archive.read("docProps/core.xml")
