"""Whom to address, with which code, and how many it takes to see that it worked."""

from __future__ import annotations

from dataclasses import asdict

import click

from orchestration.cli.group import main
from orchestration.cli.options import (
    Number,
    asked_for,
    audience_names,
    example_option,
    land_first,
    target_option,
)
from orchestration.command_line import one_of
from orchestration.exits import alone, in_sentences
from orchestration.labels import LANGUAGES
from orchestration.progress import Progress, say, state
from orchestration.project import Project


@main.command("audiences")
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=one_of(audience_names))
@example_option
@target_option
@click.option("--dry-run", "is_dry", is_flag=True, help="Say how many, and write nothing.")
@click.pass_obj
def export_audiences(
    progress: Progress, names: tuple[str, ...], example: str | None, engine: str, is_dry: bool
) -> None:
    """Write whom the published audiences address, for whoever sends; all of them, or NAMEs.

    What has been delivered lands first, so that whoever has said no since is left out.
    """
    request = asked_for(example, engine)
    audiences = []
    with alone(request.project, "regulars audiences"):
        from orchestration.audiences import audiences_in_use, export

        audiences_in_use(request.project, names)  # an unknown one is refused before anything lands
        if not is_dry:
            land_first(request, progress)
        for exported in export(request, names, is_dry, progress):
            audiences.append(asdict(exported))
            say(str(exported))
    state(audiences=audiences)


@main.command("coupons")
@click.argument("audience", metavar="NAME", shell_complete=one_of(audience_names))
@example_option
@target_option
@click.pass_obj
def give_codes(progress: Progress, audience: str, example: str | None, engine: str) -> None:
    """Give everybody whom the audience NAME addresses a code of their own; its export shows it."""
    request = asked_for(example, engine)
    with alone(request.project, "regulars coupons"):
        from orchestration.audiences import audiences_in_use, give_coupons

        audiences_in_use(request.project, [audience])
        land_first(request, progress)
        given = give_coupons(request, audience)
    say(str(given))


@main.command("plan-experiment")
@click.option(
    "--metric",
    type=click.Choice(["orders", "buyers", "revenue"]),
    default="revenue",
    show_default=True,
)
@click.option("--days", type=click.IntRange(1, 3_650), default=30, show_default=True, metavar="N")
@click.option(
    "--effect",
    type=Number(0.0001, 10),
    default=0.1,
    show_default=True,
    help="The change of the mean to be shown, as a share of it.",
)
@click.option("--power", type=Number(0.5, 0.999), default=0.8, show_default=True)
@click.option(
    "--control",
    "control_share",
    type=Number(0.01, 0.99),
    default=0.5,
    show_default=True,
    help="The share that is left out.",
)
@click.option(
    "--silent",
    "silent_days",
    type=click.IntRange(0, 3_650),
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

    with in_sentences():
        project = Project.from_environment()
        known = history(project.published, metric, days, silent_days)
        variables = project.variables({})
        alpha = chance_of_one(variables["experiment_alpha"], project.root / "seeds")
        arm_least = variables["experiment_min_members"]
        arm_events = variables["experiment_min_events"]
        planned = plan(known, days, effect, power, control_share, alpha, arm_least, arm_events)
    for line in lines(known, planned, metric, days, effect, power, language):
        say(line)
