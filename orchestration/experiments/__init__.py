"""How large an experiment must be, by what the shop's own customers do."""

from orchestration.experiments.history import History, history
from orchestration.experiments.page import lines
from orchestration.experiments.plan import Plan, chance_of_one, plan

__all__ = ["History", "Plan", "chance_of_one", "history", "lines", "plan"]
