"""How far a refresh has come, and how long it will still take by the times of the last one.

Each phase is as long as it was then. Within a phase that counts its steps, the steps are not alike:
of each twentieth of them it is remembered when it had ended.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from orchestration.progress import Phase, Progress, Step, rewrite, silent

# The phases of every refresh that publishes. Fits are of the first one alone, which builds what
# they read before them, and all else after them; the next refresh builds it in one.
USUAL = ("land", "build", "publish", "report")
BEFORE_FITS = "build for fits"
MARKS = 20
# Before so much is known to be over, the pace of this run says nothing.
TELLING_SECONDS = 3.0
BAR = 20


@dataclass(frozen=True)
class Times:
    """How long a phase took; `marks` are the shares of it after which each twentieth of its `steps`
    had ended."""

    seconds: float
    marks: tuple[float, ...] = ()
    steps: int = 0

    @property
    def start(self) -> float:
        """The seconds until the first of the twentieths had ended."""
        return self.seconds * self.marks[0] if self.marks else 0.0

    def passed(self, share: float) -> float:
        """The share of the time that is over when this share of the steps is."""
        if not self.marks:
            return share
        whole, rest = divmod(share * MARKS, 1)
        known = (0.0, *self.marks, 1.0)
        below, above = known[int(whole)], known[min(int(whole) + 1, MARKS)]
        return below + (above - below) * rest

    def then(self, later: Times) -> Times:
        """The times of both as of one phase."""
        seconds, steps = self.seconds + later.seconds, self.steps + later.steps
        if not (self.marks and later.marks and seconds):
            return Times(seconds)
        ended = [steps * number / MARKS for number in range(1, MARKS + 1)]
        marks = [
            self.seconds * self.passed(min(each / self.steps, 1))
            + later.seconds * later.passed(max(each - self.steps, 0) / later.steps)
            for each in ended
        ]
        return Times(seconds, tuple(each / seconds for each in marks), steps)


def read_times(path: Path) -> dict[str, Times]:
    """The times of the last refresh by phase; none where there was none, or nobody can read it."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {
            name: Times(each["seconds"], tuple(each["marks"]), each.get("steps", 0))
            for name, each in found.items()
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


