"""Why revenue changed: an exact decomposition of the difference between two stretches of days.

What customers spent is a product, of which each factor has a meaning of its own:

    visitors × buyers per visitor × purchases per buyer × units per purchase × revenue per unit

Where nobody counts visitors, as in stores, it begins with the buyers. The change of a product is
split by the logarithmic mean Divisia index (Ang 2004): the part of a factor x is
L(after, before) × ln(x after ÷ x before), with L(a, b) = (a − b) ÷ ln(a ÷ b). It has no rest, and
forwards and backwards it tells the same. What guests bought and what returns took away are added.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

CENT = Decimal("0.01")
FACTORS = ("visitors", "conversion", "buyers", "frequency", "items", "price", "guests", "returns")


@dataclass(frozen=True)
class Sales:
    """What was sold in a stretch of days. Amounts are in the reporting currency."""

    buyers: int = 0
    orders: int = 0
    """Purchases of customers who are known."""
    units: float = 0
    amount: Decimal = Decimal(0)
    """What those purchases came to."""
    guest_amount: Decimal = Decimal(0)
    """What purchases of guests came to."""
    other_amount: Decimal = Decimal(0)
    """What orders came to that are no purchases: below zero, they are returns."""
    visitors: int | None = None
    """Customers who came to look; None where nobody counts them."""

    @property
    def net_amount(self) -> Decimal:
        return self.amount + self.guest_amount + self.other_amount


def contributions(before: Sales, after: Sales) -> dict[str, Decimal]:
    """What each factor did to the net amount, to the cent: they add up to its change.

    Where customers bought nothing in one of the two, all that they spent in the other is due to
    there being buyers or not.
    """
    change = after.amount - before.amount
    parts = {
        "guests": after.guest_amount - before.guest_amount,
        "returns": after.other_amount - before.other_amount,
    }
    if before.amount <= 0 or after.amount <= 0 or not (before.orders and after.orders):
        return {"buyers": change, **parts}
    ratios = _ratios(_chain(before, after))
    mean = _logarithmic_mean(float(before.amount), float(after.amount))
    shares = {factor: mean * math.log(ratio) for factor, ratio in ratios.items()}
    return {**_in_cents(shares, change), **parts}


def _in_cents(parts: Mapping[str, float], total: Decimal) -> dict[str, Decimal]:
    """The parts in cents that add up to the total.

    What rounding leaves goes to those that it took most from.
    """
    floors = {name: math.floor(100 * part) for name, part in parts.items()}
    left = int(100 * total) - sum(floors.values())
    by_rest = sorted(parts, key=lambda name: floors[name] - 100 * parts[name])
    # Doubles may miss the total by more than rounding does, though never by much.
    each, more = divmod(left, len(by_rest))
    extra = {name: each + (place < more) for place, name in enumerate(by_rest)}
    return {name: (floors[name] + extra[name]) * CENT for name in parts}


def _chain(before: Sales, after: Sales) -> list[tuple[str, float, float]]:
    """The product up to each factor, before and after."""
    sees_visitors = bool(before.visitors and after.visitors)
    counts_units = before.units > 0 and after.units > 0
    return [
        *([("visitors", before.visitors or 0, after.visitors or 0)] if sees_visitors else []),
        ("conversion" if sees_visitors else "buyers", before.buyers, after.buyers),
        ("frequency", before.orders, after.orders),
        *([("items", before.units, after.units)] if counts_units else []),
        ("price", float(before.amount), float(after.amount)),
    ]


def _ratios(chain: list[tuple[str, float, float]]) -> dict[str, float]:
    """By how much each factor, a step of the chain by the one before it, has grown."""
    growth = [(name, after / before) for name, before, after in chain]
    last = [1.0, *(grown for _, grown in growth)]
    return {name: grown / last[place] for place, (name, grown) in enumerate(growth)}


def _logarithmic_mean(one: float, other: float) -> float:
    return one if one == other else (one - other) / math.log(one / other)
