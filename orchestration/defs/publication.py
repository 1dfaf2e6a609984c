"""The publication, behind every mart and its blocking checks, and the report behind it."""

from collections.abc import Iterator

import dagster as dg

from orchestration.defs.context import REFRESH, WRITER, alone
from orchestration.defs.tables import COLUMNS, ROWS, file_of, rows_of, schema_of, source_spec
from orchestration.defs.transform import build
from orchestration.publish.changes import Changes, changes
from orchestration.publish.generations import current_id
from orchestration.serving import report_url

PUBLICATION = dg.AssetKey(["marts", "publication"])
MARTS = [key for key in build.keys if key.path[0] == "marts"]
OWNERS = sorted({owner for spec in build.specs if spec.key in MARTS for owner in spec.owners})
# What the publication before says; no step of this graph makes it, else the graph would be a ring.
FORMER = [
    source_spec(*key.path, group_name="publication", kinds={"parquet"})
    for key in sorted({dep.asset_key for spec in build.specs for dep in spec.deps})
    if key.path[0] == "publication"
]
# How many marts a page of a run names.
MOST_NAMED = 50


@dg.asset(
    key=PUBLICATION,
    deps=MARTS,
    group_name="publication",
    pool=WRITER,
    kinds={"duckdb"},
    owners=OWNERS,
)
def publish(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
    """All marts, switched for readers at one instant after every check has passed.

    The table says which generation it is, of which day and code. One row.
    """
    published = REFRESH.project.published
    with alone("publish"):
        since = current_id(published)
        generation = REFRESH.publish(context.log.info)
    made = changes(published, generation.id, since)
    context.log.info(f"Changed for readers: {made}.")
    context.instance.add_run_tags(
        context.run_id, {"regulars/generation": generation.id, "regulars/changed": str(made)}
    )
    for former in FORMER:
        rows = rows_of(file_of(*former.key.path))
        context.log_event(dg.AssetMaterialization(former.key, metadata={ROWS: rows}))
    own = published / "current" / "publication.parquet"
    yield dg.MaterializeResult(
        metadata={
            ROWS: 1,
            COLUMNS: schema_of(own),
            "generation": generation.id,
            "as of": str(generation.as_of_date),
            "what changed": dg.MetadataValue.md(_listed(made)),
            "report": dg.MetadataValue.url(report_url(REFRESH.project)),
            "database": dg.MetadataValue.path(published / "current.duckdb"),
        }
    )


@dg.asset(
    deps=[PUBLICATION],
    group_name="publication",
    pool=WRITER,
    kinds={"html"},
    owners=OWNERS,
)
def report(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
    """One page on what is published, in English and Chinese."""
    with alone("report"):
        page = REFRESH.report(context.log.info)
    url = report_url(REFRESH.project)
    context.instance.add_run_tags(context.run_id, {"regulars/report": url})
    return dg.MaterializeResult(
        metadata={"report": dg.MetadataValue.url(url), "page": dg.MetadataValue.path(page)}
    )


def _listed(made: Changes) -> str:
    """What has changed for readers, as Markdown."""
    if not made.changed:
        return f"{made}."
    rows = [
        f"| {change.mart} | {_number(change.before)} | {_number(change.after)} | {change.when} |"
        for change in made.changed[:MOST_NAMED]
    ]
    more = len(made.changed) - MOST_NAMED
    rows += [f"| … and {more} more | | | |"] if more > 0 else []
    return "\n".join(
        [f"{made}.", "", "| mart | rows before | rows now | months |", "|---|--:|--:|---|", *rows]
    )


def _number(rows: int | None) -> str:
    return "–" if rows is None else f"{rows:,}"
