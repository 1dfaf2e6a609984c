"""The build of the private warehouse: what comes before it, dbt's part, what vouches for it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import duckdb

from orchestration import dbt, spark
from orchestration.artifacts import FINGERPRINT, RESULTS, Artifacts, NoArtifacts
from orchestration.course import BEFORE_FITS
from orchestration.duck import connect, is_open_elsewhere
from orchestration.failures import RefreshFailed
from orchestration.fingerprint import fingerprint
from orchestration.held import refuse_held_files
from orchestration.progress import Phase, Progress, Step
from orchestration.publish.audit import NOBODY, Witness, audit, failures
from orchestration.publish.rules import broken_rules
from orchestration.remarks import why_it_failed
from orchestration.request import Request
from orchestration.standing import RETRY_SECONDS, standing
from orchestration.warehouse import answer

# How long a build waits for those who read the warehouse.
READERS_SECONDS = 2.0
# What the fits read, with the checks of it alone, and all else.
FOR_FITS = ("--select", "+exposure:fits", "--indirect-selection", "cautious")
ALL_ELSE = ("--exclude", *FOR_FITS[1:])
# All else, and what reads the parameters that were fitted: selectors.yml.
WITH_PARAMETERS = ("--selector", "with_parameters")


@contextmanager
def session(request: Request, begun: dbt.Session | None = None) -> Iterator[dbt.Session]:
    """dbt for the builds of one refresh, which parse the project once.

    One that has `begun`, with the same variables, may have parsed it already.
    """
    (request.project.logs / "stderr.log").unlink(missing_ok=True)
    try:
        with standing(request.project):
            yield begun or dbt.Session(request.project, request.overrides, request.project.target)
    finally:
        spark.stop()


def build(request: Request, session: dbt.Session, progress: Progress) -> Artifacts:
    """Builds and checks the warehouse; `RefreshFailed` when a node failed or was left out."""
    progress(Phase(f"Building the warehouse with {request.project.engine}", "build"))
    _tell(nodes(request, session, dbt.BUILD), progress)
    return audited(request)


def build_for_fits(request: Request, session: dbt.Session, progress: Progress) -> Artifacts | None:
    """Builds what the fits read; None when a node of it failed, so that nothing is to be fitted."""
    progress(Phase("Building what the models are fitted on", BEFORE_FITS))
    _tell(nodes(request, session, (*dbt.BUILD, *FOR_FITS)), progress)
    found = artifacts(request)
    return None if any(failures(found, NOBODY)) else found


def build_rest(
    request: Request,
    session: dbt.Session,
    before: Artifacts,
    has_parameters: bool,
    progress: Progress,
) -> Artifacts:
    """Builds what the fits don't read; what they do read again, if it reads new parameters.

    What the build before has left and this does not touch stands, and both are judged as one.
    """
    progress(Phase(f"Building the rest with {request.project.engine}", "build"))
    rest = WITH_PARAMETERS if has_parameters else ALL_ELSE
    _tell(nodes(request, session, (*dbt.BUILD, *rest)), progress)
    found = artifacts(request).after(before)
    found.write_results(request.project.target)
    return _judged(request, found)


def _tell(nodes: Iterator[dbt.Node], progress: Progress) -> None:
    for node in nodes:
        progress(Step(str(node), node.number, node.total))


def nodes(request: Request, session: dbt.Session, words: Sequence[str]) -> Iterator[dbt.Node]:
    """Runs dbt, and tells of every node that has ended; `RefreshFailed` if it can't begin."""
    prepare(request)
    target = request.project.target
    target.mkdir(parents=True, exist_ok=True)
    (target / FINGERPRINT).write_text(fingerprint(request))
    try:
        yield from session.run(words)
    except dbt.DbtBroke as error:
        log = request.project.logs / "dbt.log"
        raise RefreshFailed([f"{error} (dbt's log: {log})"]) from error


def prepare(request: Request) -> None:
    """Removes the results of the build before, which would vouch for one that never began.

    A build of Spark that left none was killed; files of a table that it had not yet named would
    stop every later one, so that its warehouse is removed. Raises `RefreshFailed` when a file is
    held or Spark can't start, and `duckdb.Error` when DuckDB's warehouse is damaged or open
    elsewhere.
    """
    refuse_held_files(request)
    project = request.project
    results = project.target / RESULTS
    if project.is_spark:
        if reason := spark.missing(project.engine):
            raise RefreshFailed([reason])
        if not results.exists():
            project.remove_warehouse()
    elif project.warehouse.exists():
        _when_readers_have_ended(project.warehouse)
    results.unlink(missing_ok=True)
    (project.target / FINGERPRINT).unlink(missing_ok=True)


def _when_readers_have_ended(warehouse: Path) -> None:
    """Opens the warehouse as the one who writes it; our own readers are gone within moments."""
    deadline = time.monotonic() + READERS_SECONDS
    while True:
        try:
            return connect(warehouse).close()
        except duckdb.IOException as error:
            if not is_open_elsewhere(error) or time.monotonic() > deadline:
                raise
        time.sleep(RETRY_SECONDS)


def audited(request: Request) -> Artifacts:
    """What the last build has left, judged; `RefreshFailed` says why it may not be published."""
    return _judged(request, artifacts(request))


def _judged(request: Request, found: Artifacts) -> Artifacts:
    verdict = audit(found, witness(request, found))
    reasons = [*verdict.reasons, *_other_builds(request, found)]
    if reasons:
        raise RefreshFailed(reasons)
    return found


def witness(request: Request, found: Artifacts) -> Witness:
    """Whoever can say more of the checks of this build that failed."""
    return Witness(
        partial(broken_rules, request.project.warehouse), partial(why_it_failed, request, found)
    )


def artifacts(request: Request) -> Artifacts:
    """What the last build has left; `RefreshFailed` when it has not ended."""
    try:
        return Artifacts.read(request.project.target)
    except NoArtifacts as error:
        raise RefreshFailed([str(error)]) from error


def _other_builds(request: Request, found: Artifacts) -> Iterator[str]:
    """Why the results don't speak for the warehouse: another command has written it since."""
    query = "select invocation_id from warehouse.intermediate.last_build"
    if answer(request.project.warehouse, query) != [(found.invocation_id,)]:
        yield "Another dbt command has written the warehouse since its checks: `regulars run`."
