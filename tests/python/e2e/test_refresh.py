"""What must happen when a refresh is repeated, fails, comes late, or looks back."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from conftest import BIN, ROOT

from orchestration.publish.lock import refresh_lock


def deliver(files: Path, shop, pattern: str) -> None:
    """Puts those of the example's files into the landing folder that match the pattern."""
    for path in files.glob(pattern):
        target = shop.data / "landing" / path.relative_to(files)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def contents(folder: Path) -> dict[str, bytes | str]:
    """Every file of a folder with its bytes, every symlink with its target."""
    return {
        str(path.relative_to(folder)): path.readlink().as_posix()
        if path.is_symlink()
        else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def digests(shop) -> dict[str, str]:
    """The digest of each mart but the log, which tells of the publications before this one."""
    [(text,)] = shop.query("select digests from marts.publication")
    by_mart = json.loads(text)
    del by_mart["customer_id_changes"]
    return by_mart


def test_a_second_refresh_lands_nothing_and_publishes_the_same(own_tiny, tiny):
    landed = contents(own_tiny.data / "raw")
    own_tiny.run("--example", "tiny", "--force")
    assert contents(own_tiny.data / "raw") == landed
    assert own_tiny.digest() == tiny.digest()
    rows = own_tiny.query("select digests from marts.publication")
    assert rows == tiny.query("select digests from marts.publication")


def test_where_nothing_has_changed_nothing_is_done(own_tiny):
    """A report that is lost is written again, and that is all."""
    watched = ("published", "raw", "target", "report")
    before = {name: contents(own_tiny.data / name) for name in watched}
    done = own_tiny.run("--example", "tiny")
    assert "Nothing has changed since generation 000001-" in done.stdout
    assert f"Report: {own_tiny.data / 'report' / 'index.html'}" in done.stdout
    assert {name: contents(own_tiny.data / name) for name in watched} == before

    (own_tiny.data / "report" / "index.html").unlink()
    assert "Nothing has changed since" in own_tiny.run("--example", "tiny").stdout
    assert contents(own_tiny.data / "report") == before["report"]


def test_what_has_changed_is_built_and_what_was_rolled_back_too(own_tiny):
    assert "Published generation 000002" in own_tiny.run("--vars", "{rfm_scores: 2}").stdout
    assert "Nothing has changed since" in own_tiny.run("--vars", "{rfm_scores: 2}").stdout
    assert own_tiny.command("regulars", "rollback").returncode == 0
    assert "Nothing has changed since generation 000001" in own_tiny.run().stdout
    assert "Published generation 00000" in own_tiny.run("--vars", "{rfm_scores: 2}").stdout


def test_files_in_another_order_and_twice_end_in_the_same_marts(empty_shop, tiny, tiny_files):
    """The correction comes before the file that it corrects, lines before their receipts."""
    deliver(tiny_files, empty_shop, "pos/receipts/*_corrected.csv")
    deliver(tiny_files, empty_shop, "pos/receipt_lines/*")
    deliver(tiny_files, empty_shop, "crm/**/*.csv")
    assert empty_shop.command("regulars", "land").returncode == 0
    deliver(tiny_files, empty_shop, "**/*.*")
    copy = empty_shop.data / "landing/pos/receipts/receipts_2026-05_again.csv"
    shutil.copyfile(tiny_files / "pos/receipts/receipts_2026-05.csv", copy)
    empty_shop.run()
    assert empty_shop.digest() == tiny.digest()


def test_a_held_file_leaves_the_published_marts_untouched(own_tiny):
    before = contents(own_tiny.data / "published")
    bad = own_tiny.data / "landing/pos/receipts/receipts_2026-06.csv"
    bad.write_text("receipt_no,store_code,card_no\nR1030,S01,M001\n")
    failed = own_tiny.command("regulars", "run")
    assert failed.returncode == 1
    assert "Building the warehouse" not in failed.stderr
    assert "pos/receipts/receipts_2026-06.csv" in failed.stderr
    assert "sold_at" in failed.stderr
    assert "_pos__sources.yml" in failed.stderr
    assert contents(own_tiny.data / "published") == before

    bad.unlink()
    own_tiny.run()


def test_a_failing_check_leaves_the_published_marts_untouched(own_tiny):
    """No order is accepted when every one of them is dated before the first plausible day."""
    before = contents(own_tiny.data / "published")
    failed = own_tiny.command("regulars", "run", "--vars", "{earliest_business_date: '2050-01-01'}")
    assert failed.returncode == 1
    assert "Nothing was published; readers keep what they had" in failed.stderr
    assert "assert_there_are_orders found 1 failing row" in failed.stderr
    assert contents(own_tiny.data / "published") == before

    refused = own_tiny.command("regulars", "publish")
    assert refused.returncode == 1
    assert "assert_there_are_orders" in refused.stderr
    assert contents(own_tiny.data / "published") == before


def test_a_past_day_of_analysis_equals_its_row_in_the_history(own_tiny, tiny):
    own_tiny.run("--as-of", "2026-03-01")
    for mart in ("customer_rfm", "customer_lifecycle"):
        columns = own_tiny.query(
            f"select column_name from (describe marts.{mart}) where column_name <> 'is_latest'"
        )
        chosen = ", ".join(name for (name,) in columns)
        query = f"select {chosen} from marts.{mart} where as_of_date = '2026-03-01' order by 1"
        assert own_tiny.query(query) == tiny.query(query) != []
    [(latest,)] = own_tiny.query(
        "select distinct as_of_date::varchar from marts.customer_rfm where is_latest"
    )
    assert latest == "2026-03-01"


def test_what_was_known_at_an_instant_can_be_rebuilt(empty_shop, tiny_files):
    deliver(tiny_files, empty_shop, "pos/**/*.csv")
    (empty_shop.data / "landing/pos/receipts/receipts_2026-05.csv").unlink()
    only_pos = ("--sources", "pos")
    empty_shop.run(*only_pos)
    first = digests(empty_shop)
    instant = datetime.now(UTC).replace(tzinfo=None).isoformat()

    deliver(tiny_files, empty_shop, "pos/receipts/*.csv")
    empty_shop.run(*only_pos)
    assert digests(empty_shop) != first

    empty_shop.run(*only_pos, "--known-at", instant)
    assert digests(empty_shop) == first


def test_a_damaged_warehouse_is_built_anew(own_tiny, tiny):
    own_tiny.warehouse.write_bytes(b"no database" * 1000)
    failed = own_tiny.command("regulars", "run", "--force")
    assert failed.returncode == 1
    assert "regulars run --full-refresh" in failed.stderr
    own_tiny.run("--full-refresh")
    assert own_tiny.digest() == tiny.digest()


def test_a_warehouse_that_another_program_has_open_is_not_built(own_tiny):
    with duckdb.connect(own_tiny.warehouse, read_only=True):
        failed = own_tiny.command("regulars", "run", "--force")
    assert failed.returncode == 1
    assert "another program has the warehouse open; close it, then try again" in failed.stderr


def test_rollback_shows_the_generation_before(own_tiny):
    first = own_tiny.digest()
    own_tiny.run("--as-of", "2026-01-01")
    assert own_tiny.digest() != first
    done = own_tiny.command("regulars", "rollback")
    assert done.returncode == 0
    assert own_tiny.digest() == first


def test_changed_customers_are_logged_and_a_rollback_takes_the_log_back(own_tiny):
    """Somebody is new, and an older account of Grace (crm:M006) shows up, by which she is named."""
    changes = (
        "select compared_with, change_type, former_customer_id, customer_id"
        " from marts.customer_id_changes order by change_type"
    )
    assert own_tiny.query(changes) == []
    customers = "select account_id, customer_id from marts.customer_accounts"
    before = dict(own_tiny.query(customers))
    [(generation,)] = own_tiny.query("select generation from marts.publication")
    (own_tiny.data / "landing/shop/users/more.jsonl").write_text(
        '{"user_id": "U106", "created_at": "2026-06-20T09:00:00+08:00", "nick_name": "Zoe"}\n'
        '{"user_id": "U107", "created_at": "2025-01-05T09:00:00+08:00", "nick_name": "Grace",'
        ' "mobile": "13977770007", "email": "grace@example.com"}\n'
    )
    own_tiny.run()
    after = dict(own_tiny.query(customers))
    found = [
        (generation, "born", None, after["shop:U106"]),
        (generation, "renamed", before["crm:M006"], after["shop:U107"]),
    ]
    assert own_tiny.query(changes) == found

    assert own_tiny.command("regulars", "rollback").returncode == 0
    assert own_tiny.query(changes) == []
    for _ in range(2):  # compares with the first generation again, and then with its equal
        own_tiny.run("--force")
        assert own_tiny.query(changes) == found


def test_a_second_refresh_is_told_to_try_later(own_tiny):
    with refresh_lock(own_tiny.data, "a test"):
        done = own_tiny.command("regulars", "run")
    assert done.returncode == 75
    assert "Another refresh is running (`a test`" in done.stderr


def test_a_missing_folder_is_told_and_the_rest_lands(empty_shop, tiny_files):
    deliver(tiny_files, empty_shop, "pos/**/*.csv")
    deliver(tiny_files, empty_shop, "crm/**/*.csv")
    done = empty_shop.command("regulars", "land")
    assert done.returncode == 0
    assert (
        "no file of shop matches landing/shop/users/*.jsonl: deliver one, or correct `files:`"
        in done.stderr
    )
    assert "Landed 15 new files with 90 rows" in done.stdout


def test_dbt_alone_builds_the_warehouse(own_tiny, tiny, tmp_path):
    own_tiny.warehouse.unlink()
    assert own_tiny.command("regulars", "land").returncode == 0
    done = own_tiny.command(
        *("dbt", "build", "--target-path", str(tmp_path), "--log-path", str(tmp_path))
    )
    assert done.returncode == 0, done.stdout
    query = "select * from marts.customer_rfm order by customer_id, as_of_date"
    assert own_tiny.query(query, own_tiny.warehouse) == tiny.query(query)


@pytest.mark.parametrize(
    "words, says",
    [
        (["run", "--example", "nowhere"], "no example 'nowhere': choose one of"),
        (["run", "--sources", "pos,moon"], "No source moon is in use: choose of pos, shop, crm"),
        (["run", "--as-of", "2026-02-30"], "'2026-02-30' is no date"),
        (["run", "--vars", "[1]"], "--vars takes a mapping"),
        (["rollback"], "no earlier generation to roll back to"),
        (["publish"], "There is no manifest.json"),
        (["report"], "No marts at"),
    ],
)
def test_mistakes_are_answered_with_a_sentence(empty_shop, words, says):
    done = empty_shop.command("regulars", *words)
    assert done.returncode in (1, 2)
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_the_doctor_says_what_is_here(tiny, empty_shop):
    healthy = tiny.command("regulars", "doctor").stdout
    assert "duckdb 1.5.5" in healthy
    assert "Lock: free" in healthy
    assert "as of 2026-06-26" in healthy
    assert (
        "Warehouse: not built yet; run `regulars run`."
        in empty_shop.command("regulars", "doctor").stdout
    )


def test_a_build_that_never_began_is_not_published(own_tiny):
    """The results of the last build must not vouch for one that fails to parse."""
    before = contents(own_tiny.data / "published")
    failed = own_tiny.command("regulars", "run", "--vars", "{sources: {pos: [orders, accounts]}}")
    assert failed.returncode == 1
    assert "stg_pos__accounts" in failed.stderr
    assert contents(own_tiny.data / "published") == before


def test_what_another_dbt_command_wrote_is_not_published(own_tiny, tmp_path):
    before = contents(own_tiny.data / "published")
    done = own_tiny.command(
        *("dbt", "run", "--select", "customer_rfm", "--vars", "{rfm_scores: 2}"),
        *("--target-path", str(tmp_path), "--log-path", str(tmp_path)),
    )
    assert done.returncode == 0, done.stdout
    refused = own_tiny.command("regulars", "publish")
    assert refused.returncode == 1
    assert "Another dbt command has written the warehouse since its checks" in refused.stderr
    assert contents(own_tiny.data / "published") == before


def test_a_corrected_file_may_return_to_its_first_content(empty_shop, tiny_files):
    """Three versions under three names, the third with the bytes of the first: the third wins."""
    deliver(tiny_files, empty_shop, "**/*.*")
    lines = empty_shop.data / "landing/pos/receipt_lines"
    header = "receipt_no,line_no,sku,quantity,amount,discount\n"
    for name, amount in [("x_1", "10.00"), ("x_2", "20.00"), ("x_3", "10.00")]:
        (lines / f"{name}.csv").write_text(f"{header}R1001,9,B03,1,{amount},0\n")
    empty_shop.run()
    rows = empty_shop.query(
        "select sales_amount::varchar from marts.order_lines where order_line_id = 'pos:R1001:9'"
    )
    assert rows == [("10.00",)]


def test_a_source_may_deliver_nothing_but_orders_and_their_lines(own_tiny):
    own_tiny.run("--vars", "{sources: {pos: [orders, order_lines]}}")
    assert own_tiny.query("select count(*) from marts.orders") == [(22,)]
    assert own_tiny.query("select count(*) from marts.refunds") == [(0,)]
    assert own_tiny.query("select bool_and(is_inferred) from marts.products") == [(True,)]


@contextmanager
def building(shop) -> Iterator[subprocess.Popen]:
    """A refresh whose dbt is at work."""
    environment = {**os.environ, "REGULARS_DATA": str(shop.data), "DO_NOT_TRACK": "1"}
    command = [str(BIN / "regulars"), "run", "--force"]
    pipe = {"stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=environment, **pipe) as refresh:
        assert any("3 of" in line for line in refresh.stderr)
        yield refresh


def test_a_refresh_that_is_stopped_in_its_build_leaves_what_stood_and_frees_the_lock(
    own_tiny, tiny
):
    before = contents(own_tiny.data / "published")
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGKILL):
        with building(own_tiny) as refresh:
            refresh.send_signal(number)
            _, said = refresh.communicate(timeout=5)
        if number is signal.SIGKILL:
            assert refresh.returncode == -number
        else:
            assert refresh.returncode == 128 + number
            assert said.endswith(
                f"Stopped by {number.name}. What was published stands; "
                "`regulars run` begins anew.\n"
            )
        with refresh_lock(own_tiny.data, "a test"):
            pass
    assert contents(own_tiny.data / "published") == before
    refused = own_tiny.command("regulars", "publish")
    assert "There is no run_results.json" in refused.stderr
    own_tiny.run("--force")
    assert own_tiny.digest() == tiny.digest()


def test_a_report_that_can_t_be_written_does_not_hide_the_publication(own_tiny):
    shutil.rmtree(own_tiny.data / "report")
    (own_tiny.data / "report").write_text("in the way")
    done = own_tiny.run("--as-of", "2026-01-01")
    assert "Published generation 000002" in done.stdout
    assert "The report was not written" in done.stderr


def test_an_order_cancelled_in_a_far_future_is_worth_nothing_today(own_tiny):
    orders = own_tiny.data / "landing/shop/orders/late.jsonl"
    orders.write_text(
        '{"order_no": "Z1", "user_id": "U104", "channel": "web", "state": "CLOSED", '
        '"placed_at": "2026-06-01T10:00:00+08:00", "closed_at": "9999-01-01T00:00:00+08:00", '
        '"currency": "CNY"}\n'
    )
    (own_tiny.data / "landing/shop/order_items/late.jsonl").write_text(
        '{"order_no": "Z1", "item_no": 1, "sku": "C02", "quantity": 1, "price": 5000}\n'
        '{"order_no": "Z1", "item_no": 2, "sku": "C02", "quantity": 690123456789012, "price": 58}\n'
    )
    own_tiny.run()
    rows = own_tiny.query(
        "select gross_amount::varchar, net_amount::varchar from marts.orders"
        " where order_id = 'shop:Z1'"
    )
    assert rows == [("5000.00", "0.00")]
    [(value,)] = own_tiny.query(
        "select net_amount::varchar from marts.customers inner join marts.customer_accounts"
        " using (customer_id) where account_id = 'shop:U104'"
    )
    assert value == "19.80"
