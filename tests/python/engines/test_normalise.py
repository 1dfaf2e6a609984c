"""What the macros of macros/normalise make of good and bad values, the same on every engine.

All values go through one query an engine, since each statement takes Spark seconds.
"""

from __future__ import annotations

import csv
import random
import re
import unicodedata

import phonenumbers
import pytest
from conftest import ROOT
from engines.both import NULL, answers_of, literal


def characters(*ranges: tuple[int, int]) -> str:
    return "".join(chr(code) for first, last in ranges for code in range(first, last + 1))


# Full width, circled, raised and lowered, the radicals of Kangxi, ligatures.
FULL_WIDTH = characters((0xFF01, 0xFF5E), (0xFFE0, 0xFFE1), (0xFFE5, 0xFFE6))
COMPATIBLE = re.sub("[＇＼]", "", FULL_WIDTH) + characters(
    *((0x2460, 0x2468), (0x24B6, 0x24E9)),
    *((0xB2, 0xB3), (0xB9, 0xB9), (0x2070, 0x2070), (0x2074, 0x2079), (0x2080, 0x2089)),
    *((0x2F00, 0x2FD5), (0xFB00, 0xFB06)),
)
UNSEEN = characters(
    *((0x01, 0x08), (0x0E, 0x1F), (0x7F, 0x84), (0x86, 0x9F), (0xAD, 0xAD), (0x61C, 0x61C)),
    *((0x180E, 0x180E), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F)),
    *((0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xE0100, 0xE01EF)),
)
BLANKS = characters(
    *((0x09, 0x0D), (0x20, 0x20), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A)),
    *((0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000)),
)
# The other characters around them, but the two that a literal can't hold plainly.
OTHERS = "".join(
    character
    for character in characters((0x21, 0x24F), (0x2000, 0x33FF), (0xF900, 0xFFFD))
    if character not in COMPATIBLE + UNSEEN + BLANKS + "'\\"
)

ONE_MOBILE = [
    "13722220009",
    "137 2222 0009",
    "137-2222-0009",
    "137.2222.0009",
    "137/2222/0009",
    "137_2222_0009",
    "137 222 20009",
    "(137) 2222 0009",
    "(137)22220009",
    "(137) 2222-0009",
    " 13722220009 ",
    "1 3 7 2 2 2 2 0 0 0 9",
    "１３７２２２２０００９",
    "１３７－２２２２－０００９",
    "＋８６　１３７　２２２２　０００９",
    "①③⑦2222000⑨",
    "137\u00a02222\u00a00009",
    "137\u20092222\u20090009",
    "137\u200b2222\u200b0009",
    "\ufeff13722220009",
    "\u202d13722220009\u202c",
    "13722220009\r\n",
    "\t13722220009",
    "137‐2222‐0009",
    "137–2222–0009",
    "137—2222—0009",
    "137−2222−0009",
    "+8613722220009",
    "+86 137 2222 0009",
    "+86-137-2222-0009",
    "+86137-22220009",
    "(+86) 137 2222 0009",
    "(+86)13722220009",
    "（＋86）13722220009",
    "(86)13722220009",
    "+(86) 137 2222 0009",
    "＋86 (0) 137 2222 0009",
    "86-13722220009",
    "86 137 2222 0009",
    "8613722220009",
    "008613722220009",
    "00 86 137 2222 0009",
    "0086-137-2222-0009",
    "+008613722220009",
    "+86 86 13722220009",
    "013722220009",
    "+86 013722220009",
    "tel:+86-137-2222-0009",
    "Tel: 137 2222 0009",
    "TEL.13722220009",
    "手机：13722220009",
    "电话 137 2222 0009",
    "'13722220009",
    '="13722220009"',
    "13722220009.0",
    "13722220009.00",
    "8613722220009.0",
    "1.3722220009E+10",
    "1.3722220009e10",
    "8.613722220009E+12",
]
NO_PHONE = [
    "",
    " ",
    "0",
    "-",
    "no phone",
    "无",
    "12345",
    "12345678",
    "5555 1234",
    "88881234",
    "8888123",
    "1372222000",
    "137222200091",
    "12722220009",
    "+86 1372222000",
    "+86 12345678",
    "0086 12722220009",
    "137****0009",
    "137xxxx0009",
    "137222200O9",
    "13722220009a",
    "王13722220009",
    "1.37222E+10",
    "1.372222E+10",
    "1.372222001E+10",
    "1.37E+10",
    "1.3722220009E+12",
    "1.37222200091E+10",
    "13722220009E+10",
    "13722220009,13722220008",
    "13722220009 13722220008",
    "13722220009/13722220008",
    "13722220009、13722220008",
    "13722220009;021-55551234",
    "13722220009转8245",
    "13722220009-8245",
    "13722220009,8245",
    "021-5555123x",
    "0571-8888123x",
    "021-11111111",
    "00000000000",
    "+",
    "+1234567",
    "+1234567890123456",
    "ann@example.com",
    "2026-01-05",
    NULL,
]
OTHER_PHONES = {
    **dict.fromkeys(
        [
            "021-5555 1234",
            "02155551234",
            "(021) 5555-1234",
            "（021）55551234",
            "021 - 5555 - 1234",
            "+86 21 5555 1234",
            "+86-021-55551234",
            "+86 (0)21 5555 1234",
            "0086 21 55551234",
            "86-21-55551234",
            "2155551234",
            "2155551234.0",
            "2.155551234E+09",
            "021-5555 1234 转 8",
            "021-55551234转801",
            "021-5555 1234 ext 8",
            "021-5555 1234 ext. 8",
            "021-5555 1234 EXT:8012",
            "021-5555 1234 x8",
            "021-5555 1234 #8",
            "021-5555 1234,8",
            "021-5555 1234 分机 8",
            "tel:+86-21-5555-1234;ext=8",
        ],
        "+862155551234",
    ),
    "010-8888 1234": "+861088881234",
    "0571-8888 1234": "+8657188881234",
    "0856-555 1234": "+868565551234",
    "400-820-1234": "+864008201234",
    "4008201234 转 1": "+864008201234",
    "800 820 1234": "+868008201234",
    "+86 400 820 1234": "+864008201234",
    "11111111111": "+8611111111111",
    "13800138000": "+8613800138000",
    "19999999999": "+8619999999999",
    "+44 20 7946 0958": "+442079460958",
    "+44 (0)20 7946 0958": "+442079460958",
    "0044 20 7946 0958": "+442079460958",
    "(+1) 202-555-0123": "+12025550123",
    "+1 202-555-0123 ext. 8": "+12025550123",
    "+852 2345 6789": "+85223456789",
    "00852-23456789": "+85223456789",
    "+886 912 345 678": "+886912345678",
    "+65 6123 4567": "+6561234567",
}

