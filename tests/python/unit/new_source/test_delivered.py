"""Where samples lie, and who knows the numbers of customers already."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT

from orchestration.audiences.record import SOURCE
from orchestration.new_source import DEMO, Answers, _Project
from orchestration.new_source.delivered import Delivered, deliver, pattern_of
from orchestration.new_source.samples import read_sample
from orchestration.new_source.tables import Table, tables_of
from orchestration.project import Project
from orchestration.world.systems import SYSTEMS

SALES = "order_id,date,user_id,total\n1,2026-05-01,7,3.00\n2,2026-05-02,8,4.00\n"


def table(*paths: Path) -> Table:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SALES)
    [only] = tables_of([read_sample(path) for path in paths], "here")
    return only


def test_the_demo_worlds_sources_are_those_of_its_systems() -> None:
    assert set(DEMO) == set(SYSTEMS)


def test_what_the_project_hands_to_itself_is_no_source_of_others() -> None:
    """It has no phones and issues no numbers, so that nothing is asked because of it."""
    project = Project(ROOT, ROOT / "data")
    changed = _Project(project, "market")
    changed.ask_for_demo(Answers({"take_demo_away": "yes"}))
    assert changed.sources == [*DEMO, SOURCE]
    assert changed.others == []


@pytest.mark.parametrize(
    ("names", "pattern"),
    [
        (["sales_1.csv", "sales_2.csv"], None),
        (["sales_1.txt", "sales_2.txt"], "sales/*.txt"),
        (["sales_1.csv", "sales_2.txt"], "sales/*"),
        (["landing/sales/1.csv"], None),
        (["landing/all/sales_1.csv", "landing/all/sales_2.csv"], "all/sales_*.csv"),
        (["landing/sales_1.csv"], "sales_1.csv"),
    ],
)
def test_files_are_found_where_they_lie_or_will_lie(
    tmp_path: Path, names: list[str], pattern: str | None
) -> None:
    assert pattern_of(table(*(tmp_path / name for name in names)), tmp_path / "landing") == pattern


def test_files_half_of_which_lie_in_the_landing_folder_are_refused(tmp_path: Path) -> None:
    half = table(tmp_path / "sales_1.csv", tmp_path / "landing" / "sales" / "sales_2.csv")
    with pytest.raises(ValueError, match="put all of them there"):
        pattern_of(half, tmp_path / "landing")


def test_samples_are_copied_and_those_that_lie_there_are_left(tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    assert deliver([table(tmp_path / "sales.csv")], landing) == [landing / "sales" / "sales.csv"]
    assert (landing / "sales" / "sales.csv").read_text() == SALES
    assert deliver([table(landing / "sales" / "sales.csv")], landing) == []


def test_a_source_knows_numbers_that_stand_in_one_of_its_columns(tmp_path: Path) -> None:
    table(tmp_path / "crm" / "sales" / "a.csv")
    known = Delivered(tmp_path / "crm")
    assert known.share_of(["7", "8.0", "9", "10"]) == 0.5
    assert Delivered(tmp_path / "nobody").share_of(["7"]) == 0
