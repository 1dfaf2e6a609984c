"""For each thing that a check finds wrong: what to change, in which file, under which key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import duckdb

from orchestration.landing import LandingReport
from orchestration.progress import counted
from orchestration.project import Project
from orchestration.remarks.cures import WITHOUT_RATE, cure, model_of, without_rate

if TYPE_CHECKING:
    from orchestration.check.findings import Findings

# Of each file: its orders of which the same lines stand in two places, the line where these begin
# again, the longest telling of an order, and the fewest lines between two of the same.
TOLD_AGAIN = """
    with stepped as (
        select *,
            _line - coalesce(lag(_line) over one_order, _line) > 1 as is_apart
        from entities.int_order_lines_validated
        where row_status = 'accepted'
        window one_order as (partition by _batch, order_id order by _line)
    ),
    numbered as (
        select *,
            sum(is_apart::int) over (partition by _batch, order_id order by _line) as telling
        from stepped
    ),
    tellings as (
        select _batch, order_id, telling,
            min(_line) as first_line, max(_line) as last_line,
            list_sort(list(concat_ws(' ', product_id, quantity, gross_amount))) as content
        from numbered
        group by all
    ),
    compared as (
        select *,
            count(*) over (partition by _batch, order_id) > 1 as is_several,
            lag(last_line) over same as told_before
        from tellings
        window same as (partition by _batch, order_id, content order by first_line)
    )
    select any_value(deliveries.file),
        count(distinct order_id) filter (told_before is not null) as orders,
        min(first_line) filter (told_before is not null),
        max(last_line - first_line),
        min(first_line - told_before)
    from compared
    left join entities.int_current_deliveries as deliveries on compared._batch = deliveries.batch
    group by compared._batch
    having orders > 2
        and orders > 0.5 * count(distinct order_id) filter (is_several)
    order by 1
"""
RECORDS = {"accounts", "products", "stores", "campaigns", "coupons"}
# Whose keys stand in which entity: of the entity, the key, the entity in which it should be known.
REFERENCES = (
    ("orders", "account_id", "accounts"),
    ("order_lines", "order_id", "orders"),
    ("refunds", "order_id", "orders"),
)
HARDLY_ANY = 0.05  # share of keys below which their spelling is doubtful
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
    names = {entity.name for entity in found.entities}
    if "order_lines" in names:
        yield from told_again(connection, found.source)
    if names >= {"orders", "refunds"}:
        yield from of_no_order(connection)
    yield from _nobody(found, scratch)
    yield from _unmet(connection, found, scratch)


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


def told_again(connection: duckdb.DuckDBPyConnection, source: str) -> Iterator[str]:
    """Files that tell orders twice, with the same lines, as overlapping exports in one file do.

    Where rows are sorted by something else, the rows of an order lie apart too, but not the same
    ones twice.
    """
    for file, orders, line, longest, nearest in connection.execute(TOLD_AGAIN).fetchall():
        what = (
            f"{counted(orders, 'order')} of {file} stand in it twice with the same lines, again"
            f" from line {line} on, and their money counts twice"
        )
        if longest < nearest - 1:
            yield (
                f"{what}. If exports that overlap were put together in it, add"
                f" `restarts_after={nearest - 1}` to each `place_within(…)` in the models of"
                f" models/staging/{source}/: the second telling then replaces the first."
            )
        else:
            yield f"{what}: take those lines out of the file, if they are no other orders."


def of_no_order(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Refunds that lower nobody's spend, since their order is unknown, and so is their customer."""
    [(number, amount)] = connection.execute(
        "select count(*), sum(refund_amount) from entities.int_refunds_validated as refunds"
        " where row_status = 'accepted' and account_id is null and not exists (select * from"
        " entities.int_orders_validated as orders where orders.row_status = 'accepted'"
        " and orders.order_id = refunds.order_id)"
    ).fetchall()
    if number:
        yield (
            f"{counted(number, 'refund')} worth {amount:,.2f} name no order that is here, such as"
            " cancellations under a number of their own, and no customer: they stand in the mart"
            " refunds, and are not taken off the spend of anybody. Where a column names the order"
            " that was cancelled, select it as order_id; where one names the customer, select it as"
            " account_id."
        )


def _nobody(found: Findings, scratch: Project) -> Iterator[str]:
    if found.guest_share == 1:
        yield (
            "No order names a customer: if a column does, select it as account_id in "
            f"{model_of(scratch, found.source, 'orders')}."
        )


def _unmet(
    connection: duckdb.DuckDBPyConnection, found: Findings, scratch: Project
) -> Iterator[str]:
    """Keys of which hardly any is known where it should be: files may spell them differently."""
    columns = {entity.name: entity.null_shares for entity in found.entities}
    for entity, key, other in REFERENCES:
        if key not in columns.get(entity, {}) or key not in columns.get(other, {}):
            continue
        keys, known, unmet, example = connection.execute(f"""
            with known as (select distinct {key}, true as is_known from {_accepted(other)})
            select
                count(distinct {key}),
                count(distinct {key}) filter (is_known),
                min({key}) filter (is_known is null),
                (select min({key}) from known)
            from {_accepted(entity)}
            left join known using ({key})
        """).fetchone()
        if known < HARDLY_ANY * keys:
            yield (
                f"Of {keys:,} {key} of {entity}, {known:,} are known among {other}: here is"
                f" '{unmet}', there '{example}'. See {model_of(scratch, found.source, entity)} and"
                f" {model_of(scratch, found.source, other)}; where only zeros in front differ, name"
                " the issuer in keys_without_leading_zeros of dbt_project.yml."
            )


def _accepted(entity: str) -> str:
    model = f"int_{entity}_validated"
    return f"(from entities.{model} where row_status = 'accepted')"
