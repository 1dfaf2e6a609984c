"""What a demo world knows to be true of its data, beside what the marts say of it.

The truth lies beside the data, as Parquet in one folder. Only the report reads it, never a model.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.duck import literal_path

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


def _show(connection: duckdb.DuckDBPyConnection, truth: Path, name: str) -> None:
    file = literal_path(truth / FILES[name])
    connection.execute(f"create or replace temp view {name} as from read_parquet({file})")
