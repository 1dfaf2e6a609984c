"""Everything that Superset imports, as files and as one zip of them.

`metadata.yaml` names no type: so the zip is taken as dashboards, by the page of any Superset, and
as assets, by an import that replaces what an earlier bundle brought.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import yaml

from orchestration.labels import LANGUAGES, read_labels
from orchestration.project import ROOT
from orchestration.superset.dashboards import Dashboard
from orchestration.superset.datasets import Dataset, datasets_of
from orchestration.superset.format import DATABASE, VERSION, id_of

FOLDER = ROOT / "bi"
# A zip has the time of each file; this one makes equal bundles equal bytes.
NO_TIME = (1980, 1, 1, 0, 0, 0)
# Written in C where there is such a one: in Python a bundle takes ten seconds.
DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

Contents = Mapping[str, Any]


@dataclass(frozen=True)
class Bundle:
    """The datasets and dashboards of a project."""

    datasets: Mapping[str, Dataset]
    dashboards: tuple[Dashboard, ...]

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> Bundle:
        """What dbt's manifest and the files of `bi/` come to."""
        datasets = datasets_of(
            manifest, read_labels(FOLDER / "datasets.yml"), read_labels(FOLDER / "words.yml")
        )
        return cls(datasets, tuple(_dashboards(datasets)))

    def contents(self, uri: str) -> Contents:
        """What each file of the bundle says, by its path."""
        return {
            "metadata.yaml": {"version": VERSION},
            f"databases/{DATABASE}.yaml": database(DATABASE, uri),
            **{
                f"datasets/{DATABASE}/{name}.yaml": dataset.content()
                for name, dataset in self.datasets.items()
            },
            **{
                f"charts/{chart.name.replace(' ', '_')}_{chart.language}.yaml": chart.content()
                for dashboard in self.dashboards
                for chart in dashboard.charts
            },
            **{
                f"dashboards/{dashboard.name}_{dashboard.language}.yaml": dashboard.content()
                for dashboard in self.dashboards
            },
        }


def _dashboards(datasets: Mapping[str, Dataset]) -> Iterator[Dashboard]:
    number = 1
    for path in sorted((FOLDER / "dashboards").glob("*.yml")):
        said = read_labels(path)
        for language in LANGUAGES:
            dashboard = Dashboard.of(path.stem, said, datasets, language, number)
            number += len(dashboard.charts)
            yield dashboard


def database(name: str, uri: str) -> Mapping[str, Any]:
    """A published file as Superset connects it: to be read, and never anything beside it."""
    settings = {"enable_external_access": "false", "autoinstall_known_extensions": "false"}
    return {
        "database_name": name,
        "sqlalchemy_uri": uri,
        "expose_in_sqllab": True,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "allow_csv_upload": False,
        "extra": {
            "allows_virtual_table_explore": True,
            "engine_params": {"connect_args": {"read_only": True, "config": settings}},
        },
        "uuid": id_of("database", name),
        "version": VERSION,
    }


def write_bundle(contents: Contents, path: Path) -> None:
    """Writes the zip that any Superset imports; its files lie in one folder, as Superset's own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with ZipFile(path, "w", ZIP_DEFLATED) as bundle:
        for name, content in contents.items():
            file = ZipInfo(f"regulars/{name}", NO_TIME)
            file.compress_type = ZIP_DEFLATED
            text = yaml.dump(content, Dumper=DUMPER, allow_unicode=True, sort_keys=False)
            bundle.writestr(file, text)
