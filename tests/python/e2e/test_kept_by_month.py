"""What is made by month may be: of months made one by one come the rows of the whole.

So months of which nothing has changed need not be made again (macros/materializations/
kept_by_month.sql).
"""

from __future__ import annotations

from typing import Any

from conftest import Shop

from orchestration.duck import connect, literal_path


def test_of_each_month_alone_come_the_rows_that_the_whole_has_of_it(tiny: Shop, parsed: Any):
    """Of tables that are made so, and of views that say of which column their months are: the
    months of a view are taken to be those of what it reads."""
    nodes = {id: node for id, node in parsed.nodes.items() if node.config.meta.get("month_of")}
    by_month = [
        node for node in nodes.values() if node.config.materialized in ("view", "kept_by_month")
    ]
    assert {"int_orders", "order_lines", "int_kpi_counts"} < {node.name for node in by_month}
    with connect() as connection:
        connection.execute(
            f"attach {literal_path(tiny.warehouse)} as warehouse (read_only); use warehouse"
        )
        for node in by_month:
            parents = [nodes[id] for id in node.depends_on.nodes if id in nodes]
            months = {
                month
                for each in (node, *parents)
                for (month,) in connection.execute(
                    f"select distinct date_trunc('month', {each.config.meta['month_of']})"
                    f" from {each.relation_name}"
                ).fetchall()
            }
            assert len(months) > 3, node.name
            for month in months:
                found = connection.execute(of_month(node, parents, tiny), {"month": month})
                assert found.fetchall() == [(0,)], f"{node.name} of {month}"


def of_month(node: Any, parents: list[Any], shop: Shop) -> str:
    """How many rows differ between the whole and what the SQL makes of one month of its parents."""
    sql = (shop.data / "target/compiled/regulars" / node.original_file_path).read_text()
    for parent in parents:
        assert parent.relation_name in sql
        sql = sql.replace(parent.relation_name, f"({rows_of_month(parent)})")
    if node.config.contract.enforced:
        sql = f"select {', '.join(node.columns)} from ({sql})"
    one, other = f"({rows_of_month(node)})", f"(select * from ({sql}))"
    return f"select count(*) from ({one} except all {other} union all ({other} except all {one}))"


def rows_of_month(node: Any) -> str:
    month = f"date_trunc('month', {node.config.meta['month_of']})"
    return f"select * from {node.relation_name} where {month} is not distinct from $month"
