"""How much of the next purchase is recommended, beside plain lists and two published methods.

`make proof` measures anew, and writes what it finds into the tables of `docs/merchandise.md`. Of
The Complete Journey each household's last basket is held out, as the literature does; both data
sets are tried by date as well, by what scores itself. What is made for each customer is made for a
million, copies of its households.
"""

from __future__ import annotations

import multiprocessing
import resource
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from scipy import sparse

from benchmarks.page import between_marks, silent
from orchestration import dbt
from orchestration.duck import connect, literal_path, rows
from orchestration.fit.arrays import Array
from orchestration.fit.replay import RELATION
from orchestration.project import ROOT, Project
from orchestration.refresh import Refresh
from orchestration.warehouse import attach
from tests.python.reference.recommendations import Purchases, tifu_knn, up_cf

PAGE = ROOT / "docs" / "merchandise.md"
DATASETS = {"complete_journey": "Complete Journey", "world": "demo world"}
SCORED = ("run", "--select", "+customer_recommendations", "+orders")
# The set of the literature: products that enough households buy, households with enough baskets.
MIN_HOUSEHOLDS, MIN_BASKETS, CUTOFFS, LIST_ITEMS = 17, 4, 3, 10
HALF_LIFE_DAYS, TREND_HALF_LIFE_DAYS = 120, 7
OWN, LATE, ALIKE = 0.6, 0.2, 0.2
# What is made for a million customers, in the order in which one needs the other.
CUSTOMERS, MEMORY = 1_000_000, "3GB"
COPIED = {
    "int_customers": ("customer_id", "customer_number"),
    "int_customer_products": ("customer_number",),
}
VIEWS = {"int_recommendation_scores", "int_new_product_offers", "int_recommendations"}
SCALED = [
    *("int_personalised_customers", "int_repurchase_rhythms", "int_cluster_products"),
    *("int_recommendation_scores", "int_new_product_offers", "int_recommended_products"),
    *("int_partner_lists", "int_recommendation_contexts", "int_recommended_partners"),
    *("int_recommendations", "customer_recommendations"),
]

Row = Mapping[str, Any]

BASKETS = f"""
with bought as (
    select distinct orders.customer_id, order_id, orders.ordered_on, ordered_at, lines.product_id
    from warehouse.marts.orders
    semi join (
        from warehouse.intermediate.int_latest_transactions where is_purchase
    ) as purchases using (order_id)
    inner join warehouse.entities.int_order_lines as lines using (order_id)
    where lines.quantity > 0 and orders.customer_id is not null and lines.product_id is not null
),
known as (
    select product_id from bought
    group by product_id having count(distinct customer_id) >= {MIN_HOUSEHOLDS}
),
baskets as (
    select customer_id, order_id, row_number() over (
        partition by customer_id order by ordered_at desc, order_id desc
    ) - 1 - $dropped as age
    from (
        select distinct customer_id, order_id, ordered_at
        from bought semi join known using (product_id)
    )
),
households as (
    select customer_id from baskets where age >= 0
    group by customer_id having count(*) >= {MIN_BASKETS}
)
select
    dense_rank() over (order by baskets.customer_id) - 1 as customer,
    dense_rank() over (order by items.product_id) - 1 as product,
    baskets.age,
    items.ordered_on - date '2000-01-01' as day
from bought as items
semi join known using (product_id)
inner join baskets using (order_id)
semi join households on baskets.customer_id = households.customer_id
where baskets.age >= 0
"""


@dataclass(frozen=True)
class HeldOut:
    """What households bought before their last basket, with the day of each purchase, and it."""

    known: Purchases
    day: Array
    wanted: sparse.csr_matrix
    wanted_on: Array

    @classmethod
    def of(cls, connection: duckdb.DuckDBPyConnection, dropped: int) -> HeldOut:
        """Without the last baskets of each household, so many, of which the one before is kept."""
        found = connection.execute(BASKETS, {"dropped": dropped}).fetchnumpy()
        customer, product, age, day = (
            np.asarray(found[name]).astype(int) for name in ("customer", "product", "age", "day")
        )
        shape = customer.max() + 1, product.max() + 1
        last, before = age == 0, age > 0
        wanted_on = np.zeros(shape[0], dtype=int)
        wanted_on[customer[last]] = day[last]
        return cls(
            Purchases(customer[before], product[before], age[before] - 1, *shape),
            day[before],
            sparse.csr_matrix((np.ones(last.sum()), (customer[last], product[last])), shape=shape),
            wanted_on,
        )

    def own(self, half_life: float) -> Array:
        """Share of a household's baskets that have a product, older ones counting less."""
        known = self.known
        weight = 0.5 ** ((self.wanted_on[known.customer] - self.day) / half_life)
        _, first = np.unique(np.stack([known.customer, known.age]), axis=1, return_index=True)
        total = np.bincount(known.customer[first], weight[first], known.customer_count)
        return known.weighed(weight).toarray() / total[:, None]

    def late(self) -> Array:
        """Share of everybody's baskets before the day on which a household's last one was."""
        known = self.known
        _, first = np.unique(np.stack([known.customer, known.age]), axis=1, return_index=True)
        begin, end = self.day.min(), max(self.day.max(), self.wanted_on.max()) + 1
        shape = end - begin, known.product_count
        ones = np.ones(len(self.day))
        bought = sparse.csr_matrix((ones, (self.day - begin, known.product)), shape=shape)
        baskets = np.bincount(self.day[first] - begin, minlength=end - begin)
        shares = np.zeros((known.customer_count, known.product_count), dtype=np.float32)
        weight, count = np.zeros(known.product_count), 0.0
        fading = 0.5 ** (1 / TREND_HALF_LIFE_DAYS)
        for day in range(begin, end):
            here = self.wanted_on == day
            if here.any() and count:
                shares[here] = weight / count
            weight = (weight + bought[day - begin].toarray().ravel()) * fading
            count = (count + baskets[day - begin]) * fading
        return shares

    def popularity(self) -> Array:
        """Baskets with a product, of everybody."""
        return np.bincount(self.known.product, minlength=self.known.product_count).astype(float)


