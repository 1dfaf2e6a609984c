"""A wholesaler's two years of invoice lines: the shape of a well-known public file, all invented.

Invoices that begin with C cancel, those with A adjust debts, and counts of stock are rows without a
price. A quarter of the rows names no customer, no line has a number, and money is in pounds. One
customer buys more than anybody, and has it credited 16 minutes later under a number of its own. The
second file has other headers, writes times month first and customers as a column of floats does,
and tells the last nine days of the first once more.
"""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

FIRST_DAY, OVERLAP, END = datetime(2009, 12, 1), datetime(2010, 12, 1), datetime(2011, 12, 10)
OVERLAP_ENDS = datetime(2010, 12, 10)
CUSTOMERS = 420
GIANT, GIANT_BUYS_ON = "12340", (datetime(2010, 3, 15), datetime(2011, 1, 18))
GOODS = [
    ("85123A", "WHITE HANGING HEART T-LIGHT HOLDER", "2.55"),
    ("71053", "WHITE METAL LANTERN", "3.39"),
    ("84406B", "CREAM CUPID HEARTS, COAT HANGER", "2.75"),
    ("22752", 'SET 7 "BABUSHKA" NESTING BOXES', "7.65"),
    ("21730", "GLASS STAR FROSTED £1 T-LIGHT HOLDER", "4.25"),
    ("16218", "CARTOON PENCIL SHARPENER", "0.001"),
    ("POST", "POSTAGE", "18.00"),
]


@dataclass(frozen=True)
class Invoice:
    number: str
    at: datetime
    customer: str | None
    country: str
    lines: tuple[tuple[str, str, int, str], ...]

    @property
    def worth(self) -> Decimal:
        """Each line rounded to the penny."""
        lines = (_pennies(quantity * Decimal(price)) for *_, quantity, price in self.lines)
        return sum(lines, Decimal(0))


@dataclass(frozen=True)
class Truth:
    """`net` is what was sold less what was cancelled; `buyers` those who bought and are known.

    `spent` is what each of them bought less what was credited, by number.
    """

    gross: Decimal
    refunded: Decimal
    buyers: int
    orders: int
    spent: dict[str, Decimal]

    @property
    def net(self) -> Decimal:
        return self.gross - self.refunded


def make(folder: Path, days_of_a_quiet_shop: int = 1) -> Truth:
    """Writes retail_2010.csv and retail_2011.csv, and says what is true of both together.

    An invoice a day is left out in `days_of_a_quiet_shop` of seven.
    """
    invoices = list(_invoices(random.Random(1909), days_of_a_quiet_shop))
    folder.mkdir(parents=True, exist_ok=True)
    _write(
        folder / "retail_2010.csv",
        "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country",
        [i for i in invoices if i.at < OVERLAP_ENDS],
        "%Y-%m-%d %H:%M:%S",
        "",
    )
    _write(
        folder / "retail_2011.csv",
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country",
        [i for i in invoices if i.at >= OVERLAP],
        "%m/%d/%Y %H:%M",
        ".0",
    )
    sales = [i for i in invoices if i.number[0] not in "AC" and i.lines[0][2] > 0]
    cancelled = [i for i in invoices if i.number[0] == "C"]
    spent: dict[str, Decimal] = defaultdict(Decimal)
    for each in (*sales, *cancelled):
        if each.customer:
            spent[each.customer] += each.worth
    return Truth(
        gross=sum((i.worth for i in sales), Decimal(0)),
        refunded=-sum((i.worth for i in cancelled), Decimal(0)),
        buyers=len({i.customer for i in sales if i.customer}),
        orders=len(sales),
        spent=dict(spent),
    )


def _invoices(chance: random.Random, quiet: int):
    day, number = FIRST_DAY, 489434
    lives = [_life(chance, number) for number in range(12346, 12346 + CUSTOMERS)]
    while day < END:
        day += timedelta(days=1)
        if day.weekday() >= 7 - quiet:
            continue
        present = [str(number) for number, first, last in lives if first <= day <= last]
        for _ in range(chance.randint(3, 7)):
            number += 1
            at = day + timedelta(minutes=chance.randint(7 * 60, 19 * 60))
            customer = chance.choice(present) if chance.random() < 0.75 else None
            country = "United Kingdom" if chance.random() < 0.9 else "France"
            lines = tuple(_line(chance) for _ in range(chance.randint(1, 5)))
            yield Invoice(str(number), at, customer, country, lines)
            if chance.random() < 0.08:
                code, name, quantity, price = lines[0]
                worth = "2.10" if price == "0.001" else price
                back = ((code, name, -max(1, quantity // 2), worth),)
                yield Invoice(f"C{number + 1}", at + timedelta(minutes=30), customer, country, back)
                number += 1
            if chance.random() < 0.01:
                found = ((lines[0][0], "damaged", -chance.randint(1, 90), "0"),)
                yield Invoice(str(number + 1), at, None, "United Kingdom", found)
                number += 1
        if day in GIANT_BUYS_ON:
            lines = (("23166", "MEDIUM CERAMIC TOP STORAGE JAR", 74215, "1.04"),)
            small = (("71053", "WHITE METAL LANTERN", 6, "3.39"),)
            is_giant, at = day == GIANT_BUYS_ON[1], day + timedelta(hours=10)
            bought = lines if is_giant else small
            yield Invoice(str(number + 1), at, GIANT, "United Kingdom", bought)
            if is_giant:
                [(code, name, quantity, price)] = lines
                back, later = ((code, name, -quantity, price),), at + timedelta(minutes=16)
                yield Invoice(f"C{number + 2}", later, GIANT, "United Kingdom", back)
            number += 2
        if day.day == 1 and day.month in (4, 8):
            bad = (("B", "Adjust bad debt", 1, "-11062.06"),)
            yield Invoice(f"A{number + 1}", day + timedelta(hours=14), None, "United Kingdom", bad)
            number += 1


def _life(chance: random.Random, number: int) -> tuple[int, datetime, datetime]:
    """From when to when a customer buys: some are there from the beginning, all leave some day."""
    first = FIRST_DAY + timedelta(days=max(-60, chance.randrange(-250, 650)))
    return number, first, first + timedelta(days=90 + int(chance.expovariate(1 / 300)))


def _line(chance: random.Random) -> tuple[str, str, int, str]:
    code, name, price = chance.choice(GOODS)
    quantity = 1000 if price == "0.001" else chance.choice((1, 2, 6, 12, 48))
    return code, name, quantity, price


def _write(path: Path, header: str, invoices: list[Invoice], times: str, float_end: str) -> None:
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        for each in invoices:
            at = each.at.strftime(times)
            customer = f"{each.customer}{float_end}" if each.customer else ""
            for code, name, quantity, price in each.lines:
                writer.writerow(
                    [each.number, code, name, quantity, at, price, customer, each.country]
                )


def _pennies(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
