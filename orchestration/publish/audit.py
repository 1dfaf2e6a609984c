"""Whether a dbt build may be published: every node of the manifest ran, and none failed.

A build can end green with nodes that were skipped, left out or never tested. So the question is not
what failed, but whether each node of the manifest has a result that is good.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Unit tests are no part of a refresh, and dbt keeps them outside the manifest's `nodes`.
REFRESHED = {"model", "seed", "snapshot", "test"}
GOOD = {"success", "pass"}

AGAIN = "build everything again with `regulars run`"


@dataclass(frozen=True)
class Audit:
    """What dbt's artifacts say of a build.

    `reasons` are sentences, each naming a check and what to look at, never a value of a row;
    `warnings` are those of checks that do not block; `check_count` is how many data tests ran.
    """

    reasons: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    check_count: int = 0

    @property
    def passed(self) -> bool:
        return not self.reasons


def audit(target: Path) -> Audit:
    """Judges the build whose `manifest.json` and `run_results.json` lie in dbt's target folder."""
    try:
        manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
        run = json.loads((target / "run_results.json").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        return Audit((f"There is no {Path(error.filename).name} in {target.name}/: {AGAIN}.",))
    except json.JSONDecodeError:
        return Audit((f"dbt's artifacts in {target.name}/ are damaged: {AGAIN}.",))
    reasons = tuple(_reasons_against_the_run(manifest, run))
    return Audit(reasons) if reasons else _audit_nodes(manifest, run)


def _reasons_against_the_run(manifest: Mapping[str, Any], run: Mapping[str, Any]) -> Iterator[str]:
    command = run["args"]["which"]
    if command != "build":
        yield f"The last results are of `dbt {command}`, which does not build and check: {AGAIN}."
    if run["args"].get("empty"):
        yield f"The build ran with --empty, so its checks saw no rows: {AGAIN}."
    if manifest["metadata"]["invocation_id"] != run["metadata"]["invocation_id"]:
        yield (
            "The manifest and the results are of two dbt invocations, so that the build broke off "
            f"or the project was parsed after it: {AGAIN}."
        )


def _audit_nodes(manifest: Mapping[str, Any], run: Mapping[str, Any]) -> Audit:
    results = {result["unique_id"]: result for result in run["results"]}
    failed, skipped, missing, warnings = [], [], [], []
    check_count = 0
    for unique_id, node in manifest["nodes"].items():
        result = results.get(unique_id)
        if result is None:
            if _is_refreshed(node):
                missing.append(f"{_name(node)} did not run: {AGAIN}, without leaving anything out.")
            continue
        check_count += node["resource_type"] == "test" and result["status"] != "skipped"
        if result["status"] == "skipped":
            skipped.append(unique_id)
        elif result["status"] == "warn" and _may_warn(node):
            warnings.append(_failing_rows(node, result))
        elif result["status"] in {"fail", "warn"}:
            failed.append(_failing_rows(node, result))
        elif result["status"] not in GOOD:
            failed.append(
                f"{_name(node)} ended with status {result['status']}: see dbt's log and "
                f"{node['original_file_path']}."
            )
    if skipped:
        failed.append(f"{len(skipped)} nodes after these were skipped: mend what failed first.")
    if not check_count:
        failed.append("No data test ran, so nothing vouches for the marts: build with the tests.")
    return Audit((*failed, *missing), tuple(warnings), check_count)


def _is_refreshed(node: Mapping[str, Any]) -> bool:
    """Ephemeral models are part of the queries of others, and hooks may be empty: no results."""
    return node["resource_type"] in REFRESHED and node["config"]["materialized"] != "ephemeral"


def _may_warn(node: Mapping[str, Any]) -> bool:
    """Whether the author of the check chose that some failing rows do not block."""
    config = node["config"]
    return node["resource_type"] == "test" and (
        config["severity"].lower() == "warn" or config["error_if"] != "!= 0"
    )


def _failing_rows(node: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    count = result["failures"]
    rows = "1 failing row" if count == 1 else f"{count} failing rows"
    description = " ".join(node["description"].split()).rstrip(".")
    meaning = f" ({description})" if description else ""
    return f"{_name(node)} found {rows}{meaning}: see {node['original_file_path']}."


def _name(node: Mapping[str, Any]) -> str:
    if node["resource_type"] != "test":
        return f"The {node['resource_type']} {node['name']}"
    model = node.get("attached_node")
    return f"The check {node['name']}" + (f" of {model.split('.')[2]}" if model else "")
