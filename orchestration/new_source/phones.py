"""Which country's phones a source has, where they are not those that the project reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from orchestration.new_source.questions import Answers
from orchestration.new_source.tables import Table
from orchestration.new_source.vocabulary import Phones, phones

MEANINGS = ("phone", "contact_phone")
MOSTLY = 0.8


def phones_of(tables: Iterable[Table]) -> list[str]:
    """The phones that files have."""
    columns = [table.of(meaning) for table in tables for meaning in MEANINGS]
    return [value for column in columns if column for value in column.present]


def asked_phones(
    values: Sequence[str],
    variables: Mapping[str, str],
    currency: str,
    time_zone: str | None,
    is_alone: bool,
    answers: Answers,
) -> Phones | None:
    """The country whose phones are to be read from now on; None leaves it as it is.

    It is the one of those that pay in the currency that describes most of the phones, unless
    `variables` of the project describe more: 1-720-344-2688 could be of two countries. Of 06
    12345678, which may be French or Dutch, the clock that is usual for the files tells.
    """
    usual = [each for each in phones() if currency in each.currencies]
    shares = {each: _share(values, each.code, each.number) for each in usual}
    likeliest = max(
        usual, key=lambda each: (shares[each], each.time_zone == time_zone), default=None
    )
    if (
        likeliest is None
        or likeliest.code == variables["phone_country_code"]
        or shares[likeliest] < max(MOSTLY, share_read(values, variables))
    ):
        return None
    is_meant = answers.is_yes(
        "read_phones",
        f"Phones look like those of {likeliest.names}, and the project reads others, so that these"
        " would link nobody, or the wrong ones. Read such phones from now on?",
        is_alone,
        " · ".join(values[:3]),
    )
    return likeliest if is_meant else None


def share_read(values: Sequence[str], variables: Mapping[str, str]) -> float:
    """How many of these phones are mobile numbers as the project reads them (0-1), or landlines
    where nothing tells them apart; elsewhere landlines are like the numbers of any country."""
    mobile, landline = variables["phone_mobile"], variables["phone_landline"]
    telling = landline if mobile == "-" else mobile
    return _share(values, variables["phone_country_code"], telling)


def _share(values: Sequence[str], code: str, number: str) -> float:
    """How many phones are such numbers of a country (0-1)."""
    spelt = re.compile(f"(00)?({code})?0?({number})")
    digits = [re.sub("[^0-9]", "", value) for value in values]
    return sum(bool(spelt.fullmatch(each)) for each in digits) / len(digits)
