"""The noes that have landed since the warehouse was built: an export obeys them without a build.

Whoever exports lands first, then asks `withdrawn_since_build`, and leaves out what it forbids. Only
noes are taken so early: a yes is given once the build has weighed it against all others.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from orchestration.artifacts import Artifacts
from orchestration.duck import connect, identifier, literal
from orchestration.landing.ledger import LANDED
from orchestration.project import Project
from orchestration.warehouse import attach

STAGING = "staging"
# What of an answer a staging model may lack, as in the contract of consents.
ANSWER = ("account_id", "purpose", "channel", "consent_status", "_batch")


class NotKnown(ValueError):
    """Consents have landed that nobody can read before a build: a sentence that says so."""


@dataclass(frozen=True)
class Withdrawal:
    """A no; a purpose or channel that it does not name is every one."""

    account_id: str
    purpose: str | None
    channel: str | None

    def is_about(self, purpose: str, channel: str) -> bool:
        return self.purpose in (None, purpose) and self.channel in (None, channel)


@dataclass(frozen=True)
class Withdrawn:
    """What was withdrawn since, by the customers of the build and by accounts that it may not know.

    The strictest of a customer's accounts counts here too.
    """

    by_customer: Mapping[str, Sequence[Withdrawal]]
    by_account: Mapping[str, Sequence[Withdrawal]]

    @classmethod
    def of(cls, rows: Iterable[tuple[str | None, str, str | None, str | None]]) -> Withdrawn:
        """From customer, account, purpose and channel of each no."""
        by_customer: dict[str, list[Withdrawal]] = {}
        by_account: dict[str, list[Withdrawal]] = {}
        for customer_id, account_id, purpose, channel in rows:
            withdrawal = Withdrawal(account_id, purpose, channel)
            by_account.setdefault(account_id, []).append(withdrawal)
            if customer_id:
                by_customer.setdefault(customer_id, []).append(withdrawal)
        return cls(by_customer, by_account)

    def forbids(self, customer_id: str, purpose: str, channel: str) -> bool:
        """Whether one of the customer's accounts has said no to it since the build."""
        return any(
            each.is_about(purpose, channel) for each in self.by_customer.get(customer_id, ())
        )

    def forbids_account(self, account_id: str, purpose: str, channel: str) -> bool:
        """Whether the account has said no to it since, whosever it is."""
        return any(each.is_about(purpose, channel) for each in self.by_account.get(account_id, ()))

    def __bool__(self) -> bool:
        return bool(self.by_account)


def withdrawn_since_build(project: Project) -> Withdrawn:
    """What was withdrawn since the last build, of all that has landed.

    Raises `NotKnown` where consents have landed that are there to be built and not yet to be read:
    on Spark, whose views DuckDB does not read, and the first file of a feed.
    """
    manifest = Artifacts.read(project.target).manifest
    with connect() as connection:
        attach(connection, project.warehouse)
        new = _new_batches(connection, project, feeds_of_consents(manifest))
        if not new:
            return Withdrawn.of(())
        models = sorted(_consent_models(manifest))
        readable = _columns(connection, models)
        if len(readable) < len(models) or not new <= _batches(connection, manifest):
            raise NotKnown(
                "Consents have landed that the warehouse does not know yet: `regulars run`, "
                "then export."
            )
        query = " union all ".join(_noes(model, columns) for model, columns in readable.items())
        return Withdrawn.of(connection.execute(query).fetchall())


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


def _new_batches(
    connection: duckdb.DuckDBPyConnection, project: Project, feeds: Collection[tuple[str, str]]
) -> set[str]:
    """The batches of these feeds that stand now, and that the build did not have."""
    known = connection.execute("select batch from warehouse.entities.int_current_deliveries")
    return _standing(project, feeds) - {batch for (batch,) in known.fetchall()}


def _standing(project: Project, feeds: Collection[tuple[str, str]]) -> set[str]:
    """The last batch of each file, by the ledger, which is read and not mended."""
    latest: dict[tuple[str, str, str], str] = {}
    for line in _lines(project):
        event = json.loads(line)
        if event["status"] == LANDED and (event["source"], event["feed"]) in feeds:
            latest[event["source"], event["feed"], event["file"]] = event["batch"]
    return set(latest.values())


def _lines(project: Project) -> Iterator[str]:
    """The events of the ledger, without one that a killed run left unfinished."""
    if project.ledger.exists():
        with project.ledger.open(encoding="utf-8") as stream:
            yield from (line for line in stream if line.endswith("\n"))


def _columns(
    connection: duckdb.DuckDBPyConnection, models: Collection[str]
) -> dict[str, frozenset[str]]:
    """The columns of those of the models that can be read, by model."""
    found: dict[str, set[str]] = {}
    for model, column in connection.execute(
        "select table_name, column_name from duckdb_columns()"
        f" where database_name = 'warehouse' and schema_name = {literal(STAGING)}"
    ).fetchall():
        if model in models:
            found.setdefault(model, set()).add(column)
    return {model: frozenset(found[model]) for model in sorted(found)}


def _batches(connection: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any]) -> set[str]:
    """The batches that the views of the feeds show."""
    views = (f"warehouse.raw.{identifier('__'.join(feed))}" for feed in feeds_of_consents(manifest))
    query = " union ".join(f"select _batch from {view}" for view in views)
    return {batch for (batch,) in connection.execute(query).fetchall()}


def _noes(model: str, columns: Collection[str]) -> str:
    """The SQL of the noes of a staging model that the build has not seen."""
    answer = ", ".join(
        name if name in columns else f"cast(null as varchar) as {name}" for name in ANSWER
    )
    return f"""
        select customers.customer_id, answers.account_id, answers.purpose, answers.channel
        from (select {answer} from warehouse.{STAGING}.{identifier(model)}) as answers
        left join warehouse.intermediate.int_account_customers as customers using (account_id)
        where answers.consent_status = 'withdrawn'
            and answers.account_id is not null
            and answers._batch not in (
                select _batch from warehouse.entities.int_consents_validated
            )
    """
