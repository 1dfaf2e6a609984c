"""What a refresh is asked for: where, of which example and sources, with which variables."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from difflib import get_close_matches
from typing import Any, Self

from orchestration.project import Project

# What a variable takes, by what `dbt_project.yml` gives it: its name, and its types in YAML.
_NUMBER = ("a number", (int, float))
_TEXT = ("text, in quotes where it is all digits", (str, date))
_KINDS: Mapping[type, tuple[str, tuple[type, ...]]] = {
    bool: ("true or false", (bool,)),
    int: _NUMBER,
    float: _NUMBER,
    str: _TEXT,
    date: _TEXT,
    list: ("a list, such as [a, b]", (list, tuple)),
    dict: ("a mapping, such as {a: b}", (Mapping,)),
}


@dataclass(frozen=True)
class Request:
    """Variables for dbt, on top of the project's and the example's."""

    project: Project
    example: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_environment(cls) -> Self:
        """What schedules ask for: REGULARS_DATA, REGULARS_TARGET and REGULARS_EXAMPLE."""
        project = Project.from_environment(os.environ.get("REGULARS_TARGET") or "duckdb")
        return cls(project, os.environ.get("REGULARS_EXAMPLE"))

    @property
    def overrides(self) -> dict[str, Any]:
        """The variables that differ from `dbt_project.yml`."""
        example = self.project.example_variables(self.example) if self.example else {}
        return {**example, **self.variables}

    @property
    def sources(self) -> list[str]:
        return list(self.project.variables(self.overrides)["sources"])

    def asking(self, variables: Mapping[str, Any]) -> Self:
        """The same refresh with further variables; `ValueError` for one that the project has not,
        which dbt would take, and nothing would read, and for one of another kind than it has."""
        known = self.project.variables({}) if variables else {}
        for name in variables.keys() - known.keys():
            likely = get_close_matches(str(name), known, n=1)
            hint = f": is it {likely[0]}?" if likely else "; dbt_project.yml has them all."
            raise ValueError(f"There is no variable '{name}'{hint}")
        for name, value in variables.items():
            _refuse_another_kind(name, known[name], value)
        return replace(self, variables={**self.variables, **variables})

    def only(self, sources: Iterable[str]) -> Self:
        """The same refresh of some of its sources; `ValueError` names those that are not in use."""
        in_use = self.project.variables(self.overrides)["sources"]
        unknown = sorted(set(sources) - set(in_use))
        if unknown:
            raise ValueError(
                f"No source {', '.join(unknown)} is in use: choose of {', '.join(in_use)}."
            )
        return self.asking({"sources": {source: in_use[source] for source in sources}})


def _refuse_another_kind(name: str, usual: object, given: object) -> None:
    """`ValueError` where a variable can't be what is given. One that is usually null takes
    anything, and null may stand for anything."""
    if given is None or type(usual) not in _KINDS:
        return
    kind, types = _KINDS[type(usual)]
    if not isinstance(given, types) or isinstance(given, bool) != isinstance(usual, bool):
        raise ValueError(f"The variable '{name}' takes {kind}, and not {given!r}.")


def asked(
    variables: Mapping[str, Any], as_of: str | None = None, known_at: str | None = None
) -> dict[str, Any]:
    """The variables that a person asks for, the two dates among them as dbt's SQL takes them."""
    dates = {"as_of_date": as_of, "known_at": known_at}
    given = {**variables, **{name: value for name, value in dates.items() if value}}
    if given.get("known_at"):
        given["known_at"] = utc(str(given["known_at"]))
    return given


def utc(instant: str) -> str:
    """An instant as SQL takes it, without an offset; one that is written without is UTC already.

    Raises `ValueError` where it is none.
    """
    try:
        parsed = datetime.fromisoformat(instant)
    except ValueError:
        raise ValueError(f"'{instant}' is no instant: write it as 2026-07-01T09:30.") from None
    if parsed.tzinfo:
        parsed = parsed.astimezone(UTC).replace(tzinfo=None)
    return parsed.isoformat(sep=" ")
