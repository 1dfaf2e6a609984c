"""The landing folder, as far as a new source is concerned: others' files, and its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from orchestration.new_source.samples import read_sample
from orchestration.new_source.tables import Table, bare, share_known

TRIED = 1_000  # numbers of customers that tell whether a source knows them


@dataclass(frozen=True)
class Delivered:
    """What one source has in the landing folder."""

    folder: Path

    @property
    def has_files(self) -> bool:
        return any(self._files())

    def share_of(self, values: Sequence[str], without_zeros: bool = False) -> float:
        """How many of some numbers stand in the column of its files that has most of them, as they
        are written, or without zeros in front on both sides."""
        tried = set(list(dict.fromkeys(map(bare, values)))[:TRIED])
        return max((share_known(tried, each, without_zeros) for each in self._columns), default=0)

    @cached_property
    def _columns(self) -> list[set[str]]:
        found = []
        for path in self._files():
            try:
                sample = read_sample(path)
            except (ValueError, OSError):
                continue  # it tells nothing here; the lander says what is wrong with it
            found += [{bare(v) for v in column if v} for column in zip(*sample.rows, strict=True)]
        return found

    def _files(self) -> Iterator[Path]:
        return (path for path in self.folder.rglob("*") if path.is_file() and path.name[0] != ".")


def pattern_of(table: Table, folder: Path) -> str | None:
    """The glob below the source's folder that finds the files of a table; None for the usual one.

    Files that lie below it already stay where they are.
    """
    endings = {sample.path.suffix for sample in table.samples}
    is_usual = endings == {f".{each}" for each in table.formats}
    name = f"*{endings.pop()}" if len(endings) == 1 else "*"
    places = {_place(sample.path, folder) for sample in table.samples}
    if places in ({None}, {Path(table.name)}):
        return None if is_usual else f"{table.name}/{name}"
    if len(places) > 1 or None in places:
        raise ValueError(
            f"Some files of {table.name} lie in {folder} and some elsewhere: put all of them there."
        )
    prefix = os.path.commonprefix([sample.path.name for sample in table.samples])
    stem = prefix if len(table.samples) == 1 else f"{prefix}{name}"
    return str(next(iter(places)) / stem)


def _place(path: Path, folder: Path) -> Path | None:
    """The folder of a file below the source's; None where it lies elsewhere."""
    parent, top = path.resolve().parent, folder.resolve()
    return parent.relative_to(top) if parent.is_relative_to(top) else None


def deliver(tables: Sequence[Table], folder: Path) -> list[Path]:
    """Copies the samples to where the lander looks for them; those that lie there are left."""
    copied = []
    for table in tables:
        for sample in table.samples:
            if _place(sample.path, folder) is not None:
                continue
            target = folder / table.name / sample.path.name
            target.parent.mkdir(parents=True, exist_ok=True)
            # The lander leaves what ends in .part alone.
            unfinished = target.with_name(f"{target.name}.part")
            shutil.copyfile(sample.path, unfinished)
            unfinished.replace(target)
            copied.append(target)
    return copied
