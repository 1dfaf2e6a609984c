"""What Superset is told when `make bi` starts it; a Superset of your own needs none of it."""

import os
from pathlib import Path

HOME = Path(os.environ["SUPERSET_HOME"])

SECRET_KEY = (HOME / "secret_key").read_text("utf-8")
SQLALCHEMY_DATABASE_URI = f"sqlite:///{HOME / 'superset.db'}"

LANGUAGES = {
    "en": {"flag": "us", "name": "English"},
    "zh": {"flag": "cn", "name": "中文"},
}

# What is asked is answered by what is published now, and never by a cache of before.
CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
DATA_CACHE_CONFIG = CACHE_CONFIG

# One machine, one process: limits of requests are counted in its memory.
RATELIMIT_STORAGE_URI = "memory://"
WTF_CSRF_ENABLED = True

# The page asks nothing of the network: neither fonts, maps and pictures nor the counter of visits.
TALISMAN_CONFIG = {
    "content_security_policy": {
        "base-uri": ["'self'"],
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": "'none'",
        "style-src": ["'self'", "'unsafe-inline'"],
        "font-src": ["'self'"],
        "script-src": ["'self'", "'strict-dynamic'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,
    # Loopback has no certificate, and a browser keeps a cookie to itself there.
    "session_cookie_secure": False,
}


def DB_CONNECTION_MUTATOR(uri, params, username, security_manager, source):  # noqa: N802
    """Opens the file that the pointer shows now.

    DuckDB keeps a file open under the name by which it was opened as long as anybody reads from it.
    Opened under the name of its generation, a new publication is another file at once.
    """
    if uri.drivername.startswith("duckdb") and uri.database:
        uri = uri.set(database=os.path.realpath(uri.database))
    return uri, params
