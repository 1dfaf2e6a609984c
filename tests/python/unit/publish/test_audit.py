"""A build may be published when each node of its manifest ran and none failed: nothing less."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orchestration.publish.audit import audit

Artifacts = dict[str, Any]


@pytest.fixture
def audit_after(good_target: Path, tmp_path: Path) -> Callable[..., Any]:
    """Audits the good build after a change of its manifest and its results."""

    def audit_changed(change: Callable[[Artifacts, Artifacts], object]) -> Any:
        target = Path(shutil.copytree(good_target, tmp_path / "target"))
        paths = [target / "manifest.json", target / "run_results.json"]
        artifacts = [json.loads(path.read_text()) for path in paths]
        change(*artifacts)
        for path, artifact in zip(paths, artifacts, strict=True):
            path.write_text(json.dumps(artifact))
        return audit(target)

    return audit_changed


def result(run: Artifacts, name: str) -> Artifacts:
    return next(result for result in run["results"] if name in result["unique_id"].split("."))


def test_a_good_build_passes_and_tells_its_warnings(good_target):
    verdict = audit(good_target)
    assert verdict.passed
    assert verdict.check_count == 6
    assert verdict.warnings == (
        "The check visits_are_few of customers found 1 failing row: see models/marts/marts.yml.",
    )


def test_a_broken_build_is_refused_for_each_failure_and_then_for_what_was_skipped(broken_target):
    verdict = audit(broken_target)
    assert not verdict.passed
    assert sorted(verdict.reasons[:2]) == [
        "The check visits_are_known of customers found 1 failing row (Nobody never came): "
        "see models/marts/marts.yml.",
        "The model mails ended with status error: see dbt's log and models/marts/mails.sql.",
    ]
    assert verdict.reasons[2:] == ("4 nodes after these were skipped: mend what failed first.",)


def test_reasons_hold_no_value_of_a_row(broken_target):
    results = (broken_target / "run_results.json").read_text()
    assert "b@mail.example" in results, "dbt's own message does hold one"
    assert "mail.example" not in str(audit(broken_target))


def test_a_node_without_result_is_a_reason(audit_after):
    verdict = audit_after(lambda _, run: run["results"].remove(result(run, "visits")))
    assert verdict.reasons == (
        "The model visits did not run: "
        "build everything again with `regulars run`, without leaving anything out.",
    )


def test_a_check_without_result_is_a_reason(audit_after):
    verdict = audit_after(lambda _, run: run["results"].remove(result(run, "visits_are_known")))
    assert "The check visits_are_known of customers did not run" in verdict.reasons[0]


def test_a_build_without_any_check_is_refused(audit_after):
    def drop_checks(manifest: Artifacts, run: Artifacts) -> None:
        for unique_id in [id for id in manifest["nodes"] if id.startswith("test.")]:
            del manifest["nodes"][unique_id]
        run["results"] = [r for r in run["results"] if not r["unique_id"].startswith("test.")]

    verdict = audit_after(drop_checks)
    assert verdict.reasons == (
        "No data test ran, so nothing vouches for the marts: build with the tests.",
    )


def test_a_warning_of_a_check_that_blocks_is_a_reason(audit_after):
    def warn(_: Artifacts, run: Artifacts) -> None:
        result(run, "visits_are_known").update(status="warn", failures=2)

    assert "found 2 failing rows" in audit_after(warn).reasons[0]


def test_a_warning_below_the_threshold_of_a_check_is_none(audit_after):
    def warn_below_threshold(manifest: Artifacts, run: Artifacts) -> None:
        check = result(run, "visits_are_known")
        check.update(status="warn", failures=2)
        manifest["nodes"][check["unique_id"]]["config"]["error_if"] = "> 10"

    assert audit_after(warn_below_threshold).passed


@pytest.mark.parametrize("status", ["error", "runtime error", "partial success", "unheard of"])
def test_any_status_but_a_good_one_is_a_reason(audit_after, status):
    verdict = audit_after(lambda _, run: result(run, "people").update(status=status))
    assert verdict.reasons == (
        f"The seed people ended with status {status}: see dbt's log and seeds/people.csv.",
    )


@pytest.mark.parametrize("command", ["run", "test", "compile", "retry"])
def test_only_a_build_is_audited(audit_after, command):
    verdict = audit_after(lambda _, run: run["args"].update(which=command))
    assert f"`dbt {command}`" in verdict.reasons[0]


def test_a_build_of_no_rows_is_refused(audit_after):
    verdict = audit_after(lambda _, run: run["args"].update(empty=True))
    assert "--empty" in verdict.reasons[0]


def test_results_of_another_invocation_are_refused(audit_after):
    """As after a kill: the new manifest is there, the results are those of yesterday."""
    verdict = audit_after(lambda manifest, _: manifest["metadata"].update(invocation_id="today's"))
    assert "two dbt invocations" in verdict.reasons[0]


@pytest.mark.parametrize("name", ["manifest.json", "run_results.json"])
def test_a_missing_or_damaged_artifact_is_a_reason(good_target, tmp_path, name):
    target = Path(shutil.copytree(good_target, tmp_path / "target"))
    (target / name).write_text('{"metadata": {')
    assert "are damaged" in audit(target).reasons[0]
    (target / name).unlink()
    assert f"There is no {name} in target/" in audit(target).reasons[0]
