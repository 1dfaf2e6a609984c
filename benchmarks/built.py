"""What `make proof` looks at: worlds built as far as a mart, without the checks of data."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import duckdb

from benchmarks.page import silent
from orchestration import dbt
from orchestration.duck import connect
from orchestration.project import ROOT, Project
from orchestration.publish.audit import GOOD
from orchestration.refresh import Refresh
from orchestration.warehouse import attach
from orchestration.world import World, make_world

Found = TypeVar("Found")
# What a fit leaves, as models read it.
PARAMETERS = ("int_model_parameters", "int_model_versions", "int_current_parameters")


def built_world(seed: int, folder: Path, *marts: str) -> Refresh:
    """A demo world of the usual size in this folder, landed and built as far as the marts."""
    make_world(World(2_500, 730, seed), folder, silent)
    refresh = Refresh(Project(ROOT, folder))
    refresh.land(silent)
    build_marts(refresh, *marts)
    return refresh


def fitted_world(
    world: World, folder: Path, model: str, upstream: Iterable[str], scored: Iterable[str]
) -> Refresh:
    """A demo world in this folder, built as far as a fit needs, fitted, and built again with it.

    `upstream` and `scored` are what dbt selects before and after the fit.
    """
    make_world(world, folder, silent)
    refresh = Refresh(Project(ROOT, folder))
    refresh.land(silent)
    project, overrides = refresh.project, refresh.overrides
    for words in (("seed",), ("run", "--select", *upstream)):
        dbt.run(project, words, overrides, project.target, silent)
    refresh.fit([model], silent)
    dbt.run(project, ("run", "--select", *PARAMETERS, *scored), overrides, project.target, silent)
    return refresh


def build_marts(refresh: Refresh, *marts: str) -> None:
    """Builds marts and all that they read; `RuntimeError` names what could not be built."""
    upstream = (f"+{mart}" for mart in marts)
    words = (*dbt.BUILD, "--select", *upstream, "--exclude", "test_type:data")
    dbt.run(refresh.project, words, refresh.overrides, refresh.project.target, silent)
    results = json.loads((refresh.project.target / "run_results.json").read_text())["results"]
    failed = [each["unique_id"] for each in results if each["status"] not in GOOD]
    if failed:
        raise RuntimeError(f"Not built, see {refresh.project.logs}: {', '.join(failed)}")


def beside_truth(
    refresh: Refresh, compare: Callable[[duckdb.DuckDBPyConnection, Path], Found]
) -> Found:
    """What a comparison finds in a warehouse that is built, and in the truth of its world."""
    with connect() as connection:
        attach(connection, refresh.project.warehouse)
        return compare(connection, refresh.project.truth)
