"""How long the tags of a million customers take, model by model, and how much memory.

`make bench SIZE=tags` makes the demo world 400 times over, each time of other people who do the
same, and lets dbt make tags of it in a process of its own.
"""

import json
import sys
import tempfile
from pathlib import Path

from benchmarks.built import built_world
from benchmarks.refresh import measured
from orchestration.dbt import located
from orchestration.duck import connect, literal
from orchestration.project import ROOT, Project
from orchestration.warehouse import attach

COPIES = 400
MADE = ("+customer_tags,path:models/intermediate/profile", "customer_tags")
PEOPLE = {"customer_id", "account_id", "order_id", "order_line_id", "interaction_id"}
READ = {
    "entities": "int_interactions_validated int_order_lines int_products_validated",
    "intermediate": "int_account_customers int_as_of_dates int_calendar_days int_customers "
    "int_customer_known_since int_kpi_orders int_lifecycle_states int_member_tiers "
    "int_rfm_scores int_transactions",
    "reference": "dayparts need_terms source_trust tag_items tag_rules",
}


def repeat(one: Path, many: Path, copies: int) -> None:
    """A warehouse of what tags are made of, with all people of another so many times."""
    with connect(preserve_insertion_order="false") as connection:
        attach(connection, one)
        connection.execute(f"attach {literal(many)} as many")
        for schema, names in READ.items():
            connection.execute(f"create schema many.{schema}")
            for table in (f"{schema}.{name}" for name in names.split()):
                told = connection.execute(f"describe warehouse.{table}").fetchall()
                named = [f"{name} || '-' || copy as {name}" for name, *_ in told if name in PEOPLE]
                if "customer_number" in (name for name, *_ in told):
                    named.append("customer_number + copy as customer_number")
                if "order_number" in (name for name, *_ in told):
                    named.append("order_number + copy * 1000000000000000 as order_number")
                replaced = f"replace ({', '.join(named)})" if named else ""
                connection.execute(
                    f"create table many.{table} as"
                    f" select told.* {replaced}"
                    f" from warehouse.{table} as told"
                    f" cross join range({copies if named else 1}) as copies (copy)"
                )


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="regulars-bench-") as folder:
        one = built_world(7, Path(folder, "one"), "customer_tags").project
        many = Project(ROOT, Path(folder, "many"))
        many.data.mkdir()
        repeat(one.warehouse, many.warehouse, COPIES)
        words = ("-m", "dbt.cli.main", "run", *located(many, many.target), "--select", *MADE)
        cost, code = measured([sys.executable, *words], ROOT, many.data)
        print(many.data.with_suffix(".log").read_text() if code else cost)
        for each in json.loads((many.target / "run_results.json").read_text())["results"]:
            print(f"{each['unique_id'].split('.')[-1]:<28}{each['execution_time']:>8.1f} s")


if __name__ == "__main__":
    main()
