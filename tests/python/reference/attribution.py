"""How much of an order each touch before it gets, by every model, and what that is in cents."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

MODELS = (
    *("first", "last", "last_non_direct", "linear", "time_decay", "position_based", "markov"),
)
ENDS = Fraction(2, 5)


@dataclass(frozen=True)
class Touch:
    """What reached a customer, and when (UTC)."""

    channel: str
    touched_at: datetime


def weights(
    model: str,
    touches: list[Touch],
    ordered_at: datetime,
    effects: dict[str, float],
    half_life_days: float = 7,
) -> list[float]:
    """Of each touch, oldest first; they add up to 1. An order without a touch is nobody's: []."""
    worth = _worth(model, touches, ordered_at, effects, half_life_days)
    whole = sum(worth)
    return [float(each / whole) for each in worth]


def _worth(
    model: str,
    touches: list[Touch],
    ordered_at: datetime,
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
        return [
            Fraction(
                0.5 ** ((ordered_at - touch.touched_at).total_seconds() / 86400 / half_life_days)
            )
            for touch in touches
        ]
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


def cents(amount: int, shares: list[float]) -> list[int]:
    """An amount in cents by shares that add up to 1, so that the parts add up to the amount.

    Everybody gets the whole cents of their share; those left over go to the largest remainders, of
    equal ones to the earliest. An amount below zero is shared like its opposite.
    """
    exact = [abs(amount) * Fraction(share) for share in shares]
    parts = [int(each) for each in exact]
    left = abs(amount) - sum(parts)
    neediest = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in neediest[:left]:
        parts[place] += 1
    return [part if amount >= 0 else -part for part in parts]
