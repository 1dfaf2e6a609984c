"""The bundle in a real Superset: every chart of every dashboard draws what the marts hold, roles
see their rows and columns, a new publication is seen at once, and nothing but the file is read."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from conftest import Shop
from dashboards.asked import Content, names, question
from dashboards.server import (
    PYTHON,
    Superset,
    Visitor,
    run,
    settings,
    superset,
    superset_of_somebody,
    write_bundles,
)
from pictures.drawing import draw
from playwright.sync_api import Browser, Page, Response

from orchestration.artifacts import Artifacts
from orchestration.labels import LANGUAGES
from orchestration.landing.keyed import VARIABLE
from orchestration.project import Project
from orchestration.publish.generations import generations
from orchestration.roles import publish_roles
from orchestration.superset.bundle import Bundle
from orchestration.superset.charts import Chart

pytestmark = pytest.mark.long

ROLES = {
    "stores_west": {
        "rows": {"region": ["west"]},
        "marts": ["store_daily", "orders", "customers", "stores"],
        "whole": ["products"],
        "columns": {"customer_id": "pseudonym"},
    },
    "merchandise": {"marts": ["products", "inventory_health", "stores"]},
}
REGIONS = "Net sales by region and month"
PAGE = {"width": 1400, "height": 1000}
PATIENCE = 120_000  # milliseconds, of a machine that does much else


@pytest.fixture(scope="module")
def project(world: Shop, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """What was published of the demo world, to be read and to be published again, with roles."""
    folder = tmp_path_factory.mktemp("superset")
    shutil.copytree(world.data / "published", folder / "data" / "published", symlinks=True)
    shutil.copytree(world.data / "target", folder / "data" / "target")
    project = Project(folder, folder / "data")
    project.roles.mkdir()
    for name, role in ROLES.items():
        (project.roles / f"{name}.yml").write_text(yaml.safe_dump(role))
    return project


@pytest.fixture(scope="module")
def manifest(project: Project) -> Mapping[str, Any]:
    return Artifacts.read(project.target).manifest


@pytest.fixture(scope="module")
def environment(project: Project, manifest: Mapping[str, Any]) -> Mapping[str, str]:
    """By what commands know the project, whose roles have their files."""
    variables = {
        "REGULARS_PROJECT": str(project.root),
        "REGULARS_DATA": str(project.data),
        VARIABLE: "k" * 32,
    }
    with pytest.MonkeyPatch.context() as here:
        here.setenv(VARIABLE, variables[VARIABLE])
        publish_roles(project, manifest, print)
    return variables


@pytest.fixture(scope="module")
def running(project: Project, environment: Mapping[str, str]) -> Iterator[Superset]:
    with superset(project.data / "superset", environment) as started:
        yield started


@dataclass(frozen=True)
class Opened:
    """A dashboard as a browser drew it: what its charts were answered, by their ids, and what went
    wrong."""

    answers: Mapping[str, list[Mapping[str, Any]]]
    complaints: list[str]


def open_dashboard(page: Page, address: str, slug: str, titles: int) -> Opened:
    answers: dict[str, list[Mapping[str, Any]]] = {}
    complaints: list[str] = []

    def note(response: Any) -> None:
        if "/api/v1/chart/data" not in response.url:
            return
        if response.status != 200:
            complaints.append(f"{response.status}: {response.text()[:300]}")
            return
        form = response.request.post_data_json["form_data"]
        if "slice_id" in form:
            answers[form["slice_id"]] = response.json()["result"][0]["data"]

    page.on("response", note)
    page.goto(f"{address}/superset/dashboard/{slug}/")
    page.wait_for_selector(".grid-container")
    # Charts below the fold are asked for once they come into sight.
    page.set_viewport_size({"width": PAGE["width"], "height": 4000})
    page.wait_for_function(
        "count => document.querySelectorAll('.slice_container').length >= count", arg=titles
    )
    page.wait_for_load_state("networkidle")
    name = slug.replace("-", "_").replace("regulars", "superset")
    draw(f"{name}.png", lambda path: picture(page, path))
    page.set_viewport_size(PAGE)
    page.remove_listener("response", note)
    for error in page.locator("[role=alert]").all_inner_texts():
        complaints.append(error)
    return Opened(answers, complaints)


def picture(page: Page, path: Path) -> None:
    """A picture of the dashboard, as far down as its charts go, once they have come to rest."""
    page.wait_for_timeout(2_000)
    charts = [chart.bounding_box() for chart in page.locator(".slice_container").all()]
    bottom = max(chart["y"] + chart["height"] for chart in charts)
    page.screenshot(path=path, clip={"x": 0, "y": 0, "width": PAGE["width"], "height": bottom + 32})


@pytest.fixture(scope="module")
def signed_in(browser: Browser, running: Superset) -> Iterator[Page]:
    page = browser.new_page(viewport=PAGE)
    page.set_default_timeout(PATIENCE)
    page.goto(f"{running.address}/login/")
    page.locator("#username").fill(running.administrator.name)
    page.locator("input[type=password]").fill(running.administrator.password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/welcome/**")
    yield page
    page.close()


@pytest.fixture(scope="module")
def bundle(manifest: Mapping[str, Any]) -> Bundle:
    return Bundle.of(manifest)


def plain(value: Any) -> Any:
    """A value as JSON of Superset and rows of DuckDB both say it."""
    if isinstance(value, Decimal | int | float) and not isinstance(value, bool):
        return round(float(value), 6)
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC).timestamp() * 1000.0
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC).timestamp() * 1000.0
    return value


def rows_of(drawn: list[dict], chart: Content, dataset: Content) -> Iterator[dict]:
    """The rows of a question, of an answer that has a column of its own for each series."""
    columns = names(chart, dataset)
    is_series = "x_axis" in chart["params"] and isinstance(chart["params"].get("groupby"), list)
    if not (is_series and chart["params"]["groupby"]):
        yield from ({name: row[name] for name in columns} for row in drawn)
        return
    x, _, metric = columns
    for row in drawn:
        for series in row.keys() - {x}:
            yield {x: row[x], "series": series, metric: row[series]}


def told(rows: Iterable[dict]) -> set[tuple]:
    """Rows that say anything: a series has nothing where the question has no row."""
    found = (tuple(map(plain, row.values())) for row in rows)
    return {row for row in found if row[-1] is not None}


def assert_is_what_the_marts_hold(
    answer: list[dict], chart: Chart, marts: duckdb.DuckDBPyConnection
) -> None:
    content, dataset = chart.content(), chart.dataset.content()
    expected = marts.execute(question(content, dataset)).fetchall()
    rows = told(dict(enumerate(row)) for row in expected)
    shown = told(rows_of(answer, content, dataset))
    assert shown, f"{chart.name} {chart.language} is empty"
    limit = content["params"]["row_limit"]
    assert len(shown) == min(len(rows), limit), (chart.name, chart.language)
    assert shown <= rows, (chart.name, chart.language, list(shown - rows)[:3])


def test_every_chart_of_every_dashboard_draws_what_the_marts_hold(
    running: Superset, signed_in: Page, bundle: Bundle, project: Project
) -> None:
    with duckdb.connect(project.published / "current.duckdb", read_only=True) as marts:
        for dashboard in bundle.dashboards:
            # Superset itself speaks the language of the dashboard.
            signed_in.goto(f"{running.address}/lang/{dashboard.language}")
            numbers = running.administrator.charts(dashboard.slug)
            opened = open_dashboard(
                signed_in, running.address, dashboard.slug, len(dashboard.charts)
            )
            assert not opened.complaints, (dashboard.slug, opened.complaints)
            for chart in dashboard.charts:
                drawn = opened.answers[numbers[chart.title]]
                assert_is_what_the_marts_hold(drawn, chart, marts)


def test_every_chart_answers_the_same_without_a_page(
    running: Superset, bundle: Bundle, project: Project
) -> None:
    """Alerts, reports and scripts ask so, of charts that nobody has saved."""
    visitor = running.administrator
    with duckdb.connect(project.published / "current.duckdb", read_only=True) as marts:
        for dashboard in bundle.dashboards:
            numbers = visitor.charts(dashboard.slug)
            for chart in dashboard.charts:
                answer = visitor.data(numbers[chart.title])
                assert_is_what_the_marts_hold(answer, chart, marts)
                # Its columns have the names that people read.
                assert len(visitor.csv(numbers[chart.title])) == len(answer), chart.name


def test_a_filter_brings_the_cells_of_what_is_chosen(
    running: Superset, signed_in: Page, bundle: Bundle, project: Project
) -> None:
    """Of people who buy in the mini program, not of all less those elsewhere."""
    [monday] = [each for each in bundle.dashboards if each.slug == "regulars-monday-en"]
    revenue = running.administrator.charts(monday.slug)["Net revenue"]

    def is_revenue(response: Response) -> bool:
        if "/api/v1/chart/data" not in response.url:
            return False
        return response.request.post_data_json["form_data"].get("slice_id") == revenue

    signed_in.goto(f"{running.address}/lang/en")
    with signed_in.expect_response(is_revenue):
        signed_in.goto(f"{running.address}/superset/dashboard/{monday.slug}/")
    signed_in.wait_for_load_state("networkidle")
    signed_in.locator("[data-test='filter-bar'] .ant-select").first.click()
    signed_in.locator(".ant-select-item-option", has_text="Mini program").click()
    signed_in.keyboard.press("Escape")
    with signed_in.expect_response(is_revenue) as answered:
        signed_in.get_by_role("button", name="Apply filters").click()
    drawn = answered.value.json()["result"][0]["data"]
    with duckdb.connect(project.published / "current.duckdb", read_only=True) as marts:
        [(sold,)] = marts.execute("""
            select sum(value) from marts.kpi_daily
            where kpi = 'net_revenue' and channel = 'mini_program'
                and region = 'all' and customer_type = 'all'
        """).fetchall()
    assert sum(row["net_revenue"] or 0 for row in drawn) == pytest.approx(sold)


def test_a_metric_of_all_cells_is_that_of_the_orders(
    running: Superset, project: Project, bundle: Bundle
) -> None:
    """Net revenue of all months, asked without a word of channels and regions."""
    visitor = running.administrator
    [revenue] = [
        figure.sql
        for figure in bundle.datasets["kpi_monthly"].figures
        if figure.name == "net_revenue"
    ]
    [asked] = visitor.answers(visitor.datasets()["Regulars.kpi_monthly"], revenue)
    with duckdb.connect(project.published / "current.duckdb", read_only=True) as marts:
        [(orders,)] = marts.execute("select sum(net_amount) from marts.orders").fetchall()
    assert asked["answer"] == pytest.approx(float(orders))


def assert_sees_the_west_alone(manager: Visitor, project: Project) -> None:
    """On the datasets of all, in charts of their own and in those of everybody's dashboards."""
    datasets = manager.datasets()
    assert "Regulars.kpi_monthly" not in datasets and "Regulars.customers" not in datasets
    seen = manager.answers(datasets["Regulars.shop_days"], "sum(net_amount)", ["region"])
    with duckdb.connect(project.published / "current.duckdb", read_only=True) as marts:
        [(west,)] = marts.execute("""
            select sum(net_amount) from marts.store_daily
            where store_id in (select store_id from marts.stores where region = 'west')
        """).fetchall()
    assert [row["region"] for row in seen] == ["west"]
    assert seen[0]["answer"] == pytest.approx(float(west))
    months = manager.data(manager.charts("regulars-shops-and-shelves-en")[REGIONS])
    assert all(row.keys() == {"calendar_day", "West"} for row in months)
    assert sum(row["West"] for row in months) == pytest.approx(float(west))


