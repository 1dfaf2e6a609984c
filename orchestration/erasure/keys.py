"""The keys with which marks are made of what identifies a person, so that nobody else can."""

from __future__ import annotations

import os

from orchestration.landing.keyed import LEAST_KEY, VARIABLE, HashKey

FORMER = "REGULARS_FORMER_HASH_KEYS"


def own_key() -> HashKey:
    """The key that new marks are made with; `ValueError` says what to do where there is none."""
    key = HashKey.from_environment()
    if key is None:
        raise ValueError(
            f"Set {VARIABLE} to a secret of your own of {LEAST_KEY} characters or more, such as "
            "`openssl rand -hex 32` gives, and keep it: what tells an erased person from others "
            "is made with it."
        )
    return key


def known_keys() -> dict[str, HashKey]:
    """The keys by their ids: today's, and those before it, with blanks between them."""
    secrets = [os.environ.get(VARIABLE, ""), *os.environ.get(FORMER, "").split()]
    keys = [HashKey.of(secret) for secret in secrets if secret]
    return {key.id: key for key in keys}
