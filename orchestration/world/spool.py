"""What happened, kept as Parquet while a world is made: one file a table and chunk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np

from orchestration.duck import literal
from orchestration.world.scale import World


@dataclass(frozen=True)
class Spool:
    """A folder of tables; every row has its `luck`, a number from 0 to 1 that later choices use."""

    world: World
    folder: Path
    connection: duckdb.DuckDBPyConnection

    def __post_init__(self) -> None:
        # Columns of objects are text, even where the first rows have none.
        self.connection.execute("set pandas_analyze_sample = 0")

    def write(
        self, table: str, columns: Mapping[str, np.ndarray], chunk: int = 0, order: str = ""
    ) -> None:
        """Writes the rows of a chunk, columns of equal length; `order` keeps what is read together
        together."""
        count = len(next(iter(columns.values())))
        luck = self.world.random(f"luck of {table}", chunk).random(count)
        rows = {name: np.asarray(column) for name, column in columns.items()} | {"luck": luck}
        path = self.folder / table / f"{chunk:05d}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        self.connection.register("rows", rows)
        ordered = f" order by {order}" if order else ""
        self.connection.execute(
            f"copy (from rows{ordered}) to {literal(path)} (format parquet, compression zstd)"
        )
        self.connection.unregister("rows")

    def name_tables(self) -> None:
        """Makes every table a view of the connection."""
        for folder in sorted(self.folder.iterdir()):
            files = literal(folder / "*.parquet")
            self.connection.execute(f"create view {folder.name} as from read_parquet({files})")
