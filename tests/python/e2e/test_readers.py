"""A manager, an analyst, an engineer and a contributor each find something, or change something,
with the documents alone.

They begin at the README, open what is linked from the page in their hands and nothing else, and
type or look for what stands on a page that they have passed. Each then does it for real.
"""

from __future__ import annotations

import json
import re
import runpy
import shlex
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pytest
import yaml
from conftest import ROOT, Shop
from documents import links, named, section
from e2e.strangers import wholesaler

from orchestration.excel import export_workbooks, sheets
from orchestration.landing.keyed import VARIABLE


@dataclass
class Reader:
    """Whoever has only the page in their hands, and remembers the pages before it."""

    page: Path = ROOT / "README.md"
    anchor: str = ""
    passed: list[Path] = field(default_factory=list)

    def follows(self, *labels: str) -> Reader:
        """Opens what the page calls so, and there the next."""
        for label in labels:
            leads = {(each.path, each.anchor) for each in links(self.page) if each.label == label}
            assert len(leads) == 1, f"{named(self.page)} leads by “{label}” to {leads or 'nothing'}"
            self.passed.append(self.page)
            [(self.page, self.anchor)] = leads
        return self

    def opens(self, name: str) -> Reader:
        """Picks a file of the folder to which a link led."""
        assert self.page.is_dir() and (self.page / name).is_file()
        self.page, self.anchor = self.page / name, ""
        return self

    @property
    def text(self) -> str:
        """What lies open: the page, or the part of it to which the link led."""
        if self.anchor:
            return section(self.page, self.anchor)
        return self.page.read_text(encoding="utf-8")

    def part(self, heading: str) -> Reader:
        """Scrolls to what begins with a heading of the page."""
        self.anchor = heading
        assert self.text, f"{named(self.page)} has no part {heading}"
        return self

    def code(self, language: str, holding: str = "") -> str:
        """The block of code in front of the reader that holds these words."""
        blocks = re.findall(rf"```{language}\n(.*?)```", self.text, re.DOTALL)
        found = [block for block in blocks if holding in block]
        assert len(found) == 1, f"{named(self.page)} has {len(found)} blocks with {holding!r}"
        return found[0]

    def quotes(self, words: str) -> str:
        """Words of code that stand on a page in the reader's hands, now or before."""
        pages = [page for page in self.passed if page.is_file()]
        texts = [self.text, *(page.read_text(encoding="utf-8") for page in pages)]
        code = " ".join("\n".join(re.findall(r"```.*?```|`[^`]*`", " ".join(texts), re.S)).split())
        assert words in code, f"no page on the way to {named(self.page)} says {words!r}"
        return words

    def types(self, shop: Shop, command: str, *more: str) -> str:
        """Types a command of a page, and returns what it says; it must succeed."""
        words = shlex.split(self.quotes(command).removeprefix(".venv/bin/"))
        done = shop.command(*words, *more)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def rows(self) -> list[list[str]]:
        """The rows of all tables in front of the reader, cell by cell."""
        lines = [line for line in self.text.splitlines() if line.startswith("|")]
        return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]

    def row(self, holding: str) -> list[str]:
        """The one row that holds these words."""
        [found] = [row for row in self.rows() if any(holding in cell for cell in row)]
        return found

    def words_of_codes(self) -> dict[str, str]:
        """In a table of the glossary, the words in the page's own language by their codes."""
        return {row[2].strip("`"): row[0] for row in self.rows()}


def codes(cell: str) -> list[str]:
    """What is marked as code in a cell of a table."""
    return re.findall(r"`([^`]+)`", cell)


def place(shop: Shop, path: str) -> Path:
    """Where a path that documents tell lies in this shop, whose data are elsewhere."""
    return shop.data / path.removeprefix("data/")


@pytest.fixture
def reader() -> Reader:
    return Reader()


def checkout(folder: Path) -> Path:
    """A checkout of one's own, as far as dbt and the examples read it."""
    root = folder / "project"
    for name in ("models", "macros", "seeds", "examples", "tests/generic", "tests/singular"):
        shutil.copytree(ROOT / name, root / name)
    shutil.copy2(ROOT / "dbt_project.yml", root)
    return root


