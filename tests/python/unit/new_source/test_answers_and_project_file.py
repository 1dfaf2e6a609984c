"""Answers that were given before, and the lines of `dbt_project.yml` that change."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from orchestration.cli import main
from orchestration.new_source import project_file
from orchestration.new_source.questions import Answers, Question
from orchestration.new_source.terminal import prompt

PROJECT = """\
vars:
  # Which source delivers what.
  sources:
    pos: [orders, order_lines]
    crm: [accounts]

  # The currency of every amount.
  reporting_currency: CNY
"""
KIND = Question("rows.C", "What are they?", "refunds", ("orders", "refunds"))


def test_an_answer_is_given_asked_or_taken_as_usual() -> None:
    assert Answers({"rows.C": "orders"}).to(KIND) == "orders"
    assert Answers(prompt=lambda question: "orders").to(KIND) == "orders"
    assert Answers().to(KIND) == "refunds"


def test_an_answer_that_is_no_choice_is_refused_with_the_choices() -> None:
    with pytest.raises(ValueError, match="'returns' is none of orders, refunds"):
        Answers({"rows.C": "returns"}).to(KIND)


def test_yes_and_no_may_be_what_yaml_makes_of_them() -> None:
    given = yaml.safe_load("sure: yes\nnever: no")
    answers = Answers(given)
    assert answers.is_yes("sure", "Sure?", default=False)
    assert not answers.is_yes("never", "Ever?", default=True)


def test_an_answer_to_nothing_names_what_was_asked() -> None:
    answers = Answers({"row.C": "orders"})
    answers.to(KIND)
    with pytest.raises(
        ValueError, match=r"row\.C \(is rows\.C meant\?\); what was asked is rows\.C"
    ):
        answers.refuse_unknown()


def test_a_source_gets_its_line_and_comments_stay() -> None:
    text = project_file.with_source(PROJECT, "shop", ["orders", "order_lines"])
    assert yaml.safe_load(text)["vars"]["sources"] == {
        "pos": ["orders", "order_lines"],
        "crm": ["accounts"],
        "shop": ["orders", "order_lines"],
    }
    assert text.count("#") == PROJECT.count("#")


def test_sources_are_taken_away_down_to_none() -> None:
    text = project_file.without_sources(PROJECT, ["pos", "crm"])
    text = project_file.with_source(text, "shop", ["orders"])
    assert yaml.safe_load(text)["vars"]["sources"] == {"shop": ["orders"]}


def test_a_source_that_is_named_already_is_named_once() -> None:
    text = project_file.with_source(PROJECT, "pos", ["orders", "refunds"])
    assert yaml.safe_load(text)["vars"]["sources"]["pos"] == ["orders", "refunds"]


def test_the_reporting_currency_changes_alone() -> None:
    text = project_file.with_variable(PROJECT, "reporting_currency", "GBP")
    assert text == PROJECT.replace("CNY", "GBP")


def test_sources_on_one_line_are_refused_in_a_sentence() -> None:
    with pytest.raises(ValueError, match="one line a source"):
        project_file.with_source("vars:\n  sources: {pos: [orders]}\n", "shop", ["orders"])


def test_a_person_is_asked_until_the_answer_can_be_taken() -> None:
    with CliRunner().isolation(input="returns\norders\n") as (shown, *_):
        assert prompt(KIND) == "orders"
    assert "'returns' is none of orders, refunds" in shown.getvalue().decode()


def test_enter_takes_what_is_likeliest() -> None:
    with CliRunner().isolation(input="\n"):
        assert prompt(KIND) == "refunds"


def test_issuers_without_zeros_are_added_to_those_that_are_named() -> None:
    text = PROJECT + "  keys_without_leading_zeros: [erp]\n"
    changed = project_file.with_issuers_without_zeros(text, ["shop", "erp"])
    assert changed == text.replace("[erp]", "[erp, shop]")


def test_a_variable_that_has_no_line_is_refused_in_a_sentence() -> None:
    with pytest.raises(ValueError, match="no variable `phone_mobile`"):
        project_file.with_variable(PROJECT, "phone_mobile", '"-"')


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        (None, "There is no terminal to ask on: give --answers FILE, or --yes."),
        ("a: [b", "answers.yml is no YAML"),
        ("- a", "answers.yml is no mapping"),
    ],
)
def test_answers_that_nobody_can_give_are_refused(
    tmp_path: Path, answers: str | None, why: str
) -> None:
    (tmp_path / "sales.csv").write_text("order_id,date,total\n1,2026-05-01,3.00\n")
    words = ["new-source", "here", str(tmp_path / "sales.csv")]
    if answers:
        (tmp_path / "answers.yml").write_text(answers)
        words += ["--answers", str(tmp_path / "answers.yml")]
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 1
    assert why in done.output
