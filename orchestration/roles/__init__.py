"""A file of its own for each role: the rows of its stores, and the columns that it may see."""

from orchestration.roles.publish import (
    CURRENT,
    promised_views,
    publish_roles,
    published_views,
    refuse_bad_roles,
    roles_stand,
    stands,
)
from orchestration.roles.views import View

__all__ = [
    "CURRENT",
    "View",
    "promised_views",
    "publish_roles",
    "published_views",
    "refuse_bad_roles",
    "roles_stand",
    "stands",
]
