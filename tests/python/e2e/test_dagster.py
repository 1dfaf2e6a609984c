"""Dagster runs the same steps: what its job publishes is what the command line publishes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import BIN, ROOT, Shop, lack
from loopback import webhook

from orchestration.fit.store import Store
from orchestration.project import Project
from orchestration.publish.lock import refresh_lock

# Prints what a person sees in the asset graph; runs in a process of its own, since the definitions
# read the environment when they are imported.
DESCRIBE = """
import json
from orchestration.definitions import defs
graph = defs.resolve_asset_graph()
keys = graph.get_all_asset_keys()
checks = [graph.get_check_spec(key) for key in graph.asset_check_keys]
print(json.dumps({
    "groups": {key.to_user_string(): graph.get(key).group_name for key in keys},
    "parents": {key.to_user_string(): sorted(parent.to_user_string()
                for parent in graph.get(key).parent_keys) for key in keys},
    "pools": sorted({str(graph.get(key).pools) for key in graph.executable_asset_keys}),
    "checks": len(checks),
    "not blocking": [spec.name for spec in checks if not spec.blocking],
    "schedules": {schedule.name: [schedule.cron_schedule, schedule.execution_timezone]
                  for schedule in defs.schedules},
    "sensors": sorted(sensor.name for sensor in defs.sensors),
    "undescribed": [key.to_user_string() for key in keys if not graph.get(key).description],
    "unowned": [key.to_user_string() for key in keys if not graph.get(key).owners],
    "of no kind": [key.to_user_string() for key in keys if not graph.get(key).kinds],
    "unexplained": [spec.name for spec in checks if not spec.description],
    "audit": [spec.description for spec in checks if spec.name == "audit_customer_rfm"],
    "fresh": [key.to_user_string() for key in keys if graph.get(key).freshness_policy],
    "refreshed": [key.to_user_string() for key in
                  defs.resolve_job_def("refresh").asset_layer.executable_asset_keys],
}))
"""

# What the sensor does when the last run of the instance has failed.
ALERT = """
import dagster as dg
from orchestration.defs.automation import alerts
instance = dg.DagsterInstance.get()
[run] = instance.get_runs()
failed = dg.DagsterEventType.RUN_FAILURE
[record] = instance.get_records_for_run(run.run_id, of_type=failed).records
event = record.event_log_entry.dagster_event
context = dg.build_run_status_sensor_context("alerts", event, instance, run)
alerts(context.for_run_failure())
"""

# What the sensor asks for when a file arrives, is taken away, and is put back as it was.
ASK_AGAIN = """
import json
import os
import dagster as dg
from orchestration.defs.automation import landing_folder
from orchestration.defs.context import REFRESH
file = REFRESH.project.landing / "late.csv"
requests, cursor = [], None
for text in ("a", None, "a", "a"):
    file.unlink(missing_ok=True)
    if text:
        file.write_text(text)
        os.utime(file, (1_000_000, 1_000_000))
    for path in REFRESH.project.landing.rglob("*"):
        os.utime(path, (1_000_000, 1_000_000))
    context = dg.build_sensor_context(cursor=cursor)
    asked = landing_folder(context)
    cursor = context.cursor
    requests.append(asked.run_key if isinstance(asked, dg.RunRequest) else "nothing")
