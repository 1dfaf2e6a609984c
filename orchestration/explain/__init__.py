"""Why some accounts are one customer, where that customer stands, and who nearly belonged to it."""

from orchestration.explain.evidence import Customer, explain, explain_published
from orchestration.explain.page import Page

__all__ = ["Customer", "Page", "explain", "explain_published"]
