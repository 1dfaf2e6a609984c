"""RFM of the latest day, and what BG/NBD asks of a customer, from typed order lines.

Ours are the models between `int_transactions` and the mart, as dbt compiles them; what makes
transactions of lines is one sum by order. Each side reads the lines as Parquet and writes its rows
so, and all write the same, ties included, which is checked. Left out is what only our models do:
guests, refunds, orders that are told again, and a warehouse on disk.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.peers.sides import Comparison, Side, alone, in_turns
from benchmarks.tills import DAYS, FIRST_DAY, write_typed_lines
from orchestration.duck import connect, literal, memory_limit
from orchestration.project import ROOT

if TYPE_CHECKING:
    import pandas

DBT = str(Path(sys.executable).with_name("dbt"))
AS_OF = FIRST_DAY + timedelta(DAYS)
WINDOW_DAYS, SCORES = 365, 5  # rfm_window_days and rfm_scores of dbt_project.yml
RFM = (
    *("customer_id", "recency_days", "frequency", "monetary_amount"),
    *("r_score", "f_score", "m_score", "segment_code"),
)
TYPES = {
    "customer_id": "varchar",
    "monetary_amount": "decimal(18,2)",
    "segment_code": "varchar",
}
STATISTICS = ("customer_id", "repeat_days", "active_days", "observed_days")

# What the models up to the marts read: orders as they were sold, and one day of analysis.
TRANSACTIONS = """
create table intermediate.int_transactions as
select
    order_id as transaction_id,
    order_id,
    null::bigint as order_number,
    customer_id,
    null::bigint as customer_number,
    ordered_on as transacted_on,
    ordered_on as effective_from,
    null::date as effective_to,
    sum(net_amount)::decimal(18,2) as net_amount,
    sum(net_amount) > 0 as is_purchase,
    ordered_on < {day} as is_current
from read_parquet({lines})
group by order_id, customer_id, ordered_on;
create table intermediate.int_as_of_dates as select {day} as as_of_date, true as is_latest;
create table intermediate.int_ltv_cutoffs as
select {day} as as_of_date, null::date as held_out_until, true as is_latest;
create table intermediate.int_messages as
select null::varchar as customer_id, null::date as occurred_on, null::varchar as assignment
where false;
create table intermediate.int_customer_known_since as
select customer_id, min(transacted_on) as known_since
from intermediate.int_transactions
group by customer_id;
create table reference.rfm_segments as
from read_csv({seeds} || '/rfm_segments.csv', all_varchar = true);
create table reference.lifecycle_rules as
select rule, value::double as value from read_csv({seeds} || '/lifecycle_rules.csv')
"""
GIVEN = re.findall(r"create table \w+\.(\w+)", TRANSACTIONS)
BY_SPARK = """
with orders as (
    select order_id, customer_id, ordered_on, sum(net_amount) as net_amount
    from lines
    group by order_id, customer_id, ordered_on
),

customers as (
    select
        customer_id,
        datediff(date'{day}', max(ordered_on) filter (where net_amount > 0)) as recency_days,
        count(*) filter (
            where net_amount > 0 and datediff(date'{day}', ordered_on) <= {window}
        ) as frequency,
        cast(coalesce(
            sum(net_amount) filter (where datediff(date'{day}', ordered_on) <= {window}), 0
        ) as decimal(18,2)) as monetary_amount
    from orders
    group by customer_id
    having max(net_amount) > 0
),

cuts as (
    select
        sum(recency_days) as recency,
        sum(frequency) as frequency,
        sum(monetary_amount) as monetary,
        count(*) as buyers
    from customers
    where frequency > 0
)

select
    customer_id,
    recency_days,
    customers.frequency,
    monetary_amount,
    {r} as r_score,
    {f} as f_score,
    {m} as m_score,
    concat(
        int(recency_days * buyers < recency),
        int(customers.frequency * buyers > cuts.frequency),
        int(monetary_amount * buyers > monetary)
    ) as segment_code
