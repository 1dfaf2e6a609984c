"""How a table writes numbers: what parts decimals, what groups digits, what is below nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from orchestration.new_source.vocabulary import currency_signs

PLAIN = re.compile(r"[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?")
_DIGITS = re.compile(r"[-+]?[0-9][0-9.,'’ \u00a0]*-?")


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
        bare, is_negative = (text or "").strip(), False
        if bare.startswith("(") and bare.endswith(")"):
            bare, is_negative = bare[1:-1].strip(), True
        for sign in self.currency_signs:
            bare = bare.replace(sign, "").strip()
        if bare.endswith("-"):
            bare, is_negative = bare[:-1].strip(), True
        if self.grouping_sign:
            bare = bare.replace(self.grouping_sign, "")
        if self.decimal_sign != ".":
            bare = bare.replace(self.decimal_sign, ".")
        if not PLAIN.fullmatch(bare):
            return None
        try:
            number = Decimal(bare)
        except InvalidOperation:
            return None
        return -number if is_negative else number


def is_number(text: str) -> bool:
    """Whether a text looks like an amount or a count, however it is written."""
    return bool(PLAIN.fullmatch(text) or _DIGITS.fullmatch(_without_signs(text)))


def _without_signs(text: str) -> str:
    bare = text.strip().strip("()").strip()
    for sign in sorted(currency_signs(), key=len, reverse=True):
        bare = bare.removeprefix(sign).removesuffix(sign).strip()
        if bare.startswith("-" + sign):
            bare = "-" + bare[1 + len(sign) :].strip()
    return bare


def amounts_of(values: Iterable[str]) -> Amounts:
    """How these values, of all columns of amounts of one table, are written."""
    values = [value for value in values if is_number(value)]
    odd = [value for value in values if not PLAIN.fullmatch(value)]
    decimals, groups = Counter[str](), Counter[str]()
    for value in odd:
        decimal, group = _separators(_without_signs(value).strip("-+"))
        decimals.update(decimal)
        groups.update(group)
    has_points = any("." in value for value in values if PLAIN.fullmatch(value))
    usual = "." if has_points or not decimals else decimals.most_common(1)[0][0]
    grouping = next((sign for sign, _ in groups.most_common() if sign != usual), None)
    if grouping is None and not decimals and "," in groups:
        grouping = ","
    negative = [
        name
        for name, is_so in (
            ("parentheses", any(v.startswith("(") and v.endswith(")") for v in odd)),
            ("trailing_minus", any(v.endswith("-") for v in odd)),
        )
        if is_so
    ]
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
