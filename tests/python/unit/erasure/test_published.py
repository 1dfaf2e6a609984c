"""Generations lose a person, in whatever room of a database their rows may be."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.digests import table_digest
from orchestration.erasure.published import erase_published
from orchestration.erasure.tables import Traces
from orchestration.publish.checksums import sound_files
from orchestration.publish.generations import STAGING, publish
from orchestration.publish.marts import Mart
from orchestration.publish.stage import PublicationFacts

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FACTS = PublicationFacts(date(2026, 2, 28), None, "c0ffee", "1.11.16", "duckdb")
CANARY = "canary-4711-who-wants-to-be-forgotten"
TRACES = Traces(frozenset({CANARY}), frozenset(), frozenset())
MARTS = [
    Mart("shops", ["shop"]),
    Mart("visits", ["customer_id", "visited_on"], month="visited_on"),
]


def released(folder: Path, visitors: list[str]) -> Path:
    """The folder of a generation in which each of these came on two days."""
    warehouse = folder / "warehouse.duckdb"
    with duckdb.connect(warehouse) as connection:
        connection.execute("create schema if not exists marts")
        connection.execute("create or replace table marts.shops as select 'mall' as shop")
        connection.execute(
            "create or replace table marts.visits as"
            " select customer_id, date '2026-01-31' + day::integer as visited_on"
            " from unnest($1::varchar[]) as visitors(customer_id), range(2) as days(day)",
            [visitors],
        )
    generation = publish(MARTS, warehouse, folder / "published", FACTS, NOON)
    return folder / "published" / "generations" / generation.id


def forgotten(folder: Path) -> tuple[int, int]:
    return erase_published(folder / "published", TRACES)


def test_a_database_that_names_nobody_any_more_is_written_anew(tmp_path: Path) -> None:
    with_them, without = released(tmp_path, [CANARY, "ann"]), released(tmp_path, ["ann"])
    database = without / "regulars.duckdb"
    before, shops = database.stat().st_ino, (without / "shops.parquet").stat().st_ino
    assert forgotten(tmp_path) == (1, 2)
    assert database.stat().st_ino != before and database.stat().st_mode & 0o777 == 0o444
    assert (without / "shops.parquet").stat().st_ino == shops, "it is linked still"
    for folder in (with_them, without):
        assert not [path for path in folder.iterdir() if CANARY.encode() in path.read_bytes()]
    with duckdb.connect(database, read_only=True) as connection:
        assert connection.execute("select count(*) from marts.shops").fetchone() == (1,)


def test_workbooks_that_only_another_version_could_make_go(tmp_path: Path, monkeypatch) -> None:
    def today(*_):
        raise duckdb.BinderException("Binder Error: no column that today's sheets ask for")

    monkeypatch.setattr("orchestration.erasure.published.workbooks_of", today)
    folder = released(tmp_path, [CANARY, "ann"])
    (folder / "regulars.en.xlsx").write_text(CANARY)
    assert forgotten(tmp_path) == (1, 1)
    assert not list(folder.glob("*.xlsx"))
    assert not [path for path in folder.iterdir() if CANARY.encode() in path.read_bytes()]


def test_what_is_published_next_has_the_digests_of_its_rows(tmp_path: Path) -> None:
    released(tmp_path, [CANARY, "ann"])
    forgotten(tmp_path)
    folder = released(tmp_path, ["ann", "bob"])
    with duckdb.connect(folder / "regulars.duckdb", read_only=True) as connection:
        [(told, months)] = connection.execute(
            "select digests, months from marts.publication"
        ).fetchall()
        assert json.loads(told)["visits"] == table_digest(connection, "marts.visits")
    assert {"2026-01", "2026-02"} == json.loads(months)["visits"].keys()


def test_after_a_kill_at_any_step_checksums_are_those_of_the_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for step in range(3):
        data = tmp_path / str(step)
        data.mkdir()
        folder = released(data, [CANARY, "ann"])
        replaced = itertools.count()

        def replace(path: Path, target: Path, real=Path.replace, replaced=replaced, step=step):
            if target.parent.name != STAGING and next(replaced) > step:
                raise KeyboardInterrupt
            return real(path, target)

        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr(Path, "replace", replace)
            forgotten(data)
        forgotten(data)
        assert sound_files(folder) == {
            *("regulars.duckdb", "publication.parquet", "shops.parquet", "visits.parquet")
        }


def test_no_rename_leads_into_what_is_published_which_may_be_another_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    released(tmp_path, [CANARY, "ann"])
    left = []

    def replace(path: Path, target: Path, real=Path.replace):
        left.extend(each for each in (path, target) if tmp_path / "published" not in each.parents)
        return real(path, target)

    monkeypatch.setattr(Path, "replace", replace)
    assert forgotten(tmp_path) == (1, 1)
    assert left == []
    assert not (tmp_path / "published" / STAGING).exists()


def test_what_was_not_written_stays_with_the_next_publication(tmp_path: Path) -> None:
    first = released(tmp_path, [CANARY, "ann"])
    forgotten(tmp_path)
    assert sound_files(first) == {
        *("regulars.duckdb", "publication.parquet", "shops.parquet", "visits.parquet")
    }
    second = released(tmp_path, ["ann"])
    assert (second / "shops.parquet").samefile(first / "shops.parquet")
    assert not (second / "visits.parquet").samefile(first / "visits.parquet")
    [(row,)] = duckdb.sql(f"select count(*) from '{second / 'visits.parquet'}'").fetchall()
    assert row == 2
