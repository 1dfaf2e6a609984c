"""What all commands share: examples in every help, one JSON object for scripts, completion."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from orchestration.cli import main
from orchestration.command_line import SHELLS, completion, examples
from orchestration.experiments import History, chance_of_one, plan
from orchestration.failures import RefreshFailed
from orchestration.fit.names import FITTED
from orchestration.progress import rewrite
from orchestration.project import ROOT, Project
from orchestration.refresh import Refresh
from orchestration.request import Request


def commands(group: click.Group = main, path: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, by what is typed of it behind `regulars`."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path}{name} ")
        else:
            yield f"{path}{name}", command


def run(*words: str, data: Path | None = None) -> click.testing.Result:
    return CliRunner().invoke(main, words, env={"REGULARS_DATA": str(data)} if data else None)


@pytest.mark.parametrize("path", ["", *(path for path, _ in commands())])
def test_every_help_shows_examples(path):
    done = run(*path.split(), "--help")
    assert done.exit_code == 0
    assert "Examples:" in done.output
    assert "--json" in done.output and "--quiet" in done.output


def test_examples_are_of_commands_and_of_all_of_them():
    assert examples().keys() == {"regulars", *(path for path, _ in commands())}


@pytest.mark.parametrize(
    "typed", [typed for of_command in examples().values() for typed in of_command]
)
def test_an_example_is_understood(typed, tmp_path, monkeypatch):
    """But for the files that it names, which are somebody's."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", StringIO("a@mail.example\n"))
    program, *words = shlex.split(typed.partition(" > ")[0])
    assert program == "regulars"
    context = main.make_context(program, words)
    while isinstance(context.command, click.Group):
        name, command, rest = context.command.resolve_command(
            context, [*context._protected_args, *context.args]
        )
        context = command.make_context(name, rest, parent=context)


@pytest.mark.parametrize("page", ["operations.md", "operations.zh-CN.md"])
def test_the_pages_of_operations_list_every_command_and_every_fit(page):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    fits = {f"fit {name}" for name in FITTED}
    named = {path for path, _ in commands()} | fits
    assert {path for path in named if not re.search(rf"`regulars {path}[` ]", text)} == set()


def test_the_version_is_that_of_the_package():
    assert run("--version").output == "regulars 0.2.0\n"


@pytest.mark.parametrize("words", [("--json", "doctor"), ("doctor", "--json")])
def test_a_script_gets_one_object_wherever_it_asks_for_it(words, tmp_path):
    done = run(*words, data=tmp_path)
    told = json.loads(done.stdout)
    assert (told["command"], told["exit_code"], told["messages"]) == ("doctor", 0, [])
    lock = next(each for each in told["findings"] if each["subject"] == "Lock")
    assert lock == {"subject": "Lock", "found": "free", "advice": None}
    assert "Lock: free" in told["lines"]


def test_a_refusal_is_told_to_scripts_too(tmp_path):
    done = run("--json", "run", "--as-of", "tomorrow", data=tmp_path)
    assert done.exit_code == 2
    assert json.loads(done.stdout)["messages"][0].endswith("write it as 2026-07-01.")
    failed = run("rollback", "--json", data=tmp_path)
    told = json.loads(failed.stdout)
    assert failed.exit_code == told["exit_code"] == 1
    assert "There is no earlier generation to roll back to" in told["messages"][0]
    assert "There is no earlier generation" in failed.stderr


def test_a_project_that_is_none_or_says_nothing_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("REGULARS_PROJECT", str(tmp_path))
    assert "set REGULARS_PROJECT to a folder with one" in run("land", data=tmp_path / "data").stderr
    (tmp_path / "dbt_project.yml").write_text("name: shop\n")
    assert "has no mapping `vars`" in run("land", data=tmp_path / "data").stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("run", "--known-at", "noon"), "'noon' is no instant: write it as 2026-07-01T09:30."),
        (("run", "--vars", "{rfm_windw_days: 9}"), "no variable 'rfm_windw_days': is it rfm_win"),
        (
            ("run", "--vars", "{rfm_window_days: abc}"),
            "takes a number, and not 'abc'",
        ),
        (("run", "--vars", "{rfm_window_days: true}"), "takes a number, and not True"),
        (("run", "--vars", "{quiet_weekdays: 1}"), "takes a list, such as [a, b], and not 1"),
        (("run", "--vars", "{retention_days: 9}"), "takes a mapping, such as {a: b}, and not 9"),
        (("run", "--vars", "{phone_country_code: 86}"), "takes text, in quotes where it is all"),
        (("run", "--vars", "{personalisation_needs_consent: 1}"), "true or false, and not 1"),
        (("run", "--sources", " , "), "--sources names none: name some, or leave it out"),
        (("run", "--example", "."), "There is no example '.': choose one of cdnow, "),
        (("check", "../pos"), "dbt_project.yml does not name '../pos'"),
        (("retain",), "There is no manifest.json in target/"),
    ],
)
def test_what_can_not_be_done_is_said_in_a_sentence_and_leaves_no_folder(words, message, tmp_path):
    done = run(*words, data=tmp_path / "data")
    assert done.exit_code in (1, 2) and isinstance(done.exception, SystemExit)
    assert message in done.stderr
    assert not (tmp_path / "data" / "check").exists() and not (tmp_path / "data" / "pos").exists()


