"""The materialization connected_components against union-find, on many graphs in one dbt run."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml
from conftest import Shop

from benchmarks.components import build, graph_project, profiles_of_threads
from orchestration.duck import connect
from orchestration.project import ROOT, Project
from orchestration.union_find import union_find
from orchestration.warehouse import attach

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


def write_edges(project: Path, edges: Sequence[Edge]) -> None:
    """The edges that the next build finds the components of."""
    with connect() as connection:
        connection.execute("create table edges (left_node varchar, right_node varchar)")
        lefts, rights = [left for left, _ in edges], [right for _, right in edges]
        connection.execute("insert into edges select unnest($1), unnest($2)", [lefts, rights])
        connection.execute(f"copy edges to '{project}/edges.parquet' (format parquet)")


def components_by_dbt(project: Path, engine: str, profiles: Path = ROOT) -> dict[str, str]:
    """Builds the components of a graph, and reads the only table that is left."""
    if engine == "spark":
        variables = yaml.safe_dump({"edges": f"parquet.`{project}/edges.parquet`"})
        done = Shop(project, project).dbt(engine, "run", "--quiet", "--vars", variables)
        assert done.returncode == 0, done.stdout
    else:
        build(project, engine, profiles)
    warehouse = Project(ROOT, project, engine).warehouse
    with connect() as connection:
        attach(connection, warehouse)
        tables = connection.execute("select name from (show all tables)").fetchall()
        assert [name for (name,) in tables] == ["components"]
        return dict(
            connection.execute("select node, component from warehouse.main.components").fetchall()
        )


@pytest.fixture(scope="module")
def project(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All graphs side by side, their nodes told apart by the graph's name."""
    edges = [
        (f"{name}|{left}", f"{name}|{right}")
        for name, graph in GRAPHS.items()
        for left, right in graph
    ]
    random.Random(7).shuffle(edges)
    project = graph_project(tmp_path_factory.mktemp("graphs") / "all")
    write_edges(project, edges)
    return project


@pytest.fixture(scope="module")
def found(project: Path, engine: str) -> dict[str, str]:
    """The components of all graphs."""
    components = components_by_dbt(project, engine)
    assert len(components) == sum(len(union_find(edges)) for edges in GRAPHS.values())
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


def test_no_edges_make_no_components_and_replace_those_that_were(
    project: Path, found: dict[str, str], engine: str
) -> None:
    assert found
    write_edges(project, [])
    assert components_by_dbt(project, engine) == {}


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_a_long_chain_and_a_large_hub_are_found_by_any_number_of_threads(
    tmp_path: Path, threads: int
) -> None:
    project = graph_project(tmp_path / "large")
    edges = chain(100_000, seed=2) + star(50_000)
    random.Random(3).shuffle(edges)
    write_edges(project, edges)
    profiles = profiles_of_threads(tmp_path, threads)
    assert components_by_dbt(project, "duckdb", profiles) == union_find(edges)
