"""One file stops no other: what is no file, leads elsewhere or fails is held by its name."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from orchestration.landing import csv_file
from orchestration.landing.reasons import Held

GOOD = "receipt_no,member,amount\n1,Ann,3\n"
NOBODY = 65534  # the number of the user who owns nothing


def lands_but(shop, *held: str) -> list[str]:
    """Why these files are held, once a good one beside them has landed."""
    shop.deliver("pos/receipts/good.csv", GOOD)
    report = shop.land()
    assert [outcome.file for outcome in report.landed] == ["pos/receipts/good.csv"]
    assert sorted(outcome.file for outcome in report.held) == sorted(held)
    assert shop.column("select file from raw.deliveries where status = 'held' order by 1") == [
        *sorted(held)
    ]
    return [outcome.message for outcome in report.held]


# What is no file


def make_pipe(path: Path) -> None:
    os.mkfifo(path)


def make_socket(path: Path) -> None:
    here = os.getcwd()
    os.chdir(path.parent)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)
    os.chdir(here)


def link_to_pipe(path: Path) -> None:
    os.mkfifo(path.parent / ".pipe")
    path.symlink_to(".pipe")


@pytest.mark.parametrize(
    ("make", "kind"),
    [(make_pipe, "a pipe"), (make_socket, "a socket"), (link_to_pipe, "a pipe")],
)
@pytest.mark.parametrize("name", ["a.csv", "A.CSV.GZ", "a.parquet"])
def test_what_is_no_file_is_held_and_never_opened(shop, make, kind, name):
    (shop.landing / "pos/receipts").mkdir(parents=True)
    make(shop.landing / "pos/receipts" / name)
    [message] = lands_but(shop, f"pos/receipts/{name}")
    assert f"it is no file but {kind}: remove it" in message


@pytest.mark.parametrize("target", ["/dev/zero", "/dev/urandom", "/etc/hostname", "/proc/self/mem"])
def test_a_link_that_leads_out_of_the_landing_folder_is_held(shop, target):
    (shop.landing / "pos/receipts").mkdir(parents=True)
    (shop.landing / "pos/receipts/a.csv").symlink_to(target)
    [message] = lands_but(shop, "pos/receipts/a.csv")
    assert "it is a link that leads out of the landing folder: put the file itself" in message


@pytest.mark.parametrize("target", ["../../../else.csv", "../../../raw/deliveries.jsonl"])
def test_a_link_that_climbs_out_of_the_landing_folder_is_held(shop, target):
    (shop.folder / "else.csv").write_text(GOOD)
    (shop.landing / "pos/receipts").mkdir(parents=True)
    (shop.landing / "pos/receipts/a.csv").symlink_to(target)
    lands_but(shop, "pos/receipts/a.csv")


@pytest.mark.parametrize("target", ["real.txt", "../real.txt", "../../else/real.txt"])
def test_a_link_within_the_landing_folder_is_a_file(shop, target):
    (shop.landing / "pos/receipts").mkdir(parents=True)
    (shop.landing / "pos/receipts/a.csv").symlink_to(target)
    real = shop.landing / "pos/receipts" / target
    real.parent.mkdir(exist_ok=True)
    real.write_text(GOOD)
    assert "pos/receipts/a.csv" in [outcome.file for outcome in shop.land().landed]


@pytest.mark.parametrize("folder", ["pos", "pos/receipts"])
@pytest.mark.parametrize("target", ["outside", "landing/else", "."])
def test_a_link_to_a_folder_is_held_and_not_followed(shop, folder, target):
    (shop.folder / "outside/receipts").mkdir(parents=True)
    (shop.folder / "landing/else").mkdir(parents=True)
    shop.describe("members", ["id"], source="crm")
    shop.deliver("crm/members/a.csv", "id\n1\n")
    (shop.landing / folder).parent.mkdir(exist_ok=True)
    (shop.landing / folder).symlink_to(shop.folder / target)
    report = shop.land()
    assert [outcome.file for outcome in report.landed] == ["crm/members/a.csv"]
    [held] = report.held
    assert held.message == (
        f"{folder}: it is a link to a folder, which is not followed: "
        "put the files themselves there."
    )


def test_a_folder_that_no_feed_looks_into_is_told_and_holds_nothing_up(shop):
    shop.deliver("pos/receipts/a.csv", GOOD)
    (shop.landing / "pos/more").symlink_to("receipts")
    report = shop.land()
    assert (report.held, report.unclaimed) == ([], ("pos/more",))


@pytest.fixture
def shop_of_nobody(shop):
    """The shop in a folder of somebody's own who is not root: root may look into every folder."""
    with tempfile.TemporaryDirectory() as folder:
        elsewhere = replace(shop, folder=Path(shutil.copytree(shop.folder, f"{folder}/shop")))
        is_root = os.geteuid() == 0
        if is_root:
            for path in (Path(folder), *Path(folder).rglob("*")):
                os.chown(path, NOBODY, NOBODY)
            os.seteuid(NOBODY)
        yield elsewhere
        if is_root:
            os.seteuid(0)


def test_a_folder_that_may_not_be_looked_into_is_held(shop_of_nobody):
    shop_of_nobody.deliver("pos/receipts/a.csv", GOOD)
    (shop_of_nobody.landing / "pos/receipts").chmod(0)
    (held,) = shop_of_nobody.land().held
    assert "pos/receipts: it can't be opened (Permission denied)" in held.message


