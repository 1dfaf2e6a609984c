"""Runs that Dagster takes for running, though nobody looks after them any more.

Dagster looks after a run for as long as the code server lives that has launched it. A machine that
goes down takes both, and leaves the run as one that has started: the pool `warehouse` would then
let no other in, for ever, and nobody would be told of a failure.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from typing import Any

import dagster as dg

# Where Dagster writes of a run which code server has launched it.
SERVER = ".dagster/grpc_info"
CANCELING = dg.DagsterRunStatus.CANCELING
RUNNING = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, CANCELING]
TOLD = (
    "This run had not ended when its machine or its code server did: found when Dagster began "
    "again. What was published stands; the next refresh begins anew."
)


def end_orphans(instance: dg.DagsterInstance) -> list[str]:
    """Ends every run of which no server answers any more, and says which; other runs stay."""
    ended = []
    for run in instance.get_runs(dg.RunsFilter(statuses=RUNNING)):
        server = run.tags.get(SERVER)
        if server and not _answers(json.loads(server)):
            if run.status == CANCELING:
                instance.report_run_canceled(run, TOLD)
            else:
                instance.report_run_failed(run, TOLD)
            ended.append(run.run_id)
    return ended


def _answers(server: Mapping[str, Any]) -> bool:
    """Whether somebody may listen where the server was: one that is only slow is there."""
    if path := server.get("socket"):
        kind, address = socket.AF_UNIX, path
    else:
        kind, address = socket.AF_INET, (server["host"], server["port"])
    with socket.socket(kind) as asking:
        asking.settimeout(1)
        try:
            asking.connect(address)
        except (ConnectionRefusedError, FileNotFoundError):
            return False
        except OSError:
            pass
    return True
