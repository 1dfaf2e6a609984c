"""What the project's own Python reads of the warehouse stands in an exposure, nothing else does.

Without it a renamed model breaks a command that no test of dbt runs, and lineage ends too early.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

# A model of intermediate by its name, other layers and seeds by their schema. Marts as a whole are
# what is published: who copies or shows them names the schema of the publication.
NAMED = re.compile(
    r"\b(?:(int_[a-z_]+)|(?:entities|intermediate|staging|marts|reference)[.]([a-z_]+))\b"
)
# These read marts as any reader may, from the publication.
READERS = ("orchestration/report", "orchestration/publish", "orchestration/world")
# A table of a hook, and what the publication writes itself: no models.
OTHER_TABLES = {"last_build", "publication"}


def names(text: str) -> set[str]:
    return {model or other for model, other in NAMED.findall(text)} - OTHER_TABLES


def named_below(folder: str, others: set[str]) -> set[str]:
    """What the code of a folder names, without folders that have an exposure of their own."""
    found: set[str] = set()
    nested = [other for other in others if other.startswith(f"{folder}/")]
    for path in (ROOT / folder).rglob("*.*"):
        place = f"{path.parent.relative_to(ROOT)}/"
        if path.suffix in (".py", ".sql") and not place.startswith(tuple(f"{o}/" for o in nested)):
            found |= names(path.read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def exposures(manifest: dict) -> dict[str, set[str]]:
    """By the folder of its code: the models and seeds that an exposure says it reads."""
    return {
        exposure["config"]["meta"]["code"]: {
            manifest["nodes"][node]["name"] for node in exposure["depends_on"]["nodes"]
        }
        for exposure in manifest["exposures"].values()
    }


def test_every_exposure_names_what_its_code_names(exposures: dict[str, set[str]]) -> None:
    for folder, said in exposures.items():
        assert named_below(folder, {*exposures, *READERS} - {folder}) == said, folder


def test_names_are_found_in_sql_that_python_holds() -> None:
    sql = "select * from warehouse.intermediate.int_a left join marts.b using (x), reference.c"
    assert names(sql) == {"int_a", "b", "c"}
