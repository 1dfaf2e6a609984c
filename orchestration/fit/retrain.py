"""Fits models on a warehouse that is built, and keeps the parameters for the next build."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import duckdb

from orchestration.duck import connect
from orchestration.fit.store import Fitted, Store, Version
from orchestration.project import Project
from orchestration.warehouse import attach

Fitter = Callable[[duckdb.DuckDBPyConnection, Mapping[str, Any]], Fitted]


def fit(project: Project, variables: Mapping[str, Any], name: str) -> list[Version]:
    """Fits what `names.FITTED` calls by this name; the versions that its models have now.

    The next build scores with those that are current. Raises `TooFew` with what to do where the
    warehouse holds too little, and `FileNotFoundError` where there is none.
    """
    if not project.warehouse.exists():
        raise FileNotFoundError("There is no warehouse to fit on: `regulars run` first.")
    with connect() as connection:
        attach(connection, project.warehouse)
        fitted = _fitter(name)(connection, variables)
    return Store(project.parameters).keep(fitted)


def _fitter(name: str) -> Fitter:
    """The function `fit_<name>` of the module of that name, which loads what it fits with."""
    return getattr(import_module(f"orchestration.fit.{name}"), f"fit_{name}")
