"""The command `regulars`. Exit codes: 0 done, 1 failed with the reasons listed, 75 try later."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import yaml

from orchestration.command_line import SHELLS, Commands, completion, one_of
from orchestration.course import course, read_times
from orchestration.exits import alone, reading
from orchestration.fit.names import FITTED, RETRAINED
from orchestration.labels import LANGUAGES
from orchestration.progress import Progress, progress, say, state
from orchestration.project import Project
from orchestration.request import Request, asked
from orchestration.world.limits import MAX_DAYS, MIN_CUSTOMERS, MIN_DAYS

if TYPE_CHECKING:
    from orchestration.publish.generations import Generation
    from orchestration.refresh import Refresh

# What a command needs loads in the command, once it has the lock: help and a refusal come at once.


class Date(click.ParamType):
    """A calendar date in ISO form."""

    name = "date"

    def convert(self, value, param, ctx) -> date:
        try:
            return value if isinstance(value, date) else date.fromisoformat(value)
        except ValueError:
            self.fail(f"'{value}' is no date: write it as 2026-07-01.", param, ctx)


def _example_names() -> list[str]:
    folder = Project.from_environment().root / "examples"
    return [path.name for path in folder.glob("*") if path.is_dir()]


def _source_names() -> list[str]:
    folder = Project.from_environment().staging_models
    return [path.name for path in folder.glob("*") if path.is_dir()]


def _audience_names() -> list[str]:
    rules = Project.from_environment().audience_rules.glob("audience_*.yml")
    return [path.stem.removeprefix("audience_") for path in rules]


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="regulars", message="%(package)s %(version)s")
@click.pass_context
def main(context: click.Context) -> None:
    """One warehouse of a retailer's regular customers. REGULARS_DATA says where the data lies."""
    context.obj = context.obj or progress()


