"""The files of roles, made of what was published, and never of the private warehouse.

    roles/<role>/current.duckdb -> <generation>.duckdb   the marts of the role in the schema `marts`

They lie beside `published/`, not in it: who may read a role's folder need not be let into that. A
folder is made for its owner and group alone, and stays as whoever gives access has left it.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from orchestration.duck import connect, identifier, literal, memory_limit
from orchestration.landing.keyed import HashKey
from orchestration.privacy.inventory import NONE, Declarations
from orchestration.progress import Progress
from orchestration.project import Project
from orchestration.publish.generations import generations
from orchestration.publish.marts import PublicationError, marts_of
from orchestration.publish.stage import STORAGE_VERSION
from orchestration.roles.role import Role, read_roles
from orchestration.roles.views import View

CURRENT = "current.duckdb"
KEPT = 2  # the present file, and the one that a reader may still have open
OF_THE_PUBLICATION = ("generation", "published_at", "as_of_date")


def refuse_bad_roles(project: Project, manifest: Mapping[str, Any]) -> None:
    """Raises `PublicationError` where a role asks for what there is not."""
    columns = {mart.name: list(mart.column_descriptions) for mart in marts_of(manifest)}
    for role in read_roles(project.roles):
        _view(role, columns, manifest)


def publish_roles(project: Project, manifest: Mapping[str, Any], progress: Progress) -> None:
    """Makes the file of each role of what readers see, and removes those of roles that are gone.

    Raises `PublicationError` when that is not possible; then the roles keep what they had.
    """
    roles, folder = read_roles(project.roles), project.role_files
    if folder.exists():
        for path in folder.iterdir():
            if path.name not in {role.name for role in roles}:
                shutil.rmtree(path)
    if not roles:
        return
    whole = project.published / CURRENT
    generation = generations(project.published)[0]
    with connect(whole, access_mode="read_only") as connection:
        columns: dict[str, list[str]] = {}
        for mart, column in connection.execute("""
            select table_name, column_name from duckdb_columns()
            where schema_name = 'marts' order by table_name, column_index
        """).fetchall():
            columns.setdefault(mart, []).append(column)
    for role in roles:
        progress(f"Publishing for the role {role.name}")
        view = _view(role, columns, manifest)
        try:
            _publish(view, whole, _folder(folder, role), generation.id)
        except (duckdb.Error, OSError) as error:
            raise PublicationError(
                f"The marts are published, but the file of the role {role.name} was not made "
                f"({type(error).__name__}): mend that (disk? memory?), then `regulars publish`."
            ) from error


def _view(role: Role, columns: Mapping[str, list[str]], manifest: Mapping[str, Any]) -> View:
    declarations = Declarations.of(manifest)
    personal = {
        (mart, column)
        for mart, names in columns.items()
        for column in names
        if declarations.kind("marts", mart, column) not in (None, NONE)
    }
    return View(role, columns, personal, HashKey.from_environment())


def _folder(folder: Path, role: Role) -> Path:
    """The folder of a role; a new one is its owner's and group's."""
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o755)
    own = folder / role.name
    if not own.exists():
        own.mkdir()
        own.chmod(0o750)
    return own


def _publish(view: View, whole: Path, folder: Path, generation: str) -> None:
    """Writes the file beside the present one, and points readers to it by one rename."""
    staged, file = folder / ".staged.duckdb", folder / f"{generation}.duckdb"
    staged.unlink(missing_ok=True)
    with connect(memory_limit=memory_limit()) as connection:
        connection.execute(f"attach {literal(whole)} as whole (read_only)")
        connection.execute(f"attach {literal(staged)} as own (storage_version '{STORAGE_VERSION}')")
        connection.execute("create schema own.marts")
        if view.role_key:
            view.role_key.teach(connection)
        for mart in (*view.role.marts, *view.role.whole):
            table = f"own.marts.{identifier(mart)}"
            connection.execute(f"create table {table} as {view.query(mart)}")
        facts = ", ".join(OF_THE_PUBLICATION)
        connection.execute(
            f"create table own.marts.publication as select {facts} from whole.marts.publication"
        )
        connection.execute("checkpoint own")
    staged.chmod(0o444)
    staged.replace(file)
    fresh = folder / ".current"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(file.name)
    fresh.replace(folder / CURRENT)
    # The names of generations sort by their number.
    for old in sorted(folder.glob("[0-9]*.duckdb"))[:-KEPT]:
        if old != file:
            old.unlink()
