"""What is handed over of an audience: a shop of a few people, some with names that mean harm."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import openpyxl
import pytest
from click.testing import CliRunner
from conftest import Compile
from office import opened

from orchestration.audiences import export, give_coupons
from orchestration.audiences.members import LEFT_OUT
from orchestration.cli import main
from orchestration.consent import Withdrawn
from orchestration.duck import literal
from orchestration.erasure.handed_over import keep_removals, mend_exports, removals
from orchestration.erasure.leftovers import erase_leftovers
from orchestration.erasure.needles import Needles
from orchestration.erasure.tables import Traces
from orchestration.failures import RefreshFailed
from orchestration.landing import land, read_feeds
from orchestration.project import Project
from orchestration.request import Request

HOSTILE = {
    "p1": '=HYPERLINK("http://evil.example","x")',
    "p2": "+1+1",
    "p3": "  @SUM(A1)",
    "p4": "-2\n=3",
    "p5": "\x0b＝1+1",
    "p6": '王, "小明"',
}
# As they were typed; mailboxes are compared as p1@gmail.com.
EMAILS = {each: f"{each}.x+y@gmail.com" for each in HOSTILE}
TERMS = """
models:
  - config: {{meta: {{audience: {{channel: {channel}, formats: [{formats}]}}}}}}
"""
WAREHOUSE = """
create schema intermediate; create schema reference; create schema entities;
create table intermediate.int_permissions (
    customer_id text, purpose text, channel text, account_id text, valid_to date,
    is_permitted boolean
);
create table intermediate.int_linking_identifiers (
    account_id text, identifier_type text, identifier_value text, is_in_record boolean
);
create table intermediate.int_account_contacts (
    account_id text, phone text, address text, email text
);
create table intermediate.int_contact_limits (
    customer_id text, purpose text, channel text, refusal text
);
create table intermediate.int_personalised_customers (customer_id text);
create table entities.int_touches_validated (touch_type text, coupon_id text, row_status text);
create table intermediate.int_golden_values (customer_id text, field text, value text);
create table intermediate.int_account_customers (account_id text, customer_id text);
create table intermediate.int_order_customers (order_id text, customer_id text);
create table entities.int_interactions_validated (
    interaction_id text, interaction_type text, topic text, account_id text, order_id text,
    occurred_on date, resolved_on date, row_status text
);
create table reference.churn_playbook as
select * from read_csv('{seeds}/churn_playbook.csv', header = true)
"""
READERS = """
create schema marts;
create table marts.audiences (
    audience text, customer_id text, as_of_date date, purpose text, channel text, play text,
    is_personal boolean, arm text, refusal text
);
create table marts.play_candidates (
    customer_id text, play text, cause text, offer_en text, offer_zh text, restriction_en text,
    restriction_zh text, best_hour bigint, best_weekday bigint, product_id text
);
create table marts.products as select 'milk' as product_id, '鲜奶' as product_name;
create table marts.publication as select date '2026-07-01' as as_of_date, '000001-aa' as generation
"""
# The files of an export as the warehouse has them once they have landed, a month later.
EXPERIMENT = """
create schema intermediate; create schema entities;
create table intermediate.int_as_of_dates as
select date '2026-08-01' as as_of_date, true as is_latest;
create table entities.int_touches_validated as
select
    'regulars:' || touch_no as touch_id, 'regulars:' || campaign_code as campaign_id, account_id,
    touch_type, arm, occurred_at::timestamp as occurred_at, occurred_at::date as occurred_on,
    'accepted' as row_status
from read_csv('{recorded}/touches/*.csv', all_varchar = true);
create table entities.int_campaigns_validated as
select
    'regulars:' || campaign_code as campaign_id, starts_on::date as starts_on,
    null::date as ends_on, control_share::decimal(18, 4) as control_share, 'accepted' as row_status