class TestAManager:
    def test_finds_whom_it_costs_most_to_lose(self, world: Shop, reader: Reader) -> None:
        reader.follows("the page of a Monday")
        mart = reader.quotes("segment_value_at_risk")
        [(all_that_is_at_risk,)] = world.query(f"select sum(ltv_at_risk_amount) from marts.{mart}")
        reader = Reader().follows("the workbook")
        sheet = reader.row("it costs most to lose")[0]
        path = reader.quotes("data/published/current/regulars.en.xlsx")
        book = openpyxl.load_workbook(place(world, path), data_only=True)
        rows = list(book[sheet].iter_rows(values_only=True))
        at = next(number for number, row in enumerate(rows) if row[0] == "Customer")
        worst = dict(zip(rows[at], rows[at + 1], strict=True))
        assert 0 < worst["Expected loss"] < all_that_is_at_risk
        customer = worst["Customer"]
        assert world.query(f"select true from marts.customers where customer_id = '{customer}'")

    def test_finds_which_campaigns_to_stop_and_what_is_said_of_the_others(
        self, world: Shop, reader: Reader
    ) -> None:
        question = reader.follows("how to read an experiment").code("sql", "marts.campaign_results")
        to_stop = {campaign for campaign, *_ in world.query(question)}
        reader = Reader().follows("docs/", "glossary").part("what-is-said-of-a-campaign")
        said = world.query(
            "select campaign_id, verdict, verdict_en from marts.campaign_results"
            " where verdict is not null"
        )
        words = reader.words_of_codes()
        assert said and all(words[verdict] == sentence for _, verdict, sentence in said)
        bad = set(re.findall(r"'(\w+)'", question))
        assert bad <= words.keys()
        assert to_stop == {campaign for campaign, verdict, _ in said if verdict in bad}

    def test_finds_why_somebody_may_not_be_written_to(self, world: Shop, reader: Reader) -> None:
        mart = reader.quotes("audiences")
        reader.follows("docs/", "whom you must not contact")
        told = {reason for row in reader.rows() for reason in codes(row[0])}
        kept = world.query(f"select distinct refusal from marts.{mart} where refusal is not null")
        assert kept and {reason for (reason,) in kept} <= told

    def test_reads_in_chinese_what_to_do_about_a_segment(self, world: Shop) -> None:
        reader = Reader(ROOT / "README.zh-CN.md").follows("docs/", "术语表").part("rfm-分群")
        told = {row[0]: row[3] for row in reader.rows()}
        shown = dict(
            world.query("select segment_name_zh, suggested_action_zh from marts.customer_rfm")
        )
        assert shown and shown.items() <= told.items()


class TestAnAnalyst:
    def test_comes_to_the_same_revenue_in_two_ways(self, world: Shop, reader: Reader) -> None:
        reader.follows("connect")
        shell = reader.code("sh", "duckdb -readonly")
        by_orders = world.query(shell.split('"')[1])
        reader = Reader().follows("docs/", "metrics")
        assert "`sum: net_amount`" in reader.row("`net_revenue`")
        mart = reader.quotes("kpi_daily")
        by_day = dict(
            world.query(
                f"select calendar_day, numerator from marts.{mart} where kpi = 'net_revenue'"
                " and channel = 'all' and region = 'all' and customer_type = 'all'"
            )
        )
        known = [(day, amount) for day, amount in by_orders if day in by_day]
        assert known and all(float(by_day[day]) == float(amount) for day, amount in known)

    def test_finds_the_key_of_a_mart_and_joins_by_it(self, tiny: Shop, reader: Reader) -> None:
        reader.follows("connect")
        tables = reader.code("sql", "duckdb_tables()").split(";")[0]
        told = dict(tiny.query(tables))["orders"]
        [(key, column, other)] = re.findall(r"Key: (\w+)\. Joins: (\w+) to (\w+)", told)
        [(rows, keys, strangers)] = tiny.query(
            f"select count(*), count(distinct {key}), count(*) filter (where found.{column} is null"
            f" and orders.{column} is not null) from marts.orders"
            f" left join marts.{other} as found using ({column})"
        )
        assert rows == keys > 0 and strangers == 0

    def test_finds_how_good_a_forecast_is_before_it_is_handed_on(
        self, world: Shop, reader: Reader
    ) -> None:
        reader.follows("docs/")
        marts = [
            reader.quotes(mart)
            for mart in (
                "churn_backtest",
                "ltv_holdout",
                "demand_forecast_accuracy",
                "recommendation_evaluation",
            )
        ]
        assert "hold-out" in reader.follows("lifetime value").text.lower()
        counted = " union all ".join(f"select count(*) from marts.{mart}" for mart in marts)
        assert all(count for (count,) in world.query(counted))

    def test_asks_for_all_that_is_known_of_one_customer(self, tiny: Shop, reader: Reader) -> None:
        reader.follows("docs/", "one customer")
        one = reader.quotes("select * from marts.customer_360 where customer_id = 'c1'")
        [(customer,)] = tiny.query("select customer_id from marts.customers limit 1")
        assert len(tiny.query(one.replace("c1", customer))) == 1


