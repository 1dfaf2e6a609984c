"""MetricFlow in this process: its SQL for a question, asked of a warehouse that is only read.

`mf query` makes the same SQL; but it parses the project anew, asks the network whether there is a
newer release, and opens the warehouse to write.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import duckdb
from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow_semantics.model.dbt_manifest_parser import (
    parse_manifest_from_dbt_generated_manifest,
)
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup


class _Dialect:
    """What MetricFlow needs to know of the database, which it does not get to see."""

    sql_engine_type = SqlEngine.DUCKDB
    sql_plan_renderer = DuckDbSqlPlanRenderer()


class Metrics:
    """The metrics of a `semantic_manifest.json`, asked of a warehouse."""

    def __init__(self, manifest: Path, warehouse: Path):
        self._manifest = parse_manifest_from_dbt_generated_manifest(manifest.read_text())
        self._warehouse = warehouse

    @cached_property
    def _engine(self) -> MetricFlowEngine:
        return MetricFlowEngine(SemanticManifestLookup(self._manifest), _Dialect())

    def ask(self, metrics: Sequence[str], group_by: Sequence[str]) -> list[dict]:
        """A row for each group, with the columns of `group_by` and of `metrics`."""
        request = MetricFlowQueryRequest.create(metric_names=metrics, group_by_names=group_by)
        with duckdb.connect(self._warehouse, read_only=True) as database:
            answer = database.execute(self._engine.explain(request).sql_statement.sql)
            names = [column[0] for column in answer.description]
            return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
