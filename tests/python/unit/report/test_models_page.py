"""The page of models: dbt's documentation beside the report, of what was built and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from orchestration.labels import LANGUAGES
from orchestration.report import write_report
from orchestration.report.labels import labels
from orchestration.report.models import catalog, main, shown, write_models

ORDERS = "model.regulars.orders"
MANIFEST = {
    "metadata": {"project_name": "regulars", "send_anonymous_usage_stats": True},
    "nodes": {
        ORDERS: {
            "unique_id": ORDERS,
            "resource_type": "model",
            "package_name": "regulars",
            "name": "orders",
            "database": "warehouse",
            "schema": "marts",
            "description": "Every order. </script> One row per order.",
            "columns": {"order_id": {"name": "order_id", "data_type": "string"}},
            "compiled_path": "/home/somebody/orders.sql",
            "root_path": "/home/somebody",
        }
    },
    "sources": {},
    "macros": {},
    "disabled": {"model.regulars.off": [{"name": "off"}]},
    "unit_tests": {"unit_test.regulars.orders.a_case": {"given": [{"rows": ["13800138000"]}]}},
}


def test_the_page_holds_the_manifest_and_no_text_ends_its_script(tmp_path: Path) -> None:
    page = write_models(MANIFEST, tmp_path).read_text("utf-8")
    assert "INLINE DATA" not in page
    assert r"Every order. \u003c/script>" in page
    assert "Every order. </script>" not in page


def test_readers_see_no_case_of_a_unit_test_and_no_path_of_this_machine(tmp_path: Path) -> None:
    page = write_models(MANIFEST, tmp_path).read_text("utf-8")
    assert "13800138000" not in page and "/home/somebody" not in page
    assert MANIFEST["nodes"][ORDERS]["root_path"], "what is not shown must stay in the manifest"


def test_the_page_calls_nobody() -> None:
    """dbt's page loads a script that counts visits, where its manifest lets it."""
    assert shown(MANIFEST)["metadata"]["send_anonymous_usage_stats"] is False


def test_columns_have_the_types_of_their_contract() -> None:
    [column] = catalog(MANIFEST)["nodes"][ORDERS]["columns"].values()
    assert (column["name"], column["type"], column["index"]) == ("order_id", "string", 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_trust_links_to_it_where_it_is(regulars, tmp_path, language) -> None:
    words = getattr(labels()["page"]["models"], language)
    trust = write_report(regulars, tmp_path / "index.html").with_name("trust.html")
    assert words not in trust.read_text("utf-8")
    write_models(MANIFEST, tmp_path)
    write_report(regulars, tmp_path / "index.html")
    assert '<a href="models.html">' in trust.read_text("utf-8")
    assert words in trust.read_text("utf-8")
    assert words not in trust.with_name("figures.html").read_text("utf-8")


def test_who_has_built_nothing_is_told_what_to_do(monkeypatch, tmp_path, capsys) -> None:
    monkeypatch.setenv("REGULARS_DATA", str(tmp_path))
    with pytest.raises(SystemExit) as stopped:
        main([])
    assert stopped.value.code == 1
    assert "regulars run" in capsys.readouterr().err


def test_a_manifest_of_a_refresh_is_written(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("REGULARS_DATA", str(tmp_path))
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "manifest.json").write_text(json.dumps(MANIFEST))
    (tmp_path / "target" / "run_results.json").write_text("{}")
    with pytest.raises(SystemExit) as stopped:
        main([])
    assert stopped.value.code == 0
    assert (tmp_path / "report" / "models.html").exists()
