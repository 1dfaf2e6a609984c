"""The tiny example: three systems, some dozens of hand-written rows, every rule visible."""

import shutil
from pathlib import Path


def make_files(landing: Path) -> None:
    """Copies the hand-written files into the landing folder."""
    shutil.copytree(Path(__file__).parent / "landing", landing, dirs_exist_ok=True)
