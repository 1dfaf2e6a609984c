"""The materialization connected_components against union-find, on many graphs in one dbt run."""

from __future__ import annotations

import random
from pathlib import Path

import duckdb
import pytest

from benchmarks.components import build, graph_project, union_find

Edge = tuple[str, str]


def chain(length: int, seed: int) -> list[Edge]:
    """A path through shuffled names: what loops over neighbours need a round per link for."""
    names = [f"{number:06}" for number in range(length)]
    random.Random(seed).shuffle(names)
    return list(zip(names, names[1:], strict=False))


def star(leaves: int) -> list[Edge]:
    return [("hub", f"leaf {number}") for number in range(leaves)]


def random_graph(nodes: int, edges: int, seed: int) -> list[Edge]:
    choose = random.Random(seed)
    return [(str(choose.randrange(nodes)), str(choose.randrange(nodes))) for _ in range(edges)]


GRAPHS: dict[str, list[Edge]] = {
    "chain in order": [(f"{n:06}", f"{n + 1:06}") for n in range(10_000)],
    "chain shuffled": chain(10_000, seed=1),
    "star": star(5_000),
    "ring": [(str(n), str((n + 1) % 999)) for n in range(999)],
    "all pairs": [(str(a), str(b)) for a in range(40) for b in range(40)],
    "edge twice and back": [("a", "b"), ("a", "b"), ("b", "a")],
    "loop alone": [("a", "a")],
    "loop on an edge": [("a", "a"), ("a", "b")],
    "two stars joined by their leaves": [
        *(("left", f"leaf {n}") for n in range(50)),
        *(("right", f"leaf {n}") for n in range(49, 99)),
    ],
    "names with quotes and Chinese": [("it's", '"老客户"'), ('"老客户"', "-- drop")],
} | {
    f"random {nodes} nodes {edges} edges {seed}": random_graph(nodes, edges, seed)
    for nodes, edges in [(5, 3), (50, 40), (500, 250), (500, 2000), (20_000, 12_000)]
    for seed in range(8)
}


def components_by_dbt(folder: Path, edges: list[Edge]) -> dict[str, str]:
    """Builds the components of a graph, and reads the table that is left."""
    build(graph_project(folder, edges))
    return components_in(folder)


def components_in(folder: Path) -> dict[str, str]:
    with duckdb.connect(folder / "graph.duckdb", read_only=True) as connection:
        assert connection.execute("show tables").fetchall() == [("components",), ("edges",)]
        return dict(connection.execute("select node, component from components").fetchall())


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The components of all graphs side by side, their nodes told apart by the graph's name."""
    edges = [
        (f"{name}|{left}", f"{name}|{right}")
        for name, graph in GRAPHS.items()
        for left, right in graph
    ]
    random.Random(7).shuffle(edges)
    components = components_by_dbt(tmp_path_factory.mktemp("graphs") / "all", edges)
    assert len(components) == len(union_find(edges))
    return components


@pytest.mark.parametrize("name", GRAPHS)
def test_every_node_is_called_after_the_smallest_node_it_is_connected_to(
    found: dict[str, str], name: str
) -> None:
    expected = {
        f"{name}|{node}": f"{name}|{smallest}"
        for node, smallest in union_find(GRAPHS[name]).items()
    }
    assert {node: found[node] for node in expected} == expected


def test_no_edges_make_no_components(tmp_path: Path) -> None:
    assert components_by_dbt(tmp_path / "none", []) == {}


def test_a_second_build_replaces_the_first(tmp_path: Path) -> None:
    folder = tmp_path / "again"
    assert components_by_dbt(folder, [("a", "b")]) == {"a": "a", "b": "a"}
    with duckdb.connect(folder / "graph.duckdb") as connection:
        connection.execute("insert into edges values ('b', 'c')")
    build(folder)
    assert components_in(folder) == {"a": "a", "b": "a", "c": "a"}