from read_csv('{recorded}/campaigns/*.csv', all_varchar = true);
create table intermediate.int_account_customers as
select distinct account_id, split_part(account_id, ':', 2) as customer_id
from entities.int_touches_validated;
create table intermediate.int_transactions (
    customer_id text, transacted_on date, is_purchase boolean, effective_from date,
    effective_to date
);
create table intermediate.int_rfm_scores (customer_id text, as_of_date date, m_score bigint)
"""


class Shop:
    """A published audience `news`, whose rules may be written anew, and the files of its export."""

    def __init__(self, folder: Path, seeds: Path):
        self.project = Project(folder / "project", folder / "data")
        self.request = Request(self.project)
        self.today = date(2026, 7, 1)
        self.readers = self.project.published / "current" / "regulars.duckdb"
        for path in (self.project.audience_rules, self.readers.parent):
            path.mkdir(parents=True)
        (self.project.root / "dbt_project.yml").write_text(
            "vars: {retail_type: store, contact_time_zone: UTC, erasure_topics: [erasure_request]}"
        )
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
                "insert into intermediate.int_linking_identifiers values"
                f" ('{account}', 'phone', '+861370000000{person[1]}', true),"
                f" ('{account}', 'email', '{person}@gmail.com', true)",
                "insert into intermediate.int_account_contacts values"
                f" ('{account}', null, '{person}.x+y@gmail.com', '{person}@gmail.com')",
                f"insert into intermediate.int_personalised_customers values ('{person}')",
                "insert into intermediate.int_golden_values values"
                f" ('{person}', 'full_name', {literal(name)})",
                f"insert into intermediate.int_account_customers values ('{account}', '{person}')",
            ]
            published += [
                "insert into marts.audiences values ('news', "
                f"'{person}', '2026-07-01', 'marketing', 'email', 'winback', true, '{arm}', null)",
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
        [exported] = export(self.request, ["news"], False, lambda text: None)
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
    """What has landed since the build is `orchestration.consent`'s to find; the build is whole."""
    shop = Shop(tmp_path, request.config.rootpath / "seeds")
    monkeypatch.setattr(
        "orchestration.audiences.members.withdrawn_since_build", lambda project: shop.said_no
    )
    monkeypatch.setattr("orchestration.audiences.members.today", lambda project: shop.today)
    monkeypatch.setattr("orchestration.held.refuse_held_files", lambda request: None)
    monkeypatch.setattr("orchestration.build.audited", lambda request: None)
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
        "p5": "' ＝1+1",
        "p6": '王, "小明"',
    }
    assert (shop.folder / "crm.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    sheet = openpyxl.load_workbook(shop.folder / "crm.xlsx").active
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert len(cells) > 6 * len(HOSTILE) and {cell.data_type for cell in cells} == {"s"}


def test_texts_that_mean_harm_are_texts_in_libreoffice(shop: Shop, tmp_path: Path) -> None:
    """Both files, as they are opened by whoever gets them: no formula, no link, no error."""
    shop.export()
    folder = tmp_path / "office"
    folder.mkdir()
    table = folder / "from_csv.csv"
    table.write_bytes((shop.folder / "crm.csv").read_bytes())
    for seen in opened(folder, table, shop.folder / "crm.xlsx"):
        cells = [cell for row in openpyxl.load_workbook(seen).active.iter_rows() for cell in row]
        assert not [cell for cell in cells if cell.data_type in ("f", "e") or cell.hyperlink]
        names = {str(cell.value).removeprefix("'") for cell in cells}
        assert {'=HYPERLINK("http://evil.example","x")', "+1+1", "-2 =3"} <= names


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
        shop.terms("ads", "fax")
        shop.export()


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
        "update intermediate.int_account_contacts set address = 'other@x.cn'"
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


def test_who_went_since_an_export_of_the_same_day_is_told_to_be_removed(shop: Shop) -> None:
    """The day is that of the analysis: a no that has landed since the build is obeyed by another
    export of the day, and whoever was handed the first has the person still."""
    shop.terms("ads", "google, meta")
    shop.change(shop.readers, "update marts.audiences set channel = 'ads'")
    shop.export()
    shop.terms("ads", "google")
    shop.change(shop.readers, "delete from marts.audiences where customer_id = 'p1'")
    for _ in range(2):  # whichever export of the day is handed over
        shop.export()
        assert [row["Phone"] for row in shop.rows("google.removals.csv")] == [
            sha256("+8613700000001")
        ]
        assert len(shop.rows("google.adds.csv")) == len(HOSTILE) - 1
        assert len(shop.rows("meta.removals.csv")) == len(HOSTILE)
    shop.on("2026-07-02")
    shop.export()
    assert not shop.rows("google.removals.csv") and not (shop.folder / "meta.csv").exists()


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
        "insert into intermediate.int_linking_identifiers"
        " values ('shop:9', 'email', 'p2@x.cn', true);"
        "insert into intermediate.int_account_contacts"
        " values ('shop:9', null, 'p2@x.cn', 'p2@x.cn')",
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


def test_an_export_that_has_landed_is_a_valid_experiment(shop: Shop, compiled: Compile) -> None:
    """Members and arms of the experiment, and the check of its draw, by the SQL of the models."""
    shop.add({f"t{number}": "treated" for number in range(48)})
    shop.add({f"c{number}": "left alone" for number in range(6)}, arm="control")
    counts = shop.export()
    queries = compiled(("int_experiment_members", "int_experiment_draws"))
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as warehouse; use warehouse")
        connection.execute(EXPERIMENT.format(recorded=shop.project.landing / "regulars"))
        members = queries["int_experiment_members"]
        connection.execute(f"create table intermediate.int_experiment_members as {members}")
        found = connection.execute(
            "select experiment_id, arm, count(*), min(watched_from)"
            " from intermediate.int_experiment_members group by all order by arm"
        ).fetchall()
        [(has_control, chance)] = connection.execute(
            f"select has_control, sample_ratio_p from ({queries['int_experiment_draws']})"
        ).fetchall()
    assert found == [
        ("regulars:news", "control", counts["hold_out"], date(2026, 7, 1)),
        ("regulars:news", "treatment", counts["addressed"], date(2026, 7, 1)),
    ]
    # A tenth was to be left alone, not half: of 60 people 6 are.
    assert has_control and chance == pytest.approx(1)


def test_who_has_said_no_since_the_build_or_cannot_be_reached_is_left_out(shop: Shop) -> None:
    noes = [
        ("p1", "marketing", "email"),
        ("p2", None, None),
        ("p4", "personalisation", "sms"),
        ("p3", "marketing", "sms"),
    ]
    shop.said_no = Withdrawn.of(noes)
    shop.change(
        shop.project.warehouse,
        "delete from intermediate.int_account_contacts where account_id = 'crm:p6';"
        "update intermediate.int_permissions set valid_to = '2026-06-30' where customer_id = 'p5'",
    )
    counts = shop.export()
    assert {row["customer_id"] for row in shop.rows("crm.csv")} == {"p3"}
    assert {reason: count for reason, count in counts.items() if count} == {
        "addressed": 1,
        "said_no_since_the_build": 2,
        "no_personalisation_any_more": 1,
        "permitted_until_before_today": 1,
        "without_contact": 1,
    }


def test_whoever_a_later_build_forbids_is_left_out_of_what_was_published_before(shop: Shop) -> None:
    """Every one of those whom the audience names is counted."""
    shop.change(
        shop.project.warehouse,
        "update intermediate.int_permissions set is_permitted = false where customer_id = 'p1';"
        "insert into intermediate.int_contact_limits values"
        " ('p2', 'marketing', 'email', 'suppressed'), ('p3', 'marketing', 'email', 'minor'),"
        " ('p4', 'marketing', 'email', 'too_many_contacts');"
        "delete from intermediate.int_personalised_customers where customer_id = 'p5'",
    )
    counts = shop.export()
    assert {row["customer_id"] for row in shop.rows("crm.csv")} == {"p4", "p6"}
    assert sum(counts.values()) == len(HOSTILE)
    assert counts["not_permitted_any_more"] == counts["no_personalisation_any_more"] == 1
    assert counts["suppressed_since"] == counts["minor_as_is_known_now"] == 1


def test_a_consent_runs_out_while_a_publication_stands_still(shop: Shop) -> None:
    shop.change(
        shop.project.warehouse,
        "update intermediate.int_permissions set valid_to = '2026-07-05' where customer_id = 'p5'",
    )
    shop.today = date(2026, 7, 5)
    assert shop.export()["addressed"] == len(HOSTILE)
    shop.today = date(2026, 7, 6)
    assert shop.export()["permitted_until_before_today"] == 1


def test_who_said_no_to_what_is_chosen_for_them_is_shown_none_of_it(shop: Shop) -> None:
    """The greeting is for all, the product and what it offers by cause are not."""
    shop.change(shop.readers, "update marts.audiences set is_personal = false")
    shop.said_no = Withdrawn.of([("p1", "personalisation", "push")])
    shop.change(
        shop.project.warehouse,
        "delete from intermediate.int_personalised_customers where customer_id = 'p2'",
    )
    shop.export()
    shown = {
        row["customer_id"]: (row["product_id"], row["product_name"], row["offer_en"])
        for row in shop.rows("crm.csv")
    }
    assert shown["p1"] == shown["p2"] == ("", "", "")
    assert shown["p3"] == ("milk", "鲜奶", "20 % off") and len(shown) == len(HOSTILE)
    assert give_coupons(shop.request, "news").count == len(HOSTILE) - 2


def test_who_waits_to_be_erased_is_left_alone(shop: Shop) -> None:
    """p1 waits; p2 was answered; p3 is named by an order alone, which others know too."""
    shop.change(
        shop.project.warehouse,
        "insert into intermediate.int_order_customers values ('shop:3', 'p3');"
        "insert into entities.int_interactions_validated values"
        " ('t1', 'ticket', 'erasure_request', 'crm:p1', null, '2026-06-30', null, 'accepted'),"
        " ('t2', 'ticket', 'erasure_request', 'crm:p2', null, '2026-06-01', '2026-06-02',"
        " 'accepted'),"
        " ('t3', 'ticket', 'erasure_request', null, 'shop:3', '2026-06-30', null, 'accepted'),"
        " ('t4', 'ticket', 'delivery', 'crm:p4', null, '2026-06-30', null, 'accepted')",
    )
    assert shop.export()["said_no_since_the_build"] == 1
    assert {row["customer_id"] for row in shop.rows("crm.csv")} == set(HOSTILE) - {"p1"}


def test_nobody_is_reached_by_a_contact_that_is_not_their_own(shop: Shop) -> None:
    """An address that orders tell is of whoever gets the parcel; a mailbox of many has no row."""
    shop.change(
        shop.project.warehouse,
        "update intermediate.int_linking_identifiers set is_in_record = false"
        " where account_id = 'crm:p1';"
        "delete from intermediate.int_linking_identifiers where account_id = 'crm:p2'",
    )
    assert shop.export()["without_contact"] == 2
    assert {row["email"] for row in shop.rows("crm.csv")} == set(EMAILS.values()) - {
        EMAILS["p1"],
        EMAILS["p2"],
    }


@pytest.mark.parametrize(
    "unknown", ["orchestration.held.refuse_held_files", "orchestration.build.audited"]
)
def test_nothing_is_handed_over_while_a_no_may_be_missing(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, unknown: str
) -> None:
    """A file of withdrawals that can't be read, an erasure or a build that has not ended."""

    def refuse(request: Request) -> None:
        raise RefreshFailed(["consents.csv is held"])

    monkeypatch.setattr(unknown, refuse)
    with pytest.raises(ValueError, match="a no may be missing:\n  - consents.csv is held"):
        shop.export()
    with pytest.raises(ValueError, match="a no may be missing"):
        give_coupons(shop.request, "news")
    assert not shop.project.exports.exists() and not shop.project.landing.exists()


def test_a_platform_is_told_of_everybody_who_is_to_go(shop: Shop) -> None:
    """Of a rule that names nobody any more, of a format that is not asked for any more, and of
    files that had other columns."""
    shop.terms("ads", "google, meta")
    shop.change(shop.readers, "update marts.audiences set channel = 'ads'")
    shop.export()
    shop.terms("ads", "google")
    shop.on("2026-07-02")
    shop.export()
    assert len(shop.rows("meta.removals.csv")) == len(HOSTILE) and not shop.rows("meta.csv")
    assert not shop.rows("google.removals.csv")

    shop.on("2026-07-03")
    last = shop.folder / "google.csv"
    rows = last.read_text().splitlines()
    last.write_text("\n".join(["Country,Email", *(f"CN,{row.split(',')[0]}" for row in rows[1:])]))
    shop.change(shop.readers, "delete from marts.audiences")
    (shop.project.audience_rules / "audience_news.yml").unlink()
    shop.export()
    assert sorted(path.name for path in shop.folder.glob("*.csv")) == [
        *("google.adds.csv", "google.csv", "google.removals.csv"),
    ]
    assert {row["Email"] for row in shop.rows("google.removals.csv")} == {
        row.split(",")[0] for row in rows[1:]
    }


def test_a_code_is_one_persons_and_stays_while_it_holds(shop: Shop) -> None:
    shop.add({"p8": "left alone"}, arm="control")
    assert give_coupons(shop.request, "news").count == len(HOSTILE)
    assert give_coupons(shop.request, "news").count == 0
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
        "valid_to": "2026-07-14",
    }
    issued = shop.recorded("touches", "*-coupons.csv")
    assert {touch["account_id"]: touch["coupon_code"] for touch in issued} == codes

    # Another account of p1 permits it now, and p2 has redeemed theirs: neither gets a second one.
    shop.change(
        shop.project.warehouse,
        "insert into intermediate.int_account_customers values ('shop:9', 'p1');"
        "update intermediate.int_permissions set account_id = 'shop:9' where customer_id = 'p1';"
        "insert into intermediate.int_linking_identifiers"
        " values ('shop:9', 'email', 'p1@x.cn', true);"
        "insert into intermediate.int_account_contacts"
        " values ('shop:9', null, 'p1@x.cn', 'p1@x.cn');"
        "insert into entities.int_touches_validated"
        f" values ('coupon_redeemed', 'pos:{codes['crm:p2']}', 'accepted')",
    )
    assert give_coupons(shop.request, "news").count == 0
    shop.export()
    now = {row["customer_id"]: row["coupon_code"] for row in shop.rows("crm.csv")}
    assert now["p1"] == codes["crm:p1"] and now["p2"] == ""

    shop.on("2026-07-15")
    assert give_coupons(shop.request, "news").count == len(HOSTILE)


