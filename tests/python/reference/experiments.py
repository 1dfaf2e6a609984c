"""Comparisons of two arms as scipy makes them of the people, beside what SQL makes of sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Arms:
    """A metric y, and what stands beside it, x: first of the treated, then of the control.

    x is the metric of the days before, or, of a ratio, its denominator.
    """

    kind: str
    y: tuple[np.ndarray, np.ndarray]
    x: tuple[np.ndarray, np.ndarray]


def drawn(random: np.random.Generator, kind: str) -> Arms:
    """Two arms of 30 to 3,000 people: shares, and money with a long tail and nothing of many.

    All numbers have at most two decimals, as money has.
    """
    sizes = np.floor(10 ** random.uniform(np.log10(30), 3.5, 2)).astype(int)
    y, x = [], []
    for size in sizes:
        taste = random.gamma(random.uniform(0.3, 3), 1, size)
        now, before = (random.poisson(taste * random.uniform(0.5, 3)) for _ in range(2))
        if kind == "rate":
            y.append((now > 0).astype(float))
            x.append((before > 0).astype(float))
        elif kind == "ratio":
            now = np.maximum(now, random.integers(0, 2, size))
            now[:30] += 1
            y.append(np.round(now * random.lognormal(4, 0.8, size), 2))
            x.append(now.astype(float))
        else:
            spent = [np.round(n * random.lognormal(4, 0.8, size), 2) for n in (now, before)]
            y.append(spent[0])
            x.append(spent[1])
    return Arms(kind, (y[0], y[1]), (x[0], x[1]))


def sums(values: np.ndarray, beside: np.ndarray) -> dict[str, float]:
    """What `int_experiment_sums` holds of one arm."""
    return {
        "n": len(values),
        "known_n": int(np.count_nonzero(beside)),
        "happened_n": int(np.count_nonzero(values)),
        "y": values.sum(),
        "yy": (values * values).sum(),
        "x": beside.sum(),
        "xx": (beside * beside).sum(),
        "xy": (beside * values).sum(),
    }


def is_told(arms: Arms) -> bool:
    """Whether ten events fall to each arm if there is no effect, and of shares ten without."""
    sizes = [len(each) for each in arms.y]
    events = sum(int(np.count_nonzero(each)) for each in arms.y)
    fewest = min(events, sum(sizes) - events) if arms.kind == "rate" else events
    return min(sizes) / sum(sizes) * fewest >= 10


def expected(arms: Arms) -> dict[str, float | None]:
    """Difference, interval and chance of the plain comparison and of the adjusted one."""
    (y, control_y), (x, control_x) = arms.y, arms.x
    told: dict[str, float | None] = {}
    if arms.kind == "rate":
        told |= _newcombe(y, control_y)
    elif arms.kind == "ratio":
        told |= _welch(*(_linear(*each) for each in ((y, x), (control_y, control_x))))
    else:
        told |= _welch(y, control_y)
    names = ("adjusted_difference", "low_adjusted_difference", "high_adjusted_difference")
    told |= dict.fromkeys((*names, "adjusted_p"))
    scatter = sum(np.square(each - each.mean()).sum() for each in arms.x)
    if arms.kind != "ratio" and scatter > 0:
        theta = (
            sum(
                ((a - a.mean()) * (b - b.mean())).sum() for a, b in zip(arms.x, arms.y, strict=True)
            )
            / scatter
        )
        found = _welch(y - theta * x, control_y - theta * control_x)
        told |= dict(zip((*names, "adjusted_p"), found.values(), strict=True))
    if not is_told(arms):
        told |= {name: None for name in told if name.removeprefix("adjusted_") != "difference"}
    return told


def _welch(treated: np.ndarray, control: np.ndarray) -> dict[str, float | None]:
    test: Any = stats.ttest_ind(treated, control, equal_var=False)
    interval = test.confidence_interval(CONFIDENCE)
    return _told(treated.mean() - control.mean(), interval.low, interval.high, test.pvalue)


def _linear(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Of each person what a ratio of sums is the mean of, to the first order (delta method)."""
    ratio = part.sum() / whole.sum()
    return ratio + (part - ratio * whole) / whole.mean()


def _newcombe(treated: np.ndarray, control: np.ndarray) -> dict[str, float | None]:
    shares, ends = [], []
    for each in (treated, control):
        count, total = int(each.sum()), len(each)
        shares.append(count / total)
        ends.append(stats.binomtest(count, total).proportion_ci(CONFIDENCE, "wilson"))
    difference = shares[0] - shares[1]
    down = np.hypot(shares[0] - ends[0].low, ends[1].high - shares[1])
    up = np.hypot(ends[0].high - shares[0], shares[1] - ends[1].low)
    table = [[each.sum(), len(each) - each.sum()] for each in (treated, control)]
    chance = None
    if 0 < treated.sum() + control.sum() < len(treated) + len(control):
        chance = stats.chi2_contingency(table, correction=False).pvalue
    return _told(difference, difference - down, difference + up, chance)


def _told(difference: float, low: float, high: float, p: float | None) -> dict[str, float | None]:
    return {"difference": difference, "low_difference": low, "high_difference": high, "p": p}


def holm(chances: np.ndarray) -> np.ndarray:
    """Chances corrected by Holm (1979)."""
    order = np.argsort(chances, kind="stable")
    stepped = np.maximum.accumulate(chances[order] * np.arange(len(chances), 0, -1))
    corrected = np.empty_like(chances)
    corrected[order] = np.minimum(stepped, 1)
    return corrected


def sequential_reach(people: int, comparisons: int, tuned: int = 5_000) -> float:
    """Errors that an interval reaches which holds at all looks, and for all comparisons together
    (Waudby-Smith et al. 2024)."""
    alpha = (1 - CONFIDENCE) / comparisons
    grown = people * (-2 * np.log(alpha) + np.log(1 - 2 * np.log(alpha))) / tuned
    return float(np.sqrt(2 * (grown + 1) / grown * np.log(np.sqrt(grown + 1) / alpha)))