# macro call with `text` for the value: {value: expected}
TABLES: dict[str, dict[str, str | None]] = {
    "plain_characters('text')": {
        COMPATIBLE: unicodedata.normalize("NFKC", COMPATIBLE),
        "x".join(UNSEEN): "x" * (len(UNSEEN) - 1),
        "x".join(BLANKS): " ".join("x" * (len(BLANKS) - 1)),
        "Ａ" + OTHERS: "A" + OTHERS,
        "Ａｎｎ　Ｗｕ": "Ann Wu",
        " Ann \u00a0\t Wu\n": "Ann Wu",
        "\ufeff\u202d王\u200b伟\u202c": "王伟",
        "⽅⼤⽯": "方大石",
        "ﬁrst oﬃce ①号": "first office 1号",
        "葛\U000e0100飾": "葛飾",
        "＠ｘ．ｃｏｍ": "@x.com",
        "O'Neill": "O'Neill",
        "王伟": "王伟",
        "café": "café",
        "\u200b": None,
        "　": None,
        "": None,
        NULL: None,
    },
    "normalise_name('text')": {
        "Ann Wu": "ann wu",
        "WÚ, Ann-Marie": "wu ann marie",
        " ｗｕ　ａｎｎ ": "wu ann",
        "Wu_Ann": "wu ann",
        "O'Neill": "o neill",
        "O’Neill": "o neill",
        "J. R. Smith": "j r smith",
        '"Ann" (VIP)': "ann vip",
        "Lǚ Wěi": "lu wei",
        "Müller": "muller",
        "Mu\u0308ller": "muller",
        "Straße": "strasse",
        "Søren Ægir Œuvre Þór": "soren aegir oeuvre thor",
        "Łukasz Żółć": "lukasz zolc",
        "王伟": "王伟",
        "王　伟": "王 伟",
        "阿凡提·买买提": "阿凡提 买买提",
        "Иван": "Иван",
        "- . -": None,
        "": None,
        NULL: None,
    },
    "email_address('text')": {
        " Ann.Wu@Example.com": "ann.wu@example.com",
        "ANN＠EXAMPLE．COM": "ann@example.com",
        "mailto:ann@example.com": "ann@example.com",
        "ann\u200b@example.com": "ann@example.com",
        "ann+shop@mail.example.co.uk": "ann+shop@mail.example.co.uk",
        "王伟@例子.中国": "王伟@例子.中国",
        "12345@qq.com": "12345@qq.com",
        "o'neill@example.com": "o'neill@example.com",
        "unknown": None,
        "@": None,
        "@example.com": None,
        "ann@": None,
        "ann@example": None,
        "ann@.com": None,
        "ann@example.": None,
        "ann@example..com": None,
        "ann@@example.com": None,
        "ann@b@example.com": None,
        "ann wu@example.com": None,
        "ann@exam ple.com": None,
        "ann@example.com, bob@example.com": None,
        "ann@example.com;": None,
        "Ann <ann@example.com>": None,
        "": None,
        NULL: None,
    },
    "normalise_phone('text')": {
        **dict.fromkeys(ONE_MOBILE, "+8613722220009"),
        **dict.fromkeys(NO_PHONE),
        **OTHER_PHONES,
    },
    "canonical_email('text', 'rules')": {
        "ann.wu@gmail.com": "annwu@gmail.com",
        "a.n.n.wu+shop@googlemail.com": "annwu@gmail.com",
        "ann.wu+shop+2@outlook.com": "ann.wu@outlook.com",
        "ann@me.com": "ann@icloud.com",
        "annwu-shop@yahoo.com": "annwu@yahoo.com",
        "ann+wu@yahoo.com": "ann+wu@yahoo.com",
        "ann.wu+shop@qq.com": "ann.wu+shop@qq.com",
        "+shop@gmail.com": "+shop@gmail.com",
        NULL: None,
    },
    "has_lookalikes('text')": {
        "Ann": "false",
        "Аnn": "true",  # a Cyrillic А
        "Wu Ιvan": "true",  # a Greek Ι
        "Müllеr": "true",  # a Cyrillic е
        "Anna Иван": "false",
        "Иван": "false",
        "王Иван": "false",
        "Ann\u200b Wu": "true",
        "\u202eAnn": "true",
        "王\u2060伟": "true",
        "Ann\u00a0Wu": "false",
        "❤\ufe0f": "false",
        "": "false",
        NULL: None,
    },
    "normalise_address('text')": {
        "上海市 浦东新区 世纪大道 100 号": "上海市浦东新区世纪大道100号",
        "上海市，浦东新区，世纪大道１００号": "上海市浦东新区世纪大道100号",
        "上海市、浦东新区（世纪大道100号）": "上海市浦东新区世纪大道100号",
        "世纪大道100号3－201室": "世纪大道100号3-201室",
        "世纪大道100号 3 — 201 室": "世纪大道100号3-201室",
        "世纪大道100号3#201室": "世纪大道100号3-201室",
        "世纪大道100号32-01室": "世纪大道100号32-01室",
        "世纪大道一百号A座": "世纪大道一百号a座",
        "12 High St., Apt. 3-B": "12 high st apt 3 b",
        "12, HIGH ST / APT #3 B": "12 high st apt 3 b",
        " 12\u00a0High  St ": "12 high st",
        "O'Connell St": "o connell st",
        "，。 -": None,
        "": None,
        NULL: None,
    },
    "plausible_birth_date('cast(text as date)', \"date '2020-06-01'\")": {
        "1985-03-09": "1985-03-09",
        "1900-01-02": "1900-01-02",
        "1970-01-02": "1970-01-02",
        "2020-06-01": "2020-06-01",
        "2020-06-02": None,
        "1900-01-01": None,
        "1970-01-01": None,
        "1800-01-01": None,
        "0001-01-01": None,
        NULL: None,
    },
    "plausible_birth_date('cast(text as date)', 'cast(null as date)')": {
        "1985-03-09": "1985-03-09",
        "1970-01-01": None,
    },
    # How two texts are alike (macros/identity/linkage_rules.sql), of which distances are in bytes.
    "one_slip('text', \"'robert'\")": {
        "robert": "true",
        "rubert": "true",
        "roberts": "true",
        "obert": "true",
        "robret": "true",
        "trober": "true",
        "tebror": "false",
        "ribart": "false",
        NULL: None,
    },
    "one_slip_in_word('text', \"'jane'\", 5)": {"jane": "false", "janet": "false"},
    "same_letters('text', \"'shifan'\")": {"fanshi": "true", "shifen": "false", "shifann": "false"},
    "begins_or_ends('text', \"'wei'\")": {"jianwei": "true", "weihua": "true", "aweia": "false"},
    "mostly_equal('text', \"'miller'\")": {"mueler": "true", "muellr": "false", "mille": "false"},
    "same_words('text', \"'12 wallaby place delmar'\")": {
        "delmar 12 wallaby place": "true",
        "delmar 12 wallaby": "false",
    },
    "line_of(bytes_of('text'), bytes_of(\"'北京文化路37号'\"))": {
        "北京文化路37号12室": "true",
        "中国北京文化路37号": "true",
        "北京文化路37": "false",
    },
    "line_of(bytes_of('text'), \"'12 wallaby place 1'\")": {
        "12 wallaby place 1 delmar": "true",
        "12 wallaby place 11": "false",
    },
    "line_of('text', \"'12 wal'\")": {"12 wallaby place": "false"},
    "first_words('text')": {"12 high st": "12 high", "北京文化路37号": None},
    "latin(bytes_of('text'), \"'perth'\")": {"sydney": "true", "北京": "false"},
    "plain_pinyin('text')": {
        "lv wei": "lu wei",
        "wei lv": "wei lu",
        "lyu nyu": "lu nu",
        "lvxin": "luxin",
        "calvin lu": "calvin lu",
        NULL: None,
    },
}


