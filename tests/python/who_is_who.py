"""How well published customers agree with the truth of a demo world, as the report's panel asks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from orchestration.duck import rows
from orchestration.report.panels import panel
from orchestration.report.truth import tell


def identity_quality(connection: duckdb.DuckDBPyConnection, truth: Path) -> dict[str, Any]:
    """The panel's figures of `marts.customer_accounts` and the truth on who is who.

    `linked_pairs` are pairs of accounts of one customer, `true_pairs` of one person,
    `common_pairs` of both. `precision`, `recall` and `f1` lie from 0 to 1, and are None where there
    is no pair to judge. `compared_accounts` are known to both; `unknown_accounts`, which only the
    marts know, and `unpublished_accounts`, which only the truth knows, count in no pair.
    """
    tell(connection, truth)
    [quality] = rows(connection, panel("identity_truth").query)
    return quality
