"""The customers on whom the literature of lifetime value agrees: the CDNOW sample.

6,919 purchases of 2,357 customers, who bought first in the first quarter of 1997, until 1998-06-30.
A file of the package lifetimes, of which nothing is imported.
"""

import csv
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

COLUMNS = ("purchase_number", "customer_id", "purchased_on", "cds", "dollars")


def make_files(landing: Path, progress: Callable[[str], None]) -> None:
    """Writes the purchases as CSV, numbered by their lines, for the file gives them no number.

    Eight first purchases cost nothing. The literature counts them, and a purchase here is worth
    more than nothing, so that each is written with one cent.
    Raises `ModuleNotFoundError` with what to install when the optional package is missing.
    """
    package = find_spec("lifetimes")
    if package is None:
        raise ModuleNotFoundError(
            "The example cdnow needs the package lifetimes: "
            "install it with `make run EXAMPLE=cdnow`."
        )
    sample = Path(package.origin).parent / "datasets" / "CDNOW_sample.txt"
    folder = landing / "cdnow" / "purchases"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "purchases.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for number, line in enumerate(sample.read_text(encoding="ascii").splitlines(), start=1):
            _, customer, day, cds, dollars = line.split()
            writer.writerow((number, customer, day, cds, "0.01" if dollars == "0.00" else dollars))
