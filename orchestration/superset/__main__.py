"""Writes what Superset imports: `python -m orchestration.superset FILE.zip`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from orchestration.artifacts import Artifacts, NoArtifacts
from orchestration.progress import say
from orchestration.project import Project
from orchestration.publish.marts import PublicationError
from orchestration.roles import CURRENT, promised_views
from orchestration.superset.access import Access, own_files
from orchestration.superset.bundle import Bundle, write_bundle


@click.command()
@click.argument("to", type=click.Path(path_type=Path))
@click.option("--here", is_flag=True, help="Into a folder, for a Superset on this machine.")
def main(to: Path, here: bool) -> None:
    """Write what Superset imports to a zip: datasets of all marts, and dashboards on them."""
    project = Project.from_environment()
    try:
        if here and not (project.published / CURRENT).exists():
            raise PublicationError("There is nothing published to look at: `make run` comes first.")
        manifest = Artifacts.read(project.target).manifest
        bundle = Bundle.of(manifest)
        if here:
            roles = [Access(view, bundle) for view in promised_views(project, manifest)]
            write_for_here(project, bundle, roles, to)
        else:
            write_bundle(bundle.contents(), to)
    except (NoArtifacts, PublicationError) as error:
        say(str(error), err=True)
        sys.exit(1)
    say(f"Wrote {to}.")


def write_for_here(project: Project, bundle: Bundle, roles: list[Access], folder: Path) -> None:
    """The bundle on this project's published file, and what belongs to its roles."""
    write_bundle(
        bundle.contents(f"duckdb:///{project.published / CURRENT}"), folder / "regulars.zip"
    )
    with_files = [
        role for role in roles if (project.role_files / role.view.role.name / CURRENT).exists()
    ]
    write_bundle(own_files(with_files, project), folder / "roles.zip")
    told = [role.content(is_own_file_there=role in with_files) for role in roles]
    (folder / "access.json").write_text(json.dumps(told, indent=1), "utf-8")


if __name__ == "__main__":
    main()
