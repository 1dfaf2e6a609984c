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


def opened(folder: Path, *workbooks: Path) -> list[Path]:
    """The workbooks as LibreOffice has read and computed them, in a folder of their own."""
    if not (office := shutil.which("soffice")):
        lack("LibreOffice is not installed.")
    profile, out = folder / "profile", folder / "opened"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(SETTINGS)
    done = subprocess.run(
        [
            *(office, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to"),
            *("xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), *map(str, workbooks)),
        ],
        capture_output=True,
        text=True,
        timeout=300,
    )
    paths = [out / workbook.name for workbook in workbooks]
    assert all(path.exists() for path in paths), done.stdout + done.stderr
    return paths
