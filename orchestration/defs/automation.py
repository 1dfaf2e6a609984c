"""When the refresh runs, every morning and when files have arrived; when models are fitted; and who
is told when either has failed."""

import os
import time

import dagster as dg

from orchestration.alerts import Alert, tell, ways
from orchestration.defs.context import REFRESH
from orchestration.defs.fitting import TABLES
from orchestration.landing import state_of

# A file that changed more recently than this may still be on its way.
SETTLED_SECONDS = 60

# Where Dagster's page is to be seen, for links in alerts.
PAGE = "REGULARS_DAGSTER_URL"

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
    """Asks for a refresh when files in the landing folder have changed and none still arrives.

    No request has a key: Dagster would never run one again that it has run, and so miss that a file
    which was taken away, or replaced, has been put back as it was.
    """
    content, changed_at = state_of(REFRESH.project.landing)
    if content == context.cursor:
        return dg.SkipReason("Nothing new in the landing folder.")
    if time.time() - changed_at < SETTLED_SECONDS:
        return dg.SkipReason("Files are still arriving.")
    context.update_cursor(content)
    return dg.RunRequest()


@dg.run_failure_sensor(
    name="alerts",
    minimum_interval_seconds=30,
    default_status=(dg.DefaultSensorStatus.RUNNING if ways() else dg.DefaultSensorStatus.STOPPED),
    description="Tells a webhook or a mailbox of the environment of every run that has failed.",
)
def alerts(context: dg.RunFailureSensorContext) -> None:
    """What the command line would have said, with where to look."""
    run = context.dagster_run
    page = os.environ.get(PAGE)
    where = f"{page.rstrip('/')}/runs/{run.run_id}" if page else f"run {run.run_id}"
    said = [_said(event) for event in context.get_step_failure_events()]
    # Where to look comes first: what is long is cut at its end.
    text = "\n".join([f"See {where}.", *filter(None, said or [context.failure_event.message])])
    told = tell(Alert(f"Regulars: {run.job_name} has failed", text))
    context.log.info(f"Told by {', '.join(told) or 'nobody: nothing is set'}.")


def _said(event: dg.DagsterEvent) -> str | None:
    """The sentence of a step that has failed; of a defect, which may hold values, only its kind."""
    failure = event.step_failure_data
    if failure.user_failure_data:
        return failure.user_failure_data.description
    kind = failure.error.cls_name if failure.error else "unknown"
    return f"The step {event.step_key} broke off ({kind}): a defect, see the run."
