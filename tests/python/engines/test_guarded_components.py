"""The materialization guarded_components against one link after the other in Python, on many graphs
in one dbt run. On DuckDB alone: Spark needs a minute and a half for graphs of five accounts."""

from __future__ import annotations

import itertools
import os
import random
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest
import yaml
from conftest import BIN, ROOT

CAP, LIMIT = 4, 12
Pair = tuple[str, str]

VARS = {
    "identity_max_accounts": CAP,
    "identity_comparisons": {
        "given_name": {"rarity": False, "levels": ["given_name_l = given_name_r"]}
    },
    "identity_contradictions": {
        "other_national_id": "national_id_l <> national_id_r",
        "other_name": "given_name_level = 0",
    },
    "identity_contradiction_limits": {"other_name": LIMIT},
}
COLUMNS = {
    "int_account_features": "account_id varchar, national_id varchar, union_id varchar,"
    " given_hanzi varchar, name_key varchar, address_digits varchar, street_share double,"
    " email_digits varchar, given_name varchar, given_name_share double",
    "int_identity_overrides": "account_id varchar, other_account_id varchar, decision varchar",
    "links": "account_id varchar, other_account_id varchar, match_weight double,"
    " is_forced boolean, link_rank bigint",
}
GUARDED = (
    "{{ config(materialized='guarded_components') }}"
    " -- depends_on: {{ ref('int_account_features') }}, {{ ref('int_identity_overrides') }}\n"
    "select * from"
)


@dataclass
class Graph:
    """Links with their weights, what is known of each account, and what people have decided."""

    links: dict[Pair, float]
    national_ids: dict[str, str | None] = field(default_factory=dict)
    names: dict[str, str | None] = field(default_factory=dict)
    must_link: set[Pair] = field(default_factory=set)
    must_not_link: set[Pair] = field(default_factory=set)

    @property
    def accounts(self) -> list[str]:
        return sorted({account for pair in self.links for account in pair})

    def ranked(self) -> list[Pair]:
        """Decisions first, then the strongest links, as int_identity_clusters ranks them."""
        return sorted(
            self.links, key=lambda pair: (pair not in self.must_link, -self.links[pair], pair)
        )

    def forbids(self, left: str, right: str, weight: float, is_forced: bool) -> bool:
        """Whether two accounts may not come together by a link of this weight."""
        if tuple(sorted((left, right))) in self.must_not_link:
            return True
        if is_forced:
            return False
        ids = self.national_ids.get(left), self.national_ids.get(right)
        names = self.names.get(left), self.names.get(right)
        if None not in ids and ids[0] != ids[1]:
            return True
        return None not in names and names[0] != names[1] and weight < LIMIT


def clusters_of(graph: Graph) -> dict[str, str]:
    """Each account with the smallest of its cluster: one link after the other is followed."""
    cluster = {account: {account} for account in graph.accounts}
    for pair in graph.ranked():
        left, right = cluster[pair[0]], cluster[pair[1]]
        is_forced, weight = pair in graph.must_link, graph.links[pair]
        is_too_many = not is_forced and len(left | right) > CAP
        is_forbidden = any(
            graph.forbids(one, other, weight, is_forced)
            for one, other in itertools.product(left, right)
        )
        if left is right or is_too_many or is_forbidden:
            continue
        left |= right
        cluster |= dict.fromkeys(right, left)
    return {account: min(members) for account, members in cluster.items()}


def random_graph(accounts: int, links: int, seed: int) -> Graph:
    """Few weights, so that many are equal; few numbers and names, so that some contradict."""
    choose = random.Random(seed)
    names = [f"{number:02}" for number in range(accounts)]
    pairs = list(itertools.combinations(names, 2))
    linked = choose.sample(pairs, min(links, len(pairs)))
    return Graph(
        links={pair: choose.choice([-5, 3, 3, 9, 12, 20]) for pair in linked},
        national_ids={name: choose.choice([None, None, None, "1", "2"]) for name in names},
        names={name: choose.choice([None, "wei", "wei", "wei", "qiang"]) for name in names},
        must_link={pair for pair in linked if choose.random() < 0.1},
        must_not_link={pair for pair in pairs if choose.random() < 0.05} - set(linked),
    )


def chain(weights: list[float]) -> Graph:
    return Graph({(f"{n:02}", f"{n + 1:02}"): weight for n, weight in enumerate(weights)})


