"""`make dev`: Dagster's page and the report beside it, on this machine alone.

The project is parsed before the code server starts: that takes a while after a change, and nobody
knows how long on another machine, while Dagster gives a server so many seconds to answer.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import click

from orchestration.progress import say
from orchestration.project import ROOT, Project
from orchestration.serving import VARIABLE, serve

# Dagster would rather be started by `dg`, which is of the group dev alone.
SUPERSEDED = "ignore:Function `dev_command` is superseded"


@click.command()
@click.option("--port", type=int, default=3000, show_default=True, help="Of Dagster's page.")
@click.option(
    "--report-port", type=int, help="Of the report; the next one after PORT unless it is said."
)
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    default=ROOT / ".dagster",
    show_default=True,
    help="DAGSTER_HOME: what Dagster knows of its runs.",
)
def main(port: int, report_port: int | None, home: Path) -> None:
    """Start Dagster's page, with a manifest that is as new as the project."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copy(ROOT / "dagster.yaml", home)
    project = Project.from_environment(os.environ.get("REGULARS_TARGET") or "duckdb")
    project.report.parent.mkdir(parents=True, exist_ok=True)
    beside = report_port or port + 1
    try:
        server = serve(project.report.parent, beside)
    except OSError as error:
        raise click.ClickException(
            f"The report can't be served at {beside} ({error.strerror}): `make dev PORT=3010` "
            "takes other ports."
        ) from None
    os.environ |= {
        "DAGSTER_HOME": str(home.resolve()),
        "DO_NOT_TRACK": "1",
        VARIABLE: os.environ.get(VARIABLE)
        or f"http://127.0.0.1:{server.server_address[1]}/{project.report.name}",
    }
    parse_first()
    end_runs_of_before()
    say(f"Report: {os.environ[VARIABLE]}", err=True)
    dagster = subprocess.Popen(
        [
            *(sys.executable, "-W", SUPERSEDED, "-m", "dagster", "dev"),
            *("-m", "orchestration.definitions", "-d", str(ROOT)),
            *("--host", "127.0.0.1", "--port", str(port)),
        ],
        cwd=home,  # where its dagster.yaml is: Dagster warns of another in the folder it starts in
    )
    signal.signal(signal.SIGTERM, lambda *_: dagster.terminate())
    signal.signal(signal.SIGINT, lambda *_: None)  # the terminal has told Dagster too
    sys.exit(dagster.wait())


def parse_first() -> None:
    """Makes the manifest that the code server reads, unless there is one as new as the project."""
    from orchestration.defs.context import SESSION, is_parsed

    if not is_parsed():
        say("Parsing the project, which takes a while after a change", err=True)
        SESSION.parse()


def end_runs_of_before() -> None:
    """Ends what a machine that went down has left as running, which no run could get past."""
    from dagster import DagsterInstance

    from orchestration.orphans import end_orphans

    with DagsterInstance.get() as instance:
        for run in end_orphans(instance):
            say(f"The run {run} had not ended when its machine or its server did.", err=True)


if __name__ == "__main__":
    main()
