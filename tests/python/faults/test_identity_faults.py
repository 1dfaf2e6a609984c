"""A number that thousands share, chains of accounts, and files whose rows come in another order."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import ROOT, Shop

from benchmarks.components import profiles_of_threads
from orchestration.digests import table_digest
from orchestration.duck import connect
from orchestration.warehouse import attach

HEADER = "member_no;joined;mobile;email;full_name;birthday;gender;city;address;tier;valid_until"
MARTS = ("customer_accounts", "identity_links", "identity_refused_links", "identity_review")
SHARING, CHAINS, LENGTH = 5_000, 20, 30
CAP = yaml.safe_load((ROOT / "dbt_project.yml").read_text())["vars"]["identity_max_accounts"]


def members() -> list[str]:
    """Accounts that share one phone, on no list of placeholders, and chains of accounts of which
    each shares a phone or an e-mail address with the next."""
    contacts = {f"S{n:04}": ("13911112222", f"s{n}") for n in range(SHARING)}
    for chain in range(CHAINS):
        for link in range(LENGTH):
            phone, name = 13700010000 + 100 * chain + link // 2, f"c{chain}.{(link + 1) // 2}"
            contacts[f"C{chain:02}{link:02}"] = (str(phone), name)
    return [
        f"{number};2025/01/01;{phone};{name}@example.com;;;;;;;"
        for number, (phone, name) in contacts.items()
    ]


def build(folder: Path, reorder: Callable[[list[str]], None], threads: int, parsed: Any) -> Shop:
    """A warehouse of these members and nothing else: their customers, links and refusals."""
    shop, rows = Shop(folder / "data"), members()
    reorder(rows)
    file = shop.data / "landing" / "crm" / "members" / "members.csv"
    file.parent.mkdir(parents=True)
    file.write_text("\n".join([HEADER, *rows]) + "\n")
    assert shop.command("regulars", "land").returncode == 0
    profiles = profiles_of_threads(folder, threads)
    shop.build(
        "duckdb",
        *("--threads", str(threads), "--profiles-dir", str(profiles)),
        *("--select", *(f"+{mart}" for mart in MARTS)),
        manifest=parsed,
    )
    return shop


def digests(shop: Shop) -> dict[str, str]:
    with connect() as connection:
        attach(connection, shop.warehouse)
        return {mart: table_digest(connection, f"warehouse.marts.{mart}") for mart in MARTS}


@pytest.fixture(scope="module")
def shop(parsed: Any, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return build(tmp_path_factory.mktemp("in_order"), lambda rows: None, 4, parsed)


def test_nobody_has_more_accounts_than_a_person(shop: Shop) -> None:
    [(accounts, largest)] = shop.query(
        "select sum(accounts), max(accounts) from (select count(*) as accounts"
        " from marts.customer_accounts group by customer_id)",
        shop.warehouse,
    )
    assert accounts == SHARING + CHAINS * LENGTH
    assert 1 < largest <= CAP


def test_the_shared_number_links_nobody_and_says_so(shop: Shop) -> None:
    assert shop.query(
        "select reason_code, identifier_types, account_count, count(*) from"
        " marts.identity_refused_links where account_id like 'crm:S%' group by all",
        shop.warehouse,
    ) == [("shared_by_too_many", "phone", SHARING, SHARING)]
    assert not shop.query(
        "from marts.identity_links where account_id like 'crm:S%'", shop.warehouse
    )


def test_each_chain_is_shown_for_review_with_the_links_that_were_cut(shop: Shop) -> None:
    assert shop.query(
        "select reason_codes, account_count, link_count, count(*) from marts.identity_review"
        " group by all",
        shop.warehouse,
    ) == [("cut_from_group, sparse, too_many_accounts", LENGTH, LENGTH - 1, CHAINS)]
    cut = "select count(*) from marts.identity_links where is_cut"
    refused = (
        "select count(*) from marts.identity_refused_links where reason_code = 'cut_from_group'"
    )
    assert shop.query(cut, shop.warehouse) == shop.query(refused, shop.warehouse)
    assert shop.query(cut, shop.warehouse) >= [(CHAINS * (LENGTH // CAP),)]


def test_the_order_of_rows_and_the_threads_change_nothing(
    shop: Shop, parsed: Any, tmp_path: Path
) -> None:
    assert digests(build(tmp_path, random.Random(1).shuffle, 1, parsed)) == digests(shop)
