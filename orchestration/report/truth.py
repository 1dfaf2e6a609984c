"""What a demo world knows to be true of its data, beside what the marts say of it.

The truth lies beside the data, as Parquet in one folder. Only the report reads it, never a model.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from orchestration.duck import literal_path, rows
from orchestration.report.panels import panel

# Each file under the name by which the queries know it.
FILES = {
    "truth_accounts": "person_accounts.parquet",
    "truth_quarantine": "expected_quarantine.parquet",
    "truth_channel_effects": "channel_effects.parquet",
    "truth_complaint_effects": "complaint_effects.parquet",
}

_KNOWS_SOME = """
select exists (from truth_accounts semi join marts.customer_accounts using (account_id))
"""


def tell(connection: duckdb.DuckDBPyConnection, truth: Path | None) -> frozenset[str]:
    """Lets the connection see the truth on its marts, as temporary views; returns their names.

    None of them when the marts hold no account that the truth knows: it is not about them.
    """
    if truth is None or not (truth / FILES["truth_accounts"]).exists():
        return frozenset()
    present = frozenset(name for name, file in FILES.items() if (truth / file).exists())
    for name in present:
        _show(connection, truth, name)
    [(knows_some,)] = connection.execute(_KNOWS_SOME).fetchall()
    return present if knows_some else frozenset()


def identity_quality(connection: duckdb.DuckDBPyConnection, truth: Path) -> dict[str, Any]:
    """How well `marts.customer_accounts` of the connection agrees with the truth on who is who.

    `linked_pairs` are pairs of accounts of one customer, `true_pairs` of one person,
    `common_pairs` of both. `precision`, `recall` and `f1` lie from 0 to 1, and are None where there
    is no pair to judge. `compared_accounts` are known to both; `unknown_accounts`, which only the
    marts know, and `unpublished_accounts`, which only the truth knows, count in no pair.
    """
    _show(connection, truth, "truth_accounts")
    [quality] = rows(connection, panel("identity_truth").query)
    return quality


def _show(connection: duckdb.DuckDBPyConnection, truth: Path, name: str) -> None:
    file = literal_path(truth / FILES[name])
    connection.execute(f"create or replace temp view {name} as from read_parquet({file})")
