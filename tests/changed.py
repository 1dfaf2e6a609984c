"""Runs dbt's unit tests of the models that differ from `main`, for work in progress.

A model differs when its SQL, the YAML beside it or a macro that it calls does; on `main` itself the
last commit and what is not committed count. Its parents are built empty, in a folder that stays for
the next time: `python tests/changed.py [FOLDER]`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DBT = str(Path(sys.executable).with_name("dbt"))
DEFINED = re.compile(r"{%-?\s*macro\s+(\w+)")
CALLED = re.compile(r"\b(\w+)\(")


def git(*words: str) -> list[str]:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True)
    return done.stdout.splitlines() if done.returncode == 0 else []


def base() -> str:
    """The commit that this work began from."""
    here = git("rev-parse", "HEAD")
    for main in ("main", "origin/main"):
        begun = git("merge-base", "HEAD", main)
        if begun and begun != here:
            return begun[0]
    return "HEAD~1" if git("rev-parse", "--verify", "--quiet", "HEAD~1") else "HEAD"


def changed_files() -> set[Path]:
    """The files that differ from the base, also those that git does not know yet."""
    names = [
        *git("diff", "--name-only", "--diff-filter=d", base()),
        *git("ls-files", "--others", "--exclude-standard"),
    ]
    return {ROOT / name for name in names}


def changed_models(changed: Iterable[Path], root: Path = ROOT) -> list[str]:
    """The names of the models that differ when these files do."""
    models = {path: path.read_text() for path in sorted((root / "models").rglob("*.sql"))}
    macros = {path: path.read_text() for path in sorted((root / "macros").rglob("*.sql"))}
    called = set(_macros_that_differ(set(changed) & macros.keys(), macros))
    described = {path for path in changed if path.suffix == ".yml" and path.exists()}
    return [
        path.stem
        for path, sql in models.items()
        if path in set(changed)
        or any(path.parent == each.parent and path.stem in each.read_text() for each in described)
        or called & set(CALLED.findall(sql))
    ]


def _macros_that_differ(files: Iterable[Path], macros: dict[Path, str]) -> Iterator[str]:
    """The macros of these files, and all that call them, also over other macros."""
    seen, waiting = set(), list(files)
    while waiting:
        file = waiting.pop()
        seen.add(file)
        names = {name.partition("__")[2] or name for name in DEFINED.findall(macros[file])}
        yield from names
        waiting += [
            other
            for other, text in macros.items()
            if other not in seen and names & set(CALLED.findall(text))
        ]


def run(folder: Path, models: list[str]) -> int:
    """Builds the parents of the models empty, and runs the unit tests; dbt's exit code."""
    places = ["--target-path", str(folder / "target"), "--log-path", str(folder / "logs")]
    quiet = ["--quiet", "--log-level-file", "none"]
    environment = {**os.environ, "REGULARS_DATA": str(folder), "DO_NOT_TRACK": "1"}
    parents = [f"+{model}" for model in models]
    for words in (
        ["build", "--empty", "--exclude-resource-type", "unit_test", "test", "--select", *parents],
        ["test", "--select", *(f"{model},test_type:unit" for model in models)],
    ):
        done = subprocess.run([DBT, *quiet, *words, *places], cwd=ROOT, env=environment)
        if done.returncode:
            break
    return done.returncode


if __name__ == "__main__":
    DIFFERENT = changed_models(changed_files())
    print(f"{len(DIFFERENT)} models differ from {base()[:12]}: {', '.join(DIFFERENT) or 'none'}")
    FOLDER = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "target" / "changed"
    sys.exit(run(FOLDER, DIFFERENT) if DIFFERENT else 0)
