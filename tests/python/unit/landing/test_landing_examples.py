"""An example fills its own source folders, and never one that holds files of others."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from orchestration import project
from orchestration.cli import main
from orchestration.landing import state_of
from orchestration.project import Project
from orchestration.refresh import Refresh

MAKE_FILES = """
def make_files(landing, progress):
    for source in {sources}:
        (landing / source / "receipts").mkdir(parents=True, exist_ok=True)
        file = landing / source / "receipts" / "{example}.csv"
        if not file.exists():
            file.write_text("receipt_no\\n1\\n")
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Project:
    """A checkout with two examples that fill `pos`, and one that doesn't."""
    root = tmp_path / "checkout"
    for example, sources in [("small", ["pos", "crm"]), ("large", ["pos"]), ("else", ["shop"])]:
        folder = root / "examples" / example
        folder.mkdir(parents=True)
        (folder / "make_files.py").write_text(MAKE_FILES.format(sources=sources, example=example))
        (folder / "vars.yml").write_text(f"sources: {dict.fromkeys(sources, ['orders'])}")
    (root / "dbt_project.yml").write_text("vars: {sources: {}}")
    return Project(root, tmp_path / "data")


def make(checkout: Project, example: str, **variables: object) -> None:
    Refresh(checkout, example, variables).make_example_files(lambda text: None)


def files(checkout: Project) -> list[str]:
    found = [path for path in checkout.landing.rglob("*") if path.is_file()]
    return sorted(str(path.relative_to(checkout.landing)) for path in found)


def deliver(checkout: Project, file: str) -> None:
    path = checkout.landing / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("receipt_no\n2\n")


def test_every_folder_that_an_example_fills_is_marked(checkout):
    make(checkout, "small")
    assert files(checkout) == [
        *("crm/.example", "crm/receipts/small.csv", "pos/.example", "pos/receipts/small.csv")
    ]
    assert (checkout.landing / "pos/.example").read_text() == "small\n"


def test_the_same_example_again_changes_nothing(checkout):
    """So that the sensor of the landing folder doesn't ask for one refresh after the other."""
    make(checkout, "small")
    before = state_of(checkout.landing)
    make(checkout, "small")
    make(checkout, "./small")
    assert state_of(checkout.landing) == before


def test_examples_of_other_sources_get_on_with_each_other(checkout):
    make(checkout, "small")
    make(checkout, "else")
    make(checkout, "small")
    assert "shop/receipts/else.csv" in files(checkout)


@pytest.mark.parametrize(
    "file", ["pos/receipts/own.csv", "pos/own.csv", "pos/own.csv.part", "pos/deep/er/own.csv"]
)
def test_own_files_are_not_mixed_with_an_example(checkout, file):
    """Nothing is written, not even into the folder that is free."""
    deliver(checkout, file)
    with pytest.raises(ValueError, match="not of the example small .* set REGULARS_DATA") as error:
        make(checkout, "small")
    assert f"or remove {checkout.landing / 'pos'} and {checkout.raw}." in str(error.value)
    assert str(checkout.landing / "crm") not in str(error.value)
    assert files(checkout) == [file]


def test_another_example_is_not_mixed_in(checkout):
    make(checkout, "small")
    before = files(checkout)
    with pytest.raises(ValueError, match="not of the example large"):
        make(checkout, "large")
    assert files(checkout) == before


def test_sources_that_the_refresh_leaves_out_are_filled_and_guarded_too(checkout):
    deliver(checkout, "pos/receipts/own.csv")
    with pytest.raises(ValueError, match="set REGULARS_DATA"):
        make(checkout, "small", sources={"crm": ["orders"]})


def test_hidden_and_empty_folders_are_free(checkout):
    (checkout.landing / "pos/receipts").mkdir(parents=True)
    deliver(checkout, "pos/.DS_Store")
    deliver(checkout, "pos/.trash/old.csv")
    make(checkout, "small")
    assert "pos/receipts/small.csv" in files(checkout)


def test_what_landed_from_files_that_are_gone_is_not_mixed_with_an_example(checkout):
    """Taking files out of the landing folder keeps their rows; without these it is free."""
    row = checkout.raw / "pos__receipts" / "batch.parquet"
    row.parent.mkdir(parents=True)
    row.touch()
    with pytest.raises(ValueError, match="lie or have landed in .*pos"):
        make(checkout, "small")
    row.unlink()
    make(checkout, "small")


@pytest.mark.parametrize("command", ["run", "land"])
def test_the_command_says_it_in_one_sentence(checkout, monkeypatch, command):
    monkeypatch.setattr(project, "ROOT", checkout.root)
    monkeypatch.setenv("REGULARS_DATA", str(checkout.data))
    deliver(checkout, "pos/receipts/own.csv")
    done = CliRunner().invoke(main, ["--quiet", command, "--example", "small"])
    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "set REGULARS_DATA to another folder" in done.stderr
    assert files(checkout) == ["pos/receipts/own.csv"]