def _example(command: Callable) -> Callable:
    return click.option(
        "--example",
        envvar="REGULARS_EXAMPLE",
        metavar="NAME",
        shell_complete=one_of(_example_names),
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


def _typed(context: click.Context, parameter: click.Parameter, told: str | None) -> str | None:
    """What an option says, or a line of the standard input in place of `-`: other users of the
    machine see options in its list of processes."""
    return sys.stdin.readline().strip() if told == "-" else told


def _person(command: Callable) -> Callable:
    """Whose data it is about; `-` reads it from the standard input."""
    for name, metavar, told in (
        ("--account", "ACCOUNT_ID", "Whose account this is, as crm:M001."),
        ("--phone", "NUMBER", "Whoever has this phone."),
        ("--email", "ADDRESS", "Whoever has this e-mail address."),
    ):
        command = click.option(name, metavar=metavar, callback=_typed, help=told)(command)
    return command


@main.command()
@_example
@_target
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
    request = _asked_for(example, engine, sources, as_of, known_at, variables)
    project, times = request.project, request.project.target / "times.json"
    with alone(project, "regulars run"):
        if full_refresh:
            project.remove_warehouse()
        way = course(read_times(times), progress)
        refreshed = _refresh(request).run(way, force or full_refresh, verify_files)
        way.end()
        if refreshed.is_new:
            way.write(times)
    published = _described(refreshed.generation)
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
@_example
@click.pass_obj
def land(progress: Progress, example: str | None) -> None:
    """Land what is new in the landing folder; exit 1 when a file is held."""
    request = _asked_for(example)
    with alone(request.project, "regulars land"):
        refresh = _refresh(request)
        if example:
            refresh.make_example_files(progress)
        landed = refresh.land(progress)
    total = landed.total
    for message in landed.messages:
        say(message, err=True)
    state(**asdict(total))
    say(f"Landed {total.landed} new files with {total.rows:,} rows; {total.unchanged} unchanged.")
    sys.exit(1 if landed.held else 0)


@main.command()
@_example
@_target
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
    request = _asked_for(example, engine)
    if target_database is not None:
        with alone(request.project, "regulars publish"):
            from orchestration.postgres import Address, publish_to

            copied = publish_to(request.project, Address.read(target_database), progress)
        say(f"Copied generation {copied}.")
        return
    with alone(request.project, "regulars publish"):
        refresh = _refresh(request)
        generation = refresh.publish(progress)
    say(f"Published {_described(generation)}.")


@main.command("fit")
@click.argument("models", nargs=-1, type=click.Choice(FITTED))
@_example
@_target
@click.pass_obj
def fit_models(
    progress: Progress, models: tuple[str, ...], example: str | None, engine: str
) -> None:
    """Fit the parameters of MODELS on the warehouse; the next run scores with them.

    Without MODELS: all but identity, which the passing of time does not wear out.
    """
    request = _asked_for(example, engine)
    with alone(request.project, "regulars fit"):
        refresh = _refresh(request)
        versions = refresh.fit(models or RETRAINED, progress)
        from orchestration.fitting import outcome_of

        outcomes = [outcome_of(version) for version in versions]
    state(versions=[asdict(version) for version in versions])
    for outcome in outcomes:
        say(outcome)


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
    with reading(project, "regulars explain") as readable:
        from orchestration.explain import Page, explain

        page = Page(explain(readable, customer), language, reveal)
        lines = list(page.path_lines(*accounts) if accounts else page.lines())
    say("\n".join(lines))


@main.command("export-person")
@_person
@_target
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
@_person
@click.argument("requests", nargs=-1, metavar="[REQUEST]...")
@click.option("--requests", "is_asked", is_flag=True, help="Who has asked for it.")
@click.option("--resume", "is_resumed", is_flag=True, help="Go on after an interruption.")
@click.option("--yes", "is_sure", is_flag=True, help="Do it; without this, only say what it is.")
@_example
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
    request = _asked_for(example)
    with alone(request.project, "regulars erase"):
        from orchestration.erasure import command

        if is_resumed:
            done = command.resume(_refresh(request), progress)
        elif is_asked:
            done = command.requested(_refresh(request), requests, is_sure, progress)
        else:
            done = command.person(_refresh(request), email, phone, account, is_sure, progress)
    say("\n".join(done.lines))
    sys.exit(1 if done.is_left else 0)


@main.command("plan-experiment")
@click.option(
    "--metric",
    type=click.Choice(["orders", "buyers", "revenue"]),
    default="revenue",
    show_default=True,
)
@click.option("--days", type=click.IntRange(1), default=30, show_default=True, metavar="N")
@click.option(
    "--effect",
    type=click.FloatRange(0, min_open=True),
    default=0.1,
    show_default=True,
    help="The change of the mean to be shown, as a share of it.",
)
@click.option("--power", type=click.FloatRange(0.5, 0.999), default=0.8, show_default=True)
@click.option(
    "--control",
    "control_share",
    type=click.FloatRange(0.01, 0.99),
    default=0.5,
    show_default=True,
    help="The share that is left out.",
)
@click.option(
    "--silent",
    "silent_days",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Only customers who have bought nothing for N days.",
)
@click.option("--lang", "language", type=click.Choice(LANGUAGES), default="en", show_default=True)
def plan_an_experiment(
    metric: str,
    days: int,
    effect: float,
    power: float,
    control_share: float,
    silent_days: int,
    language: str,
) -> None:
    """Say how many people and days an experiment takes, by what the published marts tell."""
    from orchestration.experiments import chance_of_one, history, lines, plan

    try:
        project = Project.from_environment()
        known = history(project.published, metric, days, silent_days)
        alpha = chance_of_one(project.variables({})["experiment_alpha"], project.root / "seeds")
        planned = plan(known, days, effect, power, control_share, alpha)
    except ValueError as error:
        say(str(error), err=True)
        sys.exit(1)
    for line in lines(known, planned, metric, days, effect, power, language):
        say(line)


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
    type=click.FloatRange(0.1, 600),
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


@main.command("rollback")
@click.pass_obj
def roll_back(progress: Progress) -> None:
    """Show readers, and those of each role, the generation before the present one."""
    project = Project.from_environment()
    with alone(project, "regulars rollback"):
        from orchestration.publication import roll_back

        generation = roll_back(project, progress)
    say(f"Readers now see {_described(generation)}.")


@main.command()
@click.pass_obj
def report(progress: Progress) -> None:
    """Write the report on what is published."""
    request = _asked_for()
    with alone(request.project, "regulars report"):
        refresh = _refresh(request)
        page = refresh.report(progress)
    state(report=page)
    say(f"Report: {page}")


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
    try:
        if not (asks or takes_defaults or answers_file):
            raise ValueError("There is no terminal to ask on: give --answers FILE, or --yes.")
        answers = Answers(_answers_of(answers_file) if answers_file else {}, asks)
        written = new_source(Project.from_environment(), name, files, answers, say)
    except (ValueError, OSError, yaml.YAMLError) as error:
        say(str(error), err=True)
        sys.exit(1)
    for line in written.lines(answers):
        say(line)


def _answers_of(path: Path) -> dict[str, object]:
    """The answers in a file, by question; `ValueError` where it is no mapping."""
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ValueError(f"{path} is no YAML: {error}") from None
    if not isinstance(given, dict):
        raise ValueError(f"{path} is no mapping: write 'question: answer', one a line.")
    return given


@main.command("check")
@click.argument("name", shell_complete=one_of(_source_names))
@click.pass_obj
def check_source(progress: Progress, name: str) -> None:
    """Land and build the source NAME alone, beside the warehouse, and say what came of it.

    Exit 1 when a file is held, or when much of what it delivers is refused.
    """
    from orchestration import check

    project = Project.from_environment()
    with alone(replace(project, data=project.data / "check" / name), "regulars check"):
        scratch, landed = check.build(project, name, progress)
        found = check.find(scratch, name, landed)
    state(**asdict(found), mostly_refused=found.mostly_refused)
    say("\n".join(check.lines_of(found)))
    sys.exit(1 if found.mostly_refused else 0)


@main.command("retain")
@click.option("--yes", "is_sure", is_flag=True, help="Do it; without this, only say what goes.")
@_example
@click.pass_obj
def remove_what_is_old(progress: Progress, is_sure: bool, example: str | None) -> None:
    """Remove what was kept for longer than the variable retention_days says, table by table."""
    request = _asked_for(example)
    with (alone if is_sure else reading)(request.project, "regulars retain"):
        from orchestration.artifacts import Artifacts
        from orchestration.consent import feeds_of_consents
        from orchestration.privacy import retention

        refresh = _refresh(request)
        days = request.project.variables(request.overrides)["retention_days"]
        feeds = {f"{feed.source}/{feed.table}" for feed in refresh.feeds}
        manifest = Artifacts.read(request.project.target).manifest
        consents = {f"{source}/{table}" for source, table in feeds_of_consents(manifest)}
        old = retention.outdated(request.project, days, feeds, consents, retention.today())
        if is_sure:
            retention.remove(request.project, old)
    state(files=len(old.files), batches=len(old.batches), is_done=is_sure)
    for line in old.lines(request.project):
        say(line)
    gone = "is gone; `regulars run` makes the marts without it" if is_sure else "would go (--yes)"
    say(f"{len(old.files)} files and {len(old.batches)} batches of rows: all {gone}.")


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


@main.command("audiences")
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=one_of(_audience_names))
@_example
@_target
@click.option("--dry-run", "is_dry", is_flag=True, help="Say how many, and write nothing.")
@click.pass_obj
def export_audiences(
    progress: Progress, names: tuple[str, ...], example: str | None, engine: str, is_dry: bool
) -> None:
    """Write whom the published audiences address, for whoever sends; all of them, or NAMEs.

    What has been delivered lands first, so that whoever has said no since is left out.
    """
    request = _asked_for(example, engine)
    audiences = []
    with alone(request.project, "regulars audiences"):
        from orchestration.audiences import export

        if not is_dry:
            _land_first(request, progress)
        for exported in export(request, names, is_dry, progress):
            audiences.append(asdict(exported))
            say(str(exported))
    state(audiences=audiences)


