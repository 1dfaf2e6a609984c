"""With which parameters a past day was scored, where later ones are there; variables at fault."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from orchestration.remarks.built import Built

IN_USE = """
select
    model,
    max(version) filter (where status = 'current') as version,
    max(as_of_date) filter (where status = 'current') as as_of_date
from {table}
group by model
having count(*) filter (where status = 'later') > 0
order by model
"""


def parameters_of_the_past(built: Built) -> Iterator[str]:
    """A sentence, where something was fitted after the day or the instant that was asked for."""
    told = [_in_use(row) for row in built.rows("int_model_versions", IN_USE)]
    if told:
        yield f"Scored with what was fitted by then: {'; '.join(told)}."


def _in_use(row: dict[str, Any]) -> str:
    model, version, day = row["model"], row["version"], row["as_of_date"]
    if not version:
        return f"{model} with what ships with the project"
    before = f" of facts before {day}" if day else ""
    return f"{model} with version {version}{before}"


def names_unknown_to_seeds(built: Built, compiled_sql: str) -> Iterator[str]:
    """The names that variables take from a seed, and that it does not have."""
    for row in built.ask(f"select * from ({compiled_sql}) order by variable, name"):
        yield (
            f"The variable {row['variable']} names {row['name']}, which the seed {row['seed']} "
            f"does not have: choose of {row['known_names']}."
        )
