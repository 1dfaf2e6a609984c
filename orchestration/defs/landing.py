"""Landing as assets, one a feed, under the keys of the dbt sources."""

from collections.abc import Iterator

import dagster as dg

from orchestration.defs.context import REFRESH, WRITER, alone
from orchestration.landing import read_feeds

FEEDS = read_feeds(REFRESH.project.staging_models, REFRESH.sources)
LEDGER = [dg.AssetKey(["landing", name]) for name in ("deliveries", "rejected_lines")]


@dg.multi_asset(
    name="land",
    specs=[
        *(dg.AssetSpec([feed.source, feed.table], group_name=feed.source) for feed in FEEDS),
        *(dg.AssetSpec(key, group_name="landing") for key in LEDGER),
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
                "new files": numbers.landed,
                "new rows": numbers.rows,
                "unchanged files": numbers.unchanged,
                "held files": numbers.held,
                "quarantined lines": numbers.lines_quarantined,
            },
        )
    for key in LEDGER:
        yield dg.MaterializeResult(asset_key=key)
