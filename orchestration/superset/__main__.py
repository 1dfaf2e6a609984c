"""Writes what Superset imports: `python -m orchestration.superset FOLDER`."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click

from orchestration.artifacts import Artifacts, NoArtifacts
from orchestration.progress import say
from orchestration.project import Project
from orchestration.publish.marts import PublicationError
from orchestration.roles import CURRENT, promised_views
from orchestration.superset.access import Access, of_roles
from orchestration.superset.bundle import Bundle, write_bundle


@click.command()
@click.argument("to", type=click.Path(path_type=Path))
@click.option("--here", is_flag=True, help="For a Superset on this machine.")
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    default="/path/to",
    help="Where a Superset elsewhere finds the data folder.",
)
def main(to: Path, here: bool, data: Path) -> None:
    """Write what Superset imports: datasets of all marts with dashboards on them, and roles."""
    project = Project.from_environment()
    seen = project if here else replace(project, data=data)
    try:
        if here and not (project.published / CURRENT).exists():
            raise PublicationError("There is nothing published to look at: `make run` comes first.")
        manifest = Artifacts.read(project.target).manifest
        bundle = Bundle.of(manifest)
        roles = [Access(view, bundle) for view in promised_views(project, manifest)]
    except (NoArtifacts, PublicationError) as error:
        say(str(error), err=True)
        sys.exit(1)
    with_files = [
        role for role in roles if (project.role_files / role.view.role.name / CURRENT).exists()
    ]
    write_bundle(bundle.contents(f"duckdb:///{seen.published / CURRENT}"), to / "regulars.zip")
    write_bundle(of_roles(roles, with_files, seen), to / "roles.zip")
    say(f"Wrote {to}/regulars.zip and {to}/roles.zip.")


if __name__ == "__main__":
    main()
