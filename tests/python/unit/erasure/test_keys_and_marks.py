"""Marks tell an erased person from others, to whoever has the key and to nobody else."""

from __future__ import annotations

import pytest

from orchestration.erasure.keys import FORMER, VARIABLE, own_key
from orchestration.erasure.marks import Marks

SECRET, OTHER = "a-secret-that-nobody-would-guess-1", "a-secret-that-nobody-would-guess-2"


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv(VARIABLE, SECRET)
    monkeypatch.delenv(FORMER, raising=False)


@pytest.fixture
def marks(tmp_path):
    marks = Marks(tmp_path / "erasure" / "marks.jsonl")
    marks.add(own_key(), "E1", {"account": ["crm:M1"], "contact": ["ann@example.com"]})
    return marks


@pytest.mark.parametrize(
    ("secret", "sentence"),
    [
        ("", "Set REGULARS_HASH_KEY to a secret of your own"),
        ("short", "REGULARS_HASH_KEY has 5 characters: take at least 32 random ones"),
    ],
)
def test_without_a_key_of_ones_own_nothing_is_marked(monkeypatch, secret, sentence):
    monkeypatch.setenv(VARIABLE, secret)
    with pytest.raises(ValueError, match=sentence):
        own_key()


def test_a_mark_tells_its_value_by_kind_and_no_other(marks):
    assert marks.known("account", ["crm:M1", "crm:M2"]) == {"crm:M1"}
    assert marks.known("order", ["crm:M1"]) == set()


def test_the_file_holds_no_value(marks):
    content = marks.path.read_text()
    assert "M1" not in content
    assert "ann" not in content
    assert SECRET not in content


def test_what_is_marked_already_is_not_marked_again(marks):
    before = marks.path.read_text()
    marks.add(own_key(), "E1", {"account": ["crm:M1"]})
    assert marks.path.read_text() == before


def test_a_key_that_was_replaced_goes_on_telling(marks, monkeypatch):
    monkeypatch.setenv(VARIABLE, OTHER)
    with pytest.raises(ValueError, match="set REGULARS_HASH_KEY to it, or REGULARS_FORMER_HASH"):
        marks.known("account", ["crm:M1"])
    monkeypatch.setenv(FORMER, SECRET)
    marks.add(own_key(), "E2", {"account": ["crm:M7"]})
    assert Marks(marks.path).known("account", ["crm:M1", "crm:M7"]) == {"crm:M1", "crm:M7"}


def test_a_line_that_a_kill_left_unfinished_is_cut_off(marks):
    before = marks.path.read_text()
    with marks.path.open("a") as stream:
        stream.write('{"erasure": "E2", "ke')
    assert Marks(marks.path).known("account", ["crm:M1"]) == {"crm:M1"}
    assert marks.path.read_text() == before
