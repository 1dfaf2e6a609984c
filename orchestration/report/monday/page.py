"""The page of a Monday: what changed, who is slipping, what to do, and whether it worked.

All its figures are in it as small tables (`cubes`), from which its scripts draw what the filters
leave, in the language of the reader and without a server.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from orchestration.duck import limit_memory, rows
from orchestration.labels import Text, read_labels
from orchestration.metrics import metrics
from orchestration.report.document import json_in_html, render
from orchestration.report.labels import labels as report_labels
from orchestration.report.monday.cubes import cubes

HERE = Path(__file__).parent
TABLES = "select table_name from duckdb_tables() where schema_name = 'marts'"
SCRIPTS = tuple(sorted((HERE / "js").glob("*.js")))


def monday(published_database: Path, exports: Path | None = None) -> str:
    """The HTML of the page.

    `exports` is the folder of what was exported, which need not exist: audiences that stand in it
    get a link. Amounts of a publication that names no currency have no sign.
    """
    with duckdb.connect(published_database, read_only=True) as database:
        limit_memory(database)
        [publication] = rows(database, "from marts.publication")
        told = cubes(database, {table["table_name"] for table in rows(database, TABLES)})
    as_of = str(publication["as_of_date"] or "–")
    said = labels()
    return render(
        HERE / "page.html.j2",
        styles=[HERE / "page.css"],
        scripts=SCRIPTS,
        data=json_in_html(
            {
                "as_of": as_of,
                "currency": publication.get("reporting_currency"),
                "words": words(),
                "exported": _exported(exports),
                "cubes": told,
            }
        ),
        labels=said,
        pages=report_labels()["page"]["pages"],
        definitions=said["skeleton"]["definitions"].format(day=as_of),
    )


@cache
def labels() -> Mapping[str, Any]:
    return read_labels(HERE / "labels.yml")


def words() -> dict[str, dict[str, str]]:
    """All that the scripts may say, by its name."""
    named = {
        **{f"kpi.{name}": metric.label for name, metric in metrics().items()},
        **{f"kpi.{name}.meaning": metric.meaning for name, metric in metrics().items()},
        **{f"marketing.{code}": name for code, name in _channels().items()},
        **labels()["words"],
    }
    return {name: text._asdict() for name, text in named.items() if isinstance(text, Text)}


def _channels() -> Mapping[str, Text]:
    """Channels of marketing."""
    return report_labels()["values"]["channel"]


def _exported(exports: Path | None) -> list[str]:
    """The audiences of which there are exports."""
    folder = exports / "audiences" if exports else None
    return sorted(path.name for path in folder.iterdir()) if folder and folder.is_dir() else []
