"""The command `regulars`. Exit codes: 0 done, 1 failed with the reasons listed, 75 try later."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import click
import duckdb
import yaml

from orchestration import doctor
from orchestration.explain import Page, explain
from orchestration.fit.retrain import FITTERS, RETRAINED
from orchestration.fit.store import TooFew
from orchestration.labels import LANGUAGES
from orchestration.project import Project
from orchestration.publish.generations import Generation, rollback
from orchestration.publish.lock import RefreshRunning, refresh_lock
from orchestration.publish.marts import PublicationError
from orchestration.publish.stage import first_line
from orchestration.refresh import Progress, Refresh, RefreshFailed, asked, told
from orchestration.world import World, make_world
from orchestration.world.scale import MAX_DAYS, MIN_CUSTOMERS, MIN_DAYS

MEND = "check the disk; if the warehouse is damaged, run `regulars run --full-refresh`."
CLOSE = "another program has the warehouse open; close it, then try again."
# sysexits.h: a temporary failure, the caller may try again.
EX_TEMPFAIL = 75


class Date(click.ParamType):
    """A calendar date in ISO form."""

    name = "date"

    def convert(self, value, param, ctx) -> date:
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}' is no date: write it as 2026-07-01.", param, ctx)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--quiet", is_flag=True, help="Say only what came of it.")
@click.pass_context
def main(context: click.Context, quiet: bool) -> None:
    """One warehouse of a retailer's regular customers. REGULARS_DATA says where the data lies."""
    context.obj = _progress(quiet)


def _example(command: Callable) -> Callable:
    return click.option(
        "--example",
        envvar="REGULARS_EXAMPLE",
        metavar="NAME",
        help="A folder of examples/: use its files and variables (REGULARS_EXAMPLE).",
    )(command)


def _target(command: Callable) -> Callable:
    return click.option(
        "--target",
        "engine",
        envvar="REGULARS_TARGET",
        type=click.Choice(["duckdb", "spark"]),
        default="duckdb",
        show_default=True,
        help="The engine that builds the warehouse (REGULARS_TARGET).",
    )(command)


@main.command()
@_example
@_target
@click.option("--sources", metavar="A,B", help="Only these of the sources in use.")
@click.option("--as-of", type=Date(), metavar="DAY", help="Facts before this day count.")
@click.option("--known-at", metavar="INSTANT", help="Only rows landed before this count (UTC).")
@click.option("--vars", "variables", default="{}", metavar="YAML", help="Variables for dbt.")
@click.option("--full-refresh", is_flag=True, help="Make the warehouse anew from what landed.")
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
) -> None:
    """Land, build, audit, publish and report: the whole refresh."""
    refresh = _refresh(example, engine, sources, as_of, known_at, variables)
    with _told(refresh.project, "regulars run"):
        if full_refresh:
            refresh.project.remove_warehouse()
        refreshed = refresh.run(progress)
    for remark in refreshed.remarks:
        _say(remark, err=True)
    _say(f"Published {_described(refreshed.generation)}.")
    if refreshed.page:
        _say(f"Report: {refreshed.page}")


@main.command()
@_example
@click.pass_obj
def land(progress: Progress, example: str | None) -> None:
    """Land what is new in the landing folder; exit 1 when a file is held."""
    refresh = _refresh(example)
    with _told(refresh.project, "regulars land"):
        if example:
            refresh.make_example_files(progress)
        landed = refresh.land(progress)
    total = landed.total
    for message in landed.messages:
        _say(message, err=True)
    _say(f"Landed {total.landed} new files with {total.rows:,} rows; {total.unchanged} unchanged.")
    sys.exit(1 if landed.held else 0)


@main.command()
@_example
@_target
@click.pass_obj
def publish(progress: Progress, example: str | None, engine: str) -> None:
    """Publish the warehouse as it is, if its last build passed every check."""
    refresh = _refresh(example, engine)
    with _told(refresh.project, "regulars publish"):
        generation = refresh.publish(progress)
    _say(f"Published {_described(generation)}.")


@main.command("fit")
@click.argument("models", nargs=-1, type=click.Choice(list(FITTERS)))
@_example
@_target
@click.pass_obj
def fit_models(
    progress: Progress, models: tuple[str, ...], example: str | None, engine: str
) -> None:
    """Fit the parameters of MODELS on the warehouse; the next run scores with them.

    Without MODELS: lifetime and churn, which the passing of time wears out.
    """
    refresh = _refresh(example, engine)
    with _told(refresh.project, "regulars fit"):
        versions = refresh.fit(models or RETRAINED, progress)
    for version in versions:
        _say(told(version))


