"""Every command of the README, in its order, in a fresh clone with an empty environment."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import duckdb
import pytest
from conftest import Shop, lack

ROOT = Path(__file__).resolve().parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
    if line.strip()
]
ASSETS = "{ assetNodes { id } }"
# By a part of the command: the data folder, and how many customers it publishes. The demo world has
# 2,500 people, of whom linking makes a few too many.
PUBLISHED = {
    "complete_journey": ("data", 2_469, 2_469),
    "tiny": ("data-tiny", 11, 11),  # one of them a guest, known by a mailbox
    "": ("data", 2_500, 2_700),
}


@pytest.fixture(scope="module")
def clone(tmp_path_factory) -> Path:
    """What a newcomer gets: the last commit, and nothing of this checkout's environment or data."""
    folder = tmp_path_factory.mktemp("newcomer") / "regulars"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
    return folder


@pytest.fixture(scope="module")
def environment(tmp_path_factory) -> dict[str, str]:
    """Python, make and an empty home."""
    python = Path(sys.base_prefix) / "bin"
    return {
        "HOME": str(tmp_path_factory.mktemp("home")),
        "PATH": f"{python}:/usr/bin:/bin",
        "PORT": str(_free_port()),
    }


def test_the_readme_names_the_commands():
    assert {"make run", "make test", "make dev"} <= set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_command(
    clone: Path, environment: dict[str, str], command: str, request: pytest.FixtureRequest
) -> None:
    if command == "make test":
        # It is what runs this; that it sets itself up is seen by the others.
        assert shutil.which("make")
        return
    if command == "make dev":
        _serves_the_asset_graph(clone, environment)
        return
    if "spark" in command and not shutil.which("java"):
        lack("Spark needs Java 17 or later: install one.")
    done = subprocess.run(
        ["bash", "-c", command], cwd=clone, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    if command.endswith("dbt build"):
        # The hand-computed rows beside every rule, which nothing else tries on DuckDB.
        results = json.loads((clone / "target" / "run_results.json").read_text())["results"]
        units = [each for each in results if each["unique_id"].startswith("unit_test.")]
        assert {each["status"] for each in units} == {"pass"}
        assert len(units) > 300
    if "make run" in command:
        data, low, high = next(told for part, told in PUBLISHED.items() if part in command)
        assert done.stdout.strip().endswith(f"{data}/report/index.html")
        with duckdb.connect(clone / data / "published/current.duckdb", read_only=True) as marts:
            [(count,)] = marts.execute("select count(*) from marts.customers").fetchall()
        assert low <= count <= high
        if "tiny" in command:  # which another engine refreshes elsewhere
            tiny = request.getfixturevalue("tiny")
            assert Shop(clone / data).digest() == tiny.digest()


def _serves_the_asset_graph(clone: Path, environment: dict[str, str]) -> None:
    """Starts the command, asks Dagster for its assets, and stops all that was started."""
    with (clone / "dev.log").open("w") as log:
        process = subprocess.Popen(
            ["make", "dev"],
            cwd=clone,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        answer = _ask(f"http://127.0.0.1:{environment['PORT']}/graphql", process)
        assert len(answer["data"]["assetNodes"]) > 50
    finally:
        os.killpg(process.pid, signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def _ask(url: str, process: subprocess.Popen) -> dict:
    body = json.dumps({"query": ASSETS}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                answer = json.load(response)
            if answer.get("data", {}).get("assetNodes"):
                return answer
        except OSError:
            pass
        time.sleep(1)
    raise AssertionError("make dev serves no asset graph")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
