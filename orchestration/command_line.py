"""What all commands of `regulars` share: examples in their help, `--quiet`, and one JSON object for
scripts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from orchestration.progress import TOLD, silent
from orchestration.yaml_file import read_yaml

# By the path of a command, such as `run`: what to type, and what it does.
EXAMPLES = Path(__file__).with_suffix(".yml")
SHELLS = ("bash", "zsh", "fish")


class _Shared(click.Command):
    """Shows in its help how it is used, and takes `--quiet` and `--json`."""

    def __init__(self, *args: Any, **settings: Any):
        super().__init__(*args, **settings)
        self.params += [
            _flag("--quiet", "Say only what came of it.", _be_quiet),
            _flag("--json", "For scripts: one JSON object on standard output.", _tell_whole),
        ]

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        path = ctx.command_path.partition(" ")[2]
        if known := examples().get(path or "regulars"):
            with formatter.section("Examples"):
                formatter.write_dl(list(known.items()))


class Command(_Shared):
    """A command that does something."""


class Commands(_Shared, click.Group):
    """Commands of which each ends with its JSON object, if that is asked for, however it ends; but
    for one that a signal stops, of which the exit code tells."""

    command_class = Command
    group_class = type

    def invoke(self, ctx: click.Context) -> Any:
        try:
            result = super().invoke(ctx)
        except click.exceptions.Exit:  # help was asked for
            raise
        except SystemExit as end:
            _write_told(ctx, int(end.code or 0))
            raise
        except click.ClickException as error:
            _write_told(ctx, error.exit_code, [error.format_message()])
            raise
        except Exception as error:
            _write_told(ctx, 1, [f"{type(error).__name__}: a defect, see standard error."])
            raise
        _write_told(ctx, 0)
        return result


def examples() -> dict[str, dict[str, str]]:
    """By the path of each command: what to type, and what it does."""
    return read_yaml(EXAMPLES)


def completion(command: click.Command, name: str, shell: str) -> str:
    """The script by which a shell completes what is typed of a command."""
    from click.shell_completion import get_completion_class

    variable = f"_{name.upper()}_COMPLETE"
    return get_completion_class(shell)(command, {}, name, variable).source()


def one_of(names: Callable[[], Iterable[str]]) -> Callable[..., list[CompletionItem]]:
    """Completes by names that are looked up when somebody asks for them."""

    def complete(
        context: click.Context, parameter: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        return [CompletionItem(name) for name in sorted(names()) if name.startswith(incomplete)]

    return complete


def _flag(name: str, told: str, callback: Callable) -> click.Option:
    return click.Option([name], is_flag=True, expose_value=False, callback=callback, help=told)


def _be_quiet(context: click.Context, parameter: click.Parameter, is_asked: bool) -> None:
    if is_asked:
        context.obj = silent


def _tell_whole(context: click.Context, parameter: click.Parameter, is_asked: bool) -> None:
    if is_asked:
        context.meta.setdefault(TOLD, {})


def _write_told(context: click.Context, exit_code: int, messages: Iterable[str] = ()) -> None:
    """The one object, if it is asked for and this is the outermost command."""
    told = context.meta.get(TOLD)
    if told is None or context.parent:
        return
    facts = {"command": context.invoked_subcommand, "exit_code": exit_code, **told}
    facts["messages"] = [*told.get("messages", []), *messages]
    click.echo(json.dumps(facts, ensure_ascii=False, default=str))
