"""The manifest of the project with every source switched on."""

from __future__ import annotations

import json

import pytest
import yaml
from conftest import ROOT, Shop, once

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
    """What dbt makes of the checkout, once for all workers."""
    shop = once("manifest", tmp_path_factory, parse)
    return json.loads((shop.data / "manifest.json").read_text())


def parse(shop: Shop) -> None:
    done = shop.command(
        *("dbt", "parse", "--quiet"),
        *("--target-path", str(shop.data), "--log-path", str(shop.data)),
        *("--vars", yaml.safe_dump({"sources": all_sources()}, default_flow_style=True)),
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def models(manifest: dict) -> list[dict]:
    """The models, by name."""
    nodes = manifest["nodes"].values()
    return sorted(
        (node for node in nodes if node["resource_type"] == "model"), key=lambda node: node["name"]
    )
