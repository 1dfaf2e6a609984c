"""The words of the page."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from orchestration.labels import read_labels
from orchestration.metrics import metrics


@cache
def labels() -> Mapping[str, Any]:
    """The words of the page that no panel has for itself; key figures are called as defined."""
    said = read_labels(Path(__file__).with_name("labels.yml"))
    kpis = {name: metric.label for name, metric in metrics().items()}
    return {**said, "values": {**said["values"], "kpi": kpis}}


def number_format(column: str, formats: Mapping[str, str]) -> str | None:
    """How numbers of `column` are written, for Python and numbers.js; None for the usual way."""
    share = ".1%" if column.endswith("_share") else None
    return formats.get(column, labels()["formats"].get(column, share))