def test_what_is_recorded_lands(shop: Shop, request: pytest.FixtureRequest) -> None:
    give_coupons(shop.request, "news")
    assert len(shop.recorded("campaigns", "news.csv")) == 1, (
        "what its touches name is there already"
    )
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
        **dict.fromkeys(LEFT_OUT, 0),
    }
    assert not shop.rows("crm.csv") and not shop.project.landing.exists()


def test_a_dry_run_writes_nothing(shop: Shop) -> None:
    [exported] = export(shop.request, (), True, lambda text: None)
    assert str(exported) == "news: 6 to address, 0 held out."
    assert not shop.project.exports.exists() and not shop.project.landing.exists()
    with pytest.raises(ValueError, match="No audience old is published: choose of news"):
        list(export(shop.request, ["old"], True, lambda text: None))


@pytest.mark.parametrize("command", ["audiences", "coupons"])
def test_an_audience_that_is_not_there_is_refused_before_anything_lands(
    shop: Shop, command: str
) -> None:
    done = CliRunner().invoke(main, [command, "old"], env={"REGULARS_DATA": str(shop.project.data)})
    assert (done.exit_code, done.output) == (
        1,
        "No audience old is published: choose of news.\n",
    )
    assert not shop.project.ledger.exists()


def erase(shop: Shop, email: str, work: Path) -> None:
    needles = Needles.of([email])
    keep_removals(shop.project, needles)
    nothing = Traces(frozenset(), frozenset(), frozenset())
    erase_leftovers(shop.project, nothing, needles, work)
    mend_exports(shop.project)


