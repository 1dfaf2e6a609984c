"""Lines that are no record are a person's by what nobody else has, and by nothing shorter."""

from __future__ import annotations

import pytest

from orchestration.erasure.landed import line_teller
from orchestration.erasure.rows import Changes
from orchestration.landing import HashKey

KEY = HashKey(b"a-secret-that-nobody-would-guess")
KNOWN = {
    "account": {"crm:M1", "shop:12", "shop:100012"},
    "contact": {"ann@example.com", "+8613900004711", "0086 139 0000 4711"},
    "device": {KEY.hashed("device-of-ann")},
    "card_token": {"card-1"},
}


def is_theirs(line: str, delimiter: str = ",") -> bool:
    def known(kind, values):
        return KNOWN[kind].intersection(values)

    return line_teller(known, ["crm", "shop"], [KEY])(line, delimiter)


@pytest.mark.parametrize(
    "line",
    [
        "M1,broken",
        '"M1";"broken',
        "100012",
        '{"order": "W1", "buyer": "M1", "conta',
        "W1|ann@example.com|broken",
        "0086 139 0000 4711;in a file of commas",
        "mailto:ann@example.com",
        "+8613900004711 called",
        "card-1,1.00,1.00,1.00",
        "device-of-ann,view",
        "shop:12 was here",
    ],
)
def test_a_line_is_theirs_by_an_account_a_contact_a_device_or_a_card(line):
    assert is_theirs(line)


@pytest.mark.parametrize(
    "line",
    [
        "M10,broken",
        "my M1-2",
        "R1,12,12.00",
        "1000123",
        "joann@example.com",
        "Ann,王芳,ok",
        "139 0000 47110",
        "",
    ],
)
def test_a_line_of_others_stays_whatever_part_of_it_is_the_same(line):
    assert not is_theirs(line)


def test_what_two_readings_of_a_file_tell_goes_and_what_either_needs_stays():
    one = Changes({2}, {3}, ("member", "note"), {7})
    other = Changes({3}, {4}, ("note",), {8})
    assert one.and_also(other) == Changes({2, 3}, {4}, ("note",), {7, 8})
    assert one.and_also(Changes()) == one
    assert not Changes().and_also(Changes())
