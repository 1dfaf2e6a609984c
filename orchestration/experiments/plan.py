"""Size, power and days of an experiment, and the smallest effect that it would show."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt
from pathlib import Path

from scipy.stats import norm

from orchestration.experiments.history import History

# Nobody waits longer than some ten years, and of two customers the days before explain all.
MOST_DAYS = 3_650
MOST_SAVED = 0.99


@dataclass(frozen=True)
class Plan:
    """`people` are of both arms together; `days` last until all of them have been watched, None
    where there will never be as many. `power` is what everybody together would give, and `smallest`
    the least effect, as a share of the mean, that they would show with the power asked for."""

    people: int
    people_without_history: int
    control: int
    days: int | None
    power: float
    smallest: float
    variance_saved: float


def chance_of_one(alpha: float, seeds: Path) -> float:
    """The chance below which a metric is believed whatever the others say: that of all
    (`experiment_alpha`) in as many parts as metrics are looked at, which is where Holm begins.
    """
    metrics = (seeds / "experiment_metrics.csv").read_text(encoding="utf-8").splitlines()[1:]
    return alpha / len(metrics)


def plan(
    history: History,
    days: int,
    effect: float,
    power: float = 0.8,
    control_share: float = 0.5,
    alpha: float = 0.05,
    arm_least: int = 0,
    arm_events: int = 0,
) -> Plan:
    """The plan of an experiment that is to show a change of the mean by the share `effect`.

    `alpha` is the chance below which one metric is shown to change (`chance_of_one`). Of fewer than
    `arm_least` people in either arm nothing is told, however great the effect, nor of fewer than
    `arm_events` events, were both arms alike.
    The variance of a difference is v ÷ n ÷ (h (1 − h)) with a share h left out, and v what the days
    before leave unexplained (CUPED): 1 − ρ² of it. Raises `ValueError` where nothing ever happens.
    """
    if history.mean == 0 or history.variance == 0:
        raise ValueError("None of these customers did it of late: nothing can be planned from it.")
    saved = min(history.correlation**2, MOST_SAVED)
    change = abs(effect * history.mean)
    reach = norm.ppf(1 - alpha / 2) + norm.ppf(power)
    spread = sqrt(history.variance / (control_share * (1 - control_share)))
    arm = max(arm_least, arm_events / history.event_share)
    least = ceil(arm / min(control_share, 1 - control_share))
    people = max(least, ceil((reach * spread / change) ** 2 * (1 - saved)))
    error = spread * sqrt((1 - saved) / history.customers)
    return Plan(
        people=people,
        people_without_history=max(least, ceil((reach * spread / change) ** 2)),
        control=ceil(people * control_share),
        days=_days(history, days, people),
        power=float(norm.sf(norm.ppf(1 - alpha / 2) - change / error)),
        smallest=reach * error / abs(history.mean),
        variance_saved=saved,
    )


def _days(history: History, days: int, people: int) -> int | None:
    missing = people - history.customers
    if missing <= 0:
        return days
    if missing > history.arrivals_a_day * MOST_DAYS:
        return None
    return days + ceil(missing / history.arrivals_a_day)
