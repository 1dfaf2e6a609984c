"""The rules by which accounts are linked, word for word as dbt renders them into the models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from jinja2 import Environment

from orchestration.project import ROOT

MACROS = ROOT / "macros" / "identity" / "linkage_rules.sql"


@dataclass(frozen=True)
class LinkageRules:
    """What of two accounts is compared and how, and what they must share to be compared.

    `comparisons` by name: whether the `rarity` of an equal value counts, and the conditions of the
    `levels`, the most alike first. `blocking_rules`: the expressions that must be equal, of each
    rule. Among fewer accounts than `least_population` a pair is no likelier one person.
    """

    comparisons: Mapping[str, Any]
    blocking_rules: Sequence[Sequence[str]]
    least_population: int

    @classmethod
    def of(cls, variables: Mapping[str, Any]) -> LinkageRules:
        """The rules under these variables of dbt: a retailer's own, or those that ship."""
        return cls(
            comparisons=_rules(variables, "identity_comparisons"),
            blocking_rules=list(_rules(variables, "identity_blocking_rules").values()),
            least_population=variables["identity_least_population"],
        )


def _rules(variables: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return variables[name] or yaml.safe_load(_macro(f"shipped_{name}"))


def _macro(name: str) -> str:
    """What a macro of dbt says that needs nothing of dbt to be rendered."""
    return getattr(Environment().from_string(MACROS.read_text("utf-8")).module, name)()
