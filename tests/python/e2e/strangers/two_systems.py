"""Tills with members and a web shop with accounts: two systems that know some of the same people.

Names are misspelt in one of them, phones are spelt in many ways, families share a phone, and a
third of the receipts names nobody. Tills write tables of receipts and of their lines, the shop one
object a line.
"""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path


def _words(text: str) -> list[str]:
    return text.split()


FIRST_DAY = datetime(2025, 3, 1)
DAYS = 400
FAMILY = _words("Wang Li Zhang Liu Chen Yang Zhao Huang Zhou Wu Xu Sun Hu Zhu Gao Lin He Guo Luo")
GIVEN = _words(
    "Wei Fang Na Min Jing Lei Qiang Jun Yan Tao Ming Chao Xiu Ping Gang Hui Lan Dan Bo Yu "
    "Xinyi Haoran Zihan Yuxuan Mengqi Jiaqi Siyuan Ruoxi Yichen Kexin"
)
GOODS = {"TEA-1": "38.00", "TEA-2": "52.50", "CUP-1": "19.90", "POT-1": "128.00", "TIN-1": "15.00"}
STREETS = _words("Nanjing Huaihai Fuxing Yan'an Xizang Changning Wukang Anfu")


@dataclass(frozen=True)
class Person:
    number: int
    family: str
    given: str
    phone: str
    email: str
    born: date
    address: str

    @property
    def name(self) -> str:
        return f"{self.family} {self.given}"


@dataclass(frozen=True)
class Truth:
    """`net` of orders that were paid; `buyers` who are known in one system or both; `overlap` of
    those who bought at the tills and in the shop under a number of each."""

    net: Decimal
    buyers: int
    overlap: int


