"""The best of a few runs, since noise only ever adds time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Ratio:
    """What a step takes (wall-clock seconds) beside the least that any program would need."""

    step: str
    floor: str
    step_seconds: float
    floor_seconds: float

    @property
    def value(self) -> float:
        return self.step_seconds / self.floor_seconds


def best_of(runs: int, work: Callable[[int], object]) -> float:
    """Seconds of the fastest run; `work` gets the number of the run, to write somewhere new."""
    seconds = []
    for run in range(runs):
        began = time.perf_counter()
        work(run)
        seconds.append(time.perf_counter() - began)
    return min(seconds)
