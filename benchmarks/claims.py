"""What pages say of time and size, measured anew: `make claims`.

Refreshes the demo world and then does what the pages tell of, in folders of its own; what it finds
goes into the table of `docs/performance.md`. Which page says it, in which words, and between which
bounds these hold, stands in `claims.yml`, and `tests/python/project/test_claims.py` keeps the
three together. It needs `.venv-bi`, for Superset.
"""

from __future__ import annotations

import csv
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from benchmarks.page import between_marks
from benchmarks.refresh import REGULARS, Cost, measured
from orchestration.excel import export_workbooks
from orchestration.project import ROOT
from orchestration.report.models import PAGE as MODELS

PAGE, COMMAND = ROOT / "docs" / "performance.md", "make claims"
CLAIMS = Path(__file__).with_name("claims.yml")
LINES = 10_000
ANSWERS = {"take_demo_away": True, "currency": "EUR", "time_zone": "Europe/Berlin"}
# What a reader of the terminal sees of a refresh: the time so far, and what is still to come.
LEFT = re.compile(r"(\d+):(\d\d)  about (\d+):(\d\d) left")
MOMENTS = {
    "time_left_at_a_quarter": 0.25,
    "time_left_at_the_half": 0.5,
    "time_left_at_three_quarters": 0.75,
}


@dataclass(frozen=True)
class Found:
    """A figure in the unit that `claims.yml` names, and what the clock said."""

    name: str
    value: float
    clock: float | None = None


def claims() -> Mapping[str, Any]:
    """What `claims.yml` says: what is measured, by what, and what is no measurement."""
    return yaml.safe_load(CLAIMS.read_text("utf-8"))


def found_in(folder: Path) -> Iterator[Found]:
    """Everything that is measured, in a folder that may be filled."""
    world = folder / "world"
    world.mkdir()
    yield _timed("first_refresh", ROOT, world, *REGULARS, "--quiet", "run", "--example", "world")
    yield _timed("refresh_of_nothing_new", ROOT, world, *REGULARS, "run", "--example", "world")
    yield from _source(folder)
    yield from _models(world)
    yield from _workbooks(world / "published", folder / "workbooks")
    yield from _superset(world)
    yield from _time_left(world)


def _timed(name: str, root: Path, data: Path, *command: str) -> Found:
    """What a command costs; `RuntimeError` with its last words when it fails."""
    cost, code = measured(list(command), root, data)
    if code:
        raise RuntimeError(f"{name}: {data.with_suffix('.log').read_text()[-2000:]}")
    return _seconds(name, cost)


def _seconds(name: str, cost: Cost) -> Found:
    return Found(name, cost.cpu_seconds, cost.wall_seconds)


