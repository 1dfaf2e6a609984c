"""What Dagster loads: everything under `defs/`, with dbt as a resource, run in one process."""

import dagster as dg
from dagster_dbt import DbtCliResource

from orchestration import dbt
from orchestration import defs as concerns
from orchestration.defs.context import DBT_PROJECT

# A process per step spends minutes around seconds of SQL, and only one may write the warehouse.
defs = dg.Definitions.merge(
    dg.load_definitions_from_package_module(concerns),
    dg.Definitions(
        executor=dg.in_process_executor,
        resources={"dbt": DbtCliResource(project_dir=DBT_PROJECT, dbt_executable=dbt.EXECUTABLE)},
    ),
)
