"""An example's claim on the source folders that it fills, so that its files mix with no others."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

MARKER = ".example"  # hidden, so that the lander leaves it alone


def claim(landing: Path, raw: Path, sources: Iterable[str], example: str) -> None:
    """Marks the folders of `sources` as the example's own; to be called before it fills them.

    What is marked already is not touched. Raises `ValueError`, which says what to do, when a folder
    holds other files or other rows have landed from it; nothing is written then.
    """
    unmarked = [source for source in sources if _owner(landing / source) != example]
    taken = [
        landing / source
        for source in unmarked
        if _has_files(landing / source) or any(raw.glob(f"{source}__*/*.parquet"))
    ]
    if taken:
        folders = ", ".join(map(str, taken))
        raise ValueError(
            f"Files that are not of the example {example} lie or have landed in {folders}: "
            f"set REGULARS_DATA to another folder, or remove {folders} and {raw}."
        )
    for source in unmarked:
        folder = landing / source
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MARKER).write_text(f"{example}\n", encoding="utf-8")


def _owner(folder: Path) -> str | None:
    """The example whose marker the folder carries."""
    marker = folder / MARKER
    return marker.read_text(encoding="utf-8").strip() if marker.exists() else None


def _has_files(folder: Path) -> bool:
    """Whether anything but hidden files and folders lies below the folder."""
    return any(
        not path.is_dir()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        for path in folder.rglob("*")
    )