def _source(folder: Path) -> Iterator[Found]:
    """A source that is new to a checkout of its own: its files read, written for, and checked."""
    root, data = folder / "checkout", folder / "kiosk"
    for name in ("models", "macros", "seeds", "tests/generic", "tests/singular"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy2(ROOT / "dbt_project.yml", root)
    data.mkdir()
    sales, answers = folder / "sales.csv", folder / "answers.yml"
    _write_sales(sales)
    answers.write_text(yaml.safe_dump(ANSWERS), "utf-8")
    asked = ("new-source", "kiosk", str(sales), "--answers", str(answers))
    with _refreshing(root):
        yield _timed("new_source", ROOT, data, *REGULARS, *asked)
        yield _timed("check", ROOT, data, *REGULARS, "check", "kiosk")


@contextmanager
def _refreshing(root: Path) -> Iterator[None]:
    """Commands refresh this project in here, and not the checkout."""
    os.environ["REGULARS_PROJECT"] = str(root)
    try:
        yield
    finally:
        del os.environ["REGULARS_PROJECT"]


def _write_sales(path: Path) -> None:
    """Receipts of four lines each, by a few hundred customers over two years."""
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["receipt", "customer", "sku", "sold_at", "quantity", "price"])
        for line in range(LINES):
            receipt = line // 4
            day = date(2024, 1, 1) + timedelta(days=receipt * 730 * 4 // LINES)
            customer, sku = f"K{receipt * 7 % 311:04}", f"P{line * 13 % 97:03}"
            sold_at = f"{day} {9 + receipt % 10:02}:{receipt % 60:02}:00"
            amounts = (1 + line % 3, f"{1 + line % 40}.50")
            lines.writerow([f"R{receipt:05}", customer, sku, sold_at, *amounts])


def _models(world: Path) -> Iterator[Found]:
    command = (sys.executable, "-m", "orchestration.report.models")
    page, report = (
        _timed("writing_the_page_of_models", ROOT, world, *each)
        for each in (command, (*REGULARS, "report"))
    )
    yield Found(page.name, page.value + report.value, (page.clock or 0) + (report.clock or 0))
    yield Found("page_of_models", (world / "report" / MODELS).stat().st_size / 1e6)


def _workbooks(published: Path, folder: Path) -> Iterator[Found]:
    began = time.perf_counter(), time.process_time()
    written = export_workbooks(published, folder)
    clock, cpu = time.perf_counter() - began[0], time.process_time() - began[1]
    yield Found("workbooks", cpu, clock)
    yield Found("workbook", max(path.stat().st_size for path in written) / 1e3)


def _superset(world: Path) -> Iterator[Found]:
    """What is installed, and what `make bi` does before the server starts, twice."""
    environment, home = ROOT / ".venv-bi", world / "superset"
    files = (path for path in environment.rglob("*") if path.is_file() and not path.is_symlink())
    yield Found("superset", sum(path.stat().st_size for path in files) / 1e9)
    os.environ |= {
        "SUPERSET_HOME": str(home),
        "SUPERSET_CONFIG_PATH": str(ROOT / "bi" / "superset_config.py"),
    }
    told = (sys.executable, "-m", "orchestration.superset", str(home), "--here")
    prepared = (str(environment / "bin" / "python"), str(ROOT / "bi" / "prepare.py"), str(home))
    for name in ("first_start_of_superset", "next_start_of_superset"):
        parts = [_timed(name, ROOT, world, *command) for command in (told, prepared)]
        yield Found(name, sum(part.value for part in parts), sum(part.clock or 0 for part in parts))


def _time_left(world: Path) -> Iterator[Found]:
    """How far off a refresh that builds all again is, by the times of the one before."""
    again = (*REGULARS, "run", "--example", "world", "--full-refresh")
    seconds, told = watched([*again], {"REGULARS_DATA": str(world)})
    for name, share in MOMENTS.items():
        yield Found(name, 100 * off_by(told, share * seconds, seconds))


def watched(
    command: Sequence[str], environment: Mapping[str, str]
) -> tuple[float, list[tuple[float, float]]]:
    """Runs a command as on a terminal: its seconds, and when it told how many are left."""
    terminal, its_end = pty.openpty()
    began, told, rest = time.monotonic(), [], ""
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | environment, stdout=subprocess.DEVNULL, stderr=its_end
    )
    os.close(its_end)
    try:
        while text := os.read(terminal, 65_536).decode("utf-8", "replace"):
            *lines, rest = (rest + text).split("\r")
            for _, _, minutes, left in filter(None, map(_told, [*lines, rest])):
                told.append((time.monotonic() - began, 60 * int(minutes) + int(left)))
    except OSError:
        pass  # Nobody writes any more: the command has ended.
    finally:
        os.close(terminal)
    if process.wait():
        raise RuntimeError(f"{' '.join(command)} failed.")
    return time.monotonic() - began, told


def _told(line: str) -> tuple[str, ...] | None:
    match = LEFT.search(line)
    return match.groups() if match else None


def off_by(told: Sequence[tuple[float, float]], at: float, seconds: float) -> float:
    """By which share of what was left the telling missed it that stood there at a moment."""
    left = [left for when, left in told if when <= at]
    return abs(left[-1] - (seconds - at)) / (seconds - at) if left else 1.0


def rows(found: Sequence[Found]) -> str:
    """The table of the page: what, the figure, the clock, and who says it in which words."""
    values = {each.name: each for each in found}
    lines = ["| what | measured | by the clock | between | said |\n", "|---|--:|--:|--:|---|\n"]
    for name, thing in claims()["measured"].items():
        each, (least, most) = values[name], thing["bounds"]
        figure = f"{each.value:,.2f}" if each.value < 1 else f"{each.value:,.1f}"
        clock = f"{each.clock:,.1f} s" if each.clock is not None else ""
        said = "; ".join(
            f"{Path(page).name}: “{words}”"
            for page, all_words in thing.get("said", {}).items()
            for words in all_words
        )
        measured_figure = f"{figure} {thing['unit']}"
        lines.append(
            f"| {thing['what']} | {measured_figure} | {clock} | {least}–{most} | {said} |\n"
        )
    return "".join(lines)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="regulars-claims-") as folder:
        found = list(found_in(Path(folder)))
    text = PAGE.read_text(encoding="utf-8")
    table = rows(found)
    PAGE.write_text(between_marks(text, table, by=COMMAND), encoding="utf-8")
    print(table, end="")


if __name__ == "__main__":
    main()
