"""What customers permit, for whoever is about to act on it."""

from orchestration.consent.withdrawn import NotKnown, Withdrawn, withdrawn_since_build

__all__ = ["NotKnown", "Withdrawn", "withdrawn_since_build"]
