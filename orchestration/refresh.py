"""The refresh: land, build, audit, publish, report. Dagster's assets and the command line call the
same steps, so that both do the same."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from orchestration.duck import first_line
from orchestration.failures import RefreshFailed
from orchestration.landing import Feed, HashKey, LandingReport, Limits, land, read_feeds
from orchestration.progress import Phase, Progress
from orchestration.publish.generations import (
    Generation,
    current_id,
    generations,
    published_fingerprint,
)
from orchestration.request import Request

if TYPE_CHECKING:
    from orchestration.artifacts import Artifacts
    from orchestration.fit.store import Version
    from orchestration.summary import Summary

# What a step needs loads with the step: a refresh that finds nothing new loads neither dbt nor the
# fits nor the report.


@dataclass(frozen=True)
class Refreshed:
    """What came of a refresh: what is to be remarked, what readers see now, and the report.

    `is_new` is False when nothing had changed since `generation`, so that nothing was built. `page`
    is None when the marts were published but the report could not be written. `summary` is there
    when something was built.
    """

    remarks: tuple[str, ...]
    generation: Generation
    page: Path | None
    summary: Summary | None = None

    @property
    def is_new(self) -> bool:
        return self.summary is not None


@dataclass(frozen=True)
class Refresh(Request):
    """The steps of a refresh as it is asked for; whoever calls them holds the refresh lock."""

    def run(self, progress: Progress, force: bool = False, verify: bool = False) -> Refreshed:
        """The whole refresh; raises `RefreshFailed` with the reasons when nothing was published.

        When all that it depends on is as it was for what readers see, it ends after landing, unless
        it is forced. The first one fits the models as soon as what they read is built.
        """
        if self.example:
            self.make_example_files(progress)
        landed = self.land(progress, verify)
        try:
            standing = None if force else self.standing()
        except RefreshFailed as failed:  # nothing was built, so that there is nothing else to say
            raise failed.with_remarks(landed.messages) from failed
        if standing:
            return self._reported(landed.messages, standing, progress)

        try:
            return self._published(landed, progress)
        except RefreshFailed as failed:
            raise failed.with_remarks([*landed.messages, *self.remarks()]) from failed

    def _published(self, landed: LandingReport, progress: Progress) -> Refreshed:
        """What follows on landing, when something has changed."""
        from orchestration import build, fitting, publication
        from orchestration.summary import summarised

        with build.session(self) as session:
            read = fitting.is_first(self) and build.build_for_fits(self, session, progress)
            fitted = fitting.fit_first(self, progress) if read else []
            if read:
                new = fitting.are_new(fitted)
                artifacts = build.build_rest(self, session, read, new, progress)
            else:
                artifacts = build.build(self, session, progress)
        project, since = self.project, current_id(self.project.published)
        generation = publication.publish(self, artifacts, progress)
        summary = summarised(project, landed.total, artifacts, generation, since)
        told = [*map(fitting.outcome_of, fitted), *([] if read else fitting.never_fitted(self))]
        remarks = [*landed.messages, *told, *self.remarks(artifacts)]
        return self._reported(remarks, generation, progress, summary)

    def remarks(self, artifacts: Artifacts | None = None) -> list[str]:
        """What is to be said of the last build, good or not; nothing where it never came to one.

        What it has left is read where it is not given.
        """
        from orchestration.artifacts import Artifacts, NoArtifacts
        from orchestration.remarks import remarks

        try:
            return remarks(self, artifacts or Artifacts.read(self.project.target))
        except NoArtifacts:
            return []

    def make_example_files(self, progress: Progress) -> None:
        """Puts the example's files into the landing folder, as a source system would."""
        from orchestration.examples import make_example_files

        make_example_files(self, progress)

    def land(self, progress: Progress, verify: bool = False) -> LandingReport:
        """Lands what is new in the landing folder, without persons who were erased; to `verify`
        reads all files, also those that look as they did."""
        from orchestration.erasure.journal import folder_of

        progress(Phase(f"Landing {', '.join(self.sources)}", "land"))
        screen = None
        if folder_of(self.project).exists():  # somebody was erased
            from orchestration.erasure.screen import screen_of

            screen = screen_of(self.project, self.sources, self.limits)
        return land(
            *(self.feeds, self.project.landing, self.project.raw, datetime.now(UTC), progress),
            *(self.limits, screen, HashKey.from_environment(), verify),
        )

    @property
    def feeds(self) -> list[Feed]:
        return read_feeds(self.project.staging_models, self.sources)

    @property
    def limits(self) -> Limits:
        return Limits.of(self.project.variables(self.overrides).get("landing_limits"))

    def standing(self) -> Generation | None:
        """What readers see, if this refresh would only publish the same again; else None.

        `RefreshFailed` when a file is held, so that it is told whether or not all else stands.
        """
        from orchestration.fingerprint import fingerprint
        from orchestration.held import refuse_held_files
        from orchestration.roles import roles_stand

        refuse_held_files(self)
        published = published_fingerprint(self.project.published)
        if not published or not self.project.warehouse.exists():
            return None
        if published != fingerprint(self) or not roles_stand(self.project):
            return None
        return generations(self.project.published)[0]

    def publish(self, progress: Progress) -> Generation:
        """Publishes the warehouse of the last build as a new generation, if that was good."""
        from orchestration import build, publication
        from orchestration.held import refuse_held_files

        refuse_held_files(self)
        return publication.publish(self, build.audited(self), progress)

    def fit(self, names: Iterable[str], progress: Progress) -> list[Version]:
        """Fits on the warehouse the models of these names; the next build scores with them."""
        from orchestration.fitting import fit_models

        return fit_models(self, names, progress)

    def report(self, progress: Progress) -> Path:
        """Writes the report on what is published."""
        from orchestration.report import write_report

        progress(Phase("Writing the report", "report"))
        return write_report(
            self.project.published / "current.duckdb",
            self.project.report,
            self.project.truth,
            self.project.exports,
        )

    def _reported(
        self,
        remarks: Iterable[str],
        generation: Generation,
        progress: Progress,
        summary: Summary | None = None,
    ) -> Refreshed:
        """The end of a refresh: the report is written, unless it tells of this generation."""
        if not summary and self._tells_of_today():
            return Refreshed(tuple(remarks), generation, self.project.report)
        try:
            page = self.report(progress)
        except (OSError, duckdb.Error) as error:
            remark = (
                f"The report was not written ({first_line(error)}): "
                "mend that, then `regulars report`."
            )
            return Refreshed((*remarks, remark), generation, None, summary)
        return Refreshed(tuple(remarks), generation, page, summary)

    def _tells_of_today(self) -> bool:
        """Whether the report is there, and was written after readers got what they see."""
        page, pointer = self.project.report, self.project.published / "current"
        return page.is_file() and page.stat().st_mtime >= pointer.lstat().st_mtime