# What fails


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("Ann"),
        MemoryError("Ann"),
        KeyError("Ann"),
        UnicodeDecodeError("utf-8", b"Ann", 0, 1, "Ann"),
        RecursionError("Ann"),
        duckdb.OutOfMemoryException("Ann"),
        duckdb.InternalException("Ann"),
    ],
)
def test_whatever_goes_wrong_in_a_file_holds_it_and_no_other(shop, monkeypatch, error):
    """It is told by its kind and place; its own words may hold what a person's row says."""
    read = csv_file.read

    def fail(path, feed, output):
        if path.name != "good.csv":
            raise error
        read(path, feed, output)

    monkeypatch.setattr(csv_file, "read", fail)
    shop.deliver("pos/receipts/a.csv", GOOD + "2,Bo,4\n")
    shop.deliver("pos/receipts/z.csv", GOOD + "3,Cy,5\n")
    for message in lands_but(shop, "pos/receipts/a.csv", "pos/receipts/z.csv"):
        assert f"reading it failed ({type(error).__name__}, in test_landing_hazards.py:" in message
        assert "Ann" not in message


def test_what_the_system_says_is_told(shop, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(csv_file, "read", fail)
    shop.deliver("pos/receipts/a.csv", GOOD)
    (held,) = shop.land().held
    assert "reading it failed (OSError: No space left on device, in " in held.message


def test_lines_that_are_unaccounted_for_hold_the_file(shop, monkeypatch):
    read = csv_file.read

    def lose_a_line(path, feed, output):
        read(path, feed, output)
        output.tally.physical += path.name == "a.csv"

    monkeypatch.setattr(csv_file, "read", lose_a_line)
    shop.deliver("pos/receipts/a.csv", GOOD)
    [message] = lands_but(shop, "pos/receipts/a.csv")
    assert "reading it failed (RuntimeError, in output.py" in message
    assert "report this" in message
    assert shop.column("select count(distinct _file) from raw.pos__receipts") == [1]


def test_a_file_whose_failure_is_mended_lands(shop, monkeypatch):
    monkeypatch.setattr(csv_file, "read", None)
    shop.deliver("pos/receipts/a.csv", GOOD)
    assert len(shop.land().held) == 1
    monkeypatch.undo()
    assert len(shop.land().landed) == 1


def test_held_files_of_one_cause_are_told_in_one_sentence(shop, monkeypatch):
    def fail(*_):
        raise Held("it is odd")

    monkeypatch.setattr(csv_file, "read", fail)
    for name in "abc":
        shop.deliver(f"pos/receipts/{name}.csv", GOOD)
    assert shop.land().messages == [
        "pos/receipts/a.csv and 2 more files of pos__receipts: it is odd."
    ]
    assert len(shop.land().messages) == 1, "what is held is told at every run"


# Text that is none

SURROGATE = '"\\ud83d"'


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"\\ud83d": 1, "receipt_no": "2"}', None),
        ('{"receipt_no": "2", "\\ude00\\ud83d": {"\\ud83d": 1}}', None),
        ('{"receipt_no": "2", "x": "\\ud83d"}', None),
        ('{"receipt_no": "\\ud83d"}', "undecodable_text"),
        ('{"receipt_no": "2", "receipt_no": "3"}', "ambiguous_key"),
        ('{"receipt_no": "2"}{"receipt_no": "3"}', "invalid_json"),
        ('{"receipt_no": "2", "x": 1, "x": 1}', "ambiguous_key"),
        ('{"receipt_no": "2", "x": [{"y": 1, "y": 2}]}', None),
        ('{"receipt_no": "2", "\\u0000": 1, "\\n\\t": 2}', None),
    ],
)
def test_json_with_odd_keys_lands_or_costs_its_line(shop, line, reason):
    """Lone surrogates are in valid JSON, though in no valid text; and two records may have become
    one object."""
    shop.describe("receipts", ["receipt_no"], format="jsonl")
    shop.deliver("pos/receipts/a.jsonl", f'{{"receipt_no": "1"}}\n{line}\n{{"receipt_no": "3"}}\n')
    shop.deliver("pos/receipts/b.jsonl", '{"receipt_no": "4"}\n')
    assert len(shop.land().landed) == 2
    assert shop.column("select reason_code from raw.rejected_lines") == [reason] * bool(reason)
    assert shop.column("select receipt_no from raw.pos__receipts order by 1") == [
        each for each in "1234" if each != "2" or not reason
    ]
    assert len(shop.land().unchanged) == 2


@pytest.mark.parametrize(
    ("format", "content"),
    [
        ("jsonl", b'{"\\ud83d": 1}\n'),
        ("jsonl", b'{"member": 1, "amount": 1, "\\ud83d": 1}\n'),
        ("csv", "member,amount,a\u202eb\0c,\ufffe\n1,2,3,4\n".encode()),
        ("csv", f"member,amount,{'x' * 100_000}\n1,2,3\n".encode()),
        ("csv", b"member,amount,\x07\x1b[31m\n1,2,3\n"),
    ],
)
def test_odd_names_are_told_as_plain_and_short_text(shop, format, content):
    shop.describe("receipts", ["receipt_no", "member", "amount"], format=format)
    shop.deliver(f"pos/receipts/a.{format}", content)
    (held,) = shop.land().held
    assert held.message.isprintable() and len(held.message) < 500
    assert shop.column("select reason from raw.deliveries") == [held.message]
