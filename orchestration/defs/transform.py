"""dbt's models, seeds and tests as assets and blocking asset checks."""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, dbt_assets

from orchestration import dbt as commands
from orchestration.defs.context import DBT_PROJECT, REFRESH, WRITER, alone
from orchestration.refresh import asked


class Translator(DagsterDbtTranslator):
    """Groups by folder, and owners from `meta`: nothing is listed by name in Python."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        folders = dbt_resource_props["fqn"][1:-1]
        return folders[-1] if folders else "seeds"

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        owner = dbt_resource_props["config"].get("meta", {}).get("owner")
        return [f"team:{owner}"] if owner else []


class BuildConfig(dg.Config):
    """What a run may ask for; empty means what the project says."""

    as_of_date: str | None = None
    known_at: str | None = None
    variables: dict[str, Any] = {}

    def overrides(self) -> dict[str, Any]:
        """The dbt variables of the run."""
        return {
            **REFRESH.overrides,
            **asked(self.variables, self.as_of_date, self.known_at),
        }


@dbt_assets(
    manifest=DBT_PROJECT.manifest_path,
    project=DBT_PROJECT,
    dagster_dbt_translator=Translator(),
    name="build",
    pool=WRITER,
)
def build(
    context: dg.AssetExecutionContext, dbt: DbtCliResource, config: BuildConfig
) -> Iterator[Any]:
    """Builds and checks the warehouse; a failing check stops what comes after it."""
    with alone("build"):
        REFRESH.prepare_build()
        invocation = dbt.cli(
            commands.command(commands.BUILD, config.overrides()),
            context=context,
            target_path=REFRESH.project.target,
        )
        if REFRESH.project.engine == "spark":
            yield from invocation.stream()  # to ask for more would start a second Spark
            return
        yield from invocation.stream().fetch_row_counts().fetch_column_metadata()
        # What fetched them would keep the warehouse open, and DuckDB lets no one else in.
        invocation.adapter.cleanup_connections()
        invocation.adapter.connections.close_all_connections()
