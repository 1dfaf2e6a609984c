"""Of several models that are to be fitted, those with too little data are left out and told."""

from __future__ import annotations

import pytest

from orchestration import fitting
from orchestration.fit.store import CURRENT, TooFew, Version
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
