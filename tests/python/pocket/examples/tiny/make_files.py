"""The files of the pocket project, under the name of an example that a command may ask for."""

import shutil
from collections.abc import Callable
from pathlib import Path


def make_files(landing: Path, progress: Callable[[str], None]) -> None:
    shutil.copytree(Path(__file__).parents[2] / "landing", landing, dirs_exist_ok=True)
