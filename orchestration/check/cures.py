"""For each thing that a check finds wrong: what to change, in which file, under which key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import duckdb

from orchestration.landing import LandingReport
from orchestration.project import Project
from orchestration.publish.rules import counted
from orchestration.remarks.cures import WITHOUT_RATE, cure, model_of, without_rate

if TYPE_CHECKING:
    from orchestration.check.findings import Findings

RECORDS = {"accounts", "products", "stores", "campaigns", "coupons"}
MANY_REPLACED = 0.01  # of an entity's rows, from which on a key hardly tells them apart


def problems(
    connection: duckdb.DuckDBPyConnection,
    scratch: Project,
    landed: LandingReport,
    found: Findings,
) -> Iterator[str]:
    """A sentence for each problem, those of files first."""
    yield from landed.messages
    for outcome in found.outcomes:
        if outcome.status != "quarantined":
            continue
        where = f"{counted(outcome.rows, 'row')} of {outcome.entity}: {outcome.reason}"
        example = f"{outcome.file}, line {outcome.line}"
        if outcome.reason == WITHOUT_RATE:
            mend = _currencies(connection, scratch)
        else:
            mend = cure(scratch, found.source, outcome.entity, outcome.reason)
        yield f"{where} ({example}): {mend}"
    yield from _replaced(found, scratch)
    yield from _nobody(found, scratch)


def _currencies(connection: duckdb.DuckDBPyConnection, scratch: Project) -> str:
    codes = connection.execute(
        "select upper(currency), count(*) from entities.int_orders_validated"
        f" where reason_code = '{WITHOUT_RATE}' group by all order by 1"
    ).fetchall()
    return without_rate(codes, scratch.configuration["vars"]["reporting_currency"])


def _replaced(found: Findings, scratch: Project) -> Iterator[str]:
    """Keys that repeat in a file: of lines and money a loss. Records of persons and goods are there
    to be replaced by later ones."""
    for entity in found.entities:
        delivered = sum(o.rows for o in found.outcomes if o.entity == entity.name)
        replaced = entity.replaced_within_file
        if entity.name in RECORDS or replaced <= MANY_REPLACED * delivered:
            continue
        model = model_of(scratch, found.source, entity.name)
        what = (
            f"{replaced:,} of {delivered:,} rows of {entity.name} were replaced by a later row of"
        )
        if entity.name == "orders":
            yield f"{what} the same order, which differs: is all that {model} reads of the order?"
        else:
            yield (
                f"{what} their own file with the same key: if they are no corrections, make the key"
                f" finer in {model}, such as with place_within."
            )


def _nobody(found: Findings, scratch: Project) -> Iterator[str]:
    if found.guest_share == 1:
        yield (
            "No order names a customer: if a column does, select it as account_id in "
            f"{model_of(scratch, found.source, 'orders')}."
        )
