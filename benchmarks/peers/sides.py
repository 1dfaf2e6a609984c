"""What each side of a comparison costs, in a process of its own, and the ratio of both."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path
from statistics import median

from benchmarks.refresh import Cost

RUNS = 3


@dataclass(frozen=True)
class Side:
    """Work of one side: `work` is called in a new process, once its `imports` are there."""

    name: str
    work: Callable[[], object]
    imports: Sequence[str] = ()

    def cost(self) -> Cost:
        return alone(_measured, self)


@dataclass(frozen=True)
class Comparison:
    """Costs of some runs of ours and of a peer's; `bar` is the most that ours may be of it.

    `what` and `peer` name it for ever: by them a release's ratio is found again.
    """

    what: str
    peer: str
    ours: Sequence[Cost]
    theirs: Sequence[Cost]
    bar: float | None = None
    remark: str = ""

    @property
    def ratio(self) -> float:
        """CPU seconds of ours by those of the peer, each the median of its runs."""
        return middle(self.ours, "cpu_seconds") / middle(self.theirs, "cpu_seconds")


def alone(work: Callable, *arguments: object) -> object:
    """What `work` returns in a process that has done nothing else, and raises what it raises."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def in_turns(sides: Sequence[Side], runs: int = RUNS) -> dict[str, list[Cost]]:
    """The costs of each side by its name; in turns, so that a busy minute tells on all of them."""
    costs: dict[str, list[Cost]] = {side.name: [] for side in sides}
    for _ in range(runs):
        for side in sides:
            costs[side.name].append(side.cost())
    return costs


def beyond(start: Sequence[Cost], costs: Sequence[Cost]) -> list[Cost]:
    """What each cost has beyond that of a start with nothing to do."""
    return [
        replace(
            cost,
            cpu_seconds=cost.cpu_seconds - middle(start, "cpu_seconds"),
            wall_seconds=cost.wall_seconds - middle(start, "wall_seconds"),
        )
        for cost in costs
    ]


def middle(costs: Sequence[Cost], what: str) -> float:
    return median(getattr(cost, what) for cost in costs)


def _measured(side: Side) -> Cost:
    """Of this process and those that it waited for; memory is the peak of the largest."""
    for name in side.imports:
        import_module(name)
    began, used = time.perf_counter(), _used()
    side.work()
    wall = time.perf_counter() - began
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return Cost(_used() - used, wall, max(_own_peak(), children) / 1e6)


def _used() -> float:
    both = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, both))


def _own_peak() -> int:
    """In kB, as Linux tells it; `ru_maxrss` begins with what the parent had."""
    status = Path("/proc/self/status").read_text("ascii").splitlines()
    [peak] = [line.split()[1] for line in status if line.startswith("VmHWM:")]
    return int(peak)
