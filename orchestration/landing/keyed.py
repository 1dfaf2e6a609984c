"""Values of which a hash is enough: tokens of cards and devices are compared, and never read.

A column with `meta: {keyed: true}` is landed as HMAC-SHA256 of what was delivered, under the key
of `REGULARS_HASH_KEY`: neither `raw/` nor the warehouse has the value, and without the key nobody
finds it by trying. The hash begins with the id of its key, so that those of two keys are never
taken for one another. Another key makes other batches: what lies in the landing folder lands anew
under it. Without a key in the environment such columns are landed as they are.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass, field

import duckdb

VARIABLE = "REGULARS_HASH_KEY"
LEAST_KEY = 32  # characters; of random letters, more than anybody can try
# What is shorter tells nobody apart, and means nothing as often as not: 0, none, NULL, unknown.
LEAST_VALUE = 8
# What spreadsheets and typists leave around a value, and is none of it.
AROUND = " \t\r\n\"'`="
BLOCK = 64  # bytes that SHA-256 takes at once


@dataclass(frozen=True)
class HashKey:
    """A key; `id` tells it from others, and tells nobody what it is."""

    secret: bytes = field(repr=False)

    @classmethod
    def from_environment(cls) -> HashKey | None:
        """The key of this machine, None where there is none; `ValueError` of one that is short."""
        secret = os.environ.get(VARIABLE, "")
        if not secret:
            return None
        if len(secret) < LEAST_KEY:
            raise ValueError(
                f"{VARIABLE} has {len(secret)} characters: take at least {LEAST_KEY} random ones, "
                "such as those of `openssl rand -hex 32`."
            )
        return cls(secret.encode())

    @property
    def id(self) -> str:
        return hmac.new(self.secret, b"key\0", hashlib.sha256).hexdigest()[:8]

    def hashed(self, value: str) -> str:
        """What is landed of a value."""
        plain = value.strip(AROUND)
        if len(plain) < LEAST_VALUE:
            return value
        return f"{self.id}:{hmac.new(self.secret, plain.encode(), hashlib.sha256).hexdigest()}"

    def teach(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Lets DuckDB compute what `hashed` does; the key stands in no SQL, nor in its errors."""
        short = hashlib.sha256(self.secret).digest() if len(self.secret) > BLOCK else self.secret
        padded = short.ljust(BLOCK, b"\0")
        for name, mask in {"inner": 0x36, "outer": 0x5C}.items():
            pad = bytes(byte ^ mask for byte in padded)
            connection.execute(f"set variable hash_{name} = ?", [pad])
        connection.execute("set variable around = ?", [AROUND])

    def sql(self, value: str) -> str:
        """The SQL of `hashed`, for a connection that was taught."""
        plain = f"trim({value}, getvariable('around'))"
        digest = self.digest_sql(plain)
        return f"if(length({plain}) < {LEAST_VALUE}, {value}, '{self.id}:' || {digest})"

    def digest_sql(self, value: str) -> str:
        """The SQL of the hash of a value as it is, for a connection that was taught."""
        inner = f"sha256(getvariable('hash_inner') || encode({value}))"
        return f"sha256(getvariable('hash_outer') || unhex({inner}))"
