"""What a refresh says of its files, published or held.

tests/python/e2e/corner/ describes them: a shop whose till writes a line for each product sold.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest
from conftest import ROOT, Shop

from orchestration.dbt import Session
from orchestration.project import Project

SWITCHED_ON = {"sources": {"corner": ["accounts", "orders", "order_lines"]}}
MEMBERS = [f"{number:04}" for number in range(1, 41)]
HEADER = "sale_no,line_no,sold_at,member_no,sku,amount,currency"


def lines(
    prefix: str, members: Iterable[str], sold_at: str = "05/02/2025 10:00", currency: str = "CNY"
) -> list[str]:
    """A sale of two lines for each member; the month comes first."""
    return [
        f"{prefix}{number},{line},{sold_at},{member},SKU{line},{10 * line}.00,{currency}"
        for number, member in enumerate(members)
        for line in (1, 2)
    ]


def deliver(shop: Shop, name: str, content: Iterable[str]) -> None:
    path = shop.data / "landing" / "corner" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(content) + "\n")


# A file of which every row is refused: nobody knows the rate of its currency.
JULY = ("sales/2025-07.csv", [HEADER, *lines("july-", map(str, range(100)), currency="GBP")])

# What `regulars run` says of a shop, with further variables.
Refresh = Callable[..., CompletedProcess[str]]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with one folder more."""
    root = tmp_path_factory.mktemp("remarks") / "project"
    for folder in ("models", "macros", "seeds", "tests/generic", "tests/singular"):
        shutil.copytree(ROOT / folder, root / folder)
    shutil.copy2(ROOT / "dbt_project.yml", root)
    shutil.copytree(Path(__file__).with_name("corner"), root / "models" / "staging" / "corner")
    return root


@pytest.fixture(scope="module")
def refresh(project: Path) -> Refresh:
    """Parsed once for all refreshes."""
    folder = project.with_name("parsed")
    manifest = Session(Project(project, folder), SWITCHED_ON, folder).parse()

    def run(shop: Shop, **variables: Any) -> CompletedProcess[str]:
        told = json.dumps(SWITCHED_ON | variables)
        return shop.regulars("--quiet", "run", "--vars", told, manifest=manifest)

    return run


@pytest.fixture(scope="module")
def shop(project: Path) -> Shop:
    """A month as it should be but for a few lines, and one whose members lost their zeros."""
    shop = Shop(project.with_name("data"), project)
    deliver(shop, "members/members.csv", ["member_no", *MEMBERS])
    may = lines("may-", MEMBERS)
    may += ["may-0,1,05/02/2025 10:00,0001,SKU1,15.50,CNY"]
    may += lines("late-", MEMBERS[:3], sold_at="13/05/2025 10:00")
    may += lines("spring-", MEMBERS[:1], sold_at="03/09/2025 02:30")
    deliver(shop, "sales/2025-05.csv", [HEADER, *may])
    june = lines("june-", (member.lstrip("0") for member in MEMBERS), "06/02/2025 10:00")
    deliver(shop, "sales/2025-06.csv", [HEADER, *june])
    return shop


@pytest.fixture(scope="module")
def published(shop: Shop, refresh: Refresh) -> CompletedProcess[str]:
    return refresh(shop)


def test_what_looks_wrong_is_told_and_published(published: CompletedProcess[str]) -> None:
    assert published.returncode == 0, published.stderr
    assert published.stderr.splitlines() == [
        "corner sales: 1 row of order_lines worth 10.00 of 2025-05.csv were replaced by later lines"
        " of the same file: their key repeats. Unless these are corrections, give each line a key"
        " of its own, with place_within where it has no number.",
        "corner sales: 0% of the customer numbers of 2025-06.csv are known; those of the files"
        " before it had 100%: are they written as accounts have them (leading zeros, `13085.0`),"
        " and is it their issuer that source_key names for account_id?",
        "corner: 1 order at a local time that clocks skipped that night, read as an hour later: is"
        " the feed's time zone right?",
        "corner sales: 6 values of sold_at that only %d/%m/%Y %H:%M reads, but %m/%d/%Y %H:%M is"
        " declared in models/staging/corner/_corner__sources.yml: if that is wrong, days up to the"
        " twelfth are read wrongly and are not refused.",
        "corner sales: 6 rows refused as orders: time_unreadable 6 (2025-05.csv, line 83)",
        "corner sales: 6 rows refused as order_lines: order_missing 6 (2025-05.csv, line 83)",
    ]


