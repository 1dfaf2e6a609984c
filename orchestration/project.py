"""Where everything lies: the checkout, the data folder, and the variables of an example."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.yaml_file import read_yaml

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Project:
    """One checkout with one data folder, and the engine that builds the warehouse in it.

    `root` holds `dbt_project.yml`: it is `REGULARS_PROJECT`, or this checkout. `data` is
    `REGULARS_DATA`, or `data/` inside `root`. `engine` is a target of `profiles.yml`, `duckdb`,
    `spark` or `cluster`. `is_being_built` is for whoever only reads while another process builds:
    the warehouse is then what stood before (`orchestration.standing`).
    """

    root: Path
    data: Path
    engine: str = "duckdb"
    is_being_built: bool = False

    @classmethod
    def from_environment(cls, engine: str = "duckdb") -> Project:
        root = Path(os.environ.get("REGULARS_PROJECT") or ROOT).resolve()
        data = Path(os.environ.get("REGULARS_DATA") or root / "data").resolve()
        return cls(root=root, data=data, engine=engine)

    @property
    def is_spark(self) -> bool:
        """Whether Spark builds, in dbt's own process or on a cluster."""
        return self.engine != "duckdb"

    @property
    def profiles(self) -> Path:
        """The folder of `profiles.yml`: the project's own, or else this checkout's."""
        return self.root if (self.root / "profiles.yml").exists() else ROOT

    @property
    def landing(self) -> Path:
        return self.data / "landing"

    @property
    def raw(self) -> Path:
        """Landed rows as Parquet, one file a batch, and the ledger of deliveries."""
        return self.data / "raw"

    @property
    def warehouse(self) -> Path:
        """dbt's database: a DuckDB file, or the folder of Spark's tables."""
        if self.is_spark:
            return self.data / self.engine / "warehouse"
        return self.standing if self.is_being_built else self.data / "warehouse.duckdb"

    @property
    def standing(self) -> Path:
        """DuckDB's warehouse as it was before the build that is running; there only meanwhile."""
        return self.data / "warehouse.duckdb.standing"

    @property
    def standing_results(self) -> Path:
        return self.standing.with_suffix(".results.json")

    def remove_standing(self) -> None:
        for path in (self.standing, self.standing_results):
            path.unlink(missing_ok=True)

    @property
    def results(self) -> Path:
        """dbt's results of the build that has made the warehouse."""
        return self.standing_results if self.is_being_built else self.target / "run_results.json"

    def remove_warehouse(self) -> None:
        """Removes dbt's database, damaged or not; the next build makes it anew from `raw/`.

        Of a cluster it removes the files: its list of tables lies elsewhere, and names without
        files stand in nobody's way.
        """
        if self.engine == "cluster":
            for table in self.warehouse.glob("*.db/*"):
                shutil.rmtree(table)
            self.results.unlink(missing_ok=True)
            return
        if self.engine == "spark":
            if self.warehouse.parent.exists():
                shutil.rmtree(self.warehouse.parent)
            return
        for path in self.data.glob(f"{self.warehouse.name}*"):
            path.unlink()

    @property
    def published(self) -> Path:
        return self.data / "published"

    @property
    def exports(self) -> Path:
        """What is handed over by name: its owner's alone."""
        return self.data / "exports"

    @property
    def audience_rules(self) -> Path:
        """The rules of audiences, each with what it declares of itself."""
        return self.root / "models" / "activation" / "audiences"

    @property
    def roles(self) -> Path:
        """What each role may see of the marts, one file a role; a project may have none."""
        return self.root / "roles"

    @property
    def role_files(self) -> Path:
        """What was published for each role."""
        return self.data / "roles"

    @property
    def parameters(self) -> Path:
        """What was fitted, as Parquet; the models score with it."""
        return self.data / "parameters"

    @property
    def report(self) -> Path:
        return self.data / "report" / "index.html"

    @property
    def truth(self) -> Path:
        """What a demo world knows to be true of its data; only the report reads it."""
        return self.data / "truth"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def target(self) -> Path:
        """dbt's artifacts: the manifest and the results of the engine's last refresh."""
        return self.data / (f"{self.engine}/target" if self.is_spark else "target")

    @property
    def ledger(self) -> Path:
        """What became of every delivered file."""
        return self.raw / "deliveries.jsonl"

    @property
    def parameter_sources(self) -> Path:
        """What describes the tables of fitted parameters; a project without it scores with none."""
        return self.root / "models" / "intermediate" / "parameters" / "_parameters__sources.yml"

    @property
    def staging_models(self) -> Path:
        return self.root / "models" / "staging"

    def example(self, name: str) -> Path:
        """The folder of an example; raises `ValueError` with the names that exist."""
        folder = Path(os.path.normpath(self.root / "examples" / name))  # also of ./name, or name/
        if folder.parent != self.root / "examples" or not folder.is_dir():
            known = ", ".join(self.examples) or "none"
            raise ValueError(f"There is no example '{name}': choose one of {known}.")
        return folder

    @property
    def examples(self) -> list[str]:
        return sorted(path.name for path in (self.root / "examples").glob("*") if path.is_dir())

    def variables(self, overrides: Mapping[str, Any]) -> dict[str, Any]:
        """The dbt variables of `dbt_project.yml`, overlaid with `overrides`."""
        return {**self.configuration["vars"], **overrides}

    @property
    def configuration(self) -> dict[str, Any]:
        """What `dbt_project.yml` says; `ValueError` where it is missing, or has no `vars`."""
        path = self.root / "dbt_project.yml"
        if not path.is_file():
            raise ValueError(f"There is no {path}: set REGULARS_PROJECT to a folder with one.")
        said = read_yaml(path)
        if not isinstance(said, dict) or not isinstance(said.get("vars"), dict):
            raise ValueError(f"{path} has no mapping `vars`: take the one of the last commit.")
        return said

    def example_variables(self, example: str) -> dict[str, Any]:
        """What the example's `vars.yml` says, `{}` when it has none."""
        path = self.example(example) / "vars.yml"
        return read_yaml(path) if path.exists() else {}
