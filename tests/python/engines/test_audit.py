"""An audit names each broken rule and how many rows break it, on every engine.

All tables are asked in one dbt invocation an engine.
"""

from __future__ import annotations

import pytest
from engines.both import answers_of

# Orders as (order_id, day, status, amount, customer_id); None stands for what is not known.
Row = tuple[str | None, str | None, str | None, int | None, str | None]
SOUND: list[Row] = [("a", "mon", "paid", 5, "x"), ("b", "mon", "unpaid", 0, "y")]

ARGUMENTS = """
    key=['order_id'], not_null=['amount'], accepted_values={'status': ['paid', 'unpaid']},
    references={'customer_id': "(select 'x' as customer_id union all select 'y')"},
    rules={
        'amounts_have_no_sign': 'amount >= 0',
        'unpaid_orders_are_worth_nothing': "status <> 'unpaid' or amount = 0",
    }
"""
BY_DAY = "key=['order_id', 'day'], nullable=['day']"

# Of 20 rules about one column Spark once inferred a million filters.
LIMITS = range(6, 31)

# What is asked of which rows, and the rules that they break.
CASES: dict[str, tuple[str, list[Row], dict[str, int]]] = {
    "a sound table breaks nothing": (ARGUMENTS, SOUND, {}),
    "an empty table breaks nothing": (ARGUMENTS, [], {}),
    "a key alone may be asked for": ("key=['order_id']", SOUND, {}),
    "each key that repeats counts once": (
        ARGUMENTS,
        [*SOUND, *SOUND[:1] * 2],
        {"key (order_id)": 1},
    ),
    "a key is never null": (
        ARGUMENTS,
        [*SOUND, (None, "mon", "paid", 5, "x")],
        {"not_null (order_id)": 1},
    ),
    "null is a value of a nullable column": (
        BY_DAY,
        [("a", None, "paid", 5, "x"), ("a", "mon", "paid", 5, "x"), ("b", None, "paid", 5, "x")],
        {},
    ),
    "and repeats like any other": (
        BY_DAY,
        [("a", None, "paid", 5, "x"), ("a", None, "paid", 6, "x"), ("b", None, "paid", 5, "x")],
        {"key (order_id, day)": 1},
    ),
    "what stands in two columns is no other row's key": (
        "key=['order_id', 'day']",
        [("ab", "c", "paid", 5, "x"), ("a", "bc", "paid", 5, "x")],
        {},
    ),
    "a value that must be there": (
        ARGUMENTS,
        [*SOUND, ("c", "mon", "paid", None, "x"), ("d", "mon", "paid", None, "x")],
        {"not_null (amount)": 2},
    ),
    "a value that nobody accepts; null is left to not_null": (
        ARGUMENTS,
        [*SOUND, ("c", "mon", "Paid", 5, "x"), ("d", "mon", None, 5, "x")],
        {"accepted_values (status)": 1},
    ),
    "a reference that leads nowhere; null is free": (
        ARGUMENTS,
        [*SOUND, ("c", "mon", "paid", 5, "z"), ("d", "mon", "paid", 5, None)],
        {"references (customer_id)": 1},
    ),
    "a rule is broken where it is false, not where it is unknown": (
        "key=['order_id'], rules={'amounts_have_no_sign': 'amount >= 0'}",
        [("a", "mon", "paid", -1, "x"), ("b", "mon", "paid", None, "x")],
        {"amounts_have_no_sign": 1},
    ),
    "one row may break several": (
        ARGUMENTS,
        [*SOUND, ("c", "mon", "unpaid", -1, "z"), ("d", "mon", "unpaid", 3, "x")],
        {
            "references (customer_id)": 1,
            "amounts_have_no_sign": 1,
            "unpaid_orders_are_worth_nothing": 2,
        },
    ),
    "as many rules as a table needs": (
        f"key=['order_id'], rules={ {f'below_{limit}': f'amount < {limit}' for limit in LIMITS} }",
        [*SOUND, ("c", "mon", "paid", LIMITS[-2], "x")],
        {f"below_{limit}": 1 for limit in LIMITS[:-1]},
    ),
}


def table(rows: list[Row]) -> str:
    """The rows as a query."""
    selects = [
        "select "
        + ", ".join(
            f"cast({_literal(value)} as {'bigint' if name == 'amount' else 'string'}) as {name}"
            for name, value in zip(
                ("order_id", "day", "status", "amount", "customer_id"), row, strict=True
            )
        )
        for row in rows or [(None,) * 5]
    ]
    return "(" + " union all ".join(selects) + ")" if rows else f"({selects[0]} where 1 = 0)"


def _literal(value: str | int | None) -> str:
    return "null" if value is None else f"'{value}'"


@pytest.fixture(scope="module")
def broken(engine, tmp_path_factory) -> dict[str, dict[str, int]]:
    """The broken rules of each case."""
    asked = " union all ".join(
        f"select {number} as number, rule, broken_rows from "
        f'({{{{ test_audit(model="{table(rows)}", {arguments}) }}}}) as audited'
        for number, (arguments, rows, _) in enumerate(CASES.values())
    )
    found: dict[str, dict[str, int]] = {case: {} for case in CASES}
    for row in answers_of(engine, asked, tmp_path_factory.mktemp("audits")):
        found[list(CASES)[row["number"]]][row["rule"]] = row["broken_rows"]
    return found


@pytest.mark.parametrize("case", CASES)
def test_an_audit_names_the_broken_rules(broken, case):
    assert broken[case] == CASES[case][2]
