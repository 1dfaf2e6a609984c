"""The truth of a demo world beside its marts: on the page only where it is about them."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Page
from unit.report.browsing import table, visitor
from who_is_who import identity_quality

from orchestration.duck import rows
from orchestration.labels import LANGUAGES
from orchestration.project import ROOT, Project
from orchestration.refresh import Refresh
from orchestration.report import write_report
from orchestration.report.panels import panel
from orchestration.report.truth import tell

HERE = Path(__file__).parent
REGULARS, TRUTH = ((HERE / name).read_text("utf-8") for name in ("regulars.sql", "truth.sql"))
PANELS = [
    "attribution_truth",
    "identity_truth",
    "identity_thresholds",
    "planted_faults",
    "effects_truth",
]
# The marts inferred pos:9 from orders, and refused crm:5 and crm:6.
ACCOUNTS = """
insert into marts.customer_accounts (account_id, customer_id) values
    ('crm:1', 'a'), ('shop:1', 'a'), ('pos:9', 'a'), ('shop:2', 'b'), ('crm:2', 'c'),
    ('crm:3', 'c'), ('shop:4', 'd')
"""
LINKS = """
insert into marts.identity_links values
    ('crm:1', 'pos:9', 'identifier', 1, false), ('pos:9', 'shop:1', 'probabilistic', 8, false),
    ('shop:1', 'shop:2', 'probabilistic', 15, true), ('crm:2', 'crm:3', 'probabilistic', 4, false)
"""


def write_truth(folder: Path, statements: str = TRUTH) -> Path:
    """Writes the tables that the statements make, as Parquet."""
    folder.mkdir()
    with duckdb.connect() as connection:
        connection.execute(statements)
        for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall():
            connection.execute(f"copy {name} to '{folder}/{name}.parquet'")
    return folder


def quality(marts: Path, truth: Path) -> dict:
    with duckdb.connect(marts, read_only=True) as connection:
        return identity_quality(connection, truth)


@pytest.fixture(scope="module")
def world(publish) -> tuple[Path, Path]:
    """Published marts of a demo world, and the folder of its truth."""
    marts = publish(REGULARS, ACCOUNTS, LINKS)
    return marts, write_truth(marts.with_name("truth"))


@pytest.fixture(scope="module")
def report(world) -> Path:
    """The page on which the truth is told."""
    marts, truth = world
    return write_report(marts, marts.with_name("index.html"), truth).with_name("trust.html")


@pytest.fixture(scope="module")
def pages(browser, report) -> Iterator[dict[str, Page]]:
    with visitor(browser) as visit:
        yield {language: visit(report, f"?lang={language}") for language in LANGUAGES}


# Figures


def test_identity_is_measured_in_pairs_of_accounts_that_both_sides_know(world):
    """Linked are crm:1 shop:1 and crm:2 crm:3; true are three pairs of anna and one of chen."""
    assert quality(*world) == {
        "compared_accounts": 6,
        "unknown_accounts": 1,
        "unpublished_accounts": 2,
        "linked_pairs": 2,
        "true_pairs": 4,
        "common_pairs": 1,
        "precision": 1 / 2,
        "recall": 1 / 4,
        "f1": 1 / 3,
    }


def test_pairs_are_counted_as_if_each_were_looked_at(publish, tmp_path):
    draw = random.Random(7)
    accounts = {f"crm:{n}": (f"c{draw.randrange(9)}", f"p{draw.randrange(9)}") for n in range(60)}
    values = [", ".join(f"('{id}', '{pair[n]}')" for id, pair in accounts.items()) for n in (0, 1)]
    marts = publish(
        f"insert into marts.customer_accounts (account_id, customer_id) values {values[0]}"
    )
    truth = write_truth(
        tmp_path / "truth",
        f"create table person_accounts as from (values {values[1]}) as t (account_id, person_id)",
    )
    pairs = list(combinations(accounts.values(), 2))
    linked = {number for number, (a, b) in enumerate(pairs) if a[0] == b[0]}
    true = {number for number, (a, b) in enumerate(pairs) if a[1] == b[1]}
    found = quality(marts, truth)
    assert found["linked_pairs"] == len(linked)
    assert found["true_pairs"] == len(true)
    assert found["common_pairs"] == len(linked & true) > 0


def test_without_a_pair_there_is_nothing_to_divide(publish, world):
    marts = publish(
        "insert into marts.customer_accounts (account_id, customer_id)"
        " values ('crm:1', 'a'), ('crm:2', 'b')"
    )
    found = quality(marts, world[1])
    assert (found["linked_pairs"], found["true_pairs"]) == (0, 0)
    assert (found["precision"], found["recall"], found["f1"]) == (None, None, None)


def test_the_page_shows_how_well_people_were_recognised(pages):
    assert table(pages["en"], "identity_truth") == [
        ["50.00%", "25.00%", "33.33%", "2", "4", "1", "6", "1", "2"],
    ]


def test_a_higher_threshold_takes_the_weaker_links_of_weight_alone(pages):
    """From 5 crm:2 and crm:3 are apart, rightly; above 8 shop:1 loses crm:1, which it meets through
    an account that the truth doesn't know. The link that was cut counts at no threshold."""
    assert table(pages["en"], "identity_thresholds") == [
        ["3", "50.00%", "25.00%", "33.33%", "2", "4", "1"],
        ["5", "100.00%", "25.00%", "40.00%", "1", "4", "1"],
        ["8", "100.00%", "25.00%", "40.00%", "1", "4", "1"],
        *([n, "–", "0.00%", "0.00%", "0", "4", "0"] for n in ("12", "16", "20")),
    ]
    lines = pages["en"].evaluate(
        "Charts.shown('identity_thresholds').series.map(({name, data}) => ({name, data}))"
    )
    assert [line["name"] for line in lines] == ["Precision", "Recall"]
    assert [share for _, share in lines[0]["data"]] == [0.5, 1, 1, None, None, None]


