"""What the target spark needs of a machine, and the process in which Spark lives."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

# What Spark gets to put its folders in order before it is killed.
PATIENCE_SECONDS = 2


def missing(engine: str = "spark") -> str | None:
    """What the target lacks here, and what to do; None when Spark can start, or be asked.

    A cluster has its Java elsewhere: here it needs what speaks to its Thrift server.
    """
    if engine == "cluster":
        if not (find_spec("pyhive") and find_spec("dbt.adapters.spark")):
            return (
                "What speaks to a cluster is not installed: "
                "set up with `make cluster`, or pip's [cluster]."
            )
        return None
    if not (find_spec("pyspark") and find_spec("dbt.adapters.spark")):
        return "Spark is not installed: set up with `make run TARGET=spark`, or pip's [spark]."
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        return "Spark needs Java 17 or later: install one, or set JAVA_HOME."
    return None


def without_frames(message: str) -> str:
    """A message on one line, without the places of its own code that a server of Spark names."""
    return " ".join(re.split(r"\s+at (?:java|org)\.", message)[0].split())


@contextmanager
def talking_to(log: Path) -> Iterator[None]:
    """A process that is started meanwhile writes into the file; this one speaks as before."""
    sys.stdout.flush()
    sys.stderr.flush()
    kept, spoken = {number: os.dup(number) for number in (1, 2)}, (sys.stdout, sys.stderr)
    sys.stdout, sys.stderr = (os.fdopen(os.dup(kept[number]), "w", 1) for number in (1, 2))
    with log.open("ab") as file:
        for number in kept:
            os.dup2(file.fileno(), number)
    try:
        yield
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.close()
        for number, copy in kept.items():
            os.dup2(copy, number)
            os.close(copy)
        sys.stdout, sys.stderr = spoken


def kill() -> None:
    """Ends the process of Spark that this one has started, if any, whatever it is doing."""
    pyspark = sys.modules.get("pyspark")
    gateway = pyspark and pyspark.SparkContext._gateway
    if process := getattr(gateway, "proc", None):
        process.terminate()
        try:
            process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
        pyspark.SparkContext._gateway = pyspark.SparkContext._jvm = None
        pyspark.SparkContext._active_spark_context = None


def stop() -> None:
    """Ends Spark when nothing is to be built any more; a later build starts another one."""
    pyspark = sys.modules.get("pyspark")
    if pyspark and (context := pyspark.SparkContext._active_spark_context):
        context.stop()
    kill()
