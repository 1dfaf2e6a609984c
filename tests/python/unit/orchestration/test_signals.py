"""SIGINT and SIGTERM end a command at once, whatever it is doing, and free the lock."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.publish.lock import refresh_lock

# Each says that it is at work, and would go on for ever.
WORKS = {
    "Python": "while True: pass",
    "a query": "import duckdb; duckdb.sql('select count(*) from range(10000000000000)').fetchall()",
    "a thread": "from queue import SimpleQueue; SimpleQueue().get()",
    "what hears nothing": "import numpy; a = numpy.ones((3000, 3000))\nwhile True: a @ a",
}
PROGRAM = """
import sys
from pathlib import Path
from orchestration.exits import alone
from orchestration.project import Project
with alone(Project(Path("."), Path(sys.argv[1])), "regulars run"):
    print("at work", flush=True)
    exec(sys.argv[2])
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("work", WORKS)
def test_a_signal_ends_the_command_and_frees_the_lock(tmp_path: Path, work, number):
    command = [sys.executable, "-c", PROGRAM, str(tmp_path), WORKS[work]]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as process:
        assert process.stdout.readline() == "at work\n"
        process.send_signal(number)
        _, said = process.communicate(timeout=5)
    assert process.returncode == 128 + number
    assert said == (
        f"Stopped by {number.name}. What was published stands; `regulars run` begins anew.\n"
    )
    with refresh_lock(tmp_path, "the next"):
        pass


def test_handlers_are_what_they_were_when_the_command_has_ended(tmp_path):
    from orchestration.signals import ended_by_signals

    before = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]
    with ended_by_signals("regulars run"):
        assert signal.getsignal(signal.SIGTERM) not in before
    assert [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)] == before


def test_who_holds_the_lock_may_keep_it_till_the_process_ends(tmp_path):
    with refresh_lock(tmp_path, "first") as lock:
        lock.keep()
    from orchestration.publish.lock import RefreshRunning

    with pytest.raises(RefreshRunning), refresh_lock(tmp_path, "second"):
        pass
