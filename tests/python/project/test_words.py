"""What is shown to people has names in both languages, and not codes."""

from __future__ import annotations

import csv
from itertools import product
from pathlib import Path

import pytest

from orchestration.world.trade import SELLS_IN

SEEDS = Path(__file__).resolve().parents[3] / "seeds"
DAY_KINDS = ("working_day", "weekend", "festival")


def column(seed: str, name: str) -> set[str]:
    with (SEEDS / f"{seed}.csv").open(encoding="utf-8") as rows:
        return {row[name] for row in csv.DictReader(rows)}


def items(figure: str) -> set[str]:
    with (SEEDS / "tag_items.csv").open(encoding="utf-8") as rows:
        return {row["item"] for row in csv.DictReader(rows) if row["figure"] == figure}


@pytest.mark.parametrize(
    ("figure", "values"),
    [
        ("day_kind", set(DAY_KINDS)),
        ("daypart", column("dayparts", "daypart")),
        ("moment", {"_".join(each) for each in product(DAY_KINDS, column("dayparts", "daypart"))}),
        ("channel", {*SELLS_IN, "marketplace", "phone"}),
        ("need", column("need_terms", "need")),
        ("membership_tier", column("loyalty_tiers", "membership_tier") - {"none"}),
    ],
)
def test_every_value_of_a_tag_has_a_name(figure: str, values: set[str]) -> None:
    assert values <= items(figure), values - items(figure)
