"""Makes Superset's own database, its administrator, and what the bundle and the roles bring.

`make bi` runs it with Superset's Python; its argument is the folder that
`python -m orchestration.superset --here` wrote. What came from an earlier bundle is replaced, and
what people made beside it stays.
"""

from __future__ import annotations

import logging
import os
import secrets
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

from roles import bring_roles, import_bundle

ADMINISTRATOR = "admin"


def make_home() -> Path:
    """Superset's folder, its owner's alone, with the key by which it signs its sessions."""
    home = Path(os.environ["SUPERSET_HOME"])
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)
    key = home / "secret_key"
    if not key.exists():
        key.touch(mode=0o600)
        key.write_text(secrets.token_urlsafe(42), "utf-8")
    return home


@contextmanager
def said_to(log: Path) -> Iterator[None]:
    """What libraries say of themselves goes to a file; in the making of Superset it is much."""
    warnings.simplefilter("ignore")
    with log.open("w", encoding="utf-8") as file, redirect_stderr(file), redirect_stdout(file):
        logging.basicConfig(stream=file, force=True)
        yield


def make_database() -> None:
    """Superset's own tables, up to its present version, and its usual roles."""
    from flask_migrate import upgrade
    from superset.extensions import appbuilder, security_manager

    upgrade()
    appbuilder.add_permissions(update_perms=True)
    security_manager.sync_role_definitions()


def make_administrator() -> None:
    """Makes who may do everything; a password that was made up is said once, and kept nowhere."""
    from superset.extensions import security_manager

    if security_manager.find_user(ADMINISTRATOR):
        return
    told = os.environ.get("REGULARS_BI_PASSWORD")
    password = told or secrets.token_urlsafe(12)
    security_manager.add_user(
        ADMINISTRATOR,
        "Regulars",
        "Administrator",
        "admin@localhost",
        security_manager.find_role("Admin"),
        password,
    )
    shown = "the password of REGULARS_BI_PASSWORD" if told else f"the password {password}"
    print(f"Sign in as {ADMINISTRATOR} with {shown}.", file=sys.__stdout__, flush=True)


def main() -> None:
    told = Path(sys.argv[1])
    home = make_home()
    from superset.app import create_app

    with said_to(home / "prepare.log"), create_app().app_context():
        from flask import g
        from superset.extensions import security_manager

        make_database()
        make_administrator()
        # Whoever imports owns what is imported.
        g.user = security_manager.find_user(ADMINISTRATOR)
        import_bundle(told / "regulars.zip")
        bring_roles(told / "roles.zip")


if __name__ == "__main__":
    main()
