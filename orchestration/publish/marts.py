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
    """A table of the schema `marts`; its rows are published in the order of the key.

    Those of a mart that is mostly asked by something else are `sorted_by` that first.
    """

    name: str
    key: Sequence[str]
    description: str = ""
    column_descriptions: Mapping[str, str] = field(default_factory=dict)
    sorted_by: Sequence[str] = ()

    @property
    def order(self) -> list[str]:
        return list(dict.fromkeys([*self.sorted_by, *self.key]))


def marts_of(manifest: Mapping[str, Any]) -> list[Mart]:
    """The models under `models/marts/`, by name; `PublicationError` if no audit names its key."""
    keys = {
        node["attached_node"]: node["test_metadata"]["kwargs"]["key"]
        for node in manifest["nodes"].values()
        if (node.get("test_metadata") or {}).get("name") == "audit"
    }
    models = (
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["original_file_path"].startswith(MARTS_FOLDER)
    )
    return sorted((_mart(model, keys) for model in models), key=lambda mart: mart.name)


def _mart(model: Mapping[str, Any], keys: Mapping[str, Sequence[str]]) -> Mart:
    if model["unique_id"] not in keys:
        raise PublicationError(
            f"The mart {model['name']} has no key: add an audit that names it to the YAML "
            f"beside {model['original_file_path']}."
        )
    descriptions = {name: column["description"] for name, column in model["columns"].items()}
    key = keys[model["unique_id"]]
    sorted_by = model["config"]["meta"].get("sorted_by", ())
    return Mart(model["alias"], key, model["description"].strip(), descriptions, sorted_by)
