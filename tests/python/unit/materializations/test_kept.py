"""What is kept is what would be made: after any history the warehouse is that of a full refresh."""

from __future__ import annotations

import random
import shutil
import subprocess
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pytest
from conftest import BIN, POCKET, ROOT, Shop
from histories import Living, differences, failures, live

from orchestration.dbt import Session, located
from orchestration.progress import silent
from orchestration.project import Project
from orchestration.refresh import Refresh

FILES = {
    "seeds/closed_days.csv": "closed_on\n2026-01-05\n",
    "seeds/closed_days.yml": "seeds: [{name: closed_days,"
    " config: {column_types: {closed_on: date}}}]",
    "models/intermediate/int_days.sql": "{{ config(materialized='ephemeral') }}"
    " select sold_on, amount from {{ ref('daily_sales') }}",
    "models/intermediate/int_open_days.sql": "{{ config(materialized='view') }}"
    " select * from {{ ref('int_days') }} where sold_on not in"
    " (select closed_on from {{ ref('closed_days') }})",
    "models/intermediate/int_turnover.sql": "select sum(amount) as amount"
    " from {{ ref('int_open_days') }}",
    # What was sold on a day stands until the next one, which ends it.
    "models/intermediate/int_stands.sql": "{{ config(meta={'month_of': 'begun_on',"
    " 'ends': ['ended_on']}) }} select sold_on as begun_on,"
    " lead(sold_on) over (order by sold_on nulls last) as ended_on, amount"
    " from {{ ref('daily_sales') }}",
    "models/intermediate/int_stands.yml": "models: [{name: int_stands, data_tests: [{audit:"
    " {name: audit_int_stands, arguments: {key: [begun_on],"
    " rules: {something_else_comes_within_days: ended_on - begun_on <= 40}}}}]}]",
    # One of the days on which a month begins is one too many: keys that repeat are of two months.
    "models/intermediate/int_first_days.sql": "{{ config(materialized='kept_by_month',"
    " meta={'month_of': 'sold_on'}) }} select sold_on, day(sold_on) as day_of_month"
    " from {{ ref('daily_sales') }} where day(sold_on) = 1",
    "models/intermediate/int_first_days.yml": "models: [{name: int_first_days, data_tests: [{audit:"
    " {name: audit_int_first_days, arguments: {key: [day_of_month]}}}]}]",
    "models/intermediate/int_so_far.sql": "{{ config(materialized='kept_by_month',"
    " meta={'month_of': 'sold_on', 'history': ['int_stands']}) }}"
    " select days.sold_on, sum(stands.amount) as amount, max(case when"
    " stands.ended_on <= days.sold_on then null else stands.amount end) as standing_amount"
    " from {{ ref('daily_sales') }} as days"
    " inner join {{ ref('int_stands') }} as stands on stands.begun_on <= days.sold_on"
    " group by days.sold_on",
    # The first day of each month and the latest are of the months on which they look back.
    "models/intermediate/int_looks.sql": "{{ config(meta={'month_of': 'as_of_date',"
    " 'looks_back': true}) }} select least(last_day(max(sold_on)) + 1,"
    " (select max(sold_on) + 1 from {{ ref('daily_sales') }})) as as_of_date"
    " from {{ ref('daily_sales') }} group by date_trunc('month', sold_on)",
    "models/intermediate/int_monthly.sql": "{{ config(materialized='kept_by_month',"
    " meta={'month_of': 'as_of_date', 'looks_back': true}) }}"
    " select looks.as_of_date, sum(days.amount) as amount from {{ ref('int_looks') }} as looks"
    " inner join {{ ref('daily_sales') }} as days"
    " on date_trunc('month', days.sold_on) = date_trunc('month', looks.as_of_date - 1)"
    " group by looks.as_of_date",
    "models/intermediate/int_learnt_until.sql": "{{ config(meta={'month_of': 'learnt_until'}) }}"
    " select cast(date_trunc('month', max(sold_on)) - interval '1' day as date) as learnt_until"
    " from {{ ref('daily_sales') }}",
    "models/intermediate/int_learnt.sql": "{{ config(meta={'until': 'int_learnt_until'}) }}"
    " select count(*) as stand_count, sum(stands.amount) as amount,"
    " count(case when stands.ended_on <= learnt.learnt_until then 1 end) as ended_count"
    " from {{ ref('int_stands') }} as stands"
    " inner join {{ ref('int_learnt_until') }} as learnt on stands.begun_on <= learnt.learnt_until",
}
HOOKS = {f"pocket.on-run-{hook} passed" for hook in ("start.0", "start.1", "end.0")}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pocket project, with a seed, an ephemeral model and a view between tables."""
    root = tmp_path_factory.mktemp("project") / "pocket"
    shutil.copytree(POCKET, root)
    settings = root / "dbt_project.yml"
    settings.write_text(settings.read_text().replace("../../..", str(ROOT)))
    for name, text in FILES.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
    return root


@pytest.fixture(scope="module")
def manifest(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return parsed(project, tmp_path_factory.mktemp("parsed"))


def parsed(project: Path, folder: Path) -> Any:
    return Session(Project(project, folder), {}, folder).parse()


class Till(Living):
    """A shop of one till."""

    @cached_property
    def files(self) -> Path:
        folder = self.shop.data / "landing" / "till" / "sales"
        folder.mkdir(parents=True)
        return folder

    def deliver(self, name: str, *sales: tuple[Any, Any, Any]) -> None:
        lines = ["sale_no,sold_on,amount", *(",".join(map(str, each)) for each in sales)]
        (self.files / name).write_text("\n".join(lines) + "\n")

    def ask(self, query: str) -> list[tuple]:
        with duckdb.connect(self.shop.warehouse) as connection:
            return connection.execute(query).fetchall()


@pytest.fixture
def till(project: Path, manifest: Any, tmp_path: Path) -> Till:
    (project / "seeds/closed_days.csv").write_text(FILES["seeds/closed_days.csv"])
    till = Till(Shop(tmp_path / "data", project), manifest)
    till.deliver("01.csv", (1, "2026-01-05", 10), (2, "2026-01-06", 20))
    till.deliver("02.csv", (3, "2026-02-01", 30), (4, "2026-02-02", "free"))
    till.refresh()
    return till


def sale(chance: random.Random) -> tuple[Any, Any, Any]:
    """Numbers repeat, days lie on both sides of any day of analysis, some amounts can't be read."""
    day = date(2026, 1, 1) + timedelta(days=chance.randrange(60))
    return chance.randrange(12), day, chance.choice([5, 10, 10, "2.50", "free", ""])


