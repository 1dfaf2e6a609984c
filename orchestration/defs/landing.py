"""Landing as assets, one a feed, under the keys of the dbt sources."""

from collections.abc import Iterator

import dagster as dg

from orchestration.defs.context import REFRESH, WRITER, alone
from orchestration.defs.tables import ROWS, rows_of, source_spec
from orchestration.landing import read_feeds

FEEDS = read_feeds(REFRESH.project.staging_models, REFRESH.sources)
LEDGER = [dg.AssetKey(["landing", name]) for name in ("deliveries", "rejected_lines")]


@dg.multi_asset(
    name="land",
    specs=[
        *(
            source_spec(feed.source, feed.table, group_name=feed.source, kinds=set(feed.formats))
            for feed in FEEDS
        ),
        *(source_spec(*key.path, group_name="landing", kinds={"parquet"}) for key in LEDGER),
    ],
    pool=WRITER,
)
def land(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
    """Lands the new files of every source in use."""
    with alone("land"):
        if REFRESH.example:
            REFRESH.make_example_files(context.log.info)
        report = REFRESH.land(context.log.info)
    for message in report.messages:
        context.log.warning(message)
    for feed in FEEDS:
        numbers = report.feeds[feed.relation]
        yield dg.MaterializeResult(
            asset_key=[feed.source, feed.table],
            metadata={
                ROWS: rows_of(REFRESH.project.raw / feed.relation),
                "new files": numbers.landed,
                "new rows": numbers.rows,
                "unchanged files": numbers.unchanged,
                "held files": numbers.held,
                "quarantined lines": numbers.lines_quarantined,
            },
        )
    with REFRESH.project.ledger.open("rb") as events:
        yield dg.MaterializeResult(asset_key=LEDGER[0], metadata={ROWS: sum(1 for _ in events)})
    rejected = rows_of(REFRESH.project.raw / LEDGER[1].path[-1])
    yield dg.MaterializeResult(asset_key=LEDGER[1], metadata={ROWS: rejected})
