"""Every command of the README, in its order, in a fresh clone with an empty environment.

What they make of the demo world and of Complete Journey is what other tests look at.
"""

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
from collections import Counter
from pathlib import Path

import pytest
from conftest import POCKET, Shop, lack, once

ROOT = Path(__file__).resolve().parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    for line in block.splitlines()
    if line.strip()
]
ASSETS = "{ assetNodes { id } }"
# The examples that the README builds with DuckDB, and how many customers each publishes. The demo
# world has 2,500 people, of whom linking makes a few too many; of Complete Journey every tenth
# household is taken, and all of them in `make faults`: test_complete_journey.py.
PUBLISHED = {
    "make run": ("world", 2_500, 2_700),
    "make run EXAMPLE=complete_journey": ("complete_journey_10", 249, 249),
}


@pytest.fixture(scope="module")
def clone(tmp_path_factory) -> Path:
    """What a newcomer gets: the last commit, and nothing of this checkout's environment or data."""
    folder = tmp_path_factory.mktemp("newcomer") / "regulars"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(folder)], check=True)
    return folder


@pytest.fixture(scope="module")
def environment(tmp_path_factory) -> dict[str, str]:
    """Python, make, an empty home, and what keeps an example small.

    Packages that `make test` has fetched, and Spark's wheel that it has built, are not fetched and
    built again: pip checks them by the hashes of the lock all the same. Nor are they compiled
    before anything imports them.
    """
    python = Path(sys.base_prefix) / "bin"
    return {
        "HOME": str(tmp_path_factory.mktemp("home")),
        **_pip_cache(),
        "PIP_COMPILE": "0",
        "PATH": f"{python}:/usr/bin:/bin",
        "PORT": str(_free_port()),
        "JOURNEY_EVERY": "10",
    }


def test_the_readme_names_the_commands():
    assert {"make run", "make test", "make dev"} <= set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_command(
    clone: Path,
    environment: dict[str, str],
    command: str,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> None:
    if command == "make test":
        # It is what runs this; that it sets itself up is seen by the others.
        assert shutil.which("make")
        return
    if command == "make dev":
        _serves_the_asset_graph(clone, environment)
        return
    if "spark" in command:
        _refreshes_with_spark(clone, environment, command)
        pocket: Shop = request.getfixturevalue("refreshed_pocket")
        assert Shop(clone / "data-tiny").digest() == pocket.digest()
        return
    if command.endswith("dbt build"):
        _builds_with_dbt_alone(clone, environment, command, request.getfixturevalue("tiny"))
        return
    done = _run(clone, environment, command)
    if "make run" in command:
        example, low, high = PUBLISHED[command]
        assert done.stdout.strip().endswith("data/report/index.html")
        made = Shop(clone / "data")
        [(count,)] = made.query("select count(*) from marts.customers")
        assert low <= count <= high
        if _is_as_committed():
            once(example, tmp_path_factory, lambda shop: _copy(made, shop))


def _run(
    clone: Path, environment: dict[str, str], command: str
) -> subprocess.CompletedProcess[str]:
    """Runs a command in the clone as a newcomer's shell would; it must succeed."""
    done = subprocess.run(
        ["bash", "-c", command], cwd=clone, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done


def _builds_with_dbt_alone(
    clone: Path, environment: dict[str, str], command: str, tiny: Shop
) -> None:
    """Runs the command on the tiny example, and of its models on those that stores come from.

    All of them dbt has built when the example was refreshed; their unit tests run in rules/.
    """
    few = clone / "data-few"
    shutil.copytree(tiny.data, few, symlinks=True)
    _run(clone, environment | {"REGULARS_DATA": str(few)}, f"{command} --select +stores")
    results = json.loads((clone / "target" / "run_results.json").read_text())["results"]
    kinds = Counter(each["unique_id"].split(".")[0] for each in results)
    assert {each["status"] for each in results} <= {"success", "pass"}
    assert kinds["model"] > 10 and kinds["test"] > 5 and kinds["unit_test"] > 20


def _refreshes_with_spark(clone: Path, environment: dict[str, str], command: str) -> None:
    """Runs the command on the pocket project: of the whole one Spark compiles five minutes long.

    What the whole one becomes on Spark is compared in engines/test_equality.py; `make faults` has
    it refreshed by a Spark as it ships.
    """
    if not shutil.which("java"):
        lack("Spark needs Java 17 or later: install one.")
    pocket = clone / POCKET.relative_to(ROOT)
    _run(clone, environment | {"REGULARS_PROJECT": str(pocket)}, command)


def _is_as_committed() -> bool:
    """Whether the clone has all that this checkout has."""
    status = ("git", "status", "--porcelain")
    return not subprocess.run(status, cwd=ROOT, capture_output=True, check=True).stdout


def _copy(made: Shop, shop: Shop) -> None:
    shutil.copytree(made.data, shop.data, symlinks=True, dirs_exist_ok=True)


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
    deadline = time.monotonic() + 600
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


def _pip_cache() -> dict[str, str]:
    """Where pip keeps what it has fetched, as its variable; nothing where it keeps none."""
    asked = (sys.executable, "-m", "pip", "cache", "dir")
    done = subprocess.run(asked, capture_output=True, text=True)
    return {"PIP_CACHE_DIR": done.stdout.strip()} if done.returncode == 0 else {}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
