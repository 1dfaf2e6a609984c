"""Which touches an order came from, how much of it each gets by every model, and what that is in
cents."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

MODELS = (
    *("first", "last", "last_non_direct", "linear", "time_decay", "position_based", "markov"),
)
ENDS = Fraction(2, 5)


@dataclass(frozen=True)
class Touch:
    """What reached a customer: the business day, and the instant (UTC) where it is known."""

    touch_id: str
    channel: str
    touched_on: date
    touched_at: datetime | None = None

    @property
    def place(self) -> tuple[date, datetime, str]:
        """What is known by its day only is taken to be at its beginning."""
        return self.touched_on, self.touched_at or datetime.min, self.touch_id


@dataclass(frozen=True)
class Purchase:
    """An order of the customer whom the touches reached."""

    order_id: str
    ordered_on: date
    ordered_at: datetime | None = None

    @property
    def place(self) -> tuple[date, datetime]:
        """What is known by its day only is taken to be at its end."""
        return self.ordered_on, self.ordered_at or datetime.max


def touches_of(
    purchase: Purchase, touches: list[Touch], purchases: list[Purchase], lookback_days: int = 30
) -> list[Touch]:
    """The touches from which a purchase came, oldest first: within the look-back, and not before a
    purchase of an earlier day, which they led to instead. Receipts of one day share them."""
    earlier = [each.place for each in purchases if each.ordered_on < purchase.ordered_on]
    return sorted(
        (
            touch
            for touch in touches
            if touch.place[:2] <= purchase.place
            and (purchase.ordered_on - touch.touched_on).days <= lookback_days
            and all(place < touch.place[:2] for place in earlier)
        ),
        key=lambda touch: touch.place,
    )


def weights(
    model: str,
    touches: list[Touch],
    ordered_on: date,
    effects: dict[str, float],
    half_life_days: float = 7,
) -> list[float]:
    """Of each touch, oldest first; they add up to 1. An order without a touch is nobody's: []."""
    worth = _worth(model, touches, ordered_on, effects, half_life_days)
    whole = sum(worth)
    return [float(each / whole) for each in worth]


def _worth(
    model: str,
    touches: list[Touch],
    ordered_on: date,
    effects: dict[str, float],
    half_life_days: float,
) -> list[Fraction]:
    """In proportion to what the touches get."""
    count = len(touches)
    indirect = [place for place, touch in enumerate(touches) if touch.channel != "direct"]
    places = {
        "first": [0],
        "last": [count - 1],
        "last_non_direct": indirect[-1:] or [count - 1],
        "linear": range(count),
    }
    if model in places:
        return [Fraction(place in places[model]) for place in range(count)]
    if model == "time_decay":
        ages = [(ordered_on - touch.touched_on).days for touch in touches]
        return [Fraction(0.5 ** (age / half_life_days)) for age in ages]
    if model == "position_based":
        middle = [(1 - 2 * ENDS) / (count - 2)] * (count - 2) if count > 2 else []
        return [ENDS, *middle, ENDS][:count]
    if model == "markov":
        often = Counter(touch.channel for touch in touches)
        effect = {channel: Fraction(effects.get(channel, 0)) for channel in often}
        if not any(effect.values()):
            effect = dict.fromkeys(often, Fraction(1))
        return [effect[touch.channel] / often[touch.channel] for touch in touches]
    raise ValueError(f"There is no model of attribution called {model!r}: one of {MODELS}.")
