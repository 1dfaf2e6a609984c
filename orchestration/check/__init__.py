"""`regulars check`: lands and builds one source beside the warehouse, and says what came of it."""

from orchestration.check.findings import Findings, find
from orchestration.check.page import lines_of
from orchestration.check.scratch import build, delivered_entities

__all__ = ["Findings", "build", "delivered_entities", "find", "lines_of"]