def delivered(till: Till, chance: random.Random) -> None:
    """A file that is new, or a later version of one, and may be from before others."""
    till.deliver(
        f"{chance.randrange(6):02}.csv", *(sale(chance) for _ in range(chance.randrange(1, 6)))
    )


def repeated(till: Till, chance: random.Random) -> None:
    """The bytes of one file under the name of another."""
    files = sorted(till.files.iterdir())
    (till.files / f"{chance.randrange(9):02}.csv").write_bytes(chance.choice(files).read_bytes())


def removed(till: Till, chance: random.Random) -> None:
    """A landed version that is gone, as an erasure leaves it; the last one stays."""
    landed = sorted((till.shop.data / "raw").rglob("*sales*/*.parquet"))
    if len(landed) > 1:
        chance.choice(landed).unlink()


def looked_back(till: Till, chance: random.Random) -> None:
    till.variables["as_of_date"] = chance.choice([None, "2026-01-20", "2026-02-10"])


def decided_otherwise(till: Till, chance: random.Random) -> None:
    till.variables["earliest_business_date"] = chance.choice(["2000-01-01", "2026-01-10"])


def closed(till: Till, chance: random.Random) -> None:
    days = sorted({sale(chance)[1] for _ in range(chance.randrange(1, 20))})
    text = "".join(f"{day}\n" for day in ["closed_on", *days])
    (till.shop.root / "seeds" / "closed_days.csv").write_text(text)


def failed(till: Till, chance: random.Random) -> None:
    """A refresh that a check stops in the middle, of which some is made."""
    delivered(till, chance)
    assert "failed" in till.refresh(earliest_business_date="2050-01-01").values()


def nothing(till: Till, chance: random.Random) -> None:
    """A refresh of what is there already."""


CHANGES = (
    *(delivered, delivered, repeated, removed, looked_back),
    *(decided_otherwise, closed, failed, nothing),
)


@pytest.mark.parametrize("seed", range(2))
def test_after_a_history_all_is_as_a_full_refresh_makes_it(till, seed, tmp_path):
    live(till, random.Random(seed), CHANGES, 3, tmp_path / "anew")


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1000, 1200))
def test_after_any_history_all_is_as_a_full_refresh_makes_it(till, seed, tmp_path):
    live(till, random.Random(seed), CHANGES, 5, tmp_path / "anew")


def test_what_has_not_changed_is_kept_and_a_change_goes_as_far_as_it_matters(till):
    assert set(till.refresh().values()) - HOOKS == {"KEPT", None}
    # A file that repeats another changes which deliveries there are, and no sale.
    till.deliver("03.csv", (1, "2026-01-05", 10), (2, "2026-01-06", 20))
    told = till.refresh()
    assert told["int_sales_validated"] != "KEPT"
    assert (told["daily_sales"], told["int_turnover"]) == ("KEPT", "KEPT")
    (till.shop.root / "seeds" / "closed_days.csv").write_text("closed_on\n2026-01-06\n")
    told = till.refresh()
    assert (told["daily_sales"], told["int_turnover"]) == ("KEPT", "OK")
    told = till.refresh(as_of_date="2026-01-06")
    assert (told["sales"], told["daily_sales"]) == ("KEPT", "OK")


