"""What of the target `cluster` needs no cluster."""

from __future__ import annotations

import socket
from pathlib import Path

from click.testing import CliRunner

from orchestration import spark
from orchestration.cluster import HERE, main
from orchestration.project import ROOT, Project


def test_its_files_go_through_a_link_and_nobody_elses(tmp_path: Path) -> None:
    there, project = tmp_path / "share", Project(ROOT, tmp_path / "data", "cluster")
    table, other = there / "marts.db" / "orders", there / "of_others" / "orders"
    for folder in (table, other, project.target):
        folder.mkdir(parents=True)
    project.results.touch()
    project.warehouse.symlink_to(there)
    project.remove_warehouse()
    assert not table.exists()
    assert other.exists() and table.parent.exists() and project.warehouse.is_symlink()
    assert not project.results.exists(), "or they would vouch for a warehouse without files"


def test_what_a_server_says_of_its_own_code_is_left_out() -> None:
    told = "Error running query: no\n such table\n\tat org.apache.A.b(A.scala:1)\n at java.C.d"
    assert spark.without_frames(told) == "Error running query: no such table"
    assert spark.without_frames("Bought at Org. Shop") == "Bought at Org. Shop"


def test_what_is_missing_to_speak_to_a_cluster_is_told(monkeypatch) -> None:
    monkeypatch.setattr(spark, "find_spec", lambda name: None)
    assert "pip's [cluster]" in spark.missing("cluster")
    monkeypatch.setattr(spark, "find_spec", lambda name: name)
    monkeypatch.setenv("PATH", "")
    assert spark.missing("cluster") is None, "Java is where the cluster is"


def test_a_port_that_is_taken_is_told(monkeypatch) -> None:
    monkeypatch.setattr(spark, "missing", lambda: None)
    with socket.create_server((HERE, 0)) as server:
        port = server.getsockname()[1]
        told = CliRunner().invoke(main, ["--port", str(port)])
    assert told.exit_code == 1
    assert f"Something listens at {port} already" in told.output
