"""A German till: one file, a row a line, the day and the time in columns of their own, and what was
paid beside each line. Members pay less, and no column says so."""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

HEADER = "Bonnr;Positionsnummer;Datum;Uhrzeit;Kundennummer;Artikelnummer;Menge;Einzelpreis;Bonsumme"
PRICES = {"T1": Decimal("3.80"), "T2": Decimal("5.25"), "C1": Decimal("19.90")}
FIRST_DAY = datetime(2026, 3, 1, tzinfo=ZoneInfo("Europe/Berlin"))


@dataclass(frozen=True)
class Truth:
    """`hours` are those of the receipts by number, None where no time is known, `instants` in UTC;
    `off` is what members paid less, of the receipts that have it."""

    hours: dict[str, int | None]
    instants: dict[str, str | None]
    paid: Decimal
    off: Decimal
    members_receipts: int


def make(folder: Path, receipts: int = 120, seed: int = 7) -> Truth:
    """Writes bons.csv. Every twentieth receipt has no time, and every fiftieth one that is none."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(seed)
    rows, hours, instants = [], {}, {}
    paid = off = Decimal(0)
    members_receipts = 0
    for number in range(1, receipts + 1):
        at = FIRST_DAY + timedelta(days=number // 3)
        at = at.replace(hour=chance.randrange(8, 20), minute=chance.randrange(60))
        clock = f"{at:%H:%M}"
        if number % 50 == 0:
            clock = "geschl."
        elif number % 20 == 0:
            clock = ""
        lines = [
            (sku, chance.randint(1, 3)) for sku in PRICES if chance.random() < 0.6 or sku == "T1"
        ]
        worth = sum((PRICES[sku] * quantity for sku, quantity in lines), Decimal(0))
        is_member = number % 4 == 0
        less = Decimal(chance.randrange(20, 200)) / 100 if is_member else Decimal(0)
        bon = f"B{number:04}"
        known = ":" in clock
        hours[bon] = at.hour if known else None
        instants[bon] = f"{at.astimezone(ZoneInfo('UTC')):%Y-%m-%d %H:%M:%S}" if known else None
        paid, off, members_receipts = paid + worth - less, off + less, members_receipts + is_member
        who = f"K{number % 16}" if is_member else ""
        for place, (sku, quantity) in enumerate(lines, 1):
            price, total = (str(e).replace(".", ",") for e in (PRICES[sku], worth - less))
            rows.append([bon, place, f"{at:%d.%m.%Y}", clock, who, sku, quantity, price, total])
    with (folder / "bons.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADER.split(";"))
        writer.writerows(rows)
    return Truth(hours, instants, paid, off, members_receipts)
