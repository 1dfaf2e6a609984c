"""The command to which all others belong.

What a command needs loads in the command, once it has the lock: help and a refusal come at once.
"""

from __future__ import annotations

import click

from orchestration.command_line import Commands
from orchestration.progress import progress


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="regulars", message="%(package)s %(version)s")
@click.pass_context
def main(context: click.Context) -> None:
    """One warehouse of a retailer's regular customers. REGULARS_DATA says where the data lies."""
    context.obj = context.obj or progress()
