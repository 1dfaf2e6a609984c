"""The machine that it runs on, and the shell that it is typed in."""

from __future__ import annotations

from dataclasses import asdict

import click

from orchestration.cli.group import main
from orchestration.command_line import SHELLS, completion
from orchestration.exits import in_sentences
from orchestration.progress import say, state
from orchestration.project import Project


@main.command("doctor")
def examine() -> None:
    """Say what is here: versions, paths, lock, disk, generations, and what to do."""
    from orchestration import doctor

    with in_sentences():
        found = list(doctor.findings(Project.from_environment()))
    state(findings=[asdict(each) for each in found])
    for finding in found:
        say(str(finding))


@main.command("completion")
@click.argument("shell", type=click.Choice(SHELLS))
def print_completion(shell: str) -> None:
    """Print the script by which SHELL completes commands, options and names.

    It is written where the shell looks for it, as the examples show, and holds from the next shell
    on.
    """
    say(completion(main, "regulars", shell))
