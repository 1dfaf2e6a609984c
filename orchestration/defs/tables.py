"""What people see of a table in Dagster: whose it is, its columns, its rows, and what it is made
of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration import dbt
from orchestration.defs.context import DBT_PROJECT, REFRESH
from orchestration.duck import connect, literal_path
from orchestration.lineage import Lineage, Origin
from orchestration.staged import LANDER_COLUMNS

ROWS, COLUMNS = "dagster/row_count", "dagster/column_schema"
MADE_OF = "dagster/column_lineage"
# A morning without news is a warning, and two are a failure: either nobody delivers, or nothing can
# be published. Both are to be looked at, whatever the shops sell.
MARTS_ARE_FRESH = dg.FreshnessPolicy.time_window(
    warn_window=timedelta(hours=26), fail_window=timedelta(hours=50)
)
MANIFEST = json.loads(DBT_PROJECT.manifest_path.read_bytes())
SOURCES = {(node["source_name"], node["name"]): node for node in MANIFEST["sources"].values()}


def owners(described: Mapping[str, Any]) -> list[str]:
    """Whoever `meta` says answers for it, as Dagster names a team."""
    owner = described["config"].get("meta", {}).get("owner")
    return [f"team:{owner}"] if owner else []


def source_spec(source: str, table: str, **settings: Any) -> dg.AssetSpec:
    """The asset of a table that no model makes, as the YAML of its source describes it."""
    node = SOURCES[source, table]
    columns = {name: (each.get("data_type"), each["description"]) for name, each in _columns(node)}
    told = [node["source_description"], node["description"] or _as_delivered(node)]
    return dg.AssetSpec(
        [source, table],
        description=" ".join(" ".join(told).split()),
        owners=owners(node),
        metadata={COLUMNS: _schema((name, *each) for name, each in columns.items())},
        **settings,
    )


def _columns(node: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    columns = list(node["columns"].items())
    if any(column.get("data_type") for _, column in columns):
        return columns
    lander = {
        name: {"data_type": kind, "description": "Where the row came from."}
        for name, kind in LANDER_COLUMNS.items()
    }
    return [*columns, *lander.items()]


def _as_delivered(node: Mapping[str, Any]) -> str:
    """Of a feed: which files it is, since its columns are what the files carry."""
    formats = node["config"]["meta"].get("format", "csv")
    formats = formats if isinstance(formats, str) else " or ".join(formats)
    return (
        f"The rows of {node['name']} as they were delivered ({formats}), all columns as text, with "
        "the file, line and batch of each. One row per record of a file."
    )


def file_of(source: str, table: str) -> Path:
    """The one file that holds such a table, as its YAML says."""
    return REFRESH.project.data / SOURCES[source, table]["config"]["meta"]["file"]


def schema_of(parquet: Path) -> dg.TableSchema:
    """The columns of a file."""
    with connect() as connection:
        described = connection.execute(f"describe from {literal_path(parquet)}").fetchall()
    return _schema((name, kind, None) for name, kind, *_ in described)


def _schema(columns: Iterable[tuple[str, str | None, str | None]]) -> dg.TableSchema:
    return dg.TableSchema(
        columns=[
            dg.TableColumn(name, type=kind or "string", description=described or None)
            for name, kind, described in columns
        ]
    )


def rows_of(parquet: Path) -> int:
    """How many rows a file has, or the files of a folder: they know without being read."""
    files = sorted(parquet.glob("*.parquet")) if parquet.is_dir() else [parquet]
    listed = ", ".join(literal_path(file) for file in files if file.exists())
    if not listed:
        return 0
    with connect() as connection:
        return connection.execute(f"select count(*) from read_parquet([{listed}])").fetchone()[0]


class Made:
    """What is told of the tables of a build, one after the other as they are made."""

    def __init__(self, keys: Mapping[str, dg.AssetKey]):
        """`keys` are the assets of dbt's nodes, by their unique ids."""
        sources = {node["unique_id"]: dg.AssetKey(names) for names, node in SOURCES.items()}
        self._keys = {**sources, **keys}
        project = REFRESH.project
        compiled = project.target / "compiled"
        self._lineage = Lineage(MANIFEST, compiled, project.root, project.engine)

    def metadata(self, node: dbt.Node) -> dict[str, Any]:
        """Rows, columns and their lineage, as far as they are known."""
        described = MANIFEST["nodes"][node.unique_id]["columns"]
        told: dict[str, Any] = {}
        if node.rows is not None:
            told[ROWS] = node.rows
        if node.columns:
            told[COLUMNS] = _schema(
                (name, kind, described.get(name, {}).get("description"))
                for name, kind in node.columns
            )
        if made_of := self._lineage.of(node.unique_id):
            deps = {name: self._deps(origins) for name, origins in made_of.items()}
            told[MADE_OF] = dg.TableColumnLineage(deps_by_column=deps)
        return told

    def _deps(self, origins: Iterable[Origin]) -> list[dg.TableColumnDep]:
        return [
            dg.TableColumnDep(self._keys[origin.unique_id], origin.column)
            for origin in origins
            if origin.unique_id in self._keys
        ]