def methods(held: HeldOut) -> Iterator[tuple[str, Array]]:
    """Scores of each method, households × products; lists are of the highest."""
    popular = held.popularity()
    everybody = (held.known.customer_count, 1)
    yield "popularity", np.tile(popular, everybody)
    counts = held.known.weighed(np.ones(len(held.day))).toarray()
    yield "personal frequency", counts + popular / (popular.max() + 1)
    own, late = held.own(HALF_LIFE_DAYS), held.late()
    yield "own baskets, half-life 120 days", own
    yield "what scores: own, of late, everybody", OWN * own + LATE * late + ALIKE * own.mean(axis=0)
    yield "UP-CF@r (25, .5, 5)", up_cf(held.known, 25, 0.5, 5)
    yield "TIFU-KNN (3, .9, .9, 300, .2)", tifu_knn(held.known, 3, 0.9, 0.9, 300, 0.2)


def measured(scores: Array, held: HeldOut, kind: str) -> tuple[float, float]:
    """Recall and nDCG of the first ten, mean over households.

    Of kind `all`; or `new`, where what a household has bought is neither listed nor wanted; or
    `new as shown`, where it is listed and not wanted.
    """
    bought = held.known.weighed(np.ones(len(held.day)))
    gains = 1 / np.log2(np.arange(2, LIST_ITEMS + 2))
    found = []
    for household in range(held.known.customer_count):
        score = scores[household]
        wanted = held.wanted[household].indices
        if kind != "all":
            owned = bought[household].indices
            wanted = np.setdiff1d(wanted, owned)
            if kind == "new":
                score = score.copy()
                score[owned] = -np.inf
        if len(wanted):
            best = np.argpartition(-score, LIST_ITEMS)[:LIST_ITEMS]
            hits = np.isin(best[np.argsort(-score[best], kind="stable")], wanted)
            ideal = gains[: min(len(wanted), LIST_ITEMS)].sum()
            found.append((hits.sum() / len(wanted), (hits * gains).sum() / ideal))
    recall, ndcg = np.mean(found, axis=0)
    return float(recall), float(ndcg)


