"""The table of what was held out: each column is of the basket that its head names."""

from __future__ import annotations

import pytest

from benchmarks import recommendations


def test_new_items_are_those_of_the_last_basket_and_stand_after_all_cut_offs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In place of a recall each basket has its number: 0 is the last one."""
    of_kind = {"all": 0.0, "new": 0.5, "new as shown": 0.25}
    monkeypatch.setattr(recommendations.HeldOut, "of", lambda connection, dropped: dropped)
    monkeypatch.setattr(recommendations, "methods", lambda held: [("popularity", None)])
    monkeypatch.setattr(
        recommendations, "measured", lambda scores, held, kind: (held + of_kind[kind], 0.0)
    )
    [line] = recommendations.held_out_lines(None)
    cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
    assert cells == [
        *("popularity", "0.0000 / 0.0000", "1.0000 / 0.0000", "2.0000 / 0.0000"),
        *("0.5000", "0.2500"),
    ]
    head = recommendations.table(line, "", "").splitlines()[0]
    assert head.count("|") == line.count("|")
    assert "new items of the last basket" in head
