"""The refresh: land, build, audit, publish, report. Dagster's assets and the command line call the
same steps, so that both do the same."""

from __future__ import annotations

import json
import os
import runpy
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb

from orchestration import dbt, spark
from orchestration.duck import connect
from orchestration.fit.retrain import RETRAINED, fit
from orchestration.fit.store import CURRENT, Store, TooFew, Version
from orchestration.landing import LandingReport, claim, land, read_feeds
from orchestration.project import Project
from orchestration.publish.audit import Audit, audit
from orchestration.publish.generations import Generation, publish
from orchestration.publish.marts import marts_of
from orchestration.publish.stage import PublicationFacts
from orchestration.report import write_report
from orchestration.warehouse import attach

Progress = Callable[[str], None]


class RefreshFailed(Exception):
    """A refresh that published nothing; `reasons` are sentences, and the old marts stand."""

    def __init__(self, reasons: Iterable[str]):
        self.reasons = tuple(reasons)
        super().__init__("\n".join(self.reasons))


@dataclass(frozen=True)
class Refreshed:
    """What came of a refresh: what is to be remarked, what readers see now, and the report.

    `page` is None when the marts were published but the report could not be written.
    """

    remarks: tuple[str, ...]
    generation: Generation
    page: Path | None


@dataclass(frozen=True)
class Refresh:
    """What a refresh is asked for: variables for dbt, on top of the project's and the example's."""

    project: Project
    example: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_environment(cls) -> Refresh:
        """The refresh that schedules run: REGULARS_DATA, REGULARS_TARGET and REGULARS_EXAMPLE."""
        project = Project.from_environment(os.environ.get("REGULARS_TARGET") or "duckdb")
        return cls(project, os.environ.get("REGULARS_EXAMPLE"))

    @property
    def overrides(self) -> dict[str, Any]:
        """The variables that differ from `dbt_project.yml`."""
        example = self.project.example_variables(self.example) if self.example else {}
        return {**example, **self.variables}

    @property
    def sources(self) -> list[str]:
        return list(self.project.variables(self.overrides)["sources"])

    def only(self, sources: Iterable[str]) -> Refresh:
        """The same refresh of some of its sources; `ValueError` names those that are not in use."""
        in_use = self.project.variables(self.overrides)["sources"]
        unknown = sorted(set(sources) - set(in_use))
        if unknown:
            raise ValueError(
                f"No source {', '.join(unknown)} is in use: choose of {', '.join(in_use)}."
            )
        chosen = {source: in_use[source] for source in sources}
        return replace(self, variables={**self.variables, "sources": chosen})

    def run(self, progress: Progress) -> Refreshed:
        """The whole refresh; raises `RefreshFailed` with the reasons when nothing was published.

        The first one fits the models, and builds again with what it has fitted. The caller holds
        the refresh lock.
        """
        if self.example:
            self.make_example_files(progress)
        landed = self.land(progress)
        self.build(progress)
        fitted = self.fit_first(progress)
        if any(version.status == CURRENT for version in fitted):
            self.build(progress)
        generation = self.publish(progress)
        remarks = (*landed.messages, *map(told, fitted))
        try:
            return Refreshed(remarks, generation, self.report(progress))
        except (OSError, duckdb.Error) as error:
            remark = f"The report was not written ({error}): mend that, then `regulars report`."
            return Refreshed((*remarks, remark), generation, None)

    def make_example_files(self, progress: Progress) -> None:
        """Puts the example's files into the landing folder, as a source system would.

        Raises `ValueError`, with nothing written, where files of others lie or have landed.
        """
        folder = self.project.example(self.example)
        filled = replace(self, variables={}).sources  # all of the example's, also under --sources
        claim(self.project.landing, self.project.raw, filled, folder.name)
        progress(f"Files of the example {self.example}")
        runpy.run_path(str(folder / "make_files.py"))["make_files"](self.project.landing, progress)

    def land(self, progress: Progress) -> LandingReport:
        """Lands what is new in the landing folder."""
        progress(f"Landing {', '.join(self.sources)}")
        feeds = read_feeds(self.project.staging_models, self.sources)
        return land(
            feeds,
            self.project.landing,
            self.project.raw,
            datetime.now(UTC),
            progress,
        )

    def build(self, progress: Progress) -> None:
        """Builds and checks the warehouse; `RefreshFailed` when a node failed or was left out."""
        self.prepare_build()
        progress(f"Building the warehouse with {self.project.engine}")
        try:
            dbt.run(self.project, dbt.BUILD, self.overrides, self.project.target, progress)
        except dbt.DbtBroke as error:
            raise RefreshFailed([str(error)]) from error
        self.audit()

    def prepare_build(self) -> None:
        """Removes the results of the build before, which would vouch for one that never began.

        A build of Spark that left none was killed; files of a table that it had not yet named would
        stop every later one, so that its warehouse is removed. Raises `RefreshFailed` when Spark
        can't start, and `duckdb.Error` when DuckDB's warehouse is damaged or open elsewhere.
        """
        results = self.project.target / "run_results.json"
        if self.project.engine == "spark":
            if reason := spark.missing():
                raise RefreshFailed([reason])
            if not results.exists():
                self.project.remove_warehouse()
        elif self.project.warehouse.exists():
            connect(self.project.warehouse).close()
        results.unlink(missing_ok=True)

    def audit(self) -> Audit:
        """What vouches for the build; `RefreshFailed` says why it may not be published."""
        verdict = audit(self.project.target)
        reasons = [*self.held_files(), *verdict.reasons, *self._other_builds()]
        if reasons:
            raise RefreshFailed(reasons)
        return verdict

    def publish(self, progress: Progress) -> Generation:
        """Publishes the audited warehouse as a new generation."""
        verdict = self.audit()
        progress(f"Publishing, after {verdict.check_count} checks")
        manifest = json.loads((self.project.target / "manifest.json").read_text())
        return publish(
            marts_of(manifest),
            self.project.warehouse,
            self.project.published,
            self._facts(manifest),
            datetime.now(UTC),
        )

    def fit(self, names: Iterable[str], progress: Progress) -> list[Version]:
        """Fits on the warehouse what `orchestration.fit.retrain` knows by these names.

        The next build scores with what is promoted. Raises `TooFew` and `FileNotFoundError` with
        what to do.
        """
        variables = self.project.variables(self.overrides)
        versions = []
        for name in names:
            progress(f"Fitting {name}")
            versions += fit(self.project, variables, name)
        return versions

    def fit_first(self, progress: Progress) -> list[Version]:
        """Fits what has never been fitted here; nothing where there is too little for it."""
        versions = Store(self.project.parameters).versions()
        if any(version.model != "identity" for version in versions):
            return []
        fitted = []
        for name in RETRAINED:
            try:
                fitted += self.fit([name], progress)
            except TooFew as reason:
                progress(str(reason))
        return fitted

    def report(self, progress: Progress) -> Path:
        """Writes the report on what is published."""
        progress("Writing the report")
        return write_report(
            self.project.published / "current.duckdb", self.project.report, self.project.truth
        )

    def held_files(self) -> list[str]:
        """Why files are held, in the lander's words."""
        held = self._query(
            "select reason from warehouse.intermediate.int_held_files"
            " order by source_system, feed, file"
        )
        return [reason for (reason,) in held]

    def _other_builds(self) -> list[str]:
        """Why the results don't speak for the warehouse: another command has written it since."""
        results = self.project.target / "run_results.json"
        if not results.exists():
            return []
        audited = json.loads(results.read_text())["metadata"]["invocation_id"]
        if self._query("select invocation_id from warehouse.intermediate.last_build") == [
            (audited,)
        ]:
            return []
        return ["Another dbt command has written the warehouse since its checks: `regulars run`."]

    def _facts(self, manifest: Mapping[str, Any]) -> PublicationFacts:
        [(as_of_date,)] = self._query(
            "select max(as_of_date) filter (where is_latest)"
            " from warehouse.intermediate.int_as_of_dates"
        )
        run = json.loads((self.project.target / "run_results.json").read_text())
        known_at = self.project.variables(run["args"].get("vars") or {})["known_at"]
        return PublicationFacts(
            as_of_date=as_of_date,
            known_at=datetime.fromisoformat(str(known_at)) if known_at else None,
            code_version=code_version(self.project.root),
            dbt_version=manifest["metadata"]["dbt_version"],
            engine=self.project.engine,
        )

    def _query(self, query: str) -> list[tuple]:
        """Rows of the warehouse, none while it has no such table."""
        if not self.project.warehouse.exists():
            return []
        try:
            with connect() as connection:
                attach(connection, self.project.warehouse)
                return connection.execute(query).fetchall()
        except duckdb.CatalogException:
            return []


