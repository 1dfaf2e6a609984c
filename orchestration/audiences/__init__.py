"""Audiences as files for whoever sends: with contact data, and recorded as experiments."""

from orchestration.audiences.coupons import Given, give_coupons
from orchestration.audiences.export import Exported, export

__all__ = ["Exported", "Given", "export", "give_coupons"]