@main.command("coupons")
@click.argument("audience", metavar="NAME", shell_complete=one_of(_audience_names))
@_example
@_target
@click.pass_obj
def give_codes(progress: Progress, audience: str, example: str | None, engine: str) -> None:
    """Give everybody whom the audience NAME addresses a code of their own; its export shows it."""
    request = _asked_for(example, engine)
    with alone(request.project, "regulars coupons"):
        from orchestration.audiences import give_coupons

        _land_first(request, progress)
        given = give_coupons(request, audience)
    say(str(given))


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

    try:
        written = export_workbooks(Project.from_environment().published, out)
    except (ValueError, OSError) as error:
        say(str(error), err=True)
        sys.exit(1)
    for path in written:
        say(f"Wrote {path}.")


@main.command("doctor")
def examine() -> None:
    """Say what is here: versions, paths, lock, disk, generations, and what to do."""
    from orchestration import doctor

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


def _asked_for(
    example: str | None = None,
    engine: str = "duckdb",
    sources: str | None = None,
    as_of: date | None = None,
    known_at: str | None = None,
    variables: str = "{}",
) -> Request:
    project = Project.from_environment(engine)
    try:
        request = Request(project, example, _given(variables, as_of, known_at))
        named = [source.strip() for source in (sources or "").split(",") if source.strip()]
        return request.only(named) if named else request
    except (ValueError, yaml.YAMLError) as error:
        raise click.UsageError(str(error)) from error


def _given(variables: str, as_of: date | None, known_at: str | None) -> dict[str, Any]:
    """The variables of the command line, with dates checked and written as dbt wants them."""
    given = yaml.safe_load(variables)
    if not isinstance(given, dict):
        raise ValueError("--vars takes a mapping, such as '{rfm_window_days: 180}'.")
    return asked(given, as_of.isoformat() if as_of else None, known_at)


def _land_first(request: Request, progress: Progress) -> None:
    """Before somebody is addressed: a no that was delivered is to be known."""
    for message in _refresh(request).land(progress).messages:
        say(message, err=True)


def _refresh(request: Request) -> Refresh:
    from orchestration.refresh import Refresh

    return Refresh(request.project, request.example, request.variables)


def _described(generation: Generation) -> str:
    state(generation=generation.id, as_of_date=generation.as_of_date)
    return f"generation {generation.id} as of {generation.as_of_date}"
