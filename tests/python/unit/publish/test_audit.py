"""A build may be published when each node of its manifest ran and none failed: nothing less."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from orchestration.artifacts import Artifacts, NoArtifacts
from orchestration.publish.audit import Witness, audit
from orchestration.publish.rules import BrokenRule, broken_rules

Json = dict[str, Any]


@pytest.fixture
def audit_after(good_target: Path) -> Callable[..., Any]:
    """Audits the good build after a change of its manifest and its results."""

    def audit_changed(change: Callable[[Json, Json], object]) -> Any:
        artifacts = Artifacts.read(good_target)
        change(artifacts.manifest, artifacts.run)
        return audit(artifacts)

    return audit_changed


def result(run: Json, name: str) -> Json:
    return next(result for result in run["results"] if name in result["unique_id"].split("."))


def test_a_good_build_passes_and_tells_its_warnings(good_target):
    artifacts = Artifacts.read(good_target)
    verdict = audit(artifacts)
    assert verdict.passed
    assert artifacts.check_count == 6
    assert verdict.warnings == (
        "The check visits_are_few of customers found 1 failing row: see models/marts/marts.yml.",
    )


def test_a_broken_build_is_refused_for_each_failure_and_then_for_what_was_skipped(broken_target):
    verdict = audit(Artifacts.read(broken_target))
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
    assert "mail.example" not in str(audit(Artifacts.read(broken_target)))


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
    def drop_checks(manifest: Json, run: Json) -> None:
        for unique_id in [id for id in manifest["nodes"] if id.startswith("test.")]:
            del manifest["nodes"][unique_id]
        run["results"] = [r for r in run["results"] if not r["unique_id"].startswith("test.")]

    verdict = audit_after(drop_checks)
    assert verdict.reasons == (
        "No data test ran, so nothing vouches for the marts: build with the tests.",
    )


def test_a_warning_of_a_check_that_blocks_is_a_reason(audit_after):
    def warn(_: Json, run: Json) -> None:
        result(run, "visits_are_known").update(status="warn", failures=2)

    assert "found 2 failing rows" in audit_after(warn).reasons[0]


def test_a_warning_below_the_threshold_of_a_check_is_none(audit_after):
    def warn_below_threshold(manifest: Json, run: Json) -> None:
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


def test_a_node_for_which_the_disk_was_full_says_so(audit_after):
    """Its message may hold values of rows, and is not told otherwise."""
    said = {"status": "error", "message": "IO Error: 'ann': No space left on device"}
    verdict = audit_after(lambda _, run: result(run, "people").update(said))
    [reason] = verdict.reasons
    assert reason.startswith("The seed people ended with status error (No space left on device): ")


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
    with pytest.raises(NoArtifacts, match="is damaged"):
        Artifacts.read(target)
    (target / name).unlink()
    with pytest.raises(NoArtifacts, match=f"There is no {name} in target/"):
        Artifacts.read(target)


def test_later_results_go_before_earlier_ones_and_the_rest_stands(good_target, tmp_path):
    """As when what reads the parameters is built again: both builds are judged as one."""
    whole = Artifacts.read(good_target)
    again = [
        {**each, "status": "error"} for each in whole.run["results"] if "mails" in each["unique_id"]
    ]
    part = replace(whole, run={**whole.run, "results": again})
    assert len(audit(part).reasons) > len(again)
    both = part.after(whole)
    assert both.results.keys() == whole.results.keys()
    assert len(audit(both).reasons) == len(again)
    target = Path(shutil.copytree(good_target, tmp_path / "target"))
    both.write_results(target)
    assert Artifacts.read(target).results == both.results


def test_a_failed_audit_names_the_rules_that_rows_break(audited_target):
    target, warehouse = audited_target
    verdict = audit(Artifacts.read(target), Witness(partial(broken_rules, warehouse)))
    assert verdict.reasons == (
        "The audit of visits: key (visit_id) is broken by 1 row, "
        "not_null (visit_id) is broken by 1 row, "
        "somebody_came is broken by 1 row: see models/marts/visits.yml.",
    )


def test_rules_that_can_t_be_asked_are_counted(audited_target, tmp_path):
    """As where only Spark knows a function: what dbt has found still stands."""
    target, _ = audited_target
    witness = Witness(partial(broken_rules, tmp_path / "none.duckdb"))
    verdict = audit(Artifacts.read(target), witness)
    assert verdict.reasons == ("The audit of visits: 3 rules broken: see models/marts/visits.yml.",)


def test_a_rule_says_how_often_it_is_broken():
    assert str(BrokenRule("net_is_what_is_left", 3)) == "net_is_what_is_left is broken by 3 rows"


def test_a_check_may_say_what_it_found(broken_target):
    """In place of its own words, and only where there is something to say of it."""
    said = {"visits_are_known": ("One never came.", "Ask them why.")}
    witness = Witness(why_it_failed=lambda name, sql: said.get(name, ()))
    verdict = audit(Artifacts.read(broken_target), witness)
    assert {"One never came.", "Ask them why."} < {*verdict.reasons}
    assert "visits_are_known" not in str(verdict.reasons)
