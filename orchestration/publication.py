"""The publication of an audited warehouse, with the facts that readers get to know of it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path

import duckdb

from orchestration.artifacts import MANIFEST, Artifacts, read_artifact
from orchestration.duck import first_line
from orchestration.excel import workbooks_of
from orchestration.failures import RefreshFailed
from orchestration.progress import Phase, Progress
from orchestration.project import Project
from orchestration.publish import generations
from orchestration.publish.files import DATABASE
from orchestration.publish.generations import Generation
from orchestration.publish.marts import marts_of
from orchestration.publish.stage import PublicationFacts
from orchestration.request import Request
from orchestration.roles import publish_roles, refuse_bad_roles
from orchestration.warehouse import answer


def publish(request: Request, artifacts: Artifacts, progress: Progress) -> Generation:
    """Publishes the warehouse, of which these artifacts vouch, as a new generation."""
    refuse_bad_roles(request.project, artifacts.manifest)
    progress(Phase(f"Publishing, after {artifacts.check_count} checks", "publish"))
    generation = generations.publish(
        marts_of(artifacts.manifest),
        request.project.warehouse,
        request.project.published,
        _facts(request, artifacts),
        datetime.now(UTC),
        # Readers may have a disk of their own, which is slow to reach, or small.
        {"temp_directory": str(request.project.data / ".spill")},
        fingerprint=artifacts.fingerprint,
        beside=_workbooks(progress),
    )
    publish_roles(request.project, artifacts.manifest, progress)
    return generation


def roll_back(project: Project, progress: Progress) -> Generation:
    """Points readers to the generation before, and makes of it what roles see.

    Where a role asks for what that has not, as one of another version may, nobody is moved.
    """
    manifest = read_artifact(project.target / MANIFEST) if project.role_files.exists() else None
    if manifest:
        refuse_bad_roles(project, manifest, generations.earlier(project.published) / DATABASE)
    generation = generations.rollback(project.published)
    if manifest:
        publish_roles(project, manifest, progress)
    return generation


def _workbooks(progress: Progress) -> Callable[[Path], list[Path]]:
    """Makes the workbooks of a generation; one that can't be made keeps no mart from readers."""

    def written(folder: Path) -> list[Path]:
        try:
            return workbooks_of(folder / DATABASE, folder)
        except (duckdb.Error, OSError) as error:
            progress(f"No workbook could be made of this generation ({first_line(error)})")
            return []

    return written


def _facts(request: Request, artifacts: Artifacts) -> PublicationFacts:
    variables = request.project.variables(artifacts.run["args"].get("vars") or {})
    known_at = variables.get("known_at")
    return PublicationFacts(
        as_of_date=_as_of_date(request),
        known_at=datetime.fromisoformat(str(known_at)) if known_at else None,
        code_version=code_version(request.project.root),
        dbt_version=artifacts.manifest["metadata"]["dbt_version"],
        engine=request.project.engine,
        reporting_currency=variables.get("reporting_currency"),
    )


def _as_of_date(request: Request) -> date:
    latest = answer(
        request.project.warehouse,
        "select max(as_of_date) filter (where is_latest)"
        " from warehouse.intermediate.int_as_of_dates",
    )
    if not latest:
        raise RefreshFailed(
            [
                "The project has no model int_as_of_dates (as_of_date, is_latest) in the schema "
                "intermediate, so that nobody could say of which day its marts are: add it."
            ]
        )
    return latest[0][0]


def code_version(root: Path) -> str:
    """The version of the package, and the commit of the checkout, marked when it has changes."""
    if not shutil.which("git"):
        return version("regulars")
    described = subprocess.run(
        ["git", "-C", str(root), "describe", "--always", "--dirty"], capture_output=True, text=True
    )
    return f"{version('regulars')} {described.stdout.strip()}".strip()
