"""What a role may see, as a file of `roles/` says it: nothing but what is named there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from orchestration.publish.marts import PublicationError

# By what rows may be divided: columns of the mart `stores`.
DIVIDED_BY = ("region", "store_id")
# What names a single purchase or visit: shown as it is, it would join the pseudonyms of two roles.
KEYS_OF_DEEDS = (
    *("order_id", "source_order_id", "last_order_id", "order_line_id", "refund_id"),
    *("session_id", "touch_id"),
)
# What may be made of a column: as it is, a name that means nothing elsewhere, its month, nothing.
MASKS = ("show", "pseudonym", "month", "hide")
FIELDS = ("description", "rows", "marts", "whole", "columns")


@dataclass(frozen=True)
class Role:
    """Who sees what of the marts.

    `rows` are the regions or stores of which rows are seen, empty where all are; `marts` those that
    are divided so, and `whole` those seen with all their rows, since no store or customer divides
    them. `masks` say what is made of a column, by its name or by `mart.column`.
    """

    name: str
    rows: Mapping[str, Sequence[str]]
    marts: Sequence[str]
    whole: Sequence[str]
    masks: Mapping[str, str]

    def mask(self, mart: str, column: str, is_personal: bool) -> str:
        """What is made of a column, unless the role says otherwise: what is personal is hidden, and
        who sees pseudonyms of customers sees those of what they did."""
        usual = "hide" if is_personal else "show"
        if column in KEYS_OF_DEEDS and self.has_pseudonyms:
            usual = "pseudonym"
        return self.masks.get(f"{mart}.{column}", self.masks.get(column, usual))

    @property
    def has_pseudonyms(self) -> bool:
        return "pseudonym" in self.masks.values()


def read_roles(folder: Path) -> list[Role]:
    """The roles of a project, by name; `PublicationError` says what is wrong with a file."""
    return [_role(path) for path in sorted(folder.glob("*.yml"))]


def _role(path: Path) -> Role:
    shown = f"{path.parent.name}/{path.name}"
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError):
        raise PublicationError(f"{shown} is no YAML: correct it.") from None
    if not isinstance(told, dict) or not set(told) <= set(FIELDS):
        raise PublicationError(f"{shown} is to have {', '.join(FIELDS)}, and nothing else.")
    rows = _mapping(told, "rows", shown)
    if "rows" in told and not rows:
        raise PublicationError(f"{shown}: `rows` is empty: say which, or leave it out to show all.")
    if len(rows) > 1 or not set(rows) <= set(DIVIDED_BY):
        raise PublicationError(f"{shown}: `rows` names one of {' or '.join(DIVIDED_BY)}.")
    if any(not isinstance(values, list) or not values for values in rows.values()):
        raise PublicationError(f"{shown}: `rows` lists what is seen, such as {{region: [west]}}.")
    masks = _mapping(told, "columns", shown)
    if unknown := {str(mask) for mask in masks.values()} - set(MASKS):
        raise PublicationError(
            f"{shown}: no mask {', '.join(sorted(unknown))}, choose of {', '.join(MASKS)}."
        )
    marts, whole = _names(told, "marts", shown), _names(told, "whole", shown)
    if not (marts or whole) or set(marts) & set(whole):
        raise PublicationError(f"{shown}: name marts, each under `marts` or under `whole`.")
    return Role(
        path.stem,
        {column: [str(value) for value in values] for column, values in rows.items()},
        marts,
        whole,
        masks,
    )


def _names(told: Mapping[str, Any], field: str, shown: str) -> Sequence[str]:
    found = told.get(field) or []
    if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
        raise PublicationError(f"{shown}: `{field}` lists marts by name, such as [orders].")
    return found


def _mapping(told: Mapping[str, Any], field: str, shown: str) -> Mapping[str, Any]:
    found = told.get(field) or {}
    if not isinstance(found, dict):
        raise PublicationError(f"{shown}: `{field}` is no mapping.")
    return found