def assert_finds_what_it_sees_in_part(manager: Visitor) -> None:
    """On its own file, under a name of its own."""
    own = manager.datasets()["Regulars: stores_west.customers of stores_west"]
    columns = {each["column_name"] for each in manager.get(f"dataset/{own}")["result"]["columns"]}
    assert "customer_id" in columns and not {"city", "gender"} & columns
    assert manager.answers(own, "count(*)")[0]["answer"] > 0
    assert manager.ask(own, "max(city)").status_code == 400


def test_a_role_sees_its_rows_and_what_it_sees_in_part(running: Superset, project: Project) -> None:
    manager = running.visitor("west", ["Gamma", "Regulars: stores_west"])
    assert_sees_the_west_alone(manager, project)
    assert_finds_what_it_sees_in_part(manager)


def test_a_role_without_rows_or_another_s_datasets_sees_all_rows_of_its_own(
    running: Superset,
) -> None:
    buyer = running.visitor("buyer", ["Gamma", "Regulars: merchandise"])
    datasets = buyer.datasets()
    assert set(datasets) == {
        *("Regulars.products", "Regulars.inventory_health", "Regulars.shelves"),
        "Regulars.stores",
    }
    regions = buyer.answers(datasets["Regulars.shelves"], "count(*)", ["region"])
    assert len(regions) > 1
    everybodys = running.administrator.datasets()["Regulars.customer_360"]
    assert buyer.ask(everybodys, "count(*)").status_code == 403