from customers
cross join cuts
"""


def comparisons(folder: Path, lines: int) -> Iterator[Comparison]:
    """RFM beside polars, pandas and Spark SQL; the statistics beside the summary of lifetimes."""
    alone(write_typed_lines, folder / "lines.parquet", lines)
    yield from _beside(folder, lines, "RFM", "customer_rfm", RFM, RFM_PEERS)
    yield from _beside(
        folder, lines, "x, t_x, T", "int_ltv_statistics", STATISTICS, STATISTICS_PEERS
    )


def _beside(
    folder: Path,
    lines: int,
    what: str,
    mart: str,
    columns: Sequence[str],
    peers: Mapping[str, Peer],
) -> Iterator[Comparison]:
    statements = compiled(folder / "dbt", mart)
    ours = Side("ours", partial(by_models, folder, statements, mart, columns), ("duckdb",))
    others = [Side(name, partial(work, folder), imports) for name, (work, imports) in peers.items()]
    costs = in_turns([ours, *others])
    for name in peers:
        require_same_rows(folder / "ours.parquet", folder / f"{name}.parquet", columns)
        bar = 1 if name == "polars" else None
        yield Comparison(f"{what}, {lines / 1e6:g} M lines", name, costs["ours"], costs[name], bar)


def compiled(folder: Path, mart: str) -> list[str]:
    """The statements of the models between what is given and a mart, in their order.

    In a folder of its own, since there may be no data.
    """
    subprocess.run(
        [
            *(DBT, "compile", "--quiet", "--select", f"int_transactions+,+{mart}"),
            "int_lifecycle_rules",
            *("--target-path", folder, "--log-path", folder),
        ],
        cwd=ROOT,
        env={**os.environ, "REGULARS_DATA": str(folder)},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    nodes = json.loads((folder / "manifest.json").read_text("utf-8"))["nodes"]
    models = {
        name: node
        for name, node in nodes.items()
        if node["resource_type"] == "model" and node["name"] not in GIVEN
    }
    needed, found = [name for name, node in models.items() if node["name"] == mart], {}
    while needed:
        name = needed.pop()
        found[name] = [each for each in models[name]["depends_on"]["nodes"] if each in models]
        needed += found[name]
    return [_created(models[name]) for name in TopologicalSorter(found).static_order()]


def _created(node: Mapping) -> str:
    kind = "view" if node["config"]["materialized"] == "view" else "table"
    return f"create {kind} {node['schema']}.{node['name']} as {node['compiled_code']}"


def by_models(folder: Path, statements: Sequence[str], mart: str, columns: Sequence[str]) -> None:
    """The rows of the mart; the tables stay in memory, as those of the peers do."""
    with connect(preserve_insertion_order="false") as connection:
        connection.execute("attach ':memory:' as warehouse; use warehouse")
        for schema in ("intermediate", "marts", "reference"):
            connection.execute(f"create schema {schema}")
        given = {
            "lines": literal(folder / "lines.parquet"),
            "seeds": literal(ROOT / "seeds"),
            "day": f"date {literal(AS_OF)}",
        }
        connection.execute(TRANSACTIONS.format(**given))
        for statement in statements:
            connection.execute(statement)
        schema = "intermediate" if mart.startswith("int_") else "marts"
        connection.execute(
            f"copy (select {', '.join(columns)} from {schema}.{mart})"
            f" to {literal(folder / 'ours.parquet')} (format parquet)"
        )


def by_polars(folder: Path) -> None:
    import polars as pl

    age = (pl.lit(AS_OF) - pl.col("ordered_on")).dt.total_days()
    is_purchase = pl.col("net_amount") > 0
    customers = (
        pl.scan_parquet(folder / "lines.parquet")
        .group_by("order_id", "customer_id", "ordered_on")
        .agg(pl.col("net_amount").sum())
        .with_columns(age=age, is_purchase=is_purchase)
        .group_by("customer_id")
        .agg(
            recency_days=pl.col("age").filter("is_purchase").min(),
            frequency=(pl.col("is_purchase") & (pl.col("age") <= WINDOW_DAYS)).sum().cast(pl.Int64),
            monetary_amount=pl.col("net_amount").filter(pl.col("age") <= WINDOW_DAYS).sum(),
        )
        .filter(pl.col("recency_days").is_not_null())
    )
    buyers = pl.col("frequency") > 0

    def score(value: pl.Expr) -> pl.Expr:
        share = (value.rank("min") - 1) / (pl.len() - 1)
        return (1 + (SCORES * share).floor()).clip(upper_bound=SCORES).cast(pl.Int64)

    def bit(name: str) -> pl.Expr:
        value, of_buyers = pl.col(name), pl.col(name).filter(buyers)
        beyond = value * buyers.sum() - of_buyers.sum()
        return (beyond < 0 if name == "recency_days" else beyond > 0).cast(pl.Int8).cast(pl.String)

    customers.with_columns(
        r_score=score(-pl.col("recency_days")),
        f_score=score(pl.col("frequency")),
        m_score=score(pl.col("monetary_amount")),
        segment_code=bit("recency_days") + bit("frequency") + bit("monetary_amount"),
    ).collect().write_parquet(folder / "polars.parquet")


def by_pandas(folder: Path) -> None:
    import numpy as np

    orders = _orders_by_pandas(folder)
    # Cents, since sums and cuts must be exact.
    orders["cents"] = (orders.pop("net_amount") * 100).round().astype("int64")
    orders["age"] = (np.datetime64(AS_OF) - orders["ordered_on"]).dt.days
    recency = orders[orders["cents"] > 0].groupby("customer_id")["age"].min()
    within = orders[orders["age"] <= WINDOW_DAYS].assign(bought=lambda rows: rows["cents"] > 0)
    found = within.groupby("customer_id").agg(
        frequency=("bought", "sum"), monetary_amount=("cents", "sum")
    )
    customers = recency.to_frame("recency_days").join(found).fillna(0).astype("int64")
    buyers = customers[customers["frequency"] > 0]
    bits = []
    for score, name, sign in (
        ("r_score", "recency_days", -1),
        ("f_score", "frequency", 1),
        ("m_score", "monetary_amount", 1),
    ):
        values = sign * customers[name]
        share = (values.rank(method="min") - 1) / (len(customers) - 1)
        customers[score] = np.minimum(1 + np.floor(SCORES * share), SCORES).astype("int64")
        is_high = values * len(buyers) > sign * buyers[name].sum()
        bits.append(is_high.astype("int8").astype(str))
    customers["segment_code"] = bits[0] + bits[1] + bits[2]
    customers["monetary_amount"] /= 100
    customers.reset_index().to_parquet(folder / "pandas.parquet")


def by_lifetimes(folder: Path) -> None:
    """The days of purchases, summed up by the library."""
    from lifetimes.utils import summary_data_from_transaction_data

    orders = _orders_by_pandas(folder)
    summary = summary_data_from_transaction_data(
        orders[orders["net_amount"] > 0],
        "customer_id",
        "ordered_on",
        "net_amount",
        observation_period_end=AS_OF - timedelta(1),
    ).rename(columns={"frequency": "repeat_days", "recency": "active_days", "T": "observed_days"})
    summary.reset_index().to_parquet(folder / "lifetimes.parquet")


def _orders_by_pandas(folder: Path) -> pandas.DataFrame:
    import pandas

    lines = pandas.read_parquet(folder / "lines.parquet")
    lines["net_amount"] = lines["net_amount"].astype(float)
    lines["ordered_on"] = pandas.to_datetime(lines["ordered_on"])
    keys = ["order_id", "customer_id", "ordered_on"]
    return lines.groupby(keys, sort=False)["net_amount"].sum().reset_index()


def by_spark(folder: Path) -> None:
    """As a batch would: Java is started for it."""
    from pyspark.sql import SparkSession

    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.log.level", "ERROR")
        .config("spark.driver.memory", memory_limit().removesuffix("B"))
        .config("spark.sql.shuffle.partitions", "4")
        .getOrCreate()
    )
    java = spark.sparkContext._gateway.proc
    spark.read.parquet(str(folder / "lines.parquet")).createOrReplaceTempView("lines")
    rank = "percent_rank() over (order by {})"
    score = f"least({SCORES}, 1 + cast(floor({SCORES} * {rank}) as bigint))"
    query = BY_SPARK.format(
        day=AS_OF,
        window=WINDOW_DAYS,
        r=score.format("recency_days desc"),
        f=score.format("customers.frequency"),
        m=score.format("monetary_amount"),
    )
    spark.sql(query).write.mode("overwrite").parquet(str(folder / "Spark SQL.parquet"))
    spark.stop()
    java.stdin.close()
    java.wait()


def require_same_rows(ours: Path, theirs: Path, columns: Sequence[str]) -> None:
    """Raises `RuntimeError` where rows of these columns differ."""
    typed = ", ".join(f"{name}::{TYPES.get(name, 'bigint')} as {name}" for name in columns)
    with connect() as connection:
        for name, side in {"ours": ours, "theirs": theirs}.items():
            files = literal(side / "*.parquet" if side.is_dir() else side)
            connection.execute(f"create view {name} as select {typed} from read_parquet({files})")
        (count,) = connection.execute(
            "select count(*) from ("
            "(from ours except all from theirs) union all (from theirs except all from ours))"
        ).fetchone()
    if count:
        raise RuntimeError(f"{count} rows of {theirs} differ from ours.")


Peer = tuple[Callable[[Path], None], Sequence[str]]
RFM_PEERS: Mapping[str, Peer] = {
    "polars": (by_polars, ["polars"]),
    "pandas": (by_pandas, ["pandas", "pyarrow.parquet"]),
    "Spark SQL": (by_spark, ["pyspark.sql"]),
}
STATISTICS_PEERS: Mapping[str, Peer] = {
    "lifetimes": (by_lifetimes, ["lifetimes", "pyarrow.parquet"])
}
