"""What dbt left of a build, read once: audit, publication and messages ask the same object."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

AGAIN = "build everything again with `regulars run`"
MANIFEST, RESULTS, FINGERPRINT = "manifest.json", "run_results.json", "fingerprint.txt"
# What macros/materializations/kept.sql says of a table, view or seed that it left as it was.
KEPT = "KEPT"


class NoArtifacts(Exception):
    """Why nothing can be said of the last build, and what to do: one sentence."""


def read_artifact(path: Path) -> dict[str, Any]:
    """What dbt has written into a file of JSON; raises `NoArtifacts`."""
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        raise NoArtifacts(f"There is no {path.name} in {path.parent.name}/: {AGAIN}.") from None
    except ValueError:  # JSON that ends too early, or bytes that are no text
        raise NoArtifacts(f"{path.parent.name}/{path.name} is damaged: {AGAIN}.") from None


@dataclass(frozen=True)
class Artifacts:
    """The manifest of a build and what became of its nodes, as dbt writes them down.

    `fingerprint` tells what the build depended on (`orchestration.fingerprint`), None where a dbt
    command has left these artifacts that was none of a refresh.
    """

    manifest: Mapping[str, Any]
    run: Mapping[str, Any]
    fingerprint: str | None = None

    @classmethod
    def read(cls, target: Path) -> Artifacts:
        """The artifacts in dbt's target folder; raises `NoArtifacts`."""
        manifest, run = (read_artifact(target / name) for name in (MANIFEST, RESULTS))
        path = target / FINGERPRINT
        return cls(manifest, run, path.read_text() if path.exists() else None)

    @property
    def invocation_id(self) -> str:
        return self.run["metadata"]["invocation_id"]

    @cached_property
    def results(self) -> Mapping[str, Mapping[str, Any]]:
        """The result of each node by its unique id."""
        return {result["unique_id"]: result for result in self.run["results"]}

    @property
    def built(self) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
        """Each node with its result; exposures, of which dbt writes results too, are no nodes."""
        for unique_id, result in self.results.items():
            if node := self.manifest["nodes"].get(unique_id):
                yield node, result

    @property
    def check_count(self) -> int:
        """How many data tests ran."""
        return sum(
            node["resource_type"] == "test" and result["status"] != "skipped"
            for node, result in self.built
        )

    @property
    def made_and_kept(self) -> tuple[int, int]:
        """How many tables, views and seeds were made, and how many left as they were."""
        found = [
            result["message"] == KEPT
            for node, result in self.built
            if node["resource_type"] in {"model", "seed"} and result["status"] == "success"
        ]
        return found.count(False), found.count(True)

    def after(self, earlier: Artifacts) -> Artifacts:
        """These artifacts of a build of some nodes, with the earlier results of all others."""
        results = list({**earlier.results, **self.results}.values())
        return replace(self, run={**self.run, "results": results})

    def write_results(self, target: Path) -> None:
        """Replaces dbt's results in the target folder by one rename."""
        fresh = target / f"{RESULTS}.new"
        fresh.write_text(json.dumps(self.run), encoding="utf-8")
        fresh.replace(target / RESULTS)
