"""What customers permit, for whoever is about to act on it."""

from orchestration.consent.withdrawn import (
    NotKnown,
    Withdrawn,
    feeds_of_consents,
    withdrawn_since_build,
)

__all__ = ["NotKnown", "Withdrawn", "feeds_of_consents", "withdrawn_since_build"]
