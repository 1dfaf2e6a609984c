"""Fits models on a warehouse that is built, and keeps the parameters for the next build."""

from __future__ import annotations

import glob
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import duckdb

from orchestration.duck import connect, literal, literal_path
from orchestration.fit.names import LEAST_ROWS
from orchestration.fit.store import CURRENT, Fitted, Store, TooFew, Version
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
    store = Store(project.parameters)
    with connect() as connection:
        attach(connection, project.warehouse)
        _offer_models(connection, project)
        _refuse_too_few(connection, variables, name)
        offer_parameters(connection, store, variables)
        fitted = _fitter(name)(connection, variables)
    return store.keep(fitted)


def offer_parameters(
    connection: duckdb.DuckDBPyConnection, store: Store, variables: Mapping[str, Any]
) -> None:
    """Makes a table `next_parameters`: those that the next build scores with, of all models.

    They are those of the last build, or what was fitted since and is in use. As of a past instant
    nothing is known that is fitted now.
    """
    connection.execute(
        "create temp table next_parameters as select model, parameter, feature, knot, value"
        " from warehouse.intermediate.int_current_parameters"
    )
    built = dict(
        connection.execute(
            "select model, max(version) from warehouse.intermediate.int_model_versions group by all"
        ).fetchall()
    )
    for version in [] if variables.get("known_at") else store.versions():
        model, number = version.model, version.version
        if version.status == CURRENT and number > built.get(model, 0):
            connection.execute("delete from next_parameters where model = ?", [model])
            connection.execute(
                "insert into next_parameters select model, parameter, feature, knot, value"
                f" from read_parquet({literal_path(store.parameters_file)})"
                " where model = ? and version = ?",
                [model, number],
            )


def _offer_models(connection: duckdb.DuckDBPyConnection, project: Project) -> None:
    """Makes a view `compiled_models`: the SQL of each model as the last build on DuckDB ran it.

    With it a fit tries on an earlier day what scores. Beside the models lie their tests, in folders
    that are named as files.
    """
    folder = project.target / "compiled"
    is_there = project.engine == "duckdb" and any(folder.glob("*/models"))
    files = literal(f"{glob.escape(str(folder))}/*/models/**/*.sql")
    models = (
        f"select parse_filename(filename, true), content from read_text({files})"
        " where filename not like '%.yml/%'"
        if is_there
        else "select null, null where false"
    )
    connection.execute(f"create temp view compiled_models (model, query) as {models}")


def _refuse_too_few(
    connection: duckdb.DuckDBPyConnection, variables: Mapping[str, Any], name: str
) -> None:
    """Raises `TooFew` where a glance at the number of rows tells that there is too little."""
    if name not in LEAST_ROWS:
        return
    query, least = glance(variables, name)
    [(count,)] = connection.execute(query).fetchall()
    if count < least:
        raise TooFew(
            f"To fit {name}, {LEAST_ROWS[name][0]} has {count} rows where {least} are needed: "
            "keep the parameters that ship with the project until there are more."
        )


def glance(variables: Mapping[str, Any], name: str) -> tuple[str, int]:
    """The query that counts what a fit of `LEAST_ROWS` learns from, and how many rows it needs."""
    model, condition, least = LEAST_ROWS[name]
    query = f"select count(*) from warehouse.intermediate.{model} where {condition}"
    return query, variables.get(least, least)


def _fitter(name: str) -> Fitter:
    """The function `fit_<name>` of the module of that name, which loads what it fits with."""
    return getattr(import_module(f"orchestration.fit.{name}"), f"fit_{name}")
