"""The words of headers: what they are likely to mean, read from `vocabulary.yml`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

# How many say it of the same thing; `plain` writes headers in the words on the right.
SYNONYMS = {
    "no": "number", "nr": "number", "num": "number", "nbr": "number", "#": "number",
    "qty": "quantity", "amt": "amount", "cust": "customer", "desc": "description",
    "canceled": "cancelled", "dt": "date", "ref": "reference",
    "prod": "product", "tel": "phone", "telephone": "phone", "msisdn": "phone",
    "ord": "order", "txn": "transaction", "trans": "transaction", "adr": "address",
}  # fmt: skip
# Words that say nothing of what a column is.
EMPTY = {"the", "of", "in", "a", "incl", "excl", "gbp", "usd", "eur", "cny", "rmb", "local"}


@dataclass(frozen=True)
class Meaning:
    """What a column of files of one nature may be, and by which headers it is known."""

    nature: str
    name: str
    holds: str
    names: tuple[str, ...]
    vague: tuple[str, ...]

    def likeness(self, header: str, vaguely: bool) -> float:
        """0 for no likeness of the plain header, 1 for one of the names; more vague means less."""
        if header in self.names:
            return 1 - 0.001 * self.names.index(header)
        if vaguely and header in self.vague:
            return 0.5 - 0.001 * self.vague.index(header)
        words = header.split()
        inside = [name for name in self.names if _is_part(name.split(), words)]
        return max((0.7 - 0.1 * (len(words) - len(name.split())) for name in inside), default=0)


def _is_part(name: list[str], words: list[str]) -> bool:
    """Whether a name of several words stands, in one piece, within the words of a header."""
    places = range(len(words) - len(name) + 1)
    return len(name) > 1 and any(words[at : at + len(name)] == name for at in places)


def plain(header: str) -> str:
    """A header in plain words: 'InvoiceNo' is 'invoice number', 'Customer ID' 'customer id'."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", header)
    words = re.findall(r"#|[a-z]+|[0-9]+|[^\W0-9a-z_]+", parted.casefold())
    return " ".join(SYNONYMS.get(word, word) for word in words if word not in EMPTY)


@cache
def _vocabulary() -> dict[str, Any]:
    return yaml.safe_load(Path(__file__).with_name("vocabulary.yml").read_text(encoding="utf-8"))


@cache
def meanings(nature: str) -> tuple[Meaning, ...]:
    """All that columns of files of this nature may mean."""
    return tuple(
        Meaning(
            nature,
            name,
            said["holds"],
            tuple(plain(str(each)) for each in said["names"]),
            tuple(plain(str(each)) for each in said.get("vague", ())),
        )
        for name, said in _vocabulary()["natures"][nature].items()
    )


def nature_by_name(stem: str) -> str | None:
    """The nature that a file's name speaks of."""
    words = set(plain(stem).split()) | {stem}
    for nature, telling in _vocabulary()["file_words"].items():
        if words & set(telling) or any(not word.isascii() and word in stem for word in telling):
            return nature
    return None


def status_of(value: str) -> str | None:
    """paid, unpaid or cancelled, where the word is known."""
    return _key_of("statuses", value)


def row_type_of(value: str) -> str | None:
    """orders, refunds or ignored, where the word is known."""
    return _key_of("row_types", value)


def _key_of(part: str, value: str) -> str | None:
    word = value.strip().casefold()
    return next((key for key, words in _vocabulary()[part].items() if word in words), None)


@dataclass(frozen=True)
class Country:
    """What is usual in a country."""

    currency: str
    time_zone: str


def country_of(name: str) -> Country | None:
    """What is usual in the country of this name."""
    for each in _vocabulary()["countries"]:
        if name.strip().casefold() in each["names"]:
            return Country(each["currency"], each["time_zone"])
    return None


@dataclass(frozen=True)
class Phones:
    """How the phones of a country are written, as the variables of dbt_project.yml say it."""

    names: str
    currencies: tuple[str, ...]
    code: str
    mobile: str
    landline: str

    @property
    def number(self) -> str:
        """Any of its numbers."""
        return f"{self.mobile}|{self.landline}"

    @property
    def variables(self) -> dict[str, str]:
        """The variables, by name."""
        return {
            "phone_country_code": self.code,
            "phone_mobile": self.mobile,
            "phone_landline": self.landline,
        }


def phones() -> list[Phones]:
    """Countries whose phones are known."""
    return [
        Phones(**{**each, "currencies": tuple(each["currencies"])})
        for each in _vocabulary()["phones"]
    ]


def time_zone_of(currency: str) -> str | None:
    """A clock that is usual where amounts are in this currency."""
    found = (e["time_zone"] for e in _vocabulary()["countries"] if e["currency"] == currency)
    return next(found, None)


def currency_signs() -> dict[str, str]:
    """Signs that stand at amounts, with the currency of each."""
    return _vocabulary()["currency_signs"]