def asked(
    variables: Mapping[str, Any], as_of: str | None = None, known_at: str | None = None
) -> dict[str, Any]:
    """The variables that a person asks for, the two dates among them as dbt's SQL takes them."""
    dates = {"as_of_date": as_of, "known_at": known_at}
    given = {**variables, **{name: value for name, value in dates.items() if value}}
    if given.get("known_at"):
        given["known_at"] = utc(str(given["known_at"]))
    return given


def utc(instant: str) -> str:
    """An instant as SQL takes it, without an offset; one that is written without is UTC already."""
    parsed = datetime.fromisoformat(instant)
    if parsed.tzinfo:
        parsed = parsed.astimezone(UTC).replace(tzinfo=None)
    return parsed.isoformat(sep=" ")


def told(version: Version) -> str:
    """What came of a fit, in a sentence or two."""
    outcome = "in use from now on" if version.status == CURRENT else "not used"
    return f"Parameters of {version.model}, version {version.version}, {outcome}. {version.reason}"


def code_version(root: Path) -> str:
    """The version of the package, and the commit of the checkout, marked when it has changes."""
    if not shutil.which("git"):
        return version("regulars")
    described = subprocess.run(
        ["git", "-C", str(root), "describe", "--always", "--dirty"], capture_output=True, text=True
    )
    return f"{version('regulars')} {described.stdout.strip()}".strip()
