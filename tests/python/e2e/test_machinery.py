"""What must happen when a refresh is repeated, fails, is stopped, or looks back.

Tried on the pocket project; what depends on the real models is in test_refresh.py.
"""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from conftest import BIN, ROOT, Shop

from orchestration.publish.lock import refresh_lock

SALES = "landing/till/sales"
HEADER = "sale_no,sold_on,amount\n"
FUTURE = "{earliest_business_date: '2050-01-01'}"


def contents(folder: Path) -> dict[str, bytes | str]:
    """Every file of a folder with its bytes, every symlink with its target."""
    return {
        str(path.relative_to(folder)): path.readlink().as_posix()
        if path.is_symlink()
        else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def test_a_second_refresh_lands_nothing_and_publishes_the_same(pocket, refreshed_pocket):
    landed = contents(pocket.data / "raw")
    pocket.run("--force")
    assert contents(pocket.data / "raw") == landed
    digests = "select digests, digest from marts.publication"
    assert pocket.query(digests) == refreshed_pocket.query(digests)
    assert pocket.query("select generation from marts.publication") != refreshed_pocket.query(
        "select generation from marts.publication"
    )


def test_where_nothing_has_changed_nothing_is_done(pocket):
    watched = ("published", "raw", "target")
    before = {name: contents(pocket.data / name) for name in watched}
    done = pocket.run()
    assert "Nothing has changed since generation 000001-" in done.stdout
    assert {name: contents(pocket.data / name) for name in watched} == before


def test_what_has_changed_is_built_and_what_was_rolled_back_too(pocket):
    earlier = ("--as-of", "2026-02-01")
    assert "Published generation 000002" in pocket.run(*earlier).stdout
    assert "Nothing has changed since" in pocket.run(*earlier).stdout
    assert pocket.regulars("rollback").returncode == 0
    assert "Nothing has changed since generation 000001" in pocket.run().stdout
    assert "Published generation 00000" in pocket.run(*earlier).stdout
    (pocket.data / SALES / "2026-03.csv").write_text(f"{HEADER}7,2026-03-01,5.00\n")
    assert "Published generation 00000" in pocket.run(*earlier).stdout


def test_a_held_file_leaves_the_published_marts_untouched(pocket):
    before = contents(pocket.data / "published")
    bad = pocket.data / SALES / "2026-03.csv"
    bad.write_text("sale_no,amount\n7,5.00\n")
    failed = pocket.regulars("run")
    assert failed.returncode == 1
    assert "Building the warehouse" not in failed.stderr
    assert "till/sales/2026-03.csv" in failed.stderr
    assert "sold_on" in failed.stderr
    assert "_till__sources.yml" in failed.stderr
    assert contents(pocket.data / "published") == before

    bad.unlink()
    pocket.run()


def test_a_failing_check_leaves_the_published_marts_untouched(pocket):
    """No sale is accepted when every one of them is dated before the first plausible day."""
    before = contents(pocket.data / "published")
    failed = pocket.regulars("run", "--vars", FUTURE)
    assert failed.returncode == 1
    assert "Nothing was published; readers keep what they had" in failed.stderr
    assert "assert_there_are_sales found 1 failing row" in failed.stderr
    assert "nodes after these were skipped: mend what failed first" in failed.stderr
    assert contents(pocket.data / "published") == before

    refused = pocket.regulars("publish")
    assert refused.returncode == 1
    assert "assert_there_are_sales" in refused.stderr
    assert contents(pocket.data / "published") == before


def test_what_was_known_at_an_instant_can_be_rebuilt(pocket):
    first = pocket.digest()
    instant = datetime.now(UTC).replace(tzinfo=None).isoformat()
    (pocket.data / SALES / "2026-01.csv").write_text(f"{HEADER}1,2026-01-05,11.00\n")
    (pocket.data / SALES / "2026-03.csv").write_text(f"{HEADER}7,2026-03-01,5.00\n")
    pocket.run()
    assert pocket.digest() != first
    pocket.run("--known-at", instant)
    assert pocket.digest() == first


def test_a_damaged_warehouse_is_built_anew(pocket):
    digest = pocket.digest()
    pocket.warehouse.write_bytes(b"no database" * 1000)
    failed = pocket.regulars("run", "--force")
    assert failed.returncode == 1
    assert "regulars run --full-refresh" in failed.stderr
    pocket.run("--full-refresh")
    assert pocket.digest() == digest


def test_a_warehouse_that_another_program_has_open_is_not_built(pocket):
    with duckdb.connect(pocket.warehouse, read_only=True):
        failed = pocket.command("regulars", "run", "--force")
    assert failed.returncode == 1
    assert "another program has the warehouse open; close it, then try again" in failed.stderr


def test_rollback_shows_the_generation_before(pocket):
    first = pocket.digest()
    pocket.run("--as-of", "2026-02-01")
    assert pocket.query("select max(sold_on)::varchar from marts.daily_sales") == [("2026-01-06",)]
    assert pocket.digest() != first
    done = pocket.regulars("rollback")
    assert done.returncode == 0
    assert pocket.digest() == first


def test_a_second_refresh_is_told_to_try_later(pocket):
    with refresh_lock(pocket.data, "a test"):
        done = pocket.command("regulars", "run")
    assert done.returncode == 75
    assert "Another refresh is running (`a test`" in done.stderr


def test_dbt_alone_builds_the_warehouse_and_runs_every_test(pocket):
    marts = "select * from marts.daily_sales order by sold_on"
    published = pocket.query(marts)
    pocket.warehouse.unlink()
    done = pocket.dbt("duckdb", "build")
    assert done.returncode == 0, done.stdout
    assert pocket.query(marts, pocket.warehouse) == published
    results = json.loads((pocket.data / "target" / "run_results.json").read_text())["results"]
    assert {each["unique_id"].split(".")[0] for each in results} >= {"model", "test", "unit_test"}


def test_a_build_that_never_began_is_not_published(pocket):
    """The results of the last build must not vouch for one that fails to parse."""
    before = contents(pocket.data / "published")
    failed = pocket.command("regulars", "run", "--vars", "{sources: {till: [sales, sales__old]}}")
    assert failed.returncode == 1
    assert "stg_till__sales__old" in failed.stderr
    assert contents(pocket.data / "published") == before
    refused = pocket.regulars("publish")
    assert refused.returncode == 1
    assert "There is no run_results.json" in refused.stderr


def test_what_another_dbt_command_wrote_is_not_published(pocket, tmp_path):
    before = contents(pocket.data / "published")
    done = pocket.dbt(
        *("duckdb", "run", "--select", "daily_sales", "--vars", "{as_of_date: '2026-01-06'}"),
        *("--target-path", str(tmp_path), "--log-path", str(tmp_path)),
    )
    assert done.returncode == 0, done.stdout
    refused = pocket.regulars("publish")
    assert refused.returncode == 1
    assert "Another dbt command has written the warehouse since its checks" in refused.stderr
    assert contents(pocket.data / "published") == before


@contextmanager
def building(shop: Shop) -> Iterator[subprocess.Popen]:
    """A refresh whose dbt is at work."""
    command = [str(BIN / "regulars"), "run", "--force"]
    pipe = {"stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=shop.environment, **pipe) as refresh:
        assert any("3 of" in line for line in refresh.stderr)
        yield refresh


def test_a_refresh_that_is_stopped_in_its_build_leaves_what_stood_and_frees_the_lock(pocket):
    before, digest = contents(pocket.data / "published"), pocket.digest()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGKILL):
        with building(pocket) as refresh:
            refresh.send_signal(number)
            _, said = refresh.communicate(timeout=5)
        if number is signal.SIGKILL:
            assert refresh.returncode == -number
        else:
            assert refresh.returncode == 128 + number
            sentence = f"Stopped by {number.name}. What was published stands; `regulars run` begins"
            assert sentence in said
        with refresh_lock(pocket.data, "a test"):
            pass
    assert contents(pocket.data / "published") == before
    refused = pocket.regulars("publish")
    assert "There is no run_results.json" in refused.stderr
    pocket.run("--force")
    assert pocket.digest() == digest
