"""The checksums of a generation's database and Parquet files, as `sha256sum --check` reads them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

CHECKSUMS = "SHA256SUMS"


def write_checksums(folder: Path, files: Iterable[Path]) -> Path:
    """Writes down the checksums of these files, beside those of others that are known."""
    told = {**_told(folder), **{file.name: _checksum(file) for file in files}}
    path, fresh = folder / CHECKSUMS, folder / f".{CHECKSUMS}"
    fresh.unlink(missing_ok=True)
    fresh.write_text("".join(f"{checksum}  {name}\n" for name, checksum in sorted(told.items())))
    fresh.chmod(0o444)
    return fresh.replace(path)


def sound_files(folder: Path) -> frozenset[str]:
    """The names of the files that have the checksum they were written with."""
    return frozenset(
        name
        for name, checksum in _told(folder).items()
        if (folder / name).exists() and _checksum(folder / name) == checksum
    )


def _told(folder: Path) -> Mapping[str, str]:
    """Checksums by name of file; none where nothing was written down."""
    path = folder / CHECKSUMS
    lines = path.read_text().splitlines() if path.exists() else []
    return {name: checksum for checksum, _, name in (line.partition("  ") for line in lines)}


def _checksum(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
