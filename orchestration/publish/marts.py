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
    """The models under `models/marts/`, by name; `PublicationError` if one has no primary key."""
    models = (
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["original_file_path"].startswith(MARTS_FOLDER)
    )
    return sorted((_mart(model) for model in models), key=lambda mart: mart.name)


def _mart(model: Mapping[str, Any]) -> Mart:
    columns = model["columns"].items()
    descriptions = {name: column["description"] for name, column in columns}
    return Mart(model["alias"], _primary_key(model), model["description"], descriptions)


def _primary_key(model: Mapping[str, Any]) -> Sequence[str]:
    """The columns of the contract's constraint, be it of the model or of columns."""
    for constraint in model["constraints"]:
        if constraint["type"] == "primary_key":
            return constraint["columns"]
    key = [
        name
        for name, column in model["columns"].items()
        if any(constraint["type"] == "primary_key" for constraint in column["constraints"])
    ]
    if not key:
        raise PublicationError(
            f"The mart {model['name']} has no primary key: add a constraint of type primary_key "
            f"in the YAML beside {model['original_file_path']}."
        )
    return key
