"""Who may read what in the data folder."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from orchestration.privacy.files import close, folder_for_readers, kept_private


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder as an older version left it, open to everybody."""
    for folder in ("landing/crm", "raw/crm__members", "published/generations", "report", "mine"):
        (tmp_path / folder).mkdir(parents=True)
    for folder in ("landing", "landing/crm", "raw", "raw/crm__members", "published", "mine"):
        (tmp_path / folder).chmod(0o755)
    for file in ("landing/crm/a.csv", "raw/crm__members/b.parquet", "published/c", "mine/d"):
        (tmp_path / file).write_text("x")
        (tmp_path / file).chmod(0o644)
    (tmp_path / "warehouse.duckdb").write_text("x")
    (tmp_path / "warehouse.duckdb").chmod(0o644)
    return tmp_path


def test_what_is_private_is_its_owner_s_alone(data: Path) -> None:
    with kept_private(data):
        (data / "exports").mkdir()
        (data / "exports" / "audience.csv").write_text("x")
        (data / "raw" / "deliveries.jsonl").write_text("x")
        assert mode(data / "exports" / "audience.csv") == 0o600
    for name in ("landing", "raw", "exports"):
        found = [data / name, *(data / name).rglob("*")]
        assert {mode(path) for path in found} == {0o700, 0o600}, name
    assert mode(data / "warehouse.duckdb") == 0o600


def test_what_is_for_others_or_nobody_s_of_us_stays_as_it_is(data: Path) -> None:
    close(data)
    assert mode(data / "published") == mode(data / "mine") == 0o755
    assert mode(data / "published" / "c") == mode(data / "mine" / "d") == 0o644


def test_the_mask_of_the_process_comes_back(data: Path) -> None:
    before = os.umask(0o022)
    try:
        with pytest.raises(OSError, match="full"), kept_private(data):
            raise OSError("the disk is full")
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)
    assert mode(data / "raw" / "crm__members") == 0o700


def test_who_delivers_as_another_user_of_the_group_goes_on_to_do_so(data: Path) -> None:
    (data / "landing").chmod(0o775)
    (data / "landing" / "crm").chmod(0o775)
    close(data)
    assert mode(data / "landing") == mode(data / "landing" / "crm") == 0o770
    assert mode(data / "landing" / "crm" / "a.csv") == 0o640


def test_links_are_not_followed(data: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    elsewhere.chmod(0o755)
    (data / "raw" / "link").symlink_to(elsewhere)
    close(data)
    assert mode(elsewhere) == 0o755


def test_readers_find_their_folders_open(tmp_path: Path) -> None:
    with kept_private(tmp_path):
        folder_for_readers(tmp_path / "published")
        (tmp_path / "raw").mkdir()
    assert mode(tmp_path / "published") == 0o755
    (tmp_path / "published").chmod(0o750)
    folder_for_readers(tmp_path / "published")
    assert mode(tmp_path / "published") == 0o750
