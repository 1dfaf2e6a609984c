"""What the stores order, when it comes, and what is on the shelf: a rule of thumb.

Once a week a store looks at what it sold of a product in the last four weeks. If what it has, with
what is on its way, is no more than that and some, it orders up to twice as much. Nobody asks how
long the supplier takes, or what is on offer next week: so shelves are empty now and then, and full
of what comes within a day.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from orchestration.world.market import Market

REVIEW_DAYS, MONTH_DAYS = 7, 28
LOW, LOW_UNITS = 1, 4  # what must be there, in months of sales and units …
FULL, FULL_UNITS = 2, 6  # … and up to what is ordered
LATE, LATE_DAYS = 0.15, 5  # share of the deliveries that come late, by up to so many days
LONGEST = 32  # days from an order to the latest delivery


@dataclass
class Shelves:
    """Stocked products by store: all arrays are (stores, STOCKED, days). `wanted` is added up
    first; `replenish` says what is `on_hand` in the morning and in the evening; `serve` hands it
    out."""

    market: Market
    wanted: np.ndarray = field(init=False)
    morning: np.ndarray = field(init=False)
    sold: np.ndarray = field(init=False)
    evening: np.ndarray = field(init=False)
    supplier_orders: dict[str, np.ndarray] = field(init=False)

    def __post_init__(self) -> None:
        self.wanted = np.zeros(self.market.is_empty.shape, dtype=np.int32)
        self.sold = np.zeros_like(self.wanted)

    @property
    def missed(self) -> np.ndarray:
        return self.wanted - self.sold

    def want(self, cell: tuple[np.ndarray, ...], quantity: np.ndarray) -> None:
        """Adds up what is wanted of a cell: store, product and day of each line."""
        np.add.at(self.wanted, cell, quantity)

    def replenish(self) -> None:
        """Lets the stores order through all days, once all that is wanted is known. What is missing
        by accident stands in the wrong place: nobody finds it, and it is counted as nothing."""
        wanted, is_empty = self.wanted, self.market.is_empty
        stores, products, days = wanted.shape
        random = self.market.world.random("suppliers")
        lead = self.market.lead_time[:products]
        usual = wanted.mean(axis=2) * MONTH_DAYS
        stock = np.ceil(usual * random.uniform(LOW, FULL, usual.shape)).astype(int) + LOW_UNITS
        arriving = np.zeros((days + LONGEST, stores, products), dtype=np.int32)
        sold = np.zeros((days, stores, products), dtype=np.int32)
        self.morning = np.zeros_like(wanted)
        self.evening = np.zeros_like(wanted)
        on_the_way = np.zeros_like(stock)
        ordered = []
        for day in range(days):
            stock += arriving[day]
            on_the_way -= arriving[day]
            self.morning[:, :, day] = np.where(is_empty[:, :, day], 0, stock)
            sold[day] = np.minimum(wanted[:, :, day], self.morning[:, :, day])
            stock -= sold[day]
            self.evening[:, :, day] = np.where(is_empty[:, :, day], 0, stock)
            month = usual if day < MONTH_DAYS else sold[day + 1 - MONTH_DAYS : day + 1].sum(axis=0)
            looks = ((np.arange(stores) + day) % REVIEW_DAYS == 0)[:, None]
            there = stock + on_the_way
            up_to = np.ceil(month * FULL + FULL_UNITS).astype(int)
            store, product = np.nonzero(looks & (there < month * LOW + LOW_UNITS))
            quantity = (up_to - there)[store, product]
            late = random.integers(1, LATE_DAYS + 1, len(store))
            late *= random.random(len(store)) < LATE
            due = day + lead[product]
            np.add.at(arriving, (due + late, store, product), quantity)
            on_the_way[store, product] += quantity
            ordered.append((store, product, np.full(len(store), day), due, due + late, quantity))
        names = ("store", "product", "day", "due", "delivered", "quantity")
        columns = (np.concatenate(column) for column in zip(*ordered, strict=True))
        self.supplier_orders = dict(zip(names, columns, strict=True))

    def serve(self, cell: tuple[np.ndarray, ...], quantity: np.ndarray) -> np.ndarray:
        """How much of each line is still there: who comes first, takes it."""
        flat = np.ravel_multi_index(cell, self.wanted.shape)
        turn = np.argsort(flat, kind="stable")
        of, asked = flat[turn], quantity[turn]
        before = asked.cumsum() - asked
        before -= before[np.searchsorted(of, of)]
        left = (self.morning - self.sold).reshape(-1)[of]
        served = np.empty_like(quantity)
        served[turn] = np.clip(left - before, 0, asked)
        np.add.at(self.sold, cell, served)
        return served
