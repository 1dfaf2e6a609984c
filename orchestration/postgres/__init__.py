"""A copy of the marts in PostgreSQL, for teams that serve many readers at once."""

from orchestration.postgres.address import Address
from orchestration.postgres.publish import publish_to

__all__ = ["Address", "publish_to"]
