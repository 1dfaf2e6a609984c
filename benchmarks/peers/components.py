"""Components of a graph by our materialization in dbt, beside igraph and scipy, on one thread each.

All read the same edges as Parquet, and find the same components, which is checked. What dbt takes
for no edges is taken off ours.
"""

from __future__ import annotations

from collections.abc import Iterator
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
from benchmarks.peers.sides import Comparison, Side, alone, beyond, in_turns

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
            ours_beyond = beyond(start, costs["ours"])
            yield Comparison(f"components: {graph}", peer, ours_beyond, costs[peer])
