"""Values of which a hash is enough: tokens of cards and devices are compared, and never shown.

A column with `meta: {keyed: true}` is landed as HMAC-SHA256 of what was delivered, under the key
of `REGULARS_HASH_KEY`: neither `raw/` nor the warehouse has the value, and without the key nobody
finds it by trying. What is hashed is the value in one spelling, as macro `clean_key` has it: what
a spreadsheet rounded may be any of many, and is landed as nothing. The hash begins with the id of
its key, so that those of two keys are never taken for one another. Another key makes other batches:
what lies in the landing folder lands anew under it. Without a key such columns are landed as they
are, but never again once there was one.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from orchestration.landing.feeds import Feed

VARIABLE = "REGULARS_HASH_KEY"
LEAST_KEY = 32  # characters; of random letters, more than anybody can try
# What is shorter tells nobody apart, and means nothing as often as not: 0, none, NULL, unknown.
LEAST_VALUE = 8
# What spreadsheets and typists leave around a value, and is none of it: macro `guards`.
AROUND = " \t\r\n\u00a0\u200b\u3000\ufeff=\"'`"
# What spreadsheets make of digits, in the words that Python and DuckDB share: macro `clean_key`.
WHOLE_FLOAT = "-?[0-9]{1,15}[.]00?"
ROUNDED = "[0-9]{16,}[.]00?|[0-9]([.,][0-9]+)?[eE][+][0-9]+|[0-9][.,][0-9]+[eE][0-9]+"
# The digits before and behind the point, and how many the exponent says should be there.
DECIMALS, EXPONENT = "^([0-9])[.,]([0-9]{1,14})[eE]", "[eE][+]?([0-9]{1,2})$"
BLOCK = 64  # bytes that SHA-256 takes at once
USED = "hash_key.txt"  # in `raw/`: the id of the key under which columns have landed


@dataclass(frozen=True)
class HashKey:
    """A key; `id` tells it from others, and tells nobody what it is."""

    secret: bytes = field(repr=False)

    @classmethod
    def from_environment(cls) -> HashKey | None:
        """The key of this machine, None where there is none; `ValueError` of one that is short."""
        secret = os.environ.get(VARIABLE, "")
        return cls.of(secret) if secret else None

    @classmethod
    def of(cls, secret: str) -> HashKey:
        if len(secret) < LEAST_KEY:
            raise ValueError(
                f"{VARIABLE} has {len(secret)} characters: take at least {LEAST_KEY} random ones, "
                "such as those of `openssl rand -hex 32`."
            )
        return cls(secret.encode())

    @property
    def id(self) -> str:
        return self.mark("key", "")[:8]

    def mark(self, kind: str, value: str) -> str:
        """64 hex digits for a value, other for each kind of value."""
        return hmac.digest(self.secret, f"{kind}\0{value}".encode(), hashlib.sha256).hex()

    def hashed(self, value: str) -> str | None:
        """What is landed of a value."""
        plain = _in_one_spelling(value)
        if plain is None or len(plain) < LEAST_VALUE:
            return value if plain is not None else None
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
        plain = _spelling_sql(value)
        digest = self.digest_sql(plain)
        return (
            f"case when {plain} is null then null when length({plain}) < {LEAST_VALUE} then {value}"
            f" else '{self.id}:' || {digest} end"
        )

    def digest_sql(self, value: str) -> str:
        """The SQL of the hash of a value as it is, for a connection that was taught."""
        inner = f"sha256(getvariable('hash_inner') || encode({value}))"
        return f"sha256(getvariable('hash_outer') || unhex({inner}))"


def refuse_to_land_in_the_clear(feeds: Iterable[Feed], raw: Path, key: HashKey | None) -> None:
    """Raises `ValueError` where columns that were landed as hashes would be landed as they are,
    and keeps which key it is: a shell without the key must not undo what it is for."""
    if not any(feed.has_keyed_columns for feed in feeds):
        return
    used = raw / USED
    if key:
        used.write_text(f"{key.id}\n")
    elif used.exists():
        raise ValueError(
            f"Columns have landed as hashes under the key {used.read_text().strip()}: set "
            f"{VARIABLE}, or they would land as they are. If you mean that, remove {used}."
        )


def _in_one_spelling(value: str) -> str | None:
    """The value without what was left around it, and with the digits that a spreadsheet spelt
    otherwise; None where it has rounded them away."""
    plain = value.strip(AROUND)
    if re.fullmatch(WHOLE_FLOAT, plain):
        return plain.partition(".")[0]
    if not re.fullmatch(ROUNDED, plain):
        return plain
    digits, exponent = re.search(DECIMALS, plain), re.search(EXPONENT, plain)
    is_whole = digits and exponent and len(digits[2]) == int(exponent[1])
    return digits[1] + digits[2] if is_whole else None


def _spelling_sql(value: str) -> str:
    """The SQL of `_in_one_spelling`."""
    plain = f"trim({value}, getvariable('around'))"
    first, decimals = (f"regexp_extract({plain}, '{DECIMALS}', {group})" for group in (1, 2))
    exponent = f"try_cast(regexp_extract({plain}, '{EXPONENT}', 1) as integer)"
    return (
        f"case when regexp_full_match({plain}, '{WHOLE_FLOAT}') then split_part({plain}, '.', 1)"
        f" when regexp_full_match({plain}, '{ROUNDED}')"
        f" then if(nullif(length({decimals}), 0) = {exponent}, {first} || {decimals}, null)"
        f" else {plain} end"
    )
