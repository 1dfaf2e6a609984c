"""Questions on the terminal of a person."""

from __future__ import annotations

import click

from orchestration.new_source.questions import Question


def prompt(question: Question) -> str:
    """Asks until the answer can be taken; Enter takes what is likeliest."""
    click.echo()
    if question.examples:
        click.echo(f"  {question.examples}")
    choices = f" ({', '.join(question.choices)})" if question.choices else ""
    while True:
        answer = click.prompt(f"{question.words}{choices}", default=question.default).strip()
        refusal = question.refusal(answer)
        if refusal is None:
            return answer
        click.echo(refusal)
