"""How long the tags of a million customers take, model by model, and how much memory.

`make bench SIZE=tags` makes the demo world 400 times over, each time of other people, and lets dbt
make tags of it in a process of its own. People of all copies do the same, so that what everybody
does is as in one.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from benchmarks.built import built_world
from benchmarks.refresh import measured
from orchestration.dbt import located
from orchestration.duck import connect, literal, memory_limit
from orchestration.project import ROOT, Project
from orchestration.warehouse import attach

COPIES = 400
MADE = ("+customer_tags,path:models/intermediate/profile", "customer_tags")
PEOPLE = ("customer_id", "account_id", "order_id", "order_line_id", "interaction_id")
TABLES = """
select table_schema, table_name from information_schema.tables
where table_catalog = 'warehouse' and table_type = 'BASE TABLE' and table_name in (
    'int_purchases', 'int_kpi_orders', 'int_order_lines', 'int_interactions_validated',
    'int_account_customers', 'int_customers', 'int_customer_known_since', 'int_rfm_scores',
    'int_member_tiers', 'customer_lifecycle', 'int_calendar_days', 'int_products_validated',
    'int_as_of_dates', 'dayparts', 'tag_rules', 'tag_items', 'need_terms', 'source_trust'
)
"""


def repeat(warehouse: Path, many: Path, copies: int) -> None:
    """A warehouse of what tags are made of, with all people of another so many times."""
    with connect(memory_limit=memory_limit(), preserve_insertion_order="false") as connection:
        attach(connection, warehouse)
        connection.execute(f"attach {literal(many)} as many")
        for schema, table in connection.execute(TABLES).fetchall():
            told = connection.execute(f"describe warehouse.{schema}.{table}").fetchall()
            columns = [f"{name} || '-' || copy as {name}" for name, *_ in told if name in PEOPLE]
            if table == "int_customers":
                columns.append("row_number() over () as customer_number")
            replaced = f"replace ({', '.join(columns)})" if columns else ""
            connection.execute(f"create schema if not exists many.{schema}")
            connection.execute(
                f"create table many.{schema}.{table} as select told.* {replaced}"
                f" from warehouse.{schema}.{table} as told"
                f" cross join range({copies if columns else 1}) as copies (copy)"
            )


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="regulars-bench-") as folder:
        world = built_world(7, Path(folder, "world"), "customer_tags").project
        many = Project(ROOT, Path(folder, "many"))
        many.data.mkdir()
        repeat(world.warehouse, many.warehouse, COPIES)
        words = ["-m", "dbt.cli.main", "run", *located(many, many.target), "--select", *MADE]
        cost, code = measured([sys.executable, *words], ROOT, many.data)
        if code:
            raise RuntimeError(many.data.with_suffix(".log").read_text())
        for each in json.loads((many.target / "run_results.json").read_text())["results"]:
            print(f"{each['unique_id'].split('.')[-1]:<28}{each['execution_time']:>8.1f} s")
        print(f"{cost.wall_seconds:.0f} s, {cost.cpu_seconds:.0f} of CPU")
        print(f"{cost.peak_gigabytes:.1f} GB")


if __name__ == "__main__":
    main()
