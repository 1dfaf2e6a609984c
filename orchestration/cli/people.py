"""One person: why they are one, what is known of them, and what is to go."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click

from orchestration.cli.group import main
from orchestration.cli.options import (
    asked_for,
    example_option,
    person_options,
    refresh_of,
    target_option,
)
from orchestration.exits import alone, reading
from orchestration.labels import LANGUAGES
from orchestration.progress import Progress, counted, say, state
from orchestration.project import Project


@main.command("explain")
@click.argument("customer", metavar="CUSTOMER_ID")
@click.argument("accounts", nargs=-1, metavar="[ACCOUNT_ID OTHER_ACCOUNT_ID]")
@target_option
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
    with reading(project, "regulars explain") as readable:
        from orchestration.explain import Page, explain

        page = Page(explain(readable, customer), language, reveal)
        lines = list(page.path_lines(*accounts) if accounts else page.lines())
    say("\n".join(lines))


@main.command("export-person")
@person_options
@target_option
def export_one_person(
    email: str | None, phone: str | None, account: str | None, engine: str
) -> None:
    """Write what is known of one person, for them to have: as JSON, and as a workbook."""
    if sum(map(bool, (email, phone, account))) != 1:
        raise click.UsageError("Say one of --email, --phone and --account.")
    project = Project.from_environment(engine)
    with alone(project, "regulars export-person"):
        from orchestration.person import find
        from orchestration.privacy.export import export_person

        files = export_person(project, find(project, email, phone, account))
    state(files=files)
    for file in files:
        say(f"Wrote {file}.")


@main.command("erase")
@person_options
@click.argument("requests", nargs=-1, metavar="[REQUEST]...")
@click.option("--requests", "is_asked", is_flag=True, help="Who has asked for it.")
@click.option("--resume", "is_resumed", is_flag=True, help="Go on after an interruption.")
@click.option("--yes", "is_sure", is_flag=True, help="Do it; without this, only say what it is.")
@example_option
@click.pass_obj
def erase_person(
    progress: Progress,
    email: str | None,
    phone: str | None,
    account: str | None,
    requests: tuple[str, ...],
    is_asked: bool,
    is_resumed: bool,
    is_sure: bool,
    example: str | None,
) -> None:
    """Remove a person from everything that lies here; sales stay, and are nobody's.

    REGULARS_HASH_KEY holds the secret by which they are known when they are delivered again. Exit 1
    when something of them is left. With --requests, those are erased whose REQUESTs are named, as
    the list has them.
    """
    if sum([bool(email), bool(phone), bool(account), is_asked, is_resumed]) != 1:
        raise click.UsageError("Say one of --email, --phone, --account, --requests and --resume.")
    if requests and not is_asked:
        raise click.UsageError("A REQUEST is named with --requests.")
    request = asked_for(example)
    with alone(request.project, "regulars erase"):
        from orchestration.erasure import command

        if is_resumed:
            done = command.resume(refresh_of(request), progress)
        elif is_asked:
            done = command.requested(refresh_of(request), requests, is_sure, progress)
        else:
            done = command.person(refresh_of(request), email, phone, account, is_sure, progress)
    say("\n".join(done.lines))
    sys.exit(1 if done.is_left else 0)


@main.command("privacy")
def tell_what_is_personal() -> None:
    """Say which columns hold what of a person; exit 1 where one looks so and is not declared."""
    project = Project.from_environment()
    with reading(project, "regulars privacy") as readable:
        from orchestration.privacy.inventory import lines_of, personal_columns
        from orchestration.privacy.undeclared import undeclared_columns

        columns = personal_columns(readable)
        lines = list(lines_of(columns))
        undeclared = undeclared_columns(readable)
    state(columns=[asdict(column) for column in columns], undeclared=list(map(str, undeclared)))
    say("\n".join(lines))
    for column in undeclared:
        say(f"{column}: declare `meta: {{pii: …}}` of it in its YAML.", err=True)
    sys.exit(1 if undeclared else 0)


@main.command("retain")
@click.option("--yes", "is_sure", is_flag=True, help="Do it; without this, only say what goes.")
@example_option
@click.pass_obj
def remove_what_is_old(progress: Progress, is_sure: bool, example: str | None) -> None:
    """Remove what was kept for longer than the variable retention_days says, table by table."""
    request = asked_for(example)
    with (alone if is_sure else reading)(request.project, "regulars retain"):
        from orchestration.artifacts import MANIFEST, read_artifact
        from orchestration.consent import feeds_of_consents
        from orchestration.privacy import retention

        refresh = refresh_of(request)
        days = request.project.variables(request.overrides)["retention_days"]
        feeds = {f"{feed.source}/{feed.table}" for feed in refresh.feeds}
        manifest = read_artifact(request.project.target / MANIFEST)
        consents = {f"{source}/{table}" for source, table in feeds_of_consents(manifest)}
        old = retention.outdated(request.project, days, feeds, consents, retention.today())
        if is_sure:
            retention.remove(request.project, old)
    state(files=len(old.files), batches=len(old.batches), is_done=is_sure)
    for line in old.lines(request.project):
        say(line)
    gone = "is gone; `regulars run` makes the marts without it" if is_sure else "would go (--yes)"
    files = counted(len(old.files), "file")
    batches = counted(len(old.batches), "batch of rows", "batches of rows")
    say(f"{files} and {batches}: all {gone}.")
