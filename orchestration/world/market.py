"""What is sold, where, at what price: stores, products, missions, price rises, empty shelves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from orchestration.world.calendar import FORMATS
from orchestration.world.scale import World

REGIONS = ("north", "south", "west")
CITIES = {
    "north": ("北京", "天津", "青岛"),
    "south": ("广州", "深圳", "厦门"),
    "west": ("乌鲁木齐", "喀什"),
}
CLOCKS = {"north": "Asia/Shanghai", "south": "Asia/Shanghai", "west": "Asia/Urumqi"}
REGION_SHARES = (0.45, 0.37, 0.18)
# A competitor opens here, at this share of the days.
COMPETITOR_REGION, COMPETITOR_OPENS_AT = REGIONS.index("south"), 0.6
COMPETITORS = ("QuickMart", "悦邻")
# The prices of some missions rise at these shares of the days.
PRICE_RISES_AT, PRICE_RISE = (0.45, 0.75), 0.12
RISING_MISSIONS = (("dairy", "meat"), ("fruit", "drinks"))

# Missions: what is bought together. Department, a usual price in yuan, and things to sell.
MISSIONS: dict[str, tuple[str, float, tuple[str, ...]]] = {
    "dairy": ("Fresh", 14, ("鲜牛奶", "酸奶", "奶酪", "黄油")),
    "bakery": ("Fresh", 11, ("全麦面包", "吐司", "可颂", "蛋糕")),
    "fruit": ("Fresh", 16, ("苹果", "香蕉", "草莓", "西瓜", "橙子")),
    "vegetables": ("Fresh", 7, ("青菜", "番茄", "土豆", "黄瓜", "豆腐")),
    "meat": ("Fresh", 32, ("猪里脊", "牛腩", "鸡腿", "鲈鱼")),
    "staples": ("Grocery", 26, ("大米", "面粉", "食用油", "酱油")),
    "snacks": ("Grocery", 9, ("薯片", "坚果", "饼干", "巧克力")),
    "drinks": ("Grocery", 6, ("矿泉水", "绿茶", "可乐", "咖啡")),
    "household": ("Home", 24, ("洗衣液", "纸巾", "洗洁精", "垃圾袋")),
    "personal_care": ("Home", 30, ("洗发水", "牙膏", "沐浴露", "面霜")),
}
BRANDS = ("山谷", "禾田", "蓝湖", "Morning", "家味", "青云", "Nordic", "百川")
STOCKED = 40  # the best sellers of each store are counted every day
EMPTY_EVERY_DAYS = 220  # between two times that a product is missing from a store's shelf
EMPTY_DAYS = (2, 8)
# New products come within these shares of the days: one in twelve, but some tens at most. Until
# then people take the one before it in the catalogue of the same mission.
LAUNCHED_WITHIN, NEW_SHARE, MOST_NEW = (0.4, 0.95), 1 / 12, 60
OF_MISSION = 0.75  # share of the lines that keep to their mission
SINGLE_ABOVE = 5_000  # fen: of what costs more nobody takes several
COST_SHARES = (0.55, 0.8)  # purchase prices, of the full price


@dataclass(frozen=True)
class Market:
    """Stores and products by number; money in fen (hundredths of a yuan).

    `store_region`, `store_format` index REGIONS and FORMATS; `mission` the MISSIONS of a product;
    `is_empty` whether a stocked product was missing by accident: shape (stores, STOCKED, days);
    `launched_on` is the day from which a product is sold, `cost_share` what it costs the retailer.
    """

    world: World
    store_region: np.ndarray
    store_format: np.ndarray
    mission: np.ndarray
    price: np.ndarray
    lead_time: np.ndarray
    popularity: np.ndarray
    is_empty: np.ndarray
    launched_on: np.ndarray
    cost_share: np.ndarray

    @classmethod
    def of(cls, world: World) -> Market:
        random = world.random("market")
        stores = int(np.clip(world.customers // 250, 8, 200))
        products = int(np.clip(world.customers // 10, 240, 3000))
        shares = np.concatenate([[0], np.cumsum(REGION_SHARES)])
        region = np.searchsorted(shares, (np.arange(stores) + 0.5) / stores, side="right") - 1
        # Zipf's law with an exponent below one: a long tail that still sells.
        popularity = 1 / (np.arange(products) + 3.0) ** 0.85
        mission = np.arange(products) % len(MISSIONS)
        usual = np.array([price for _, price, _ in MISSIONS.values()])
        price = usual[mission] * np.exp(random.normal(0, 0.45, products))
        return cls(
            world=world,
            store_region=region,
            store_format=np.arange(stores) % (len(FORMATS) - 1),
            mission=mission,
            price=np.maximum(np.round(price * 10), 10).astype(np.int64) * 10,
            lead_time=random.integers(1, 15, products),
            popularity=popularity / popularity.sum(),
            is_empty=_empty_shelves(random, stores, world.days),
            launched_on=_launches(world, products),
            cost_share=world.random("costs").uniform(*COST_SHARES, products),
        )

    @property
    def price_rise_days(self) -> list[int]:
        return [int(self.world.days * share) for share in PRICE_RISES_AT]

    @property
    def competitor_opens(self) -> int:
        return int(self.world.days * COMPETITOR_OPENS_AT)

    @cached_property
    def rises_on(self) -> np.ndarray:
        """The day on which a product's price rises; past the last day where it never does."""
        days = np.full(len(MISSIONS), self.world.days)
        for day, missions in zip(self.price_rise_days, RISING_MISSIONS, strict=True):
            days[[list(MISSIONS).index(name) for name in missions]] = day
        return days[self.mission]

    def price_on(self, product: np.ndarray, day: np.ndarray) -> np.ndarray:
        """The full price in fen, whole jiao."""
        risen = np.where(day >= self.rises_on[product], 1 + PRICE_RISE, 1)
        return np.round(self.price[product] * risen / 10).astype(np.int64) * 10

    def on_sale(self, product: np.ndarray, day: np.ndarray) -> np.ndarray:
        """What people take who would take a product: before its launch, the one before it; -1 is no
        product."""
        is_to_come = (product >= 0) & (day < self.launched_on[product])
        return np.where(is_to_come, product - len(MISSIONS), product)

    @cached_property
    def is_taken_in_numbers(self) -> np.ndarray:
        return self.price <= SINGLE_ABOVE

    @cached_property
    def shares_of_mission(self) -> np.ndarray:
        """The chance of each product to be on a line of each mission: (missions, products)."""
        last = len(self.popularity) - 1
        shares = np.tile((1 - OF_MISSION) * self.popularity, (len(MISSIONS), 1))
        for mission, of_mission in enumerate(shares):
            place = np.arange(last + 1) // len(MISSIONS) * len(MISSIONS) + mission
            np.add.at(of_mission, np.minimum(place, last), OF_MISSION * self.popularity)
        return shares

    @property
    def share_of_lines(self) -> np.ndarray:
        """The chance of each product to be on a line, over all missions."""
        return self.shares_of_mission.mean(axis=0)

    def choose_products(self, random: np.random.Generator, mission: np.ndarray) -> np.ndarray:
        """A product for each line: mostly of its mission, popular ones more often."""
        chosen = np.searchsorted(self.popularity.cumsum(), random.random(len(mission)))
        chosen = chosen.clip(max=len(self.popularity) - 1)
        of_mission = np.minimum(
            chosen // len(MISSIONS) * len(MISSIONS) + mission, len(self.popularity) - 1
        )
        return np.where(random.random(len(mission)) < OF_MISSION, of_mission, chosen)

    def stores_in(self, region: int) -> np.ndarray:
        return np.flatnonzero(self.store_region == region)


