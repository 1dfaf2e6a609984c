"""How a table writes numbers: what parts decimals, what groups digits, what is below nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from orchestration.new_source.vocabulary import currency_signs

_UNSIGNED = re.compile(r"([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?")
PLAIN = re.compile(f"[-+]?{_UNSIGNED.pattern}")
_DIGITS = re.compile(r"[0-9][0-9.,'’ \u00a0]*")
# Signs of print and of full width, as the macro `parse_amount` reads them.
_KEYBOARD = str.maketrans("−‐‑–－＋（）", "-----+()")


@dataclass(frozen=True)
class Amounts:
    """What the key `amounts` of a feed says; all is usual where nothing is found."""

    decimal_sign: str = "."
    grouping_sign: str | None = None
    negative: tuple[str, ...] = ()
    currency_signs: tuple[str, ...] = ()

    @property
    def is_plain(self) -> bool:
        return self == Amounts()

    @property
    def meta(self) -> dict[str, Any]:
        """The value of `amounts` in the feed's YAML."""
        said: dict[str, Any] = {"decimal_sign": self.decimal_sign}
        if self.grouping_sign:
            said["grouping_sign"] = self.grouping_sign
        if self.negative:
            said["negative"] = list(self.negative)
        if self.currency_signs:
            said["currency_signs"] = list(self.currency_signs)
        return said

    def read(self, text: str | None) -> Decimal | None:
        """The number that a text means; None for one that is none."""
        bare, sign = _without_sign(text or "", self.currency_signs)
        if self.grouping_sign:
            bare = bare.replace(self.grouping_sign, "")
        if self.decimal_sign != ".":
            bare = bare.replace(self.decimal_sign, ".")
        if not _UNSIGNED.fullmatch(bare):
            return None
        try:
            number = Decimal(bare)
        except InvalidOperation:
            return None
        return number if sign in ("", "plus") else -number


def is_number(text: str) -> bool:
    """Whether a text looks like an amount or a count, however it is written."""
    return bool(PLAIN.fullmatch(text) or _DIGITS.fullmatch(_of_any_currency(text)[0]))


def is_odd_number(text: str) -> bool:
    """Whether a text is a number that `parse_decimal` can't read, such as '- 5' and '−5'."""
    return is_number(text) and not PLAIN.fullmatch(text.strip())


def _of_any_currency(text: str) -> tuple[str, str]:
    return _without_sign(text, sorted(currency_signs(), key=len, reverse=True))


def _without_sign(text: str, currencies: Iterable[str]) -> tuple[str, str]:
    """The digits of an amount, and the name of its sign: '', plus, minus, parentheses or
    trailing_minus. Currencies, the longer ones first, stand on either side of the sign: $(5), ($5).
    """
    bare, sign = _without_currency(text.translate(_KEYBOARD), currencies), ""
    if bare.startswith("(") and bare.endswith(")"):
        bare, sign = bare[1:-1], "parentheses"
    elif bare.startswith(("-", "+")):
        bare, sign = bare[1:], "minus" if bare.startswith("-") else "plus"
    elif bare.endswith("-"):
        bare, sign = bare[:-1], "trailing_minus"
    return _without_currency(bare, currencies), sign


def _without_currency(text: str, currencies: Iterable[str]) -> str:
    bare = text.strip()
    for currency in currencies:
        bare = bare.removeprefix(currency).removesuffix(currency).strip()
    return bare


def amounts_of(values: Iterable[str]) -> Amounts:
    """How these values, of all columns of amounts of one table, are written."""
    values = [value for value in values if is_number(value)]
    odd = [value for value in values if not PLAIN.fullmatch(value)]
    decimals, groups = Counter[str](), Counter[str]()
    for value in odd:
        decimal, group = _separators(_of_any_currency(value)[0])
        decimals.update(decimal)
        groups.update(group)
    has_points = any("." in value for value in values if PLAIN.fullmatch(value))
    usual = "." if has_points or not decimals else decimals.most_common(1)[0][0]
    grouping = next((sign for sign, _ in groups.most_common() if sign != usual), None)
    if grouping is None and not decimals and "," in groups:
        grouping = ","
    told = {_of_any_currency(value)[1] for value in odd}
    negative = [name for name in ("parentheses", "trailing_minus") if name in told]
    signs = [sign for sign in currency_signs() if any(sign in value for value in odd)]
    # 'US$' before '$', since what is taken away first must be the longer.
    signs.sort(key=lambda sign: (-len(sign), sign))
    return Amounts(usual, grouping, tuple(negative), tuple(signs))


def _separators(digits: str) -> tuple[str, str]:
    """Which signs of a number part decimals and groups, each '' where it does not say."""
    found = re.findall(r"[.,'’ \u00a0]", digits)
    if not found:
        return "", ""
    last = found[-1]
    behind = len(digits) - digits.rindex(last) - 1
    if len(set(found)) > 1:
        return last, found[0]
    if len(found) > 1 or (behind == 3 and last != "."):
        return "", last
    return (last, "") if last in ".," else ("", last)
