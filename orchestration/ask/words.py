"""What marts and key figures mean, and what not, as their YAML says in both languages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from orchestration.ask.answers import Definition
from orchestration.ask.refusals import labels
from orchestration.labels import Text
from orchestration.metrics import Metric
from orchestration.yaml_file import read_yaml

# The row that publishing adds; no model makes it.
PUBLICATION = "publication"
REFERENCE = re.compile(r"ref\('(\w+)'\)")


@dataclass(frozen=True)
class MartWords:
    """What a mart is about, by which columns its rows are told apart, and which lead elsewhere."""

    definition: Definition
    subject: str = ""
    key: Sequence[str] = ()
    references: Mapping[str, str] = field(default_factory=dict)

    @property
    def grain(self) -> Text:
        """The last sentence of what it means."""
        english = self.definition.means.en.rstrip(".").rpartition(". ")[2]
        chinese = self.definition.means.zh.rstrip("。").rpartition("。")[2]
        return Text(f"{english}.", f"{chinese}。")


@cache
def mart_words(root: Path) -> Mapping[str, MartWords]:
    """The words of all marts of the project below `root`, by name."""
    files = sorted((root / "models" / "marts").glob("*/*.yml"))
    return {
        model["name"]: _words(model, path.parent.name)
        for path in files
        for model in read_yaml(path).get("models", ())
    }


def words_of(root: Path, mart: str, comment: str = "") -> MartWords:
    """The words of a mart; of one that the project doesn't know, what the file says of it."""
    if mart == PUBLICATION:
        return MartWords(Definition(mart, None, labels()[PUBLICATION], None))
    said = comment or f"{mart}."
    unknown = MartWords(Definition(mart, None, Text(said, said), None))
    return mart_words(root).get(mart, unknown)


def _words(model: Mapping[str, Any], subject: str) -> MartWords:
    meta = model.get("config", {}).get("meta", {})
    description = " ".join(model.get("description", "").split())
    audit = next((test["audit"] for test in model.get("data_tests", ()) if "audit" in test), {})
    asked = audit.get("arguments", {})
    references = asked.get("references", {})
    return MartWords(
        Definition(
            model["name"],
            None,
            Text(description, meta.get("description_zh", description)),
            Text(meta["not_meant"], meta["not_meant_zh"]) if "not_meant" in meta else None,
        ),
        subject,
        asked.get("key", ()),
        {
            column: found[1]
            for column, target in references.items()
            if (found := REFERENCE.search(str(target)))
        },
    )


def metric_definition(metric: Metric) -> Definition:
    return Definition(metric.name, metric.label, metric.meaning, metric.not_meant)
