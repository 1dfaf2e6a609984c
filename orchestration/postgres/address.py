"""Where a PostgreSQL server is, and how it is spoken to: never without its name being proved."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

# The address with its password, where the command line has none of it.
VARIABLE = "REGULARS_POSTGRES"
PASSWORD = "PGPASSWORD"
HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Address:
    """A database and who asks for it."""

    host: str
    port: int
    database: str
    user: str
    password: str | None
    is_encrypted: bool
    authority: str | None = None
    """The file of who vouches for the server, where the machine does not know them."""

    @classmethod
    def read(cls, told: str, environment: Mapping[str, str] = os.environ) -> Address:
        """The address on the command line, or that of the environment for `postgres://` alone.

        Raises `ValueError`, which says what to do, and never repeats a password.
        """
        is_named = told.rstrip("/") not in ("postgres:", "postgresql:")
        parts, port = _split(told if is_named else environment.get(VARIABLE, ""))
        if is_named and parts.password:
            raise ValueError(
                "Others see a password on the command line: put it into PGPASSWORD, or the whole "
                f"address into {VARIABLE} and say `--to postgres://`."
            )
        asked = _asked(parts)
        authority = asked.get("sslrootcert")
        if authority and not Path(authority).is_file():
            raise ValueError(f"There is no file {authority}, which sslrootcert names.")
        host = asked.get("host") or parts.hostname or "localhost"
        database = unquote(parts.path.strip("/"))
        if not database:
            raise ValueError("The address names no database: postgres://user@host/database.")
        return cls(
            host=host,
            port=port,
            database=database,
            user=unquote(
                parts.username or environment.get("PGUSER") or environment.get("USER", "")
            ),
            password=unquote(parts.password) if parts.password else environment.get(PASSWORD),
            is_encrypted=asked.get("sslmode") != "disable"
            and host not in HERE
            and not host.startswith("/"),
            authority=authority,
        )

    def __str__(self) -> str:
        return f"{self.host}:{self.port}/{self.database}"

    @property
    def options(self) -> dict[str, Any]:
        """What the driver is told; another machine has to prove its name."""
        at = (
            {"unix_sock": f"{self.host}/.s.PGSQL.{self.port}"}
            if self.host.startswith("/")
            else {"host": self.host, "port": self.port}
        )
        secure = ssl.create_default_context(cafile=self.authority) if self.is_encrypted else False
        return {
            **at,
            "user": self.user,
            "password": self.password,
            "database": self.database,
            "ssl_context": secure,
            "application_name": "regulars publish",
        }


def _split(address: str) -> tuple[SplitResult, int]:
    """The parts of an address, and its port; `ValueError` says what is wanted, and not what Python
    says, which is a part of a password where that stands in the place of a port."""
    try:
        parts = urlsplit(address)
        port = parts.port or int(_asked(parts).get("port", 5432))
        if parts.scheme in ("postgres", "postgresql") and "@" not in parts.path:
            return parts, port
    except ValueError:
        pass
    raise ValueError(
        f"An address is postgres://user@host:port/database, or in {VARIABLE} "
        "postgres://user:password@host/database, with %2F, %23 and %3F where the password has /, "
        "# and ?."
    )


def _asked(parts: SplitResult) -> dict[str, str]:
    """What stands behind the question mark."""
    return {name: values[-1] for name, values in parse_qs(parts.query).items()}
