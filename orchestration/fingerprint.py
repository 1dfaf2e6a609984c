"""What a refresh depends on, in one digest: as long as it is the same, so are the marts.

Left out is what only changes how fast a build is, such as threads and memory, and the publication
before: it is compared with, and whoever equals it has changed nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from orchestration.project import ROOT
from orchestration.request import Request

# dbt's names of its folders, and what they are where dbt_project.yml doesn't say.
FOLDERS = {
    "model-paths": ["models"],
    "macro-paths": ["macros"],
    "seed-paths": ["seeds"],
    "test-paths": ["tests"],
    "snapshot-paths": ["snapshots"],
}
# The machinery; orchestration/ alone knows what it does, so that all of it counts.
MACHINERY = ("orchestration", "dbt_ansi_spark.py")
PACKAGES = {
    "duckdb": ("regulars", "dbt-core", "dbt-duckdb", "duckdb"),
    "spark": ("regulars", "dbt-core", "dbt-spark", "pyspark", "duckdb"),
    "cluster": ("regulars", "dbt-core", "dbt-spark", "duckdb"),
}


def fingerprint(request: Request) -> str:
    """64 hex digits for all that the marts of this refresh will depend on.

    Landing must have ended, since the ledger stands for what has landed.
    """
    project = request.project
    files = [
        *_digests(project.ledger.parent, [project.ledger.name]),
        *_digests(project.data, [project.parameters.name]),
        *_digests(project.root, ["dbt_project.yml", project.roles.name, *_folders(request)]),
        *_digests(project.profiles, ["profiles.yml"]),
        *_digests(ROOT, MACHINERY),
    ]
    facts = {
        "engine": project.engine,
        "packages": {name: _version(name) for name in PACKAGES[project.engine]},
        "variables": request.overrides,
        "files": files,
    }
    text = json.dumps(facts, default=str, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def _folders(request: Request) -> Iterator[str]:
    configured = request.project.configuration
    for name, usual in FOLDERS.items():
        yield from configured.get(name, usual)


def _digests(base: Path, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each file of these names, or below folders of these names, with the digest of its bytes."""
    for name in names:
        found = [base / name] if (base / name).is_file() else sorted((base / name).rglob("*"))
        for path in found:
            inner = path.relative_to(base / name)
            is_hidden = any(part[0] == "." or part == "__pycache__" for part in inner.parts)
            if path.is_file() and not is_hidden:
                with path.open("rb") as file:
                    yield f"{name}/{inner}", hashlib.file_digest(file, "sha256").hexdigest()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
