"""Help and refusals come at once: what a command needs loads in the command."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = ["dagster", "dbt", "duckdb", "numpy", "pandas", "jinja2", "pyspark", "scipy", "sklearn"]


def loaded_by(module: str) -> list[str]:
    """Which of the heavy packages a new Python loads with the module."""
    program = (
        f"import json, sys, {module}; print(json.dumps([m for m in {HEAVY} if m in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "module, needs",
    [
        ("orchestration.cli", []),
        ("orchestration.refresh", ["duckdb"]),
        ("orchestration.build", ["duckdb"]),
        ("orchestration.fit.retrain", ["duckdb"]),
        ("orchestration.ask.worker", ["duckdb"]),
    ],
)
def test_a_module_loads_no_more_than_it_needs(module, needs):
    assert loaded_by(module) == needs
