"""Makes Superset's own database, its administrator, the bundle's content and the roles of readers.

Run by Superset's Python (`make bi`): `prepare.py BUNDLE ACCESS`. What is there already is kept, and
what came from an earlier bundle is replaced.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from pathlib import Path
from zipfile import ZipFile

ADMINISTRATOR = "admin"


def home() -> Path:
    """Superset's folder, its owner's alone, with the key by which it signs its sessions."""
    folder = Path(os.environ["SUPERSET_HOME"])
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = folder / "secret_key"
    if not key.exists():
        key.touch(mode=0o600)
        key.write_text(secrets.token_urlsafe(42), "utf-8")
    return folder


def make_database() -> None:
    from flask_migrate import upgrade
    from superset.extensions import appbuilder, security_manager

    upgrade()
    appbuilder.add_permissions(update_perms=True)
    security_manager.sync_role_definitions()


def make_administrator() -> None:
    """Makes who may do everything; their password is said once, and kept nowhere."""
    from superset.extensions import security_manager

    if security_manager.find_user(ADMINISTRATOR):
        return
    told = os.environ.get("REGULARS_BI_PASSWORD")
    password = told or secrets.token_urlsafe(12)
    everything = security_manager.find_role("Admin")
    security_manager.add_user(
        ADMINISTRATOR, "Regulars", "Administrator", "admin@localhost", everything, password
    )
    shown = "the password of REGULARS_BI_PASSWORD" if told else f"password {password}"
    print(f"Superset: sign in as {ADMINISTRATOR}, {shown}.", flush=True)


def import_bundle(bundle: Path) -> None:
    from superset.commands.importers.v1.assets import ImportAssetsCommand
    from superset.commands.importers.v1.utils import get_contents_from_bundle

    with ZipFile(bundle) as file:
        contents = get_contents_from_bundle(file)
    ImportAssetsCommand(contents).run()


def apply_access(access: Path) -> None:
    """Gives each role of `roles/` the datasets that are its own, and of those its rows alone."""
    from superset.connectors.sqla.models import RowLevelSecurityFilter, SqlaTable
    from superset.extensions import db, security_manager

    tables = {str(table.uuid): table for table in db.session.query(SqlaTable)}
    rules = {rule.name: rule for rule in db.session.query(RowLevelSecurityFilter)}
    told = json.loads(access.read_text("utf-8"))
    # What was withdrawn is withdrawn here too, whatever else was given to the role by hand.
    for name in {role.name for role in security_manager.get_all_roles()} - {
        each["name"] for each in told
    }:
        if name.startswith("Regulars: "):
            security_manager.find_role(name).permissions = []
    for rule in rules.values():
        if rule.name.startswith("Regulars: "):
            db.session.delete(rule)
    for each in told:
        role = security_manager.add_role(each["name"])
        own = [tables[uuid] for uuid in each["datasets"]]
        role.permissions = [
            security_manager.add_permission_view_menu("datasource_access", table.perm)
            for table in own
        ]
        for rule in each["rows"]:
            db.session.add(
                RowLevelSecurityFilter(
                    name=rule["name"],
                    description=each["description"],
                    filter_type="Regular",
                    clause=rule["condition"],
                    tables=[tables[uuid] for uuid in rule["datasets"]],
                    roles=[role],
                )
            )
    db.session.commit()


def main() -> None:
    bundle, access = map(Path, sys.argv[1:])
    os.environ.setdefault("SUPERSET_CONFIG_PATH", str(Path(__file__).with_name("superset_config.py")))
    home()
    from superset.app import create_app

    with create_app().app_context():
        from flask import g
        from superset.extensions import security_manager

        make_database()
        make_administrator()
        g.user = security_manager.find_user(ADMINISTRATOR)
        import_bundle(bundle)
        apply_access(access)


if __name__ == "__main__":
    main()
