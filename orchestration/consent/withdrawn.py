"""The noes that have landed since the warehouse was built: an export obeys them without a build.

Whoever exports lands first, then asks `withdrawn_since_build`, and leaves out what it forbids. Only
noes are taken so early, also those that validation will refuse: a yes is given once the build has
weighed it against all others.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from orchestration.artifacts import Artifacts
from orchestration.duck import connect, identifier, literal
from orchestration.landing.ledger import HELD, LANDED
from orchestration.project import Project
from orchestration.warehouse import attach

STAGING = "staging"
# What of an answer a staging model may lack, as in the contract of consents.
ANSWER = ("account_id", "purpose", "channel", "consent_status", "_row_kind", "_batch")


class NotKnown(ValueError):
    """Consents are there that nobody can read before a build: a sentence that says so."""


@dataclass(frozen=True)
class Withdrawal:
    """A no; a purpose or channel that it does not name, or that nobody knows, is every one."""

    purpose: str | None
    channel: str | None

    def is_about(self, purpose: str, channel: str) -> bool:
        return self.purpose in (None, purpose) and self.channel in (None, channel)


@dataclass(frozen=True)
class Withdrawn:
    """What was withdrawn since, by the customers of the build: the strictest of a customer's
    accounts counts here too. What the build has obeyed already is not here."""

    by_customer: Mapping[str, Sequence[Withdrawal]]

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str | None, str | None]]) -> Withdrawn:
        """From customer, purpose and channel of each no."""
        by_customer: dict[str, list[Withdrawal]] = {}
        for customer_id, purpose, channel in rows:
            by_customer.setdefault(customer_id, []).append(Withdrawal(purpose, channel))
        return cls(by_customer)

    def forbids(self, customer_id: str, purpose: str, channel: str) -> bool:
        """Whether one of the customer's accounts has said no to it since the build."""
        return any(
            each.is_about(purpose, channel) for each in self.by_customer.get(customer_id, ())
        )

    def __bool__(self) -> bool:
        return bool(self.by_customer)


def withdrawn_since_build(project: Project) -> Withdrawn:
    """What was withdrawn since the last build, of all that has landed.

    Raises `NotKnown` where consents are there to be built and not yet to be read: on Spark, whose
    views DuckDB does not read, the first file of a feed, and a file that is held.
    """
    artifacts = Artifacts.read(project.target)
    feeds = feeds_of_consents(artifacts.manifest)
    standing, held = _told(project, feeds)
    if held:
        raise NotKnown(
            f"{', '.join(sorted(held))} may say who has withdrawn, and can't be loaded: "
            "`regulars land` says why. Mend that, then export."
        )
    with connect() as connection:
        attach(connection, project.warehouse)
        new = _new_batches(connection, standing)
        if not new:
            return Withdrawn.of(())
        models = sorted(_consent_models(artifacts.manifest))
        readable = _columns(connection, models)
        if len(readable) < len(models) or not new <= _batches(connection, feeds):
            raise NotKnown(
                "Consents have landed that the warehouse does not know yet: `regulars run`, "
                "then export."
            )
        said = " union all ".join(_answers(model, columns) for model, columns in readable.items())
        purposes = _purposes(project, artifacts)
        return Withdrawn.of(connection.execute(_noes(said, new, purposes)).fetchall())


def feeds_of_consents(manifest: Mapping[str, Any]) -> set[tuple[str, str]]:
    """The feeds that deliver consents, as source and table."""
    sources = manifest["sources"]
    parents = (node["depends_on"]["nodes"] for node in _consent_models(manifest).values())
    feeds = (sources[parent] for listed in parents for parent in listed if parent in sources)
    return {(feed["source_name"], feed["name"]) for feed in feeds}


