"""A file whose stamp is as it was is not read again, unless that is asked for."""

from __future__ import annotations

import hashlib
import json

import pytest

from orchestration.landing import stamps
from orchestration.landing.land import STAMPS

CONTENT = "receipt_no,member,amount\n1,Ann,3\n"


@pytest.fixture
def settled(shop, monkeypatch):
    """A shop with a file that landed, and had not changed for long before."""
    monkeypatch.setattr(stamps, "SETTLED", -1_000_000_000)
    shop.deliver("pos/receipts/a.csv", CONTENT)
    shop.land()
    return shop


def forbid_reading(monkeypatch) -> None:
    monkeypatch.setattr(hashlib, "file_digest", None)


def test_a_file_that_stays_as_it_was_is_hashed_once(settled, monkeypatch):
    forbid_reading(monkeypatch)
    assert len(settled.land().unchanged) == 1


def test_a_file_of_the_same_size_and_another_time_is_read(settled):
    settled.deliver("pos/receipts/a.csv", CONTENT.replace("Ann", "Bob"))
    assert len(settled.land().landed) == 1
    assert settled.column("select member from raw.pos__receipts order by 1") == ["Ann", "Bob"]


def test_a_file_that_changed_under_its_old_stamp_is_found_when_files_are_verified(settled):
    path = settled.deliver("pos/receipts/a.csv", CONTENT.replace("Ann", "Bob"))
    status, file = path.stat(), settled.raw / STAMPS
    kept = json.loads(file.read_text())
    times = [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]
    kept["pos/receipts/a.csv"][:-1] = times
    file.write_text(json.dumps(kept))
    assert len(settled.land().unchanged) == 1
    assert len(settled.land(verify=True).landed) == 1
    assert len(settled.land().unchanged) == 1


def test_a_file_that_has_just_changed_is_read_again(shop):
    shop.deliver("pos/receipts/a.csv", CONTENT)
    shop.land()
    assert json.loads((shop.raw / STAMPS).read_text()) == {}


@pytest.mark.parametrize("damaged", ["", "{", "[]", "\0"])
def test_stamps_that_are_damaged_or_lost_cost_time_alone(settled, damaged):
    (settled.raw / STAMPS).write_text(damaged)
    assert len(settled.land().unchanged) == 1
    (settled.raw / STAMPS).unlink()
    assert len(settled.land().unchanged) == 1
