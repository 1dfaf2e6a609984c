"""What a check asks of a table, in words for people who see that it has failed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Any

from orchestration.publish.audit import is_audit


def meaning(test: Mapping[str, Any]) -> str:
    """What must hold, of a data test of the manifest, as Markdown."""
    if is_audit(test):
        return "\n".join(f"- {rule}" for rule in _rules(test["test_metadata"]["kwargs"]))
    described = " ".join(test["description"].split())
    told = [_comment(test["raw_code"]), described and f"When it fails: {described}"]
    return "\n\n".join(filter(None, told)) or test["name"].replace("_", " ")


def _rules(asked: Mapping[str, Any]) -> Iterator[str]:
    yield f"One row per {', '.join(asked['key'])}."
    if filled := [*asked["key"], *asked.get("not_null", [])]:
        nullable = set(asked.get("nullable", []))
        yield f"Never null: {', '.join(name for name in filled if name not in nullable)}."
    for column, accepted in asked.get("accepted_values", {}).items():
        yield f"{column} is one of {', '.join(map(str, accepted))}."
    for column, relation in asked.get("references", {}).items():
        yield f"Every {column} is in {relation}."
    for name, condition in asked.get("rules", {}).items():
        yield f"{name.replace('_', ' ')}: `{' '.join(str(condition).split())}`"


def _comment(sql: str) -> str:
    """The comment that a test of its own begins with."""
    lines = takewhile(lambda line: line.startswith("--"), sql.strip().splitlines())
    return " ".join(line.removeprefix("--").strip() for line in lines)
