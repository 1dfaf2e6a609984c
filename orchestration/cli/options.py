"""What several commands share: their options, and the refresh that these ask for."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import click
import yaml

from orchestration.command_line import one_of
from orchestration.progress import Progress, say, state
from orchestration.project import Project
from orchestration.request import Request, asked

if TYPE_CHECKING:
    from orchestration.publish.generations import Generation
    from orchestration.refresh import Refresh


class Date(click.ParamType):
    """A calendar date in ISO form."""

    name = "date"

    def convert(self, value, param, ctx) -> date:
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}' is no date: write it as 2026-07-01.", param, ctx)


class Number(click.FloatRange):
    """A number between two ends, which "nan" is not, though no comparison of Python says so."""

    def convert(self, value, param, ctx) -> float:
        number = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"'{value}' is no number.", param, ctx)
        return number


def example_names() -> list[str]:
    return Project.from_environment().examples


def source_names() -> list[str]:
    folder = Project.from_environment().staging_models
    return [path.name for path in folder.glob("*") if path.is_dir()]


def audience_names() -> list[str]:
    rules = Project.from_environment().audience_rules.glob("audience_*.yml")
    return [path.stem.removeprefix("audience_") for path in rules]


def example_option(command: Callable) -> Callable:
    return click.option(
        "--example",
        envvar="REGULARS_EXAMPLE",
        metavar="NAME",
        shell_complete=one_of(example_names),
        help="A folder of examples/: use its files and variables (REGULARS_EXAMPLE).",
    )(command)


def target_option(command: Callable) -> Callable:
    return click.option(
        "--target",
        "engine",
        envvar="REGULARS_TARGET",
        type=click.Choice(["duckdb", "spark", "cluster"]),
        default="duckdb",
        show_default=True,
        help="The engine that builds the warehouse (REGULARS_TARGET).",
    )(command)


def _typed(context: click.Context, parameter: click.Parameter, told: str | None) -> str | None:
    """What an option says, or a line of the standard input in place of `-`: other users of the
    machine see options in its list of processes."""
    return sys.stdin.readline().strip() if told == "-" else told


def person_options(command: Callable) -> Callable:
    """Whose data it is about; `-` reads it from the standard input."""
    for name, metavar, told in (
        ("--account", "ACCOUNT_ID", "Whose account this is, as crm:M001."),
        ("--phone", "NUMBER", "Whoever has this phone."),
        ("--email", "ADDRESS", "Whoever has this e-mail address."),
    ):
        command = click.option(name, metavar=metavar, callback=_typed, help=told)(command)
    return command


def asked_for(
    example: str | None = None,
    engine: str = "duckdb",
    sources: str | None = None,
    as_of: date | None = None,
    known_at: str | None = None,
    variables: str = "{}",
) -> Request:
    project = Project.from_environment(engine)
    try:
        request = Request(project, example).asking(_given(variables, as_of, known_at))
        return request if sources is None else request.only(_listed(sources))
    except (ValueError, yaml.YAMLError) as error:
        raise click.UsageError(str(error)) from error


def _listed(sources: str) -> list[str]:
    """The sources of the command line; none are not all, which an empty variable of a script would
    ask for."""
    named = [source.strip() for source in sources.split(",") if source.strip()]
    if not named:
        raise ValueError("--sources names none: name some, or leave it out for all in use.")
    return named


def _given(variables: str, as_of: date | None, known_at: str | None) -> dict[str, Any]:
    """The variables of the command line, with dates checked and written as dbt wants them."""
    given = yaml.safe_load(variables)
    if not isinstance(given, dict):
        raise ValueError("--vars takes a mapping, such as '{rfm_window_days: 180}'.")
    return asked(given, as_of.isoformat() if as_of else None, known_at)


def land_first(request: Request, progress: Progress) -> None:
    """Before somebody is addressed: a no that was delivered is to be known."""
    for message in refresh_of(request).land(progress).messages:
        say(message, err=True)


def refresh_of(request: Request) -> Refresh:
    from orchestration.refresh import Refresh

    return Refresh(request.project, request.example, request.variables)


def described(generation: Generation) -> str:
    state(generation=generation.id, as_of_date=generation.as_of_date)
    return f"generation {generation.id} as of {generation.as_of_date}"
