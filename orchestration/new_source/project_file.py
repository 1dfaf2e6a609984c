"""What is changed in `dbt_project.yml`: single lines, so that its comments stay as they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import yaml

ENTRY = "    "  # before an entry of the variable `sources`


def with_source(text: str, name: str, entities: Sequence[str]) -> str:
    """The project file with one source more, or other entities of it."""
    line = f"{ENTRY}{name}: [{', '.join(entities)}]"
    before, entries, after = _parted(without_sources(text, [name]))
    return "\n".join([*before, *entries, line, *after])


def without_sources(text: str, names: Iterable[str]) -> str:
    """The project file without the entries of these sources."""
    before, entries, after = _parted(text)
    kept = [e for e in entries if not any(re.match(f"{ENTRY}{re.escape(n)}:", e) for n in names)]
    return "\n".join([*before, *kept, *after])


def with_variable(text: str, name: str, value: str) -> str:
    """The project file with another value, as YAML, of a variable that stands on one line.

    Raises `ValueError` where it has none.
    """
    line = f"  {name}: {value}"
    changed, times = re.subn(rf"^  {name}:.*$", lambda _: line, text, count=1, flags=re.MULTILINE)
    if not times:
        raise ValueError(
            f"dbt_project.yml has no variable `{name}`: write it on a line below `vars`."
        )
    return changed


def with_issuers_without_zeros(text: str, issuers: Iterable[str]) -> str:
    """The project file with more issuers of keys whose zeros in front mean nothing."""
    key = "keys_without_leading_zeros"
    known: list[str] = yaml.safe_load(text)["vars"].get(key) or []
    return with_variable(text, key, f"[{', '.join(dict.fromkeys([*known, *issuers]))}]")


def rewrite(path: Path, text: str) -> None:
    """Replaces the file at once."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)


def _parted(text: str) -> tuple[list[str], list[str], list[str]]:
    """The lines up to `sources:`, those of its entries, and the others.

    Raises `ValueError` where the variable isn't written as one entry a line.
    """
    lines = text.split("\n")
    at = next((i for i, line in enumerate(lines) if re.match("  sources:", line)), None)
    if at is None:
        raise ValueError(
            "dbt_project.yml has no variable `sources`: write it, with one line a source."
        )
    if inline := lines[at].partition(":")[2].split("#")[0].strip():
        if inline != "{}":
            raise ValueError("Write the variable `sources` of dbt_project.yml one line a source.")
        lines[at] = "  sources:"
    end = at + 1
    while end < len(lines) and lines[end].startswith(ENTRY):
        end += 1
    return lines[: at + 1], lines[at + 1 : end], lines[end:]