def test_whoever_has_a_list_is_told_of_an_erased_person_who_is_in_it_no_more(
    shop: Shop, tmp_path: Path
) -> None:
    (tmp_path / "work").mkdir()
    shop.export()
    for _ in range(2):  # as after a kill
        erase(shop, EMAILS["p1"], tmp_path / "work")
    assert {row["customer_id"] for row in shop.rows("crm.csv")} == set(HOSTILE) - {"p1"}
    manifest = json.loads((shop.folder / "manifest.json").read_text())
    assert manifest["files"]["crm.csv"]["rows"] == manifest["files"]["crm.xlsx"]["rows"] == 5
    for name, told in manifest["files"].items():
        assert told["sha256"] == hashlib.sha256((shop.folder / name).read_bytes()).hexdigest()
    sheet = openpyxl.load_workbook(shop.folder / "crm.xlsx").active
    assert EMAILS["p1"] not in {cell.value for row in sheet.iter_rows() for cell in row}

    [removals_] = removals(shop.project)
    assert removals_.stat().st_mode & 0o777 == 0o600
    with removals_.open(encoding="utf-8-sig", newline="") as stream:
        assert [row["email"] for row in csv.DictReader(stream)] == [EMAILS["p1"]]

    shop.change(shop.readers, "delete from marts.audiences where customer_id = 'p1'")
    shop.on("2026-07-02")
    for _ in range(2):  # the same day again says the same
        shop.export()
        assert removals(shop.project) == [removals_]
        told = json.loads((shop.folder / "manifest.json").read_text())["also_to_be_removed"]
        assert set(told) == {"crm.removals.csv"} and not shop.rows("crm.removals.csv")
    shop.on("2026-07-03")
    shop.export()
    assert removals(shop.project) == []


def test_a_list_of_removals_that_has_grown_is_told_once_more(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    shop.export()
    erase(shop, EMAILS["p1"], tmp_path / "work")
    shop.on("2026-07-02")
    shop.export()
    erase(shop, EMAILS["p2"], tmp_path / "work")
    shop.on("2026-07-03")
    shop.export()
    [grown] = removals(shop.project)
    assert EMAILS["p1"] in grown.read_text() and EMAILS["p2"] in grown.read_text()
