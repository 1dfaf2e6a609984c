"""The metrics of the semantic layer as SQL over the marts that are published.

MetricFlow counts them from single orders and events, which nobody publishes; the marts of key
figures hold the same in cells. So a metric here picks cells, and where those of a question don't
add up, as people who buy in two ways, it answers nothing rather than something wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from orchestration.duck import literal
from orchestration.labels import Text

# By what the cells of a metric are told apart, as its `cells` says; in all else they are of `all`.
TOLD_APART = {
    "every": ("channel", "region", "customer_type"),
    "all_customers": ("channel", "region"),
    "customer_types": ("customer_type",),
    "total": (),
}


@dataclass(frozen=True)
class Figure:
    """A metric that can be dragged into any chart of its dataset."""

    name: str
    label: Text
    meaning: Text
    sql: str


@dataclass(frozen=True)
class Comparison:
    """What stands beside a key figure in a column of its own, such as what was expected of it."""

    name: str
    column: str
    label: Text
    of: Sequence[str]


class SemanticLayer:
    """The metrics of a manifest, and what they are measured by."""

    def __init__(self, manifest: Mapping[str, Any]) -> None:
        self.metrics = {said["name"]: said for said in manifest["metrics"].values()}
        self.models = list(manifest["semantic_models"].values())
        self.measures = {
            measure["name"]: measure for model in self.models for measure in model["measures"]
        }

    def labels(self) -> Mapping[str, Text]:
        """How people call the metrics that the marts of key figures hold."""
        return {name: _label(said) for name, said in self.metrics.items() if _cells(said)}

    def of_cells(self, comparisons: Sequence[Comparison]) -> Iterator[Figure]:
        """What the marts of key figures hold, and what they compare it with."""
        for name, said in self.metrics.items():
            if not _cells(said):
                continue
            yield Figure(name, _label(said), _meaning(said), self._of_cells(said))
            for comparison in comparisons:
                if name in comparison.of:
                    yield Figure(
                        f"{name}_{comparison.name}",
                        Text(*map("".join, zip(_label(said), comparison.label, strict=True))),
                        _meaning(said),
                        _coarsest(said, f"sum({comparison.column})"),
                    )

    def of_mart(self, mart: str) -> Iterator[Figure]:
        """What is measured on a mart itself."""
        for model in self.models:
            if model["model"] != f"ref('{mart}')":
                continue
            own = {measure["name"] for measure in model["measures"]}
            for name, said in self.metrics.items():
                measure = said["type_params"].get("measure")
                if measure and measure["name"] in own:
                    sql = _of_rows(self.measures[measure["name"]])
                    yield Figure(name, _label(said), _meaning(said), sql)

    def _of_cells(self, said: Mapping[str, Any]) -> str:
        if not self._adds_up(said):
            return _coarsest(said, "max(value)", is_single=True)
        if said["type_params"]["numerator"]:
            return _coarsest(said, "sum(numerator)", "sum(denominator)")
        return _coarsest(said, "sum(numerator)")

    def _adds_up(self, said: Mapping[str, Any]) -> bool:
        """Whether its parts can be added up over cells and days: events can, people can't."""
        params = said["type_params"]
        if said["type"] == "ratio":
            parts = (params["numerator"]["name"], params["denominator"]["name"])
            return all(self._adds_up(self.metrics[part]) for part in parts)
        return said["type"] == "simple" and self.measures[params["measure"]["name"]]["agg"] == "sum"


def _of_rows(measure: Mapping[str, Any]) -> str:
    """A measure over rows of its mart; of several days, as MetricFlow has it, the last counts."""
    sql = f"{measure['agg']}({measure['expr'] or measure['name']})"
    once_a_day = measure["non_additive_dimension"]
    if not once_a_day:
        return sql
    day = once_a_day["name"]
    return f"case when count(distinct {day}) = 1 then {sql} else {sql} filter (where is_latest) end"


def _coarsest(
    said: Mapping[str, Any], part: str, whole: str | None = None, is_single: bool = False
) -> str:
    """An aggregate of the coarsest cells of a metric that a question leaves.

    A question that says nothing of channels is answered by the cell of all channels, and one that
    asks for each by theirs: the cells of both never come into one sum.
    """
    cases = []
    for cells in _by_coarseness(said):
        rows = f"filter (where {cells})"
        answer = f"{part} {rows}"
        if whole:
            answer += f" / nullif({whole} {rows}, 0)"
        if is_single:
            answer = f"case when count(*) {rows} = 1 then {answer} end"
        cases.append(f"  when count(*) {rows} > 0 then {answer}")
    return "\n".join(["case", *cases, "end"])


def _by_coarseness(said: Mapping[str, Any]) -> list[str]:
    told_apart = TOLD_APART[_cells(said)]
    choices = sorted(product((True, False), repeat=len(told_apart)), key=sum, reverse=True)
    of_metric = f"kpi = {literal(said['name'])}"
    return [
        " and ".join(
            [
                of_metric,
                *(
                    f"{column} = 'all'" if is_all else f"{column} <> 'all'"
                    for column, is_all in zip(told_apart, choice, strict=True)
                ),
            ]
        )
        for choice in choices
    ]


def _cells(said: Mapping[str, Any]) -> str | None:
    return said["config"]["meta"].get("cells")


def _label(said: Mapping[str, Any]) -> Text:
    return Text(said["label"], said["config"]["meta"]["label_zh"])


def _meaning(said: Mapping[str, Any]) -> Text:
    return Text(said["description"].strip(), said["config"]["meta"]["description_zh"])