def test_groups_at_each_threshold_are_those_that_hang_together(publish, tmp_path):
    draw = random.Random(7)
    accounts = {f"crm:{n:02}": f"p{draw.randrange(15)}" for n in range(40)}
    links = [
        (*sorted(draw.sample(sorted(accounts), 2)), kind, draw.randrange(25), draw.random() < 0.2)
        for kind in ("identifier", "probabilistic", "probabilistic") * 12
    ]
    people = ", ".join(map(str, accounts.items()))
    marts = publish(
        f"insert into marts.customer_accounts (account_id, customer_id) values {people}",
        f"insert into marts.identity_links values {', '.join(map(str, links))}",
    )
    truth = write_truth(
        tmp_path / "truth",
        f"create table person_accounts as from (values {people}) as t (account_id, person_id)",
    )
    with duckdb.connect(marts, read_only=True) as connection:
        tell(connection, truth)
        found = {
            row["threshold"]: row for row in rows(connection, panel("identity_thresholds").query)
        }
    for threshold, row in found.items():
        groups = {account: {account} for account in accounts}
        for account, other, kind, weight, is_cut in links:
            if not is_cut and (kind == "identifier" or weight >= threshold):
                joined = groups[account] | groups[other]
                groups.update(dict.fromkeys(joined, joined))
        pairs = list(combinations(accounts, 2))
        linked = {(a, b) for a, b in pairs if b in groups[a]}
        true = {(a, b) for a, b in pairs if accounts[a] == accounts[b]}
        counts = (row["linked_pairs"], row["true_pairs"], row["common_pairs"])
        assert counts == (len(linked), len(true), len(linked & true))
    assert len({row["linked_pairs"] for row in found.values()}) > 3


