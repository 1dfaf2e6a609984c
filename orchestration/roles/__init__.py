"""A file of its own for each role: the rows of its stores, and the columns that it may see."""

from orchestration.roles.publish import (
    publish_roles,
    published_views,
    refuse_bad_roles,
    roles_stand,
)

__all__ = ["publish_roles", "published_views", "refuse_bad_roles", "roles_stand"]
