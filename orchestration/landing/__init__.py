"""The lander: delivered files become rows of text, and every line of them is accounted for."""

from orchestration.landing.claim import claim
from orchestration.landing.feeds import Feed, read_feeds
from orchestration.landing.folder import state_of
from orchestration.landing.keyed import HashKey
from orchestration.landing.land import land
from orchestration.landing.limits import Limits
from orchestration.landing.report import FileOutcome, LandingReport

__all__ = [
    "Feed",
    "FileOutcome",
    "HashKey",
    "LandingReport",
    "Limits",
    "claim",
    "land",
    "read_feeds",
    "state_of",
]
