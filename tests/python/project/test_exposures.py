"""What the project's own Python reads of the warehouse stands in an exposure, nothing else does.

Without it a renamed model breaks a command that no test of dbt runs, and lineage ends too early.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

# A model by its name or its schema, a seed by its schema.
NAMED = re.compile(
    r"\b(?:(int_[a-z0-9_]+)|(?:intermediate|entities|staging|marts|reference)[.]([a-z0-9_]+))\b"
)
# What is no model: a table of a hook, and the row that publishing adds.
OTHER_TABLES = {"last_build", "publication"}
# It copies whatever marts there are, and tells of them by example.
COPIES = "orchestration/publish"


def names(text: str) -> set[str]:
    """Names that end with an underscore are beginnings, which the code completes by itself."""
    found = {model or other for model, other in NAMED.findall(text)}
    return {name for name in found if not name.endswith("_")} - OTHER_TABLES


def named_by(code: Iterable[str], others: Iterable[str]) -> set[str]:
    """What files, and those of folders, name, without folders in these that have an exposure of
    their own."""
    found: set[str] = set()
    for place in code:
        inner = [ROOT / other for other in others if other.startswith(f"{place}/")]
        path = ROOT / place
        for file in [path] if path.is_file() else [*path.rglob("*.py"), *path.rglob("*.sql")]:
            if not any(file.is_relative_to(other) for other in inner):
                found |= names(file.read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def exposures(manifest: dict) -> dict[tuple[str, ...], set[str]]:
    """By the folders and files of its code: the models and seeds that an exposure says it reads."""
    return {
        tuple(exposure["config"]["meta"]["code"].split(", ")): {
            manifest["nodes"][node]["name"] for node in exposure["depends_on"]["nodes"]
        }
        for exposure in manifest["exposures"].values()
    }


def test_every_exposure_names_what_its_code_names(
    exposures: dict[tuple[str, ...], set[str]],
) -> None:
    others = [*(place for code in exposures for place in code), COPIES]
    for code, said in exposures.items():
        assert named_by(code, others) == said, code


def test_names_are_found_in_sql_that_python_holds() -> None:
    sql = "select * from warehouse.intermediate.int_a left join marts.b using (x), reference.c"
    assert names(sql) == {"int_a", "b", "c"}
