"""Audiences as files for whoever sends: with contact data, and recorded as experiments."""

from orchestration.audiences.coupons import Given, give_coupons
from orchestration.audiences.export import Exported, export
from orchestration.audiences.members import audiences_in_use

__all__ = ["Exported", "Given", "audiences_in_use", "export", "give_coupons"]
