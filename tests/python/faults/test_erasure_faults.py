"""An erasure that is killed again and again comes to its end, and takes nobody else with it."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess

import duckdb
import pytest
from conftest import BIN, ROOT, Shop

KILLS, SEED = 20, 20261126
SECRET = "a-secret-that-nobody-would-guess"
PERSONS = ["crm:M001", "crm:M002", "shop:U103", "crm:M003", "shop:U104", "crm:M006"]
TRACES = {
    *("alice@example.com", "王爱丽", "漕溪路", "bob.li@example.com", "Bob.Li@Example.com", "wx-9"),
    *("dan@example.com", "Dan Chen", "grace@example.com", "13977770003", "carol@example.com"),
    *("dave@example.com", "13977770004", "13977770006", "13977770007"),
}


def begin(shop: Shop, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [str(BIN / "regulars"), "--quiet", "erase", *words],
        cwd=ROOT,
        env=shop.environment | {"REGULARS_HASH_KEY": SECRET},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def has_begun(shop: Shop) -> bool:
    journal = shop.data / "erasure" / "journal.json"
    return journal.exists() and json.loads(journal.read_text())["state"] != "marking"


def erased(shop: Shop) -> int:
    return len(list((shop.data / "erasure" / "proofs").glob("*.json")))


@pytest.mark.long
def test_twenty_kills_during_erasures_are_recovered(own_tiny: Shop) -> None:
    # What landed without the key lands anew under it, and is built.
    assert own_tiny.command("regulars", "run", REGULARS_HASH_KEY=SECRET).returncode == 0
    random_, kills, left = random.Random(SEED), 0, list(PERSONS)
    bystanders = "select count(*), sum(net_amount) from marts.orders"
    [before] = own_tiny.query(bystanders)
    while left or has_begun(own_tiny):
        is_resumed = has_begun(own_tiny)
        done = erased(own_tiny)
        words = ("--resume",) if is_resumed else ("--account", left[0], "--yes")
        process = begin(own_tiny, *words)
        try:
            _, said = process.communicate(timeout=random_.uniform(2, 25) if kills < KILLS else None)
            assert process.returncode == 0, said.decode()
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            kills += has_begun(own_tiny) or is_resumed
        if erased(own_tiny) > done:
            left.pop(0)
        assert own_tiny.query(bystanders) == [before], "readers lost what they had"
    assert kills >= KILLS, f"only {kills} kills hit an erasure: more persons are needed"
    assert (
        "Landed 0 new files"
        in own_tiny.command("regulars", "land", REGULARS_HASH_KEY=SECRET).stdout
    )
    for path in own_tiny.data.rglob("*"):
        if path.is_file() and path.suffix not in {".parquet", ".duckdb"}:
            assert not {each for each in TRACES if each.encode() in path.read_bytes()}, path
    for path in (own_tiny.data / "raw").glob("*/*.parquet"):
        rows = duckdb.sql(f"select whole::varchar from read_parquet('{path}') as whole").fetchall()
        for (row,) in rows:
            assert not {each for each in TRACES if each in row}, path