def random_phones(count: int) -> dict[str, str]:
    """Numbers that the library phonenumbers takes for valid, as people spell them: in E.164."""
    chance = random.Random(1)
    found: dict[str, str] = {}
    while len(found) < count:
        spelling = _spelt(chance, *chance.choice([_mobile, _landline])(chance))
        number = phonenumbers.parse(spelling, "CN")
        if phonenumbers.is_valid_number(number):
            found[spelling] = phonenumbers.format_number(
                number, phonenumbers.PhoneNumberFormat.E164
            )
    return found


def _digits(chance: random.Random, count: int) -> str:
    return "".join(chance.choices("0123456789", k=count))


def _mobile(chance: random.Random) -> tuple[str, str, str]:
    return "", "1" + chance.choice("3456789") + _digits(chance, 1), _digits(chance, 8)


def _landline(chance: random.Random) -> tuple[str, str, str]:
    """A line begins with 2 to 8; the library also takes 0, 1 and 9, which no household has."""
    area = chance.choice(["10", "21", "25", "28", chance.choice("3456789") + _digits(chance, 2)])
    length = 8 if len(area) == 2 else chance.choice([7, 8])
    return "0", area, chance.choice("2345678") + _digits(chance, length - 1)


def _spelt(chance: random.Random, trunk: str, begin: str, rest: str) -> str:
    blank = chance.choice(["", " ", "-", ".", "\u00a0"])
    begin = chance.choice(
        [trunk + begin, f"({trunk}{begin})", f"+86{blank}{begin}", f"0086{blank}{begin}"]
    )
    text = blank.join([begin, rest[:4], rest[4:]])
    if trunk:
        text += chance.choice(["", "", " ext. 8", " x12", "#801"])
    if chance.random() < 0.2:
        text = text.translate({ord(digit): 0xFEE0 + ord(digit) for digit in "0123456789+"})
    return text


