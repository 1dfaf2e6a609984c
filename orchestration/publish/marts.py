"""Which marts there are, what they mean, and by which key their rows are ordered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MARTS_FOLDER = "models/marts/"


class PublicationError(Exception):
    """Why nothing was published or rolled back: a sentence that says what to do."""


@dataclass(frozen=True)
class Mart:
    """A table of the schema `marts`; its rows are published in the order of the key."""

    name: str
    key: Sequence[str]
    description: str = ""
    column_descriptions: Mapping[str, str] = field(default_factory=dict)


def marts_of(manifest: Mapping[str, Any]) -> list[Mart]:
    """The models under `models/marts/`, by name; `PublicationError` if one has no key."""
    keys = {
        node["attached_node"]: key
        for node in manifest["nodes"].values()
        if (key := _tested_key(node.get("test_metadata")))
    }
    models = (
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["original_file_path"].startswith(MARTS_FOLDER)
    )
    return sorted((_mart(model, keys) for model in models), key=lambda mart: mart.name)


def _tested_key(test: Mapping[str, Any] | None) -> Sequence[str] | None:
    """The columns by which a test tells rows apart, if it does."""
    if test and test["name"] == "audit":
        return test["kwargs"]["key"]
    if test and test["name"] == "primary_key":  # until every table has its audit
        return test["kwargs"]["columns"]
    return None


def _mart(model: Mapping[str, Any], keys: Mapping[str, Sequence[str]]) -> Mart:
    if model["unique_id"] not in keys:
        raise PublicationError(
            f"The mart {model['name']} has no key: add the test audit to the YAML "
            f"beside {model['original_file_path']}."
        )
    descriptions = {name: column["description"] for name, column in model["columns"].items()}
    key = keys[model["unique_id"]]
    return Mart(model["alias"], key, model["description"].strip(), descriptions)
