"""The publication, behind every mart and its blocking checks, and the report behind it."""

import dagster as dg

from orchestration.defs.context import REFRESH, WRITER, alone
from orchestration.defs.transform import build

PUBLICATION = dg.AssetKey(["marts", "publication"])
MARTS = [key for key in build.keys if key.path[0] == "marts"]
# What the publication before says; no step of this graph makes it, else the graph would be a ring.
FORMER = [
    dg.AssetSpec(key, group_name="publication")
    for key in sorted({dep.asset_key for spec in build.specs for dep in spec.deps})
    if key.path[0] == "publication"
]


@dg.asset(key=PUBLICATION, deps=MARTS, group_name="publication", pool=WRITER, kinds={"duckdb"})
def publish(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    """All marts, switched for readers at one instant after every check has passed."""
    with alone("publish"):
        generation = REFRESH.publish(context.log.info)
    return dg.MaterializeResult(
        metadata={
            "generation": generation.id,
            "as of": str(generation.as_of_date),
            "database": dg.MetadataValue.path(REFRESH.project.published / "current.duckdb"),
        }
    )


@dg.asset(deps=[PUBLICATION], group_name="publication", kinds={"html"})
def report(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    """One page on what is published, in English and Chinese."""
    page = REFRESH.report(context.log.info)
    return dg.MaterializeResult(metadata={"page": dg.MetadataValue.path(page)})
