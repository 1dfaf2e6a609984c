"""The files that destinations take: which columns, in which form, hashed where they ask for it.

Columns are SQL over the table `addressed`. Forms and headings are those of the destinations' own
help pages, as read in November 2026.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from orchestration.yaml_file import read_yaml

BOM = "\ufeff".encode()
ADS = "ads"  # the channel of platforms to which people are shown
HOLDOUT_SHARE = 0.1  # of an audience that names none, as the macro audience_terms has it

# Excel and LibreOffice take a text that begins so for a formula, full-width signs included. Control
# characters become blanks first, or one of them would hide the sign from whoever looks for it.
INERT = r"""
create temp macro inert(words) as
    case
        when regexp_matches(regexp_replace(words, '[\x00-\x1f]', ' ', 'g'), '^\s*[-=+@＝＋－＠]')
            then ''''
        else ''
    end
    || regexp_replace(words, '[\x00-\x1f]', ' ', 'g')
"""

# Google asks for the mailbox of Gmail without dots, and all for small letters.
GMAIL = """
case
    when split_part(email, '@', 2) in ('gmail.com', 'googlemail.com')
        then replace(split_part(email, '@', 1), '.', '') || '@' || split_part(email, '@', 2)
    else email
end
"""


@dataclass(frozen=True)
class Format:
    """One kind of file. Whoever has the same `keys` as in the last export has not changed.

    A file `for_people` is opened in spreadsheets: it has a byte order mark, texts that can't be
    formulas, and a workbook beside it. The others have hashes alone, and whoever has none of them
    is not in the file. Texts are empty where there is nothing: what is compared is never null. One
    that `is_over` is not asked for any more, and holds nobody.
    """

    name: str
    columns: Mapping[str, str]
    keys: tuple[str, ...]
    for_people: bool = False
    is_over: bool = False

    @property
    def query(self) -> str:
        columns = ", ".join(
            f"coalesce(cast({sql} as varchar), '') as \"{heading}\""
            for heading, sql in self.columns.items()
        )
        found = " or ".join(f"\"{key}\" <> ''" for key in self.keys)
        found = "false" if self.is_over else f"({found})"
        return f"from (select distinct {columns} from addressed) where {found} order by all"

    @property
    def over(self) -> Format:
        """The file from which everybody is to be taken away."""
        return replace(self, is_over=True)


def _hashed(name: str, email: tuple[str, str], phone: tuple[str, str]) -> Format:
    """A format of two hashes, each by its heading and the form that is hashed."""
    columns = {heading: f"sha256({form})" for heading, form in (email, phone)}
    return Format(name, columns, tuple(columns))


TEXTS = (
    *("customer_id", "account_id", "full_name", "phone", "email", "channel"),
    *("offer_en", "offer_zh", "restriction_en", "restriction_zh", "product_id", "product_name"),
    "coupon_code",
)
CRM = Format(
    "crm",
    {
        **{name: f"inert({name})" for name in TEXTS},
        # Digits alone: a plus would make a formula of it.
        "phone": "regexp_replace(phone, '[^0-9]', '', 'g')",
        "best_hour": "best_hour",
        "best_weekday": "best_weekday",
    },
    ("customer_id", "phone", "email"),
    for_people=True,
)
FORMATS = {
    each.name: each
    for each in (
        CRM,
        _hashed("google", ("Email", GMAIL), ("Phone", "phone")),
        _hashed("meta", ("email", "email"), ("phone", "regexp_replace(phone, '[^0-9]', '', 'g')")),
        _hashed(
            "tiktok",
            ("Email_SHA256", "regexp_replace(email, '[+][^@]*@', '@')"),
            ("Phone_SHA256", "phone"),
        ),
    )
}


def formats_of(rules: Path) -> list[Format]:
    """The formats that the YAML of an audience asks for, crm where it names none; none where
    the audience is no more.

    Raises `ValueError`, which says what to correct, for one that there is not, and for one of a
    platform where people agreed to another channel.
    """
    if not rules.exists():
        return []
    terms = _terms(rules)
    names = terms.get("formats") or [CRM.name]
    if unknown := sorted(set(names) - set(FORMATS)):
        raise ValueError(
            f"{rules.name} asks for the format {', '.join(unknown)}: "
            f"choose of {', '.join(FORMATS)}."
        )
    if terms.get("channel") != ADS and set(names) != {CRM.name}:
        raise ValueError(
            f"{rules.name} hands people of the channel {terms.get('channel')} to a platform, to "
            f"which they did not agree: write `channel: {ADS}`, or `formats: [{CRM.name}]`."
        )
    return [FORMATS[name] for name in names]


def holdout_share(rules: Path) -> float:
    """The share that the YAML of an audience leaves alone."""
    return float(_terms(rules).get("holdout_share", HOLDOUT_SHARE)) if rules.exists() else 0


def _terms(rules: Path) -> Mapping[str, Any]:
    [model] = read_yaml(rules)["models"]
    return model.get("config", {}).get("meta", {}).get("audience", {})
