"""Sources whose silence or size would fool whoever reads the marts, and those that are late.

Without them their customers would look lost, or with too much of them like regulars. Each is told
with its cures: what to deliver, or which line to add.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from orchestration.progress import counted
from orchestration.remarks.built import Built


def why_sources_hold(built: Built, compiled_sql: str) -> Iterator[str]:
    """The sources that hold the publication up: silent, collapsed or exploded."""
    for row in built.ask(f"select * from ({compiled_sql}) order by source_system"):
        yield SENTENCES[row["coverage"]](row)


def late_sources(built: Built) -> Iterator[str]:
    """Sources that the day of analysis waits for, and that nobody need worry about yet."""
    found = built.rows(
        "int_source_coverage",
        "select * from {table} where coverage = 'late' order by awaited_on, source_system",
    )
    do = "lack them" if built.variables.get("as_of_date") else "wait for it"
    for row in found:
        held_from = counted(row["tolerated_days"] + 1, "missed day")
        yield (
            f"{row['source_system']} has not delivered its orders of {row['awaited_on']}, or only "
            f"a few of them: figures {do}. From {held_from} on it holds the publication up."
        )


def _silent(row: dict[str, Any]) -> str:
    source = row["source_system"]
    return (
        f"{source} has delivered no orders since {row['delivered_until']}, although others traded "
        f"on {counted(row['missed_days'], 'day')} since, of which its rhythm allows "
        f"{row['tolerated_days']}: its customers would look lost. Deliver what is missing. If "
        f"{source} has closed, say {_line('closed_sources', row, row['awaited_on'])}."
    )


def _collapsed(row: dict[str, Any]) -> str:
    told = f"{_size(row)}: its customers would look lost. Deliver what is missing."
    if row["awaited_on"]:  # it has not come back
        begins = _line("closed_sources", row, row["awaited_on"])
        return f"{told} If it goes on like this for good, say {begins}."
    return f"{told} If nothing is, say {_line('volumes_looked_at', row, row['odd_on'])}."


def _exploded(row: dict[str, Any]) -> str:
    return (
        f"{_size(row)}: has a file come twice with other keys, or a test? If these are orders, say "
        f"{_line('volumes_looked_at', row, row['odd_on'])}."
    )


def _size(row: dict[str, Any]) -> str:
    orders = counted(row["odd_order_count"], "order")
    return (
        f"{row['source_system']} has {orders} on {row['odd_on']}, "
        f"where {row['typical_order_count']:,.0f} are typical"
    )


def _line(variable: str, row: dict[str, Any], day: date) -> str:
    """The variable that declares a day of a source, as it is written in dbt_project.yml."""
    return f'`{variable}: {{{row["source_system"]}: "{day}"}}` in dbt_project.yml'


SENTENCES = {"silent": _silent, "collapsed": _collapsed, "exploded": _exploded}