def make(folder: Path, people: int = 240, seed: int = 26) -> Truth:
    """Writes till_receipts.csv, till_receipt_lines.csv, till_members.csv, shop_orders.jsonl,
    shop_order_items.jsonl and shop_accounts.jsonl."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(seed)
    persons = list(_people(chance, people))
    members = [p for p in persons if chance.random() < 0.65]
    accounts = [p for p in persons if p not in members or chance.random() < 0.45]
    at_tills = _tills(chance, folder, members)
    in_shop = _shop(chance, folder, accounts)
    return Truth(
        net=at_tills.net + in_shop.net,
        buyers=len(at_tills.buyers | in_shop.buyers),
        overlap=len(at_tills.buyers & in_shop.buyers),
    )


@dataclass
class _Sold:
    net: Decimal
    buyers: set[int]


def _people(chance: random.Random, count: int) -> Iterable[Person]:
    before: Person | None = None
    for number in range(count):
        family, given = chance.choice(FAMILY), chance.choice(GIVEN)
        phone = f"139{chance.randrange(10**8):08}"
        born = date(1955, 1, 1) + timedelta(days=chance.randrange(17_000))
        # One in twenty has the phone of the one before, and nothing else of theirs: whose names are
        # alike besides, or who live together, could be one person to anybody.
        differs = before and before.given[0] != given[0] and before.family[0] != family[0]
        if before and differs and chance.random() < 1 / 20:
            phone = before.phone
        email = f"{given.lower()}.{family.lower()}{number}@example.com"
        address = f"{chance.randint(1, 999)} {STREETS[number % len(STREETS)]} Road"
        before = Person(number, family, given, phone, email, born, address)
        yield before


def _tills(chance: random.Random, folder: Path, members: Sequence[Person]) -> _Sold:
    sold, receipts, lines = _Sold(Decimal(0), set()), [], []
    for number in range(1_600):
        who = chance.choice(members) if chance.random() < 0.66 else None
        at = _moment(chance)
        total = Decimal(0)
        for line in range(1, chance.randint(1, 4) + 1):
            sku = chance.choice(list(GOODS))
            quantity = chance.randint(1, 3)
            discount = Decimal("2.00") if chance.random() < 0.1 else Decimal(0)
            amount = quantity * Decimal(GOODS[sku])
            lines.append([f"R{number:05}", line, sku, quantity, GOODS[sku], amount, discount])
            total += amount - discount
        store = chance.choice(("S1", "S2"))
        card = f"M{who.number:05}" if who else ""
        receipts.append([f"R{number:05}", store, at.strftime("%d/%m/%Y %H:%M"), card, total])
        sold.net += total
        if who:
            sold.buyers.add(who.number)
    _csv(folder / "till_receipts.csv", "Receipt No;Store;Sold at;Member No;Total", receipts)
    head = "Receipt No;Line No;SKU;Quantity;Unit Price;Amount;Discount"
    _csv(folder / "till_receipt_lines.csv", head, lines)
    rows = [
        [
            f"M{p.number:05}",
            p.name,
            _phone(chance, p.phone),
            p.born.isoformat(),
            p.address,
            "2024-12-0" + str(1 + p.number % 9),
        ]
        for p in members
    ]
    _csv(folder / "till_members.csv", "Member No;Name;Mobile;Birthday;Address;Joined", rows)
    return sold


def _shop(chance: random.Random, folder: Path, accounts: Sequence[Person]) -> _Sold:
    sold, orders, items = _Sold(Decimal(0), set()), [], []
    for number in range(900):
        who, at = chance.choice(accounts), _moment(chance)
        status = "cancelled" if chance.random() < 0.05 else "completed"
        total = Decimal(0)
        for line in range(1, chance.randint(1, 3) + 1):
            sku, quantity = chance.choice(list(GOODS)), chance.randint(1, 2)
            items.append(
                {
                    "order_id": 70_000 + number,
                    "item_no": line,
                    "sku": sku,
                    "qty": quantity,
                    "price": float(GOODS[sku]),
                }
            )
            total += quantity * Decimal(GOODS[sku])
        shipping = Decimal("0.00") if total > 99 else Decimal("8.00")
        orders.append(
            {
                "order_id": 70_000 + number,
                "user_id": f"u{who.number}",
                "created_at": at.strftime("%Y-%m-%dT%H:%M:%S+08:00"),
                "status": status,
                "currency": "CNY",
                "shipping": float(shipping),
                "total": float(total + shipping),
            }
        )
        if status == "completed":
            sold.net += total + shipping
            sold.buyers.add(who.number)
    people = [
        {
            "user_id": f"u{p.number}",
            "full_name": _misspelt(chance, p),
            "mobile": _phone(chance, p.phone),
            "email": p.email,
            "birthday": p.born.isoformat(),
            "address": p.address,
            "registered_at": "2025-01-15T08:00:00+08:00",
        }
        for p in accounts
    ]
    for name, rows in (
        ("shop_orders", orders),
        ("shop_order_items", items),
        ("shop_accounts", people),
    ):
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return sold


def _moment(chance: random.Random) -> datetime:
    return FIRST_DAY + timedelta(days=chance.randrange(DAYS), minutes=chance.randint(540, 1290))


def _phone(chance: random.Random, phone: str) -> str:
    forms = (phone, f"+86 {phone}", f"{phone[:3]}-{phone[3:7]}-{phone[7:]}", f"0086{phone}")
    return chance.choice(forms)


def _misspelt(chance: random.Random, person: Person) -> str:
    """Every third given name has a slip of the keys; every fifth name is turned around."""
    family, given = person.family, person.given
    if chance.random() < 1 / 3:
        at = chance.randrange(1, len(given))
        swapped = given[: at - 1] + given[at] + given[at - 1] + given[at + 1 :]
        given = given[:at] + given[at + 1 :] if chance.random() < 0.5 else swapped
    return f"{given} {family}" if chance.random() < 0.2 else f"{family} {given}"


def _csv(path: Path, header: str, rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(header.split(";"))
        writer.writerows(rows)
