"""The bundle for Superset fits the marts, each dataset, column, metric and chart of it, and is
whole in both languages. `make bi-test` shows it in Superset."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from zipfile import ZipFile

import duckdb
import pytest
import yaml
from dashboards.asked import column_sql, question, source

from orchestration.labels import LANGUAGES, Text, read_labels
from orchestration.publish.marts import marts_of
from orchestration.superset.bundle import FOLDER, Bundle, write_bundle

ELSEWHERE = "duckdb:////path/to/published/current.duckdb"
CHINESE = re.compile("[\u4e00-\u9fff]")
SOURCES = [FOLDER / "words.yml", FOLDER / "datasets.yml", *(FOLDER / "dashboards").glob("*.yml")]


@pytest.fixture(scope="module")
def files(manifest: dict) -> dict[str, Any]:
    return dict(Bundle.of(manifest).contents(ELSEWHERE))


@pytest.fixture(scope="module")
def datasets(files: dict) -> dict[str, Any]:
    found = (content for path, content in files.items() if path.startswith("datasets/"))
    return {dataset["uuid"]: dataset for dataset in found}


@pytest.fixture(scope="module")
def charts(files: dict) -> list[Any]:
    return [content for path, content in files.items() if path.startswith("charts/")]


@pytest.fixture(scope="module")
def empty_marts(manifest: dict) -> Iterator[duckdb.DuckDBPyConnection]:
    """The marts as the manifest promises them, without a row."""
    marts = {mart.name for mart in marts_of(manifest)}
    with duckdb.connect() as connection:
        connection.execute("create schema marts")
        for node in manifest["nodes"].values():
            if node["resource_type"] == "model" and node["alias"] in marts:
                columns = [f"{name} {each['data_type']}" for name, each in node["columns"].items()]
                connection.execute(f"create table marts.{node['alias']} ({', '.join(columns)})")
        yield connection


def texts(node: Any) -> Iterator[Text]:
    if isinstance(node, Text):
        yield node
    elif isinstance(node, Mapping | list):
        for child in node.values() if isinstance(node, Mapping) else node:
            yield from texts(child)


def test_every_mart_is_a_dataset_that_says_what_its_yaml_says(manifest, datasets):
    by_name = {dataset["table_name"]: dataset for dataset in datasets.values()}
    for mart in marts_of(manifest):
        dataset = by_name[mart.name]
        assert dataset["description"] == " ".join(mart.description.split())
        said = {column["column_name"]: column["description"] for column in dataset["columns"]}
        for name, description in mart.column_descriptions.items():
            assert said[name] == " ".join(description.split()), f"{mart.name}.{name}"


def test_every_column_and_metric_of_a_dataset_can_be_asked(datasets, empty_marts):
    for dataset in datasets.values():
        for column in dataset["columns"]:
            asked = column_sql(column["column_name"], dataset)
            empty_marts.execute(f"select {asked} from {source(dataset)}")
        for metric in dataset["metrics"]:
            empty_marts.execute(f"select {metric['expression']} from {source(dataset)}")


def test_every_chart_can_be_asked(charts, datasets, empty_marts):
    for chart in charts:
        empty_marts.execute(question(chart, datasets[chart["dataset_uuid"]]))


def test_what_a_campaign_brought_is_told_of_each_campaign_and_arm(charts, datasets, empty_marts):
    """Of two arms, and of two years' campaigns of one name: intervals can't be put together."""
    told = [("a:1", "treatment"), ("a:1", "other"), ("a:2", "treatment")]
    empty_marts.executemany(
        "insert into marts.campaign_results (campaign_id, campaign_name, channel, arm, verdict_en,"
        " verdict_zh) values ($1, 'Singles day', 'sms', $2, 'It works', '有效')",
        told,
    )
    found = {}
    for chart in charts:
        dataset = datasets[chart["dataset_uuid"]]
        if dataset["table_name"] == "campaign_results":
            asked = question(chart, dataset)
            found[chart["uuid"]] = len(empty_marts.execute(asked).fetchall())
    empty_marts.execute("delete from marts.campaign_results")
    assert len(found) == 4 and set(found.values()) == {len(told)}


def test_what_the_semantic_layer_measures_on_published_cells_is_a_metric(manifest, datasets):
    in_cells = {
        name
        for metric in manifest["metrics"].values()
        if metric["config"]["meta"].get("cells")
        for name in (metric["name"], f"{metric['name']}_zh")
    }
    for mart in ("kpi_daily", "kpi_monthly"):
        [dataset] = [each for each in datasets.values() if each["table_name"] == mart]
        assert in_cells <= {metric["metric_name"] for metric in dataset["metrics"]}


def test_charts_and_filters_use_what_their_dataset_has(files, datasets):
    for path, dashboard in files.items():
        if path.startswith("dashboards/"):
            for each in dashboard["metadata"]["native_filter_configuration"]:
                for target in each["targets"]:
                    if target:
                        column_sql(target["column"]["name"], datasets[target["datasetUuid"]])


def test_each_dashboard_is_there_in_both_languages_with_the_same_charts(files):
    names = {path.stem for path in (FOLDER / "dashboards").glob("*.yml")}
    for name in names:
        of_languages = [files[f"dashboards/{name}_{language}.yaml"] for language in LANGUAGES]
        counts = {
            sum(
                isinstance(place, dict) and place["type"] == "CHART"
                for place in each["position"].values()
            )
            for each in of_languages
        }
        assert len(counts) == 1, name


def test_every_chinese_text_is_chinese():
    for path in SOURCES:
        for text in texts(read_labels(path)):
            assert text.en.strip() and CHINESE.search(text.zh), (path.name, text)


def test_no_english_text_stands_in_a_chinese_chart(files):
    for path, content in files.items():
        if path.startswith(("charts/", "dashboards/")) and path.endswith("_zh.yaml"):
            title = content.get("slice_name") or content["dashboard_title"]
            assert CHINESE.search(title), path


def test_every_chart_stands_on_one_dashboard_under_its_own_id(files, charts):
    placed = [
        place["meta"]["uuid"]
        for path, dashboard in files.items()
        if path.startswith("dashboards/")
        for place in dashboard["position"].values()
        if isinstance(place, dict) and place["type"] == "CHART"
    ]
    assert sorted(placed) == sorted(chart["uuid"] for chart in charts)
    assert len(set(placed)) == len(placed)


def test_rows_of_a_dashboard_fill_its_width(files):
    for path, dashboard in files.items():
        if path.startswith("dashboards/"):
            for row in dashboard["position"].values():
                if isinstance(row, dict) and row["type"] == "ROW":
                    places = (dashboard["position"][child] for child in row["children"])
                    assert sum(place["meta"]["width"] for place in places) == 12, (path, row["id"])


def test_the_same_manifest_gives_the_same_zip(manifest, tmp_path):
    for name in ("one.zip", "other.zip"):
        write_bundle(Bundle.of(manifest).contents(ELSEWHERE), tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "other.zip").read_bytes()


def test_what_is_written_is_yaml_that_says_the_same(files, tmp_path):
    few = {path: files[path] for path in ("metadata.yaml", "dashboards/monday_zh.yaml")}
    write_bundle(few, tmp_path / "few.zip")
    with ZipFile(tmp_path / "few.zip") as bundle:
        for path, content in few.items():
            assert yaml.safe_load(bundle.read(f"regulars/{path}")) == content