@pytest.mark.parametrize(
    "attempt",
    [
        "create table marts.mine (x int)",
        "insert into marts.stores select * from marts.stores",
        "copy marts.stores to '/tmp/regulars_leak.csv'",
        "select * from read_text('/etc/hostname')",
        "attach '/tmp/other.duckdb'",
        "set enable_external_access = true",
        "select * from read_csv('../superset/superset.db')",
    ],
)
def test_nothing_but_the_file_is_read_and_nothing_is_written(
    running: Superset, attempt: str
) -> None:
    databases = running.administrator.get("database/")["result"]
    [database] = [each["id"] for each in databases if each["database_name"] == "Regulars"]
    told = {"database_id": database, "sql": attempt, "runAsync": False, "schema": "marts"}
    answer = running.administrator.post("sqllab/execute/", told)
    assert answer.status_code >= 400, answer.text
    assert not Path("/tmp/regulars_leak.csv").exists()


def test_what_is_published_next_is_seen_at_once(running: Superset, project: Project) -> None:
    visitor = running.administrator
    stores = visitor.datasets()["Regulars.stores"]
    [before] = visitor.answers(stores, "count(*)")
    current = project.published / "current"
    [generation, *_] = generations(project.published)
    following = project.published / "generations" / "999999-00000000"
    shutil.copytree(current.resolve(), following)
    file = following / "regulars.duckdb"
    file.chmod(0o644)
    with duckdb.connect(file) as marts:
        marts.execute("delete from marts.stores where region = 'west'")
    fresh = project.published / ".next"
    fresh.symlink_to(f"generations/{following.name}")
    fresh.replace(current)
    try:
        [after] = visitor.answers(stores, "count(*)")
    finally:
        fresh.symlink_to(f"generations/{generation.id}")
        fresh.replace(current)
    [again] = visitor.answers(stores, "count(*)")
    assert 0 < after["answer"] < before["answer"] == again["answer"]