@pytest.mark.parametrize(
    "given",
    [
        {"as_of_date": date(2026, 7, 1), "identity_comparisons": "sql", "known_at": None},
        {"self_audit_share": None, "rfm_window_days": 36.5, "ltv_discount_rate": 0},
        {"earliest_business_date": date(1990, 1, 1), "quiet_weekdays": [], "retention_days": {}},
    ],
)
def test_a_variable_takes_what_it_may_be(given, tmp_path):
    assert Request(Project(ROOT, tmp_path)).asking(given).variables == given


@pytest.mark.parametrize("words", [("retain",), ("retain", "--yes")])
def test_what_is_old_goes_also_after_a_build_that_has_not_ended(words, tmp_path):
    """Which feeds have consents stands in dbt's manifest, which is there without results."""
    target = tmp_path / "data" / "target"
    target.mkdir(parents=True)
    union = {
        "resource_type": "model",
        "name": "int_consents_delivered",
        "depends_on": {"nodes": []},
    }
    (target / "manifest.json").write_text(json.dumps({"sources": {}, "nodes": {"model": union}}))
    done = run(*words, data=tmp_path / "data")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "0 files and 0 batches of rows" in done.stdout


@pytest.mark.parametrize(
    ("columns", "line"), [("20", "订单.csv: 行"), ("9", "订单.csv"), ("4", "订")]
)
def test_what_is_told_is_cut_to_the_width_of_the_terminal(columns, line, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", columns)
    rewrite("订单.csv: 行")
    assert capsys.readouterr().err == f"\r{line}"


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_gets_a_script_that_it_can_read(shell):
    script = completion(main, "regulars", shell)
    assert f"_REGULARS_COMPLETE={shell}_complete" in script
    if shutil.which(shell):
        option = "--no-execute" if shell == "fish" else "-n"
        assert subprocess.run([shell, option], input=script, text=True).returncode == 0


@pytest.mark.parametrize(
    "typed, offered",
    [
        ("regulars ro", ["rollback"]),
        ("regulars run --fo", ["--force"]),
        ("regulars run --example ti", ["tiny"]),
        ("regulars check cr", ["crm"]),
        ("regulars audiences win_back_b", ["win_back_by_email"]),
        ("regulars completion f", ["fish"]),
    ],
)
def test_names_are_completed(typed, offered, monkeypatch):
    words = typed.split()
    monkeypatch.setitem(os.environ, "_REGULARS_COMPLETE", "bash_complete")
    monkeypatch.setitem(os.environ, "COMP_WORDS", typed)
    monkeypatch.setitem(os.environ, "COMP_CWORD", str(len(words) - 1))
    done = CliRunner().invoke(main, prog_name="regulars")
    assert [line.partition(",")[2] for line in done.output.splitlines()] == offered


@pytest.mark.parametrize(
    ("words", "is_forced", "is_verified"),
    [
        ([], False, False),
        (["--force"], True, False),
        (["--full-refresh"], True, False),
        (["--verify-files"], False, True),
    ],
)
def test_run_hands_on_what_it_is_asked(tmp_path, monkeypatch, words, is_forced, is_verified):
    asked = []

    def refresh(self, progress, force, verify):
        asked.append((force, verify))
        raise RefreshFailed(["that is all"])

    monkeypatch.setattr(Refresh, "run", refresh)
    done = run("run", *words, data=tmp_path)
    assert (done.exit_code, asked) == (1, [(is_forced, is_verified)])


def test_a_plan_has_as_many_who_do_it_as_a_result_asks_for(tmp_path, monkeypatch):
    """Ten in each arm, which are of a thousand where one of a hundred does it."""
    rare = History(1_000, 0.01, 0.01, 0, arrivals_a_day=10, event_share=0.01)
    monkeypatch.setattr("orchestration.experiments.history", lambda *words: rare)
    done = run("plan-experiment", "--effect", "10", data=tmp_path)
    assert done.exit_code == 0, done.output
    assert "2,000" in done.output


def test_a_plan_is_of_the_metric_the_power_the_share_and_the_silence_asked_for(
    tmp_path, monkeypatch
):
    """By the command, which has other names for them than what it calls."""
    asked = []

    def history(published, *words):
        asked.append(words)
        return History(1_000, mean=2, variance=1, correlation=0, arrivals_a_day=10)

    monkeypatch.setattr("orchestration.experiments.history", history)
    done = run(
        *("plan-experiment", "--metric", "buyers", "--days", "60", "--effect", "0.25"),
        *("--power", "0.9", "--control", "0.1", "--silent", "90"),
        data=tmp_path,
    )
    assert done.exit_code == 0, done.output
    assert asked == [("buyers", 60, 90)]
    alpha = chance_of_one(Project(ROOT, ROOT).variables({})["experiment_alpha"], ROOT / "seeds")
    planned = plan(History(1_000, 2, 1, 0, 10), 60, 0.25, 0.9, 0.1, alpha)
    assert f"{planned.people:,}" in done.output and f"{planned.control:,}" in done.output
