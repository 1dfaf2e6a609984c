"""What was measured, kept beside the code, and what docs/performance.md shows of it.

`measured.yml` has the costs of every comparison and when it was made, `releases.yml` the ratios of
each release, of which the last is shown beside today's.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from benchmarks.page import between_marks
from benchmarks.peers.sides import Comparison, middle
from benchmarks.refresh import Cost
from orchestration.project import ROOT

PAGE, COMMAND = ROOT / "docs" / "performance.md", "make bench SIZE=peers"
MEASURED = Path(__file__).with_name("measured.yml")
RELEASES = Path(__file__).with_name("releases.yml")
HEADS = {
    MEASURED: "`make bench SIZE=peers` measured it: CPU s, wall s and GB of each run.",
    RELEASES: "CPU, ours ÷ theirs, of each release: `python -m benchmarks.peers --release`.",
}
# A line of measured.yml: the part of the benchmark, its day, and the comparison.
Row = tuple[str, date, Comparison]


def keep(part: str, found: Sequence[Comparison], parts: Sequence[str]) -> None:
    """Puts the comparisons of a part in the place of those before; all in the order of `parts`."""
    others = [row for row in kept() if row[0] != part and row[0] in parts]
    rows = [*others, *((part, date.today(), each) for each in found)]
    _write(MEASURED, [_plain(*row) for row in sorted(rows, key=lambda row: parts.index(row[0]))])


def kept() -> list[Row]:
    return [
        (
            row.pop("part"),
            row.pop("on"),
            Comparison(
                **row | {side: [Cost(*costs) for costs in row[side]] for side in ("ours", "theirs")}
            ),
        )
        for row in yaml.safe_load(MEASURED.read_text("utf-8")) or []
    ]


def release() -> None:
    """Keeps the ratios as those of the release that the project is, or is on the way from."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    ratios = {f"{each.what} ÷ {each.peer}": float(f"{each.ratio:.3g}") for _, _, each in kept()}
    _write(RELEASES, _releases() | {project["version"]: ratios})


def written(rows: Iterable[Row]) -> str:
    """The table of the page: medians, with the least and the most of some runs."""
    *_, (version, before) = _releases().items()
    lines = [
        f"| what | beside | CPU s: ours | theirs | by the clock: ours | theirs | GB: ours | theirs"
        f" | ratio of CPU | aim | {version} |\n",
        f"|---|---|{'--:|' * 9}\n",
    ]
    for _, _, each in rows:
        costs = [
            _spread(side, what)
            for what in ("cpu_seconds", "wall_seconds", "peak_gigabytes")
            for side in (each.ours, each.theirs)
        ]
        told = f"{each.what}: {each.remark}" if each.remark else each.what
        of_release = before.get(f"{each.what} ÷ {each.peer}")
        last = [_short(each.ratio), _aim(each.bar), _short(of_release) if of_release else ""]
        lines.append(f"| {' | '.join([told, each.peer, *costs, *last])} |\n")
    return "".join(lines)


def write_page() -> None:
    page = PAGE.read_text("utf-8")
    PAGE.write_text(between_marks(page, written(kept()), by=COMMAND), "utf-8")


def _releases() -> dict[str, Mapping[str, float]]:
    return yaml.safe_load(RELEASES.read_text("utf-8"))


def _spread(costs: Sequence[Cost], what: str) -> str:
    found = [getattr(cost, what) for cost in costs]
    least_and_most = f" ({_short(min(found))}–{_short(max(found))})"
    is_one = len(found) == 1 or what == "peak_gigabytes"
    return _short(middle(costs, what)) + ("" if is_one else least_and_most)


def _short(number: float) -> str:
    return (
        f"{number:,.0f}" if number >= 100 else f"{number:.2g}" if number < 10 else f"{number:.1f}"
    )


def _aim(bar: float | None) -> str:
    return f"≤ {_short(bar)}" if bar else ""


def _plain(part: str, on: date, each: Comparison) -> dict[str, Any]:
    """As YAML has it."""
    costs = {
        side: [[round(value, 3) for value in vars(cost).values()] for cost in getattr(each, side)]
        for side in ("ours", "theirs")
    }
    told = {"what": each.what, "peer": each.peer, "bar": each.bar, "remark": each.remark}
    return {"part": part, "on": on, **told, **costs}


def _write(file: Path, things: Any) -> None:
    text = yaml.safe_dump(things, sort_keys=False, allow_unicode=True, default_flow_style=None)
    file.write_text(f"# {HEADS[file]}\n{text}", "utf-8")
