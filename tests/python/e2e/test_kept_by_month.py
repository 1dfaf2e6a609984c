"""What is made by month may be: of months made one by one come the rows of the whole.

So months of which nothing has changed need not be made again (macros/materializations/
kept_by_month.sql).
"""

from __future__ import annotations

from itertools import product
from typing import Any

from conftest import Shop

from orchestration.duck import connect, literal_path

SAME = "date_trunc('month', {}) is not distinct from $month"
FROM_IT_ON = "{} >= $month"
UNTIL_IT = "({0} <= last_day($month) or {0} is null)"
KNOWN_BY_IT = "{} <= last_day($month)"


def test_of_each_month_alone_come_the_rows_that_the_whole_has_of_it(tiny: Shop, parsed: Any):
    """Of tables that are made so, and of views that say of which column their months are: the
    months of a view are taken to be those of what it reads.

    A history is cut off after the month: nothing of the month may know what came later. What has
    one is made of all months from some month on, and these must give the rows of the whole too."""
    nodes = {id: node for id, node in parsed.nodes.items() if node.config.meta.get("month_of")}
    by_month = [node for node in nodes.values() if is_made_of_months(node)]
    of_history = {node.name for node in by_month if history(node)}
    assert {"int_orders", "order_lines", "int_purchase_traits"} < {node.name for node in by_month}
    assert {
        "int_customer_rhythm",
        "int_customer_activity",
        "int_kpi_orders",
        "int_trait_figures",
    } <= of_history
    with connect() as connection:
        connection.execute(
            f"attach {literal_path(tiny.warehouse)} as warehouse (read_only); use warehouse"
        )
        for node in by_month:
            parents = [nodes[id] for id in parents_of(node, parsed) if id in nodes]
            assert set(history(node)) <= {parent.name for parent in parents}, node.name
            months = {
                month
                for each in (node, *parents)
                for (month,) in connection.execute(
                    f"select distinct date_trunc('month', {day(each)}) from {each.relation_name}"
                ).fetchall()
            }
            assert len(months) > 3, node.name
            for month, which in product(months, [SAME, FROM_IT_ON] if history(node) else [SAME]):
                found = connection.execute(of_months(node, parents, tiny, which), {"month": month})
                assert found.fetchall() == [(0,)], f"{node.name} of {month}, {which}"


def test_what_ends_in_another_month_is_read_as_history(parsed: Any):
    """Its rows are of the month in which they begin, and change when they end."""
    for node in filter(is_made_of_months, parsed.nodes.values()):
        parents = [parsed.nodes[id] for id in parents_of(node, parsed) if id in parsed.nodes]
        ending = {parent.name for parent in parents if parent.config.meta.get("ends")}
        assert ending <= set(history(node)), node.name
        assert node.config.materialized == "kept_by_month" or not history(node), node.name


def test_nothing_later_than_the_month_until_which_a_model_reads_changes_it(tiny: Shop, parsed: Any):
    """Of facts that are cut off after that month, ends included, come the same rows."""
    nodes = parsed.nodes
    learning = [node for node in nodes.values() if node.config.meta.get("until")]
    assert {"int_item_adoptions", "int_affinity_pairs"} <= {node.name for node in learning}
    with connect() as connection:
        connection.execute(
            f"attach {literal_path(tiny.warehouse)} as warehouse (read_only); use warehouse"
        )
        for node in learning:
            parents = [nodes[id] for id in node.depends_on.nodes if id in nodes]
            until = nodes[f"model.regulars.{node.config.meta['until']}"]
            assert until.unique_id in ancestors(node, nodes), node.name
            [(month,)] = connection.execute(
                f"select date_trunc('month', {day(until)}) from {until.relation_name}"
            ).fetchall()
            sql = compiled(node, tiny)
            for parent in parents:
                if parent.config.meta.get("month_of"):
                    sql = sql.replace(parent.relation_name, rows(parent, KNOWN_BY_IT))
            found = connection.execute(
                differing(f"(from {node.relation_name})", f"({sql})"), {"month": month}
            )
            assert found.fetchall() == [(0,)], node.name


def ancestors(node: Any, nodes: dict[str, Any]) -> set[str]:
    found, ahead = set(), [node.unique_id]
    while ahead:
        parents = getattr(nodes[ahead.pop()].depends_on, "nodes", [])
        ahead.extend(id for id in parents if id in nodes and id not in found)
        found.update(parents)
    return found


def is_made_of_months(node: Any) -> bool:
    how = node.config.materialized
    return how == "kept_by_month" or (how == "view" and bool(node.config.meta.get("month_of")))


def parents_of(node: Any, manifest: Any) -> set[str]:
    """Those that its SQL names: what is ephemeral stands in it itself."""
    found: set[str] = set()
    for id in node.depends_on.nodes:
        parent = manifest.nodes.get(id)
        is_inlined = parent and parent.config.materialized == "ephemeral"
        found |= parents_of(parent, manifest) if is_inlined else {id}
    return found


def history(node: Any) -> list[str]:
    return node.config.meta.get("history", [])


def of_months(node: Any, parents: list[Any], shop: Shop, which: str) -> str:
    """How many rows differ between the whole and what the SQL makes of months of its parents."""
    sql = compiled(node, shop)
    for parent in parents:
        assert parent.relation_name in sql
        read = rows(parent, which)
        if parent.name in history(node):
            read = rows(parent, UNTIL_IT) if which == SAME else parent.relation_name
        sql = sql.replace(parent.relation_name, read)
    if node.config.contract.enforced:
        sql = f"select {', '.join(node.columns)} from ({sql})"
    return differing(f"({rows(node, which)})", f"(select * from ({sql}))")


def differing(one: str, other: str) -> str:
    return f"select count(*) from ({one} except all {other} union all ({other} except all {one}))"


def compiled(node: Any, shop: Shop) -> str:
    return (shop.data / "target/compiled/regulars" / node.original_file_path).read_text()


def day(node: Any, column: str | None = None) -> str:
    """The day by which the month is told of a row, or of another of its dates."""
    meta = node.config.meta
    return f"{column or meta['month_of']}{' - 1' if meta.get('looks_back') else ''}"


def rows(node: Any, which: str) -> str:
    """The rows of a node of some months; of those until a month, as they were known in it."""
    known = [
        f"case when {day(node, end)} <= last_day($month) then {end} end as {end}"
        for end in node.config.meta.get("ends", [])
        if which in (UNTIL_IT, KNOWN_BY_IT)
    ]
    columns = f"* replace ({', '.join(known)})" if known else "*"
    where = which.format(day(node))
    return f"(select {columns} from {node.relation_name} where {where})"
