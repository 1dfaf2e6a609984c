"""A person who is in everything that a shop delivers is erased, and no file holds a trace of them.

The canaries are values like no others: names, phones, addresses, devices, cards, comments, columns
that nobody declared, lines that are no record, versions that were replaced. The tiny example is
there already; the canaries land beside it, and what tells them from others is built.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import shutil
import sqlite3
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow
import pytest
from conftest import Shop
from pyarrow import parquet

from orchestration.artifacts import Artifacts
from orchestration.publish.generations import publish
from orchestration.publish.marts import marts_of
from orchestration.publish.stage import PublicationFacts

SECRET = "a-secret-that-nobody-would-guess"
# What is built is enough to know whose everything is, and to publish some of it.
BUILT = ("customer_accounts", "orders", "int_interactions_validated", "int_touches_validated")
BUILT += ("int_consents_validated", "int_membership_tiers_validated", "sessions", "quarantine")
BUILT += ("customer_id_changes", "int_loyalty_ledger_validated")
PUBLISHED = {"customer_accounts", "orders", "sessions", "customer_id_changes"}

CANARIES = [
    *("MCANARY01", "UCANARY01", "crm:MCANARY01", "shop:UCANARY01"),
    *("139 0000 4711", "+86 139-0000-4711", "13900004711", "13900004712"),
    *("Canary.One@Example.com", "canary.one@example.com", "canary.two@example.com"),
    *("canary.gift@example.com", "old.canary@example.com"),
    *(
        "金丝雀甲一",
        "金丝雀路七号",
        "旧金丝雀巷九号",
        "金丝雀大道十一号",
        "金丝雀收件人",
        "canarynick",
    ),
    *("wx-canary-01", "ali-canary-01", "card-canary-01", "d-canary-01", "s-canary-01"),
    *("fax-canary-01", "canary-shoe-size", "consent-proof-canary", "金丝雀备注"),
    *("canarycomment", "金丝雀社媒", "canaryreason", "canaryrejected"),
    *("1977/07/17", "1977-07-17", "canary-touch-01"),
]


def jsonl(*rows: dict[str, Any]) -> bytes:
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows).encode()


def table(rows: str, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    return rows.replace("|", delimiter).encode(encoding)


def zipped(name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return stream.getvalue()


def events() -> bytes:
    names = ("event_id", "device_id", "user_id", "session_id", "event_type", "occurred_at", "sku")
    told = [
        ("EC1", "d-canary-01", "UCANARY01", "s-canary-01", "view", "2026-06-05 02:00:00", "T01"),
        ("EC2", "d-canary-01", None, "s-canary-01", "view", "2026-06-05 02:05:00", "T01"),
        ("EC3", "d-other", None, "s-other", "view", "2026-06-05 03:00:00", "T01"),
    ]
    columns = dict(zip(names, map(list, zip(*told, strict=True)), strict=True))
    columns["occurred_at"] = [datetime.fromisoformat(each) for each in columns["occurred_at"]]
    stream = io.BytesIO()
    parquet.write_table(pyarrow.table({**columns, "dwell_seconds": [1, 2, 3]}), stream)
    return stream.getvalue()


MEMBERS = (
    "member_no|joined|mobile|email|full_name|birthday|gender|city|address|tier|valid_until|fax\n"
    "MCANARY01|2025/05/05|139 0000 4711|{email}|金丝雀甲一|1977/07/17|F|上海|{address}|gold"
    "|2027/12/31|fax-canary-01\n"
    "M700|2025/05/06|13700007000|bystander@example.com|旁观者|1980/02/02|M|上海|旁边路一号|gold"
    "|2027/12/31|fax-700\n"
    "MCANARY01|canaryrejected\n"
)
OLD = {
    "crm/members/canary.csv": table(
        MEMBERS.format(email="old.canary@example.com", address="旧金丝雀巷九号"), ";"
    )
}
FILES = {
    "crm/members/canary.csv": table(
        MEMBERS.format(email="Canary.One@Example.com", address="金丝雀路七号"), ";"
    ),
    "crm/consents/canary.csv.gz": gzip.compress(
        table(
            "consent_no|member_no|purpose|channel|status|changed_at|proof\n"
            "KC1|MCANARY01|marketing|sms|granted|2025-09-01 10:00:00|consent-proof-canary\n"
            "KC2|M700|marketing|sms|granted|2025-09-01 10:00:00|proof-700\n",
            ";",
        )
    ),
    "crm/points/canary.csv.zip": zipped(
        "canary.csv",
        table(
            "entry_no|member_no|entry_type|points|receipt_no|booked_on\n"
            "LC1|MCANARY01|earn|60|RC1|2026/05/05\n",
            ";",
        ),
    ),
    "crm/tiers/canary.csv": table("member_no|tier|valid_from\nMCANARY01|gold|2026/01/01\n", ";"),
    "shop/users/canary.jsonl": jsonl(
        {
            "user_id": "UCANARY01",
            "created_at": "2025-11-01T09:00:00+08:00",
            "mobile": "+86 139-0000-4711",
            "email": "canary.two@example.com",
            "unionid": "wx-canary-01",
            "nick_name": "canarynick",
            "address": "金丝雀大道十一号",
            "shoe": "canary-shoe-size",
        },
    ),
    "shop/orders/canary.jsonl": jsonl(
        {
            "order_no": "WC1",
            "user_id": "UCANARY01",
            "channel": "web",
            "placed_at": "2026-05-06T12:00:00+08:00",
            "state": "PAID",
            "currency": "CNY",
            "contact_phone": "13900004712",
            "contact_email": "canary.gift@example.com",
            "recipient": "金丝雀收件人",
        },
    )
    + b'{"order_no": "WC2", "user_id": "UCANARY01", "contact_em\n',
    "shop/order_items/canary.jsonl": jsonl(
        {"order_no": "WC1", "item_no": 1, "sku": "T01", "quantity": 2, "price": 58.50},
    ),
    "shop/payments/canary.jsonl": jsonl(
        {
            "payment_no": "PC1",
            "order_no": "WC1",
            "method": "ALIPAY",
            "amount": 117.00,
            "card_token": "ali-canary-01",
        },
    ),
    "pos/receipts/canary.csv": table(
        "receipt_no|store_code|card_no|sold_at|voided_at\n"
        "RC1|S01|MCANARY01|2026-05-05 10:20:00|\n"
        "RC2|S01||2026-05-07 10:20:00|\n"
        "RC3|S01|MCANARY01|2026-02-30 10:20:00|\n"
        "RC4|S01|M700|2026-05-05 10:30:00|\n"
    ),
    "pos/receipts/south_canary.csv": table(
        "receipt_no|store_code|card_no|sold_at|voided_at|备注\n"
        "RC5|S02|MCANARY01|2026-05-08 10:20:00||金丝雀备注\n",
        encoding="gb18030",
    ),
    "pos/receipt_lines/canary.csv": table(
        "receipt_no|line_no|sku|quantity|amount|discount\n"
        "RC1|1|T01|1|60.00|0\nRC2|1|B03|2|20.00|2.00\nRC4|1|T01|1|60.00|0\nRC5|1|T01|1|60.00|0\n"
    ),
    "pos/tenders/canary.csv": table(
        "receipt_no|tender_no|method|amount|card_token\n"
        "RC1|1|银行卡|60.00|card-canary-01\nRC2|1|银行卡|18.00|card-canary-01\n"
    ),
    "app/events/canary.parquet": events(),
    "service/reviews/canary.jsonl": jsonl(
        {
            "review_id": "RVC",
            "user_id": "UCANARY01",
            "order_no": "WC1",
            "sku": "T01",
            "rating": 5,
            "comment": "canarycomment",
            "posted_at": "2026-05-20T10:00:00+08:00",
        },
    ),
    "service/comments/canary.jsonl": jsonl(
        {
            "comment_id": "NC",
            "user_id": "UCANARY01",
            "platform": "weibo",
            "topic": "price",
            "comment": "金丝雀社媒",
            "posted_at": "2026-06-15T10:00:00+08:00",
        },
    ),
    "service/surveys/canary.csv": table(
        "survey_no|member_no|user_id|kind|score|reason|answered_at\n"
        "QC|MCANARY01||nps|9|canaryreason|2026-05-10 10:00:00\n"
    ),
    "service/tickets/canary.csv": table(
        "ticket_no|member_no|user_id|receipt_no|web_order_no|topic|channel|opened_at|closed_at\n"
        "TC|MCANARY01||||erasure_request|phone|2026-06-12 09:00:00|\n"
    ),
    "marketing/touches/canary.csv": table(
        "touch_no|campaign_code|member_no|user_id|touch_type|arm|channel|coupon_code|receipt_no"
        "|web_order_no|occurred_at\n"
        "canary-touch-01|CA1|MCANARY01||sent|treatment|sms|CP1|||2026-03-01 09:00:00\n"
    ),
}


@dataclass
class Erased:
    """A shop before and after: what each command said, and in which files canaries were found."""

    shop: Shop
    folders: tuple[Path, ...]
    before: dict[str, set[str]]
    money_before: list[tuple]
    asked: str
    planned: str
    told: str

    def regulars(self, *words: str) -> str:
        done = regulars(self.shop, self.folders, *words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr


def regulars(
    shop: Shop, folders: tuple[Path, ...], *words: str
) -> subprocess.CompletedProcess[str]:
    _, dagster, temporary = folders
    places = {"DAGSTER_HOME": str(dagster), "TMPDIR": str(temporary)}
    return shop.command("regulars", "--quiet", *words, REGULARS_HASH_KEY=SECRET, **places)


def deliver(shop: Shop, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        path = shop.data / "landing" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def money(shop: Shop) -> list[tuple]:
    return shop.query("select count(*), sum(net_amount) from marts.orders")


def leave_traces(shop: Shop, dagster: Path, temporary: Path) -> None:
    """What logs, exports, Dagster and commands that were killed may have of a person."""
    with (shop.data / "logs" / "dbt.log").open("a") as log:
        log.write("Conversion Error: could not convert string 'canary.one@example.com'\n")
    exports = shop.data / "exports"
    exports.mkdir()
    (exports / "mailing.csv").write_text("email\nbystander@example.com\ncanary.one@example.com\n")
    book = openpyxl.Workbook()
    book.active.append(["金丝雀甲一", "13900004711"])
    book.save(exports / "calls.xlsx")
    with sqlite3.connect(dagster / "runs.db") as runs:
        runs.execute("create table event_logs (event text)")
        told = ["failed: canary.one@example.com", json.dumps({"name": "金丝雀甲一"}), "done"]
        runs.executemany("insert into event_logs values (?)", [(each,) for each in told])
    sample = temporary / "regulars-9999999-sample"  # of a process that is no more
    sample.mkdir()
    (sample / "members.csv").write_text("canary.two@example.com")


@pytest.fixture(scope="module")
def erased(tiny: Shop, parsed: Any, tmp_path_factory: pytest.TempPathFactory) -> Erased:
    folder = tmp_path_factory.mktemp("erasure")
    shop = Shop(folder / "data")
    shutil.copytree(tiny.data, shop.data, symlinks=True)
    folders = (shop.data, folder / "dagster", folder / "tmp")
    for each in folders[1:]:
        each.mkdir()
    deliver(shop, OLD)
    # What landed without the key lands anew under it, and is built.
    done = [regulars(shop, folders, "land")]
    deliver(shop, FILES)
    done.append(regulars(shop, folders, "land"))
    shop.build("duckdb", "--select", *(f"+{model}" for model in BUILT), manifest=parsed)
    marts = marts_of(Artifacts.read(shop.data / "target").manifest)
    facts = PublicationFacts(date(2026, 6, 26), None, "c0ffee", "1.11", "duckdb")
    chosen = [mart for mart in marts if mart.name in PUBLISHED]
    publish(chosen, shop.warehouse, shop.data / "published", facts, datetime.now(UTC))
    leave_traces(shop, *folders[1:])
    before, money_before = canaries_in(folders), money(shop)
    whom = ("erase", "--email", "CANARY.one@example.com")
    for words in (("erase", "--requests"), whom, (*whom, "--yes")):
        done.append(regulars(shop, folders, *words))
    assert not [each.stderr for each in done if each.returncode]
    return Erased(shop, folders, before, money_before, *(each.stdout for each in done[2:]))


def canaries_in(folders: tuple[Path, ...]) -> dict[str, set[str]]:
    """In which files each canary is, by bytes and by what they are packed from."""
    found: dict[str, set[str]] = {}
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                content = b"\n".join(contents(path))
                encodings = ("utf-8", "gb18030") if "landing" in path.parts else ("utf-8",)
                for canary in CANARIES:
                    forms = [canary.encode(encoding) for encoding in encodings]
                    if any(form in content for form in (*forms, json.dumps(canary)[1:-1].encode())):
                        found.setdefault(canary, set()).add(str(path.relative_to(folder)))
    return found


def contents(path: Path) -> Iterator[bytes]:
    content = path.read_bytes()
    yield content
    if content.startswith(b"\x1f\x8b"):
        yield gzip.decompress(content)
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from (archive.read(name) for name in archive.namelist())
    if content.startswith(b"PAR1"):
        yield from values(duckdb.connect(), [f"read_parquet('{path}')"])
    if content[8:12] == b"DUCK":
        with duckdb.connect(path, read_only=True) as connection:
            tables = connection.execute(
                'select format(\'"{}"."{}"\', schema_name, table_name) from duckdb_tables()'
            ).fetchall()
            yield from values(connection, [name for (name,) in tables])


def values(connection: duckdb.DuckDBPyConnection, relations: list[str]) -> Iterator[bytes]:
    """The rows that hold a canary, whole; of a warehouse of thousands of rows the others are not
    worth Python's time."""
    pattern = "|".join(map(re.escape, CANARIES))
    for relation in relations:
        for (row,) in connection.execute(
            f"select told from (select whole::varchar as told from {relation} whole)"
            " where regexp_matches(told, $1)",
            [pattern],
        ).fetchall():
            yield row.encode()


