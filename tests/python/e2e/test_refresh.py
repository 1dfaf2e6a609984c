"""What must happen to the real models when files come late, change or are looked back at.

What is the same whatever the models are is tried on the pocket project: test_machinery.py.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Shop

from orchestration.fit.store import Fit, Parameter, Store

CHANGES = (
    "select compared_with, change_type, former_customer_id, customer_id"
    " from marts.customer_id_changes order by change_type"
)
CUSTOMERS = "select account_id, customer_id from marts.customer_accounts"

# What comes late to the tiny example, by the name of the file.
LATE = {
    # Somebody is new, and an older account of Grace (crm:M006) shows up, by which she is named.
    "shop/users/more.jsonl": """\
{"user_id": "U106", "created_at": "2026-06-20T09:00:00+08:00", "nick_name": "Zoe"}
{"user_id": "U107", "created_at": "2025-01-05T09:00:00+08:00", "nick_name": "Grace", \
"mobile": "13977770007", "email": "grace@example.com"}
""",
    # An order that is cancelled in a far future, and in it a line beyond all money.
    "shop/orders/late.jsonl": """\
{"order_no": "Z1", "user_id": "U104", "channel": "web", "state": "CLOSED", "currency": "CNY", \
"placed_at": "2026-06-01T10:00:00+08:00", "closed_at": "9999-01-01T00:00:00+08:00"}
""",
    "shop/order_items/late.jsonl": """\
{"order_no": "Z1", "item_no": 1, "sku": "C02", "quantity": 1, "price": 5000}
{"order_no": "Z1", "item_no": 2, "sku": "C02", "quantity": 690123456789012, "price": 58}
""",
    # Three versions under three names, the third with the bytes of the first.
    **{
        f"pos/receipt_lines/x_{number}.csv": "receipt_no,line_no,sku,quantity,amount,discount\n"
        f"R1001,9,B03,1,{amount},0\n"
        for number, amount in [(1, "10.00"), (2, "20.00"), (3, "10.00")]
    },
}


def deliver(files: Path, shop: Shop, pattern: str) -> None:
    """Puts those of the example's files into the landing folder that match the pattern."""
    for path in files.glob(pattern):
        target = shop.data / "landing" / path.relative_to(files)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def digests(shop: Shop) -> dict[str, str]:
    """The digest of each mart but the log, which tells of the publications before this one."""
    [(text,)] = shop.query("select digests from marts.publication")
    by_mart = json.loads(text)
    del by_mart["customer_id_changes"]
    return by_mart


@pytest.mark.long
def test_files_in_another_order_and_twice_end_in_the_same_marts(
    empty_shop, tiny, tiny_files, parsed
):
    """The correction comes before the file that it corrects, lines before their receipts."""
    deliver(tiny_files, empty_shop, "pos/receipts/*_corrected.csv")
    deliver(tiny_files, empty_shop, "pos/receipt_lines/*")
    deliver(tiny_files, empty_shop, "crm/**/*.csv")
    assert empty_shop.command("regulars", "land").returncode == 0
    deliver(tiny_files, empty_shop, "**/*.*")
    copy = empty_shop.data / "landing/pos/receipts/receipts_2026-05_again.csv"
    shutil.copyfile(tiny_files / "pos/receipts/receipts_2026-05.csv", copy)
    empty_shop.run(manifest=parsed)
    assert empty_shop.digest() == tiny.digest()


@dataclass(frozen=True)
class History:
    """Of several refreshes of one shop, each seen before the next: what their tests look at."""

    shop: Shop
    told: str
    known_at: str
    before_late: Mapping[str, str]
    generation: str
    changes: Mapping[str, list[tuple]]
    past: Mapping[str, list[tuple]]
    latest_days: list[tuple]
    scored_with: list[tuple]


@pytest.fixture(scope="module")
def history(tiny: Shop, parsed: Any, tmp_path_factory: pytest.TempPathFactory) -> History:
    """Tiny as of an earlier day, without a report; what comes late; rolled back; and again."""
    shop = Shop(tmp_path_factory.mktemp("history") / "data")
    shutil.copytree(tiny.data, shop.data, symlinks=True)
    shutil.rmtree(shop.data / "report")
    (shop.data / "report").write_text("in the way")
    fit_churn(shop, date(2026, 2, 1), date(2026, 5, 1))
    done = shop.run("--as-of", "2026-03-01", manifest=parsed)
    (shop.data / "report").unlink()
    shutil.rmtree(shop.data / "parameters")
    scored_with = shop.query("select distinct parameters_version from marts.customer_churn")
    past = {mart: past_rows(shop, mart) for mart in ("customer_rfm", "customer_lifecycle")}
    latest = shop.query(
        "select distinct as_of_date::varchar from marts.customer_rfm where is_latest"
    )
    before_late, changes = dict(shop.query(CUSTOMERS)), {"before": shop.query(CHANGES)}
    [(generation,)] = shop.query("select generation from marts.publication")
    known_at = datetime.now(UTC).replace(tzinfo=None).isoformat()
    for name, text in LATE.items():
        (shop.data / "landing" / name).write_text(text)
    shop.run(manifest=parsed)
    changes["after"] = shop.query(CHANGES)
    told = done.stdout + done.stderr
    return History(
        shop, told, known_at, before_late, generation, changes, past, latest, scored_with
    )


def fit_churn(shop: Shop, *days: date) -> None:
    """Keeps what ships with the project as if it had been fitted on facts before each of the days,
    as a shop does that is large enough to fit on."""
    with (ROOT / "seeds" / "default_parameters.csv").open() as file:
        shipped = [row for row in csv.DictReader(file) if row["model"] == "churn"]
    parameters = [
        Parameter(
            row["parameter"],
            float(row["value"]),
            feature=row["feature"] or None,
            knot=float(row["knot"]) if row["knot"] else None,
        )
        for row in shipped
    ]
    for day in days:
        Store(shop.data / "parameters").record(
            Fit("churn", parameters, {}, day, 1_000, str(day), is_promoted=True, reason="A test.")
        )


