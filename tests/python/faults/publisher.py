"""Publishes in a child process and kills it, as told by lines on stdin; answers each with a line.

    random SECONDS   publish again and again, kill so many seconds after the first time
    step NUMBER      publish once, kill just before the step of that number (a call on files)

Answers are `killed`, or `ended` when there was no such step. Each publication carries a marker, the
same in all marts and higher than that of any before. Usage: publisher.py DATA_FOLDER
"""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb

from orchestration.publish.generations import publish
from orchestration.publish.marts import Mart
from orchestration.publish.stage import PublicationFacts

MARTS = [Mart(name, ["id"]) for name in ("customers", "orders", "stores")]
FACTS = PublicationFacts(date(2026, 2, 28), None, "c0ffee", "1.11.16", "duckdb")


def publish_marker(data: Path) -> None:
    warehouse = data / "warehouse.duckdb"
    for leftover in (warehouse, data / "warehouse.duckdb.wal"):
        leftover.unlink(missing_ok=True)
    with duckdb.connect(warehouse) as connection:
        connection.execute("create schema marts")
        connection.execute("create table markers as select $now as marker", {"now": time.time_ns()})
        for rows, mart in enumerate(MARTS, start=1):
            connection.execute(
                f"create table marts.{mart.name} as"
                f" select id, marker from range({rows}000) as rows(id), markers"
            )
    publish(MARTS, warehouse, data / "published", FACTS, datetime.now(UTC))


def die_before(step: int, data: Path) -> None:
    steps = iter(range(1, step + 1))

    def count(event: str, arguments: tuple) -> None:
        is_ours = event.startswith(("open", "os.")) and str(data) in str(arguments)
        is_removal = event in {"os.remove", "os.rmdir"}  # of a name within a folder held open
        if (is_ours or is_removal) and next(steps, None) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)


def obey(data: Path, command: str, number: str) -> str:
    told, tells = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(told)
        if command == "step":
            die_before(int(number), data)
            publish_marker(data)
            os._exit(0)
        while True:
            publish_marker(data)
            os.write(tells, b".")  # fails, and so ends the child, when its parent is gone
    os.close(tells)
    if command == "random":
        os.read(told, 1)
        time.sleep(float(number))
        os.kill(child, signal.SIGKILL)
    os.close(told)
    _, status = os.waitpid(child, 0)
    return {-signal.SIGKILL: "killed", 0: "ended"}[os.waitstatus_to_exitcode(status)]


def warm_up() -> None:
    """Loads what DuckDB loads at its first query, which is longer than some children live."""
    with duckdb.connect() as connection:
        connection.execute("select $now", {"now": datetime.now(UTC)}).fetchall()


if __name__ == "__main__":
    warm_up()
    for line in sys.stdin:
        print(obey(Path(sys.argv[1]), *line.split()), flush=True)