def test_the_canaries_were_everywhere(erased: Erased) -> None:
    assert len(CANARIES) >= 30
    assert not {canary for canary in CANARIES if canary not in erased.before}
    places = {file.split("/")[0] for files in erased.before.values() for file in files}
    assert places >= {
        "landing",
        "raw",
        "warehouse.duckdb",
        "published",
        "logs",
        "exports",
        "runs.db",
        "regulars-9999999-sample",
    }


def test_a_dry_run_says_what_it_would_touch_and_shows_no_contact(erased: Erased) -> None:
    for account in ("crm:MCANARY01", "shop:UCANARY01"):
        assert account in erased.planned
    assert "crm__members: 2 rows go, 2 lines that are no record go" in erased.planned
    assert "pos__tenders: 2 sales stay, without card_token" in erased.planned
    assert "Nobody was erased; what was new has landed" in erased.planned
    assert "example.com" not in erased.planned
    assert "3900004711" not in erased.planned


def test_who_asked_for_it_in_a_ticket_is_listed(erased: Erased) -> None:
    assert "service:ticket:TC of 2026-06-12, not answered" in erased.asked
    assert "crm:MCANARY01" in erased.asked


def test_no_file_holds_a_byte_of_the_person(erased: Erased) -> None:
    assert "none is left" in erased.told
    assert not canaries_in(erased.folders)


