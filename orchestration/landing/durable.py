"""What has landed is made durable for many files at once: waiting for the disk is what costs."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from orchestration.disk import sync
from orchestration.landing.ledger import Ledger

GROUP = 256  # files that are made durable together
LARGE = 100_000_000  # delivered bytes after which no more are waited for
THREADS = 16  # that wait for the disk, which writes what several of them ask for at once


class Group:
    """Files that lie in their places in `raw`, and events of them that the ledger has noted.

    The events are recorded when all files are durable, and their folders too. What a kill or a
    power cut leaves behind before is in no event, so that the next run removes and lands it anew.
    """

    def __init__(self, raw: Path, ledger: Ledger):
        self._raw, self._ledger = raw, ledger
        self._files: list[Path] = []
        self._bytes = 0

    def add(self, files: Sequence[Path], delivered: int) -> None:
        """Takes the files of a delivery of so many bytes."""
        self._files += files
        self._bytes += delivered

    def commit_if_full(self) -> None:
        if len(self._files) >= GROUP or self._bytes >= LARGE:
            self.commit()

    def commit(self) -> None:
        """Makes all durable that was added and noted."""
        make_durable(self._files, self._raw)
        self._ledger.record()
        self._files, self._bytes = [], 0


def make_durable(files: Sequence[Path], raw: Path) -> None:
    """Waits until files in folders of `raw` are on disk, and after them their names."""
    if files:
        with ThreadPoolExecutor(min(len(files), THREADS)) as threads:
            list(threads.map(sync, files))
            list(threads.map(sync, [*{file.parent for file in files}, raw]))
