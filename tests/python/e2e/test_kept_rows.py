"""What became of rows is kept between refreshes, and is what the SQL says of all of them.

Tried on the pocket project, with files as they come: late, corrected, told twice, taken away again.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import duckdb
from conftest import Shop

from orchestration.duck import connect, literal

HEADER = "sale_no,sold_on,amount\n"
TABLE = "entities.int_sales_validated"
MODEL = "target/compiled/pocket/models/entities/sales/int_sales_validated.sql"


def warehouse(shop: Shop) -> duckdb.DuckDBPyConnection:
    connection = connect()
    connection.execute(f"attach {literal(shop.warehouse)} as warehouse")
    connection.execute("use warehouse")
    return connection


def differences(shop: Shop) -> int:
    """How many rows the table has that its SQL does not give now, and the other way round."""
    sql = (shop.data / MODEL).read_text()
    with warehouse(shop) as connection:
        (count,) = connection.execute(f"""
            select count(*) from (
                (select * from {TABLE} except all (select * from ({sql})))
                union all
                (select * from ({sql}) except all (select * from {TABLE}))
            )
        """).fetchone() or (None,)
    return count


def history(shop: Shop, draw: random.Random) -> Iterator[str]:
    """Changes of the landing folder, one after the other, each with its name."""
    sales = shop.data / "landing/till/sales"
    for number in range(4):
        name = draw.choice(("2025-11", "2026-01", "2026-02", "2026-03", "2026-09"))
        rows = [
            f"{draw.randint(1, 9)},2026-0{draw.randint(1, 3)}-0{draw.randint(1, 9)},"
            f"{draw.choice(('5.00', '7.50', 'free'))}\n"
            for _ in range(draw.randint(1, 6))
        ]
        (sales / f"{name}.csv").write_text(HEADER + "".join(rows))
        yield f"{number}: {name} with {len(rows)} rows"
        if draw.random() < 0.5:
            again = sales / f"{draw.choice(('0-again', 'z-again'))}.csv"
            again.write_bytes((sales / f"{name}.csv").read_bytes())
            yield f"{number}: {name} as {again.name}"
        elif draw.random() < 0.5:
            (sales / f"{name}.csv").unlink()
            yield f"{number}: {name} taken away"


def test_after_any_history_the_rows_are_those_of_the_sql(pocket: Shop) -> None:
    """And the marts those of a refresh that makes all anew."""
    for change in history(pocket, random.Random(22)):
        pocket.run("--force")
        assert differences(pocket) == 0, change
    digest = pocket.digest()
    pocket.run("--full-refresh")
    assert pocket.digest() == digest


def test_only_what_is_new_or_judged_otherwise_is_written(pocket: Shop) -> None:
    """Sale 2 is told again, which replaces what was accepted; the others stay as they lie."""
    pocket.run("--full-refresh")  # in another folder all is written once
    with warehouse(pocket) as connection:
        connection.execute(f"update {TABLE} set source_system = 'kept'")
    (pocket.data / "landing/till/sales/2026-03.csv").write_text(f"{HEADER}2,2026-03-01,5.00\n")
    pocket.command("regulars", "run")  # the marts may not like the mark
    with warehouse(pocket) as connection:
        written = connection.execute(
            f"select sale_id, row_status from {TABLE} where source_system <> 'kept'"
        ).fetchall()
        kept = connection.execute(
            f"select count(*) from {TABLE} where source_system = 'kept' and sale_id <> 'till:2'"
        ).fetchone()
    assert written == [("till:2", "accepted")]
    assert kept and kept[0] > 0
