"""`make cluster`: Spark standalone on this machine alone, to try the target `cluster`.

One master, two workers and a Thrift server, each a process of its own as on many machines. It asks
nobody for a password: whoever can log in to this machine meanwhile can read what it holds.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from orchestration import spark
from orchestration.progress import say
from orchestration.project import Project

HERE = "127.0.0.1"
MASTER, WORKER = (f"org.apache.spark.deploy.{part}" for part in ("master.Master", "worker.Worker"))
THRIFT = "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2"
START_SECONDS, PATIENCE_SECONDS = 120, 10
# What the driver, which plans every query, and each worker's executor may take.
DAEMON_MEMORY, DRIVER_MEMORY, EXECUTOR_MEMORY = "256m", "2g", "1g"


@contextmanager
def cluster(project: Project, port: int, workers: int = 2) -> Iterator[None]:
    """A cluster whose tables lie in the project's warehouse, and which listens at `port`.

    What its processes say is in the project's logs, one file each. Raises `TimeoutError` when one
    of them does not come up. On leaving, all of them have ended.
    """
    folder, master = project.warehouse.parent, f"spark://{HERE}:{free_port()}"
    for each in (project.logs, project.warehouse):
        each.mkdir(parents=True, exist_ok=True, mode=0o700)
    with ExitStack() as running:

        def start(name: str, *words: str, listens_at: int | None = None) -> None:
            process = _started(project, name, words)
            running.callback(_end, process)
            if listens_at:
                _wait_for(process, listens_at, project.logs / f"{name}.log")

        own = ("--host", HERE, "--webui-port", "0")
        at = master.rpartition(":")[2]
        start("master", "spark-class", MASTER, *own, "--port", at, listens_at=int(at))
        for number in range(1, workers + 1):
            size = ("--cores", "1", "--memory", EXECUTOR_MEMORY)
            work = ("--work-dir", str(folder / f"worker_{number}"))
            start(f"worker_{number}", "spark-class", WORKER, *own, *size, *work, master)
        settings = [
            word for pair in _settings(folder).items() for word in ("--conf", "=".join(pair))
        ]
        start(
            *("thrift", "spark-submit", "--master", master, "--class", THRIFT, *settings),
            *("spark-internal", "--hiveconf", f"hive.server2.thrift.bind.host={HERE}"),
            *("--hiveconf", f"hive.server2.thrift.port={port}"),
            listens_at=port,
        )
        yield


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as asked:
        asked.bind((HERE, 0))
        return asked.getsockname()[1]


def _settings(folder: Path) -> dict[str, str]:
    """What is fixed when the server starts; the rest is said by profiles.yml for each session."""
    return {
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.hadoop.javax.jdo.option.ConnectionURL": (
            f"jdbc:derby:;databaseName={folder / 'metastore'};create=true"
        ),
        "spark.local.dir": str(folder / "spill"),
        "spark.ui.enabled": "false",
        "spark.executor.memory": EXECUTOR_MEMORY,
        # A stack that holds plans of hundreds of unions.
        "spark.driver.extraJavaOptions": (
            f"-Xss4m -Duser.timezone=UTC -Dderby.stream.error.file={folder / 'derby.log'}"
        ),
        "spark.executor.extraJavaOptions": "-Xss4m -Duser.timezone=UTC",
    }


def _started(project: Project, name: str, words: tuple[str, ...]) -> subprocess.Popen:
    import pyspark

    home = Path(pyspark.__file__).parent
    environment = os.environ | {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": HERE,
        # Of the Thrift server it would overrule spark.driver.memory.
        "SPARK_DAEMON_MEMORY": DRIVER_MEMORY if name == "thrift" else DAEMON_MEMORY,
    }
    with (project.logs / f"{name}.log").open("wb") as log:
        return subprocess.Popen(
            [str(home / "bin" / words[0]), *words[1:]],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=project.warehouse.parent,
            start_new_session=True,  # a terminal's Ctrl-C reaches this process, which ends them in order
        )


def _wait_for(process: subprocess.Popen, port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as asked:
            if asked.connect_ex((HERE, port)) == 0:
                return
        time.sleep(0.2)
    raise TimeoutError(f"A process of the cluster does not answer; what it says is in {log}.")


def _end(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@click.command()
@click.option("--port", type=int, default=10000, show_default=True, help="Of the Thrift server.")
def main(port: int) -> None:
    """Start the cluster, say how it is used, and end it with this command."""
    if reason := spark.missing():
        raise click.ClickException(reason)
    project = Project.from_environment("cluster")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with cluster(project, port):
        say(f"The cluster listens at {HERE}:{port}, and ends with Ctrl-C. In another terminal:")
        say(f"  REGULARS_SPARK_PORT={port} regulars run --example tiny --target cluster")
        try:
            signal.pause()
        except KeyboardInterrupt:
            say("Ending the cluster")


if __name__ == "__main__":
    main()
