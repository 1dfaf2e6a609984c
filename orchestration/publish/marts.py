"""Which marts there are, what they mean, and by which key their rows are ordered."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MARTS_FOLDER = "models/marts/"
# How an audit names the model that a column refers to.
REFERENCE = re.compile(r"^ref\('(\w+)'\)$")


class PublicationError(Exception):
    """Why nothing was published or rolled back: a sentence that says what to do."""


@dataclass(frozen=True)
class Mart:
    """A table of the schema `marts`; its rows are published in the order of the key.

    Of a large one that is told by month, those of the last month stand at the end, in that order.

    Those of a mart that is mostly asked by something else are `sorted_by` that first. What is asked
    besides, by values whose beginnings are alike, has an index: it is `found_by` that column.
    """

    name: str
    key: Sequence[str]
    description: str = ""
    column_descriptions: Mapping[str, str] = field(default_factory=dict)
    sorted_by: Sequence[str] = ()
    found_by: Sequence[str] = ()
    nullable: Sequence[str] = ()
    """Columns of the key in which null is a value of its own."""
    not_null: Sequence[str] = ()
    """Further columns that are never null."""
    month: str | None = None
    """The column of dates by whose months changes are told; what is settled changes in none."""
    references: Mapping[str, str] = field(default_factory=dict)
    """Columns whose values stand in the column of the same name of another mart."""

    @property
    def filled(self) -> frozenset[str]:
        """The columns of which the audit vouches that they are never null."""
        return frozenset({*self.key, *self.not_null} - {*self.nullable})

    @property
    def has_one_key(self) -> bool:
        """Whether one column tells its rows apart."""
        return len(self.key) == 1 and not self.nullable

    @property
    def said(self) -> str:
        """What the mart is, and how it is joined, for tools that show comments."""
        joins = [f"{column} to {mart}" for column, mart in self.references.items()]
        told = [f"Key: {', '.join(self.key)}.", *([f"Joins: {', '.join(joins)}."] if joins else [])]
        return " ".join([self.description, *told]).strip()

    @property
    def order(self) -> list[str]:
        return list(dict.fromkeys([*self.sorted_by, *self.key]))


def marts_of(manifest: Mapping[str, Any]) -> list[Mart]:
    """The models under `models/marts/`, by name; `PublicationError` if no audit names its key."""
    audits = {
        node["attached_node"]: node["test_metadata"]["kwargs"]
        for node in manifest["nodes"].values()
        if (node.get("test_metadata") or {}).get("name") == "audit"
    }
    models = [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["original_file_path"].startswith(MARTS_FOLDER)
    ]
    names = {model["name"]: model["alias"] for model in models}
    marts = (_mart(model, audits.get(model["unique_id"]), names) for model in models)
    return sorted(marts, key=lambda mart: mart.name)


def _mart(
    model: Mapping[str, Any], audit: Mapping[str, Any] | None, names: Mapping[str, str]
) -> Mart:
    if audit is None:
        raise PublicationError(
            f"The mart {model['name']} has no key: add an audit that names it to the YAML "
            f"beside {model['original_file_path']}."
        )
    descriptions = {name: column["description"] for name, column in model["columns"].items()}
    referred = {
        column: REFERENCE.findall(said) for column, said in audit.get("references", {}).items()
    }
    return Mart(
        name=model["alias"],
        key=audit["key"],
        description=model["description"].strip(),
        column_descriptions=descriptions,
        sorted_by=model["config"]["meta"].get("sorted_by", ()),
        found_by=model["config"]["meta"].get("found_by", ()),
        month=model["config"]["meta"].get("month_of"),
        nullable=audit.get("nullable", ()),
        not_null=audit.get("not_null", ()),
        references={
            column: names[model_name]
            for column, found in referred.items()
            for model_name in found
            if model_name in names
        },
    )
