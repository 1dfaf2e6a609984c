"""The key with which marks are made of what identifies a person, so that nobody without it can."""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass

VARIABLE = "REGULARS_HASH_KEY"
FORMER = "REGULARS_FORMER_HASH_KEYS"
SHORTEST = 32  # characters; a shorter secret may be guessed


@dataclass(frozen=True)
class Key:
    """A secret, and the id by which a mark says with which of the keys it was made."""

    secret: bytes

    @property
    def id(self) -> str:
        return self.mark("key", "")[:8]

    def mark(self, kind: str, value: str) -> str:
        """64 hex digits for a value: HMAC-SHA256, other for each kind of value."""
        return hmac.digest(self.secret, f"{kind}\0{value}".encode(), hashlib.sha256).hex()


def own_key() -> Key:
    """The key that new marks are made with; `ValueError` says what to do where there is none."""
    return _key(os.environ.get(VARIABLE, ""))


def known_keys() -> dict[str, Key]:
    """The keys by their ids: today's, and those before it, with blanks between them."""
    secrets = [os.environ.get(VARIABLE, ""), *os.environ.get(FORMER, "").split()]
    keys = [_key(secret) for secret in secrets if secret]
    return {key.id: key for key in keys}


def _key(secret: str) -> Key:
    if len(secret) < SHORTEST:
        raise ValueError(
            f"Set {VARIABLE} to a secret of your own of {SHORTEST} characters or more, such as "
            "`openssl rand -hex 32` gives, and keep it: what tells an erased person from others "
            "is made with it."
        )
    return Key(secret.encode())
