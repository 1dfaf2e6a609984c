"""The words of headers: what they are likely to mean, read from `vocabulary.yml` and
`languages.yml`."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from orchestration.yaml_file import read_yaml

# How many say it of the same thing; `plain` writes headers in the words on the right.
SYNONYMS = {
    "no": "number", "nr": "number", "num": "number", "nbr": "number", "#": "number",
    "qty": "quantity", "amt": "amount", "cust": "customer", "desc": "description",
    "canceled": "cancelled", "dt": "date", "ref": "reference",
    "prod": "product", "tel": "phone", "telephone": "phone", "msisdn": "phone",
    "ord": "order", "txn": "transaction", "trans": "transaction", "adr": "address",
}  # fmt: skip
# Words that say nothing of what a column is.
EMPTY = {
    "the", "of", "in", "a", "incl", "excl", "gbp", "usd", "eur", "cny", "rmb", "chf", "jpy",
    "local",
    "de", "du", "des", "la", "le", "les", "l", "d", "del", "el", "los", "las", "por", "pour", "par",
    "di", "della", "do", "da", "dos", "das", "per", "van", "der", "die", "het",
}  # fmt: skip


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
        if self.holds == "clock":
            return 0  # the words of a time stand in the names of many that take one
        words = header.split()
        inside = [name for name in self.names if _is_part(name.split(), words)]
        return max((0.7 - 0.1 * (len(words) - len(name.split())) for name in inside), default=0)


def _is_part(name: list[str], words: list[str]) -> bool:
    """Whether a name of several words stands, in one piece, within the words of a header."""
    places = range(len(words) - len(name) + 1)
    return len(name) > 1 and any(words[at : at + len(name)] == name for at in places)


def plain(header: str) -> str:
    """A header in plain words: 'InvoiceNo' is 'invoice number', 'N° de client' 'number client'."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", _folded(header))
    words = re.findall(r"#|[a-z]+|[0-9]+|[^\W0-9a-z_]+", parted.casefold())
    return " ".join(SYNONYMS.get(word, word) for word in words if word not in EMPTY)


def _folded(text: str) -> str:
    """A text without accents, which many systems leave out."""
    letters = unicodedata.normalize("NFKD", text.replace("°", "o"))
    return "".join(each for each in letters if not unicodedata.combining(each))


def _read(name: str) -> dict[str, Any]:
    return read_yaml(Path(__file__).with_name(name))


@cache
def _vocabulary() -> dict[str, Any]:
    return _read("vocabulary.yml")


@cache
def _languages() -> dict[str, dict[str, Any]]:
    return _read("languages.yml")


@cache
def meanings(nature: str) -> tuple[Meaning, ...]:
    """All that columns of files of this nature may mean."""
    return tuple(
        Meaning(
            nature,
            name,
            said["holds"],
            tuple(_plainly([*said["names"], *_elsewhere("names", name)])),
            tuple(_plainly([*said.get("vague", ()), *_elsewhere("vague", name)])),
        )
        for name, said in _vocabulary()["natures"][nature].items()
    )


def _plainly(names: Iterable[object]) -> dict[str, None]:
    """Plain names, each once."""
    return dict.fromkeys(plain(str(each)) for each in names)


def _elsewhere(part: str, key: str) -> Iterator[str]:
    """The words that other languages have for a key of one of their parts."""
    for language in _languages().values():
        yield from language[part].get(key, ())


def nature_by_name(stem: str) -> str | None:
    """The nature that a file's name speaks of."""
    words = set(plain(stem).split()) | {stem}
    for nature, own in _vocabulary()["file_words"].items():
        telling = [*own, *_elsewhere("file_words", nature)]
        if words & set(_plainly(telling)) or any(not e.isascii() and e in stem for e in telling):
            return nature
    return None


def status_of(value: str) -> str | None:
    """paid, unpaid, cancelled or refunded, where the word is known."""
    return _key_of("statuses", value)


def row_type_of(value: str) -> str | None:
    """orders, refunds or ignored, where the word is known."""
    return _key_of("row_types", value)


def _key_of(part: str, value: str) -> str | None:
    return _keys(part).get(_word(value))


@cache
def _keys(part: str) -> dict[str, str]:
    """What each word means, in English and Chinese before the others."""
    spoken = [_vocabulary()[part], *(language[part] for language in _languages().values())]
    return {
        _word(each): key
        for words in reversed(spoken)
        for key, named in words.items()
        for each in named
    }


def _word(value: str) -> str:
    return _folded(value.strip().casefold())


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


def country_of_headers(headers: Iterable[str]) -> Country | None:
    """What is usual where people write as these headers do; None of English and Chinese, and where
    no two headers tell."""
    speaking = _speaking()
    known = Counter(each for header in headers for each in speaking.get(plain(header), ()))
    [(usual, times)] = known.most_common(1) or [(None, 0)]
    return usual if times > 1 else None


@cache
def _speaking() -> dict[str, list[Country]]:
    """Where people write each plain header that neither English nor Chinese has."""
    natures = _vocabulary()["natures"].values()
    own = _plainly(n for nature in natures for said in nature.values() for n in _all_names(said))
    found: dict[str, list[Country]] = {}
    for language in _languages().values():
        names = chain.from_iterable([*language["names"].values(), *language["vague"].values()])
        usual = Country(language["currency"], language["time_zone"])
        for name in _plainly(names).keys() - own.keys():
            found.setdefault(name, []).append(usual)
    return found


def _all_names(said: Mapping[str, Any]) -> Iterator[str]:
    yield from (*said["names"], *said.get("vague", ()))


@dataclass(frozen=True)
class Phones:
    """How the phones of a country are written, as the variables of dbt_project.yml say it."""

    names: str
    currencies: tuple[str, ...]
    code: str
    mobile: str
    landline: str
    time_zone: str

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
