"""A world on disk: one seed gives the same bytes, however it is made, and no two worlds mix."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import duckdb
import pytest
from click.testing import CliRunner
from conftest import ROOT, Shop

from orchestration import duck
from orchestration.cli import main
from orchestration.world import World, make, make_world, scale, truth

SMALL = World(customers=300, days=365, seed=3)
CHUNK = 200  # so that the small world is made in two chunks


def quietly(text: str) -> None:
    """Nobody looks on."""


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, hidden ones too, with its bytes; but not the command's lock."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "refresh.lock"
    }


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """The names of the files that are not the same."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def made(world: World, out: Path) -> dict[str, bytes]:
    make_world(world, out, quietly)
    return contents(out)


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> CompletedProcess[str]:
    """A small world is made in one chunk, as a user's shell would, elsewhere on the globe."""
    shop = Shop(tmp_path_factory.mktemp("small"))
    return shop.command(
        *("regulars", "world", "--customers", "300", "--days", "365", "--seed", "3"),
        *("--out", str(shop.data)),
        **{"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "77"},
    )


@pytest.fixture(scope="module")
def small(command: CompletedProcess[str]) -> Path:
    """The folder of that world."""
    assert command.returncode == 0, command.stderr
    return Path(command.args[-1])


@pytest.fixture(scope="module")
def two_chunks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A world of the same size, made in two chunks."""
    out = tmp_path_factory.mktemp("two_chunks")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scale, "CHUNK", CHUNK)
        assert SMALL.chunks == 2
        make_world(SMALL, out, quietly)
    return out


@pytest.fixture(scope="module")
def ask(two_chunks: Path) -> Iterator[Callable[[str], list[tuple]]]:
    """Queries of the delivered files and the truth of the world of two chunks."""
    views = {
        "accounts": "truth/person_accounts.parquet",
        "persons": "truth/persons.parquet",
        "orders": "truth/orders.parquet",
        "outcomes": "truth/potential_outcomes.parquet",
        "dirt": "truth/dirt.parquet",
        "events": "landing/app/events/*.parquet",
    }
    with duckdb.connect() as connection:
        for name, files in views.items():
            connection.execute(f"create view {name} as from read_parquet('{two_chunks}/{files}')")
        yield lambda query: connection.execute(query).fetchall()


# The same bytes


def test_another_seed_is_another_world(small, tmp_path):
    first, other = contents(small), made(World(SMALL.customers, SMALL.days, 4), tmp_path)
    same = [name for name in first if first[name] == other.get(name) and ".example" not in name]
    # What is agreed upon before anybody lives: the names and places of stores, the campaigns, and
    # what breaks.
    assert set(same) <= {
        "landing/erp/stores/stores.csv",
        "landing/marketing/campaigns/campaigns.csv",
        "landing/marketing/coupons/coupons.csv",
        "truth/funnel_breaks.parquet",
    }
    assert len(other) > 600


def test_a_world_that_is_made_again_has_the_same_bytes(small, tmp_path, monkeypatch):
    """By the library with a single thread, instead of one a core, after the command had said which
    world it would be and had written some files."""
    monkeypatch.setattr(make, "connect", lambda: duck.connect(threads=1))
    shutil.copytree(small, tmp_path, dirs_exist_ok=True)
    description = tmp_path / "truth/world.json"
    described = json.loads(description.read_text())
    del described["dirt"]
    description.write_text(json.dumps(described))
    shutil.rmtree(tmp_path / "landing/shop")
    (tmp_path / "truth/orders.parquet").unlink()
    (tmp_path / "landing/pos/tenders/south_2025-09.csv").write_text("receipt_no,tend")
    (tmp_path / ".world/spool/sales").mkdir(parents=True)
    (tmp_path / ".world/spool/sales/00007.parquet").write_text("half of it")
    assert differing(made(SMALL, tmp_path), contents(small)) == []


def test_a_world_is_not_made_twice(small, tmp_path):
    shutil.copytree(small, tmp_path, dirs_exist_ok=True)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    said: list[str] = []
    make_world(SMALL, tmp_path, said.append)
    assert said == ["World: it is there already"]
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_the_document_tells_every_table_of_the_truth_with_its_columns(small):
    page = (ROOT / "docs/demo_world.md").read_text("utf-8")
    part = page.partition("\n## The truth\n")[2].partition("\n## ")[0]
    told = {
        name: set(re.findall(r"`(\w+)`", columns))
        for name, columns in re.findall(r"^\| `(\w+)` \| .*? \| (.*) \|$", part, re.MULTILINE)
    }
    with duckdb.connect() as connection:
        there = {
            path.stem: {
                name
                for name, *_ in connection.execute(
                    f"describe from read_parquet('{path}')"
                ).fetchall()
            }
            for path in (small / "truth").glob("*.parquet")
        }
    assert told == there


def test_nothing_is_left_of_the_work(small):
    assert {path.name for path in small.iterdir()} == {"landing", "truth", "refresh.lock"}
    delivered = [path for path in (small / "landing").rglob("[!.]*") if path.is_file()]
    assert {path.suffix for path in delivered} == {".csv", ".jsonl", ".parquet", ".xlsx"}


# One world a folder


@pytest.mark.parametrize(
    "other", [World(400, 365, 3), World(300, 366, 3), World(300, 365, 4)], ids=str
)
def test_another_world_is_refused(small, other):
    before = contents(small)
    with pytest.raises(ValueError) as refused:
        make_world(other, small, quietly)
    assert str(small) in str(refused.value)
    assert "300 customers in 365 days from seed 3" in str(refused.value)
    assert "choose another folder, or remove it" in str(refused.value)
    assert differing(contents(small), before) == []


def test_a_world_of_an_older_generator_is_refused(small, tmp_path):
    description = tmp_path / "truth/world.json"
    description.parent.mkdir()
    described = json.loads((small / "truth/world.json").read_text())
    description.write_text(json.dumps({**described, "generator": "0123456789abcdef"}))
    with pytest.raises(ValueError, match="or an older generator"):
        make_world(SMALL, tmp_path, quietly)
    assert contents(tmp_path).keys() == {"truth/world.json"}


def test_every_file_of_the_generator_makes_another_one(tmp_path, monkeypatch):
    package = tmp_path / "world"
    shutil.copytree(
        Path(truth.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__")
    )
    monkeypatch.setattr(truth, "__file__", str(package / "truth.py"))
    assert set(package.rglob("*.py")) > set(package.glob("*.py"))
    unnoticed = []
    for path in sorted(package.rglob("*.py")):
        before, source = truth._generator(), path.read_text(encoding="utf-8")
        path.write_text(f"{source}# other\n", encoding="utf-8")
        if truth._generator() == before:
            unnoticed.append(path.relative_to(package).as_posix())
        path.write_text(source, encoding="utf-8")
    assert unnoticed == []


def test_files_of_others_are_not_mixed_with(tmp_path):
    """A folder in which somebody's own receipts lie is no place for a world."""
    own = tmp_path / "landing/pos/receipts/receipts.csv"
    own.parent.mkdir(parents=True)
    own.write_text("receipt_no\nR1\n")
    size = ["--customers", "200", "--days", "365"]
    done = CliRunner().invoke(main, ["world", *size, "--out", str(tmp_path)])
    assert done.exit_code == 1, "refused"
    assert str(own.parents[1]) in done.output
    assert contents(tmp_path) == {"landing/pos/receipts/receipts.csv": b"receipt_no\nR1\n"}


@pytest.mark.parametrize(
    "size, says",
    [
        ((199, 365, 3), "at least 200 customers"),
        ((300, 364, 3), "lasts 365 to 2738 days"),
        ((300, 2739, 3), "lasts 365 to 2738 days"),
        ((300, 365, -1), "whole number from 0 on"),
    ],
)
def test_what_cannot_be_made_is_refused(size, says):
    with pytest.raises(ValueError, match=says):
        World(*size)


def test_the_smallest_and_the_longest_world_can_be_asked_for():
    assert World(200, 365, 0).first_day.isoformat() == "2025-07-01"
    assert World(200, 2738, 0).first_day.isoformat() == "2019-01-01"


# Chunks


def test_nobody_and_nothing_is_numbered_twice(ask):
    """Numbers go on from chunk to chunk."""
    for table, key in [
        ("accounts", "account_id"),
        ("persons", "person_id"),
        ("orders", "order_id"),
        ("outcomes", "campaign_id || person_id"),
    ]:
        [(rows, distinct)] = ask(f"select count(*), count(distinct {key}) from {table}")
        assert rows == distinct > 250, table


def test_what_is_delivered_is_numbered_across_chunks(two_chunks):
    """All but the repetitions of a line have a number of their own, in whatever file they are."""
    keys = {
        "pos/receipts": "receipt_no",
        "pos/returns": "return_no",
        "crm/points": "entry_no",
        "crm/consents": "consent_no",
        "service/tickets": "ticket_no",
        "service/surveys": "survey_no",
        "marketing/touches": "touch_no",
    }
    with duckdb.connect() as connection:
        for feed, key in keys.items():
            delimiter = ";" if feed.startswith("crm") else ","
            [(rows, distinct)] = connection.execute(f"""
                select count(*), count(distinct {key}) from (
                    select distinct * exclude (filename) from read_csv(
                        '{two_chunks}/landing/{feed}/*.csv', all_varchar = true, filename = true,
                        delim = '{delimiter}', quote = '"', ignore_errors = true
                    )
                    where filename not in (
                        '{two_chunks}/landing/' || (
                            select file from '{two_chunks}/truth/dirt.parquet'
                            where kind = 'corrected' limit 1
                        )
                    ) and {key} is not null
                )
            """).fetchall()
            assert rows == distinct > 0, feed


def test_events_of_all_chunks_are_one_sequence(ask):
    """Sessions belong to one device, wherever it was simulated."""
    [(rows, distinct)] = ask(
        "select count(*), count(distinct event_id) from (select distinct * from events)"
        " where regexp_matches(event_id, '^X[0-9]{9}$')"
    )
    assert rows == distinct > 1_000
    assert ask("""
        select session_id from events where event_id not like 'X9%' and event_id not like 'X8%'
        group by 1 having count(distinct device_id) > 1
    """) == []  # fmt: skip


def test_people_of_both_chunks_live_in_one_world(ask):
    numbers = "person_id[2:]::int"
    assert ask(f"select min({numbers}), max({numbers}), count(*) from persons") == [(0, 299, 300)]
    for table in ("accounts", "orders", "outcomes"):
        rows = ask(f"select distinct {numbers} >= {CHUNK} from {table} order by 1")
        assert rows == [(False,), (True,)], table
        assert ask(f"from {table} anti join persons using (person_id)") == []


def test_what_both_chunks_sold_is_in_the_demand(two_chunks, ask):
    """Shelves are counted for the whole retailer, receipts are written chunk by chunk."""
    [(sold,)] = ask(f"""
        select sum(quantity::bigint) from (
            select distinct * from read_csv(
                '{two_chunks}/landing/pos/receipt_lines/*.csv', all_varchar = true,
                ignore_errors = true, quote = ''
            )
            where try_cast(amount as decimal(18,2)) is not null
                and sku between 'SKU' and 'SKU00039' and line_no::int < 500
        )
        where 'pos:' || receipt_no in (select order_id from orders where is_purchase)
    """)
    [(counted,)] = ask(f"select sum(sold_quantity) from '{two_chunks}/truth/demand.parquet'")
    assert sold == counted > 1_000


# On the command line


def test_the_command_says_what_it_does_and_has_done(command, small):
    assert command.stdout == f"Made {small / 'landing'} and {small / 'truth'}.\n"
    assert "World: customers 300 of 300" in command.stderr
    assert "World: files of pos/receipts" in command.stderr
    assert command.stderr.endswith("World: the truth\n")


@pytest.mark.parametrize(
    "words, says",
    [
        (["--customers", "199"], "199 is not in the range x>=200"),
        (["--days", "364"], "364 is not in the range 365<=x<=2738"),
        (["--days", "2739"], "2739 is not in the range 365<=x<=2738"),
        (["--seed", "-1"], "-1 is not in the range x>=0"),
        (["--customers", "many"], "'many' is not a valid integer"),
    ],
)
def test_a_bad_size_is_answered_with_a_sentence(tmp_path, words, says):
    done = CliRunner().invoke(main, ["world", *words, "--out", str(tmp_path / "here")])
    assert done.exit_code == 2
    assert says in done.output
    assert not (tmp_path / "here").exists()


def test_a_place_must_be_named():
    done = CliRunner().invoke(main, ["world"])
    assert done.exit_code == 2
    assert "Missing option '--out'" in done.output


def test_a_folder_with_another_world_is_refused_with_a_sentence(small, tmp_path):
    shutil.copytree(small / "truth", tmp_path / "truth")
    done = CliRunner().invoke(main, ["world", "--seed", "4", "--out", str(tmp_path)])
    assert done.exit_code == 1
    assert "holds another world, of 300 customers in 365 days from seed 3" in done.output
    assert not (tmp_path / "landing").exists()
