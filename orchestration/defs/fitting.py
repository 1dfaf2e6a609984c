"""The fits, as a job of their own: a refresh scores with their parameters, and does not fit.

No step of the refresh's graph makes the tables of parameters, else the graph would be a ring: the
fit reads what an earlier refresh has built.
"""

from collections.abc import Iterator
from datetime import timedelta

import dagster as dg

from orchestration.defs.context import REFRESH, WRITER, alone
from orchestration.defs.tables import ROWS, file_of, rows_of, source_spec
from orchestration.fit.names import RETRAINED
from orchestration.fitting import outcome_of
from orchestration.yaml_file import read_yaml

SOURCES = REFRESH.project.parameter_sources
TABLES = [
    dg.AssetKey(["parameters", table["name"]])
    for source in (read_yaml(SOURCES)["sources"] if SOURCES.exists() else [])
    for table in source["tables"]
]
# The week between two fits, and a day for one that comes late.
FRESHNESS = dg.FreshnessPolicy.time_window(
    warn_window=timedelta(days=8), fail_window=timedelta(days=29)
)


def tell_of_parameters(context: dg.AssetExecutionContext) -> None:
    """How many rows there are of what a refresh scores with, and of which no step of it is the
    maker: without a fit there is none but what ships with the project."""
    for table in TABLES:
        rows = rows_of(file_of(*table.path))
        context.log_event(dg.AssetObservation(table, metadata={ROWS: rows}))


@dg.multi_asset(
    specs=[
        source_spec(
            *table.path, group_name="parameters", kinds={"parquet"}, freshness_policy=FRESHNESS
        )
        for table in TABLES
    ],
    name="fit",
    pool=WRITER,
)
def fit(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
    """New parameters, in use from the next refresh on where they are better than the present ones.

    Fails where the warehouse holds too little to fit on.
    """
    with alone("fit"):
        versions = REFRESH.fit(RETRAINED, context.log.info)
    outcome = {version.model: outcome_of(version) for version in versions}
    for table in TABLES:
        metadata = {ROWS: rows_of(file_of(*table.path)), **outcome}
        yield dg.MaterializeResult(asset_key=table, metadata=metadata)
