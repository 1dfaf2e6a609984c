"""How work tells of itself while it runs, and whether anybody wants to hear it."""

from __future__ import annotations

import sys
from collections.abc import Callable

import click

Progress = Callable[[str], None]


def progress(quiet: bool) -> Progress:
    """One line that rewrites itself on a terminal, else plain lines; nothing when `quiet`."""
    if quiet:
        return lambda text: None
    if sys.stderr.isatty():
        return lambda text: click.echo(f"\r\x1b[K{text[:100]}", nl=False, err=True)
    return lambda text: click.echo(text, err=True)


def say(text: str, err: bool = False) -> None:
    """A line that stays, in place of the progress that stands on the terminal."""
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", nl=False, err=True)
    click.echo(text, err=err)
