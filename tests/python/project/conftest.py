"""The manifest of the project with every source switched on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]

# What Regulars writes itself, and reads again, is no entity of a source: it meets no contract.
WRITTEN_BY_REGULARS = {"landing", "publication"}


def all_sources() -> dict[str, list[str]]:
    """Every source of models/staging/ with the entities that it has a model for."""
    sources: dict[str, list[str]] = {}
    for path in sorted((ROOT / "models" / "staging").glob("*/stg_*.sql")):
        if path.parent.name not in WRITTEN_BY_REGULARS:
            sources.setdefault(path.parent.name, []).append(path.stem.split("__", 1)[1])
    return sources


@pytest.fixture(scope="session")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """What dbt makes of the checkout."""
    target = tmp_path_factory.mktemp("manifest")
    subprocess.run(
        [
            *(str(Path(sys.executable).with_name("dbt")), "parse", "--quiet"),
            *("--target-path", str(target), "--log-path", str(target)),
            *("--vars", yaml.safe_dump({"sources": all_sources()}, default_flow_style=True)),
        ],
        cwd=ROOT,
        env={**os.environ, "DO_NOT_TRACK": "1"},
        check=True,
    )
    return json.loads((target / "manifest.json").read_text())


@pytest.fixture(scope="session")
def models(manifest: dict) -> list[dict]:
    """The models, by name."""
    nodes = manifest["nodes"].values()
    return sorted(
        (node for node in nodes if node["resource_type"] == "model"), key=lambda node: node["name"]
    )
