"""When people buy: seasons, weeks, hours, Chinese festivals and sales days, by way of selling."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from orchestration.world.scale import World

# The formats of stores, and selling without a store.
FORMATS = ("supermarket", "convenience", "fresh_food", "cafe", "online")
ONLINE = FORMATS.index("online")

# Relative traffic by month, January first.
_MONTHS = {
    "supermarket": (1.15, 0.95, 0.95, 0.95, 1.00, 1.00, 0.95, 0.95, 1.05, 1.05, 0.95, 1.05),
    "convenience": (0.90, 0.85, 0.95, 1.00, 1.05, 1.10, 1.15, 1.15, 1.05, 1.00, 0.95, 0.90),
    "fresh_food": (1.10, 1.00, 0.95, 0.95, 1.00, 1.00, 1.00, 0.95, 1.05, 1.00, 0.95, 1.05),
    "cafe": (0.90, 0.80, 1.00, 1.05, 1.05, 1.05, 1.00, 1.00, 1.05, 1.05, 1.05, 1.00),
    "online": (0.95, 0.80, 1.00, 0.95, 1.00, 1.15, 0.95, 0.90, 1.00, 1.00, 1.25, 1.05),
}
# Relative traffic by day of the week, Monday first.
_WEEK = {
    "supermarket": (0.80, 0.80, 0.85, 0.85, 1.05, 1.40, 1.25),
    "convenience": (1.05, 1.05, 1.05, 1.05, 1.10, 0.90, 0.80),
    "fresh_food": (0.95, 0.90, 0.90, 0.95, 1.00, 1.20, 1.10),
    "cafe": (1.20, 1.20, 1.20, 1.20, 1.20, 0.55, 0.45),
    "online": (1.05, 1.00, 1.00, 1.00, 0.95, 0.95, 1.05),
}
# Hours of the day: (middle, spread in hours, weight) of each rush.
_RUSHES = {
    "supermarket": ((10.5, 1.5, 0.35), (18.5, 2.0, 0.65)),
    "convenience": ((8.0, 1.0, 0.35), (12.5, 1.0, 0.20), (20.5, 2.5, 0.45)),
    "fresh_food": ((8.5, 1.2, 0.50), (17.5, 1.5, 0.50)),
    "cafe": ((9.0, 1.0, 0.30), (12.5, 0.8, 0.50), (15.5, 1.2, 0.20)),
    "online": ((12.5, 1.5, 0.25), (21.0, 2.0, 0.75)),
}
NEW_YEAR = tuple(
    date(*day)
    for day in (
        (2019, 2, 5), (2020, 1, 25), (2021, 2, 12), (2022, 2, 1),
        (2023, 1, 22), (2024, 2, 10), (2025, 1, 29), (2026, 2, 17),
    )
)  # fmt: skip
MID_AUTUMN = tuple(
    date(*day)
    for day in (
        (2019, 9, 13), (2020, 10, 1), (2021, 9, 21), (2022, 9, 10),
        (2023, 9, 29), (2024, 9, 17), (2025, 10, 6),
    )
)  # fmt: skip
# Festivals: days around a moving date, and the factor in stores and online.
_AROUND = (
    (NEW_YEAR, range(-16, 0), 1.7, 1.3),  # buying for the New Year
    (NEW_YEAR, range(0, 6), 0.35, 0.4),  # at home with the family
    (MID_AUTUMN, range(-8, 1), 1.4, 1.3),
)
# Sales days and holidays of the solar calendar: first, last (month, day), stores, online.
_EVERY_YEAR = (
    ((3, 6), (3, 8), 1.1, 1.5),
    ((5, 1), (5, 4), 1.3, 1.0),
    ((6, 15), (6, 18), 1.1, 2.6),
    ((10, 1), (10, 6), 1.35, 1.0),
    ((11, 9), (11, 11), 1.1, 3.4),
    ((12, 10), (12, 12), 1.0, 1.8),
)


@dataclass(frozen=True)
class Calendar:
    """Traffic of each format: `rates` (formats, days) with a mean of 1; `hours` (formats, 24) that
    add up to 1; `passed` (formats, days + 1) is the traffic that had passed when a day began."""

    rates: np.ndarray
    hours: np.ndarray
    passed: np.ndarray
    weekdays: np.ndarray

    @classmethod
    def of(cls, world: World) -> Calendar:
        months = world.dates.astype("datetime64[M]").astype(int) % 12
        weekdays = (world.dates.astype(int) + 3) % 7  # 1970-01-01 was a Thursday
        festive = {True: _festive(world, 1), False: _festive(world, 0)}
        rates = np.array(
            [
                np.take(_MONTHS[name], months)
                * np.take(_WEEK[name], weekdays)
                * festive[name == "online"]
                for name in FORMATS
            ]
        )
        rates /= rates.mean(axis=1, keepdims=True)
        passed = np.concatenate([np.zeros((len(FORMATS), 1)), rates.cumsum(axis=1)], axis=1)
        return cls(rates, np.array([_hours(_RUSHES[name]) for name in FORMATS]), passed, weekdays)

    def traffic_at(self, formats: np.ndarray, day: np.ndarray) -> np.ndarray:
        """The traffic that had passed at the beginning of a day, for each person's format."""
        return self.passed[formats, day]

    def day_of(self, formats: np.ndarray, traffic: np.ndarray) -> np.ndarray:
        """The day on which so much traffic had passed; the number of days where none has."""
        days = np.empty(len(traffic), dtype=np.int64)
        for number in range(len(FORMATS)):
            of_format = formats == number
            found = np.searchsorted(self.passed[number], traffic[of_format], side="right") - 1
            days[of_format] = found
        return days

    def week_of(self, day: np.ndarray) -> np.ndarray:
        """The number of the week, from Monday on, that a day is in."""
        return (day + self.weekdays[0]) // 7

    def weekend_of(self, day: np.ndarray) -> np.ndarray:
        """The Saturday of a working day's week; Saturdays and Sundays stay."""
        return day + np.maximum(5 - (day + self.weekdays[0]) % 7, 0)

    def seconds(self, random: np.random.Generator, formats: np.ndarray) -> np.ndarray:
        """A time of day in seconds for each purchase of a format."""
        cumulated = self.hours.cumsum(axis=1)[formats]
        hour = (random.random((len(formats), 1)) > cumulated).sum(axis=1).clip(max=23)
        return hour * 3600 + random.integers(0, 3600, len(formats))


def _festive(world: World, which: int) -> np.ndarray:
    """The factor of each day: `which` 0 in stores, 1 online."""
    factors = np.ones(world.days)
    for moving, days, *by_channel in _AROUND:
        for day in moving:
            numbers = (day - world.first_day).days + np.array(days)
            factors[numbers[(numbers >= 0) & (numbers < world.days)]] *= by_channel[which]
    month, day = _month_and_day(world.dates)
    place = month * 100 + day
    for first, last, *by_channel in _EVERY_YEAR:
        inside = (place >= first[0] * 100 + first[1]) & (place <= last[0] * 100 + last[1])
        factors[inside] *= by_channel[which]
    return factors


def _month_and_day(dates: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    months = dates.astype("datetime64[M]")
    return months.astype(int) % 12 + 1, (dates - months).astype(int) + 1


def _hours(rushes: tuple[tuple[float, float, float], ...]) -> np.ndarray:
    hour = np.arange(24) + 0.5
    weight = sum(w * np.exp(-0.5 * ((hour - m) / s) ** 2) / s for m, s, w in rushes)
    weight = np.where((hour > 6) & (hour < 23.9), weight + 0.002, 0.001)
    return weight / weight.sum()
