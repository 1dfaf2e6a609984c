"""The files of roles, made of what was published, and never of the private warehouse.

    roles/<role>/current.duckdb -> <generation>-<view>.duckdb   the marts of the role in `marts`

They lie beside `published/`, not in it: who may read a role's folder need not be let into that. A
folder is made for its owner and group alone, and stays as whoever gives access has left it. What a
role sees is told by `<view>`: once that is another, no file of the former is left.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

from orchestration.artifacts import MANIFEST, read_artifact
from orchestration.duck import connect, identifier, literal
from orchestration.landing.keyed import HashKey
from orchestration.privacy.inventory import NONE, Declarations
from orchestration.progress import Progress
from orchestration.project import Project
from orchestration.publish.files import STORAGE
from orchestration.publish.generations import generations
from orchestration.publish.marts import PublicationError, marts_of
from orchestration.roles.role import Role, read_roles
from orchestration.roles.views import View

CURRENT = "current.duckdb"
KEPT = 2  # the present file, and the one that a reader may still have open
OF_THE_PUBLICATION = ("generation", "published_at", "as_of_date")


def refuse_bad_roles(
    project: Project, manifest: Mapping[str, Any], published: Path | None = None
) -> None:
    """Raises `PublicationError` where a role asks for what there is not: among the marts that the
    manifest promises, or those of a database that was `published`."""
    promised = _published_columns(published) if published else _promised_columns(manifest)
    for view in _views(project, promised, manifest):
        view.fingerprint()  # every query can be written


def promised_views(project: Project, manifest: Mapping[str, Any]) -> Iterator[View]:
    """What each role sees of the marts as the manifest promises them."""
    return _views(project, _promised_columns(manifest), manifest)


def publish_roles(project: Project, manifest: Mapping[str, Any], progress: Progress) -> None:
    """Makes the file of each role of what readers see, and removes those of roles that are gone.

    Raises `PublicationError` when that is not possible; then the roles keep what they had.
    """
    folder = project.role_files
    for path in _strange(project):
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    if not read_roles(project.roles):
        return
    whole = project.published / CURRENT
    generation = generations(project.published)[0]
    for view in _views(project, _published_columns(whole), manifest):
        role = view.role
        progress(f"Publishing for the role {role.name}")
        try:
            _publish(view, whole, _folder(folder, role), generation.id, project.data / ".spill")
        except (duckdb.Error, OSError) as error:
            raise PublicationError(
                f"The marts are published, but the file of the role {role.name} was not made "
                f"({type(error).__name__}): mend that (disk? memory?), then `regulars publish`."
            ) from error


def roles_stand(project: Project) -> bool:
    """Whether every role sees what it may see of what readers see, and nobody else sees anything:
    a run that was killed may have left files of before."""
    if list(_strange(project)):
        return False
    if not read_roles(project.roles):
        return True
    generation = generations(project.published)[0]
    columns = _published_columns(project.published / CURRENT)
    views = _views(project, columns, read_artifact(project.target / MANIFEST))
    return all(stands(project, view, generation.id) for view in views)


def stands(project: Project, view: View, generation: str) -> bool:
    """Whether the file of a role shows what it may see of this generation, and no other."""
    current = project.role_files / view.role.name / CURRENT
    is_there = current.is_symlink() and current.exists()
    return is_there and current.readlink().name == _file_name(view, generation)


def published_views(project: Project, manifest: Mapping[str, Any]) -> list[View]:
    """What each role sees of what is published."""
    if not read_roles(project.roles):
        return []
    return list(_views(project, _published_columns(project.published / CURRENT), manifest))


def _strange(project: Project) -> Iterator[Path]:
    """What lies among the files of roles, and is no role's."""
    names = {role.name for role in read_roles(project.roles)}
    if project.role_files.exists():
        yield from (path for path in project.role_files.iterdir() if path.name not in names)


def _promised_columns(manifest: Mapping[str, Any]) -> dict[str, dict[str, str | None]]:
    """The columns of marts with their types, as their YAML has them."""
    marts = {mart.name for mart in marts_of(manifest)}
    return {
        node["alias"]: {name: column.get("data_type") for name, column in node["columns"].items()}
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["alias"] in marts
    }


def _published_columns(whole: Path) -> dict[str, dict[str, str | None]]:
    """The columns of marts with their types, as readers see them."""
    columns: dict[str, dict[str, str | None]] = {}
    with connect(whole, access_mode="read_only") as connection:
        for mart, column, type_ in connection.execute("""
            select table_name, column_name, data_type from duckdb_columns()
            where schema_name = 'marts' order by table_name, column_index
        """).fetchall():
            columns.setdefault(mart, {})[column] = type_
    return columns


def _views(
    project: Project,
    columns: Mapping[str, Mapping[str, str | None]],
    manifest: Mapping[str, Any],
) -> Iterator[View]:
    """What each role sees; `PublicationError` where it asks for what there is not.

    Of a column that the manifest does not know, as another version may have published, nobody says
    that it is not a person's.
    """
    declarations, known = Declarations.of(manifest), _promised_columns(manifest)
    personal = {
        (mart, column)
        for mart, names in columns.items()
        for column in names
        if column not in known.get(mart, ())
        or declarations.kind("marts", mart, column) not in (None, NONE)
    }
    key = HashKey.from_environment()
    yield from (View(role, columns, personal, key) for role in read_roles(project.roles))


def _file_name(view: View, generation: str) -> str:
    return f"{generation}-{view.fingerprint()}.duckdb"


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


def _publish(view: View, whole: Path, folder: Path, generation: str, spill: Path) -> None:
    """Writes the file beside the present one, and points readers to it by one rename.

    A former file stays for who has it open, unless it shows what the role may no longer see.
    """
    staged, file = folder / ".staged.duckdb", folder / _file_name(view, generation)
    staged.unlink(missing_ok=True)
    with connect(temp_directory=str(spill)) as connection:
        connection.execute(f"attach {literal(whole)} as whole (read_only)")
        connection.execute(f"attach {literal(staged)} as own {STORAGE}")
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
    files = sorted(folder.glob("[0-9]*.duckdb"))
    same = [path for path in files if path.stem.endswith(f"-{view.fingerprint()}")]
    for old in set(files) - {file, *same[-KEPT:]}:
        old.unlink()