RANDOM_PHONES = random_phones(2000)
GIVEN = {**TABLES, "normalise_phone('text')": TABLES["normalise_phone('text')"] | RANDOM_PHONES}
CASES = [(call, value) for call, table in TABLES.items() for value in table]


def selected(call: str, values: list[str]) -> str:
    """The query of one macro: the call, the number of the value, and the answer."""
    rows = ", ".join(f"({number}, {literal(value)})" for number, value in enumerate(values))
    return (
        f"select {literal(call)} as call, number, cast({{{{ {call} }}}} as string) as answer"
        f" from (values {rows}) as given (number, text)"
        f" left join (values {_domain_rules()}) as rules"
        " (domain, canonical_domain, ignores_dots, tag_separator)"
        " on split_part(text, '@', 2) = domain"
    )


def _domain_rules() -> str:
    with (ROOT / "seeds" / "email_domain_rules.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    return ", ".join(
        "('{domain}', '{canonical_domain}', {ignores_dots}, '{tag_separator}')".format(**row)
        for row in rows
    )


@pytest.fixture(scope="module")
def answers(engine: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    """What each macro makes of each value, by call and value."""
    query = " union all ".join(selected(call, [*table]) for call, table in GIVEN.items())
    rows = answers_of(engine, query, tmp_path_factory.mktemp("normalise"))
    found: dict[str, dict] = {call: {} for call in GIVEN}
    for row in rows:
        found[row["call"]][[*GIVEN[row["call"]]][row["number"]]] = row["answer"]
    return found


@pytest.mark.parametrize("call, value", CASES, ids=[f"{c} {v[:40]!a}" for c, v in CASES])
def test_macro(answers: dict[str, dict], call: str, value: str) -> None:
    assert answers[call][value] == TABLES[call][value]


def test_phones_are_read_as_the_library_phonenumbers_reads_them(answers: dict[str, dict]) -> None:
    found = answers["normalise_phone('text')"]
    assert {value: found[value] for value in RANDOM_PHONES} == RANDOM_PHONES


def test_every_macro_that_normalises_is_tried() -> None:
    defined = {
        name
        for path in (ROOT / "macros" / "normalise").glob("*.sql")
        for name in re.findall(r"{% macro (\w+)", path.read_text())
    }
    assert defined - {call.partition("(")[0] for call in TABLES} == {"hanzi"}  # a helper of two
