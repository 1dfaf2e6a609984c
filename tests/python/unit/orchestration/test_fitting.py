"""Of several models that are to be fitted, those with too little data are left out and told."""

from __future__ import annotations

import duckdb
import pytest

from orchestration import fitting
from orchestration.fit.store import CURRENT, Fit, Store, TooFew, Version
from orchestration.project import ROOT, Project
from orchestration.request import Request


@pytest.fixture
def request_of_a_shop(tmp_path, monkeypatch) -> Request:
    """A shop with customers and without a web site."""

    def fit(project: Project, variables: dict, name: str) -> list[Version]:
        if name == "markov":
            raise TooFew("No paths.")
        if name == "identity":
            raise TooFew("No accounts.")
        return [Version(name, 1, CURRENT, "", None, 9, "")]

    monkeypatch.setattr(fitting, "fit", fit)
    return Request(Project(ROOT, tmp_path))


def test_what_can_be_fitted_is_and_the_rest_is_told(request_of_a_shop):
    told = []
    names = ("markov", "churn", "lifetime")
    versions = fitting.fit_models(request_of_a_shop, names, told.append)
    assert [version.model for version in versions] == ["churn", "lifetime"]
    assert told == ["Fitting markov", "Fitting churn", "Fitting lifetime", "No paths."]


def test_where_nothing_can_be_fitted_all_reasons_are_given(request_of_a_shop):
    with pytest.raises(TooFew, match="No accounts.\nNo paths."):
        fitting.fit_models(request_of_a_shop, ["identity", "markov"], print)


def test_the_first_refresh_goes_on_where_nothing_can_be_fitted(request_of_a_shop, monkeypatch):
    monkeypatch.setattr(fitting, "FITTED", ("identity", "markov"))
    told = []
    assert fitting.fit_first(request_of_a_shop, told.append) == []
    assert told[-1] == "No accounts.\nNo paths."


def test_what_an_update_brings_waits_to_be_fitted_and_is_told(request_of_a_shop):
    """Lifetime and propensity are known, stocking has no parameters, and prices are too few."""
    project = request_of_a_shop.project
    rows = {"int_transactions": 200, "int_stock_positions": 9, "int_price_weeks": 51}
    with duckdb.connect(project.warehouse) as warehouse:
        warehouse.execute("create schema intermediate")
        for table, count in rows.items():
            made_of = f"select true as is_purchase from range({count})"
            warehouse.execute(f"create table intermediate.{table} as {made_of}")
    assert fitting.never_fitted(request_of_a_shop) == [], "the first refresh fits by itself"
    for model in ("bg_nbd", "gamma_gamma", "propensity"):
        Store(project.parameters).record(Fit(model, [], {}, None, 9, "", True, ""))
    assert fitting.never_fitted(request_of_a_shop) == [
        "Never fitted here, though there may be enough to learn from: churn. "
        "`regulars fit churn`, and the next `regulars run` scores with it."
    ]
