"""The key figures as people read of them: names and meanings of the metrics of models/semantic/.

`python -m orchestration.metrics` writes docs/metrics.md and docs/metrics.zh-CN.md anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from orchestration.labels import LANGUAGES, Text, read_labels
from orchestration.project import ROOT

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


@cache
def metrics() -> Mapping[str, Metric]:
    """All metrics by name, in the order of their files."""
    files = [yaml.safe_load(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.yml"))]
    measures = {
        measure["name"]: measure
        for file in files
        for model in file["semantic_models"]
        for measure in model["measures"]
    }
    return {said["name"]: _metric(said, measures) for file in files for said in file["metrics"]}


def _metric(said: Mapping[str, Any], measures: Mapping[str, Any]) -> Metric:
    meta = said["config"]["meta"]
    return Metric(
        name=said["name"],
        label=Text(said["label"], meta["label_zh"]),
        meaning=Text(said["description"], meta["description_zh"]),
        formula=_formula(said["type_params"], measures),
        cells=meta.get("cells"),
    )


def _formula(params: Mapping[str, Any], measures: Mapping[str, Any]) -> str:
    if "numerator" in params:
        return f"{params['numerator']} / {params['denominator']}"
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
                    said(metric.meaning),
                    f"`{metric.formula}`",
                    *map(said, cells),
                ]
            )


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> None:
    for language in LANGUAGES:
        PAGES[language].write_text(page(language), "utf-8")


if __name__ == "__main__":
    main()