def test_all_of_the_bundle_is_there_once(running: Superset, bundle: Bundle) -> None:
    counts = {
        kind: running.administrator.get(f"{kind}/?q=(page_size:1)")["count"]
        for kind in ("chart", "dashboard")
    }
    assert counts["dashboard"] == 4 * len(LANGUAGES) == len(bundle.dashboards)
    assert counts["chart"] == sum(len(dashboard.charts) for dashboard in bundle.dashboards)


def test_any_superset_imports_the_zip_and_then_its_roles(
    bundle: Bundle, project: Project, environment: Mapping[str, str], tmp_path: Path
) -> None:
    bundles = tmp_path / "bundles"
    write_bundles(bundles, environment, "--data", str(project.data))
    roles = (str(PYTHON), "bi/roles.py", str(bundles / "roles.zip"), "--username", "ann")
    with superset_of_somebody(tmp_path / "home") as theirs:
        ann = theirs.administrator
        imported = ann.upload("dashboard/import/", bundles / "regulars.zip")
        assert imported.status_code == 200, imported.text
        assert ann.get("dashboard/")["count"] == len(bundle.dashboards)
        assert len(ann.datasets()) == len(bundle.datasets)
        for _ in range(2):
            run(settings(tmp_path / "home"), *roles)
        assert ann.get("rowlevelsecurity/")["count"] == 2
        manager = theirs.visitor("west", ["Gamma", "Regulars: stores_west"])
        assert_sees_the_west_alone(manager, project)
        assert_finds_what_it_sees_in_part(manager)