def test_nobody_else_has_lost_anything(erased: Erased) -> None:
    raw = erased.shop.data / "raw"
    query = "select count(*) from read_parquet('{}/{}/*.parquet') where {}"
    for relation, theirs, rows in [
        ("crm__members", "member_no = 'M700'", 2),  # of two versions
        ("crm__consents", "member_no = 'M700'", 1),
        ("pos__receipts", "card_no = 'M700'", 1),
        ("app__events", "device_id = 'd-other'", 1),
        ("crm__members", "member_no = 'M001'", 1),
    ]:
        [(count,)] = duckdb.sql(query.format(raw, relation, theirs)).fetchall()
        assert count == rows, relation
    lines = (erased.shop.data / "landing/crm/members/canary.csv").read_text().splitlines()
    assert [line.split(";")[0] for line in lines] == ["member_no", "", "M700", ""]
    mailing = erased.shop.data / "exports" / "mailing.csv"
    assert list(csv.reader(mailing.open())) == [["email"], ["bystander@example.com"]]


def test_the_sales_stay_to_the_cent_and_are_nobodys(erased: Erased) -> None:
    assert money(erased.shop) == erased.money_before
    assert erased.shop.query(
        "select customer_id, account_id, is_guest, net_amount from marts.orders"
        " where order_id in ('pos:RC1', 'pos:RC2', 'pos:RC5', 'shop:WC1') order by order_id"
    ) == [(None, None, True, amount) for amount in (60, 18, 60, 117)]


