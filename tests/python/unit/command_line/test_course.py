"""How far a refresh has come, and how long it will still take by the times of the last one."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from orchestration.course import Course, Times, clock, drawn, read_times
from orchestration.progress import Phase, Step


@dataclass
class Watch:
    """A clock that stands until it is set forward."""

    now: float = 100.0
    heard: list[str] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def course(self, last: dict[str, Times]) -> Course:
        return Course(last, lambda text, course: self.heard.append(text), self)


def refresh(watch: Watch, course: Course, pace: float = 1.0) -> list[tuple[float, float | None]]:
    """A refresh of 10 + 60 + 20 + 10 seconds, whose first steps are slow; what was left, and what
    was said to be left, at each of its steps."""
    end = watch.now + 100 * pace
    seen = []
    for name, steps in (
        ("land", [10]),
        ("build", [30, 10, 5, 5, 2, 2, 2, 2, 1, 1]),
        ("publish", [20]),
        ("report", [10]),
    ):
        course(Phase(f"Phase {name}", name))
        for number, seconds in enumerate(steps, 1):
            watch.now += seconds * pace
            course(Step(f"{name} {number}", number, len(steps)))
            seen.append((end - watch.now, course.left))
    course.end()
    return seen


def test_the_first_refresh_says_no_time_and_only_how_far_its_phase_is():
    watch = Watch()
    course = watch.course({})
    seen = refresh(watch, course)
    assert {left for _, left in seen} == {None}
    assert course.took["build"].seconds == 60
    assert "land 1" in watch.heard and isinstance(watch.heard[0], Phase)


def test_the_next_one_says_what_is_left_although_its_steps_are_not_alike():
    watch = Watch()
    first = watch.course({})
    refresh(watch, first)
    second = watch.course(first.took)
    for left, said in refresh(watch, second):
        assert said == pytest.approx(left, abs=0.5)
    assert second.share == pytest.approx(1)


def test_on_a_day_when_all_is_twice_as_slow_so_is_what_is_left():
    watch = Watch()
    first = watch.course({})
    refresh(watch, first)
    for left, said in refresh(watch, watch.course(first.took), pace=2.0):
        assert said == pytest.approx(left, abs=1)


def test_what_was_quick_because_nothing_was_new_promises_nothing_of_the_rest():
    watch = Watch()
    first = watch.course({})
    refresh(watch, first)
    last = first.took | {"land": Times(first.took["land"].seconds)}
    second = watch.course(last)
    second(Phase("Landing", "land"))
    watch.now += 1
    second(Phase("Building", "build"))
    watch.now += 5
    second(Step("parsed before", 1, 10))
    assert second.left == pytest.approx(60)


def test_a_phase_that_tells_of_no_steps_goes_by_the_clock_and_never_ends_by_it():
    watch = Watch()
    course = watch.course({"land": Times(10.0)})
    course(Phase("Landing", "land"))
    watch.now += 5
    assert course.share == pytest.approx(0.5)
    watch.now += 50
    assert course.share == pytest.approx(0.95)


def test_fits_count_as_one_part_and_are_not_expected_of_the_next_refresh():
    watch = Watch()
    course = watch.course({"fit churn": Times(50.0), "publish": Times(5.0)})
    for name in ("fit churn", "fit lifetime", "publish"):
        course(Phase(name, name))
        watch.now += 2
    course.end()
    assert course.parts == {"fit": 4, "publish": 2}
    again = watch.course(course.took)
    again(Phase("Publishing", "publish"))
    assert again.left == pytest.approx(2)


def test_what_was_built_in_two_parts_is_expected_in_one(tmp_path: Path):
    watch, path = Watch(), tmp_path / "times.json"
    course = watch.course({})
    for name, seconds in (("build for fits", [8] * 20), ("fit churn", []), ("build", [1] * 60)):
        course(Phase(name, name))
        for number, each in enumerate(seconds, 1):
            watch.now += each
            course(Step(name, number, len(seconds)))
    course.end()
    course.write(path)
    again = watch.course(read_times(path))
    again(Phase("Building", "build"))
    watch.now += 160
    again(Step("a quarter of 80", 20, 80))
    assert again.left == pytest.approx(60)
    watch.now += 20
    again(Step("the half", 40, 80))
    assert again.left == pytest.approx(40)


def test_times_are_kept_and_damaged_ones_are_none(tmp_path: Path):
    watch, path = Watch(), tmp_path / "times.json"
    course = watch.course({"fit churn": Times(50.0)})
    refresh(watch, course)
    course.write(path)
    kept = read_times(path)
    assert kept == {**course.took, "fit churn": Times(50.0)}
    for damage in ("", "[]", '{"land": {}}', '{"land": 3}'):
        path.write_text(damage)
        assert read_times(path) == {}


def test_the_bar_says_share_time_and_what_is_going_on():
    watch = Watch()
    course = watch.course({"land": Times(10.0), "build": Times(90.0)})
    course(Phase("Landing", "land"))
    watch.now += 10
    course(Phase("Building", "build"))
    watch.now += 15
    line = drawn("3 of 9 orders", course)
    assert " 25%  0:25  about 1:15 left  3 of 9 orders" in line
    assert line[:20].strip("█░#-") == ""


def test_times_read_as_minutes_and_seconds():
    assert [clock(each) for each in (0.4, 59.6, 65, 3661)] == ["0:00", "1:00", "1:05", "61:01"]
