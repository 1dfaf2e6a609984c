"""What a world is asked for, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from orchestration.world.limits import LAST_DAY, MAX_DAYS, MIN_CUSTOMERS, MIN_DAYS

CHUNK = 10_000  # people who are simulated at once: about a million order lines


@dataclass(frozen=True)
class World:
    """A world of `customers` people who are watched for `days` days up to `LAST_DAY`; in a calm one
    no step of the funnel breaks, in one that has kinds most people shop like others of their kind.

    Day numbers count from 0, the first day. Raises `ValueError` for a size that can't be made.
    """

    customers: int
    days: int
    seed: int
    is_calm: bool = False
    has_kinds: bool = False

    def __post_init__(self) -> None:
        if self.customers < MIN_CUSTOMERS:
            raise ValueError(f"A world has at least {MIN_CUSTOMERS} customers.")
        if not MIN_DAYS <= self.days <= MAX_DAYS:
            raise ValueError(f"A world lasts {MIN_DAYS} to {MAX_DAYS} days.")
        if self.seed < 0:
            raise ValueError("The seed is a whole number from 0 on.")

    @property
    def first_day(self) -> date:
        return LAST_DAY - timedelta(days=self.days - 1)

    @cached_property
    def dates(self) -> np.ndarray:
        """The calendar dates of all days, shape (days,), datetime64[D]."""
        return np.datetime64(self.first_day, "D") + np.arange(self.days)

    @cached_property
    def months(self) -> np.ndarray:
        """For each day the number of its month since the first one, shape (days,)."""
        months = self.dates.astype("datetime64[M]").astype(int)
        return months - months[0]

    @property
    def chunks(self) -> int:
        return -(-self.customers // CHUNK)

    def people_of(self, chunk: int) -> np.ndarray:
        """The numbers of the people of a chunk."""
        return np.arange(chunk * CHUNK, min((chunk + 1) * CHUNK, self.customers))

    def random(self, part: str, chunk: int = 0) -> np.random.Generator:
        """The random numbers of one part of the world: independent of all other parts."""
        return np.random.default_rng([self.seed, chunk, *part.encode()])