def test_planted_faults_are_set_against_what_was_found(pages):
    """What differs comes first; a source that isn't published can't have been found."""
    assert table(pages["en"], "planted_faults") == [
        ["shop", "orders", "landing", "unreadable date", "3", "2", "no"],
        ["shop", "orders", "landing", "invalid_json", "2", "0", "no"],
        ["shop", "orders", "validation", "date in the future", "0", "1", "no"],
        ["pos", "orders", "validation", "negative amount", "4", "4", "yes"],
    ]


def test_every_way_of_counting_is_set_against_what_was_caused(pages):
    """First gives e-mail the 100 of which it caused 40, and 60 too much of 1,000; last gives all to
    search, which caused nothing: 100 stand wrong."""
    first, *_, last = table(pages["en"], "attribution_truth")
    assert first == ["First", "40.00", "100.00", "0.00", "0.0%", "60.00", "6.0%", "email"]
    assert last == [
        *("Last but direct", "40.00", "100.00", "100.00", "100.0%", "100.00", "10.0%", "search"),
    ]


def test_complaints_are_set_beside_what_they_truly_did(pages):
    """Of all reasons together the marts say nothing here; −30 points lie between −40 and −10."""
    assert table(pages["en"], "effects_truth") == [
        ["quality", "2", "-30.0", "-25.0", "-40.0", "-10.0", "yes"]
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_panels_speak_the_language_of_the_reader(pages, language):
    for name in PANELS:
        text = pages[language].locator(f"#{name}").inner_text()
        assert getattr(panel(name).title, language) in text
    reason = {"en": "unreadable date", "zh": "日期无法读取"}[language]
    assert table(pages[language], "planted_faults")[0][3] == reason


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [320, 768])
def test_narrow_screens_never_scroll_sideways(report, visit, language, width):
    page = visit(report, f"?lang={language}", viewport={"width": width, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_no_account_and_no_person_is_named(report):
    html = report.read_text("utf-8")
    assert not any(f'"{name}"' in html or f">{name}<" in html for name in ("crm:1", "anna", "chen"))


# Where the truth is about other data, or there is none


def panels_of(page: Path) -> set[str]:
    """The panels on what is true, of the report whose first page this is."""
    html = page.with_name("trust.html").read_text("utf-8")
    return {panel for panel in PANELS if f'id="{panel}"' in html}


def test_a_refresh_looks_for_the_truth_beside_the_data(world, tmp_path):
    marts, truth = world
    project = Project(ROOT, tmp_path)
    project.published.mkdir()
    shutil.copyfile(marts, project.published / "current.duckdb")
    assert panels_of(Refresh(project).report(lambda text: None)) == set()
    shutil.copytree(truth, tmp_path / "truth")
    assert panels_of(Refresh(project).report(lambda text: None)) == set(PANELS)


def test_only_what_the_truth_tells_is_shown(world, tmp_path):
    truth = write_truth(tmp_path / "truth")
    (truth / "expected_quarantine.parquet").unlink()
    page = write_report(world[0], tmp_path / "index.html", truth)
    assert panels_of(page) == set(PANELS) - {"planted_faults"}


@pytest.mark.parametrize(
    "statement",
    ["", "insert into marts.customer_accounts (account_id, customer_id) values ('x:1', 'a')"],
)
def test_the_truth_of_another_world_changes_nothing(publish, world, tmp_path, statement):
    """As when an example of other sources is published in the same data folder."""
    marts = publish(REGULARS, statement)
    plain = write_report(marts, tmp_path / "plain" / "index.html")
    beside = write_report(marts, tmp_path / "beside" / "index.html", world[1])
    assert panels_of(plain) == set()
    assert pages_of(beside) == pages_of(plain)


def test_a_folder_without_truth_changes_nothing(world, tmp_path):
    plain = write_report(world[0], tmp_path / "plain" / "index.html")
    beside = write_report(world[0], tmp_path / "beside" / "index.html", tmp_path / "truth")
    assert panels_of(plain) == set()
    assert pages_of(beside) == pages_of(plain)


def pages_of(page: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in page.parent.glob("*.html")}
