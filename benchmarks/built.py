"""What `make proof` looks at: worlds built as far as a mart, without the checks of data."""

from __future__ import annotations

import json
from pathlib import Path

from benchmarks.page import silent
from orchestration import dbt
from orchestration.project import ROOT, Project
from orchestration.publish.audit import GOOD
from orchestration.refresh import Refresh
from orchestration.world import World, make_world


def built_world(seed: int, folder: Path, mart: str) -> Refresh:
    """A demo world of the usual size in this folder, landed and built as far as the mart."""
    make_world(World(2_500, 730, seed), folder, silent)
    refresh = Refresh(Project(ROOT, folder))
    refresh.land(silent)
    build_mart(refresh, mart)
    return refresh


def build_mart(refresh: Refresh, mart: str) -> None:
    """Builds a mart and all that it reads; `RuntimeError` names what could not be built."""
    words = (*dbt.BUILD, "--select", f"+{mart}", "--exclude", "test_type:data")
    dbt.run(refresh.project, words, refresh.overrides, refresh.project.target, silent)
    results = json.loads((refresh.project.target / "run_results.json").read_text())["results"]
    failed = [each["unique_id"] for each in results if each["status"] not in GOOD]
    if failed:
        raise RuntimeError(f"Not built, see {refresh.project.logs}: {', '.join(failed)}")
