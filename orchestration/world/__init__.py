"""The demo world: a retailer whose customers, and all that is true of them, are invented.

`make_world` simulates people in chunks (numpy), keeps what happened as Parquet, and lets DuckDB
write it as the files that seven systems would deliver, with known faults among them. The truth lies
beside the landing folder, and no model reads it.
"""

from orchestration.world.make import make_world
from orchestration.world.scale import World

__all__ = ["World", "make_world"]
