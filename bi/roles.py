"""Gives the roles of a Superset what the files of `roles/` say: `python roles.py roles.zip`.

It runs with the Python and the settings of that Superset, which has imported `regulars.zip`;
`python -m orchestration.superset` wrote both. What a role had before goes, and so it may run again
at any time.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import yaml

# What is called so is made here, and goes when its file of `roles/` has gone.
OURS = "Regulars: "


def import_bundle(bundle: Path) -> Mapping[str, str]:
    """Databases, datasets, charts and dashboards, by their ids; returns what its files say."""
    from superset.commands.importers.v1.assets import ImportAssetsCommand
    from superset.commands.importers.v1.utils import get_contents_from_bundle

    with ZipFile(bundle) as file:
        contents = get_contents_from_bundle(file)
    ImportAssetsCommand(contents).run()
    return contents


def apply_access(roles: Sequence[Mapping[str, Any]]) -> None:
    """Gives each role its datasets, and of those its rows alone; takes what it had before."""
    from superset.connectors.sqla.models import RowLevelSecurityFilter, SqlaTable
    from superset.extensions import db, security_manager

    tables = {str(table.uuid): table for table in db.session.query(SqlaTable)}
    if any(uuid not in tables for told in roles for uuid in told["datasets"]):
        sys.exit("This Superset lacks datasets of the roles: import regulars.zip of now first.")
    for role in security_manager.get_all_roles():
        if role.name.startswith(OURS):
            role.permissions = []
    for rule in db.session.query(RowLevelSecurityFilter):
        if rule.name.startswith(OURS):
            db.session.delete(rule)
    for told in roles:
        role = security_manager.add_role(told["name"])
        role.permissions = [
            security_manager.add_permission_view_menu("datasource_access", tables[uuid].perm)
            for uuid in told["datasets"]
        ]
        for rule in told["rows"]:
            db.session.add(
                RowLevelSecurityFilter(
                    name=rule["name"],
                    filter_type="Regular",
                    clause=rule["condition"],
                    tables=[tables[uuid] for uuid in rule["datasets"]],
                    roles=[role],
                )
            )
    db.session.commit()


def bring_roles(bundle: Path) -> int:
    """Roles with their datasets and rules, and no others of ours; returns how many they are."""
    roles = yaml.safe_load(import_bundle(bundle)["access.yaml"])
    apply_access(roles)
    return len(roles)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bundle", type=Path, help="roles.zip, as `make bi-bundle` wrote it")
    parser.add_argument("--username", default="admin", help="who will own the datasets of roles")
    told = parser.parse_args()
    from superset.app import create_app

    with create_app().app_context():
        from superset.extensions import security_manager
        from superset.utils.core import override_user

        owner = security_manager.find_user(told.username)
        if owner is None:
            sys.exit(f"This Superset has no user {told.username}: name an administrator.")
        with override_user(owner):
            count = bring_roles(told.bundle)
    print(f"{count} roles see what their files say.")


if __name__ == "__main__":
    main()