def test_of_what_is_made_by_month_only_months_that_changed_are_made(till):
    till.ask("update marts.sales set amount = 11 where sale_id = 'till:1'")  # in January
    till.deliver("03.csv", (5, "2026-02-01", 10))
    told = till.refresh()
    assert (told["sales"], told["daily_sales"]) == ("MONTHS MADE: 1", "MONTHS MADE: 1")
    january = "(select sum(amount) from marts.{} where sold_on < '2026-02-01')"
    sums = f"select {january.format('sales')}, {january.format('daily_sales')}"
    assert till.ask(sums) == [(31, 30)]
    # Sales move from one month to the other, and their days with them.
    till.deliver("03.csv", (5, "2026-01-03", 10))
    told = till.refresh()
    assert (told["sales"], told["daily_sales"]) == ("MONTHS MADE: 2", "MONTHS MADE: 2")
    assert till.ask(sums) == [(40, 40)]


def test_an_audit_of_which_all_months_but_some_have_passed_is_asked_of_these(till):
    """And of what shares a key with theirs, wherever it is."""
    till.ask("update marts.sales set amount = null where sale_id = 'till:1'")  # in January
    till.deliver("03.csv", (5, "2026-02-03", 10))
    assert not failures(till.refresh())
    till.ask("update marts.sales set sale_id = 'till:6' where sale_id = 'till:1'")
    till.deliver("03.csv", (6, "2026-02-03", 10))
    assert "audit_sales_sale_id__amount" in failures(till.refresh())
    # What has failed knows of no month that has passed.
    till.deliver("03.csv", (7, "2026-02-03", 10))
    assert "audit_sales_sale_id__amount" in failures(till.refresh())


def test_of_what_ends_an_audit_is_asked_where_it_ends(till):
    till.deliver("03.csv", (5, "2026-03-20", 10))  # what stood since the second of February
    assert "audit_int_stands" in failures(till.refresh())


def test_of_what_has_a_history_all_months_are_made_from_the_first_that_changed(till):
    till.ask("update intermediate.int_so_far set amount = 11 where sold_on = '2026-01-05'")
    january = "select sum(amount) from intermediate.int_so_far where sold_on < '2026-02-01'"
    # What stood in February ends in March, which is nothing that February knew.
    till.deliver("03.csv", (5, "2026-03-01", 10))
    told = till.refresh()
    assert (told["int_stands"], told["int_so_far"]) == ("OK", "MONTHS MADE: 1")
    assert till.ask(january) == [(11 + 30,)]
    till.deliver("03.csv", (5, "2026-02-03", 10))
    assert till.refresh()["int_so_far"] == "MONTHS MADE: 2"
    assert till.ask(january) == [(11 + 30,)]
    # What is sold in January was sold so far in all months since.
    till.deliver("04.csv", (6, "2026-01-07", 5))
    assert till.refresh()["int_so_far"] == "MONTHS MADE: 2"
    assert till.ask(january) == [(10 + 30 + 35,)]


def test_a_day_that_looks_back_is_made_with_the_month_before_it(till):
    till.ask("update intermediate.int_monthly set amount = 11 where as_of_date = '2026-02-01'")
    till.deliver("03.csv", (5, "2026-02-03", 10))
    assert till.refresh()["int_monthly"] == "MONTHS MADE: 1"
    monthly = "select as_of_date::varchar, amount from intermediate.int_monthly order by 1"
    assert till.ask(monthly) == [("2026-02-01", 11), ("2026-02-04", 40)]
    till.deliver("04.csv", (6, "2026-01-31", 5))
    assert till.refresh()["int_monthly"] == "MONTHS MADE: 1"
    assert till.ask(monthly) == [("2026-02-01", 35), ("2026-02-04", 40)]


def test_what_is_learnt_until_a_month_is_over_stays_until_the_next_one_is(till):
    learnt = "from intermediate.int_learnt"
    assert till.ask(learnt) == [(2, 30, 1)]  # what stood last ends in February
    till.deliver("03.csv", (5, "2026-02-03", 10))
    told = till.refresh()
    assert (told["int_stands"], told["int_learnt"]) == ("OK", "KEPT")
    till.deliver("04.csv", (6, "2026-01-07", 5))
    assert till.refresh()["int_learnt"] == "OK"
    assert till.ask(learnt) == [(3, 35, 2)]
    till.deliver("05.csv", (7, "2026-03-01", 5))
    assert till.refresh()["int_learnt"] == "OK"
    assert till.ask(learnt) == [(5, 75, 4)]


