"""The CPU time of the components of a graph by dbt, beside igraph on the same file of edges."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from benchmarks.timing import Ratio
from orchestration.duck import connect, literal
from orchestration.project import ROOT, Project
from orchestration.warehouse import attach

if TYPE_CHECKING:
    import numpy as np
    import pyarrow

DBT = str(Path(sys.executable).with_name("dbt"))

# Pairs of numbers, which become names such as crm:M00000123. Multiplying by 7,368,787 modulo the
# prime 20,000,003 deals the names out anew, so that neighbours are far apart in their order.
GRAPHS = {
    "a shuffled chain of 100,000": """
        select n as l, n + 1 as r from range(99999) as links (n)""",
    "four hubs of 50,000": """
        select hub * 50001 as l, hub * 50001 + leaf as r
        from range(4) as hubs (hub), range(1, 50001) as leaves (leaf)""",
    "5 million components of 2 to 4": """
        select component * 4 + link as l, component * 4 + link + 1 as r
        from range(5000000) as components (component), range(3) as links (link)
        where link <= component % 3""",
}
EDGES = """
    copy (
        select
            'crm:M' || lpad((l * 7368787 % 20000003)::varchar, 8, '0') as left_node,
            'crm:M' || lpad((r * 7368787 % 20000003)::varchar, 8, '0') as right_node
        from ({pairs}) as pairs
        order by hash(l, r)
    ) to '{file}' (format parquet)"""


def ratios(folder: Path) -> Iterator[Ratio]:
    """CPU seconds of one thread, each graph once; dbt's are less what it needs for no edges.

    One thread, since two that wait for each other, or for other work, burn time of their own.
    """
    project = graph_project(folder / "graphs")
    profiles = profiles_of_threads(folder, 1)
    draw(project, "select 1 as l, 1 as r limit 0")
    build(project, profiles=profiles)  # dbt reads the project, and compiles its own Python
    start = cpu_seconds(lambda: build(project, profiles=profiles))
    for name, pairs in GRAPHS.items():
        draw(project, pairs)
        ours = cpu_seconds(lambda: build(project, profiles=profiles)) - start
        floor = cpu_seconds(lambda: by_igraph(project))
        require_same_components(project)
        yield Ratio(f"components: {name}", "igraph, CPU time", ours, floor)


def cpu_seconds(work: Callable[[], None]) -> float:
    """Of the processes that `work` starts and waits for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def by_igraph(project: Path) -> None:
    """The same table by igraph, in a process of its own."""
    subprocess.run([sys.executable, "-m", "benchmarks.components", project], cwd=ROOT, check=True)


def find_by_igraph(project: Path) -> None:
    """The fastest of five ways that were tried: Arrow numbers the names and finds the smallest."""
    import igraph
    import numpy as np

    names, pairs = _numbered(project)
    graph = igraph.Graph(n=len(names), edges=np.ascontiguousarray(pairs.T))
    _write(project / "igraph.parquet", names, graph.connected_components().membership)


def find_by_scipy(project: Path) -> None:
    """Likewise, by a sparse matrix."""
    import numpy as np
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    names, pairs = _numbered(project)
    links = coo_array((np.ones(pairs.shape[1], bool), pairs), (len(names), len(names)))
    _write(project / "scipy.parquet", names, connected_components(links, directed=False)[1])


def _numbered(project: Path) -> tuple[pyarrow.StringArray, np.ndarray]:
    """The names of the nodes, and the edges as two rows of their places; on one thread."""
    import numpy as np
    import pyarrow
    from pyarrow import parquet

    pyarrow.set_cpu_count(1)
    edges = parquet.read_table(project / "edges.parquet")
    ends = pyarrow.chunked_array(edges["left_node"].chunks + edges["right_node"].chunks)
    names = ends.dictionary_encode().combine_chunks()
    return names.dictionary, names.indices.to_numpy().astype(np.int64).reshape(2, -1)


def _write(file: Path, names: pyarrow.StringArray, numbers: Sequence[int]) -> None:
    """The table that we write: of each node the smallest name of its component."""
    import pyarrow
    from pyarrow import parquet

    nodes = pyarrow.table({"number": numbers, "node": names})
    smallest = nodes.group_by("number").aggregate([("node", "min")]).sort_by("number")
    component = smallest["node_min"].combine_chunks().take(nodes["number"])
    parquet.write_table(pyarrow.table({"node": names, "component": component}), file)


def require_same_components(project: Path, peer: str = "igraph") -> None:
    """Raises `RuntimeError` where a node, or its component, differs from the peer's."""
    with connect() as connection:
        attach(connection, Project(ROOT, project).warehouse)
        (count,) = connection.execute(
            f"""
            select count(*)
            from warehouse.main.components as ours
            full join read_parquet({literal(project / f"{peer}.parquet")}) as theirs using (node)
            where ours.component is distinct from theirs.component"""
        ).fetchone()
    if count:
        raise RuntimeError(f"{count} nodes of {project} are in another component by {peer}.")


def graph_project(folder: Path) -> Path:
    """A dbt project of one model: the project's own materialization on `edges.parquet`."""
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
    return folder


def profiles_of_threads(folder: Path, threads: int) -> Path:
    """The folder with the project's profile on that many threads of DuckDB's own."""
    profiles = yaml.safe_load((ROOT / "profiles.yml").read_text())
    profiles["regulars"]["outputs"]["duckdb"]["settings"]["threads"] = threads
    (folder / "profiles.yml").write_text(yaml.safe_dump(profiles))
    return folder


def draw(project: Path, pairs: str) -> None:
    """The edges that the next build finds the components of."""
    with connect() as connection:
        connection.execute(EDGES.format(pairs=pairs, file=project / "edges.parquet"))


def build(project: Path, engine: str = "duckdb", profiles: Path = ROOT) -> None:
    """Finds the components; `CalledProcessError` carries what dbt said."""
    file = project / "edges.parquet"
    edges = f"parquet.`{file}`" if engine == "spark" else f"read_parquet('{file}')"
    subprocess.run(
        [
            *(DBT, "run", "--quiet", "--profiles-dir", str(profiles), "--target", engine),
            *("--vars", yaml.safe_dump({"edges": edges}, default_flow_style=True)),
        ],
        cwd=project,
        env={**os.environ, "REGULARS_DATA": str(project)},
        check=True,
        capture_output=True,
    )


if __name__ == "__main__":
    find_by_igraph(Path(sys.argv[1]))
