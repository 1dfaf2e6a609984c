"""Fits models on a warehouse that is built, and keeps the parameters for the next build."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import duckdb

from orchestration.duck import connect
from orchestration.fit.churn import fit_churn
from orchestration.fit.identity import fit_identity
from orchestration.fit.lifetime import fit_lifetime
from orchestration.fit.store import Fitted, Store, Version
from orchestration.project import Project
from orchestration.warehouse import attach

Fitter = Callable[[duckdb.DuckDBPyConnection, Mapping[str, Any]], Fitted]

# In the order in which one may need what another has fitted.
FITTERS: Mapping[str, Fitter] = {
    "identity": fit_identity,
    "lifetime": fit_lifetime,
    "churn": fit_churn,
}
# What the passing of time wears out. Who is one person does not change by the week.
RETRAINED = ("lifetime", "churn")


def fit(project: Project, variables: Mapping[str, Any], name: str) -> list[Version]:
    """Fits what `FITTERS` calls by this name; the versions that its models have now.

    The next build scores with those that are current. Raises `TooFew` with what to do where the
    warehouse holds too little, and `FileNotFoundError` where there is none.
    """
    if not project.warehouse.exists():
        raise FileNotFoundError("There is no warehouse to fit on: `regulars run` first.")
    with connect() as connection:
        attach(connection, project.warehouse)
        fitted = FITTERS[name](connection, variables)
    return Store(project.parameters).keep(fitted)
