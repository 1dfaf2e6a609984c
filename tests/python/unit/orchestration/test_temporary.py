"""What a killed process leaves among temporary files goes, and nothing of those that run."""

from __future__ import annotations

import os
import signal
import tempfile
from pathlib import Path

from orchestration.temporary import clear_what_kills_left, temporary_folder


def test_a_folder_of_a_process_that_was_killed_goes(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    child = os.fork()
    if child == 0:
        with temporary_folder() as folder:
            (folder / "sample").write_text("canary")
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    [left] = tmp_path.iterdir()
    others = tmp_path / "regulars-of-somebody"
    others.mkdir()
    with temporary_folder() as folder:
        clear_what_kills_left()
        assert sorted(tmp_path.iterdir()) == sorted([folder, others])
    assert not left.exists()
    assert list(tmp_path.iterdir()) == [others]
