"""LibreOffice without a screen: opens a workbook, computes its formulas, and writes it again."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from conftest import lack

# Always: a workbook that another program wrote is else shown with the values that it came with.
SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""


# A table of text in UTF-8, with commas, in which nothing is told of the types of columns.
CSV = "CSV:44,34,76,1"


def opened(folder: Path, *tables: Path) -> list[Path]:
    """Workbooks and CSV files as LibreOffice has read and computed them: workbooks in a folder."""
    if not (office := shutil.which("soffice")):
        lack("LibreOffice is not installed.")
    profile, out = folder / "profile", folder / "opened"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(SETTINGS)
    done = subprocess.run(
        [
            *(office, f"-env:UserInstallation={profile.as_uri()}", "--headless"),
            *(f"--infilter={CSV}" for table in tables if table.suffix == ".csv"),
            *("--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out)),
            *map(str, tables),
        ],
        capture_output=True,
        text=True,
        timeout=300,
    )
    paths = [out / f"{table.stem}.xlsx" for table in tables]
    assert all(path.exists() for path in paths), done.stdout + done.stderr
    return paths
