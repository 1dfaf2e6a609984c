"""What has been kept for long enough goes wholly, and the rest agrees with itself."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest

from orchestration.privacy.retention import outdated, remove
from orchestration.project import Project

MORNING = datetime(2026, 1, 5, 6, 0, tzinfo=UTC)  # of the first landing; each is a day later
FEEDS, CONSENTS = {"pos/receipts", "pos/returns", "pos/consents"}, {"pos/consents"}


@pytest.fixture
def old_shop(shop):
    """Receipts of three mornings, the first corrected on the second; returns of the first."""
    shop.describe("receipts", ["receipt"], others={"returns": {}})
    shop.deliver("pos/receipts/1.csv", "receipt\nR1\nR2,too,many\n")
    shop.deliver("pos/returns/1.csv", "receipt\nR1\n")
    shop.deliver("pos/receipts/copy_of_1.csv", "receipt\nR9\n")
    shop.land()
    shop.deliver("pos/receipts/1.csv", "receipt\nR1\nR2\n")
    shop.deliver("pos/receipts/2.csv", "receipt\nR9\n")
    shop.land()
    shop.deliver("pos/receipts/3.csv", "receipt\nR3\n")
    shop.land()
    return shop


def project(shop) -> Project:
    return Project(shop.folder, shop.folder)


def old_after(shop, days: float, **rules: int):
    """What is old so many days after the first morning."""
    named = {name.replace("_", "/"): number for name, number in rules.items()}
    return outdated(project(shop), named, FEEDS, CONSENTS, MORNING + timedelta(days=days))


def test_a_replaced_version_goes_and_the_file_stays(old_shop):
    old = old_after(old_shop, 10.5, pos_receipts=10)
    remove(project(old_shop), old)
    assert old_shop.column("select receipt from raw.pos__receipts order by all") == [
        *("R1", "R2", "R3", "R9")
    ]
    assert old_shop.column("select text from raw.rejected_lines") == []
    assert sorted(path.name for path in (old_shop.landing / "pos" / "receipts").iterdir()) == [
        *("1.csv", "2.csv", "3.csv")
    ], "the copy of the first morning is gone; its bytes stay as those of 2.csv"


def test_what_another_description_lands_anew_is_no_younger(old_shop):
    """As an update of the project does, which reads some feed otherwise."""
    till = {"name": "till", "optional": True}
    old_shop.describe("receipts", ["receipt", till], others={"returns": {}})
    assert old_shop.land().total.landed == 5
    remove(project(old_shop), old_after(old_shop, 11.5, pos_receipts=10))
    assert old_shop.column("select distinct receipt from raw.pos__receipts") == ["R3"]


def test_a_file_goes_wholly_and_does_not_come_back(old_shop):
    remove(project(old_shop), old_after(old_shop, 11.5, pos_receipts=10))
    assert old_shop.column("select receipt from raw.pos__receipts") == ["R3"]
    assert [path.name for path in (old_shop.landing / "pos" / "receipts").iterdir()] == ["3.csv"]
    files = old_shop.column("select distinct file from raw.deliveries order by file")
    assert files == ["pos/receipts/3.csv", "pos/returns/1.csv"]
    report = old_shop.land()
    assert not report.total.landed and not report.held


def test_other_feeds_stay(old_shop):
    remove(project(old_shop), old_after(old_shop, 100, pos_receipts=10))
    assert old_shop.column("select receipt from raw.pos__returns") == ["R1"]


def test_nothing_is_old_before_its_day_nor_without_a_rule(old_shop):
    for old in (old_after(old_shop, 10, pos_receipts=10), old_after(old_shop, 1000)):
        assert not (old.files or old.events or old.batches)


@pytest.mark.parametrize(
    "step", ["landing.ledger.Ledger.rewrite", "privacy.retention.remove_leftovers"]
)
def test_what_a_kill_leaves_the_same_command_ends(old_shop, step, monkeypatch):
    """Between any two steps: files are gone, or the ledger tells of nothing, and rows lie there."""
    with monkeypatch.context() as killed:
        killed.setattr(f"orchestration.{step}", _die)
        with pytest.raises(KeyboardInterrupt):
            remove(project(old_shop), old_after(old_shop, 11.5, pos_receipts=10))
    assert old_shop.column("select receipt from raw.pos__receipts order by all") != ["R3"]
    remove(project(old_shop), old_after(old_shop, 11.5, pos_receipts=10))
    assert old_shop.column("select receipt from raw.pos__receipts") == ["R3"]


def test_what_has_not_landed_stays_whatever_had_its_name(old_shop):
    """One file has new content that nobody landed, and one has content that can't be loaded."""
    old_shop.deliver("pos/receipts/1.csv", "receipt\nR7\n")
    old_shop.deliver("pos/receipts/2.csv", "")
    old_shop.land()
    old_shop.deliver("pos/receipts/1.csv", "receipt\nR8\n")
    old = old_after(old_shop, 100, pos_receipts=10)
    assert [path.name for path in old.unlanded] == ["1.csv", "2.csv"]
    remove(project(old_shop), old)
    assert old_shop.column("select receipt from raw.pos__receipts") == []
    report = old_shop.land()
    assert old_shop.column("select receipt from raw.pos__receipts") == ["R8"]
    assert [held.file for held in report.held] == ["pos/receipts/2.csv"]


def _die(*_):
    raise KeyboardInterrupt


def test_exports_go_by_their_age(old_shop):
    exports = project(old_shop).exports / "persons"
    exports.mkdir(parents=True)
    for name, day in {"old.json": 0, "new.json": 5}.items():
        (exports / name).write_text("{}")
        at = (MORNING + timedelta(days=day)).timestamp()
        os.utime(exports / name, (at, at))
    remove(project(old_shop), old_after(old_shop, 10, exports=7))
    assert [path.name for path in exports.iterdir()] == ["new.json"]


def test_the_last_export_of_an_audience_stays_since_removals_are_told_by_it(old_shop):
    home = project(old_shop).exports / "audiences" / "win_back"
    for day in ("2026-01-01", "2026-01-02"):
        (home / day).mkdir(parents=True)
        (home / day / "crm.csv").write_text("email\n")
        os.utime(home / day / "crm.csv", (MORNING.timestamp(), MORNING.timestamp()))
    remove(project(old_shop), old_after(old_shop, 10, exports=7))
    assert [str(path.relative_to(home)) for path in home.rglob("*")] == [
        "2026-01-02",
        "2026-01-02/crm.csv",
    ]


def test_consents_have_no_age(old_shop):
    with pytest.raises(ValueError, match="names pos/consents: .* an older yes would stand"):
        old_after(old_shop, 1, pos_consents=10)


def test_what_is_no_number_of_days_is_refused(old_shop):
    for days in ("400 days", True, -1, 10**9):
        with pytest.raises(ValueError, match="of pos/receipts is no number of days"):
            old_after(old_shop, 1, pos_receipts=days)


def test_a_rule_of_no_feed_is_refused(old_shop):
    with pytest.raises(ValueError, match="names pos/tenders: choose of exports, pos/rec"):
        old_after(old_shop, 1, pos_tenders=10)
