"""Of which columns each column is made, read from the SQL that dbt has compiled."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest
from conftest import ROOT, Shop

from orchestration.lineage import Lineage, Origin

RECEIPTS, SHOPS = "source.shop.pos.receipts", "seed.shop.shops"


def model(name: str, *parents: str, materialized: str = "table", columns: tuple = ()) -> dict:
    return {
        "unique_id": f"model.shop.{name}",
        "resource_type": "model",
        "schema": "main",
        "alias": name,
        "original_file_path": f"models/{name}.sql",
        "depends_on": {"nodes": list(parents)},
        "config": {"materialized": materialized},
        "columns": dict.fromkeys(columns, {}),
    }


@pytest.fixture
def made(tmp_path: Path):
    """The lineage of the columns of models, each given as its compiled SQL."""

    def lineage(name: str, /, **models: str | tuple[str, str, tuple]) -> dict[str, list[str]]:
        nodes = {}
        for each, sql in models.items():
            sql, materialized, columns = sql if isinstance(sql, tuple) else (sql, "table", ())
            path = tmp_path / "compiled" / "shop" / "models" / f"{each}.sql"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(sql)
            parents = [f"model.shop.{earlier['alias']}" for earlier in nodes.values()]
            node = model(each, RECEIPTS, SHOPS, *parents, materialized=materialized)
            nodes[node["unique_id"]] = node | {"columns": dict.fromkeys(columns, {})}
        (tmp_path / "shops.csv").write_text("shop_id,town\n1,here\n")
        manifest = {
            "metadata": {"project_name": "shop"},
            "nodes": nodes
            | {
                SHOPS: model("shops")
                | {
                    "unique_id": SHOPS,
                    "resource_type": "seed",
                    "original_file_path": "shops.csv",
                }
            },
            "sources": {
                RECEIPTS: {
                    "unique_id": RECEIPTS,
                    "resource_type": "source",
                    "schema": "raw",
                    "identifier": "pos__receipts",
                    "original_file_path": "models/sources.yml",
                    "columns": {"receipt_no": {}, "amount": {}, "shop": {}},
                }
            },
        }
        read = Lineage(manifest, tmp_path / "compiled", tmp_path, "duckdb")
        return {
            column: [f"{origin.unique_id.split('.')[-1]}.{origin.column}" for origin in origins]
            for column, origins in read.of(f"model.shop.{name}").items()
        }

    return lineage


def test_a_star_and_a_cast_lead_to_the_columns_that_were_delivered(made):
    told = made(
        "staged",
        staged="""
            with source as (select * from "warehouse"."raw"."pos__receipts")
            select receipt_no as order_id, try_cast(amount as decimal(18, 2)) as amount, _file
            from source
        """,
    )
    assert told == {
        "order_id": ["receipts.receipt_no"],
        "amount": ["receipts.amount"],
        "_file": ["receipts._file"],
    }


def test_joins_unions_windows_and_subqueries_are_followed(made):
    told = made(
        "report",
        orders="select receipt_no as order_id, amount, shop as shop_id from raw.pos__receipts",
        report="""
            with parts as (
                select order_id, amount as money, shop_id from main.orders
                union all
                select town, null, shop_id from main.shops
            )
            select
                parts.order_id,
                shops.town,
                sum(parts.money) over (partition by parts.shop_id) as total,
                (select max(orders.amount) from main.orders where orders.shop_id = parts.shop_id)
                    as largest,
                count(*) over () as row_count
            from parts
            left join main.shops as shops on parts.shop_id = shops.shop_id
        """,
    )
    assert told == {
        "order_id": ["orders.order_id", "shops.town"],
        "town": ["shops.town"],
        "total": ["orders.amount", "orders.shop_id", "shops.shop_id"],
        "largest": ["orders.amount"],
        "row_count": [],
    }


def test_what_is_unnested_is_of_what_it_unfolds(made):
    told = made(
        "words",
        words="""
            select receipts.receipt_no, word
            from raw.pos__receipts as receipts
            cross join unnest(string_split(receipts.shop, ' ')) as words(word)
        """,
    )
    assert told == {"receipt_no": ["receipts.receipt_no"], "word": ["receipts.shop"]}


def test_what_a_materialization_of_our_own_adds_is_of_all_that_it_reads(made):
    told = made(
        "after",
        groups=(
            "select receipt_no, shop from raw.pos__receipts",
            "connected_components",
            ("node", "component"),
        ),
        after="select component from main.groups",
    )
    assert told == {"component": ["groups.component"]}


def test_a_recursive_query_ends(made):
    told = made(
        "days",
        days="""
            with recursive days as (
                select amount as day from raw.pos__receipts
                union all
                select day + 1 from days where day < 9
            )
            select day from days
        """,
    )
    assert told == {"day": ["receipts.amount"]}


def test_what_nobody_can_read_has_the_columns_of_its_yaml(made):
    told = made("odd", odd=("select from where (", "table", ("a", "b")))
    assert told == {"a": [], "b": []}


def test_of_the_whole_project_every_column_is_known_as_the_warehouse_has_it(tiny: Shop):
    target = tiny.data / "target"
    manifest = json.loads((target / "manifest.json").read_bytes())
    read = Lineage(manifest, target / "compiled", ROOT, "duckdb")
    columns: dict[tuple[str, str], set[str]] = {}
    with duckdb.connect(tiny.warehouse, read_only=True) as connection:
        query = "select schema_name, table_name, column_name from duckdb_columns()"
        for schema, table, column in connection.execute(query).fetchall():
            columns.setdefault((schema, table), set()).add(column)
    tables = [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] in ("model", "seed")
        and node["config"]["materialized"] != "ephemeral"
    ]
    for node in tables:
        told = read.of(node["unique_id"])
        assert set(told) == columns[node["schema"], node["alias"]], node["name"]
    orders = read.of("model.regulars.orders")
    assert Origin("model.regulars.int_order_states", "net_amount") in orders["net_amount"]
    marts = [node for node in tables if node["schema"] == "marts"]
    made_of = [origins for node in marts for origins in read.of(node["unique_id"]).values()]
    assert sum(map(bool, made_of)) / len(made_of) > 0.95  # the others are counted, or a constant
