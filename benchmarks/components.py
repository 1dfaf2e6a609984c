"""The components of a graph by dbt, beside union-find in Python on the same edges."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import duckdb
import yaml

from benchmarks.timing import Ratio, best_of

ROOT = Path(__file__).resolve().parents[1]
DBT = str(Path(sys.executable).with_name("dbt"))
CHAINS, LENGTH = 100_000, 5


def ratios(folder: Path) -> Iterator[Ratio]:
    """Half a million accounts in small components, and one chain of a hundred thousand."""
    graphs = {
        "100,000 chains of 5 accounts": [
            (f"{chain}:{link}", f"{chain}:{link + 1}")
            for chain in range(CHAINS)
            for link in range(LENGTH - 1)
        ],
        "one chain of 100,000 accounts": [(f"{n:06}", f"{n + 1:06}") for n in range(100_000)],
    }
    for number, (name, edges) in enumerate(graphs.items()):
        random.Random(1).shuffle(edges)
        project = graph_project(folder / str(number), edges)
        empty = graph_project(folder / f"{number} empty", [])
        # What dbt needs to start is the same for an empty graph, and no part of the algorithm.
        seconds = best_of(2, lambda _, p=project: build(p))
        seconds -= best_of(2, lambda _, p=empty: build(p))
        floor = best_of(2, lambda _, e=edges: union_find(e))
        yield Ratio(f"components: {name}", "union-find in Python", seconds, floor)


def union_find(edges: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Each node with the smallest node that is connected to it."""
    parent: dict[str, str] = {}

    def root(node: str) -> str:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for left, right in edges:
        smaller, larger = sorted((root(left), root(right)))
        parent[larger] = smaller
    return {node: root(node) for node in parent}


def graph_project(folder: Path, edges: Sequence[tuple[str, str]]) -> Path:
    """A dbt project of one model, which uses the project's own materialization on these edges."""
    (folder / "models").mkdir(parents=True)
    project = {
        "name": "graphs",
        "profile": "regulars",
        "macro-paths": [str(ROOT / "macros" / "materializations")],
        "flags": {"send_anonymous_usage_stats": False},
    }
    (folder / "dbt_project.yml").write_text(yaml.safe_dump(project))
    (folder / "models" / "components.sql").write_text(
        "{{ config(materialized='connected_components') }} select * from {{ var('edges') }}"
    )
    write_edges(folder, edges)
    return folder


def write_edges(project: Path, edges: Sequence[tuple[str, str]]) -> None:
    """The edges that the next build finds the components of."""
    with duckdb.connect() as connection:
        connection.execute("create table edges (left_node varchar, right_node varchar)")
        lefts, rights = [left for left, _ in edges], [right for _, right in edges]
        connection.execute("insert into edges select unnest($1), unnest($2)", [lefts, rights])
        connection.execute(f"copy edges to '{project}/edges.parquet' (format parquet)")


def build(project: Path, engine: str = "duckdb") -> None:
    """Finds the components; `CalledProcessError` carries what dbt said."""
    file = project / "edges.parquet"
    edges = f"parquet.`{file}`" if engine == "spark" else f"read_parquet('{file}')"
    subprocess.run(
        [
            *(DBT, "run", "--quiet", "--profiles-dir", str(ROOT), "--target", engine),
            *("--vars", yaml.safe_dump({"edges": edges}, default_flow_style=True)),
        ],
        cwd=project,
        env={**os.environ, "REGULARS_DATA": str(project)},
        check=True,
        capture_output=True,
    )