def test_the_proof_says_what_was_done_and_nothing_of_the_person(erased: Erased) -> None:
    [path] = (erased.shop.data / "erasure" / "proofs").iterdir()
    proof = json.loads(path.read_text())
    assert proof["rows"]["crm__members"] == {
        "rows_removed": 2,
        "sales_kept": 0,
        "lines_removed": 2,
    }
    assert (proof["persons"], proof["accounts"], proof["files_that_hold_them"]) == (1, 2, [])
    assert path.stat().st_mode & 0o777 == 0o600


def test_nothing_lands_again_and_every_file_may_be_delivered_again(erased: Erased) -> None:
    assert "Landed 0 new files with 0 rows" in erased.regulars("land")
    deliver(erased.shop, FILES)
    said = erased.regulars("land")
    assert (
        "crm/members/canary.csv: 2 rows of erased persons, who were taken out of it again" in said
    )
    assert "Landed 0 new files with 0 rows" in said
    assert not canaries_in(erased.folders)
    deliver(erased.shop, OLD)
    erased.regulars("land")
    assert not canaries_in(erased.folders)


def test_without_the_key_nothing_lands_any_more(erased: Erased) -> None:
    refused = erased.shop.command("regulars", "land", REGULARS_HASH_KEY="x" * 40)
    assert refused.returncode == 1
    assert "set REGULARS_HASH_KEY to it" in refused.stderr


def test_a_new_registration_is_a_new_person(erased: Erased) -> None:
    rows = MEMBERS.format(email="Canary.One@Example.com", address="金丝雀路七号").splitlines()[:2]
    again = "\n".join(rows).replace("MCANARY01|2025/05/05", "MAGAIN01|2026/11/30")
    deliver(erased.shop, {"crm/members/new.csv": table(f"{again}\n", ";")})
    erased.regulars("land")
    raw = erased.shop.data / "raw" / "crm__members"
    [(email,)] = duckdb.sql(
        f"select email from read_parquet('{raw}/*.parquet') where member_no = 'MAGAIN01'"
    ).fetchall()
    assert email == "Canary.One@Example.com"
