"""What Dagster loads: everything under `defs/`, run in one process."""

import dagster as dg

from orchestration import defs as concerns

# A process per step spends minutes around seconds of SQL, and only one may write the warehouse.
defs = dg.Definitions.merge(
    dg.load_definitions_from_package_module(concerns),
    dg.Definitions(executor=dg.in_process_executor),
)