def _consent_models(manifest: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The staging models of consents, by name: those that the union of consents reads."""
    [union] = (
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["name"] == "int_consents_delivered"
    )
    parents = [manifest["nodes"].get(parent) for parent in union["depends_on"]["nodes"]]
    return {node["name"]: node for node in parents if node and node["schema"] == STAGING}


def _new_batches(connection: duckdb.DuckDBPyConnection, standing: Collection[str]) -> set[str]:
    """The batches that stand now, and that the build did not have."""
    known = connection.execute("select batch from warehouse.entities.int_current_deliveries")
    return set(standing) - {batch for (batch,) in known.fetchall()}


def _told(project: Project, feeds: Collection[tuple[str, str]]) -> tuple[set[str], set[str]]:
    """By the ledger, which is read and not mended: the last batch of each file, and the files that
    are held."""
    landed: dict[str, str] = {}
    held: set[str] = set()
    for event in map(json.loads, _lines(project)):
        if (event["source"], event["feed"]) in feeds and event["file"]:
            held.discard(event["file"])
            if event["status"] == LANDED:
                landed[event["file"]] = event["batch"]
            elif event["status"] == HELD:
                held.add(event["file"])
    return set(landed.values()), held


def _lines(project: Project) -> Iterator[str]:
    """The events of the ledger, without one that a killed run left unfinished."""
    if project.ledger.exists():
        with project.ledger.open(encoding="utf-8") as stream:
            yield from (line for line in stream if line.endswith("\n"))


def _columns(
    connection: duckdb.DuckDBPyConnection, models: Collection[str]
) -> dict[str, frozenset[str]]:
    """The columns of those of the models that can be read, by model: views, since what a table
    keeps of staging has no file that landed after it was made."""
    found: dict[str, set[str]] = {}
    for model, column in connection.execute(
        "select columns.table_name, columns.column_name from duckdb_columns() as columns"
        " semi join duckdb_views() as views on columns.table_oid = views.view_oid"
        " and columns.database_oid = views.database_oid"
        f" where database_name = 'warehouse' and schema_name = {literal(STAGING)}"
    ).fetchall():
        if model in models:
            found.setdefault(model, set()).add(column)
    return {model: frozenset(found[model]) for model in sorted(found)}


def _batches(connection: duckdb.DuckDBPyConnection, feeds: Collection[tuple[str, str]]) -> set[str]:
    """The batches that the views of the feeds show."""
    views = (f"warehouse.raw.{identifier('__'.join(feed))}" for feed in sorted(feeds))
    query = " union ".join(f"select _batch from {view}" for view in views)
    return {batch for (batch,) in connection.execute(query).fetchall()}


def _purposes(project: Project, artifacts: Artifacts) -> list[str]:
    """The purposes that were declared when the warehouse was built, as in int_consent_answers."""
    overrides = artifacts.run.get("args", {}).get("vars") or {}
    return [*project.variables(overrides)["consent_purposes"], "personalisation"]


def _answers(model: str, columns: Collection[str]) -> str:
    """The SQL of what a staging model tells of answers."""
    answer = ", ".join(
        name if name in columns else f"cast(null as varchar) as {name}" for name in ANSWER
    )
    return f"select {answer} from warehouse.{STAGING}.{identifier(model)}"


def _noes(said: str, new: Collection[str], purposes: Collection[str]) -> str:
    """The SQL of the noes of new batches that the build does not obey yet.

    A file with everything repeats each no of a shop: those that stand are left out.
    """
    return f"""
        select distinct customers.customer_id, noes.purpose, noes.channel
        from (
            select
                answers.account_id,
                case when answers.purpose in ({_listed(purposes)}) then answers.purpose end
                    as purpose,
                channels.channel
            from ({said}) as answers
            left join warehouse.reference.contact_channels as channels using (channel)
            where answers._batch in ({_listed(new)})
                and answers.consent_status is distinct from 'granted'
                and answers._row_kind is distinct from 'ignored'
        ) as noes
        inner join warehouse.intermediate.int_account_customers as customers using (account_id)
        anti join (
            from warehouse.intermediate.int_consent_answers where answer = 'withdrawn'
        ) as obeyed using (customer_id, purpose, channel)
    """


def _listed(values: Iterable[str]) -> str:
    return ", ".join(map(literal, sorted(values)))
