"""The tiny example: seven systems, some dozens of hand-written rows, every rule visible."""

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb

from orchestration.world.workbook import write_workbook

HERE = Path(__file__).parent


def make_files(landing: Path, progress: Callable[[str], None]) -> None:
    """Copies the hand-written files into the landing folder.

    Files of other formats and encodings are written as CSV in `readable/`, and converted here, each
    time to the same bytes.
    """
    shutil.copytree(HERE / "landing", landing, dirs_exist_ok=True)
    for path in sorted((HERE / "readable").glob("*/*/*.csv")):
        target = landing / path.relative_to(HERE / "readable")
        target.parent.mkdir(parents=True, exist_ok=True)
        match path.parent.name:
            case "events":
                duckdb.read_csv(path).write_parquet(str(target.with_suffix(".parquet")))
            case "competitor_prices":
                rows = duckdb.execute("from read_csv($1)", [str(path)])
                write_workbook(target.with_suffix(".xlsx"), rows)
            case "tenders":
                target.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
