"""Where data comes from: a new source, the trial of one, and the demo world."""

from __future__ import annotations

import sys
from dataclasses import asdict, replace
from pathlib import Path

import click

from orchestration.cli.group import main
from orchestration.cli.options import source_names
from orchestration.command_line import one_of
from orchestration.exits import alone, in_sentences
from orchestration.progress import Progress, say, state
from orchestration.project import Project
from orchestration.world.limits import MAX_DAYS, MIN_CUSTOMERS, MIN_DAYS
from orchestration.yaml_file import read_yaml


@main.command("new-source")
@click.argument("name")
@click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--yes", "takes_defaults", is_flag=True, help="Ask nothing, take what is likeliest.")
@click.option(
    "--answers",
    "answers_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Answers in YAML, by the names of the questions; the rest is taken as likeliest.",
)
def add_source(
    name: str, files: tuple[Path, ...], takes_defaults: bool, answers_file: Path | None
) -> None:
    """Read sample FILES of a system, ask what they don't say, and write models/staging/NAME/.

    Several files of one kind are one table, whatever their headers are called; files of orders,
    lines, customers and refunds of one system are given together.
    """
    from orchestration.new_source import Answers, new_source
    from orchestration.new_source.terminal import prompt

    asks = None if takes_defaults or answers_file or not sys.stdin.isatty() else prompt
    with in_sentences():
        if not (asks or takes_defaults or answers_file):
            raise ValueError("There is no terminal to ask on: give --answers FILE, or --yes.")
        answers = Answers(_answers_of(answers_file) if answers_file else {}, asks)
        written = new_source(Project.from_environment(), name, files, answers, say)
    for line in written.lines(answers):
        say(line)


@main.command("check")
@click.argument("name", shell_complete=one_of(source_names))
@click.pass_obj
def check_source(progress: Progress, name: str) -> None:
    """Land and build the source NAME alone, beside the warehouse, and say what came of it.

    Exit 1 when a file is held, or when much of what it delivers is refused.
    """
    from orchestration import check

    project = Project.from_environment()
    with in_sentences():
        check.delivered_entities(project, name)  # before there is a folder of that name
    with alone(replace(project, data=project.data / "check" / name), "regulars check"):
        scratch, landed = check.build(project, name, progress)
        found = check.find(scratch, name, landed)
    state(**asdict(found), mostly_refused=found.mostly_refused)
    say("\n".join(check.lines_of(found)))
    sys.exit(1 if found.mostly_refused else 0)


@main.command("world")
@click.option("--customers", type=click.IntRange(MIN_CUSTOMERS), default=2_500, show_default=True)
@click.option("--days", type=click.IntRange(MIN_DAYS, MAX_DAYS), default=730, show_default=True)
@click.option("--seed", type=click.IntRange(0), default=7, show_default=True)
@click.option("--calm", "is_calm", is_flag=True, help="No step of the funnel breaks.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    metavar="DIR",
    help="Where landing/ and truth/ go; refresh it with REGULARS_DATA=DIR.",
)
@click.pass_obj
def invent_world(
    progress: Progress, customers: int, days: int, seed: int, is_calm: bool, out: Path
) -> None:
    """Make a demo world: the files of seven systems, and the truth beside them."""
    project = replace(Project.from_environment(), data=out.resolve())
    with alone(project, "regulars world"):
        from orchestration.world import World, make_world

        make_world(World(customers, days, seed, is_calm), project.data, progress)
    say(f"Made {project.landing} and {project.truth}.")


def _answers_of(path: Path) -> dict[str, object]:
    """The answers in a file, by question; `ValueError` where it is no mapping."""
    given = read_yaml(path) or {}
    if not isinstance(given, dict):
        raise ValueError(f"{path} is no mapping: write 'question: answer', one a line.")
    return given
