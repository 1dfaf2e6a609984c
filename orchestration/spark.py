"""What the target spark needs of a machine."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec


def missing() -> str | None:
    """What is not installed, and what to do; None when Spark can start."""
    if not (find_spec("pyspark") and find_spec("dbt.adapters.spark")):
        return "Spark is not installed: set up with `make run TARGET=spark`, or pip's [spark]."
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        return "Spark needs Java 17 or later: install one, or set JAVA_HOME."
    return None