@main.command("explain")
@click.argument("customer", metavar="CUSTOMER_ID")
@click.argument("accounts", nargs=-1, metavar="[ACCOUNT_ID OTHER_ACCOUNT_ID]")
@_target
@click.option("--lang", "language", type=click.Choice(LANGUAGES), default="en", show_default=True)
@click.option("--reveal", is_flag=True, help="Show names, phones and the like as they are.")
def explain_customer(
    customer: str, accounts: tuple[str, ...], engine: str, language: str, reveal: bool
) -> None:
    """Say why accounts are one customer, where it stands, and who nearly belonged to it.

    CUSTOMER_ID may be that of an account. With two accounts: the path between them.
    """
    if len(accounts) not in (0, 2):
        raise click.UsageError("Name two accounts, or none.")
    project = Project.from_environment(engine)
    with _told(project, "regulars explain"):
        page = Page(explain(project, customer), language, reveal)
        lines = list(page.path_lines(*accounts) if accounts else page.lines())
    _say("\n".join(lines))


@main.command("rollback")
def roll_back() -> None:
    """Show readers the generation before the present one."""
    project = Project.from_environment()
    with _told(project, "regulars rollback"):
        generation = rollback(project.published)
    _say(f"Readers now see {_described(generation)}.")


@main.command()
@click.pass_obj
def report(progress: Progress) -> None:
    """Write the report on what is published."""
    refresh = _refresh()
    with _told(refresh.project, "regulars report"):
        page = refresh.report(progress)
    _say(f"Report: {page}")


@main.command("world")
@click.option("--customers", type=click.IntRange(MIN_CUSTOMERS), default=2_500, show_default=True)
@click.option("--days", type=click.IntRange(MIN_DAYS, MAX_DAYS), default=730, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=7, show_default=True)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    metavar="DIR",
    help="Where landing/ and truth/ go; refresh it with REGULARS_DATA=DIR.",
)
@click.pass_obj
def invent_world(progress: Progress, customers: int, days: int, seed: int, out: Path) -> None:
    """Make a demo world: the files of seven systems, and the truth beside them."""
    project = replace(Project.from_environment(), data=out.resolve())
    with _told(project, "regulars world"):
        make_world(World(customers, days, seed), project.data, progress)
    _say(f"Made {project.landing} and {project.truth}.")


@main.command("doctor")
def examine() -> None:
    """Say what is here: versions, paths, lock, disk, generations, and what to do."""
    for line in doctor.findings(Project.from_environment()):
        _say(line)


def _refresh(
    example: str | None = None,
    engine: str = "duckdb",
    sources: str | None = None,
    as_of: date | None = None,
    known_at: str | None = None,
    variables: str = "{}",
) -> Refresh:
    project = Project.from_environment(engine)
    try:
        refresh = Refresh(project, example, _given(variables, as_of, known_at))
        named = [source.strip() for source in (sources or "").split(",") if source.strip()]
        return refresh.only(named) if named else refresh
    except (ValueError, yaml.YAMLError) as error:
        raise click.UsageError(str(error)) from error


def _given(variables: str, as_of: date | None, known_at: str | None) -> dict:
    """The variables of the command line, with dates checked and written as dbt wants them."""
    given = yaml.safe_load(variables)
    if not isinstance(given, dict):
        raise ValueError("--vars takes a mapping, such as '{rfm_window_days: 180}'.")
    return asked(given, as_of.isoformat() if as_of else None, known_at)


@contextmanager
def _told(project: Project, command: str) -> Iterator[None]:
    """Holds the refresh lock, and turns what goes wrong into sentences and exit codes."""
    try:
        with refresh_lock(project.data, command):
            yield
    except RefreshRunning as error:
        click.echo(error, err=True)
        sys.exit(EX_TEMPFAIL)
    except RefreshFailed as error:
        click.echo("Nothing was published; readers keep what they had:", err=True)
        for reason in error.reasons:
            click.echo(f"  - {reason}", err=True)
        sys.exit(1)
    except duckdb.Error as error:
        advice = CLOSE if "lock" in str(error) else MEND
        click.echo(f"{first_line(error)}: {advice}", err=True)
        sys.exit(1)
    except (PublicationError, TooFew, ModuleNotFoundError, ValueError, OSError) as error:
        click.echo(error, err=True)
        sys.exit(1)


def _progress(quiet: bool) -> Progress:
    """How work tells of itself: one line that rewrites itself on a terminal, else plain lines."""
    if quiet:
        return lambda text: None
    if sys.stderr.isatty():
        return lambda text: click.echo(f"\r\x1b[K{text[:100]}", nl=False, err=True)
    return lambda text: click.echo(text, err=True)


def _say(text: str, err: bool = False) -> None:
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", nl=False, err=True)
    click.echo(text, err=err)


def _described(generation: Generation) -> str:
    return f"generation {generation.id} as of {generation.as_of_date}"
