"""The pictures of the documents are of this release: `make pictures` draws them anew."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml
from pictures.drawing import IMAGES, MADE, VARIABLE, draw, is_older, made, release


def test_every_picture_is_listed_and_every_listed_picture_is_there() -> None:
    assert {path.name for path in IMAGES.iterdir()} - {MADE} == made().keys()


def test_no_picture_is_older_than_the_release() -> None:
    found = {
        name: noted.get("release")
        for name, noted in made().items()
        if is_older(noted.get("release", "0"), release())
    }
    assert not found, f"{found}: `make pictures` draws them of {release()}"


def test_every_picture_says_on_which_day_it_was_drawn() -> None:
    assert all(isinstance(noted.get("drawn_on"), date) for noted in made().values())


def test_releases_are_compared_by_their_numbers() -> None:
    assert is_older("0.9.1", "0.10.0")
    assert not is_older("0.10.0", "0.10.0")
    assert not is_older("1.0.0", "0.10.0")


@pytest.fixture
def drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    return tmp_path


def test_a_listed_picture_is_drawn_and_noted_and_another_left_alone(drawn: Path) -> None:
    of_old = {"release": "0.0.1", "drawn_on": date(2020, 1, 1)}
    (drawn / MADE).write_text(yaml.safe_dump({"a.png": of_old, "b.png": of_old}))
    for name in ("a.png", "c.png"):
        draw(name, lambda path: path.write_bytes(b"new"))
    assert {path.name for path in drawn.iterdir()} == {"a.png", MADE}
    assert made(drawn)["a.png"] == {"release": release(), "drawn_on": date.today()}
    assert made(drawn)["b.png"] == of_old


def test_without_a_list_every_picture_is_drawn(drawn: Path) -> None:
    draw("a.png", lambda path: path.write_bytes(b"new"))
    assert [path.name for path in drawn.iterdir()] == ["a.png"]


def test_nothing_is_drawn_where_no_pictures_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    draw("a.png", lambda path: pytest.fail("a picture was drawn"))
