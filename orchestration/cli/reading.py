"""What is published, for other programs."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from orchestration.cli.group import main
from orchestration.cli.options import Number
from orchestration.exits import in_sentences
from orchestration.progress import say
from orchestration.project import Project


@main.command("mcp")
@click.option("--http", "is_http", is_flag=True, help="Answer on 127.0.0.1, in place of stdio.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8765,
    show_default=True,
    metavar="N",
    help="Of --http.",
)
@click.option("--role", metavar="NAME", help="Of what this role may see, in place of all marts.")
@click.option(
    "--seconds",
    type=Number(0.1, 600),
    default=20,
    show_default=True,
    help="How long a query may take.",
)
@click.option(
    "--memory",
    type=click.IntRange(100),
    default=1_000,
    show_default=True,
    metavar="MB",
    help="How much memory a query may take.",
)
def answer_questions(
    is_http: bool, port: int, role: str | None, seconds: float, memory: int
) -> None:
    """Let programs that speak MCP ask the published marts, and nothing else.

    It never waits for a refresh; once one has published, the next answer is of the new generation.
    """
    project = Project.from_environment()
    file = (project.role_files / role if role else project.published) / "current.duckdb"
    if role and not file.exists():
        say(f"Nothing is published for the role '{role}': name one of roles/.", err=True)
        sys.exit(1)
    try:
        from orchestration.ask.limits import Limits
        from orchestration.ask.published import Published
        from orchestration.ask.server import serve_http, server
        from orchestration.ask.tools import Tools
    except ModuleNotFoundError as error:
        say(f"{error.name} is missing: pip install -r requirements-mcp.lock", err=True)
        sys.exit(1)
    limits = Limits(seconds=seconds, memory=memory)
    mcp = server(Tools(Published(file), project.root, limits))
    if is_http:
        say(f"Answering on http://127.0.0.1:{port}/mcp, until Ctrl-C.", err=True)
        serve_http(mcp, port)
    else:
        mcp.run()


@main.group("export")
def export_published() -> None:
    """Write what is published in another form."""


@export_published.command("xlsx")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("."),
    metavar="DIR",
    help="Where the workbooks go; the present folder by default.",
)
def export_xlsx(out: Path) -> None:
    """Write a workbook of what is published, in English and in Chinese, for Excel."""
    from orchestration.excel import export_workbooks

    with in_sentences():
        written = export_workbooks(Project.from_environment().published, out)
    for path in written:
        say(f"Wrote {path}.")
