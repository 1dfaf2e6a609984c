"""The tables of a build, on either engine, and the files that their rows came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

import duckdb

from orchestration.artifacts import Artifacts
from orchestration.duck import connect, rows
from orchestration.landing.ledger import Event, Ledger
from orchestration.request import Request
from orchestration.warehouse import attach

# How many reasons, currencies or files one sentence names.
MOST_NAMED = 5


@dataclass(frozen=True)
class Built:
    """What a build has made; what it did not come to is absent, whatever was there before."""

    request: Request
    artifacts: Artifacts
    connection: duckdb.DuckDBPyConnection

    @cached_property
    def variables(self) -> dict[str, Any]:
        """The dbt variables of the build."""
        return self.request.project.variables(self.request.overrides)

    @cached_property
    def tables(self) -> Mapping[str, str]:
        """The relation of each table that this build has made, by the name of its model."""
        return {
            node["name"]: f"warehouse.{node['schema']}.{node['alias']}"
            for node, result in self.artifacts.built
            if node["resource_type"] == "model"
            and node["config"]["materialized"] != "view"
            and result["status"] == "success"
        }

    @cached_property
    def validated(self) -> Mapping[str, str]:
        """The tables of validated rows, by their entity."""
        names = {entity: f"int_{entity}_validated" for entity in self.variables["entities"]}
        return {entity: self.tables[name] for entity, name in names.items() if name in self.tables}

    @cached_property
    def facts(self) -> set[str]:
        """The entities of which a row has a day or money, so that it is no record of something."""
        settings = {node["name"]: node["config"]["meta"] for node, _ in self.artifacts.built}
        return {
            entity
            for entity in self.validated
            if settings[f"int_{entity}_validated"].keys() & {"business_on", "amount"}
        }

    @cached_property
    def files(self) -> Mapping[str, str]:
        """The path of each file that counts, below the landing folder, by its batch."""
        deliveries = self.rows("int_current_deliveries", "select batch, file from {table}")
        return {each["batch"]: each["file"] for each in deliveries}

    def event(self, batch: str) -> Event:
        """What the ledger last said of a batch, among it its source and its feed."""
        return self._ledger.landed(batch)

    def described(self, source: str, feed: str) -> dict[str, Any]:
        """What the YAML declares of a feed: `meta` of the source, overlaid with the table's."""
        node = self._sources[source, feed]
        return {**(node.get("source_meta") or {}), **(node["config"].get("meta") or {})}

    def columns(self, source: str, feed: str) -> list[str]:
        """The declared columns of a feed."""
        return list(self._sources[source, feed]["columns"])

    def rows(self, model: str, query: str) -> list[dict[str, Any]]:
        """The answer to a query of `{table}`, the model's; none where it was not built."""
        table = self.tables.get(model)
        return self.ask(query.format(table=table)) if table else []

    def ask(self, query: str) -> list[dict[str, Any]]:
        """The answer to a query of any tables."""
        return rows(self.connection, query)

    @cached_property
    def _ledger(self) -> Ledger:
        return Ledger(self.request.project.ledger)

    @cached_property
    def _sources(self) -> Mapping[tuple[str, str], Mapping[str, Any]]:
        nodes = self.artifacts.manifest["sources"].values()
        return {(node["source_name"], node["name"]): node for node in nodes}


@contextmanager
def opened(request: Request, artifacts: Artifacts) -> Iterator[Built]:
    """The tables of the build of which these artifacts tell."""
    with connect() as connection:
        attach(connection, request.project.warehouse)
        connection.execute("use warehouse")
        yield Built(request, artifacts, connection)


def named(files: Iterable[str]) -> str:
    """The names of files without their folders, in their order."""
    return listed(PurePosixPath(file).name for file in sorted(files))


def listed(texts: Iterable[str]) -> str:
    """The first of some texts with commas between them, and how many more there are."""
    texts = list(texts)
    more = len(texts) - MOST_NAMED
    return ", ".join([*texts[:MOST_NAMED], *([f"{more:,} more"] if more > 0 else [])])
