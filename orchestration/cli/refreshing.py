"""The refresh, and its parts one by one."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import date

import click

from orchestration.cli.group import main
from orchestration.cli.options import (
    Date,
    asked_for,
    described,
    example_option,
    refresh_of,
    target_option,
)
from orchestration.course import course, read_times
from orchestration.exits import alone
from orchestration.fit.names import FITTED, RETRAINED
from orchestration.progress import Progress, counted, say, state
from orchestration.project import Project


@main.command()
@example_option
@target_option
@click.option("--sources", metavar="A,B", help="Only these of the sources in use.")
@click.option("--as-of", type=Date(), metavar="DAY", help="Facts before this day count.")
@click.option("--known-at", metavar="INSTANT", help="Only rows landed before this count (UTC).")
@click.option("--vars", "variables", default="{}", metavar="YAML", help="Variables for dbt.")
@click.option("--full-refresh", is_flag=True, help="Make the warehouse anew from what landed.")
@click.option("--force", is_flag=True, help="Build and publish even where nothing has changed.")
@click.option("--verify-files", is_flag=True, help="Read all files, not only those of new times.")
@click.pass_obj
def run(
    progress: Progress,
    example: str | None,
    engine: str,
    sources: str | None,
    as_of: date | None,
    known_at: str | None,
    variables: str,
    full_refresh: bool,
    force: bool,
    verify_files: bool,
) -> None:
    """Land, build, audit, publish and report: the whole refresh, if anything has changed."""
    request = asked_for(example, engine, sources, as_of, known_at, variables)
    project, times = request.project, request.project.target / "times.json"
    with alone(project, "regulars run"):
        if full_refresh:
            project.remove_warehouse()
        way = course(read_times(times), progress)
        refreshed = refresh_of(request).run(way, force or full_refresh, verify_files)
        way.end()
        if refreshed.is_new:
            way.write(times)
    published = described(refreshed.generation)
    state(is_new=refreshed.is_new, report=refreshed.page)
    if refreshed.summary:
        say(f"Published {published}.")
        for line in refreshed.summary.lines(project, way.seconds, way.parts):
            say(line)
        state(**refreshed.summary.facts(project, way.seconds, way.parts))
    else:
        say(f"Nothing has changed since {published}: nothing was built (--force builds it again).")
    if refreshed.page:
        say(f"Report: {refreshed.page}")
    for remark in refreshed.remarks:
        say(remark, err=True)


@main.command()
@example_option
@click.pass_obj
def land(progress: Progress, example: str | None) -> None:
    """Land what is new in the landing folder; exit 1 when a file is held."""
    request = asked_for(example)
    with alone(request.project, "regulars land"):
        refresh = refresh_of(request)
        if example:
            refresh.make_example_files(progress)
        landed = refresh.land(progress)
    total = landed.total
    for message in landed.messages:
        say(message, err=True)
    state(**asdict(total))
    files, rows = counted(total.landed, "new file"), counted(total.rows, "row")
    say(f"Landed {files} with {rows}; {total.unchanged:,} unchanged.")
    sys.exit(1 if landed.held else 0)


@main.command()
@example_option
@target_option
@click.option(
    "--to",
    "target_database",
    metavar="ADDRESS",
    help="Copy what readers see to PostgreSQL: postgres://user@host/database, its password in "
    "PGPASSWORD; or postgres:// for the address in REGULARS_POSTGRES.",
)
@click.pass_obj
def publish(
    progress: Progress, example: str | None, engine: str, target_database: str | None
) -> None:
    """Publish the warehouse as it is, if its last build passed every check.

    With --to, what is published already is copied into a database for many readers, and shown to
    them at one instant.
    """
    request = asked_for(example, engine)
    if target_database is not None:
        with alone(request.project, "regulars publish"):
            from orchestration.postgres import Address, publish_to

            copied = publish_to(request.project, Address.read(target_database), progress)
        say(f"Copied generation {copied}.")
        return
    with alone(request.project, "regulars publish"):
        refresh = refresh_of(request)
        generation = refresh.publish(progress)
    say(f"Published {described(generation)}.")


@main.command("fit")
@click.argument("models", nargs=-1, type=click.Choice(FITTED))
@example_option
@target_option
@click.pass_obj
def fit_models(
    progress: Progress, models: tuple[str, ...], example: str | None, engine: str
) -> None:
    """Fit the parameters of MODELS on the warehouse; the next run scores with them.

    Without MODELS: all but identity, which the passing of time does not wear out.
    """
    request = asked_for(example, engine)
    with alone(request.project, "regulars fit"):
        refresh = refresh_of(request)
        versions = refresh.fit(models or RETRAINED, progress)
        from orchestration.fitting import outcome_of

        outcomes = [outcome_of(version) for version in versions]
    state(versions=[asdict(version) for version in versions])
    for outcome in outcomes:
        say(outcome)


@main.command("rollback")
@click.pass_obj
def roll_back(progress: Progress) -> None:
    """Show readers, and those of each role, the generation before the present one."""
    project = Project.from_environment()
    with alone(project, "regulars rollback"):
        from orchestration.publication import roll_back

        generation = roll_back(project, progress)
    say(f"Readers now see {described(generation)}.")


@main.command()
@click.pass_obj
def report(progress: Progress) -> None:
    """Write the report on what is published."""
    request = asked_for()
    with alone(request.project, "regulars report"):
        refresh = refresh_of(request)
        page = refresh.report(progress)
    state(report=page)
    say(f"Report: {page}")
