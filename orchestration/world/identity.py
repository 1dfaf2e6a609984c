"""The accounts of each person, and what each of them knows of the person: a part, often wrong."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from orchestration.world.market import CITIES, REGIONS
from orchestration.world.names import (
    GIVEN,
    INJECTIONS,
    SPELLINGS,
    STREETS,
    SURNAMES,
    hanzi,
    mistaken,
    nickname,
    pinyin,
    spell_phone,
)
from orchestration.world.people import People
from orchestration.world.scale import World

CRM, SHOP = 0, 1
# How many accounts a person has in a system where they have any.
CARDS, SHOP_ACCOUNTS = (0.95, 0.05), (0.80, 0.14, 0.04, 0.02)
IN_FAMILY = 0.12  # share of people who live, and share devices, with the next one
SHARES_PHONE, SHARES_EMAIL, TWINS = 0.001, 0.0005, 0.006  # of people, with the next one
RECYCLED = 0.001  # share of people whose number was somebody else's before
CHANGED_PHONE, OTHER_EMAIL, MOVED = 0.10, 0.10, 0.15
MISSING = {  # share of accounts that lack it, by system
    "phone": (0.04, 0.08),
    "email": (0.16, 0.14),
    "name": (0.02, 0.03),
    "birthday": (0.12, 1.0),
    "address": (0.10, 0.08),
    "union_id": (1.0, 0.45),
}
PLACEHOLDER, CLERK = 0.01, 0.012  # share of members with a phone that is nobody's, or the clerk's
PLACEHOLDERS = ("13800000000", "13888888888", "13900000000")
CLERK_PHONE = "13612340000"  # known to no list: only its many members give it away
PHONE_TYPO, NAME_TYPO, DATE_SWAP = 0.012, 0.05, 0.02
ODD_SPELLING = 0.35  # share of phones not written as eleven plain digits
UNREAD_SPELLING = 0.06  # of those: full-width digits
INJECTED_EVERY = 400  # accounts, of which one has a name that is code: each kind in turn


@dataclass(frozen=True)
class Accounts:
    """One row an account, in the order of people; `person` is a position in the chunk, `registered`
    a day number that may be negative, texts are null where the system knows nothing."""

    serial: np.ndarray
    system: np.ndarray
    person: np.ndarray
    registered: np.ndarray
    phone: np.ndarray
    email: np.ndarray
    union_id: np.ndarray
    name: np.ndarray
    birthday: np.ndarray
    gender: np.ndarray
    city: np.ndarray
    address: np.ndarray

    def __len__(self) -> int:
        return len(self.serial)

    def known_from(self, people: int) -> np.ndarray:
        """The day of each person's first registration; one that never comes where there is none."""
        first = np.full(people, np.iinfo(np.int64).max)
        np.minimum.at(first, self.person, self.registered)
        return first


@dataclass(frozen=True)
class Selves:
    """What is really so of each person, and never delivered as such."""

    surname: np.ndarray
    given: np.ndarray
    has_two_characters: np.ndarray
    gender: np.ndarray
    birthday: np.ndarray
    phone: np.ndarray
    next_phone: np.ndarray
    changes_phone: np.ndarray
    email: np.ndarray
    other_email: np.ndarray
    home: np.ndarray
    moves: np.ndarray
    device: np.ndarray
    household: np.ndarray
    is_twin: np.ndarray


def phone_number(serial: np.ndarray) -> np.ndarray:
    """Eleven digits, another for each serial number below 2.5 thousand million."""
    scrambled = serial * 1_234_567_891 % 2_500_000_000
    return 15_000_000_000 + scrambled // 1_000_000_000 * 2_000_000_000 + scrambled % 1_000_000_000


