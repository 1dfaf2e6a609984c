"""What a person reads of a plan on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from math import sqrt
from pathlib import Path
from typing import Any

from orchestration.experiments.history import History
from orchestration.experiments.plan import Plan
from orchestration.labels import read_labels


@cache
def labels() -> Any:
    """The words of the page."""
    return read_labels(Path(__file__).with_name("labels.yml"))


def lines(
    history: History,
    plan: Plan,
    metric: str,
    days: int,
    effect: float,
    power: float,
    language: str,
) -> Iterator[str]:
    """The plan in one language, `en` or `zh`."""

    def told(name: str, **figures: str) -> str:
        return getattr(labels()[name], language).format(**figures)

    customers = f"{history.customers:,}"
    yield told(
        "now",
        days=f"{days}",
        customers=customers,
        metric=getattr(labels()["metric"][metric], language),
        mean=f"{history.mean:.4g}",
        deviation=f"{sqrt(history.variance):.4g}",
    )
    yield told("saved", days=f"{days}", saved=f"{plan.variance_saved:.0%}")
    yield told(
        "needed",
        effect=f"{effect:.1%}",
        power=f"{power:.0%}",
        people=f"{plan.people:,}",
        control=f"{plan.control:,}",
        without=f"{plan.people_without_history:,}",
    )
    if plan.days is None:
        yield told("never")
    else:
        yield told("days", days=f"{plan.days:,}", watched=f"{days}")
    yield told(
        "everybody",
        customers=customers,
        power=f"{plan.power:.0%}",
        smallest=f"{plan.smallest:.1%}",
    )