def held_out_lines(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """A line for each method: the three cut-offs, the last one first, and its new items."""
    cells: dict[str, list[str]] = {}
    new_items: dict[str, list[str]] = {}
    for dropped in range(CUTOFFS):
        held = HeldOut.of(connection, dropped)
        for name, scores in methods(held):
            recall, ndcg = measured(scores, held, "all")
            cells.setdefault(name, []).append(f"{recall:.4f} / {ndcg:.4f}")
            if dropped == 0:
                kinds = ("new", "new as shown")
                new_items[name] = [f"{measured(scores, held, kind)[0]:.4f}" for kind in kinds]
    for name, found in cells.items():
        yield f"| {name} | {' | '.join([*found, *new_items[name]])} |\n"


def evaluation_lines(name: str, found: list[Row]) -> Iterator[str]:
    """A line for each scene, cut-off and method of `recommendation_evaluation`."""
    by_line: dict[tuple, dict[str, Row]] = {}
    for row in found:
        by_line.setdefault((row["scene"], row["cutoff_on"], row["method"]), {})[row["metric"]] = row
    metrics = ("recall", "ndcg", "hit_rate", "recall_of_repeats", "recall_of_new", "coverage")
    for (scene, cutoff, method), values in by_line.items():
        told = (f"{values[metric]['value']:.3f}" if metric in values else "–" for metric in metrics)
        count = values["recall"]["customer_count"]
        yield f"| {name} | {scene} | {cutoff} | {method} | {count:,} | {' | '.join(told)} |\n"


def at_scale(warehouse: Path, compiled: Path) -> list[str]:
    """A line for each table that is made for a million customers, and one of all.

    In a process of its own, whose memory is that of these tables.
    """
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        made = pool.apply(make_at_scale, (warehouse, compiled))
    seconds, cpu_seconds = (sum(each[place] for each in made) for place in (2, 3))
    made.append(("all of them", made[-1][1], seconds, cpu_seconds, max(each[4] for each in made)))
    return [
        f"| {model} | {count:,} | {clock:.0f} s | {cpu:.0f} s | {memory:.1f} GB |\n"
        for model, count, clock, cpu, memory in made
    ]


def make_at_scale(warehouse: Path, compiled: Path) -> list[tuple[str, int, float, float, float]]:
    """Of each table its rows, seconds by the clock and of the processor, and gigabytes by then."""
    made = []
    # Unit tests lie beside them, in folders that are named as files.
    queries = {
        path.stem: path.read_text("utf-8")
        for path in compiled.glob("*/models/**/*.sql")
        if path.parent.suffix != ".yml"
    }
    with tempfile.TemporaryDirectory(prefix="regulars-proof-") as folder:
        settings = {"memory_limit": MEMORY, "threads": 2, "preserve_insertion_order": "false"}
        connection = connect(Path(folder) / "million.duckdb", **settings)
        attach(connection, warehouse)
        connection.execute("create schema scaled")
        households = "select count(*) from warehouse.intermediate.int_customers"
        [(count,)] = connection.execute(households).fetchall()
        copies = -(-CUSTOMERS // count)
        another = {
            "customer_id": "md5(customer_id || copy) as customer_id",
            "customer_number": "(hash(customer_number, copy) >> 4)::bigint as customer_number",
        }
        for table, keys in COPIED.items():
            replaced = ", ".join(another[key] for key in keys)
            connection.execute(f"""
                create table scaled.{table} as
                select * exclude (copy) replace ({replaced})
                from warehouse.intermediate.{table}, range({copies}) as numbers (copy)
            """)
        for model in SCALED:
            began, cpu_began = time.perf_counter(), time.process_time()
            query = RELATION.sub(
                lambda name: f"scaled.{name[1]}" if name[1] in (*COPIED, *SCALED) else name[0],
                queries[model],
            )
            kind = "view" if model in VIEWS else "table"
            connection.execute(f"create {kind} scaled.{model} as {query}")
            if kind == "table":
                seconds = time.perf_counter() - began, time.process_time() - cpu_began
                [(count,)] = connection.execute(f"select count(*) from scaled.{model}").fetchall()
                memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
                made.append((model, count, *seconds, memory))
        connection.close()
    return made


def scored(example: str, folder: Path) -> tuple[Project, list[Row]]:
    """A warehouse of an example as far as recommendations need it, and how a fit on it fared."""
    refresh = Refresh(Project(ROOT, folder), example, {})
    refresh.make_example_files(silent)
    refresh.land(silent)
    for words in (("seed",), SCORED):
        dbt.run(refresh.project, words, refresh.overrides, refresh.project.target, silent)
    refresh.fit(["recommendations"], silent)
    path = literal_path(refresh.project.parameters / "recommendation_evaluation.parquet")
    with connect() as connection:
        order = "scene, cutoff_on desc, method"
        return refresh.project, rows(connection, f"select * from {path} order by {order}")


def main() -> None:
    """Writes the tables of the page."""
    held_out, tried, scaled = "", "", ""
    for example, name in DATASETS.items():
        with tempfile.TemporaryDirectory(prefix="regulars-proof-") as folder:
            project, evaluation = scored(example, Path(folder))
            tried += "".join(evaluation_lines(name, evaluation))
            if example == "complete_journey":
                with connect() as connection:
                    attach(connection, project.warehouse)
                    held_out = "".join(held_out_lines(connection))
                scaled = "".join(at_scale(project.warehouse, project.target / "compiled"))
    print(held_out + tried + scaled)
    page = PAGE.read_text("utf-8")
    PAGE.write_text(between_marks(page, table(held_out, tried, scaled)), "utf-8")


def table(held_out: str, tried: str, scaled: str) -> str:
    """All three tables, with their heads."""
    cutoffs = "last basket | last but one | last but two"
    new_items = "new items of the last basket, own left out | as shown"
    return (
        f"| recall@10 / nDCG@10 | {cutoffs} | {new_items} |\n"
        f"|---|---|---|---|---|---|\n{held_out}\n"
        "| data | scene | as of | method | customers | recall | nDCG | hit rate |"
        " recall of repeats | of new | coverage |\n|---|---|---|---|---|---|---|---|---|---|---|\n"
        f"{tried}\n"
        "| made for a million customers | rows | clock | CPU | memory by then |\n"
        f"|---|--:|--:|--:|--:|\n{scaled}"
    )


if __name__ == "__main__":
    main()
