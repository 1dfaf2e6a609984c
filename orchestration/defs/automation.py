"""When the refresh runs, every morning and when files have arrived; and when models are fitted."""

import time

import dagster as dg

from orchestration.defs.context import REFRESH
from orchestration.defs.fitting import TABLES
from orchestration.landing import state_of

# A file that changed more recently than this may still be on its way.
SETTLED_SECONDS = 60

PARAMETERS = dg.AssetSelection.assets(*TABLES)

refresh = dg.define_asset_job(
    "refresh",
    selection=dg.AssetSelection.all() - PARAMETERS,
    executor_def=dg.in_process_executor,
    description="Land, build, check, publish and report: the same steps as `regulars run`.",
)

retrain = dg.define_asset_job(
    "retrain",
    selection=PARAMETERS,
    executor_def=dg.in_process_executor,
    description="Fit the models on what the last refresh built: the same as `regulars fit`.",
)

daily_refresh = dg.ScheduleDefinition(
    name="daily_refresh",
    job=refresh,
    cron_schedule="30 5 * * *",
    execution_timezone="Asia/Shanghai",
    description="Before the shops open, when the night's deliveries are there.",
)

weekly_retrain = dg.ScheduleDefinition(
    name="weekly_retrain",
    job=retrain,
    cron_schedule="0 4 * * 1",
    execution_timezone="Asia/Shanghai",
    description="Before Monday's refresh, which scores with what is promoted.",
)


@dg.sensor(job=refresh, minimum_interval_seconds=60)
def landing_folder(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Asks for a refresh when files in the landing folder have changed and none still arrives."""
    content, changed_at = state_of(REFRESH.project.landing)
    if content == context.cursor:
        return dg.SkipReason("Nothing new in the landing folder.")
    if time.time() - changed_at < SETTLED_SECONDS:
        return dg.SkipReason("Files are still arriving.")
    context.update_cursor(content)
    return dg.RunRequest(run_key=content)