file.unlink()
print(json.dumps(requests))
"""


@pytest.fixture(scope="module")
def graph(tiny, tmp_path_factory) -> dict:
    environment = {**os.environ, "REGULARS_DATA": str(tmp_path_factory.mktemp("graph"))}
    done = subprocess.run(
        [sys.executable, "-c", DESCRIBE], env=environment, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "Warning" not in done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_every_asset_says_what_it_is_of_which_kind_and_who_answers_for_it(graph):
    assert graph["undescribed"] == graph["unowned"] == graph["of no kind"] == []


def test_every_check_says_what_it_means(graph):
    assert graph["unexplained"] == []
    [audit] = graph["audit"]
    assert "- One row per customer_id, as_of_date." in audit
    assert "- facts lie before the day: `recency_days > 0" in audit


def test_landing_assets_have_the_keys_of_the_dbt_sources(graph):
    assert graph["parents"]["staging/stg_pos__orders"] == ["pos/receipts"]
    assert graph["groups"]["pos/receipts"] == graph["groups"]["staging/stg_pos__orders"] == "pos"


def test_groups_are_the_folders(graph):
    """Of the folders of sources, those of sources in use."""
    paths = [path.relative_to(ROOT / "models") for path in (ROOT / "models").glob("**/*.sql")]
    folders = {path.parent.name for path in paths if path.parts[0] != "staging"}
    in_use = {*Project(ROOT, ROOT).variables({})["sources"], "landing"}
    assert set(graph["groups"].values()) == folders | in_use | {"seeds", "publication"}


def test_every_data_test_is_a_check(graph, tiny):
    results = json.loads((tiny.data / "target" / "run_results.json").read_text())["results"]
    assert graph["checks"] == sum(each["unique_id"].startswith("test.") for each in results)


def test_publication_stands_behind_every_mart_and_every_check_blocks(graph):
    marts = {name for name in graph["groups"] if name.startswith("marts/")} - {"marts/publication"}
    assert set(graph["parents"]["marts/publication"]) == marts
    assert graph["parents"]["report"] == ["marts/publication"]
    assert graph["checks"] > 100
    assert graph["not blocking"] == []


def test_everything_that_writes_shares_one_pool(graph):
    assert graph["pools"] == ["{'warehouse'}"]


def test_the_refresh_is_scheduled_in_a_time_zone(graph):
    assert graph["schedules"] == {
        "daily_refresh": ["30 5 * * *", "Asia/Shanghai"],
        "weekly_retrain": ["0 4 * * 1", "Asia/Shanghai"],
    }
    assert graph["sensors"] == ["alerts", "landing_folder"]


def test_the_sensor_asks_again_when_a_file_is_put_back_as_it_was(empty_pocket):
    """Dagster runs no key twice, so that such a request has none."""
    done = empty_pocket.command("python", "-c", ASK_AGAIN)
    assert done.returncode == 0, done.stderr[-3000:]
    asked = json.loads(done.stdout.splitlines()[-1])
    assert asked[3] == "nothing" and "nothing" not in asked[:3]
    keys = [key for key in asked[:3] if key]
    assert len(keys) == len(set(keys))


def execute(shop, home: Path, job: str, *options: str, **extra: str):
    """Runs a job to its end with an instance of Dagster of its own."""
    home.mkdir(exist_ok=True)
    (home / "dagster.yaml").write_text((ROOT / "dagster.yaml").read_text())
    command = ("dagster", "job", "execute", "-m", "orchestration.definitions", "-j", job, *options)
    return shop.command(*command, DAGSTER_HOME=str(home), **extra)


def test_the_job_publishes_what_the_command_line_publishes(
    empty_pocket, refreshed_pocket, tmp_path
):
    """And a second time, when nothing has changed, it publishes nothing."""
    _publishes_the_same(empty_pocket, refreshed_pocket, tmp_path / "home")


@pytest.mark.long
def test_the_job_publishes_of_the_whole_project_what_the_command_line_publishes(
    empty_shop, tiny, tmp_path
):
    told = _publishes_the_same(empty_shop, tiny, tmp_path / "home", REGULARS_EXAMPLE="tiny")
    assert "pos receipts: 3 rows refused: time_unreadable 2" in told
    # Of the parameters, which no step makes, and of which the pocket project has none.
    assert _metadata(tmp_path / "home", "ASSET_OBSERVATION")


def _publishes_the_same(shop: Shop, by_command: Shop, home: Path, **extra: str) -> str:
    """Runs the job twice; what the first has told."""
    done = execute(shop, home, "refresh", **extra)
    assert done.returncode == 0, done.stderr[-3000:]
    assert shop.digest() == by_command.digest()
    assert (shop.data / "report" / "index.html").exists()
    for known in ("row_count", "column_schema", "column_lineage"):
        assert _metadata(home, f"dagster/{known}")
    assert "what changed" in done.stderr or _metadata(home, "what changed")
    assert "Changed for readers: " in done.stderr
    again = execute(shop, home, "refresh", **extra)
    assert again.returncode == 0, again.stderr[-3000:]
    assert "Nothing has changed since generation 000001-" in again.stderr
    assert len(list((shop.data / "published" / "generations").glob("*/"))) == 1
    return done.stderr


def test_a_job_that_is_stopped_in_its_build_ends_and_frees_the_lock(empty_pocket, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    (home / "dagster.yaml").write_text((ROOT / "dagster.yaml").read_text())
    command = [str(BIN / "dagster"), "job", "execute", "-m", "orchestration.definitions"]
    environment = empty_pocket.environment | {"DAGSTER_HOME": str(home)}
    pipe = {"stderr": subprocess.PIPE, "stdout": subprocess.DEVNULL, "text": True}
    with subprocess.Popen([*command, "-j", "refresh"], cwd=ROOT, env=environment, **pipe) as job:
        assert any("ASSET_CHECK_EVALUATION - " in line for line in job.stderr)
        job.terminate()
        job.communicate(timeout=10)
    assert job.returncode != 0
    with refresh_lock(empty_pocket.data, "a test"):
        pass
    assert not (empty_pocket.data / "published").exists()


@pytest.mark.long
def test_to_fit_again_on_the_same_data_adds_no_version(world, empty_shop, tmp_path):
    """The job computes the same numbers from the same rows as the first refresh did."""
    empty_shop.data.mkdir()
    for name in ("warehouse.duckdb", "target", "parameters"):
        copy = shutil.copytree if (world.data / name).is_dir() else shutil.copy2
        copy(world.data / name, empty_shop.data / name)
    before = Store(world.data / "parameters").versions()
    fitted = {"identity", "bg_nbd", "gamma_gamma", "ltv_range", "churn", "markov"}
    fitted |= {"recommendations", "demand", "propensity", "prices", "clusters"}
    assert {version.model for version in before} == fitted
    done = execute(empty_shop, tmp_path / "home", "retrain")
    assert done.returncode == 0, done.stderr[-3000:]
    assert Store(empty_shop.data / "parameters").versions() == before


@pytest.mark.long
def test_too_few_customers_fail_the_job_and_change_nothing(own_tiny, tmp_path):
    """That a fit of too few raises, unit/orchestration/test_fitting.py shows each time."""
    done = execute(own_tiny, tmp_path / "home", "retrain")
    assert done.returncode != 0
    assert "keep the parameters that ship with the project" in done.stderr
    assert not (own_tiny.data / "parameters").exists()


def test_marts_and_parameters_grow_stale_and_only_marts_are_part_of_the_refresh(graph):
    tables = {name for name in graph["groups"] if name.startswith("parameters/")}
    assert {"parameters/model_versions", "parameters/churn_backtest"} < tables
    marts = {name for name in graph["groups"] if name.startswith("marts/")}
    assert set(graph["fresh"]) == tables | marts - {"marts/publication"}
    assert not tables & set(graph["refreshed"])


def test_a_failing_check_stops_the_job_before_publication(pocket, tmp_path):
    before = pocket.digest()
    config = tmp_path / "run.yaml"
    config.write_text("ops: {build: {config: {variables: {earliest_business_date: '2050-01-01'}}}}")
    done = execute(pocket, tmp_path / "home", "refresh", "-c", str(config))
    assert done.returncode != 0
    assert "Nothing was published; readers keep what they had:" in done.stderr
    assert "assert_there_are_sales found 1 failing row" in done.stderr
    assert pocket.digest() == before
    with webhook() as (url, heard):
        told = pocket.command(
            *("python", "-c", ALERT),
            **{"DAGSTER_HOME": str(tmp_path / "home"), "REGULARS_ALERT_WEBHOOK": url},
        )
    assert told.returncode == 0, told.stderr
    [message] = heard
    assert message["text"].startswith("Regulars: refresh has failed\nSee run ")
    assert "\nNothing was published; " in message["text"]
    assert "assert_there_are_sales found 1 failing row" in message["text"]


def test_the_definitions_validate_without_a_manifest(empty_pocket):
    """Those of the whole project are loaded without one above: `graph`."""
    done = empty_pocket.command("dagster", "definitions", "validate")
    assert done.returncode == 0, done.stderr[-3000:]


def test_dg_checks_the_definitions(pocket, tmp_path):
    if not (BIN / "dg").exists():
        lack("dg is not installed: it is of the group dev.")
    home = tmp_path / "home"
    home.mkdir()
    (home / "dagster.yaml").write_text((ROOT / "dagster.yaml").read_text())
    done = pocket.command("dg", "check", "defs", DAGSTER_HOME=str(home))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "All definitions loaded successfully" in done.stdout + done.stderr


def test_a_change_in_the_landing_folder_shows(tmp_path):
    from orchestration.landing import state_of

    nothing, changed_at = state_of(tmp_path)
    assert changed_at == 0.0
    (tmp_path / "pos").mkdir()
    file = tmp_path / "pos" / "a.csv"
    file.write_text("a\n1\n")
    os.utime(file, (1_000_000, 1_000_000))
    something, changed_at = state_of(tmp_path)
    assert something != nothing
    assert changed_at == 1_000_000
    file.write_text("a\n2\n")
    assert state_of(tmp_path)[0] != something
    os.utime(file, (9_999_999_999, 9_999_999_999))
    assert state_of(tmp_path)[1] == 0.0, "a till whose clock is ahead does not keep others waiting"
    before = state_of(tmp_path)
    (tmp_path / "pos" / "b.csv.part").write_text("a")
    assert state_of(tmp_path) == before
    link = tmp_path.with_name("landing")
    link.symlink_to(tmp_path)
    assert state_of(link) == before, "the folder may lie on another disk"


def _metadata(home: Path, key: str) -> bool:
    """Whether an event of the instance carries metadata of that name."""
    return any(key.encode() in path.read_bytes() for path in home.rglob("*.db"))