def make_selves(world: World, people: People, chunk: int) -> Selves:
    """Draws who everybody is; families and twins are neighbours in the chunk."""
    random = world.random("selves", chunk)
    n, number = len(people), people.number
    with_next = np.zeros((5, n), dtype=bool)  # family, phone, e-mail, twin, recycled
    shares = (IN_FAMILY / 2, SHARES_PHONE, SHARES_EMAIL, TWINS / 2, RECYCLED)
    for row, share in enumerate(shares):
        picked = random.choice(n // 2, round(n * share), replace=False) * 2
        with_next[row, picked] = True
    family, one_phone, one_email, twin, recycled = with_next
    family = family | one_phone | one_email | twin

    def of_first(values: np.ndarray, shared: np.ndarray) -> np.ndarray:
        """The second of two takes what the first one has."""
        second = np.flatnonzero(shared) + 1
        values = values.copy()
        values[second] = values[second - 1]
        return values

    birthday = random.integers(-11_000, 13_500, n)  # days since 1970: 1939 to 2006
    changes_phone = np.where(
        random.random(n) < CHANGED_PHONE, random.integers(0, world.days, n), world.days
    )
    changes_phone[recycled] = world.days // 4
    phone, next_phone = phone_number(2 * number), phone_number(2 * number + 1)
    phone = of_first(phone, one_phone | recycled)
    popular = 1 / (np.arange(len(SURNAMES)) + 6)
    return Selves(
        surname=of_first(random.choice(len(SURNAMES), n, p=popular / popular.sum()), family),
        given=random.integers(0, len(GIVEN), (n, 2)),
        has_two_characters=random.random(n) < 0.7,
        gender=random.integers(0, 2, n),
        birthday=of_first(birthday, twin),
        phone=phone,
        next_phone=next_phone,
        changes_phone=changes_phone,
        email=of_first(number, one_email),
        other_email=random.random(n) < OTHER_EMAIL,
        home=of_first(random.integers(0, 10**9, (n, 2)), family),
        moves=np.where(random.random(n) < MOVED, random.integers(0, world.days, n), world.days),
        device=of_first(number, family),
        household=of_first(number, family),
        is_twin=twin | np.roll(twin, 1),
    )


def make_accounts(
    world: World, people: People, selves: Selves, chunk: int, first_serial: int
) -> Accounts:
    """Registers the people of a chunk with the systems."""
    random = world.random("accounts", chunk)
    person, system, order = _registrations(random, people)
    n = len(person)
    wait = np.where(random.random(n) < 0.7, 0, random.exponential(40, n)).astype(int)
    later = random.integers(1, 300, n) * (order > 0)
    registered = people.acquired[person] + wait * (system != _first_system(people)[person]) + later
    kept = registered < world.days
    person, system, registered = person[kept], system[kept], registered[kept]
    n = len(person)
    luck = {name: random.random(n) for name in (*MISSING, "typo", "swap", "kind", "way")}
    spelling = np.where(luck["way"] < ODD_SPELLING, random.integers(1, SPELLINGS - 1, n), 0)
    spelling[luck["way"] < ODD_SPELLING * UNREAD_SPELLING] = SPELLINGS - 1
    digits = random.integers(0, 11, n), random.integers(1, 10, n)
    texts = [
        _account_texts(
            people, selves, who, system[at], registered[at], at + first_serial,
            {name: values[at] for name, values in luck.items()},
            int(spelling[at]), (int(digits[0][at]), int(digits[1][at])),
        )
        for at, who in enumerate(person)
    ]  # fmt: skip
    names = [field.name for field in fields(Accounts)][4:]
    columns = {name: np.array([row[name] for row in texts], dtype=object) for name in names}
    return Accounts(np.arange(n) + first_serial, system, person, registered, **columns)


def _first_system(people: People) -> np.ndarray:
    return np.where(people.is_shopper & (people.online > 0.4) | ~people.is_member, SHOP, CRM)


def _registrations(
    random: np.random.Generator, people: People
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Person, system and how many accounts in it came before, in the order of people."""
    n = len(people)
    cards = np.where(people.is_member, 1 + random.choice(len(CARDS), n, p=CARDS), 0)
    shops = 1 + random.choice(len(SHOP_ACCOUNTS), n, p=SHOP_ACCOUNTS)
    counts = np.stack([cards, np.where(people.is_shopper, shops, 0)], axis=1)
    person = np.repeat(np.arange(n), counts.sum(axis=1))
    system = np.repeat(np.tile([CRM, SHOP], n), counts.ravel())
    first = np.concatenate([[0], counts.ravel().cumsum()[:-1]])
    return person, system, np.arange(len(person)) - np.repeat(first, counts.ravel())


def _account_texts(
    people: People,
    selves: Selves,
    who: int,
    system: int,
    registered: int,
    serial: int,
    luck: dict[str, float],
    spelling: int,
    typo: tuple[int, int],
) -> dict[str, str | None]:
    """What one system knows of one person."""
    known = {name: luck[name] >= share[system] for name, share in MISSING.items()}
    given = tuple(selves.given[who][: 1 + int(selves.has_two_characters[who])])
    surname, is_member = int(selves.surname[who]), system == CRM
    name = hanzi(surname, given)
    if serial % INJECTED_EVERY == INJECTED_EVERY // 2:
        name = INJECTIONS[serial // INJECTED_EVERY % len(INJECTIONS)]
    elif not is_member and luck["kind"] < 0.75:
        name = pinyin(surname, given) if luck["kind"] < 0.2 else nickname(surname, given, serial)
    elif luck["typo"] < NAME_TYPO and len(name) > 1:
        name = mistaken(name)
    number = str(people.number[who])
    user = f"{SURNAMES[surname][1]}.{GIVEN[given[0]][1]}{selves.email[who]}"
    if selves.other_email[who] and not is_member:
        email = f"u{number}x@mail.example"
    else:
        email = f"{user}@example.{'com' if selves.email[who] % 3 else 'cn'}"
    region = REGIONS[people.region[who]]
    home = selves.home[who][int(registered >= selves.moves[who])]
    city = CITIES[region][home % len(CITIES[region])]
    return {
        "phone": _phone(selves, who, system, registered, luck, spelling, typo)
        if known["phone"]
        else None,
        "email": (email.title() if serial % 9 == 0 else email) if known["email"] else None,
        "union_id": f"ox{people.number[who]:09d}" if known["union_id"] else None,
        "name": name if known["name"] else None,
        "birthday": _birthday(int(selves.birthday[who]), luck["swap"])
        if known["birthday"]
        else None,
        "gender": "FM"[selves.gender[who]] if is_member else None,
        "city": city if is_member else None,
        "address": f"{city}{STREETS[home % 97 % len(STREETS)]}{home % 300 + 1}号{home % 31 + 1}室"
        if known["address"]
        else None,
    }


def _phone(
    selves: Selves,
    who: int,
    system: int,
    registered: int,
    luck: dict[str, float],
    spelling: int,
    typo: tuple[int, int],
) -> str:
    if system == CRM and luck["kind"] < PLACEHOLDER:
        return PLACEHOLDERS[who % len(PLACEHOLDERS)]
    if system == CRM and luck["kind"] < PLACEHOLDER + CLERK:
        return CLERK_PHONE
    has_changed = registered >= selves.changes_phone[who]
    digits = str((selves.next_phone if has_changed else selves.phone)[who])
    if luck["typo"] > 1 - PHONE_TYPO:
        at, step = typo
        digits = digits[:at] + str((int(digits[at]) + step) % 10) + digits[at + 1 :]
    return spell_phone(digits, spelling)


def _birthday(days: int, luck: float) -> str:
    """As the membership writes dates; some clerks take the day for the month."""
    date = np.datetime64(days, "D").item()
    month, day = (
        (date.day, date.month) if luck < DATE_SWAP and date.day <= 12 else (date.month, date.day)
    )
    return f"{date.year}/{month:02d}/{day:02d}"