class TestAnEngineer:
    def test_goes_back_to_what_was_published_before(self, pocket: Shop, reader: Reader) -> None:
        [(before,)] = pocket.query("select generation from marts.publication")
        reader.follows("operations")
        reader.types(pocket, "regulars run", reader.quotes("--force"))
        [(after,)] = pocket.query("select generation from marts.publication")
        reader = Reader().follows("Twenty questions")
        assert "How do I go back?" in reader.text
        reader.types(pocket, "regulars rollback")
        reader.types(pocket, "regulars report")
        [(shown,)] = pocket.query("select generation from marts.publication")
        assert shown == before != after

    def test_finds_why_rows_were_refused_and_that_none_was_lost(
        self, tiny: Shop, reader: Reader
    ) -> None:
        reader.follows("Twenty questions")
        mart = reader.quotes("reconciliation")
        assert tiny.query(f"select count(*) > 0, bool_and(is_reconciled) from marts.{mart}") == [
            (True, True)
        ]
        summary = reader.quotes("quarantine_summary")
        reader = Reader().follows("docs/", "glossary").part("why-rows-and-lines-are-refused")
        words = reader.words_of_codes()
        refused = tiny.query(f"select distinct reason_code, reason_en from marts.{summary}")
        assert refused and all(words[code] == reason for code, reason in refused)

    def test_lets_a_role_see_its_stores_and_no_more(
        self, own_tiny: Shop, reader: Reader, tmp_path: Path
    ) -> None:
        reader.follows("docs/", "who sees what")
        role = reader.code("yaml", "rows:")
        root = checkout(tmp_path)
        file = root / re.match(r"# (roles/\w+\.yml)", role)[1]
        file.parent.mkdir()
        file.write_text(role)
        shop = Shop(own_tiny.data, root)
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv(reader.quotes(VARIABLE), "k" * 32)
            reader.types(shop, "regulars publish", "--example", "tiny")
        seen = place(shop, reader.quotes("data/roles/stores_west/current.duckdb"))
        [(west,)] = shop.query("select list(store_id) from marts.stores where region = 'west'")
        stores = shop.query("select distinct store_id from marts.orders", seen)
        assert stores and {store for (store,) in stores} <= set(west)
        marts = shop.query(
            "select table_name from duckdb_tables() where schema_name = 'marts'", seen
        )
        declared = yaml.safe_load(role)
        assert {mart for (mart,) in marts} - {"publication"} == {
            *declared["marts"],
            *declared["whole"],
        }

    def test_adds_a_source_of_two_files(self, reader: Reader, tmp_path: Path) -> None:
        reader.follows("adding a source").part("in-ten-minutes")
        truth = wholesaler.make(tmp_path)
        shop = Shop(tmp_path / "data", checkout(tmp_path))
        answers = tmp_path / "answers.yml"
        answers.write_text(reader.code("yaml", "take_demo_away"))
        name, *files = shlex.split(reader.code("sh", "new-source"))[2:]
        reader.quotes("--answers answers.yml")
        done = shop.command(
            *("regulars", "new-source", name, *(str(tmp_path / file) for file in files)),
            *("--answers", str(answers)),
        )
        assert done.returncode == 0, done.stdout + done.stderr
        written = list((shop.root / reader.quotes("models/staging/wholesale/")).iterdir())
        assert len(written) == 7 and "(seven files" in reader.text
        found = json.loads(reader.types(shop, reader.code("sh", "check").strip(), "--json"))
        [orders] = [
            each["rows"]
            for each in found["outcomes"]
            if (each["entity"], each["status"]) == ("orders", "accepted")
        ]
        assert orders == truth.orders

    def test_makes_the_page_of_every_model(self, own_tiny: Shop, reader: Reader) -> None:
        """The commands of `make docs` that look at data; the others write pages of `docs/`."""
        reader.follows("operations").part("every-model")
        recipe = subprocess.run(
            shlex.split(f"{reader.quotes('make docs')} --dry-run"),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        commands = re.findall(r"\.venv/bin/(python -m orchestration.*|regulars .*)", recipe)
        of_data = [each for each in commands if "report" in each]
        assert len(commands) == 4 and len(of_data) == 2
        for command in of_data:
            done = own_tiny.command(*shlex.split(command))
            assert done.returncode == 0, done.stdout + done.stderr
        page = place(own_tiny, reader.quotes("data/report/models.html")).read_text("utf-8")
        assert "int_orders" in page
        trust = own_tiny.data / "report" / reader.quotes("trust.html")
        assert '<a href="models.html">' in trust.read_text("utf-8")

    @pytest.mark.long
    def test_renames_a_segment(self, own_tiny: Shop, reader: Reader, tmp_path: Path) -> None:
        reader.follows("Twenty questions").part("12-may-i-change-thresholds-segments-and-names")
        shop = Shop(own_tiny.data, checkout(tmp_path))
        file = shop.root / reader.quotes("seeds/") / f"{reader.quotes('rfm_segments')}.csv"
        file.write_text(file.read_text("utf-8").replace("champions", "our best"), "utf-8")
        named_before = "select count(*) from marts.customer_rfm where segment_name_en = 'champions'"
        [(count,)] = shop.query(named_before)
        reader.types(shop, "regulars run", "--example", "tiny")
        assert count and shop.query(named_before) == [(0,)]
        assert shop.query(named_before.replace("champions", "our best")) == [(count,)]


class TestAContributor:
    def test_is_told_what_to_write_instead_of_the_clock(self, reader: Reader) -> None:
        reader.follows("contributing")
        assert "the clock is never read" in reader.text
        reader.quotes("make lint")
        lint = runpy.run_path(str(ROOT / reader.quotes("tests/lint/") / "portable_sql.py"))
        [(_, sentence)] = lint["findings"]("select current_date as today_is", set())
        assert "int_as_of_dates" in sentence

    def test_finds_each_folder_where_the_map_says(self, reader: Reader) -> None:
        reader.follows("contributing").part("where-things-are")
        rows = [re.sub("<[a-z]+>", "*", row[0]) for row in reader.rows()[2:]]
        lost = [
            path
            for places in map(codes, rows)
            for path in places
            if not any(ROOT.glob(path)) and not any((ROOT / places[0]).parent.glob(path))
        ]
        assert len(rows) > 20 and not lost

    def test_finds_the_truth_by_which_a_change_is_measured(
        self, world: Shop, reader: Reader
    ) -> None:
        reader.follows("the demo world").part("the-truth")
        table, _, columns = reader.row("`expected_quarantine`")
        named_there = ", ".join(codes(columns))
        folder = reader.quotes("<data>/truth/").replace("<data>", str(world.data))
        true = world.query(
            f"select {named_there} from read_parquet('{folder}{table.strip('`')}.parquet')"
        )
        mart = reader.part("planted-faults").quotes("quarantine_summary")
        found = world.query(f"select {named_there} from marts.{mart}")
        assert sorted(true) == sorted(found) != []

    def test_finds_why_a_threshold_is_a_variable_and_where(self, reader: Reader) -> None:
        reader.follows("decisions").opens("0022-where-thresholds-and-rules-live.md")
        assert "variable" in reader.text and "seed" in reader.text
        reader = Reader().follows("Twenty questions")
        variable = reader.quotes("rfm_cut")
        project = (ROOT / reader.quotes("dbt_project.yml")).read_text("utf-8")
        [line] = [line for line in project.splitlines() if line.lstrip().startswith(f"{variable}:")]
        assert project.partition(line)[0].splitlines()[-1].lstrip().startswith("#")

    def test_adds_a_table_to_the_workbook(
        self, tiny: Shop, reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        reader.follows("the workbook").part("changing-it")
        own = tmp_path / "sheets"
        shutil.copytree(ROOT / reader.quotes("orchestration/excel/sheets/"), own)
        for language, kind in (("sql", "sql"), ("yaml", "yml")):
            file = own / reader.quotes(f"5_channels/03_all_months.{kind}")
            file.write_text(reader.code(language), "utf-8")
        monkeypatch.setattr("orchestration.excel.export.sheets", lambda: sheets.sheets(own))
        export_workbooks(tiny.data / "published", tmp_path / "out")
        book = openpyxl.load_workbook(tmp_path / "out" / "regulars.en.xlsx", data_only=True)
        rows = list(book["Channels"].iter_rows(values_only=True))
        at = next(number for number, row in enumerate(rows) if row[0] == "All months")
        [heads] = [row for row in rows[at:] if row[0] == "Channel"]
        table = rows[rows.index(heads) + 1 :]
        asked = tiny.query(reader.code("sql"))
        assert [row[1] for row in table[: len(asked)]] == [acquired for _, acquired, _ in asked]
        assert any(acquired for _, acquired, _ in asked)
