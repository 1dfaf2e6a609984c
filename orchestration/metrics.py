"""The key figures as people read of them: names and meanings of the metrics of models/semantic/.

`python -m orchestration.metrics` writes docs/metrics.md and docs/metrics.zh-CN.md anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from orchestration.labels import LANGUAGES, Text, read_labels
from orchestration.project import ROOT
from orchestration.yaml_file import read_yaml

FOLDER = ROOT / "models" / "semantic"
PAGES = {"en": ROOT / "docs" / "metrics.md", "zh": ROOT / "docs" / "metrics.zh-CN.md"}
EXAMPLE = """\
```sh
pip install --require-hashes -r requirements-semantic.lock
dbt parse
mf query --metrics orders,net_revenue --group-by metric_time__month,order__channel
```"""


@dataclass(frozen=True)
class Metric:
    """A metric: what it is called, what it means, and how it is counted, as SQL."""

    name: str
    label: Text
    meaning: Text
    formula: str
    cells: str | None
    """In which cells of the marts it is; None for what is only asked of MetricFlow."""
    not_meant: Text | None
    """For what it is often taken, and is not."""
    parts: tuple[str, ...]
    """The metrics that a ratio divides, the divisor last; of others none."""
    adds_up: bool
    """Whether that of a time is what its days come to: of a ratio, what its parts come to. People
    who are counted once are not the sum of the people of days."""


@cache
def metrics() -> Mapping[str, Metric]:
    """All metrics by name, in the order of their files."""
    files = [read_yaml(path) for path in sorted(FOLDER.glob("*.yml"))]
    measures = {
        measure["name"]: measure
        for file in files
        for model in file["semantic_models"]
        for measure in model["measures"]
    }
    said = {metric["name"]: metric for file in files for metric in file["metrics"]}
    return {name: _metric(name, said, measures) for name in said}


def _metric(name: str, all_said: Mapping[str, Any], measures: Mapping[str, Any]) -> Metric:
    said = all_said[name]
    meta = said["config"]["meta"]
    parts = _parts(said["type_params"])
    counted = [all_said[each] for each in parts or (name,)]
    return Metric(
        name=said["name"],
        label=Text(said["label"], meta["label_zh"]),
        meaning=Text(said["description"], meta["description_zh"]),
        formula=_formula(said["type_params"], measures),
        cells=meta.get("cells"),
        not_meant=Text(meta["not_meant"], meta["not_meant_zh"]) if "not_meant" in meta else None,
        parts=parts,
        adds_up=all(each["type"] == "simple" and _sums(each, measures) for each in counted),
    )


def _parts(params: Mapping[str, Any]) -> tuple[str, ...]:
    return (params["numerator"], params["denominator"]) if "numerator" in params else ()


def _sums(said: Mapping[str, Any], measures: Mapping[str, Any]) -> bool:
    measure = measures[said["type_params"]["measure"]]
    return measure["agg"] == "sum" and "non_additive_dimension" not in measure


def _formula(params: Mapping[str, Any], measures: Mapping[str, Any]) -> str:
    if parts := _parts(params):
        return " / ".join(parts)
    measure = measures[params["measure"]]
    aggregate = measure["agg"].replace("count_distinct", "count distinct")
    return f"{aggregate}: {measure.get('expr', measure['name'])}"


def page(language: str) -> str:
    """The page of all metrics in one language, as Markdown."""
    return "\n".join(_lines(language)) + "\n"


def _lines(language: str) -> Iterator[str]:
    words = read_labels(Path(__file__).with_suffix(".yml"))

    def said(text: Text) -> str:
        return getattr(text, language)

    yield f"# {said(words['title'])}"
    yield from ("", said(words["other"]), "", said(words["lead"]), "", EXAMPLE)
    for heading, listed in (
        ("kpis", [metric for metric in metrics().values() if metric.cells]),
        ("others", [metric for metric in metrics().values() if not metric.cells]),
    ):
        columns = ["name", "code", "meaning", "formula", *(["cells"] if heading == "kpis" else [])]
        yield from ("", f"## {said(words[heading])}", "")
        yield _row(said(words[column]) for column in columns)
        yield _row("---" for _ in columns)
        for metric in listed:
            cells = [words["in_cells"][metric.cells]] if metric.cells else []
            yield _row(
                [
                    said(metric.label),
                    f"`{metric.name}`",
                    f"{said(metric.meaning)}{_not_meant(words, metric, language)}",
                    f"`{metric.formula}`",
                    *map(said, cells),
                ]
            )


def _not_meant(words: Mapping[str, Any], metric: Metric, language: str) -> str:
    if metric.not_meant is None:
        return ""
    return getattr(words["not_meant"].format(what=getattr(metric.not_meant, language)), language)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> None:
    for language in LANGUAGES:
        PAGES[language].write_text(page(language), "utf-8")


if __name__ == "__main__":
    main()