def test_when_nothing_is_built_nothing_is_told_again(
    shop: Shop, published: CompletedProcess[str], refresh: Refresh
) -> None:
    again = refresh(shop)
    assert (again.returncode, again.stderr) == (0, "")
    assert "Nothing has changed" in again.stdout


def test_a_file_that_is_wholly_refused_holds_what_readers_see(
    shop: Shop, published: CompletedProcess[str], refresh: Refresh
) -> None:
    before = shop.digest()
    deliver(shop, *JULY)
    done = refresh(shop)
    assert done.returncode == 1
    assert shop.digest() == before
    told = done.stderr.splitlines()
    assert told[:3] == [
        "Nothing was published; readers keep what they had:",
        "  - corner sales: 200 of 200 rows of 2025-07.csv were refused as orders:"
        " currency_without_rate 200 (2025-07.csv, line 2). For currency_without_rate: set"
        " `reporting_currency` in dbt_project.yml, or add rates of their days to"
        " seeds/exchange_rates.csv. Where they are refused rightly, name corner/sales/2025-07.csv"
        " in the variable refused_rightly, or raise refused_max_share.",
        "  - corner sales: 200 of 200 rows of 2025-07.csv were refused as order_lines:"
        " order_missing 200 (2025-07.csv, line 2). For order_missing: their order was refused, or"
        " is in no file: see the orders first. Where they are refused rightly, name"
        " corner/sales/2025-07.csv in the variable refused_rightly, or raise refused_max_share.",
    ]
    assert told[3].startswith("  - currency_without_rate: 200 orders in GBP; reporting_currency is")
    assert told[-2].startswith(
        "corner sales: 206 rows refused as orders: currency_without_rate 200"
    )
    assert len(set(told)) == len(told), "nothing is told twice"


@pytest.mark.long
def test_a_file_that_is_refused_rightly_holds_nothing(
    shop: Shop, published: CompletedProcess[str], refresh: Refresh
) -> None:
    """How the check reads the variable is in unit/remarks/test_mostly_refused.py."""
    deliver(shop, *JULY)
    looked_at = refresh(shop, refused_rightly=["corner/sales/2025-07.csv"])
    assert looked_at.returncode == 0, looked_at.stderr
    assert "corner sales: 206 rows refused as orders" in looked_at.stderr


def test_where_every_order_is_refused_it_is_said_why(
    project: Path, tmp_path: Path, refresh: Refresh
) -> None:
    shop = Shop(tmp_path / "data", project)
    deliver(shop, "members/members.csv", ["member_no", *MEMBERS])
    deliver(shop, "sales/2025-07.csv", [HEADER, *lines("july-", MEMBERS, currency="GBP")])
    done = refresh(shop)
    assert done.returncode == 1
    reasons = [line for line in done.stderr.splitlines() if line.startswith("  - ")]
    assert reasons[0] == (
        "  - No order was accepted: 80 of 80 rows were refused: currency_without_rate 80"
        " (2025-07.csv, line 2)."
    )
    assert reasons[1].startswith("  - currency_without_rate: 80 orders in GBP; reporting_currency")
    assert "right landing folder" not in done.stderr
    assert done.stderr.splitlines()[-1] == (
        "corner sales: 80 rows refused: currency_without_rate 80 (2025-07.csv, line 2)"
    )
