"""Components of a graph by our materialization in dbt, beside igraph and scipy, on one thread each.

All read the same edges as Parquet, and find the same components, which is checked. What dbt takes
for no edges is taken off ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks.components import (
    GRAPHS,
    build,
    draw,
    find_by_igraph,
    find_by_scipy,
    graph_project,
    profiles_of_threads,
    require_same_components,
)
from benchmarks.peers.sides import Comparison, Side, alone, in_turns, middle
from benchmarks.refresh import Cost

PEERS = {"igraph": find_by_igraph, "scipy": find_by_scipy}


def comparisons(folder: Path) -> Iterator[Comparison]:
    """Raises `RuntimeError` where a component differs."""
    project = graph_project(folder / "graphs")
    ours = Side("ours", partial(build, project, profiles=profiles_of_threads(folder, 1)))
    peers = [Side(name, partial(work, project)) for name, work in PEERS.items()]
    alone(draw, project, "select 1 as l, 1 as r limit 0")
    build(project, profiles=folder)  # dbt reads the project, and compiles its own Python
    start = in_turns([ours])["ours"]
    for graph, pairs in GRAPHS.items():
        alone(draw, project, pairs)
        costs = in_turns([ours, *peers])
        for peer in PEERS:
            alone(require_same_components, project, peer)
            beyond = [_less(cost, start) for cost in costs["ours"]]
            yield Comparison(f"components: {graph}", peer, beyond, costs[peer])


def _less(cost: Cost, start: list[Cost]) -> Cost:
    return replace(
        cost,
        cpu_seconds=cost.cpu_seconds - middle(start, "cpu_seconds"),
        wall_seconds=cost.wall_seconds - middle(start, "wall_seconds"),
    )
