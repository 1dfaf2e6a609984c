"""Why a question gets no answer: a sentence in both languages that says what to do."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from orchestration.labels import Text, read_labels


@cache
def labels() -> Mapping[str, Any]:
    """All words of the answers but those of marts and metrics."""
    return read_labels(Path(__file__).with_name("labels.yml"))


class Refused(Exception):
    """A question that is not answered; `reason` says why, and what to ask instead."""

    def __init__(self, reason: Text):
        self.reason = reason
        super().__init__(reason.en)


def refused(code: str, /, **words: str) -> Refused:
    """The refusal that `labels.yml` has for the code."""
    return Refused(labels()["refusals"][code].format(**words))
