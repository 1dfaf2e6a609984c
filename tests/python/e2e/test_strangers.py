"""A new user with files of their own: `new-source`, `check`, `run`, and what is published.

No line is written by hand, nothing below staging is touched, and what is published is what the
generators of tests/python/e2e/strangers/ know to be true.
"""

from __future__ import annotations

import json
import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, Shop
from e2e.strangers import flat_till, two_systems, wholesaler

MOST_ANSWERS = 10
PAGES = ("adding_a_source.md", "adding_a_source.zh-CN.md")


@pytest.fixture(scope="module")
def wholesale(tmp_path_factory: pytest.TempPathFactory) -> tuple[Shop, wholesaler.Truth, Path]:
    """A wholesaler's two years, of whose questions every one is answered in a file."""
    folder = tmp_path_factory.mktemp("wholesale")
    truth = wholesaler.make(folder / "exports")
    shop = _project(folder)
    [answers, again] = [_documented(page) for page in PAGES]
    assert answers == again
    _new_source(shop, "wholesale", folder / "exports", "*.csv", answers)
    return shop, truth, folder


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Shop, two_systems.Truth]:
    """Tills and a web shop, each given with one command."""
    folder = tmp_path_factory.mktemp("both")
    truth = two_systems.make(folder / "exports")
    shop = _project(folder)
    zone = {"time_zone": "Asia/Shanghai"}
    first = {"take_demo_away": True, "currency": "CNY", **zone}
    _new_source(shop, "till", folder / "exports", "till_*", first)
    _new_source(shop, "shop_online", folder / "exports", "shop_*", zone)
    assert len(first) + len(zone) <= MOST_ANSWERS
    return shop, truth


def _documented(page: str) -> dict[str, object]:
    """The answers that a page of the documents gives for the wholesaler."""
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    [block] = re.findall(r"```yaml\n(take_demo_away.*?)```", text, re.DOTALL)
    return yaml.safe_load(block)


def _project(folder: Path) -> Shop:
    """A checkout of one's own, as far as dbt reads it."""
    root = folder / "project"
    for name in ("models", "macros", "seeds", "tests/generic", "tests/singular"):
        shutil.copytree(ROOT / name, root / name)
    for name in ("dbt_project.yml", "selectors.yml"):
        shutil.copy2(ROOT / name, root)
    return Shop(folder / "data", root)


def _new_source(
    shop: Shop, name: str, exports: Path, pattern: str, answers: dict[str, object]
) -> None:
    path = exports / f"{name}_answers.yml"
    path.write_text(yaml.safe_dump(answers))
    files = [str(file) for file in sorted(exports.glob(pattern)) if file != path]
    done = shop.command("regulars", "new-source", name, *files, "--answers", str(path))
    assert done.returncode == 0, done.stdout + done.stderr
    asked = re.findall(r"^([\w.]+): \S+$", done.stdout.split("\n\n")[-1], re.MULTILINE)
    assert len(asked) == len(answers) <= MOST_ANSWERS


