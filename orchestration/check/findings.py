"""What a check finds in its warehouse: figures, and nothing of how they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from orchestration.duck import connect, identifier, literal, rows
from orchestration.landing import LandingReport
from orchestration.project import Project

SAMPLES = 3
# The sums of money that are told of an entity.
AMOUNTS = {
    "order_lines": ("gross_amount", "discount_amount"),
    "refunds": ("refund_amount",),
    "order_adjustments": ("adjustment_amount",),
    "payments": ("payment_amount",),
}
DAYS = ("ordered_on", "refunded_on", "registered_on")  # the business day of an entity
LINEAGE = {"_line", "_batch", "_landed_at", "_row_kind"}


@dataclass(frozen=True)
class Outcome:
    """How many rows of an entity came to this end, with one of them: its file and its line."""

    entity: str
    status: str
    reason: str | None
    rows: int
    file: str | None
    line: int | None


@dataclass(frozen=True)
class Entity:
    """One entity of the source: its accepted rows in figures.

    `null_shares` are by column; `replaced_within_file` are valid rows that another of their own
    file replaced; days are business days, and `sums` of money in the currency of the orders.
    """

    name: str
    null_shares: dict[str, float]
    replaced_within_file: int
    first_day: str | None
    last_day: str | None
    sums: dict[str, str]
    samples: list[dict[str, Any]]


@dataclass(frozen=True)
class Findings:
    """All that a check tells; `guest_share` is that of orders without an account.

    Nothing should be built on an entity of which more than `refused_max_share` was refused, and all
    of it or at least `refused_min_rows`.
    """

    source: str
    files: list[dict[str, Any]]
    outcomes: list[Outcome]
    entities: list[Entity]
    guest_share: float | None
    refused_max_share: float
    refused_min_rows: int
    problems: list[str]

    @property
    def mostly_refused(self) -> list[str]:
        """The entities of which so much was refused, and files that are held."""
        held = [each["file"] for each in self.files if each["status"] == "held"]
        return held + list(filter(self._is_mostly_refused, self._names))

    @property
    def _names(self) -> list[str]:
        return list(dict.fromkeys(outcome.entity for outcome in self.outcomes))

    def _is_mostly_refused(self, entity: str) -> bool:
        of_it = [o for o in self.outcomes if o.entity == entity and o.status != "ignored"]
        refused = sum(o.rows for o in of_it if o.status == "quarantined")
        meant = sum(o.rows for o in of_it)
        is_enough = refused >= min(self.refused_min_rows, meant)
        return is_enough and refused > self.refused_max_share * meant


def find(scratch: Project, source: str, landed: LandingReport) -> Findings:
    """Reads what a check has built."""
    from orchestration.check.cures import problems

    files = [
        {
            "file": each.file,
            "status": each.status,
            "rows": each.rows,
            "lines_quarantined": each.lines_quarantined,
            "message": each.message,
        }
        for each in landed.outcomes
    ]
    with connect(scratch.warehouse, access_mode="read_only") as connection:
        names = scratch.configuration["vars"]["entities"]
        outcomes = [outcome for name in names for outcome in _outcomes(connection, name)]
        entities = [
            _entity(connection, name, _columns(connection, scratch, source, name)) for name in names
        ]
        guests = _guest_share(connection) if "orders" in names else None
        variables = scratch.configuration["vars"]
        limits = (variables["refused_max_share"], variables["refused_min_rows"])
        found = Findings(source, files, outcomes, entities, guests, *limits, [])
        return replace(found, problems=list(problems(connection, scratch, landed, found)))


def _relation(entity: str, step: str = "validated") -> str:
    """The relation of all rows of an entity: with what became of each, or as delivered."""
    model = f"int_{entity}_{step}"
    return f"entities.{model}"


def _outcomes(connection: duckdb.DuckDBPyConnection, entity: str) -> Iterator[Outcome]:
    query = f"""
        select row_status,
            if(row_status = 'quarantined', reason_code, null) as reason_code,
            count(*) as number,
            min_by(deliveries.file, (deliveries.delivery_number, _line)) as file,
            min_by(_line, (deliveries.delivery_number, _line)) as line
        from {_relation(entity)} as validated
        left join entities.int_current_deliveries as deliveries
            on validated._batch = deliveries.batch
        group by all
        order by row_status, number desc, reason_code
    """
    for row in connection.execute(query).fetchall():
        yield Outcome(entity, *row)


def _columns(
    connection: duckdb.DuckDBPyConnection, scratch: Project, source: str, entity: str
) -> list[str]:
    """The columns that a staging model of the source delivers, in the order of the contract."""
    delivered = scratch.configuration["vars"]["sources"][source]
    models = [f"stg_{source}__{each}" for each in delivered if each.split("__")[0] == entity]
    query = "select column_name from duckdb_columns() where table_name in ({})".format(
        ", ".join(map(literal, models))
    )
    known = {name for (name,) in connection.execute(query).fetchall()} - LINEAGE
    contract = connection.execute(f"describe {_relation(entity, 'delivered')}").fetchall()
    return [name for name, *_ in contract if name in known]


def _entity(connection: duckdb.DuckDBPyConnection, entity: str, columns: list[str]) -> Entity:
    accepted = f"(from {_relation(entity)} where row_status = 'accepted')"

    def ask(*figures: str) -> tuple:
        return connection.execute(f"select {', '.join(figures)} from {accepted}").fetchone()

    known = {name for name, *_ in connection.execute(f"describe {accepted}").fetchall()}
    day = next((day for day in DAYS if day in known), None)
    first, last = ask(f"min({day})::varchar", f"max({day})::varchar") if day else (None, None)
    amounts = AMOUNTS.get(entity, ())
    sums = ask(*(f"coalesce(sum({each}), 0)::varchar" for each in amounts)) if amounts else ()
    [replaced] = connection.execute(
        f"select count(*) from {_relation(entity)} where is_replaced_within_file"
    ).fetchone()
    shown = ", ".join(f"{identifier(each)}::varchar as {identifier(each)}" for each in columns)
    return Entity(
        name=entity,
        null_shares=dict(
            zip(
                columns,
                ask(*(f"avg(({identifier(c)} is null)::int)" for c in columns)),
                strict=True,
            )
        ),
        replaced_within_file=replaced,
        first_day=first,
        last_day=last,
        sums=dict(zip(amounts, sums, strict=True)),
        samples=rows(
            connection,
            f"select {shown} from {accepted} order by delivery_number, _line limit {SAMPLES}",
        ),
    )


def _guest_share(connection: duckdb.DuckDBPyConnection) -> float | None:
    query = (
        "select avg((account_id is null)::int) from entities.int_orders_validated"
        " where row_status = 'accepted'"
    )
    return connection.execute(query).fetchone()[0]