def _launches(world: World, products: int) -> np.ndarray:
    """The day of each product's launch; 0 for nearly all."""
    random = world.random("launches")
    place = np.arange(products) // len(MISSIONS)
    # Every other one, so that the one before it was always there; the best sellers are old.
    may_be_new = np.flatnonzero((place % 2 == 1) & (place * len(MISSIONS) > STOCKED))
    count = min(int(products * NEW_SHARE), MOST_NEW)
    launched = np.zeros(products, dtype=np.int64)
    new = random.choice(may_be_new, count, replace=False)
    launched[new] = random.uniform(*LAUNCHED_WITHIN, count) * world.days
    return launched


def _empty_shelves(random: np.random.Generator, stores: int, days: int) -> np.ndarray:
    is_empty = np.zeros((stores, STOCKED, days), dtype=bool)
    times = random.poisson(days / EMPTY_EVERY_DAYS, (stores, STOCKED))
    store, product = (np.repeat(index, times.ravel()) for index in _grid(stores, STOCKED))
    start = random.integers(0, days, len(store))
    length = random.integers(*EMPTY_DAYS, len(store))
    for offset in range(EMPTY_DAYS[1]):
        inside = (offset < length) & (start + offset < days)
        is_empty[store[inside], product[inside], start[inside] + offset] = True
    return is_empty


def _grid(rows: int, columns: int) -> tuple[np.ndarray, np.ndarray]:
    return np.repeat(np.arange(rows), columns), np.tile(np.arange(columns), rows)
