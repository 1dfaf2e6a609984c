"""The report is to be seen beside Dagster's page, and nothing else of the data."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path

import pytest

from orchestration.project import Project
from orchestration.serving import VARIABLE, report_url, serve


def test_the_report_is_served_and_no_list_of_files(tmp_path: Path):
    folder = tmp_path / "report"
    (folder / "inner").mkdir(parents=True)
    (folder / "index.html").write_text("店铺")
    (tmp_path / "warehouse.duckdb").write_text("private")
    server = serve(folder, 0)
    try:
        address = f"http://127.0.0.1:{server.server_address[1]}"
        with urllib.request.urlopen(f"{address}/index.html") as page:
            assert page.read().decode() == "店铺"
        for path in ("inner/", "../warehouse.duckdb", "%2e%2e/warehouse.duckdb"):
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(f"{address}/{path}")
            assert refused.value.code == 404
        for host in ("rebound.example.com", "127.0.0.1.example.com", "[", ""):
            asked = urllib.request.Request(f"{address}/index.html", headers={"Host": host})
            with pytest.raises(urllib.error.HTTPError) as refused:
                urllib.request.urlopen(asked)
            assert refused.value.code == 421
    finally:
        server.shutdown()
        server.server_close()


def test_a_link_leads_where_it_is_served_and_else_to_the_file(tmp_path, monkeypatch):
    project = Project(tmp_path, tmp_path)
    monkeypatch.delenv(VARIABLE, raising=False)
    assert report_url(project) == project.report.as_uri()
    monkeypatch.setenv(VARIABLE, "https://report.example/")
    assert report_url(project) == "https://report.example/"
