"""How work tells of itself while it runs, and whether anybody wants to hear it.

Whoever works tells texts, to any function that takes one: the terminal, a log, a list. Two kinds of
text say more to those who ask: with a `Phase` a part of the command begins that takes long, and a
`Step` is one of those that a phase has counted.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import accumulate
from shutil import get_terminal_size
from typing import Any, Self
from unicodedata import east_asian_width

import click

Progress = Callable[[str], None]
# Under which the outermost command keeps what is told of it, where a script wants to have it whole.
TOLD = "orchestration.told"


class Phase(str):
    """What is told when a phase begins; its times are remembered by its `name`."""

    name: str

    def __new__(cls, text: str, name: str) -> Self:
        phase = super().__new__(cls, text)
        phase.name = name
        return phase


class Step(str):
    """What is told when the `number`-th of `total` steps of a phase has ended."""

    number: int
    total: int

    def __new__(cls, text: str, number: int, total: int) -> Self:
        step = super().__new__(cls, text)
        step.number, step.total = number, total
        return step


def counted(count: int, one: str, many: str | None = None) -> str:
    """So many of something, in words; `many` where they are not `one` with an s."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def silent(text: str) -> None:
    """Progress that nobody wants to hear."""


def progress() -> Progress:
    """One line that rewrites itself on a terminal, else plain lines."""
    if sys.stderr.isatty():
        return rewrite
    return lambda text: click.echo(text, err=True)


def rewrite(line: str) -> None:
    """Puts a line in the place of the one that stands last on the terminal, cut to its width."""
    click.echo(f"\r\x1b[K{_cut(line, get_terminal_size().columns - 1)}", nl=False, err=True)


def _cut(text: str, columns: int) -> str:
    """As much of it as fits: one that wraps would stay when the next is put in its place.

    Chinese takes two columns a character.
    """
    widths = accumulate(2 if east_asian_width(each) in "FW" else 1 for each in text)
    return text[: sum(width <= columns for width in widths)]


def say(text: str, err: bool = False) -> None:
    """A line that stays, in place of the progress that stands on the terminal."""
    told = _told()
    if told is not None:
        told.setdefault("messages" if err else "lines", []).extend(text.splitlines())
        if not err:
            return
    if sys.stderr.isatty():
        rewrite("")
    click.echo(text, err=err)


def state(**facts: Any) -> None:
    """What came of the command, as figures; only whoever has asked for JSON sees them."""
    told = _told()
    if told is not None:
        told.update(facts)


def _told() -> dict[str, Any] | None:
    context = click.get_current_context(silent=True)
    return context.find_root().meta.get(TOLD) if context else None
