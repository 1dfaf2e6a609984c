"""Whether a dbt build may be published: every node of the manifest ran, and none failed.

A build can end green with nodes that were skipped, left out or never tested. So the question is not
what failed, but whether each node of the manifest has a result that is good.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orchestration.artifacts import AGAIN, Artifacts
from orchestration.failures import NO_ROOM, says_no_room
from orchestration.progress import counted
from orchestration.publish.rules import BrokenRule

# Unit tests are no part of a refresh, and dbt keeps them outside the manifest's `nodes`.
REFRESHED = {"model", "seed", "snapshot", "test"}
GOOD = {"success", "pass"}
# The test that asks everything of a table in one query, and returns a row for each broken rule.
RULES_OF_A_TABLE = "audit"


@dataclass(frozen=True)
class Witness:
    """Whoever has seen the data, and says more of a failed check than how many rows it found.

    `broken_rules` says of the compiled SQL of an audit which rules are broken, `why_it_failed` of
    another check, by its name and SQL, what there is to say of it, in sentences that hold no value
    of a row. Both answer nothing where the data can't be asked.
    """

    broken_rules: Callable[[str], Sequence[BrokenRule]] = lambda sql: ()
    why_it_failed: Callable[[str, str], Sequence[str]] = lambda name, sql: ()


NOBODY = Witness()


@dataclass(frozen=True)
class Audit:
    """What dbt's artifacts say of a build.

    `reasons` are sentences, each naming a check and what to look at, never a value of a row;
    `warnings` are those of checks that do not block.
    """

    reasons: tuple[str, ...]
    warnings: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.reasons


def audit(artifacts: Artifacts, witness: Witness = NOBODY) -> Audit:
    """Judges a build, and says what the witness knows of the checks that failed."""
    reasons = tuple(_reasons_against_the_run(artifacts.manifest, artifacts.run))
    return Audit(reasons) if reasons else _audit_nodes(artifacts, witness)


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


def _audit_nodes(artifacts: Artifacts, witness: Witness) -> Audit:
    nodes, results = artifacts.manifest["nodes"], artifacts.results
    reasons = list(failures(artifacts, witness))
    if skipped := sum(result["status"] == "skipped" for result in results.values()):
        reasons.append(f"{skipped} nodes after these were skipped: mend what failed first.")
    if not artifacts.check_count:
        reasons.append("No data test ran, so nothing vouches for the marts: build with the tests.")
    missing = [
        f"{_name(node)} did not run: {AGAIN}, without leaving anything out."
        for unique_id, node in nodes.items()
        if unique_id not in results and _is_refreshed(node)
    ]
    warnings = [
        sentence
        for node, result in artifacts.built
        if result["status"] == "warn" and _may_warn(node)
        for sentence in what_failed(node, result, witness)
    ]
    return Audit((*reasons, *missing), tuple(warnings))


def failures(artifacts: Artifacts, witness: Witness) -> Iterator[str]:
    """Sentences on every node that failed, whatever else of the project was built."""
    for node, result in artifacts.built:
        status = result["status"]
        if status not in {*GOOD, "skipped"} and not (status == "warn" and _may_warn(node)):
            yield from what_failed(node, result, witness)


def what_failed(
    node: Mapping[str, Any], result: Mapping[str, Any], witness: Witness
) -> Sequence[str]:
    """Sentences on a node whose result is not good: the witness's, or else one of its own."""
    path = node["original_file_path"]
    if result["status"] not in {"fail", "warn"}:
        why = f" ({NO_ROOM})" if says_no_room(result.get("message")) else ""
        status = f"{result['status']}{why}"
        return [f"{_name(node)} ended with status {status}: see dbt's log and {path}."]
    if is_audit(node):
        rules = witness.broken_rules(result["compiled_code"])
        found = ", ".join(map(str, rules)) or f"{counted(result['failures'], 'rule')} broken"
        return [f"The audit of {_audited(node)}: {found}: see {path}."]
    if sentences := witness.why_it_failed(node["name"], result["compiled_code"]):
        return sentences
    description = " ".join(node["description"].split()).rstrip(".")
    meaning = f" ({description})" if description else ""
    rows = counted(result["failures"], "failing row")
    return [f"{_name(node)} found {rows}{meaning}: see {path}."]


def is_audit(node: Mapping[str, Any]) -> bool:
    """Whether the node is the check of all rules of one table."""
    return (node.get("test_metadata") or {}).get("name") == RULES_OF_A_TABLE


def _is_refreshed(node: Mapping[str, Any]) -> bool:
    """Ephemeral models are part of the queries of others, and hooks may be empty: no results."""
    return node["resource_type"] in REFRESHED and node["config"]["materialized"] != "ephemeral"


def _may_warn(node: Mapping[str, Any]) -> bool:
    """Whether the author of the check chose that some failing rows do not block."""
    config = node["config"]
    return node["resource_type"] == "test" and (
        config["severity"].lower() == "warn" or config["error_if"] != "!= 0"
    )


def _name(node: Mapping[str, Any]) -> str:
    if node["resource_type"] != "test":
        return f"The {node['resource_type']} {node['name']}"
    return f"The check {node['name']}" + (f" of {_audited(node)}" if _audited(node) else "")


def _audited(test: Mapping[str, Any]) -> str | None:
    """The model that a test is attached to."""
    model = test.get("attached_node")
    return model and model.split(".")[2]
