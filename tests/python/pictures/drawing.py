"""The pictures of the documents: where tests draw them, and of which release each is.

`make pictures` names docs/images in REGULARS_PICTURES; elsewhere nothing is drawn. Which pictures
documents show stands in made.yml beside them, with the release and the day on which each was drawn.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[3]
IMAGES = ROOT / "docs" / "images"
MADE = "made.yml"
HEAD = """\
# Of which release each picture of the documents is, and when it was drawn: `make pictures`.
# One more is added here by its name, with {}, and drawn by that command.
"""
VARIABLE = "REGULARS_PICTURES"


def draw(name: str, screenshot: Callable[[Path], object]) -> None:
    """Draws a picture, where pictures are asked for, and notes of which release it is.

    Into a folder that has a list of pictures, only those on the list are drawn.
    """
    if not (folder := os.environ.get(VARIABLE)):
        return
    listed = Path(folder) / MADE
    if not listed.exists():
        screenshot(Path(folder) / name)
    elif name in made(Path(folder)):
        screenshot(Path(folder) / name)
        noted = made(Path(folder)) | {name: {"release": release(), "drawn_on": date.today()}}
        listed.write_text(HEAD + yaml.safe_dump(noted), "utf-8")


def made(folder: Path = IMAGES) -> dict[str, Mapping[str, Any]]:
    """Each picture of the list, with its release and its day."""
    return yaml.safe_load((folder / MADE).read_text("utf-8"))


def release() -> str:
    """The release that this checkout is, or is on the way from."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]


def is_older(one: str, other: str) -> bool:
    """Whether a release came before another: 0.9.1 before 0.10.0."""
    return _numbers(one) < _numbers(other)


def _numbers(version: str) -> list[int]:
    return [int(number) for number in version.split(".")]