def test_an_audit_finds_a_month_that_is_not_as_it_was_made_though_another_changed(till, tmp_path):
    till.ask("update marts.sales set amount = 11 where sale_id = 'till:1'")  # in January
    till.deliver("03.csv", (5, "2026-02-01", 10))
    told = till.refresh(self_audit_share=1)
    assert (told["sales"], failures(told)) == ("REPAIRED", set())
    assert not failures(till.anew(tmp_path / "anew"))
    assert not differences(till.shop.data, tmp_path / "anew")


def test_what_is_made_by_month_is_made_whole_when_anything_else_is_another(till):
    told = till.refresh(as_of_date="2026-02-02")
    assert (told["sales"], told["daily_sales"]) == ("KEPT", "OK")


def test_what_was_a_table_and_is_made_by_month_from_now_on_is_made_whole_first(till, tmp_path):
    model = till.shop.root / "models/intermediate/int_so_far.sql"
    by_month = model.read_text()
    model.write_text(by_month.replace("'kept_by_month'", "'table'"))
    assert Till(till.shop, parsed(till.shop.root, tmp_path)).refresh()["int_so_far"] == "OK"
    model.write_text(by_month)
    till.deliver("03.csv", (5, "2026-02-01", 10))
    assert till.refresh()["int_so_far"] == "OK"
    till.deliver("04.csv", (6, "2026-02-03", 10))
    assert till.refresh()["int_so_far"] == "MONTHS MADE: 1"


def test_what_nothing_makes_any_more_goes_and_what_others_made_stays(project, tmp_path):
    """A table that a model of before has left, a view that it read, the feed of a former source,
    and a view of 0.1.0."""
    root = tmp_path / "project"
    shutil.copytree(project, root)
    till = Till(Shop(tmp_path / "data", root), parsed(root, tmp_path / "parsed"))
    till.deliver("01.csv", (1, "2026-01-05", 10), (2, "2026-01-06", 20))
    till.refresh()
    till.ask("create schema mine; create table mine.notes as select 1 as x")
    till.ask("create table main.sketch as select 1 as x; create table raw.loaded as select 1 as x")
    till.ask("create view raw.corner__sales as select 1 as x")
    till.ask("create schema quarantine; create view quarantine.orders as select 1 as x")
    own = {"notes", "sketch", "loaded"}
    made = {"int_turnover", "int_open_days", "corner__sales", "orders"} | own
    assert made < relations(till)
    for gone in ("models/intermediate/int_open_days.sql", "models/intermediate/int_turnover.sql"):
        (root / gone).unlink()
    after = Till(till.shop, parsed(root, tmp_path / "parsed_again"))
    assert failures(after.refresh()) == set()
    assert made & relations(after) == own
    assert {"last_build", "till__sales", "daily_sales", "nodes"} < relations(after)


def relations(till: Till) -> set[str]:
    return {name for (name,) in till.ask("select table_name from information_schema.tables")}


def test_a_full_refresh_makes_everything(till):
    told = Shop(till.shop.data, till.shop.root).dbt(
        "duckdb", "build", "--full-refresh", manifest=till.manifest
    )
    assert "KEPT" not in {each.message for each in told.result.results}


def test_a_build_that_kept_no_record_is_not_trusted(till):
    till.build(till.shop.data, self_audit_share=None)
    assert "KEPT" not in till.refresh().values()


def test_after_a_kill_nothing_is_kept(till, tmp_path):
    till.deliver("03.csv", (5, "2026-01-05", 10))
    Refresh(Project(till.shop.root, till.shop.data)).land(silent)
    endless = till.shop.root / "models" / "intermediate" / "int_turnover.sql"
    endless.write_text(
        "select sum(amount) + (select count(*) from range(1000000000000)) as amount"
        " from {{ ref('int_open_days') }}"
    )
    where = located(Project(till.shop.root, till.shop.data), tmp_path / "target")
    with subprocess.Popen(
        [BIN / "dbt", "build", *where], env=till.shop.environment, stdout=subprocess.PIPE, text=True
    ) as build:
        assert any("START" in line and "int_turnover" in line for line in build.stdout)
        build.kill()
    endless.write_text(FILES["models/intermediate/int_turnover.sql"])
    assert "KEPT" not in till.refresh().values()
    assert not failures(till.anew(tmp_path / "anew"))
    assert not differences(till.shop.data, tmp_path / "anew")


def test_an_audit_finds_what_is_not_as_it_was_made_and_mends_it(till, tmp_path):
    till.ask("update marts.sales set amount = 11 where sale_id = 'till:1'")
    assert till.refresh()["sales"] == "KEPT"
    told = till.refresh(self_audit_share=1)
    assert told["sales"] == "REPAIRED"
    assert "KEPT" not in till.refresh().values()
    assert not failures(till.anew(tmp_path / "anew"))
    assert not differences(till.shop.data, tmp_path / "anew")