def _check(shop: Shop, name: str) -> dict:
    done = shop.command("regulars", "check", name, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def _accepted(found: dict) -> dict[str, int]:
    return {
        each["entity"]: each["rows"] for each in found["outcomes"] if each["status"] == "accepted"
    }


@pytest.fixture(scope="module")
def checked(wholesale: tuple[Shop, wholesaler.Truth, Path]) -> dict:
    """What `check` finds before the first refresh."""
    shop, _, _ = wholesale
    return _check(shop, "wholesale")


def test_a_check_tells_what_will_be_published(
    checked: dict, wholesale: tuple[Shop, wholesaler.Truth, Path]
) -> None:
    (shop, truth, _), found = wholesale, checked
    sums = {each["name"]: each["sums"] for each in found["entities"]}
    assert _accepted(found)["orders"] == truth.orders
    assert Decimal(sums["order_lines"]["gross_amount"]) == truth.gross
    assert Decimal(sums["refunds"]["refund_amount"]) == truth.refunded
    assert 0.2 < found["guest_share"] < 0.3
    assert not [each for each in found["outcomes"] if each["status"] == "quarantined"]
    assert not (shop.data / "warehouse.duckdb").exists()
    assert not (shop.data / "raw").exists()


def test_its_unit_tests_hold_what_was_guessed(
    checked: dict, wholesale: tuple[Shop, wholesaler.Truth, Path]
) -> None:
    shop, _, _ = wholesale
    scratch = Shop(shop.data / "check" / "wholesale" / "data", shop.data / "check" / "wholesale")
    done = scratch.dbt("duckdb", "test", "--select", "test_type:unit")
    assert done.returncode == 0, done.stdout
    assert "PASS=6" in done.stdout  # three of them are hooks


@pytest.mark.long
def test_a_wholesaler_is_published_to_the_penny(
    wholesale: tuple[Shop, wholesaler.Truth, Path],
) -> None:
    shop, truth, _ = wholesale
    shop.run()
    [(gross, buyers)] = shop.query(
        "select sum(gross_amount), count(distinct customer_id) from marts.orders"
    )
    [(refunded,)] = shop.query("select sum(refund_amount) from marts.refunds")
    assert (gross, refunded, gross - refunded, buyers) == (
        truth.gross,
        truth.refunded,
        truth.net,
        truth.buyers,
    )
    assert shop.query("select * from marts.quarantine_summary") == []
    assert shop.query("select * from marts.reconciliation where not is_reconciled") == []


@pytest.mark.long
def test_what_was_credited_comes_off_its_customer(
    wholesale: tuple[Shop, wholesaler.Truth, Path],
) -> None:
    """Refreshed by the test before. A giant order that was credited is no money and no purchase."""
    shop, truth, _ = wholesale
    spent = shop.query(
        "select source_account_id, net_amount from marts.customers"
        " join marts.customer_accounts using (customer_id)"
    )
    assert dict(spent) == truth.spent
    giant = (
        "join marts.customer_accounts using (customer_id)"
        f" where source_account_id = '{wholesaler.GIANT}'"
    )
    assert shop.query(
        f"select net_amount, purchase_count, last_purchase_on from marts.customers {giant}"
    ) == [(Decimal("20.34"), 1, wholesaler.GIANT_BUYS_ON[0].date())]
    assert shop.query(f"select matched_by from marts.refunds {giant}") == [("amount",)]


@pytest.mark.long
def test_two_systems_know_who_is_one_person(both: tuple[Shop, two_systems.Truth]) -> None:
    shop, truth = both
    shop.run()
    [(net, buyers)] = shop.query(
        "select sum(net_amount), count(distinct customer_id) from marts.orders where is_purchase"
    )
    [(overlap,)] = shop.query(
        "select count(*) from (select customer_id from marts.orders"
        " where is_purchase and customer_id is not null"
        " group by customer_id having count(distinct source_system) = 2)"
    )
    assert (net, buyers, overlap) == (truth.net, truth.buyers, truth.overlap)
    assert shop.query("select * from marts.quarantine_summary") == []


def test_a_day_with_its_time_and_a_discount_without_a_column_are_counted(tmp_path: Path) -> None:
    """Of one file, with the answers that are likeliest; checked alone, beside any warehouse."""
    truth = flat_till.make(tmp_path / "exports")
    shop = _project(tmp_path)
    file = str(tmp_path / "exports" / "bons.csv")
    done = shop.command("regulars", "new-source", "till", file, "--yes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "rest_is_discount: yes" in done.stdout
    assert (
        f"in {truth.members_receipts} of {len(truth.hours)} orders Bonsumme is less than the sum of"
        f" their lines, by {truth.off:.2f} in all, which counts as a discount on the order"
    ) in done.stdout
    # The last receipt, a member's, is told once more, as by exports that overlap.
    [delivered] = (shop.data / "landing").rglob("bons.csv")
    told = delivered.read_bytes().splitlines(keepends=True)
    delivered.write_bytes(b"".join(told + [line for line in told if line.startswith(b"B0120;")]))
    found = _check(shop, "till")
    assert _accepted(found)["orders"] == len(truth.hours)
    assert not [each for each in found["outcomes"] if each["status"] == "quarantined"]
    sums = {each["name"]: each["sums"] for each in found["entities"]}
    adjusted = Decimal(sums["order_adjustments"]["adjustment_amount"])
    assert adjusted == -truth.off
    assert Decimal(sums["order_lines"]["gross_amount"]) + adjusted == truth.paid
    scratch = Shop(shop.data / "check" / "till" / "data", shop.data / "check" / "till")
    orders = scratch.query(
        "select source_order_id, ordered_at::varchar, ordered_hour, ordered_on is not null"
        " from entities.int_orders_validated where row_status = 'accepted'",
        scratch.warehouse,
    )
    assert {bon: at for bon, at, _, _ in orders} == truth.instants
    assert {bon: hour for bon, _, hour, _ in orders} == truth.hours
    assert all(has_day for *_, has_day in orders)
    done = scratch.dbt("duckdb", "test", "--select", "test_type:unit")
    assert done.returncode == 0, done.stdout


def test_an_answer_to_nothing_is_refused_and_nothing_written(tmp_path: Path) -> None:
    wholesaler.make(tmp_path / "exports")
    shop, answers = _project(tmp_path), tmp_path / "answers.yml"
    answers.write_text("currencies: GBP")
    files = [str(each) for each in sorted((tmp_path / "exports").glob("*.csv"))]
    done = shop.command("regulars", "new-source", "wholesale", *files, "--answers", str(answers))
    assert done.returncode == 1
    assert "currencies (is currency meant?)" in done.stderr
    assert not (shop.root / "models" / "staging" / "wholesale").exists()
    assert (shop.root / "dbt_project.yml").read_text() == (ROOT / "dbt_project.yml").read_text()


def test_a_folder_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    wholesaler.make(tmp_path / "exports")
    shop = _project(tmp_path)
    file = str(tmp_path / "exports" / "retail_2010.csv")
    done = shop.command("regulars", "new-source", "pos", file, "--yes")
    assert done.returncode == 1
    assert "is there already" in done.stderr
