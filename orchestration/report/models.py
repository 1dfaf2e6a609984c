"""The page of models: dbt's documentation of what the last refresh built, as one file.

`python -m orchestration.report.models` writes it beside the report. It is what `dbt docs generate
--static` would write; but that parses the project anew, without the variables of the refresh, and
asks the warehouse for its columns, which another refresh may be writing. The manifest that the
refresh has left, and the contracts in it, say the same.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import click

from orchestration.artifacts import Artifacts, NoArtifacts
from orchestration.progress import say
from orchestration.project import Project
from orchestration.report.document import write

PAGE = "models.html"
# Where dbt's page, which is a file of its package, takes both from.
MANIFEST, CATALOG = '"MANIFEST.JSON INLINE DATA"', '"CATALOG.JSON INLINE DATA"'
OF_THIS_MACHINE = {"compiled_path", "root_path"}
NO_STATISTICS = {"has_stats": {"id": "has_stats", "value": False, "include": False}}


def write_models(manifest: Mapping[str, Any], folder: Path) -> Path:
    """Writes the page of the manifest into the folder of the report, and returns its path."""
    page = (files("dbt.task.docs") / "index.html").read_text("utf-8")
    for place, told in ((MANIFEST, shown(manifest)), (CATALOG, catalog(manifest))):
        if page.count(place) != 1:
            raise ValueError(f"dbt's page of documentation has no place for {place}.")
        page = page.replace(place, _json(told))
    return write(page, folder / PAGE)


def shown(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """What of the manifest is for readers: no cases of unit tests, which are half of its rows, no
    path of this machine, and nothing that would let the page call anybody."""
    return {
        **manifest,
        "metadata": {**manifest["metadata"], "send_anonymous_usage_stats": False},
        "nodes": {
            name: {key: value for key, value in node.items() if key not in OF_THIS_MACHINE}
            for name, node in manifest["nodes"].items()
        },
        "unit_tests": {},
        "disabled": {},
    }


def catalog(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The types of columns as contracts give them, in the form in which dbt asks a warehouse."""
    return {
        "metadata": {},
        "nodes": _tables(manifest["nodes"]),
        "sources": _tables(manifest["sources"]),
        "errors": None,
    }


def _tables(nodes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _table(node) for name, node in nodes.items() if node.get("columns")}


def _table(node: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "unique_id": node["unique_id"],
        "metadata": {key: node.get(key) for key in ("database", "schema", "name")},
        "columns": {
            name: {"name": name, "index": place, "type": column.get("data_type")}
            for place, (name, column) in enumerate(node["columns"].items(), start=1)
        },
        "stats": NO_STATISTICS,
    }


def _json(value: Any) -> str:
    """JSON within a script, which no text in it can end."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", r"\u003c")


@click.command()
def main() -> None:
    """Write dbt's documentation of the last refresh beside the report."""
    project = Project.from_environment(os.environ.get("REGULARS_TARGET") or "duckdb")
    try:
        manifest = Artifacts.read(project.target).manifest
    except NoArtifacts as error:
        say(str(error), err=True)
        sys.exit(1)
    say(f"Wrote {write_models(manifest, project.report.parent)}.")


if __name__ == "__main__":
    main()
