"""The demo world: a retailer whose customers, and all that is true of them, are invented.

`make_world` simulates people in chunks (numpy), keeps what happened as Parquet, and lets DuckDB
write it as the files that seven systems would deliver, with known faults among them. The truth lies
beside the landing folder, and no model reads it.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from orchestration.world.make import make_world
    from orchestration.world.scale import World

__all__ = ["World", "make_world"]


def __getattr__(name: str) -> Any:
    """Loads numpy and DuckDB with the first world, so that the command line need not."""
    if name == "make_world":
        from orchestration.world.make import make_world

        return make_world
    if name == "World":
        from orchestration.world.scale import World

        return World
    raise AttributeError(name)