GRAPHS: dict[str, Graph] = {
    "at the cap": chain([9] * (CAP - 1)),
    "above the cap": chain([9] * CAP),
    "chain from strong to weak": chain(list(range(30, 0, -1))),
    "chain from weak to strong": chain(list(range(30))),
    "star": Graph({("00", f"{leaf:02}"): leaf for leaf in range(1, 20)}),
    "all pairs alike": Graph(dict.fromkeys(itertools.combinations("abcdefgh", 2), 5.0)),
    "a weight at the limit": Graph({("a", "b"): LIMIT}, names={"a": "wei", "b": "qiang"}),
    "a weight below the limit": Graph({("a", "b"): LIMIT - 1}, names={"a": "wei", "b": "qiang"}),
    "forced against a contradiction": Graph(
        {("a", "b"): -9.0}, national_ids={"a": "1", "b": "2"}, must_link={("a", "b")}
    ),
    "forced above the cap": Graph(
        dict.fromkeys(itertools.pairwise("abcdefg"), 0.0),
        must_link=set(itertools.pairwise("abcdefg")),
    ),
    "forced, but its ends must not be linked": Graph(
        {("a", "b"): 1.0, ("b", "c"): 1.0},
        must_link={("a", "b"), ("b", "c")},
        must_not_link={("a", "c")},
    ),
} | {
    f"random {accounts} accounts {links} links {seed}": random_graph(accounts, links, seed)
    for accounts, links in [(3, 3), (5, 7), (10, 12), (12, 40)]
    for seed in range(75)
}


class Graphs:
    """A dbt project with Regulars' own macros, and all graphs side by side, told apart by name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "models").mkdir(parents=True)
        project = {
            "name": "graphs",
            "profile": "regulars",
            "macro-paths": [str(ROOT / "macros")],
            "flags": {"send_anonymous_usage_stats": False},
            "vars": VARS,
        }
        (folder / "dbt_project.yml").write_text(yaml.safe_dump(project, sort_keys=False))
        for table in COLUMNS:
            model = "clusters" if table == "links" else table
            start = GUARDED if table == "links" else "select * from"
            (folder / "models" / f"{model}.sql").write_text(
                f"{start} read_parquet('{folder}/{table}.parquet')"
            )

    def build(self, reorder: Callable[[list], None], threads: int) -> dict[str, str]:
        """The cluster of each account, found with rows and threads as given."""
        for table, rows in self._tables().items():
            reorder(rows)
            self._write(table, rows)
        profiles = yaml.safe_load((ROOT / "profiles.yml").read_text())
        profiles["regulars"]["outputs"]["duckdb"]["settings"]["threads"] = threads
        (self.folder / "profiles.yml").write_text(yaml.safe_dump(profiles))
        done = subprocess.run(
            [BIN / "dbt", "run", "--quiet", "--profiles-dir", "."],
            cwd=self.folder,
            env={**os.environ, "REGULARS_DATA": str(self.folder)},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout
        with duckdb.connect(self.folder / "warehouse.duckdb", read_only=True) as connection:
            tables = connection.execute("select table_name from duckdb_tables()").fetchall()
            assert tables == [("clusters",)], "the working tables are gone"
            return dict(connection.execute("from clusters").fetchall())

    def _tables(self) -> dict[str, list[tuple]]:
        features, decisions, links = [], [], []
        for name, graph in GRAPHS.items():
            features += [
                (f"{name}|{each}", graph.national_ids.get(each), *[None] * 6)
                + (graph.names.get(each), 1.0)
                for each in graph.accounts
            ]
            for decision in ("must_link", "must_not_link"):
                decisions += [
                    (f"{name}|{left}", f"{name}|{right}", decision)
                    for left, right in sorted(getattr(graph, decision))
                ]
            links += [
                (f"{name}|{left}", f"{name}|{right}", weight, (left, right) in graph.must_link)
                for (left, right), weight in graph.links.items()
            ]
        links.sort(key=lambda link: (not link[3], -link[2], link[:2]))
        ranked = [(*link, rank) for rank, link in enumerate(links, start=1)]
        return {
            "int_account_features": features,
            "int_identity_overrides": decisions,
            "links": ranked,
        }

    def _write(self, table: str, rows: list[tuple]) -> None:
        with duckdb.connect() as connection:
            connection.execute(f"create table rows ({COLUMNS[table]})")
            marks = ", ".join("?" * len(rows[0]))
            connection.executemany(f"insert into rows values ({marks})", rows)
            connection.execute(f"copy rows to '{self.folder}/{table}.parquet' (format parquet)")


@pytest.fixture(scope="module")
def graphs(tmp_path_factory: pytest.TempPathFactory) -> Graphs:
    return Graphs(tmp_path_factory.mktemp("guarded") / "all")


@pytest.fixture(scope="module")
def found(graphs: Graphs) -> dict[str, str]:
    """The clusters of all graphs."""
    return graphs.build(random.Random(1).shuffle, threads=2)


def test_links_are_followed_as_if_one_after_the_other(found: dict[str, str]) -> None:
    expected = {
        f"{name}|{account}": f"{name}|{cluster}"
        for name, graph in GRAPHS.items()
        for account, cluster in clusters_of(graph).items()
    }
    assert found == expected


def test_the_order_of_rows_and_the_threads_change_nothing(
    graphs: Graphs, found: dict[str, str]
) -> None:
    assert graphs.build(list.reverse, threads=1) == found


def test_most_graphs_are_cut_and_some_links_left() -> None:
    """Else the comparison above would prove little: most graphs fall apart, but not to pieces."""
    parts = {name: len(set(clusters_of(graph).values())) for name, graph in GRAPHS.items()}
    assert sum(1 < parts[name] < len(graph.accounts) for name, graph in GRAPHS.items()) > 200
