"""The glossary says what the YAML and the seeds say, and leaves nothing of them out."""

from __future__ import annotations

from collections import Counter

import pytest

from orchestration.ask.words import mart_words
from orchestration.glossary import PAGES, SEEDS, page, vocabularies, words
from orchestration.labels import LANGUAGES
from orchestration.project import ROOT


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_glossary_is_made_of_the_yaml_and_the_seeds(language: str) -> None:
    """`python -m orchestration.glossary` makes it anew."""
    assert PAGES[language].read_text("utf-8") == page(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mart_is_told_with_its_grain(language: str) -> None:
    told = page(language)
    for name, mart in mart_words(ROOT).items():
        [row] = [line for line in told.splitlines() if line.startswith(f"| `{name}` |")]
        assert getattr(mart.grain, language) in row, name


def test_every_subject_of_marts_has_a_name() -> None:
    assert {mart.subject for mart in mart_words(ROOT).values()} == words()["subjects"].keys()


def test_every_seed_with_words_in_both_languages_is_in_it() -> None:
    heads = {path.stem: path.read_text("utf-8").split("\n", 1)[0] for path in SEEDS.glob("*.csv")}
    in_both = {seed for seed, head in heads.items() if "_zh" in head}
    assert in_both == {vocabulary.seed for vocabulary in vocabularies()}


def test_no_row_of_a_seed_is_left_out() -> None:
    told: Counter[str] = Counter()
    for vocabulary in vocabularies():
        told[vocabulary.seed] += len(vocabulary.rows)
    there = {
        seed: len((SEEDS / f"{seed}.csv").read_text("utf-8").splitlines()) - 1 for seed in told
    }
    assert told == there


def test_words_of_a_code_stand_once_in_both_languages() -> None:
    afternoon = "| Afternoon | 下午 | `afternoon` |"
    assert page("en").count(afternoon) == 1
    assert "| 下午 | Afternoon | `afternoon` |" in page("zh")


def test_a_sentence_has_a_gap_where_the_number_of_a_customer_would_stand() -> None:
    assert "Silent for … times the usual gap between purchases" in page("en")
    assert "{" not in page("en") + page("zh")
