"""How large an experiment must be, by what the shop's own customers do."""

from orchestration.experiments.history import History, history
from orchestration.experiments.page import lines
from orchestration.experiments.plan import Plan, plan

__all__ = ["History", "Plan", "history", "lines", "plan"]
