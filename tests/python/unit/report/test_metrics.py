"""The names and meanings of the key figures."""

from __future__ import annotations

import pytest

from orchestration.labels import LANGUAGES
from orchestration.metrics import PAGES, metrics, page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_metrics_is_made_of_the_definitions(language: str) -> None:
    """`python -m orchestration.metrics` makes it anew."""
    assert PAGES[language].read_text("utf-8") == page(language)


def test_every_metric_has_a_name_and_a_meaning_in_both_languages() -> None:
    for metric in metrics().values():
        assert all([*metric.label, *metric.meaning]), metric.name
        assert not metric.label.zh.isascii() and not metric.meaning.zh.isascii(), metric.name


def test_every_key_figure_of_the_marts_says_what_it_is_not() -> None:
    for metric in metrics().values():
        if metric.cells:
            assert metric.not_meant and not metric.not_meant.zh.isascii(), metric.name


def test_what_adds_up_is_no_count_of_people_and_no_stock() -> None:
    adds_up = {name: metric.adds_up for name, metric in metrics().items()}
    assert adds_up["net_revenue"] and adds_up["conversion_rate"]
    for name in ("buyers", "repeat_rate", "active_customers", "segment_customers"):
        assert not adds_up[name], name


def test_formulas_say_what_is_divided_and_what_is_counted() -> None:
    formulas = {name: metric.formula for name, metric in metrics().items()}
    assert formulas["acquisition_cost"] == "marketing_spend / new_customers"
    assert formulas["buyers"] == "count distinct: case when is_purchase then customer_number end"
    assert formulas["net_revenue"] == "sum: net_amount"
