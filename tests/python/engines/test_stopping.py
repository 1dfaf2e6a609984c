"""A refresh that is stopped takes Spark's process with it."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest
from conftest import BIN, ROOT

from orchestration.publish.lock import refresh_lock


def java_of(process: int) -> list[int]:
    """The processes of Java that a process has started, as Linux lists them by its threads."""
    lists = Path(f"/proc/{process}/task").glob("*/children")
    children = [int(child) for each in lists for child in each.read_text().split()]
    return [each for each in children if "java" in Path(f"/proc/{each}/comm").read_text()]


# A kill is one of those that `make faults` makes by the hundred.
@pytest.mark.parametrize(
    "number", [signal.SIGTERM, pytest.param(signal.SIGKILL, marks=pytest.mark.long)]
)
def test_spark_ends_with_the_refresh_that_is_stopped(spark, empty_pocket, number):
    command = [str(BIN / "regulars"), "run", "--target", spark]
    pipe = {"stderr": subprocess.PIPE, "text": True}
    environment = empty_pocket.environment
    with subprocess.Popen(command, cwd=ROOT, env=environment, **pipe) as refresh:
        assert any("3 of" in line for line in refresh.stderr)
        [java] = java_of(refresh.pid)
        refresh.send_signal(number)
        refresh.communicate(timeout=5)
    assert refresh.returncode == (143 if number is signal.SIGTERM else -number)
    with refresh_lock(empty_pocket.data, "a test"):
        pass
    with subprocess.Popen(["tail", f"--pid={java}", "-f", "/dev/null"]) as wait:
        wait.wait(timeout=20)
