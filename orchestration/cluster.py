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
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from orchestration import spark
from orchestration.progress import say
from orchestration.project import Project

HERE = "127.0.0.1"
MASTER, WORKER = (f"org.apache.spark.deploy.{part}" for part in ("master.Master", "worker.Worker"))
THRIFT = "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2"
WORKERS = 2
# Of master and workers, which only start others; of the server, which plans every query; of what
# each worker starts.
DAEMON_MEMORY, SERVER_MEMORY, EXECUTOR_MEMORY = "128m", "2g", "640m"
# A stack that holds plans of hundreds of unions; no compilation that pays only after minutes, and
# the collector that needs least beside the heap.
JAVA = (
    "-Xss4m -XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=256m -XX:+UseSerialGC"
    " -Duser.timezone=UTC"
)
START_SECONDS, PATIENCE_SECONDS = 120, 10


@contextmanager
def cluster(project: Project, port: int) -> Iterator[subprocess.Popen]:
    """A cluster whose tables lie in the project's warehouse; its server, which listens at `port`.

    What its processes say is in the project's logs, one file each. Raises `TimeoutError` when one
    of them does not come up. On leaving, all of them have ended.
    """
    for folder in (project.logs, project.warehouse.parent, project.warehouse):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    of_master = free_port()
    master = f"spark://{HERE}:{of_master}"
    with ExitStack() as running:
        ours = ("--host", HERE, "--webui-port", "0")
        words = ("spark-class", MASTER, *ours, "--port", str(of_master))
        _await(running.enter_context(_process(project, "master", words)), of_master)
        for number in range(1, WORKERS + 1):
            name = f"worker_{number}"
            size = ("--cores", "1", "--memory", EXECUTOR_MEMORY, "--work-dir", name)
            words = ("spark-class", WORKER, *ours, *size, master)
            running.enter_context(_process(project, name, words))
        words = ("spark-submit", "--master", master, *_server(project, port))
        server = running.enter_context(_process(project, "thrift", words, SERVER_MEMORY))
        _await(server, port)
        yield server


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as asked:
        asked.bind((HERE, 0))
        return asked.getsockname()[1]


def _server(project: Project, port: int) -> Iterator[str]:
    """The Thrift server, with what is fixed when it starts; profiles.yml says the rest."""
    yield from ("--class", THRIFT)
    for name, value in {
        "spark.sql.warehouse.dir": project.warehouse,
        "spark.hadoop.javax.jdo.option.ConnectionURL": (
            "jdbc:derby:;databaseName=metastore;create=true"
        ),
        "spark.ui.enabled": "false",
        "spark.executor.memory": EXECUTOR_MEMORY,
        "spark.driver.extraJavaOptions": JAVA,
        "spark.executor.extraJavaOptions": JAVA,
    }.items():
        yield from ("--conf", f"{name}={value}")
    yield "spark-internal"
    for name, value in {"bind.host": HERE, "port": port}.items():
        yield from ("--hiveconf", f"hive.server2.thrift.{name}={value}")


@contextmanager
def _process(
    project: Project, name: str, words: Sequence[str], memory: str = DAEMON_MEMORY
) -> Iterator[subprocess.Popen]:
    """A program of Spark in the cluster's folder; it is ended on leaving."""
    import pyspark

    home = Path(pyspark.__file__).parent
    told = {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": HERE,
        "SPARK_LOCAL_DIRS": str(project.data / ".spill"),
        "SPARK_DAEMON_MEMORY": memory,  # the Thrift server's too
    }
    with (project.logs / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            [str(home / "bin" / words[0]), *words[1:]],
            cwd=project.warehouse.parent,
            env=os.environ | told,
            umask=0o077,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C of a terminal is for whoever ends them in order
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await(process: subprocess.Popen, port: int) -> None:
    """Returns when it listens; `TimeoutError` when it has ended or does not come up."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if _listens(port):
            return
        time.sleep(0.2)
    raise TimeoutError("The cluster does not come up: logs/master.log or logs/thrift.log says why.")


def _listens(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex((HERE, port)) == 0


@click.command()
@click.option("--port", type=int, default=10000, show_default=True, help="Of the Thrift server.")
def main(port: int) -> None:
    """Start the cluster, say how it is used, and end it with this command."""
    if reason := spark.missing():
        raise click.ClickException(reason)
    if _listens(port):
        raise click.ClickException(f"Something listens at {port} already: choose another --port.")
    project = Project.from_environment("cluster")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda told, _: sys.exit(128 + told))
    try:
        with cluster(project, port) as server:
            say(f"The cluster listens at {HERE}:{port}, and ends with Ctrl-C. In another terminal:")
            say(f"  REGULARS_SPARK_PORT={port} regulars run --example tiny --target cluster")
            server.wait()
    except TimeoutError as error:
        raise click.ClickException(str(error)) from error
    raise click.ClickException("The server has ended: logs/thrift.log says why.")


if __name__ == "__main__":
    main()