@dataclass
class Course:
    """Hears what a refresh tells, and reckons; hands each text to `tell`, with itself."""

    last: Mapping[str, Times]
    tell: Callable[[str, Course], None]
    clock: Callable[[], float] = time.monotonic
    phase: str | None = None
    took: dict[str, Times] = field(default_factory=dict)
    _share: float = 0.0
    _steps: int = 0
    _marks: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._begun = self._phase_begun = self.clock()

    def __call__(self, text: str) -> None:
        if isinstance(text, Phase):
            self.end()
            self.phase = text.name
        elif isinstance(text, Step):
            self._share, self._steps = text.number / text.total, text.total
            due = int(self._share * MARKS) - len(self._marks)
            self._marks += [self.clock() - self._phase_begun] * due
        self.tell(text, self)

    def end(self) -> None:
        """The phase is over."""
        if self.phase:
            seconds = self.clock() - self._phase_begun
            marks = [each / seconds for each in self._marks] if seconds else []
            is_counted = len(marks) == MARKS
            self.took[self.phase] = (
                Times(seconds, tuple(marks), self._steps) if is_counted else Times(seconds)
            )
        self.phase, self._phase_begun, self._share, self._steps = None, self.clock(), 0.0, 0
        self._marks = []

    @property
    def parts(self) -> dict[str, float]:
        """The seconds of what is over, by the first word of the phases: a fit is one of many."""
        parts: dict[str, float] = {}
        for name, times in self.took.items():
            part = name.split()[0]
            parts[part] = parts.get(part, 0.0) + times.seconds
        return parts

    def write(self, path: Path) -> None:
        """Leaves the times for the next refresh; of phases that it had not, those of before."""
        times = {**self.last, **self.took}
        if BEFORE_FITS in self.took and "build" in self.took:
            times["build"] = self.took[BEFORE_FITS].then(self.took["build"])
        fresh = path.with_name(f"{path.name}.new")
        fresh.write_text(json.dumps({name: asdict(each) for name, each in times.items()}))
        fresh.replace(path)

    @property
    def seconds(self) -> float:
        """Since it began."""
        return self.clock() - self._begun

    @property
    def share(self) -> float | None:
        """How much of it is over, from 0 to 1; of the phase alone where no time is known."""
        done, left = self._expected
        if not self.last:
            return self._share or None
        return done / (done + left) if done + left else None

    @property
    def left(self) -> float | None:
        """Seconds still to go at the pace so far; None where nobody knows."""
        _, left = self._expected
        if self.phase not in self.last:
            return None
        return left * self._pace

    @property
    def _pace(self) -> float:
        """How long this refresh takes for what took a second in the last.

        It goes by phases that count their steps: how much there is to land nobody knows before. A
        start that was quicker says nothing of the steps after it: dbt had parsed the same before.
        """
        took = expected = 0.0
        for now_start, now, then_start, then in self._compared():
            took += now
            expected += then - max(then_start - now_start, 0.0)
        return took / expected if expected > TELLING_SECONDS else 1.0

    def _compared(self) -> Iterator[tuple[float, float, float, float]]:
        """Of each phase that counts its steps: the seconds to its first mark, and all so far, now
        and then."""
        for name, now in self.took.items():
            then = self.last.get(name)
            if then and then.marks and now.marks:
                yield now.start, now.seconds, then.start, then.seconds
        then = self.last.get(self.phase or "")
        if then and then.marks and self._marks:
            now_seconds = self.clock() - self._phase_begun
            yield self._marks[0], now_seconds, then.start, then.seconds * then.passed(self._share)

    @property
    def _expected(self) -> tuple[float, float]:
        """Of the last times, how much is over and how much is to come."""
        done = sum(self.last[name].seconds for name in self.took if name in self.last)
        later = USUAL[USUAL.index(self.phase) + 1 :] if self.phase in USUAL else ()
        if self.phase not in USUAL:
            later = [name for name in USUAL if name not in self.took]
        left = sum(self.last[name].seconds for name in later if name in self.last)
        if now := self.last.get(self.phase or ""):
            passed = now.passed(self._share) if self._share else self._by_the_clock(now)
            done += now.seconds * passed
            left += now.seconds * (1 - passed)
        return done, left

    def _by_the_clock(self, now: Times) -> float:
        """Of a phase that has counted nothing yet: by the clock, and never all of it."""
        if not now.seconds:
            return 0.0
        first_step = now.marks[0] if now.marks else 0.95
        return min((self.clock() - self._phase_begun) / now.seconds, first_step)


def course(last: Mapping[str, Times], tell: Progress) -> Course:
    """The course of a refresh, which is shown as a bar on a terminal, else told in plain lines."""
    if tell is not silent and sys.stderr.isatty():
        return Course(last, _draw)
    return Course(last, lambda text, course: tell(_plain(text, course)))


def _plain(text: str, course: Course) -> str:
    """A phase says what is still to come; a log has no use for more."""
    if isinstance(text, Phase) and course.left:
        return f"{text} (about {clock(course.left)} left)"
    return text


def _draw(text: str, course: Course) -> None:
    """Rewrites the last line of the terminal: bar, share, time, and what is going on."""
    rewrite(drawn(text, course))


def drawn(text: str, course: Course) -> str:
    """The line of a course: how far it is, how long it took and still takes, and what is told."""
    share = course.share
    told = [f"{_bar(share)} {share:4.0%}"] if share is not None else []
    told.append(clock(course.seconds))
    if course.left is not None:
        told.append(f"about {clock(course.left)} left")
    return "  ".join([*told, text])


def _bar(share: float) -> str:
    full, empty = ("█", "░") if _has_blocks() else ("#", "-")
    done = round(share * BAR)
    return full * done + empty * (BAR - done)


def _has_blocks() -> bool:
    return (sys.stderr.encoding or "").lower().startswith("utf")


def clock(seconds: float) -> str:
    """A length of time as minutes and seconds, 1:05."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"
