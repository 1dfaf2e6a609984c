"""What Dagster loads: everything under `defs/`, run in one process."""

from pathlib import Path

import dagster as dg

# A process per step spends minutes around seconds of SQL, and only one may write the warehouse.
defs = dg.Definitions.merge(
    dg.load_from_defs_folder(path_within_project=Path(__file__).parent),
    dg.Definitions(executor=dg.in_process_executor),
)
