"""What is sound has the checksum that was written down of it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from orchestration.publish.checksums import sound_files, write_checksums


@pytest.fixture
def generation(tmp_path: Path) -> Path:
    for name in ("a.parquet", "b c.parquet"):
        (tmp_path / name).write_text(name)
    write_checksums(tmp_path, list(tmp_path.iterdir()))
    return tmp_path


def test_what_is_as_it_was_is_sound(generation):
    assert sound_files(generation) == {"a.parquet", "b c.parquet"}
    check = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    assert subprocess.run(check, cwd=generation, capture_output=True).returncode == 0


def test_what_is_damaged_gone_or_unknown_is_not(generation):
    (generation / "a.parquet").write_text("b")
    (generation / "b c.parquet").unlink()
    (generation / "d.parquet").write_text("d")
    assert sound_files(generation) == frozenset()


def test_where_nothing_was_written_down_nothing_is_sound(tmp_path):
    (tmp_path / "a.parquet").write_text("a")
    assert sound_files(tmp_path) == frozenset()


def test_what_is_written_again_is_sound_and_what_is_damaged_stays_so(generation):
    (generation / "a.parquet").write_text("anew")
    (generation / "b c.parquet").write_text("damaged")
    path = write_checksums(generation, [generation / "a.parquet"])
    assert sound_files(generation) == {"a.parquet"}
    assert path.stat().st_mode & 0o777 == 0o444