def past_rows(shop: Shop, mart: str) -> list[tuple]:
    """What a mart says of 1 March 2026."""
    columns = shop.query(
        f"select column_name from (describe marts.{mart}) where column_name <> 'is_latest'"
    )
    chosen = ", ".join(name for (name,) in columns)
    return shop.query(
        f"select {chosen} from marts.{mart} where as_of_date = '2026-03-01' order by 1"
    )


def test_a_past_day_of_analysis_equals_its_row_in_the_history(history, tiny):
    for mart, rows in history.past.items():
        assert rows == past_rows(tiny, mart) != []
    assert history.latest_days == [("2026-03-01",)]


def test_a_past_day_is_scored_with_what_was_fitted_by_then(history):
    """With the first of two versions: the second was fitted on facts of later days."""
    assert history.scored_with == [(1,)]


def test_a_report_that_can_t_be_written_does_not_hide_the_publication(history):
    assert "Published generation 000002" in history.told
    assert "The report was not written" in history.told


def test_a_lost_report_is_written_again_where_nothing_has_changed(own_tiny, tiny):
    done = own_tiny.run("--example", "tiny")
    assert "Nothing has changed since generation 000001-" in done.stdout
    page = own_tiny.data / "report" / "index.html"
    assert f"Report: {page}" in done.stdout
    page.unlink()
    assert "Nothing has changed since" in own_tiny.run("--example", "tiny").stdout
    assert page.read_bytes() == (tiny.data / "report" / "index.html").read_bytes()


def logged(history: History) -> list[tuple]:
    """What the log has to say of what came late: Zoe is new, and Grace has another name."""
    after = dict(history.shop.query(CUSTOMERS))
    return [
        (history.generation, "born", None, after["shop:U106"]),
        (history.generation, "renamed", history.before_late["crm:M006"], after["shop:U107"]),
    ]


def rolled_back(history: History, folder: Path) -> Shop:
    shop = Shop(folder / "data")
    shutil.copytree(history.shop.data, shop.data, symlinks=True)
    assert shop.command("regulars", "rollback").returncode == 0
    return shop


def test_changed_customers_are_logged_and_a_rollback_takes_the_log_back(history, tmp_path):
    assert history.changes == {"before": [], "after": logged(history)}
    assert rolled_back(history, tmp_path).query(CHANGES) == []


@pytest.mark.long
def test_after_a_rollback_changes_are_those_since_the_generation_that_is_read(
    history, parsed, tmp_path
):
    shop = rolled_back(history, tmp_path)
    shop.run("--force", manifest=parsed)
    assert shop.query(CHANGES) == logged(history)


def test_a_corrected_file_may_return_to_its_first_content(history):
    """The third version wins, though its bytes came first."""
    rows = history.shop.query(
        "select sales_amount::varchar from marts.order_lines where order_line_id = 'pos:R1001:9'"
    )
    assert rows == [("10.00",)]


def test_an_order_cancelled_in_a_far_future_is_worth_nothing_today(history):
    rows = history.shop.query(
        "select gross_amount::varchar, net_amount::varchar from marts.orders"
        " where order_id = 'shop:Z1'"
    )
    assert rows == [("5000.00", "0.00")]
    [(value,)] = history.shop.query(
        "select net_amount::varchar from marts.customers inner join marts.customer_accounts"
        " using (customer_id) where account_id = 'shop:U104'"
    )
    assert value == "19.80"


@pytest.mark.long
def test_what_was_known_at_an_instant_can_be_rebuilt(history, tiny, parsed, tmp_path):
    """Every mart is what it was before anything came late; the log keeps what it has told."""
    shop = Shop(tmp_path / "data")
    shutil.copytree(history.shop.data, shop.data, symlinks=True)
    assert digests(shop) != digests(tiny)
    shop.run("--known-at", history.known_at, manifest=parsed)
    assert digests(shop) == digests(tiny)
    log = shop.query(CHANGES)
    assert set(history.changes["after"]) < set(log)


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


def test_sql_names_no_relation_but_those_that_dbt_knows_it_reads(tiny):
    """What is kept stands for as long as its parents: a relation that is none would go unseen."""
    manifest = json.loads((tiny.data / "target" / "manifest.json").read_bytes())
    results = json.loads((tiny.data / "target" / "run_results.json").read_bytes())["results"]
    nodes = manifest["nodes"] | manifest["sources"]

    def read(node: Mapping[str, Any]) -> set[str]:
        parents = [nodes[id] for id in node.get("depends_on", {}).get("nodes", [])]
        inlined = [each for each in parents if each["config"].get("materialized") == "ephemeral"]
        return {each["relation_name"] for each in parents}.union(*map(read, inlined))

    for result in results:
        if node := manifest["nodes"].get(result["unique_id"]):
            named = set(re.findall(r'"\w+"\."\w+"\."\w+"', result.get("compiled_code") or ""))
            assert named <= read(node), node["name"]


def test_no_table_hands_on_the_place_of_a_row_among_the_deliveries(tiny):
    """Those who read what became of rows are kept when nothing but these places has changed."""
    tables = tiny.query(
        "select table_name from information_schema.columns where column_name = 'delivery_number'",
        tiny.warehouse,
    )
    expected = r"int_current_deliveries|int_\w+_(delivered|validated)"
    assert not [name for (name,) in tables if not re.fullmatch(expected, name)]
