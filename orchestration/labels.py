"""Texts that people read: each exists in English and in Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from orchestration.yaml_file import read_yaml

LANGUAGES = ("en", "zh")


class Text(NamedTuple):
    """One text in both languages."""

    en: str
    zh: str

    def format(self, **figures: str) -> Text:
        return Text(*(text.format(**figures) for text in self))


def read_labels(path: Path) -> Mapping[str, Any]:
    """A file of labels as nested mappings, in which each pair of `en` and `zh` is a `Text`."""
    return _texts(read_yaml(path))


def _texts(node: Any) -> Any:
    if isinstance(node, list):
        return [_texts(child) for child in node]
    if not isinstance(node, dict):
        return node
    if node.keys() == set(LANGUAGES):
        return Text(**node)
    return {key: _texts(child) for key, child in node.items()}
