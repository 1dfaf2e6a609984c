"""What is handed over of an audience: a shop of a few people, some with names that mean harm."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import openpyxl
import pytest

from orchestration.audiences import export, give_coupons
from orchestration.audiences.formats import formats_of
from orchestration.consent import Withdrawn
from orchestration.duck import literal
from orchestration.landing import land, read_feeds
from orchestration.project import Project

HOSTILE = {
    "p1": '=HYPERLINK("http://evil.example","x")',
    "p2": "+1+1",
    "p3": "  @SUM(A1)",
    "p4": "-2\n=3",
    "p5": "＝1+1",
    "p6": '王, "小明"',
}
EMAILS = {each: f"{each}.x+y@gmail.com" for each in HOSTILE}
TERMS = """
models:
  - config: {{meta: {{audience: {{channel: {channel}, formats: [{formats}]}}}}}}
"""
WAREHOUSE = """
create schema intermediate; create schema reference;
create table intermediate.int_permissions (
    customer_id text, purpose text, channel text, account_id text, valid_to date,
    is_permitted boolean
);
create table intermediate.int_account_features (account_id text, phone text, email text);
create table intermediate.int_golden_values (customer_id text, field text, value text);
create table intermediate.int_account_customers (account_id text, customer_id text);
create table reference.churn_playbook as
select * from read_csv('{seeds}/churn_playbook.csv', header = true)
"""
READERS = """
create schema marts;
create table marts.audiences (
    audience text, customer_id text, as_of_date date, purpose text, channel text, play text,
    arm text, refusal text
);
create table marts.play_candidates (
    customer_id text, play text, cause text, offer_en text, offer_zh text, restriction_en text,
    restriction_zh text, best_hour bigint, best_weekday bigint, product_id text
);
create table marts.products as select 'milk' as product_id, '鲜奶' as product_name;
create table marts.publication as select date '2026-07-01' as as_of_date, '000001-aa' as generation
"""


class Shop:
    """A published audience `news`, whose rules may be written anew, and the files of its export."""

    def __init__(self, folder: Path, seeds: Path):
        self.project = Project(folder / "project", folder / "data")
        self.readers = self.project.published / "current" / "regulars.duckdb"
        for path in (self.project.audience_rules, self.readers.parent):
            path.mkdir(parents=True)
        (self.project.root / "dbt_project.yml").write_text("vars: {retail_type: store}")
        self.said_no = Withdrawn.of(())
        self.terms("email", "crm")
        self.change(self.project.warehouse, WAREHOUSE.format(seeds=seeds))
        self.change(self.readers, READERS)
        self.add(HOSTILE)

    def terms(self, channel: str, formats: str) -> None:
        rules = self.project.audience_rules / "audience_news.yml"
        rules.write_text(TERMS.format(channel=channel, formats=formats))

    def change(self, database: Path, sql: str, *values: object) -> None:
        with duckdb.connect(database) as connection:
            connection.execute(sql, values or None)

    def add(self, names: Mapping[str, str], arm: str = "treatment") -> None:
        known, published = [], []
        for person, name in names.items():
            account = f"crm:{person}"
            known += [
                f"insert into intermediate.int_permissions values {permissions(person, account)}",
                "insert into intermediate.int_account_features values"
                f" ('{account}', '+861370000000{person[1]}', '{person}.x+y@gmail.com')",
                "insert into intermediate.int_golden_values values"
                f" ('{person}', 'full_name', {literal(name)})",
                f"insert into intermediate.int_account_customers values ('{account}', '{person}')",
            ]
            published += [
                "insert into marts.audiences values ('news', "
                f"'{person}', '2026-07-01', 'marketing', 'email', 'winback', '{arm}', null)",
                f"insert into marts.play_candidates values ('{person}', 'winback', 'price',"
                " '20 % off', '八折券', 'Weekdays', '限工作日', 20, 2, 'milk')",
            ]
        self.change(self.project.warehouse, ";".join(known))
        self.change(self.readers, ";".join(published))

    def on(self, day: str) -> None:
        self.change(
            self.readers,
            f"update marts.audiences set as_of_date = '{day}';"
            f"update marts.publication set as_of_date = '{day}'",
        )

    def export(self) -> dict[str, int]:
        [exported] = export(self.project, ["news"], False, lambda text: None)
        self.folder = exported.folder
        return exported.counts

    def rows(self, file: str) -> list[dict[str, str]]:
        with (self.folder / file).open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.DictReader(stream))

    def recorded(self, kind: str, pattern: str) -> list[dict[str, str]]:
        found = []
        for path in sorted((self.project.landing / "regulars" / kind).glob(pattern)):
            with path.open(newline="") as stream:
                found += csv.DictReader(stream)
        return found


def permissions(person: str, account: str) -> str:
    channels = ("email", "ads")
    return ", ".join(
        f"('{person}', 'marketing', '{channel}', '{account}', null, true)" for channel in channels
    )


@pytest.fixture
def shop(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """What has landed since the build is `orchestration.consent`'s to find."""
    shop = Shop(tmp_path, request.config.rootpath / "seeds")
    monkeypatch.setattr(
        "orchestration.audiences.members.withdrawn_since_build", lambda project: shop.said_no
    )
    return shop


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_texts_that_mean_harm_are_texts(shop: Shop) -> None:
    shop.export()
    told = {row["customer_id"]: row["full_name"] for row in shop.rows("crm.csv")}
    assert told == {
        "p1": '\'=HYPERLINK("http://evil.example","x")',
        "p2": "'+1+1",
        "p3": "'  @SUM(A1)",
        "p4": "'-2 =3",
        "p5": "'＝1+1",
        "p6": '王, "小明"',
    }
    assert (shop.folder / "crm.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    sheet = openpyxl.load_workbook(shop.folder / "crm.xlsx").active
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert len(cells) > 6 * len(HOSTILE) and {cell.data_type for cell in cells} == {"s"}


def test_a_channel_gets_the_contact_that_it_needs(shop: Shop) -> None:
    shop.export()
    assert {(row["phone"], row["email"]) for row in shop.rows("crm.csv")} == {
        ("", email) for email in EMAILS.values()
    }


def test_platforms_get_hashes_of_the_form_that_they_ask_for(shop: Shop) -> None:
    shop.terms("ads", "google, meta, tiktok")
    shop.change(shop.readers, "update marts.audiences set channel = 'ads'")
    shop.export()
    one = {"email": "p1.x+y@gmail.com", "phone": "+8613700000001"}
    expected = {
        "google": {"Email": sha256("p1x+y@gmail.com"), "Phone": sha256(one["phone"])},
        "meta": {"email": sha256(one["email"]), "phone": sha256("8613700000001")},
        "tiktok": {"Email_SHA256": sha256("p1.x@gmail.com"), "Phone_SHA256": sha256(one["phone"])},
    }
    for name, row in expected.items():
        rows = shop.rows(f"{name}.csv")
        assert row in rows and len(rows) == len(HOSTILE)
    assert not any("@" in path.read_text() for path in shop.folder.glob("*.csv"))


def test_who_agreed_to_a_message_is_not_shown_to_a_platform(shop: Shop) -> None:
    shop.terms("email", "crm, meta")
    with pytest.raises(ValueError, match="did not agree: write `channel: ads`"):
        shop.export()
    with pytest.raises(ValueError, match="the format fax: choose of crm, google, meta, tiktok"):
        terms = {"channel": "ads", "formats": ["fax"]}
        formats_of({"models": [{"config": {"meta": {"audience": terms}}}]}, "audience_news.yml")


def test_what_came_and_went_is_told_against_the_last_day(shop: Shop) -> None:
    shop.export()
    assert len(shop.rows("crm.adds.csv")) == len(HOSTILE) and not shop.rows("crm.removals.csv")
    first = {path.name: path.read_bytes() for path in shop.folder.iterdir()}
    shop.export()
    assert {path.name: path.read_bytes() for path in shop.folder.iterdir()} == first

    shop.add({"p7": "new"})
    shop.on("2026-07-02")
    shop.change(shop.readers, "delete from marts.audiences where customer_id = 'p1'")
    shop.change(
        shop.project.warehouse,
        "update intermediate.int_account_features set email = 'other@x.cn'"
        " where account_id = 'crm:p2'",
    )
    for _ in range(2):  # the same day again says the same
        shop.export()
        assert {row["customer_id"] for row in shop.rows("crm.adds.csv")} == {"p2", "p7"}
        assert {(row["customer_id"], row["email"]) for row in shop.rows("crm.removals.csv")} == {
            ("p1", EMAILS["p1"]),
            ("p2", EMAILS["p2"]),
        }
    manifest = json.loads((shop.folder / "manifest.json").read_text())
    assert manifest["compared_with"] == "2026-07-01" and manifest["generation"] == "000001-aa"
    assert manifest["files"]["crm.csv"]["rows"] == manifest["people"]["addressed"] == 6


def test_each_is_recorded_once_whichever_arm_they_are_in(shop: Shop) -> None:
    shop.add({"p8": "left alone"}, arm="control")
    assert shop.export()["hold_out"] == 1
    shop.export()
    shop.add({"p7": "new"})
    shop.on("2026-07-02")
    # p2 says yes by another account now, and is in the experiment already.
    shop.change(
        shop.project.warehouse,
        "insert into intermediate.int_account_customers values ('shop:9', 'p2');"
        "update intermediate.int_permissions set account_id = 'shop:9' where customer_id = 'p2';"
        "insert into intermediate.int_account_features values ('shop:9', null, 'p2@x.cn')",
    )
    shop.export()
    touches = shop.recorded("touches", "*-news.csv")
    assert len(touches) == len({touch["touch_no"] for touch in touches}) == 8
    assert {touch["account_id"] for touch in touches if touch["arm"] == "control"} == {"crm:p8"}
    days = {touch["account_id"]: touch["occurred_at"] for touch in touches}
    assert days["crm:p7"] == "2026-07-02 00:00:00" and days["crm:p3"] == "2026-07-01 00:00:00"
    assert "crm:p8" not in {row["account_id"] for row in shop.rows("crm.csv")}
    assert shop.recorded("campaigns", "*.csv") == [
        {
            "campaign_code": "news",
            "campaign_name": "news",
            "objective": "winback",
            "channel": "email",
            "assignment": "randomised",
            "starts_on": "2026-07-01",
            "control_share": "0.1",
        }
    ]


def test_who_has_said_no_since_the_build_or_cannot_be_reached_is_left_out(shop: Shop) -> None:
    noes = [
        ("p1", "marketing", "email"),
        ("p2", None, None),
        ("p4", "personalisation", "email"),
        ("p3", "marketing", "sms"),
    ]
    shop.said_no = Withdrawn.of(
        (person, f"crm:{person}", purpose, channel) for person, purpose, channel in noes
    )
    shop.change(
        shop.project.warehouse,
        "update intermediate.int_account_features set email = null where account_id = 'crm:p6'",
    )
    shop.change(
        shop.project.warehouse,
        "update intermediate.int_permissions set valid_to = '2026-06-30' where customer_id = 'p5'",
    )
    counts = shop.export()
    assert {row["customer_id"] for row in shop.rows("crm.csv")} == {"p3", "p4"}
    assert (counts["said_no_since_the_build"], counts["without_contact"]) == (2, 1)


def test_a_code_is_one_persons_and_stays_while_it_holds(shop: Shop) -> None:
    shop.add({"p8": "left alone"}, arm="control")
    assert give_coupons(shop.project, "news").count == len(HOSTILE)
    assert give_coupons(shop.project, "news").count == 0
    shop.export()
    codes = {row["account_id"]: row["coupon_code"] for row in shop.rows("crm.csv")}
    assert len(set(codes.values())) == len(HOSTILE)
    assert all(len(code) == 13 and code.isalnum() and code[0] == "R" for code in codes.values())
    [coupon, *_] = shop.recorded("coupons", "*.csv")
    # The offer of stores for who left for the price: a fifth off on weekday afternoons.
    assert {**coupon, "coupon_code": ""} == {
        "coupon_code": "",
        "campaign_code": "news",
        "discount_type": "percent",
        "discount_value": "20",
        "minimum_amount": "0",
        "weekdays": "1,2,3,4,5",
        "from_hour": "14",
        "to_hour": "17",
        "retail_type": "store",
        "valid_from": "2026-07-01",
        "valid_to": "2026-07-15",
    }
    issued = shop.recorded("touches", "*-coupons.csv")
    assert {touch["account_id"]: touch["coupon_code"] for touch in issued} == codes

    shop.on("2026-07-16")
    assert give_coupons(shop.project, "news").count == len(HOSTILE)


def test_what_is_recorded_lands(shop: Shop, request: pytest.FixtureRequest) -> None:
    give_coupons(shop.project, "news")
    shop.export()
    feeds = read_feeds(request.config.rootpath / "models" / "staging", ["regulars"])
    raw = shop.project.data / "raw"
    now = datetime(2026, 7, 1, 9, tzinfo=UTC)
    report = land(feeds, shop.project.landing, raw, now, lambda text: None)
    assert not report.messages and not report.unclaimed
    landed = {outcome.relation: 0 for outcome in report.landed}
    for outcome in report.landed:
        landed[outcome.relation] += outcome.rows
    assert landed == {"regulars__campaigns": 1, "regulars__coupons": 6, "regulars__touches": 12}


def test_nobody_is_recorded_where_nobody_is_named(shop: Shop) -> None:
    shop.change(shop.readers, "update marts.audiences set arm = null, refusal = 'minor'")
    assert shop.export() == {
        "addressed": 0,
        "hold_out": 0,
        "minor": 6,
        "said_no_since_the_build": 0,
        "without_contact": 0,
    }
    assert not shop.rows("crm.csv") and not shop.project.landing.exists()


def test_a_dry_run_writes_nothing(shop: Shop) -> None:
    [exported] = export(shop.project, (), True, lambda text: None)
    assert str(exported) == "news: 6 to address, 0 held out."
    assert not shop.project.exports.exists() and not shop.project.landing.exists()
    with pytest.raises(ValueError, match="No audience old is published: choose of news"):
        list(export(shop.project, ["old"], True, lambda text: None))
