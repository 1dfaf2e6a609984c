"""A held file stops a refresh as soon as landing has ended."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from orchestration.failures import RefreshFailed
from orchestration.held import refuse_held_files
from orchestration.landing import FileOutcome, LandingReport
from orchestration.landing.ledger import HELD, LANDED, Ledger
from orchestration.project import Project
from orchestration.refresh import Refresh
from orchestration.request import Request

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def request_(tmp_path: Path) -> Request:
    (tmp_path / "dbt_project.yml").write_text("vars: {sources: {pos: [orders], crm: [accounts]}}")
    return Request(Project(tmp_path, tmp_path))


def say(request: Request, source: str, file: str, status: str, reason: str | None = None) -> None:
    request.project.raw.mkdir(exist_ok=True)
    fields = {"source": source, "feed": "receipts", "file": file}
    Ledger(request.project.ledger).append(NOON, **fields, status=status, reason=reason)


def test_held_files_are_told_in_the_words_of_the_lander(request_):
    say(request_, "pos", "pos/b.csv", HELD, "pos/b.csv: it is empty.")
    say(request_, "pos", "pos/a.csv", HELD, "pos/a.csv: it is damaged.")
    with pytest.raises(RefreshFailed) as failed:
        refuse_held_files(request_)
    assert failed.value.reasons == ("pos/a.csv: it is damaged.", "pos/b.csv: it is empty.")


def test_files_that_are_held_for_one_cause_are_told_in_one_sentence(request_):
    for name in "abc":
        say(request_, "pos", f"pos/{name}.csv", HELD, f"pos/{name}.csv: it is empty.")
    with pytest.raises(RefreshFailed) as failed:
        refuse_held_files(request_)
    assert failed.value.reasons == ("pos/a.csv and 2 more files of pos__receipts: it is empty.",)


def test_what_else_landing_found_is_told_with_it(request_, monkeypatch):
    """It is told but once: the next run finds no news of these files."""
    say(request_, "pos", "pos/a.csv", HELD, "pos/a.csv: it is empty.")
    held = FileOutcome("pos__receipts", "pos/a.csv", HELD, "pos/a.csv: it is empty.")
    other = FileOutcome(
        "pos__receipts", "pos/b.csv", LANDED, "pos/b.csv: 2 lines quarantined.", 1, 2
    )
    report = LandingReport((held, other), ())
    monkeypatch.setattr(Refresh, "land", lambda *_: report)
    with pytest.raises(RefreshFailed) as failed:
        Refresh(request_.project).run(print)
    assert failed.value.reasons == ("pos/a.csv: it is empty.",)
    assert failed.value.remarks == ("pos/b.csv: 2 lines quarantined.",)


def test_what_landed_later_or_is_of_no_source_in_use_holds_nothing_up(request_):
    refuse_held_files(request_)
    say(request_, "pos", "pos/a.csv", HELD, "pos/a.csv: it is damaged.")
    say(request_, "pos", "pos/a.csv", LANDED)
    say(request_, "shop", "shop/a.csv", HELD, "shop/a.csv: it is damaged.")
    refuse_held_files(request_)
